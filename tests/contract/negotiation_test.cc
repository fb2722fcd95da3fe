// Negotiations as councils meet them: who leads, who joins and leaves, what
// they endorse, and what is refused.

#include "tests/contract/negotiations.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(NegotiationTest, TheCouncilThatOpensItLeadsAndIsItsFirstMember) {
  const v1::CreateNegotiationRequest request = Wanted("services: 'special-schools'");
  const auto made = hackney_.Call(&Negotiations::CreateNegotiation, request);
  ASSERT_THAT(made, Succeeds());
  const v1::Negotiation& n = made.reply;
  EXPECT_EQ(n.name(), "negotiations/keys-hck-1");
  EXPECT_EQ(n.link_authority(), kHackney);
  EXPECT_EQ(n.state(), v1::Negotiation::OPEN);
  EXPECT_EQ(n.quorum(), 3);
  EXPECT_THAT(n.services(), ElementsAre("childrens-homes", "special-schools"));
  ASSERT_THAT(n.members(), SizeIs(1));
  EXPECT_EQ(n.members(0).council(), kHackney);
  EXPECT_GT(n.members(0).consent_time().seconds(), 0);
  EXPECT_FALSE(n.members(0).has_withdraw_time());
  EXPECT_FALSE(n.etag().empty());
  name_ = n.name();
  EXPECT_EQ(Get(hackney_).reply.SerializeAsString(), n.SerializeAsString());

  v1::CreateNegotiationRequest second = request;
  second.set_request_id(NewUuid());
  const auto twice = hackney_.Call(&Negotiations::CreateNegotiation, second);
  EXPECT_THAT(twice, Fails(StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS"));
  EXPECT_EQ(Words(twice.status), "There already is a negotiation `negotiations/keys-hck-1`.");

  // Another council may lead talks of its own with the same owner; without a
  // quorum of its own it has the usual one.
  v1::CreateNegotiationRequest camdens = Wanted();
  camdens.set_parent(kCamden);
  camdens.mutable_negotiation()->clear_quorum();
  const auto other = camden_.Call(&Negotiations::CreateNegotiation, camdens);
  ASSERT_THAT(other, Succeeds());
  EXPECT_EQ(other.reply.name(), "negotiations/keys-cmd-1");
  EXPECT_EQ(other.reply.quorum(), 5);
}

TEST_F(NegotiationTest, ARequestThatMakesNoSenseIsRefusedWithEveryProblem) {
  const auto wrong = hackney_.Call(
      &Negotiations::CreateNegotiation,
      Wanted(
          "title: 'a\\nb' quorum: 2 services: 'zoo' from_quarter { quarter: 5 } provider: 'keys'"));
  EXPECT_THAT(wrong, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(wrong.status),
              ElementsAre("negotiation.title: holds control, invisible or broken characters; type "
                          "it anew",
                          "negotiation.services[1]: 'zoo' is no kind of service; ListCodes has "
                          "them all",
                          "negotiation.from_quarter: give a quarter, 2000 to 2100",
                          "negotiation.quorum: Must be 3 to 100, or left out for 5.",
                          "negotiation.provider: Must be a name such as `providers/keys`."));
  const auto backwards =
      hackney_.Call(&Negotiations::CreateNegotiation, Wanted("to_quarter { year: 2023 }"));
  EXPECT_THAT(ViolationsOf(backwards.status),
              ElementsAre("negotiation.to_quarter: lies before the first quarter"));
  const auto person =
      hackney_.Call(&Negotiations::CreateNegotiation, Wanted("title: 'About jane@keys.example'"));
  EXPECT_THAT(ViolationsOf(person.status),
              ElementsAre(HasSubstr("negotiation.title: it looks like")));
  EXPECT_THAT(
      hackney_.Call(&Negotiations::CreateNegotiation, Wanted("provider: 'providers/nobody'")),
      Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(hackney_.Call(&Negotiations::GetNegotiation, "name: 'negotiations/none'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(hackney_.Call(&Negotiations::GetNegotiation, "name: 'keys-hck-1'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(NegotiationTest, ConsentIsRecordedAndCanBeWithdrawnAndGivenAnew) {
  Open();
  const auto joined = Join("cmd");
  ASSERT_THAT(joined, Succeeds());
  ASSERT_THAT(joined.reply.members(), SizeIs(2));
  EXPECT_EQ(joined.reply.members(1).council(), kCamden);
  EXPECT_GT(joined.reply.members(1).consent_time().seconds(), 0);
  EXPECT_EQ(joined.reply.member_count(), 2);
  EXPECT_EQ(Join("cmd").reply.etag(), joined.reply.etag()) << "joining twice changes nothing";

  ASSERT_THAT(Propose("cmd", "No rise without better outcomes"), Succeeds());
  ASSERT_THAT(Endorse("hck", 1), Succeeds());
  ASSERT_THAT(Withdraw("cmd"), Succeeds());
  const v1::Negotiation left = Get(hackney_).reply;
  EXPECT_EQ(left.member_count(), 1);
  ASSERT_THAT(left.members(), SizeIs(2)) << "former members stay on the record";
  EXPECT_GE(left.members(1).withdraw_time().seconds(), left.members(1).consent_time().seconds());
  ASSERT_THAT(left.positions(), SizeIs(1));
  EXPECT_EQ(left.positions(0).proposed_by(), kCamden);
  EXPECT_THAT(left.positions(0).endorsed_by(), ElementsAre(kHackney));
  ASSERT_THAT(Withdraw("cmd"), Succeeds());
  EXPECT_EQ(Get(hackney_).reply.etag(), left.etag()) << "withdrawing twice changes nothing";

  ASSERT_THAT(Join("cmd"), Succeeds());
  const v1::Negotiation again = Get(hackney_).reply;
  ASSERT_THAT(again.members(), SizeIs(3)) << "a new consent is a new entry";
  EXPECT_TRUE(again.members(1).has_withdraw_time());
  EXPECT_FALSE(again.members(2).has_withdraw_time());
  EXPECT_THAT(again.positions(0).endorsed_by(), ElementsAre(kHackney))
      << "endorsements do not come back by themselves";
}

TEST_F(NegotiationTest, WhoIsNotAMemberCannotLeave) {
  Open();
  const auto refused = Withdraw("cmd");
  EXPECT_THAT(refused, Fails(StatusCode::PERMISSION_DENIED, "NOT_A_MEMBER"));
  EXPECT_EQ(Words(refused.status),
            "Your council is not a member of this negotiation; join it first.");
}

TEST_F(NegotiationTest, AnotherMemberLeadsWhenTheLinkAuthorityLeaves) {
  Open({"cmd", "ken"});
  ASSERT_THAT(Withdraw("hck"), Succeeds());
  const v1::Negotiation n = Get(camden_).reply;
  EXPECT_EQ(n.link_authority(), kCamden);
  EXPECT_EQ(n.state(), v1::Negotiation::OPEN);
  EXPECT_THAT(Take(&Negotiations::CloseNegotiation, "hck"),
              Fails(StatusCode::PERMISSION_DENIED, "NOT_LINK_AUTHORITY"));
  ASSERT_THAT(Withdraw("cmd"), Succeeds());
  ASSERT_THAT(Withdraw("ken"), Succeeds());
  EXPECT_EQ(Get(steward_).reply.state(), v1::Negotiation::CLOSED) << "nobody is left";
}

TEST_F(NegotiationTest, MembersEndorseWhatTheyAskForTogether) {
  Open({"cmd", "ken"});
  ASSERT_THAT(Propose("cmd", "Extras priced before a placement starts"), Succeeds());
  ASSERT_THAT(Endorse("ken", 1), Succeeds());
  const auto again = Endorse("ken", 1);
  EXPECT_THAT(again.reply.positions(0).endorsed_by(), ElementsAre(kCamden, "councils/ken"));
  const auto back = Endorse("ken", 1, true);
  ASSERT_THAT(back, Succeeds());
  EXPECT_EQ(back.reply.positions(0).number(), 1);
  EXPECT_EQ(back.reply.positions(0).text(), "Extras priced before a placement starts");
  EXPECT_THAT(back.reply.positions(0).endorsed_by(), ElementsAre(kCamden));

  for (const int number : {2, -1}) {
    const auto unknown = Endorse("ken", number);
    EXPECT_THAT(unknown, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
    EXPECT_THAT(ViolationsOf(unknown.status),
                ElementsAre("position: give the number of a position; there are 1"));
  }
  for (const auto& refused : {Propose("ess", "Us too"), Endorse("ess", 1)}) {
    EXPECT_THAT(refused, Fails(StatusCode::PERMISSION_DENIED, "NOT_A_MEMBER"));
    EXPECT_EQ(Words(refused.status),
              "Your council is not a member of this negotiation; join it first.");
  }
}

TEST_F(NegotiationTest, APositionIsOneLineOfPlainWordsAboutNobody) {
  Open();
  const struct {
    std::string text;
    const char* problem;
  } cases[] = {
      {"", "text: Required, but not given."},
      {"   ", "text: give some words"},
      {std::string(501, 'x'), "text: give at most 500 characters; there are 501"},
      {"a\\nb", "text: holds control, invisible or broken characters; type it anew"},
      {"Ask jane@keys.example",
       "text: it looks like an e-mail address is in it; leave out "
       "whatever is about one person"},
  };
  for (const auto& c : cases) {
    const auto refused = Propose("hck", c.text);
    EXPECT_THAT(refused, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS")) << c.text;
    EXPECT_THAT(ViolationsOf(refused.status), ElementsAre(c.problem));
  }
  EXPECT_THAT(Get(hackney_).reply.positions(), IsEmpty());
}

TEST_F(NegotiationTest, OnlyTheLinkAuthoritySendsRecordsReleasesAndCloses) {
  Open({"cmd", "ken"});
  for (const auto& refused : {Send("cmd"), Reply("No.", "cmd"), Release("cmd"),
                              Take(&Negotiations::CloseNegotiation, "cmd")}) {
    EXPECT_THAT(refused, Fails(StatusCode::PERMISSION_DENIED, "NOT_LINK_AUTHORITY"));
    EXPECT_EQ(Words(refused.status), "Only the council that leads this negotiation can do this.");
  }
}

// Every step, taken by `who` in the name of `council`.
std::vector<grpc::Status> EveryStep(const Client& who, const std::string& name,
                                    const std::string& council) {
  const std::string step =
      absl::StrCat("name: '", name, "' council: '", council, "' request_id: '$uuid' ");
  return {who.Call(&Negotiations::JoinNegotiation, step).status,
          who.Call(&Negotiations::WithdrawConsent, step).status,
          who.Call(&Negotiations::ProposePosition, step + "text: 'A'").status,
          who.Call(&Negotiations::EndorsePosition, step + "position: 1").status,
          who.Call(&Negotiations::SendForReply, step).status,
          who.Call(&Negotiations::RecordReply, step + "text: 'A'").status,
          who.Call(&Negotiations::ReleasePack, step).status,
          who.Call(&Negotiations::CloseNegotiation, step).status};
}

TEST_F(NegotiationTest, NobodyActsForAnotherCouncil) {
  Open({"cmd", "ken"});
  const std::string etag = Get(hackney_).reply.etag();
  for (const grpc::Status& status : EveryStep(camden_, name_, kHackney)) {
    EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND) << status.error_message();
  }
  v1::CreateNegotiationRequest create = Wanted("provider: 'providers/priory'");
  EXPECT_THAT(camden_.Call(&Negotiations::CreateNegotiation, create),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  // Consent is a submitter's to give; a steward runs the service and gives none.
  for (const Client& who : {As(v1::ROLE_READER, kHackney), As(v1::ROLE_ANALYST), steward_}) {
    for (const grpc::Status& status : EveryStep(who, name_, kHackney)) {
      EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED) << status.error_message();
    }
    EXPECT_THAT(who.Call(&Negotiations::CreateNegotiation, create),
                Fails(StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED"));
  }
  EXPECT_EQ(Get(hackney_).reply.etag(), etag);
}

TEST_F(NegotiationTest, ACouncilOutsideSeesThatItIsThereAndNoMore) {
  Open({"cmd", "ken"});
  ASSERT_THAT(Propose("cmd", "No extras"), Succeeds());
  v1::Negotiation head;
  Merge(absl::StrCat("name: '", name_, R"(' provider: 'providers/keys'
      title: 'Fees of children\'s homes' services: 'childrens-homes'
      link_authority: 'councils/hck' state: OPEN member_count: 3)"),
        head);
  EXPECT_EQ(Get(Of("ess")).reply.DebugString(), head.DebugString());
  ASSERT_THAT(Withdraw("ken"), Succeeds());
  head.set_member_count(2);
  EXPECT_EQ(Get(Of("ken")).reply.DebugString(), head.DebugString());
  // Somebody who reads for a member, and who oversees, see members and positions.
  for (const Client& who : {As(v1::ROLE_READER, kCamden), As(v1::ROLE_ANALYST), steward_}) {
    EXPECT_THAT(Get(who).reply.positions(), SizeIs(1));
    EXPECT_THAT(Get(who).reply.members(), SizeIs(3));
  }
  EXPECT_THAT(Get(As(v1::ROLE_AUDITOR)), Fails(StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED"));
}

TEST_F(NegotiationTest, TheyAreListedNewestFirst) {
  Open();
  v1::CreateNegotiationRequest other = Wanted("provider: 'providers/priory'");
  ASSERT_THAT(hackney_.Call(&Negotiations::CreateNegotiation, other), Succeeds());
  const auto names = [&](const std::string& request) {
    const auto list = camden_.Call(&Negotiations::ListNegotiations, request);
    EXPECT_THAT(list, Succeeds());
    std::vector<std::string> found;
    for (const auto& n : list.reply.negotiations()) {
      found.push_back(n.name());
      EXPECT_THAT(n.members(), IsEmpty());
    }
    found.push_back(list.reply.next_page_token().empty() ? "end" : "more");
    return found;
  };
  EXPECT_THAT(names(""),
              ElementsAre("negotiations/priory-hck-1", "negotiations/keys-hck-1", "end"));
  EXPECT_THAT(names("page_size: 1"), ElementsAre("negotiations/priory-hck-1", "more"));
  EXPECT_THAT(names("provider: 'providers/keys'"), ElementsAre("negotiations/keys-hck-1", "end"));
  const auto first = camden_.Call(&Negotiations::ListNegotiations, "page_size: 1").reply;
  EXPECT_THAT(names(absl::StrCat("page_size: 1 page_token: '", first.next_page_token(), "'")),
              ElementsAre("negotiations/keys-hck-1", "end"));
  EXPECT_THAT(camden_.Call(&Negotiations::ListNegotiations, "page_token: 'x'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(camden_.Call(&Negotiations::ListNegotiations, "provider: 'providers/nobody'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
}

TEST_F(NegotiationTest, AStaleEtagIsRefused) {
  Open({"cmd"});
  const std::string etag = Get(hackney_).reply.etag();
  const auto with = [&](const std::string& council, const std::string& text) {
    return Take(&Negotiations::ProposePosition, council,
                absl::StrCat("text: '", text, "' etag: '", etag, "'"));
  };
  ASSERT_THAT(with("hck", "A"), Succeeds());
  const auto stale = with("cmd", "B");
  EXPECT_THAT(stale, Fails(StatusCode::ABORTED, "ETAG_MISMATCH"));
  EXPECT_EQ(Words(stale.status),
            absl::StrCat("`", name_, "` changed meanwhile; read it again and repeat."));
  EXPECT_THAT(Get(hackney_).reply.positions(), SizeIs(1));
}

TEST_F(NegotiationTest, WhatHasEndedStaysEnded) {
  Open({"cmd", "ken"});
  const auto closed = Take(&Negotiations::CloseNegotiation, "hck");
  ASSERT_THAT(closed, Succeeds());
  EXPECT_EQ(closed.reply.state(), v1::Negotiation::CLOSED);
  for (const auto& refused :
       {Join("ess"), Propose("cmd", "A"), Endorse("cmd", 1), Send(), Reply("A"), Release()}) {
    EXPECT_THAT(refused, Fails(StatusCode::FAILED_PRECONDITION, "NEGOTIATION_CLOSED"));
    EXPECT_EQ(Words(refused.status), "This negotiation has ended.");
  }
  EXPECT_THAT(Withdraw("ken"), Succeeds()) << "consent can be withdrawn at any time";
  EXPECT_EQ(hackney_.Call(&Negotiations::CreateNegotiation, Wanted()).reply.name(),
            "negotiations/keys-hck-2");
}

// Sends a step twice and then once more with another content under its id.
template <typename Request>
void ExpectRepeatable(const Client& who,
                      grpc::Status (Negotiations::*method)(grpc::ClientContext*, const Request&,
                                                           v1::Negotiation*),
                      const Request& request) {
  const auto first = who.Call(method, request);
  ASSERT_THAT(first, Succeeds());
  const auto repeat = who.Call(method, request);
  EXPECT_THAT(repeat, Succeeds());
  EXPECT_EQ(repeat.reply.DebugString(), first.reply.DebugString());
  Request other = request;
  if constexpr (std::is_same_v<Request, v1::CreateNegotiationRequest>) {
    other.mutable_negotiation()->set_title("Another");
  } else {
    other.set_etag("\"another\"");
  }
  const auto reused = who.Call(method, other);
  EXPECT_THAT(reused, Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  EXPECT_EQ(Words(reused.status),
            "This request id was used for something else; take a new one for a new request.");
  Request without = request;
  without.clear_request_id();
  EXPECT_THAT(who.Call(method, without), Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(NegotiationTest, EveryStepIsTakenOnceHoweverOftenItIsSent) {
  v1::CreateNegotiationRequest create = Wanted();
  ExpectRepeatable(hackney_, &Negotiations::CreateNegotiation, create);
  name_ = "negotiations/keys-hck-1";
  for (const char* council : {"cmd", "ken", "ess"}) {
    ExpectRepeatable(Of(council), &Negotiations::JoinNegotiation,
                     Step<v1::JoinNegotiationRequest>(council));
  }
  ExpectRepeatable(camden_, &Negotiations::ProposePosition,
                   Step<v1::ProposePositionRequest>("cmd", "text: 'A'"));
  EXPECT_THAT(Get(hackney_).reply.positions(), SizeIs(1));
  ExpectRepeatable(hackney_, &Negotiations::EndorsePosition,
                   Step<v1::EndorsePositionRequest>("hck", "position: 1"));
  ExpectRepeatable(hackney_, &Negotiations::SendForReply, Step<v1::SendForReplyRequest>("hck"));
  ExpectRepeatable(hackney_, &Negotiations::RecordReply,
                   Step<v1::RecordReplyRequest>("hck", "text: 'No.'"));
  ExpectRepeatable(hackney_, &Negotiations::ReleasePack, Step<v1::ReleasePackRequest>("hck"));
  EXPECT_THAT(Get(hackney_).reply.packs(), SizeIs(1));
  ExpectRepeatable(Of("ess"), &Negotiations::WithdrawConsent,
                   Step<v1::WithdrawConsentRequest>("ess"));
  ExpectRepeatable(hackney_, &Negotiations::CloseNegotiation,
                   Step<v1::CloseNegotiationRequest>("hck"));
}

TEST_F(NegotiationTest, ALateRepeatBringsNoConsentBack) {
  Open();
  const auto join = Step<v1::JoinNegotiationRequest>("cmd");
  ASSERT_THAT(camden_.Call(&Negotiations::JoinNegotiation, join), Succeeds());
  ASSERT_THAT(Withdraw("cmd"), Succeeds());
  const auto late = camden_.Call(&Negotiations::JoinNegotiation, join);
  ASSERT_THAT(late, Succeeds());
  EXPECT_THAT(late.reply.members(), IsEmpty()) << "it sees no more than a council outside";
  EXPECT_EQ(Get(hackney_).reply.member_count(), 1);
}

}  // namespace
}  // namespace steelyard::contract
