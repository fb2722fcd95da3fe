#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/ledger/open_ledger.h"

namespace steelyard::ledger {
namespace {

using ::steelyard::testing::StatusIs;

PutToken TokenCommand(const std::string& id, model::Role role, char request) {
  PutToken c;
  c.meta = {kNow, "t1"};
  c.request = std::string(16, request);
  c.body_sha256 = std::string(32, request);
  c.token.id = id;
  c.token.secret_hash = std::string(32, 's');
  c.token.role = role;
  c.token.expire_unix_micros = kNow + 1;
  return c;
}

TEST_F(LedgerTest, RegistersSurviveReopeningWithTheirNumbers) {
  PutRegisters more;
  more.meta = {kNow, "t1"};
  model::Council changed;
  changed.id = "abc";
  changed.display_name = "ABC Council";
  more.councils.push_back(changed);
  model::Supplier supplier;
  supplier.id = "acme";
  more.suppliers.push_back(supplier);
  ASSERT_OK(ledger_->Execute(more));
  Reopen();
  const auto registers = ledger_->state()->registers;
  ASSERT_EQ(registers->councils.size(), 2u);
  EXPECT_EQ(registers->FindCouncil("abc")->no, kCouncil);
  EXPECT_EQ(registers->FindCouncil("abc")->display_name, "ABC Council");
  EXPECT_NE(registers->FindSupplier("acme"), nullptr);
}

TEST_F(LedgerTest, LastStewardCannotBeRevoked) {
  ASSERT_OK(ledger_->Execute(TokenCommand("t1", model::Role::kSteward, 'a')));
  PutToken revoke = TokenCommand("t1", model::Role::kSteward, 'b');
  revoke.token.revoke_unix_micros = kNow;
  EXPECT_THAT(ledger_->Execute(revoke),
              StatusIs(absl::StatusCode::kFailedPrecondition, kLastSteward));
  ASSERT_OK(ledger_->Execute(TokenCommand("t2", model::Role::kSteward, 'c')));
  ASSERT_OK(ledger_->Execute(revoke));
  Reopen();
  EXPECT_EQ(ledger_->state()->tokens->at("t1").revoke_unix_micros, kNow);
}

TEST_F(LedgerTest, PolicyChangesOnlyFromTheVersionInForce) {
  PutPolicy change{{kNow, "t1"}, Id('p'), Body('p'), {}};
  change.policy.min_councils = 6;
  ASSERT_OK(ledger_->Execute(change));
  EXPECT_EQ(ledger_->state()->policy.version, 2);
  change.request = Id('q');
  EXPECT_THAT(ledger_->Execute(change), StatusIs(absl::StatusCode::kAborted, kEtagMismatch));
  Reopen();
  EXPECT_EQ(ledger_->state()->policy.min_councils, 6);
}

}  // namespace
}  // namespace steelyard::ledger
