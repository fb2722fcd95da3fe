#include "server/negotiations/moves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/rpc/errors.h"
#include "tests/support/status_matchers.h"

namespace steelyard::negotiations {
namespace {

using model::CouncilNo;
using State = model::NegotiationState;
using ::steelyard::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr CouncilNo kLead{1};
constexpr int64_t kStart = 1'770'000'000'000'000;  // 2 February 2026, 02:40 UTC

MATCHER_P2(Refused, code, reason, "") {
  const absl::Status& status = arg.status();
  *result_listener << status << " reason " << rpc::error::ReasonOf(status);
  return status.code() == code && rpc::error::ReasonOf(status) == reason;
}

class MovesTest : public ::testing::Test {
 protected:
  MovesTest() {
    model::Negotiation drafted;
    drafted.id = "keys-aaa-1";
    drafted.quorum = 3;
    n_ = Open(drafted, kLead, kStart);
  }
  // Takes a step that must succeed.
  void Step(Moved moved) {
    ASSERT_OK(moved.status());
    n_ = *std::move(moved);
  }
  void JoinUpTo(uint16_t last) {
    for (uint16_t no = 2; no <= last; ++no) Step(Join(n_, CouncilNo{no}, ++now_));
  }
  void EndorseBy(int32_t number, uint16_t first, uint16_t last) {
    for (uint16_t no = first; no <= last; ++no) {
      Step(Endorse(n_, CouncilNo{no}, number, false, ++now_));
    }
  }
  void SendDraft() { Step(Send(n_, kLead, 7, ++now_)); }
  void ReleaseNow(const std::string& bytes = "pack") {
    model::ReleasedPack pack;
    pack.edition = 7;
    pack.content_sha256 = std::string(32, 'h');
    Step(Release(n_, kLead, std::move(pack), bytes, ++now_));
  }

