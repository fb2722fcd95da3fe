#include "storage/codec/circle_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/text.h"
#include "tests/support/status_matchers.h"

namespace steelyard::codec {
namespace {

using ::steelyard::testing::StatusIs;

model::Circle Full() {
  model::Circle circle;
  circle.id = "ppe-hck-1";
  circle.create_unix_micros = 1'000'000;
  circle.update_unix_micros = 2'000'000;
  circle.close_unix_micros = 3'000'000;
  circle.lead.value = 7;
  circle.terms.title = "PPE";
  circle.terms.products = {model::ProductNo{3}, model::ProductNo{300}};
  circle.terms.providers = {model::ProviderNo{9}};
  circle.terms.fields = {model::CircleField::kUnitPrice, model::CircleField::kWeeklyFee};
  circle.terms.from_month.number = 288;
  circle.terms.to_month.number = 299;
  circle.terms.last_day = model::Day{20'000};
  circle.terms.invited = {model::CouncilNo{7}, model::CouncilNo{200}};
  circle.members = {{model::CouncilNo{7}, 1'000'000, 0, std::string(32, 't')},
                    {model::CouncilNo{200}, 1'100'000, 1'200'000, std::string(32, 't')}};
  return circle;
}

// Frozen: a change here is a change of the format on disk.
TEST(CircleCodecTest, GoldenBytes) {
  model::Circle bare;
  bare.id = "c";
  bare.terms.all_products = true;
  EXPECT_EQ(HexOf(EncodeCircleTerms(bare.terms)), "000100000000000000");
  EXPECT_EQ(HexOf(EncodeCircle(bare)), "01630000000000010000000000000000");
  EXPECT_EQ(HexOf(EncodeCircle(Full())),
            "097070652d68636b2d3180897a8092f401809bee0207"
            "03505045000203ac020109020106a002ab0201c0b8020207c801"
            "020780897a00"
            "207474747474747474747474747474747474747474747474747474747474747474"
            "c801c0a3860180be9201"
            "207474747474747474747474747474747474747474747474747474747474747474");
}

TEST(CircleCodecTest, ComesBackAsItWas) {
  ASSERT_OK_AND_ASSIGN(model::Circle back, DecodeCircle(EncodeCircle(Full())));
  EXPECT_EQ(back, Full());
}

TEST(CircleCodecTest, DamageIsFound) {
  const std::string bytes = EncodeCircle(Full());
  EXPECT_THAT(DecodeCircle(bytes + "x"), StatusIs(absl::StatusCode::kDataLoss));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodeCircle(std::string_view(bytes).substr(0, size)),
                StatusIs(absl::StatusCode::kDataLoss))
        << size;
  }
}

TEST(CircleTest, OnlyThoseWhoDidNotWithdrawAreMembers) {
  const model::Circle circle = Full();
  EXPECT_EQ(circle.ActiveMembers(), std::vector<model::CouncilNo>{model::CouncilNo{7}});
  EXPECT_TRUE(circle.IsMember(model::CouncilNo{7}));
  EXPECT_FALSE(circle.IsMember(model::CouncilNo{200}));
}

TEST(CircleTest, TermsThatInviteNobodyAreForAll) {
  model::CircleTerms terms = Full().terms;
  EXPECT_TRUE(terms.MayJoin(model::CouncilNo{200}));
  EXPECT_FALSE(terms.MayJoin(model::CouncilNo{8}));
  terms.invited.clear();
  EXPECT_TRUE(terms.MayJoin(model::CouncilNo{8}));
}

}  // namespace
}  // namespace steelyard::codec
