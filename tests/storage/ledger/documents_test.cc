#include "storage/ledger/documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/ledger/open_ledger.h"

namespace steelyard::ledger {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::ElementsAre;

constexpr auto kKind = codec::DocumentKind::kNegotiation;

PutDocument Write(const std::string& id, uint32_t before, const std::string& bytes, char request) {
  PutDocument c;
  c.meta = {kNow, "t1"};
  c.request = std::string(16, request);
  c.body_sha256 = std::string(32, request);
  c.kind = kKind;
  c.id = id;
  c.expected_revision = before;
  c.bytes = bytes;
  c.action = "Write";
  c.resource = "things/" + id;
  c.result = bytes;
  return c;
}

TEST_F(LedgerTest, DocumentsKeepEveryVersion) {
  ASSERT_OK(ledger_->Execute(Write("b", 0, "one", 'a')));
  ASSERT_OK(ledger_->Execute(Write("b", 1, "two", 'b')));
  ASSERT_OK(ledger_->Execute(Write("a", 0, "other", 'c')));
  Reopen();
  const DocumentReader reader(ledger_->database());
  EXPECT_THAT(reader.Get(kKind, "b").value(), Document({"b", 2, "two"}));
  EXPECT_EQ(reader.Get(kKind, "c").value(), std::nullopt);
  EXPECT_EQ(reader.Get(kKind, "b", 1).value(), (Document{"b", 1, "one"}));
  EXPECT_EQ(reader.Get(kKind, "b", 3).value(), std::nullopt);
  EXPECT_THAT(reader.Versions(kKind, "b").value(),
              ElementsAre(Document{"b", 2, "two"}, Document{"b", 1, "one"}));
  EXPECT_THAT(reader.List(kKind, "", 10).value(),
              ElementsAre(Document{"a", 1, "other"}, Document{"b", 2, "two"}));
  EXPECT_THAT(reader.List(kKind, "a", 10).value(), ElementsAre(Document{"b", 2, "two"}));
  EXPECT_THAT(reader.List(kKind, "", 1).value(), ElementsAre(Document{"a", 1, "other"}));
  EXPECT_TRUE(reader.List(codec::DocumentKind::kNameDecision, "", 10)->empty());
}

TEST_F(LedgerTest, ADocumentIsChangedFromItsNewestVersionOnly) {
  ASSERT_OK(ledger_->Execute(Write("b", 0, "one", 'a')));
  EXPECT_THAT(ledger_->Execute(Write("b", 0, "again", 'b')),
              StatusIs(absl::StatusCode::kAborted, kEtagMismatch));
  EXPECT_THAT(ledger_->Execute(Write("b", 2, "later", 'c')),
              StatusIs(absl::StatusCode::kAborted, kEtagMismatch));
  ASSERT_OK(ledger_->Execute(Write("b", 1, "two", 'd')));
}

TEST_F(LedgerTest, ARepeatedDocumentWriteGivesTheFirstResult) {
  ASSERT_OK(ledger_->Execute(Write("b", 0, "one", 'a')));
  ASSERT_OK(ledger_->Execute(Write("b", 1, "two", 'b')));
  const auto again = ledger_->Execute(Write("b", 0, "one", 'a'));
  ASSERT_OK(again);
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(again->request.result, "one");
  PutDocument other = Write("b", 2, "three", 'a');
  other.body_sha256 = Body('z');
  EXPECT_THAT(ledger_->Execute(other), StatusIs(absl::StatusCode::kAborted, kRequestIdReused));
}

}  // namespace
}  // namespace steelyard::ledger
