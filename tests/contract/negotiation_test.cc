// Councils that speak with one voice, from the first to the last step, with
// figures of the server's own.

#include <map>

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kNew[] = R"(
    provider: "providers/keys" title: "Fees and safeguarding" services: "childrens-homes"
    from_quarter { year: 2024 quarter: 1 } to_quarter { year: 2024 quarter: 4 } )";

class NegotiationTest : public ContractTest {
 protected:
  NegotiationTest() : analyst_(As(v1::ROLE_ANALYST)) {
    for (const char* id : {"hck", "cmd", "isl", "lbh"}) {
      councils_.emplace(id, As(v1::ROLE_SUBMITTER, absl::StrCat("councils/", id)));
    }
  }

  // Hackney opens talks; the others join.
  void Open(std::initializer_list<const char*> others, const std::string& more = "quorum: 3") {
    const auto made =
        hackney_.Call(&Negotiations::CreateNegotiation,
                      absl::StrCat("parent: 'councils/hck' request_id: '$uuid' negotiation { ",
                                   kNew, more, " }"));
    ASSERT_THAT(made, Succeeds());
    name_ = made.reply.name();
    for (const char* id : others) ASSERT_THAT(Do(&Negotiations::JoinNegotiation, id), Succeeds());
  }

  // A step of one council.
  template <typename Request>
  Answer<v1::Negotiation> Do(grpc::Status (Negotiations::*step)(grpc::ClientContext*,
                                                                const Request&, v1::Negotiation*),
                             const std::string& council, const std::string& more = "") {
    return councils_.at(council).Call(step, absl::StrCat("name: '", name_, "' council: 'councils/",
                                                         council, "' request_id: '$uuid' ", more));
  }
  Answer<v1::Negotiation> Get(const Client& client) {
    return client.Call(&Negotiations::GetNegotiation, absl::StrCat("name: '", name_, "'"));
  }
  Answer<v1::Pack> Pack(const Client& client, int number) {
    return client.Call(&Negotiations::GetPack, absl::StrCat("name: '", name_, "' pack: ", number));
  }
  Answer<v1::ExportPackResponse> Export(const Client& client, int number,
                                        const std::string& format) {
    return client.Call(&Negotiations::ExportPack,
                       absl::StrCat("name: '", name_, "' pack: ", number, " format: ", format));
  }

  Client analyst_;
  std::map<std::string, Client> councils_;
  std::string name_;
};

