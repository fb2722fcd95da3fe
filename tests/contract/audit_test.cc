// Who looked is on record, and the record cannot be changed unnoticed.

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::SizeIs;

class AuditTest : public ContractTest {
 protected:
  AuditTest() : auditor_(As(v1::ROLE_AUDITOR)) {}

  // Walks the whole chain; what was looked at before is in it.
  v1::VerifyAuditResponse Verify() {
    const auto answer = auditor_.Call(&Audit::VerifyAudit, "");
    EXPECT_THAT(answer, Succeeds());
    return answer.reply;
  }
  v1::ListAuditEntriesResponse List(const std::string& filter) {
    Verify();
    const auto answer = auditor_.Call(&Operations::ListAuditEntries, filter);
    EXPECT_THAT(answer, Succeeds());
    return answer.reply;
  }
  std::string NameOf(const Client& client) {
    return client.Call(&Access::GetCaller, "").reply.name();
  }
  void Send(const Client& council, const std::string& parent, const std::string& reference) {
    v1::CreatePurchaseRequest request;
    request.set_parent(parent);
    request.set_request_id(NewUuid());
    *request.mutable_purchase() = Line(reference);
    ASSERT_THAT(council.Call(&Purchases::CreatePurchase, request), Succeeds());
  }

  Client auditor_;
};

TEST_F(AuditTest, ALookAtOwnRowsIsOnRecordWithWhoAndWhat) {
  Send(hackney_, kHackney, "A1");
  const Client reader = As(v1::ROLE_READER, kHackney);
  ASSERT_THAT(reader.Call(&Purchases::GetPurchase, "name: 'councils/hck/purchases/A1'"),
              Succeeds());
  ASSERT_THAT(reader.Call(&Purchases::ListPurchases, "parent: 'councils/hck'"), Succeeds());
  const auto looks = List(absl::StrCat("principal: '", NameOf(reader), "'"));
  ASSERT_THAT(looks.entries(), SizeIs(2));
  EXPECT_EQ(looks.entries(0).action(), "GetPurchase");
  EXPECT_EQ(looks.entries(0).resource(), "councils/hck/purchases/A1");
  EXPECT_EQ(looks.entries(1).action(), "ListPurchases");
  EXPECT_EQ(looks.entries(1).resource(), "councils/hck");
  EXPECT_EQ(looks.entries(1).chain_sha256().size(), 64u);
}

TEST_F(AuditTest, WhatWasNotShownIsNoLook) {
  const Client reader = As(v1::ROLE_READER, kHackney);
  EXPECT_THAT(reader.Call(&Purchases::GetPurchase, "name: 'councils/hck/purchases/none'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(reader.Call(&Purchases::GetPurchase, "name: 'councils/cmd/purchases/A1'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  ASSERT_THAT(reader.Call(&Registry::ListAreas, ""), Succeeds());
  EXPECT_THAT(List(absl::StrCat("principal: '", NameOf(reader), "'")).entries(), SizeIs(0));
}

TEST_F(AuditTest, TheListIsFilteredByWhoWhatAndToWhat) {
  Send(hackney_, kHackney, "A1");
  Send(camden_, kCamden, "A1");
  ASSERT_THAT(camden_.Call(&Purchases::ListPurchases, "parent: 'councils/cmd'"), Succeeds());
  const auto of_camden = List("resource_prefix: 'councils/cmd'");
  ASSERT_THAT(of_camden.entries(), SizeIs(2));
  EXPECT_EQ(of_camden.entries(0).action(), "CommitPurchases");
  EXPECT_EQ(of_camden.entries(1).action(), "ListPurchases");
  const auto commits = List("action: 'CommitPurchases'");
  ASSERT_THAT(commits.entries(), SizeIs(2));
  EXPECT_EQ(commits.entries(0).resource(), kHackney);
  EXPECT_THAT(List("action: 'Nothing'").entries(), SizeIs(0));
  EXPECT_THAT(auditor_.Call(&Operations::ListAuditEntries, "principal: 'tokens/'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(AuditTest, EveryEntryIsVerifiedAndACheckpointContinues) {
  Send(hackney_, kHackney, "A1");
  const auto first = auditor_.Call(&Audit::GetAuditCheckpoint, "");
  ASSERT_THAT(first, Succeeds());
  ASSERT_THAT(hackney_.Call(&Purchases::ListPurchases, "parent: 'councils/hck'"), Succeeds());
  Send(hackney_, kHackney, "A2");
  server_.Restart();
  auditor_ = Client(server_.channel(), auditor_.secret());
  v1::VerifyAuditRequest request;
  *request.mutable_checkpoint() = first.reply;
  const auto sound = auditor_.Call(&Audit::VerifyAudit, request);
  ASSERT_THAT(sound, Succeeds());
  EXPECT_FALSE(sound.reply.has_fault()) << sound.reply.fault().message();
  EXPECT_GT(sound.reply.entries(), first.reply.sequence());
  EXPECT_EQ(sound.reply.next_page_token(), "");
  const auto later = auditor_.Call(&Audit::GetAuditCheckpoint, "");
  EXPECT_EQ(later.reply.public_key(), first.reply.public_key());
  EXPECT_GT(later.reply.sequence(), first.reply.sequence());
}

TEST_F(AuditTest, ACheckpointThatWasChangedIsRefused) {
  const auto signed_one = auditor_.Call(&Audit::GetAuditCheckpoint, "");
  ASSERT_THAT(signed_one, Succeeds());
  v1::VerifyAuditRequest request;
  for (auto change : {+[](v1::AuditCheckpoint* c) { c->set_sequence(c->sequence() - 1); },
                      +[](v1::AuditCheckpoint* c) { c->set_chain_sha256(std::string(64, '0')); },
                      +[](v1::AuditCheckpoint* c) { c->set_signature("zz"); }}) {
    *request.mutable_checkpoint() = signed_one.reply;
    change(request.mutable_checkpoint());
    EXPECT_THAT(auditor_.Call(&Audit::VerifyAudit, request),
                Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  }
}

TEST_F(AuditTest, OnlyStewardsAndAuditorsSeeIt) {
  for (const Client& other : {hackney_, As(v1::ROLE_READER, kHackney), As(v1::ROLE_ANALYST)}) {
    EXPECT_THAT(other.Call(&Audit::VerifyAudit, ""),
                Fails(StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED"));
    EXPECT_THAT(other.Call(&Audit::GetAuditCheckpoint, ""),
                Fails(StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED"));
  }
  EXPECT_THAT(steward_.Call(&Audit::VerifyAudit, ""), Succeeds());
}

}  // namespace
}  // namespace steelyard::contract
