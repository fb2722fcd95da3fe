#include "storage/codec/line_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/text.h"
#include "tests/support/status_matchers.h"

namespace steelyard::codec {
namespace {

using ::steelyard::testing::StatusIs;

LineRecord Withdrawn() {
  LineRecord p;
  p.line.value = 9;
  p.revision = 2;
  p.sequence = 12345;
  p.first_submission = 1;
  p.submission = 4;
  p.received_day = 18353;
  p.withdrawn = true;
  p.withdraw_reason = "ordered twice";
  p.content = "bytes of its content";
  return p;
}

// Frozen: a change here is a change of the format on disk.
TEST(LineCodecTest, GoldenBytes) {
  EXPECT_EQ(HexOf(EncodeLine(LineRecord())), "00000100000000");
  EXPECT_EQ(HexOf(EncodeLine(Withdrawn())),
            "010902b9600104e29e02"
            "0d6f7264657265642074776963656279746573206f662069747320636f6e74656e74");
}

TEST(LineCodecTest, RecordComesBack) {
  ASSERT_OK_AND_ASSIGN(LineRecord back, DecodeLine(EncodeLine(Withdrawn())));
  EXPECT_EQ(back, Withdrawn());
  EXPECT_THAT(DecodeLine("\x01\x09"), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace steelyard::codec