TEST_F(NegotiationTest, FromTheFirstToTheLastStep) {
  ASSERT_THAT(hackney_.Call(&Spend::ImportPayments,
                            "parent: 'councils/hck' source: 'x' request_id: '$uuid' payments { "
                            "supplier_name: 'Keys Care Limited' amount_micros: 5000000000 date { "
                            "year: 2024 month: 3 day: 1 } }"),
              Succeeds());
  Open({"cmd", "isl"});
  EXPECT_EQ(name_, "negotiations/keys-hck-1");
  ASSERT_THAT(Do(&Negotiations::ProposePosition, "cmd", "text: 'No uplift without an open book'"),
              Succeeds());
  ASSERT_THAT(Do(&Negotiations::EndorsePosition, "hck", "position: 1"), Succeeds());
  const auto endorsed = Do(&Negotiations::EndorsePosition, "isl", "position: 1");
  ASSERT_THAT(endorsed, Succeeds());
  EXPECT_THAT(endorsed.reply.positions(0).endorsed_by(), SizeIs(3));
  EXPECT_EQ(endorsed.reply.link_authority(), kHackney);

  const auto sent = Do(&Negotiations::SendForReply, "hck");
  ASSERT_THAT(sent, Succeeds());
  EXPECT_EQ(sent.reply.state(), v1::Negotiation::WITH_PROVIDER);
  EXPECT_EQ(sent.reply.reply().due_time().seconds() - sent.reply.reply().send_time().seconds(),
            14 * 86'400);
  const auto early = Do(&Negotiations::ReleasePack, "hck");
  EXPECT_THAT(early, Fails(StatusCode::FAILED_PRECONDITION, "REPLY_DUE"));
  EXPECT_THAT(early.status.error_message(), HasSubstr("may reply until"));

  ASSERT_THAT(Do(&Negotiations::RecordReply, "hck", "text: 'We will open our books.'"), Succeeds());
  const auto released = Do(&Negotiations::ReleasePack, "hck");
  ASSERT_THAT(released, Succeeds());
  EXPECT_EQ(released.reply.state(), v1::Negotiation::RELEASED);

  // The pack is the same for members and analysts, and stays as it is.
  const auto pack = Pack(analyst_, 1);
  ASSERT_THAT(pack, Succeeds());
  EXPECT_EQ(pack.reply.negotiation().reply().text(), "We will open our books.");
  EXPECT_EQ(pack.reply.top_spenders().spenders(0).council(), kHackney);
  EXPECT_EQ(pack.reply.members_published_micros(), 5'000'000'000);
  EXPECT_EQ(pack.reply.receipt().content_sha256(), released.reply.packs(0).content_sha256());
  EXPECT_EQ(Pack(hackney_, 1).reply.SerializeAsString(), pack.reply.SerializeAsString());
  for (const auto& [format, media] :
       std::map<std::string, std::string>{{"HTML", "text/html; charset=utf-8"},
                                          {"MARKDOWN", "text/markdown; charset=utf-8"},
                                          {"CSV", "text/csv; charset=utf-8"}}) {
    const auto file = Export(analyst_, 1, format);
    ASSERT_THAT(file, Succeeds()) << format;
    EXPECT_EQ(file.reply.media_type(), media);
    EXPECT_THAT(file.reply.content(), HasSubstr("No uplift without an open book"));
    EXPECT_THAT(file.reply.content(), HasSubstr(pack.reply.receipt().content_sha256()));
  }

  const auto closed = Do(&Negotiations::CloseNegotiation, "hck");
  ASSERT_THAT(closed, Succeeds());
  EXPECT_EQ(closed.reply.state(), v1::Negotiation::CLOSED);
  EXPECT_THAT(Do(&Negotiations::JoinNegotiation, "lbh"),
              Fails(StatusCode::FAILED_PRECONDITION, "NEGOTIATION_CLOSED"));
  EXPECT_THAT(Pack(analyst_, 1), Succeeds());
}

TEST_F(NegotiationTest, APackWithoutAQuorumIsRefusedWithWhatIsMissing) {
  Open({"cmd"});
  const auto sent = Do(&Negotiations::SendForReply, "hck");
  EXPECT_THAT(sent, Fails(StatusCode::FAILED_PRECONDITION, "QUORUM_MISSING"));
  EXPECT_EQ(sent.status.error_message(),
            "A pack needs 3 members and there are 2; 1 more must join.");
  const auto released = Do(&Negotiations::ReleasePack, "hck");
  EXPECT_THAT(released, Fails(StatusCode::FAILED_PRECONDITION, "NOT_SENT"));
  EXPECT_THAT(released.status.error_message(), HasSubstr("1 more must join"));
}

TEST_F(NegotiationTest, AWithdrawnConsentTakesAllOfTheCouncilWithIt) {
  Open({"cmd", "isl"});
  ASSERT_THAT(Do(&Negotiations::ProposePosition, "hck", "text: 'An open book'"), Succeeds());
  ASSERT_THAT(Do(&Negotiations::EndorsePosition, "cmd", "position: 1"), Succeeds());
  const auto left = Do(&Negotiations::WithdrawConsent, "cmd");
  ASSERT_THAT(left, Succeeds());
  const auto after = Get(hackney_).reply;
  EXPECT_THAT(after.positions(0).endorsed_by(), ElementsAre(kHackney));
  EXPECT_EQ(after.member_count(), 2);
  int withdrawn = 0;
  for (const auto& member : after.members()) withdrawn += member.has_withdraw_time() ? 1 : 0;
  EXPECT_EQ(withdrawn, 1);  // the record of its consent stays
  // It sees no more than anybody outside, and the quorum is gone with it.
  EXPECT_THAT(Get(camden_).reply.positions(), IsEmpty());
  EXPECT_THAT(Pack(camden_, 0), Fails(StatusCode::PERMISSION_DENIED, "NOT_A_MEMBER"));
  EXPECT_THAT(Do(&Negotiations::EndorsePosition, "cmd", "position: 1"),
              Fails(StatusCode::PERMISSION_DENIED, "NOT_A_MEMBER"));
  EXPECT_THAT(Do(&Negotiations::SendForReply, "hck"),
              Fails(StatusCode::FAILED_PRECONDITION, "QUORUM_MISSING"));
}

TEST_F(NegotiationTest, OnlyTheLinkAuthorityLeads) {
  Open({"cmd", "isl"});
  const auto refused = Fails(StatusCode::PERMISSION_DENIED, "NOT_LINK_AUTHORITY");
  EXPECT_THAT(Do(&Negotiations::SendForReply, "cmd"), refused);
  EXPECT_THAT(Do(&Negotiations::RecordReply, "cmd", "text: 'x'"), refused);
  EXPECT_THAT(Do(&Negotiations::ReleasePack, "cmd"), refused);
  EXPECT_THAT(Do(&Negotiations::CloseNegotiation, "cmd"), refused);
  // Nobody acts for another council.
  EXPECT_THAT(
      camden_.Call(&Negotiations::SendForReply,
                   absl::StrCat("name: '", name_, "' council: 'councils/hck' request_id: '$uuid'")),
      Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
}

TEST_F(NegotiationTest, WhoIsOutsideSeesThatItIsThereAndNoMore) {
  Open({"cmd"});
  ASSERT_THAT(Do(&Negotiations::ProposePosition, "hck", "text: 'An open book'"), Succeeds());
  for (const Client* client : {&councils_.at("lbh"), &analyst_, &steward_}) {
    const auto list = client->Call(&Negotiations::ListNegotiations, "provider: 'providers/keys'");
    ASSERT_THAT(list, Succeeds());
    ASSERT_THAT(list.reply.negotiations(), SizeIs(1));
    // Analysts and stewards see who asks for what, but not the draft.
    const bool council = client == &councils_.at("lbh");
    EXPECT_THAT(list.reply.negotiations(0).members(), SizeIs(council ? 0 : 2));
    EXPECT_THAT(list.reply.negotiations(0).positions(), SizeIs(council ? 0 : 1));
    EXPECT_EQ(list.reply.negotiations(0).member_count(), 2);
    EXPECT_THAT(Pack(*client, 0), Fails(StatusCode::PERMISSION_DENIED, "NOT_A_MEMBER"));
    EXPECT_THAT(Export(*client, 0, "CSV"), Fails(StatusCode::PERMISSION_DENIED, "NOT_A_MEMBER"));
  }
  EXPECT_THAT(hackney_.Call(&Negotiations::ListNegotiations, "provider: 'providers/priory'")
                  .reply.negotiations(),
              IsEmpty());
}

TEST_F(NegotiationTest, WhatMakesNoSenseIsRefusedWithEveryProblem) {
  const auto bad = hackney_.Call(
      &Negotiations::CreateNegotiation,
      "parent: 'councils/hck' request_id: '$uuid' negotiation { provider: 'providers/keys' title: "
      "'Fees for child A, NHS 943 476 5919' services: 'gardening' quorum: 2 from_quarter { year: "
      "2024 quarter: 4 } to_quarter { year: 2024 quarter: 1 } }");
  EXPECT_THAT(bad, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_GE(ViolationsOf(bad.status).size(), 4u);
  for (const std::string& words : ViolationsOf(bad.status)) {
    EXPECT_THAT(words, Not(HasSubstr("943")));
  }
  Open({});
  EXPECT_THAT(
      hackney_.Call(
          &Negotiations::CreateNegotiation,
          absl::StrCat("parent: 'councils/hck' request_id: '$uuid' negotiation { ", kNew, " }")),
      Fails(StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS"));
  EXPECT_THAT(Do(&Negotiations::ProposePosition, "hck", "text: 'Call 07700 900123 about it'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(Do(&Negotiations::EndorsePosition, "hck", "position: 7"), Not(Succeeds()));
  EXPECT_THAT(Do(&Negotiations::JoinNegotiation, "lbh", "etag: '\"0\"'"),
              Fails(StatusCode::ABORTED, "ETAG_MISMATCH"));
}

}  // namespace
}  // namespace steelyard::contract
