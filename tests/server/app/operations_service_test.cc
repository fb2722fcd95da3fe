#include "server/app/operations_service.h"

#include <vector>

#include "gmock/gmock.h"
#include "storage/engine/batch.h"
#include "tests/server/app/served_ledger.h"

namespace steelyard::app {
namespace {

using ::testing::ElementsAre;

class OperationsServiceTest : public ServedLedger {
 protected:
  grpc::Status ListAudit(const v1::ListAuditEntriesRequest& request) {
    audit_.Clear();
    return Call(steward_, [&](grpc::ClientContext* context) {
      return operations_->ListAuditEntries(context, request, &audit_);
    });
  }

  v1::ListAuditEntriesResponse audit_;
};

TEST_F(OperationsServiceTest, PingAnswersAnyoneWithAToken) {
  const std::string analyst = AddToken(model::Role::kAnalyst, "analyst");
  v1::PingResponse reply;
  const auto ping = [&](grpc::ClientContext* context) {
    return operations_->Ping(context, {}, &reply);
  };
  EXPECT_TRUE(Call(analyst, ping).ok());
  EXPECT_EQ(Call("", ping).error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(OperationsServiceTest, StatusShowsWhereTheLedgerAndThePublisherAre) {
  engine::Batch batch;
  ledger::PublicationLog::PutHead({.sequence = 1, .edition = 41, .policy_version = 1}, batch);
  ASSERT_OK(database_->Commit(std::move(batch)));
  v1::ServiceStatus status;
  ASSERT_TRUE(Call(steward_, [&](grpc::ClientContext* context) {
                return operations_->GetStatus(context, {}, &status);
              }).ok());
  EXPECT_EQ(status.version(), "1.2.3");
  EXPECT_EQ(status.start_time().seconds(), 1'500'000'000);
  EXPECT_EQ(status.ledger_sequence(), 2);  // the registers and the steward
  EXPECT_EQ(status.published_sequence(), 1);
  EXPECT_EQ(status.edition(), 41);
  EXPECT_TRUE(status.writable());
  EXPECT_GT(status.free_bytes(), 0);
  EXPECT_GT(status.store_bytes(), 0);
  EXPECT_EQ(status.purchase_lines(), 0);
  EXPECT_GT(status.resident_bytes(), 1 << 20);
  EXPECT_LT(status.resident_bytes(), int64_t{1} << 40);
}

TEST_F(OperationsServiceTest, OnlyStewardsAndAuditorsSeeStatusAndAudit) {
  const std::string analyst = AddToken(model::Role::kAnalyst, "analyst");
  const std::string auditor = AddToken(model::Role::kAuditor, "auditor");
  v1::ServiceStatus status;
  const auto get_status = [&](grpc::ClientContext* context) {
    return operations_->GetStatus(context, {}, &status);
  };
  EXPECT_EQ(Call(analyst, get_status).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_TRUE(Call(auditor, get_status).ok());
}

TEST_F(OperationsServiceTest, TheAuditIsCompleteAndInOrderOverPages) {
  for (int i = 0; i < 4; ++i) AddToken(model::Role::kAnalyst, "analyst");
  std::vector<int64_t> sequences;
  v1::ListAuditEntriesRequest request;
  request.set_page_size(2);
  int pages = 0;
  do {
    ASSERT_TRUE(ListAudit(request).ok());
    for (const v1::AuditEntry& entry : audit_.entries()) {
      sequences.push_back(entry.sequence());
      EXPECT_EQ(entry.principal(), "system");
      EXPECT_GE(entry.time().seconds(), 1'600'000'000);
      EXPECT_EQ(entry.action(), entry.sequence() == 1 ? "PutRegisters" : "CreateToken");
    }
    request.set_page_token(audit_.next_page_token());
    ++pages;
  } while (!request.page_token().empty() && pages < 10);
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(sequences, ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(OperationsServiceTest, TheAuditNamesWhoDidItAndToWhat) {
  v1::Token steward;
  ASSERT_TRUE(Call(steward_, [&](grpc::ClientContext* context) {
                return access_->GetCaller(context, {}, &steward);
              }).ok());
  v1::CreateTokenRequest create;
  create.mutable_token()->set_role(v1::ROLE_ANALYST);
  create.mutable_token()->set_display_name("analyst");
  create.set_request_id(RequestId());
  v1::CreateTokenResponse created;
  ASSERT_TRUE(Call(steward_, [&](grpc::ClientContext* context) {
                return access_->CreateToken(context, create, &created);
              }).ok());
  ASSERT_TRUE(ListAudit({}).ok());
  const v1::AuditEntry& last = audit_.entries(audit_.entries_size() - 1);
  EXPECT_EQ(last.principal(), steward.name());
  EXPECT_EQ(last.resource(), created.token().name());
}

TEST_F(OperationsServiceTest, ABadPageIsRefused) {
  v1::ListAuditEntriesRequest request;
  request.set_page_size(-1);
  request.set_page_token("x");
  const grpc::Status status = ListAudit(request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(FieldsOf(status), ElementsAre("page_size", "page_token"));
}

}  // namespace
}  // namespace steelyard::app
