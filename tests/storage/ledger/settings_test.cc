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

TEST_F(LedgerTest, ProvidersAndEstablishmentsSurviveReopening) {
  PutRegisters put;
  put.meta = {kNow, "t1"};
  put.providers.emplace_back().id = "caretech";
  model::Provider& cambian = put.providers.emplace_back();
  cambian.id = "cambian";
  cambian.owners = {{"caretech", kToday, std::nullopt}};
  for (const char* id : {"sc1", "sc2", "sc3"}) {
    model::Establishment& home = put.establishments.emplace_back();
    home.id = id;
    home.records = {{kToday, model::ProviderNo{2}, 4, model::Registration::kActive}};
  }
  ASSERT_OK(ledger_->Execute(put));
  PutRegisters again;
  again.meta = {kNow, "t1"};
  model::Establishment changed = put.establishments[1];
  changed.display_name = "The Elms";
  again.establishments.push_back(changed);
  ASSERT_OK(ledger_->Execute(again));
  Reopen();
  const auto registers = ledger_->state()->registers;
  EXPECT_EQ(registers->UltimateOwner(registers->FindProvider("cambian")->no, kToday),
            registers->FindProvider("caretech")->no);
  ASSERT_EQ(registers->establishments->size(), 3u);
  EXPECT_EQ(registers->FindEstablishment("sc2")->no, model::EstablishmentNo{2});
  EXPECT_EQ(registers->FindEstablishment("sc2")->display_name, "The Elms");
  EXPECT_EQ(registers->FindEstablishment("sc3")->records.front().places, 4);
}

TEST_F(LedgerTest, ARegisterChangeNamesTheVersionItWasCheckedAgainst) {
  PutRegisters first;
  first.meta = {kNow, "t1"};
  first.request = Id('a');
  first.body_sha256 = Body('a');
  first.result = "first";
  first.expected_version = ledger_->state()->registers->version;
  first.suppliers.emplace_back().id = "acme";
  PutRegisters second = first;
  second.request = Id('b');
  second.suppliers.front().id = "bolt";
  ASSERT_OK(ledger_->Execute(first));
  EXPECT_THAT(ledger_->Execute(second), StatusIs(absl::StatusCode::kAborted, kRegistersChanged));
  EXPECT_EQ(ledger_->state()->registers->FindSupplier("bolt"), nullptr);

  const uint64_t version = ledger_->state()->registers->version;
  Reopen();
  EXPECT_EQ(ledger_->state()->registers->version, version);
  second.expected_version = version;
  ASSERT_OK(ledger_->Execute(second));
  // A repeat is answered although the version moved on.
  ASSERT_OK_AND_ASSIGN(const Outcome again, ledger_->Execute(first));
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.request.result, "first");
}

TEST_F(LedgerTest, ARequestOfNoCouncilCanBeLookedUp) {
  PutRegisters put;
  put.meta = {kNow, "t1"};
  put.request = Id('a');
  put.body_sha256 = Body('a');
  put.result = "done";
  ASSERT_OK_AND_ASSIGN(auto before, ledger_->FindRequest(Id('a'), Body('a')));
  EXPECT_FALSE(before.has_value());
  ASSERT_OK(ledger_->Execute(put));
  ASSERT_OK_AND_ASSIGN(auto after, ledger_->FindRequest(Id('a'), Body('a')));
  ASSERT_TRUE(after.has_value());
  EXPECT_EQ(after->result, "done");
  EXPECT_THAT(ledger_->FindRequest(Id('a'), Body('b')),
              StatusIs(absl::StatusCode::kAborted, kRequestIdReused));
}

TEST_F(LedgerTest, LastStewardCannotBeRevoked) {
  ASSERT_OK(ledger_->Execute(TokenCommand("t1", model::Role::kSteward, 'a')));
  PutToken revoke = TokenCommand("t1", model::Role::kSteward, 'b');
  revoke.token.revoke_unix_micros = kNow;
  EXPECT_THAT(ledger_->Execute(revoke),
              StatusIs(absl::StatusCode::kFailedPrecondition, kLastSteward));
  // Neither a certificate nor a token that is about to end can be relied on.
  constexpr int64_t kDay = int64_t{24} * 3600 * 1'000'000;
  PutToken machine = TokenCommand("t3", model::Role::kSteward, 'd');
  machine.token.secret_hash.clear();
  machine.token.certificate_uri = "steelyard://roles/steward";
  machine.token.expire_unix_micros = kNow + 30 * kDay;
  ASSERT_OK(ledger_->Execute(machine));
  PutToken ending = TokenCommand("t4", model::Role::kSteward, 'e');
  ending.token.expire_unix_micros = kNow + kDay - 1;
  ASSERT_OK(ledger_->Execute(ending));
  EXPECT_THAT(ledger_->Execute(revoke),
              StatusIs(absl::StatusCode::kFailedPrecondition, kLastSteward));
  PutToken lasting = TokenCommand("t2", model::Role::kSteward, 'c');
  lasting.token.expire_unix_micros = kNow + kDay;
  ASSERT_OK(ledger_->Execute(lasting));
  ASSERT_OK(ledger_->Execute(revoke));
  Reopen();
  EXPECT_EQ(ledger_->state()->tokens->at("t1").revoke_unix_micros, kNow);
}

TEST_F(LedgerTest, APolicyWaitsForItsTime) {
  PutPolicy later{{kNow, "t1"}, Id('p'), Body('p'), {}};
  later.policy.min_councils = 6;
  later.policy.effective_unix_micros = kNow + 1'000;
  ASSERT_OK(ledger_->Execute(later));
  EXPECT_EQ(ledger_->state()->policy.version, 1);
  EXPECT_EQ(ledger_->state()->policies.at(2).effective_unix_micros, kNow + 1'000);
  Reopen();
  EXPECT_EQ(ledger_->state()->policy.version, 1);
  // The next version replaces it before it was ever in force.
  PutPolicy instead{{kNow + 1, "t1"}, Id('q'), Body('q'), {}};
  instead.policy.version = 2;
  instead.policy.min_councils = 7;
  instead.policy.effective_unix_micros = kNow + 2'000;
  ASSERT_OK(ledger_->Execute(instead));
  // Time passes by commits: version 2, then version 3.
  PutToken commit = TokenCommand("t2", model::Role::kSteward, 'b');
  commit.meta.unix_micros = kNow + 1'000;
  ASSERT_OK(ledger_->Execute(commit));
  EXPECT_EQ(ledger_->state()->policy.min_councils, 6);
  commit = TokenCommand("t3", model::Role::kSteward, 'c');
  commit.meta.unix_micros = kNow + 2'500;
  ASSERT_OK(ledger_->Execute(commit));
  EXPECT_EQ(ledger_->state()->policy.min_councils, 7);
  Reopen();
  EXPECT_EQ(ledger_->state()->policy.min_councils, 7);
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
