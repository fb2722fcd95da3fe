// Packs: quorum, the provider's right of reply, who sees whose figures, and
// that what was released stays as it is.

#include "absl/time/time.h"
#include "tests/contract/negotiations.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class PackTest : public NegotiationTest {
 protected:
  // 16 March 2026, 10:05 UTC, as refusals say it.
  static std::string TimeWords(const google::protobuf::Timestamp& time) {
    return absl::FormatTime("%-d %B %Y, %H:%M UTC", absl::FromUnixSeconds(time.seconds()),
                            absl::UTCTimeZone());
  }
  // Three councils with 100, 200 and 300 pounds submitted and ten times as much
  // published; Essex, outside, published most.
  void OpenWithFigures() {
    Open({"cmd", "ken"});
    Submit("hck", 100'000);
    Submit("cmd", 200'000);
    Submit("ken", 300'000);
    Publish("hck", 1'000'000);
    Publish("cmd", 2'000'000);
    Publish("ken", 3'000'000);
    Publish("ess", 4'000'000);
  }
  void SendReplyRelease() {
    ASSERT_THAT(Send(), Succeeds());
    ASSERT_THAT(Reply("We do not agree."), Succeeds());
    ASSERT_THAT(Release(), Succeeds());
  }
  // `hck 100000` for each council with submitted spend that a member's list of
  // top spenders shows.
  std::vector<std::string> Submitted(const Client& client) {
    const auto list = client.Call(
        &Spend::ListTopSpendingCouncils,
        absl::StrCat("provider: 'providers/keys' from_quarter { year: 2024 quarter: 1 } "
                     "to_quarter { year: 2024 quarter: 4 } negotiation: '",
                     name_, "'"));
    EXPECT_THAT(list, Succeeds());
    std::vector<std::string> shown;
    for (const v1::TopSpender& s : list.reply.spenders()) {
      if (!s.has_submitted_micros()) continue;
      shown.push_back(absl::StrCat(s.council().substr(s.council().find('/') + 1), " ",
                                   s.submitted_micros() / 1'000'000));
    }
    return shown;
  }
};

TEST_F(PackTest, ThereIsNoPackWithoutAQuorum) {
  Open({"cmd"});
  const auto early = Send();
  EXPECT_THAT(early, Fails(StatusCode::FAILED_PRECONDITION, "QUORUM_MISSING"));
  EXPECT_EQ(Words(early.status), "A pack needs 3 members and there are 2; 1 more must join.");
  const auto details = DetailOf<google::rpc::PreconditionFailure>(early.status);
  ASSERT_TRUE(details.has_value());
  ASSERT_THAT(details->violations(), SizeIs(1));
  EXPECT_EQ(details->violations(0).type(), "QUORUM_MISSING");
  EXPECT_EQ(details->violations(0).subject(), name_);

  const auto unsent = Release();
  EXPECT_THAT(unsent, Fails(StatusCode::FAILED_PRECONDITION, "NOT_SENT"));
  EXPECT_EQ(Words(unsent.status),
            "The provider has not got this draft; send it for its reply first, which gives it 14 "
            "days. A pack needs 3 members and there are 2; 1 more must join.");
  ASSERT_THAT(Withdraw("cmd"), Succeeds());
  EXPECT_EQ(Words(Send().status), "A pack needs 3 members and there is 1; 2 more must join.");
}

TEST_F(PackTest, AConsentWithdrawnBeforeReleaseTakesTheQuorumAway) {
  Open({"cmd", "ken"});
  ASSERT_THAT(Send(), Succeeds());
  ASSERT_THAT(Reply("No."), Succeeds());
  ASSERT_THAT(Withdraw("ken"), Succeeds());
  const auto refused = Release();
  EXPECT_THAT(refused, Fails(StatusCode::FAILED_PRECONDITION, "QUORUM_MISSING"));
  EXPECT_EQ(Words(refused.status), "A pack needs 3 members and there are 2; 1 more must join.");
  ASSERT_THAT(Join("ess"), Succeeds());
  EXPECT_THAT(Release(), Succeeds());
}

TEST_F(PackTest, TheProviderHasFourteenDaysToReply) {
  Open({"cmd", "ken"});
  const auto unasked = Reply("Too early.");
  EXPECT_THAT(unasked, Fails(StatusCode::FAILED_PRECONDITION, "NOT_SENT"));
  EXPECT_EQ(Words(unasked.status),
            "The provider does not have a draft to reply to; send it the draft first.");

  const auto sent = Send();
  ASSERT_THAT(sent, Succeeds());
  EXPECT_EQ(sent.reply.state(), v1::Negotiation::WITH_PROVIDER);
  const v1::Negotiation::Reply& reply = sent.reply.reply();
  EXPECT_EQ(reply.due_time().seconds() - reply.send_time().seconds(), 14 * 86'400);
  const auto due = Release();
  EXPECT_THAT(due, Fails(StatusCode::FAILED_PRECONDITION, "REPLY_DUE"));
  EXPECT_EQ(Words(due.status),
            absl::StrCat("The provider got the draft on ", TimeWords(reply.send_time()),
                         " and may reply until ", TimeWords(reply.due_time()),
                         "; release the pack after that, or once its reply is recorded."));
  const auto twice = Send();
  EXPECT_THAT(twice, Fails(StatusCode::FAILED_PRECONDITION, "ALREADY_SENT"));
  EXPECT_EQ(Words(twice.status),
            absl::StrCat("The provider has had the draft since ", TimeWords(reply.send_time()),
                         "; it cannot be sent again before the pack is released."));

  const auto replied = Reply("We pay our staff more.\\nWe ask for 6 per cent.");
  ASSERT_THAT(replied, Succeeds());
  EXPECT_EQ(replied.reply.reply().text(), "We pay our staff more.\nWe ask for 6 per cent.");
  EXPECT_GT(replied.reply.reply().reply_time().seconds(), 0);
  const auto released = Release();
  ASSERT_THAT(released, Succeeds());
  EXPECT_EQ(released.reply.state(), v1::Negotiation::RELEASED);
  const v1::Pack pack = GetPack(camden_, 1).reply;
  EXPECT_EQ(pack.negotiation().reply().text(), "We pay our staff more.\nWe ask for 6 per cent.");
  EXPECT_THAT(File(camden_, "HTML", 1).reply.content(),
              HasSubstr("<blockquote>We pay our staff more.\nWe ask for 6 per cent.</blockquote>"));
}

TEST_F(PackTest, WhatChangedSinceTheProvidersDraftIsSaid) {
  OpenWithFigures();
  const auto sent = Send();
  ASSERT_THAT(sent, Succeeds());
  const std::string hash = sent.reply.reply().draft_sha256();
  EXPECT_THAT(hash, SizeIs(64));
  EXPECT_THAT(File(camden_, "CSV").reply.content(), HasSubstr(hash)) << "the very draft";
  ASSERT_THAT(Reply("No."), Succeeds());
  ASSERT_THAT(Join("ess"), Succeeds());
  Submit("ess", 400'000);
  ASSERT_THAT(Release(), Succeeds());
  const v1::Pack pack = GetPack(hackney_, 1).reply;
  EXPECT_EQ(pack.negotiation().reply().draft_sha256(), hash);
  std::vector<std::string> changes;
  for (const v1::Pack::Change& c : pack.changes_since_draft()) {
    changes.push_back(absl::StrCat(c.figure(), ": ", c.before(), " -> ", c.now()));
  }
  // A new sum, less the one that the provider knows, would be Essex's alone.
  EXPECT_THAT(changes, ElementsAre("Councils that are members: 3 -> 4",
                                   "Published spend of the members: £6,000,000 -> £10,000,000",
                                   "Submitted spend of the members: £600,000 -> not shown"));
}

TEST_F(PackTest, AReplyIsKeptWordForWordAndHoldsNobodysData) {
  Open({"cmd", "ken"});
  ASSERT_THAT(Send(), Succeeds());
  const auto person = Reply("Call 07700 900123 about it");
  EXPECT_THAT(person, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(person.status), ElementsAre(HasSubstr("text: it looks like")));
  EXPECT_THAT(Reply(""), Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  const auto longer = Reply(std::string(20'001, 'x'));
  EXPECT_THAT(ViolationsOf(longer.status),
              ElementsAre("text: give at most 20000 characters; there are 20001"));
  EXPECT_THAT(Reply("<b>No</b> | *never*"), Succeeds());
  ASSERT_THAT(Release(), Succeeds());
  EXPECT_THAT(File(hackney_, "HTML", 1).reply.content(),
              HasSubstr("&lt;b&gt;No&lt;/b&gt; | *never*"));
}

TEST_F(PackTest, MembersSeeEachOthersFiguresWhileTheyAreMembers) {
  OpenWithFigures();
  EXPECT_THAT(Submitted(hackney_), ElementsAre("ken 300000", "cmd 200000", "hck 100000"));
  EXPECT_THAT(Submitted(Of("ken")), SizeIs(3));
  EXPECT_THAT(Submitted(Of("ess")), IsEmpty());
  EXPECT_THAT(Submitted(As(v1::ROLE_ANALYST)), IsEmpty());
  EXPECT_THAT(Submitted(steward_), IsEmpty());

  v1::Pack draft = GetPack(camden_).reply;
  EXPECT_EQ(draft.members_submitted_micros(), 600'000'000'000);
  EXPECT_EQ(draft.members_published_micros(), 6'000'000'000'000);
  EXPECT_EQ(draft.top_spenders().known_total_micros(), 10'000'000'000'000);
  ASSERT_THAT(draft.top_spenders().spenders(), SizeIs(4));
  EXPECT_EQ(draft.top_spenders().spenders(0).council(), "councils/ess");
  EXPECT_EQ(draft.top_spenders().spenders(1).submitted_micros(), 300'000'000'000);

  ASSERT_THAT(Withdraw("ken"), Succeeds());
  EXPECT_THAT(Submitted(hackney_), ElementsAre("cmd 200000", "hck 100000"));
  EXPECT_THAT(Submitted(Of("ken")), IsEmpty());
  draft = GetPack(camden_).reply;
  EXPECT_FALSE(draft.has_members_submitted_micros()) << "fewer than the quorum are left";
  EXPECT_EQ(draft.members_published_micros(), 3'000'000'000'000);
  for (const v1::TopSpender& s : draft.top_spenders().spenders()) {
    EXPECT_FALSE(s.council() == "councils/ken" && s.has_submitted_micros());
  }
  const auto refused = GetPack(Of("ken"));
  EXPECT_THAT(refused, Fails(StatusCode::PERMISSION_DENIED, "NOT_A_MEMBER"));
  EXPECT_EQ(Words(refused.status),
            "Your council is not a member of this negotiation; join it first.");
}

TEST_F(PackTest, ADraftIsTheMembersOwn) {
  OpenWithFigures();
  EXPECT_THAT(GetPack(As(v1::ROLE_READER, kCamden)), Succeeds());
  for (const Client& who : {As(v1::ROLE_ANALYST), steward_}) {
    for (const grpc::Status& status : {GetPack(who).status, File(who, "CSV").status}) {
      EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED);
      EXPECT_EQ(Words(status), "Only members see the draft; give the number of a released pack.");
    }
  }
  for (const grpc::Status& status : {GetPack(Of("ess")).status, File(Of("ess"), "HTML").status}) {
    EXPECT_EQ(ReasonOf(status), "NOT_A_MEMBER");
  }
  SendReplyRelease();
  EXPECT_THAT(GetPack(As(v1::ROLE_ANALYST), 1), Succeeds());
  EXPECT_THAT(GetPack(steward_, 1), Succeeds());
  EXPECT_THAT(GetPack(Of("ess"), 1), Fails(StatusCode::PERMISSION_DENIED, "NOT_A_MEMBER"));
  EXPECT_THAT(GetPack(hackney_, 2), Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(GetPack(hackney_, -1), Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  ASSERT_THAT(Take(&Negotiations::CloseNegotiation, "hck"), Succeeds());
  EXPECT_THAT(GetPack(hackney_, 1), Succeeds());
  const auto ended = GetPack(hackney_);
  EXPECT_THAT(ended, Fails(StatusCode::FAILED_PRECONDITION, "NEGOTIATION_CLOSED"));
  EXPECT_EQ(Words(ended.status),
            "This negotiation has ended, so there is no draft; packs that were released are there "
            "under their numbers.");
}

TEST_F(PackTest, AReleasedPackStaysAsItIs) {
  OpenWithFigures();
  ASSERT_THAT(Propose("cmd", "No rise without better outcomes"), Succeeds());
  ASSERT_THAT(Endorse("hck", 1), Succeeds());
  ASSERT_THAT(Endorse("ken", 1), Succeeds());
  ASSERT_THAT(Propose("ken", "Only we want this"), Succeeds());
  SendReplyRelease();
  const v1::Pack pack = GetPack(hackney_, 1).reply;
  EXPECT_EQ(pack.number(), 1);
  ASSERT_THAT(pack.negotiation().positions(), SizeIs(1)) << "the other one has no quorum";
  EXPECT_THAT(pack.negotiation().positions(0).endorsed_by(), SizeIs(3));
  EXPECT_EQ(pack.members_submitted_micros(), 600'000'000'000);
  for (const v1::TopSpender& s : pack.top_spenders().spenders()) {
    EXPECT_FALSE(s.has_submitted_micros()) << "a single council's leaves the circle";
  }
  EXPECT_THAT(pack.receipt().content_sha256(), SizeIs(64));
  EXPECT_EQ(pack.receipt().content_sha256(), Get(hackney_).reply.packs(0).content_sha256());
  EXPECT_EQ(GetPack(As(v1::ROLE_ANALYST), 1).reply.SerializeAsString(), pack.SerializeAsString());
  std::map<std::string, std::string> files;
  for (const char* format : {"HTML", "MARKDOWN", "CSV"}) {
    files[format] = File(hackney_, format, 1).reply.content();
    EXPECT_THAT(files[format], HasSubstr("No rise without better outcomes"));
    EXPECT_THAT(files[format], HasSubstr(pack.receipt().content_sha256()));
  }

  // Whatever comes after changes nothing of it.
  Publish("ess", 9'000'000, "march.csv");
  Submit("ess", 900'000);
  ASSERT_THAT(Withdraw("ken"), Succeeds());
  ASSERT_THAT(Propose("cmd", "Something new"), Succeeds());
  server_.Restart();
  const Client after(server_.channel(), hackney_.secret());
  EXPECT_EQ(GetPack(after, 1).reply.SerializeAsString(), pack.SerializeAsString());
  for (const auto& [format, content] : files) {
    EXPECT_EQ(File(after, format, 1).reply.content(), content) << format;
  }
  const v1::Pack draft = GetPack(after).reply;
  EXPECT_EQ(draft.number(), 0);
  std::vector<std::string> changes;
  for (const v1::Pack::Change& c : draft.changes()) {
    changes.push_back(absl::StrCat(c.figure(), ": ", c.before(), " -> ", c.now()));
  }
  EXPECT_THAT(changes,
              ElementsAre("Councils that are members: 3 -> 2",
                          "Published spend of all councils known: £10,000,000 -> £19,000,000",
                          "Published spend of the members: £6,000,000 -> £3,000,000",
                          "Submitted spend of the members: £600,000 -> not shown"));
}

TEST_F(PackTest, ASumThatWouldGiveAFormerMemberAwayIsNotShown) {
  OpenWithFigures();
  ASSERT_THAT(Join("ess"), Succeeds());
  Submit("ess", 400'000);
  SendReplyRelease();
  EXPECT_EQ(GetPack(hackney_, 1).reply.members_submitted_micros(), 1'000'000'000'000);
  // The sum of the three that are left would tell what Essex submitted.
  ASSERT_THAT(Withdraw("ess"), Succeeds());
  EXPECT_FALSE(GetPack(hackney_).reply.has_members_submitted_micros());
  EXPECT_THAT(File(hackney_, "MARKDOWN").reply.content(),
              HasSubstr("What the members submitted together is not shown: fewer than 3 of them "
                        "submitted their spend, or the sum set against that of an earlier pack "
                        "or draft would give one of them away."));
}

TEST_F(PackTest, AFileIsHtmlMarkdownOrCsv) {
  OpenWithFigures();
  const struct {
    const char* format;
    const char* name;
    const char* type;
    const char* content;
  } kinds[] = {
      {"HTML", "keys-hck-1-draft.html", "text/html; charset=utf-8", "DRAFT, not released"},
      {"MARKDOWN", "keys-hck-1-draft.md", "text/markdown; charset=utf-8",
       "| Essex County Council | 1 | £4,000,000 | 40.0 % |"},
      {"CSV", "keys-hck-1-draft.csv", "text/csv; charset=utf-8",
       "Members together,Published payments,6000000.00,\"£6,000,000\",R1,"},
  };
  for (const auto& kind : kinds) {
    const auto file = File(camden_, kind.format);
    ASSERT_THAT(file, Succeeds());
    EXPECT_EQ(file.reply.file_name(), kind.name);
    EXPECT_EQ(file.reply.media_type(), kind.type);
    EXPECT_THAT(file.reply.content(), HasSubstr(kind.content));
    // What one council submitted is for the members' eyes, not for paper.
    EXPECT_THAT(file.reply.content(), Not(HasSubstr("300,000")));
    EXPECT_THAT(file.reply.content(), Not(HasSubstr("300000.00")));
  }
  const auto none = File(camden_, "FORMAT_UNSPECIFIED");
  EXPECT_THAT(none, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(none.status), ElementsAre("format: Required, but not given."));
  EXPECT_THAT(ViolationsOf(File(camden_, "9").status),
              ElementsAre("format: Must be HTML, MARKDOWN or CSV."));
}

}  // namespace
}  // namespace steelyard::contract
