#include "server/lines/line_batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/storage/ledger/open_ledger.h"

namespace steelyard::lines {
namespace {

using ::steelyard::testing::StatusIs;

class PreviewTest : public ledger::LedgerTest {
 protected:
  // Lines `from` to `to` with short references.
  static LineBatch BatchOf(uint64_t from, uint64_t to) {
    LineBatch batch;
    for (uint64_t i = from; i < to; ++i) {
      ledger::LineDraft draft;
      draft.council = ledger::kCouncil;
      draft.reference = absl::StrCat(i);
      batch.drafts.push_back(std::move(draft));
    }
    return batch;
  }
};

TEST_F(PreviewTest, RemembersAsManyLinesAsAWholeUploadMayHave) {
  Preview preview(*ledger_, model::Resource::kPurchases);
  LineBatch most = BatchOf(0, ledger::kMaxWholeLines);
  ASSERT_OK(preview.Add(most));
  LineBatch more = BatchOf(0, 1);
  EXPECT_THAT(preview.Add(more),
              StatusIs(absl::StatusCode::kFailedPrecondition, ledger::kUploadTooLarge));
  EXPECT_EQ(preview.counts().created, static_cast<int64_t>(ledger::kMaxWholeLines));
}

}  // namespace
}  // namespace steelyard::lines