  model::Negotiation n_;
  int64_t now_ = kStart;
};

TEST_F(MovesTest, WhoOpensIsTheFirstMemberAndLeads) {
  EXPECT_EQ(n_.state, State::kOpen);
  EXPECT_EQ(n_.link_authority, kLead);
  EXPECT_THAT(n_.ActiveMembers(), ElementsAre(kLead));
  EXPECT_EQ(n_.members[0].consent_unix_micros, kStart);
}

TEST_F(MovesTest, ConsentIsRecordedOnceAndKeptWhenWithdrawn) {
  Step(Join(n_, CouncilNo{2}, kStart + 10));
  const model::Negotiation joined = n_;
  Step(Join(n_, CouncilNo{2}, kStart + 20));
  EXPECT_EQ(n_, joined);
  Step(Withdraw(n_, CouncilNo{2}, kStart + 30));
  EXPECT_FALSE(n_.IsMember(CouncilNo{2}));
  EXPECT_FALSE(InCircle(n_, CouncilNo{2}));
  ASSERT_EQ(n_.members.size(), 2u);
  EXPECT_EQ(n_.members[1].consent_unix_micros, kStart + 10);
  EXPECT_EQ(n_.members[1].withdraw_unix_micros, kStart + 30);
  const model::Negotiation withdrawn = n_;
  Step(Withdraw(n_, CouncilNo{2}, kStart + 40));
  EXPECT_EQ(n_, withdrawn);
  Step(Join(n_, CouncilNo{2}, kStart + 50));
  ASSERT_EQ(n_.members.size(), 3u);
  EXPECT_TRUE(n_.IsMember(CouncilNo{2}));
  Step(Withdraw(n_, CouncilNo{2}, kStart + 60));
  EXPECT_EQ(n_.members[1].withdraw_unix_micros, kStart + 30);
  EXPECT_EQ(n_.members[2].withdraw_unix_micros, kStart + 60);
}

TEST_F(MovesTest, EndorsementsOfAFormerMemberAreGone) {
  JoinUpTo(3);
  Step(Propose(n_, CouncilNo{2}, "No extras", ++now_));
  EndorseBy(1, 3, 3);
  EXPECT_THAT(n_.positions[0].endorsed_by, ElementsAre(CouncilNo{2}, CouncilNo{3}));
  Step(Withdraw(n_, CouncilNo{2}, ++now_));
  EXPECT_THAT(n_.positions[0].endorsed_by, ElementsAre(CouncilNo{3}));
  EXPECT_EQ(n_.positions[0].proposed_by, CouncilNo{2});
}

TEST_F(MovesTest, TheLeadPassesToWhoJoinedFirstAndTheLastOneEndsIt) {
  JoinUpTo(3);
  Step(Withdraw(n_, kLead, ++now_));
  EXPECT_EQ(n_.link_authority, CouncilNo{2});
  EXPECT_THAT(Close(n_, kLead, now_),
              Refused(absl::StatusCode::kPermissionDenied, "NOT_LINK_AUTHORITY"));
  Step(Withdraw(n_, CouncilNo{3}, ++now_));
  EXPECT_EQ(n_.link_authority, CouncilNo{2});
  Step(Withdraw(n_, CouncilNo{2}, ++now_));
  EXPECT_EQ(n_.state, State::kClosed);
}

TEST_F(MovesTest, OnlyMembersProposeAndEndorse) {
  EXPECT_THAT(Propose(n_, CouncilNo{9}, "x", now_),
              Refused(absl::StatusCode::kPermissionDenied, "NOT_A_MEMBER"));
  Step(Propose(n_, kLead, "No extras", now_));
  EXPECT_THAT(Endorse(n_, CouncilNo{9}, 1, false, now_),
              Refused(absl::StatusCode::kPermissionDenied, "NOT_A_MEMBER"));
  EXPECT_THAT(Withdraw(n_, CouncilNo{9}, now_),
              Refused(absl::StatusCode::kPermissionDenied, "NOT_A_MEMBER"));
  for (const int32_t number : {0, -1, 2}) {
    EXPECT_THAT(Endorse(n_, kLead, number, false, now_),
                Refused(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  }
}

TEST_F(MovesTest, AnEndorsementCountsOnceAndCanBeTakenBack) {
  Step(Propose(n_, kLead, "No extras", ++now_));
  const model::Negotiation proposed = n_;
  Step(Endorse(n_, kLead, 1, false, ++now_));
  EXPECT_EQ(n_, proposed);
  Step(Endorse(n_, kLead, 1, true, ++now_));
  EXPECT_THAT(n_.positions[0].endorsed_by, IsEmpty());
  const model::Negotiation taken_back = n_;
  Step(Endorse(n_, kLead, 1, true, ++now_));
  EXPECT_EQ(n_, taken_back);
}

TEST_F(MovesTest, PositionsEnd) {
  for (size_t i = 0; i < model::kMaxPositions; ++i) Step(Propose(n_, kLead, "x", ++now_));
  EXPECT_EQ(n_.positions.back().number, 50);
  EXPECT_THAT(Propose(n_, kLead, "x", now_),
              Refused(absl::StatusCode::kFailedPrecondition, "POSITIONS_FULL"));
}

TEST_F(MovesTest, SendingNeedsAQuorumAndTheLead) {
  JoinUpTo(2);
  const absl::Status refused = CheckSend(n_, kLead);
  EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(refused.message(), "A pack needs 3 members and there are 2; 1 more must join.");
  EXPECT_THAT(Send(n_, kLead, 7, now_),
              Refused(absl::StatusCode::kFailedPrecondition, "QUORUM_MISSING"));
  JoinUpTo(3);
  EXPECT_THAT(Send(n_, CouncilNo{2}, 7, now_),
              Refused(absl::StatusCode::kPermissionDenied, "NOT_LINK_AUTHORITY"));
  SendDraft();
  EXPECT_EQ(n_.state, State::kWithProvider);
  EXPECT_EQ(n_.reply->edition, 7);
  EXPECT_EQ(n_.reply->due_unix_micros - n_.reply->send_unix_micros, 14 * 86'400'000'000);
  EXPECT_THAT(Send(n_, kLead, 8, now_),
              Refused(absl::StatusCode::kFailedPrecondition, "ALREADY_SENT"));
}

TEST_F(MovesTest, APackIsNotReleasedBeforeTheProviderRepliedOrItsDaysAreOver) {
  JoinUpTo(3);
  EXPECT_THAT(Release(n_, kLead, {}, "pack", now_),
              Refused(absl::StatusCode::kFailedPrecondition, "NOT_SENT"));
  now_ = kStart;
  Step(Send(n_, kLead, 7, kStart));
  const int64_t due = kStart + model::kReplyMicros;
  const absl::Status refused = CheckRelease(n_, kLead, due - 1);
  EXPECT_EQ(rpc::error::ReasonOf(refused), "REPLY_DUE");
  EXPECT_EQ(refused.message(),
            "The provider got the draft on 2 February 2026, 02:40 UTC and may reply until "
            "16 February 2026, 02:40 UTC; release the pack after that, or once its reply is "
            "recorded.");
  EXPECT_OK(CheckRelease(n_, kLead, due));
  Step(RecordReply(n_, kLead, "We disagree.", ++now_));
  EXPECT_OK(CheckRelease(n_, kLead, now_));
  EXPECT_THAT(Release(n_, CouncilNo{2}, {}, "pack", now_),
              Refused(absl::StatusCode::kPermissionDenied, "NOT_LINK_AUTHORITY"));
  ReleaseNow();
  EXPECT_EQ(n_.state, State::kReleased);
  EXPECT_EQ(n_.reply->text, "We disagree.");
  ASSERT_EQ(n_.packs.size(), 1u);
  EXPECT_EQ(n_.packs[0].number, 1);
  EXPECT_EQ(n_.packs[0].release_unix_micros, now_);
  EXPECT_EQ(n_.pack_bytes, "pack");
}

TEST_F(MovesTest, AllThatIsMissingIsSaidAtOnce) {
  JoinUpTo(3);
  Step(Send(n_, kLead, 7, now_));
  Step(Withdraw(n_, CouncilNo{3}, ++now_));
  const absl::Status refused = CheckRelease(n_, kLead, now_);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("may reply until"));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("1 more must join"));
}

TEST_F(MovesTest, AReplyNeedsADraft) {
  JoinUpTo(3);
  EXPECT_THAT(RecordReply(n_, kLead, "No.", now_),
              Refused(absl::StatusCode::kFailedPrecondition, "NOT_SENT"));
  SendDraft();
  EXPECT_THAT(RecordReply(n_, CouncilNo{2}, "No.", now_),
              Refused(absl::StatusCode::kPermissionDenied, "NOT_LINK_AUTHORITY"));
  Step(RecordReply(n_, kLead, "No.", ++now_));
  Step(RecordReply(n_, kLead, "No, and here is why.", ++now_));
  EXPECT_EQ(n_.reply->text, "No, and here is why.");
  ReleaseNow();
  EXPECT_THAT(RecordReply(n_, kLead, "More.", now_),
              Refused(absl::StatusCode::kFailedPrecondition, "NOT_SENT"));
}

TEST_F(MovesTest, APackHoldsPositionsWithAQuorumThatTheProviderSaw) {
  JoinUpTo(4);
  for (const char* text : {"Seen", "Too few", "Later"}) Step(Propose(n_, kLead, text, ++now_));
  EndorseBy(1, 2, 3);
  EndorseBy(2, 2, 2);
  SendDraft();
  EXPECT_THAT(n_.reply->positions, ElementsAre(1));
  EndorseBy(3, 2, 4);
  ASSERT_EQ(PackPositions(n_).size(), 1u);
  EXPECT_EQ(PackPositions(n_)[0].text, "Seen");
  Step(Withdraw(n_, CouncilNo{3}, ++now_));
  EXPECT_THAT(PackPositions(n_), IsEmpty());
}

TEST_F(MovesTest, AReleasedNegotiationGoesIntoItsNextRound) {
  JoinUpTo(3);
  SendDraft();
  Step(RecordReply(n_, kLead, "No.", ++now_));
  ReleaseNow();
  const model::Negotiation released = n_;
  Step(Propose(n_, kLead, "Again", ++now_));
  EXPECT_EQ(n_.state, State::kOpen);
  EXPECT_EQ(n_.pack_bytes, "");
  EXPECT_THAT(Release(n_, kLead, {}, "", now_),
              Refused(absl::StatusCode::kFailedPrecondition, "NOT_SENT"));
  SendDraft();
  EXPECT_EQ(n_.reply->text, "");
  EXPECT_EQ(n_.reply->reply_unix_micros, 0);
  Step(RecordReply(n_, kLead, "Yes.", ++now_));
  ReleaseNow("second");
  EXPECT_EQ(n_.packs[1].number, 2);
  EXPECT_EQ(n_.pack_bytes, "second");

  n_ = released;
  Step(Join(n_, CouncilNo{4}, ++now_));
  EXPECT_EQ(n_.state, State::kOpen);
  n_ = released;
  SendDraft();
  EXPECT_EQ(n_.state, State::kWithProvider);
}

TEST_F(MovesTest, NothingIsDoneInAClosedOneButLeaving) {
  JoinUpTo(3);
  Step(Propose(n_, kLead, "No extras", ++now_));
  EXPECT_TRUE(InCircle(n_, kLead));
  EXPECT_THAT(Close(n_, CouncilNo{2}, now_),
              Refused(absl::StatusCode::kPermissionDenied, "NOT_LINK_AUTHORITY"));
  Step(Close(n_, kLead, ++now_));
  EXPECT_FALSE(InCircle(n_, kLead));
  const model::Negotiation closed = n_;
  Step(Close(n_, kLead, ++now_));
  EXPECT_EQ(n_, closed);
  for (const Moved& moved : {Join(n_, CouncilNo{9}, now_), Propose(n_, kLead, "x", now_),
                             Endorse(n_, kLead, 1, true, now_), Send(n_, kLead, 7, now_),
                             RecordReply(n_, kLead, "x", now_), Release(n_, kLead, {}, "", now_)}) {
    EXPECT_THAT(moved, Refused(absl::StatusCode::kFailedPrecondition, "NEGOTIATION_CLOSED"));
  }
  Step(Withdraw(n_, CouncilNo{2}, ++now_));
  EXPECT_FALSE(n_.IsMember(CouncilNo{2}));
}

}  // namespace
}  // namespace steelyard::negotiations
