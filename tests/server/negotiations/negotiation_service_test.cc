#include "server/negotiations/negotiation_service.h"

#include <vector>

#include "tests/server/negotiations/served_negotiations.h"

namespace steelyard::negotiations {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST_F(ServedNegotiations, OneIsOpenedAndItsCouncilLeads) {
  const v1::Negotiation n = Create("1", "services: 'childrens-homes'");
  EXPECT_CALL_OK;
  EXPECT_EQ(n.name(), "negotiations/keys-c1-1");
  EXPECT_EQ(n.link_authority(), "councils/c1");
  EXPECT_EQ(n.state(), v1::Negotiation::OPEN);
  EXPECT_EQ(n.services_size(), 1);
  EXPECT_EQ(n.member_count(), 1);
  EXPECT_GT(n.create_time().seconds(), 0);
  EXPECT_FALSE(n.etag().empty());

  Create("1");
  EXPECT_EQ(Reason(), "ALREADY_EXISTS");
  Create("1", "provider: 'providers/priory'");
  EXPECT_CALL_OK;
  Create("2");
  EXPECT_CALL_OK;
  name_ = n.name();
  Call(&Stub::CloseNegotiation, "1", By("1"));
  EXPECT_EQ(Create("1").name(), "negotiations/keys-c1-2");
}

TEST_F(ServedNegotiations, WhatMakesNoSenseIsRefusedWithEveryProblem) {
  Create("1",
         "title: 'a\\nb' quorum: 2 services: 'zoo' from_quarter { year: 2026 quarter: 5 } "
         "provider: 'keys'");
  EXPECT_THAT(Violations(),
              UnorderedElementsAre(Key("negotiation.title"), Key("negotiation.quorum"),
                                   Key("negotiation.services[1]"), Key("negotiation.from_quarter"),
                                   Key("negotiation.provider")));
  Create("1", "to_quarter { year: 2024 }");
  EXPECT_THAT(Violations(),
              ElementsAre(Pair("negotiation.to_quarter", "lies before the first quarter")));
  Create("1", "to_quarter { year: 2035 }");
  EXPECT_THAT(Violations(), ElementsAre(Pair("negotiation.to_quarter",
                                             "give at most 40 quarters; there are 44")));
  Create("1", "quorum: 101 title: '" + std::string(201, 'x') + "'");
  EXPECT_THAT(Violations(),
              UnorderedElementsAre(Key("negotiation.title"), Key("negotiation.quorum")));
  Create("1", "provider: 'providers/nobody'");
  EXPECT_EQ(Reason(), "NOT_FOUND");
  Call(&Stub::GetNegotiation, "1", "name: 'negotiations/none'");
  EXPECT_EQ(Reason(), "NOT_FOUND");
  Call(&Stub::GetNegotiation, "1", "name: 'x'");
  EXPECT_EQ(Reason(), "INVALID_FIELDS");
}

TEST_F(ServedNegotiations, WhoIsOutsideSeesThatItIsThereAndNoMore) {
  OpenWith(3);
  Call(&Stub::ProposePosition, "2", By("2", "text: 'No extras'"));
  const v1::Negotiation member = Get("3");
  EXPECT_EQ(member.members_size(), 3);
  EXPECT_EQ(member.positions_size(), 1);
  const v1::Negotiation outside = Get("9");
  v1::Negotiation head;
  head.set_name(member.name());
  head.set_provider("providers/keys");
  head.set_title("Fees");
  head.add_services("childrens-homes");
  head.set_state(v1::Negotiation::OPEN);
  head.set_link_authority("councils/c1");
  head.set_member_count(3);
  EXPECT_EQ(outside.SerializeAsString(), head.SerializeAsString());
  EXPECT_EQ(Get("analyst").members_size(), 3);
  const auto left = Withdraw("3");
  EXPECT_CALL_OK;
  head.set_member_count(2);
  EXPECT_EQ(left.SerializeAsString(), head.SerializeAsString());
}

TEST_F(ServedNegotiations, ListsNewestFirstInPages) {
  const std::string first = Create("1").name();
  const std::string second = Create("2").name();
  const std::string third = Create("3", "provider: 'providers/priory'").name();
  auto page = Call(&Stub::ListNegotiations, "9", "page_size: 2");
  ASSERT_EQ(page.negotiations_size(), 2);
  EXPECT_EQ(page.negotiations(0).name(), third);
  EXPECT_EQ(page.negotiations(1).name(), second);
  EXPECT_EQ(page.negotiations(1).members_size(), 0);
  page = Call(&Stub::ListNegotiations, "1",
              "page_size: 2 page_token: '" + page.next_page_token() + "'");
  ASSERT_EQ(page.negotiations_size(), 1);
  EXPECT_EQ(page.negotiations(0).name(), first);
  EXPECT_EQ(page.negotiations(0).members_size(), 1);
  EXPECT_EQ(page.next_page_token(), "");
  page = Call(&Stub::ListNegotiations, "1", "provider: 'providers/priory'");
  EXPECT_EQ(page.negotiations_size(), 1);
  Call(&Stub::ListNegotiations, "1", "provider: 'providers/nobody'");
  EXPECT_EQ(Reason(), "NOT_FOUND");
  Call(&Stub::ListNegotiations, "1", "page_token: 'x'");
  EXPECT_EQ(Reason(), "INVALID_FIELDS");
}

TEST_F(ServedNegotiations, ARepeatIsAnsweredAsTheFirstWasAndChangesNothing) {
  OpenWith(1);
  const std::string join =
      "name: '" + name_ + "' council: 'councils/c2' request_id: '" + NewId() + "'";
  const auto joined = Call(&Stub::JoinNegotiation, "2", join);
  EXPECT_CALL_OK;
  Join("3");
  EXPECT_EQ(Call(&Stub::JoinNegotiation, "2", join).SerializeAsString(),
            joined.SerializeAsString());
  Withdraw("2");
  // A late repeat brings back no consent, and shows no more than is due now.
  EXPECT_EQ(Call(&Stub::JoinNegotiation, "2", join).members_size(), 0);
  EXPECT_CALL_OK;
  EXPECT_EQ(Get("1").member_count(), 2);
  Call(&Stub::JoinNegotiation, "2", join + " etag: '1'");
  EXPECT_EQ(Reason(), "REQUEST_ID_REUSED");
  // The same id of another council is another request.
  std::string other = join;
  other.replace(other.find("c2"), 2, "c4");
  Call(&Stub::JoinNegotiation, "4", other);
  EXPECT_CALL_OK;
}

TEST_F(ServedNegotiations, AStaleEtagIsRefused) {
  OpenWith(2);
  const std::string etag = Get("1").etag();
  Call(&Stub::ProposePosition, "1", By("1", "text: 'A' etag: '" + etag + "'"));
  EXPECT_CALL_OK;
  Call(&Stub::ProposePosition, "2", By("2", "text: 'B' etag: '" + etag + "'"));
  EXPECT_EQ(Reason(), "ETAG_MISMATCH");
  EXPECT_EQ(status_.error_code(), StatusCode::ABORTED);
  const std::string now = Get("1").etag();
  EXPECT_NE(now, etag);
  Join("2");
  EXPECT_EQ(Get("1").etag(), now) << "joining twice changes nothing";
}

TEST_F(ServedNegotiations, TextsAreChecked) {
  OpenWith(3);
  for (const std::string& text :
       {std::string("a\\nb"), std::string("ask jane@keys.example"), std::string("\\342\\200\\256x"),
        std::string(501, 'x'), std::string("   ")}) {
    Call(&Stub::ProposePosition, "1", By("1", "text: '" + text + "'"));
    EXPECT_THAT(Violations(), ElementsAre(Key("text"))) << text;
  }
  Call(&Stub::SendForReply, "1", By("1"));
  Call(&Stub::RecordReply, "1", By("1", "text: '" + std::string(20'001, 'x') + "'"));
  EXPECT_THAT(Violations(), ElementsAre(Key("text")));
  Call(&Stub::RecordReply, "1", By("1", "text: 'a\\000b'"));
  EXPECT_EQ(Reason(), "INVALID_FIELDS");
  const auto replied = Call(&Stub::RecordReply, "1", By("1", "text: 'First.\\r\\n\\tSecond.'"));
  EXPECT_EQ(replied.reply().text(), "First.\r\n\tSecond.");
}

TEST_F(ServedNegotiations, APackIsReleasedAfterFourteenDaysWithoutAReply) {
  OpenWith(2);
  Call(&Stub::SendForReply, "1", By("1"));
  EXPECT_EQ(Reason(), "QUORUM_MISSING");
  EXPECT_EQ(status_.error_message(), "A pack needs 3 members and there are 2; 1 more must join.");
  Call(&Stub::ReleasePack, "1", By("1"));
  EXPECT_EQ(Reason(), "NOT_SENT");
  Join("3");
  Call(&Stub::SendForReply, "2", By("2"));
  EXPECT_EQ(Reason(), "NOT_LINK_AUTHORITY");
  const auto sent = Call(&Stub::SendForReply, "1", By("1"));
  EXPECT_EQ(sent.state(), v1::Negotiation::WITH_PROVIDER);
  EXPECT_EQ(sent.reply().due_time().seconds() - sent.reply().send_time().seconds(), 14 * 86'400);
  clock_.Advance(absl::Hours(14 * 24 - 1));
  Call(&Stub::ReleasePack, "1", By("1"));
  EXPECT_EQ(Reason(), "REPLY_DUE");
  EXPECT_EQ(status_.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_THAT(status_.error_message(), HasSubstr("may reply until 16 February 2026"));
  clock_.Advance(absl::Hours(1));
  const auto released = Call(&Stub::ReleasePack, "1", By("1"));
  EXPECT_CALL_OK;
  EXPECT_EQ(released.state(), v1::Negotiation::RELEASED);
  ASSERT_EQ(released.packs_size(), 1);
  EXPECT_EQ(released.packs(0).edition(), 1);
  EXPECT_EQ(released.packs(0).content_sha256().size(), 64u);
}

TEST_F(ServedNegotiations, AReleasedPackStaysAsItIsAndHasTheFiguresThatWereSent) {
  OpenWith(3);
  for (const char* who : {"1", "2", "3"}) {
    Call(&Stub::ProposePosition, who, By(who, std::string("text: 'From ") + who + "'"));
  }
  for (const char* who : {"2", "3"}) {
    Call(&Stub::EndorsePosition, who, By(who, "position: 1"));
  }
  Call(&Stub::SendForReply, "1", By("1"));
  edition_ = 2;
  Call(&Stub::RecordReply, "1", By("1", "text: 'We disagree.'"));
  Join("4");
  const std::string release = By("1");
  const auto released = Call(&Stub::ReleasePack, "1", release);
  EXPECT_CALL_OK;
  const v1::Pack pack = GetPack("analyst", 1);
  EXPECT_EQ(pack.number(), 1);
  EXPECT_EQ(pack.receipt().edition(), 1);
  EXPECT_EQ(pack.receipt().policy_version(), 3);
  EXPECT_EQ(pack.receipt().content_sha256(), released.packs(0).content_sha256());
  ASSERT_EQ(pack.negotiation().positions_size(), 1);
  EXPECT_EQ(pack.negotiation().positions(0).endorsed_by_size(), 3);
  EXPECT_EQ(pack.negotiation().reply().text(), "We disagree.");
  EXPECT_EQ(pack.negotiation().members_size(), 4);
  EXPECT_FALSE(pack.negotiation().members(0).has_consent_time());
  EXPECT_EQ(pack.members_published_micros(), 1'000'000'000);
  EXPECT_FALSE(pack.has_members_submitted_micros()) << "less the draft's, that of council 4";
  for (const auto& spender : pack.top_spenders().spenders()) {
    EXPECT_FALSE(spender.has_submitted_micros());
  }
  EXPECT_THAT(pack.changes(), IsEmpty());

  Withdraw("4");
  EXPECT_EQ(GetPack("1", 1).SerializeAsString(), pack.SerializeAsString());
  GetPack("4", 1);
  EXPECT_EQ(Reason(), "NOT_A_MEMBER");
  GetPack("1", 2);
  EXPECT_EQ(Reason(), "NOT_FOUND");
  GetPack("1", -1);
  EXPECT_EQ(Reason(), "INVALID_FIELDS");

  const v1::Pack draft = GetPack("2");
  EXPECT_EQ(draft.receipt().edition(), 2);
  EXPECT_FALSE(draft.negotiation().has_reply());
  ASSERT_GE(draft.changes_size(), 2);
  EXPECT_EQ(draft.changes(0).figure(), "Councils that are members");
  EXPECT_EQ(draft.changes(0).before(), "4");
  bool fee = false;
  for (const auto& change : draft.changes()) {
    fee |= change.figure() == "Children's homes: mean weekly fee" &&
           change.before() == "£1,000 a week" && change.now() == "£2,000 a week";
  }
  EXPECT_TRUE(fee) << draft.DebugString();
}

TEST_F(ServedNegotiations, APackSaysWhatChangedSinceTheDraftThatTheProviderGot) {
  OpenWith(3);
  const std::string hash = Call(&Stub::SendForReply, "1", By("1")).reply().draft_sha256();
  EXPECT_EQ(hash.size(), 64u);
  const auto file = [&] {
    return Call(&Stub::ExportPack, "2", "name: '" + name_ + "' format: HTML").content();
  };
  const std::string draft = file();
  EXPECT_THAT(draft, HasSubstr(hash)) << "it is the very draft that was sent";
  clock_.Advance(absl::Hours(24));
  edition_ = 2;
  EXPECT_EQ(file(), draft);
  Join("4");
  EXPECT_THAT(file(), Not(HasSubstr(hash)));
  Call(&Stub::RecordReply, "1", By("1", "text: 'No.'"));
  Call(&Stub::ReleasePack, "1", By("1"));
  EXPECT_CALL_OK;
  const v1::Pack pack = GetPack("1", 1);
  EXPECT_EQ(pack.negotiation().reply().draft_sha256(), hash);
  std::vector<std::string> changes;
  for (const auto& c : pack.changes_since_draft()) {
    changes.push_back(c.figure() + ": " + c.before() + " -> " + c.now());
  }
  EXPECT_THAT(changes, ElementsAre("Councils that are members: 3 -> 4",
                                   "Published spend of the members: £600 -> £1,000",
                                   "Submitted spend of the members: £60 -> not shown"));
  const auto released =
      Call(&Stub::ExportPack, "1", "name: '" + name_ + "' pack: 1 format: MARKDOWN").content();
  EXPECT_THAT(released, HasSubstr("SHA-256 of the content of that draft: " + hash + "."));
  EXPECT_THAT(released, HasSubstr("Headline figures that changed since the draft that keys Group "
                                  "got"));
}

// The provider knows the sum in its draft, whatever became of the round.
TEST_F(ServedNegotiations, ASumThatADraftWouldMakeTellIsNotShown) {
  OpenWith(5);
  Call(&Stub::SendForReply, "1", By("1"));
  Withdraw("5");
  EXPECT_FALSE(GetPack("1").has_members_submitted_micros());
  Call(&Stub::RecordReply, "1", By("1", "text: 'No.'"));
  Call(&Stub::ReleasePack, "1", By("1"));
  EXPECT_CALL_OK;
  EXPECT_FALSE(GetPack("1", 1).has_members_submitted_micros());
  EXPECT_FALSE(GetPack("1").has_members_submitted_micros()) << "nor in the next round";
  Join("5");
  EXPECT_EQ(GetPack("1").members_submitted_micros(), 150'000'000) << "the same councils again";
}

TEST_F(ServedNegotiations, APackShowsNoOutcomesThatTheProviderDidNotGet) {
  OpenWith(3);
  edition_ = 0;
  Call(&Stub::SendForReply, "1", By("1"));
  EXPECT_CALL_OK;
  edition_ = 2;
  Call(&Stub::RecordReply, "1", By("1", "text: 'There was nothing in it.'"));
  Call(&Stub::ReleasePack, "1", By("1"));
  EXPECT_CALL_OK;
  const v1::Pack pack = GetPack("1", 1);
  EXPECT_EQ(pack.receipt().edition(), 0);
  ASSERT_EQ(pack.services_size(), 1);
  EXPECT_EQ(pack.services(0).display_name(), "Children's homes");
  EXPECT_FALSE(pack.services(0).has_benchmark());
  EXPECT_EQ(GetPack("1").receipt().edition(), 2);
}

TEST_F(ServedNegotiations, TheDraftIsTheMembersOwn) {
  OpenWith(3);
  const v1::Pack draft = GetPack("2");
  EXPECT_CALL_OK;
  EXPECT_EQ(draft.number(), 0);
  EXPECT_EQ(draft.services_size(), 1);
  EXPECT_EQ(draft.provision().as_of_date().month(), 12);
  EXPECT_EQ(draft.provision().as_of_date().day(), 31);
  EXPECT_EQ(draft.top_spenders().spenders(0).submitted_micros(), 90'000'000);
  for (const char* who : {"9", "analyst"}) {
    GetPack(who);
    EXPECT_EQ(Reason(), "NOT_A_MEMBER");
    EXPECT_EQ(status_.error_code(), StatusCode::PERMISSION_DENIED);
  }
  Withdraw("2");
  GetPack("2");
  EXPECT_EQ(Reason(), "NOT_A_MEMBER");
  EXPECT_FALSE(GetPack("1").has_members_submitted_micros()) << "fewer members than the quorum";
  Call(&Stub::CloseNegotiation, "1", By("1"));
  GetPack("1");
  EXPECT_EQ(Reason(), "NEGOTIATION_CLOSED");
}

TEST_F(ServedNegotiations, AFileHoldsWhatMayLeaveTheCircle) {
  OpenWith(3);
  const auto file = [&](const std::string& who, const std::string& format, int number = 0) {
    return Call(&Stub::ExportPack, who,
                "name: '" + name_ + "' pack: " + std::to_string(number) + " format: " + format);
  };
  const auto html = file("2", "HTML");
  EXPECT_CALL_OK;
  EXPECT_EQ(html.file_name(), "keys-c1-1-draft.html");
  EXPECT_EQ(html.media_type(), "text/html; charset=utf-8");
  EXPECT_THAT(html.content(), HasSubstr("DRAFT, not released"));
  EXPECT_THAT(html.content(), HasSubstr("3 members; Council 1 leads"));
  const auto csv = file("2", "CSV");
  EXPECT_EQ(csv.file_name(), "keys-c1-1-draft.csv");
  EXPECT_THAT(csv.content(), Not(HasSubstr("Submitted (members only)")));
  EXPECT_EQ(file("2", "MARKDOWN").file_name(), "keys-c1-1-draft.md");
  file("2", "FORMAT_UNSPECIFIED");
  EXPECT_EQ(Reason(), "INVALID_FIELDS");
  for (const char* who : {"9", "analyst"}) {
    file(who, "HTML");
    EXPECT_EQ(Reason(), "NOT_A_MEMBER");
  }
  Call(&Stub::SendForReply, "1", By("1"));
  Call(&Stub::RecordReply, "1", By("1", "text: 'No.'"));
  Call(&Stub::ReleasePack, "1", By("1"));
  const auto released = file("analyst", "HTML", 1);
  EXPECT_EQ(released.file_name(), "keys-c1-1-pack-1.html");
  EXPECT_THAT(released.content(), HasSubstr("<blockquote>No.</blockquote>"));
  edition_ = 2;
  EXPECT_EQ(file("1", "HTML", 1).content(), released.content());
}

TEST_F(ServedNegotiations, ASumThatWouldGiveAFormerMemberAwayIsNotShown) {
  OpenWith(5);
  Call(&Stub::SendForReply, "1", By("1"));
  Call(&Stub::RecordReply, "1", By("1", "text: 'No.'"));
  Call(&Stub::ReleasePack, "1", By("1"));
  EXPECT_EQ(GetPack("1", 1).members_submitted_micros(), 150'000'000);
  Withdraw("5");
  EXPECT_FALSE(GetPack("1").has_members_submitted_micros());
  Join("6");
  EXPECT_FALSE(GetPack("1").has_members_submitted_micros());
  Join("7");
  EXPECT_EQ(GetPack("1").members_submitted_micros(), 230'000'000);
}

TEST_F(ServedNegotiations, TheCircleIsTheMembersWhileTheTalksGoOn) {
  OpenWith(3);
  const NegotiationStore store(*ledger_);
  using model::CouncilNo;
  const model::Period year{*model::Month::FromYm(2025, 1), *model::Month::FromYm(2025, 12)};
  const auto circle = [&](uint16_t council, uint32_t provider = 1, int months = 0) {
    const model::Period period{year.first.Plus(months), year.last.Plus(months)};
    return store
        .CircleMembers(name_.substr(name_.find('/') + 1), CouncilNo{council},
                       model::ProviderNo{provider}, period)
        .value();
  };
  EXPECT_THAT(circle(2), ElementsAre(CouncilNo{1}, CouncilNo{2}, CouncilNo{3}));
  EXPECT_THAT(circle(9), IsEmpty());
  EXPECT_THAT(circle(2, 2), IsEmpty()) << "the talks are with another provider";
  EXPECT_THAT(circle(2, 1, 3), IsEmpty()) << "the talks are about other quarters";
  EXPECT_THAT(*store.CircleMembers("none", CouncilNo{2}, model::ProviderNo{1}, year), IsEmpty());
  Withdraw("2");
  EXPECT_THAT(circle(2), IsEmpty());
  EXPECT_THAT(circle(1), ElementsAre(CouncilNo{1}, CouncilNo{3}));
  Call(&Stub::CloseNegotiation, "1", By("1"));
  EXPECT_THAT(circle(1), IsEmpty());
}

}  // namespace
}  // namespace steelyard::negotiations
