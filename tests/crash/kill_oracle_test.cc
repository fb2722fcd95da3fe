// The control of the kill loop: what its oracle reports when it is shown a
// store that lost, doubled or half saved something.

#include "tests/crash/kill_oracle.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/demo/random.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/text.h"
#include "tests/crash/kill_lines.h"

namespace steelyard::crash {
namespace {

constexpr char kCouncil[] = "councils/hck";

std::string ReceiptName(int number) { return absl::StrCat(kCouncil, "/submissions/", number); }

// A store as it should be: keeps commits and says what it has.
class HonestStore {
 public:
  void Take(const Commit& commit) {
    v1::Submission& receipt = reading_.submissions.emplace_back();
    for (const v1::Purchase& change : commit.changes) {
      v1::Purchase* line = Find(change.reference());
      if (line == nullptr) {
        line = &reading_.lines.emplace_back();
        ++reading_.active_lines;
        receipt.set_created_lines(receipt.created_lines() + 1);
      } else {
        receipt.set_corrected_lines(receipt.corrected_lines() + 1);
      }
      const int revision = line->revision() + 1;
      *line = change;
      line->set_name(absl::StrCat(kCouncil, "/purchases/", change.reference()));
      line->set_revision(revision);
      line->set_submission(commit.submission);
    }
    receipt.set_name(commit.submission);
    receipt.set_state(v1::Submission::COMMITTED);
    receipt.set_received_lines(static_cast<int64_t>(commit.changes.size()));
    receipt.set_sequence(static_cast<int64_t>(reading_.submissions.size()));
    receipt.set_content_sha256(HexOf(Sha256(commit.submission)));
    ByteWriter chained;
    chained.Raw(running_).Fixed64(reading_.submissions.size()).Raw(Sha256(commit.submission));
    running_ = Sha256(chained.str());
    receipt.set_running_sha256(HexOf(running_));
  }

  v1::Purchase* Find(const std::string& reference) {
    for (v1::Purchase& line : reading_.lines) {
      if (line.reference() == reference) return &line;
    }
    return nullptr;
  }
  Reading& reading() { return reading_; }

 private:
  Reading reading_;
  std::string running_;
};

// Five lines sent whole, a line created and corrected, all acknowledged; then
// three lines sent whole that were not.
class KillOracleTest : public ::testing::Test {
 protected:
  KillOracleTest() {
    Send({lines_.New(), lines_.New(), lines_.New(), lines_.New(), lines_.New()}, true);
    Send({lines_.New()}, true);
    Send({lines_.Correction()}, true);
    corrected_ = commits_.back().changes[0].reference();
    Send({lines_.New(), lines_.New(), lines_.New()}, false);
  }

  void Send(std::vector<v1::Purchase> changes, bool acknowledge) {
    Commit& commit = commits_.emplace_back();
    commit.council = kCouncil;
    commit.submission = ReceiptName(static_cast<int>(commits_.size()));
    commit.changes = std::move(changes);
    const size_t number = oracle_.Begin(commit);
    if (acknowledge) oracle_.Acknowledge(number);
  }
  // A store that has the first `commits` of them.
  HonestStore StoreOf(size_t commits) const {
    HonestStore store;
    for (size_t i = 0; i < commits; ++i) store.Take(commits_[i]);
    return store;
  }
  // Kinds of what is found in the store of all of them after `tamper`.
  std::string Found(const std::function<void(HonestStore&)>& tamper, size_t commits = 4) const {
    HonestStore store = StoreOf(commits);
    tamper(store);
    return KindsOf(oracle_.Check(kCouncil, store.reading()));
  }
  static std::string KindsOf(const Findings& found) {
    std::vector<std::string> kinds;
    if (found.lost > 0) kinds.push_back("lost");
    if (found.doubled > 0) kinds.push_back("doubled");
    if (found.half_saved > 0) kinds.push_back("half saved");
    return absl::StrJoin(kinds, " and ");
  }
  static void Erase(HonestStore& store, size_t line) {
    store.reading().lines.erase(store.reading().lines.begin() + static_cast<int64_t>(line));
    --store.reading().active_lines;
  }

  Lines lines_{demo::Random(7), kCouncil, "w"};
  std::vector<Commit> commits_;
  std::string corrected_;
  Oracle oracle_;
};

TEST_F(KillOracleTest, FindsNothingInAnHonestStore) {
  EXPECT_EQ(Found([](HonestStore&) {}), "");
  EXPECT_EQ(Found([](HonestStore&) {}, 3), "") << "what was not acknowledged may be absent";
  EXPECT_EQ(oracle_.acknowledged_lines(), 7);
  EXPECT_EQ(oracle_.open_commits(), 1);
}

TEST_F(KillOracleTest, ReportsWhatIsLost) {
  EXPECT_EQ(Found([](HonestStore& s) { Erase(s, 2); }), "lost");
  EXPECT_EQ(Found([](HonestStore&) {}, 2), "lost") << "an acknowledged correction";
  EXPECT_EQ(Found([](HonestStore&) {}, 0), "lost");
  EXPECT_EQ(Found([&](HonestStore& s) {
              const v1::Purchase older = *StoreOf(2).Find(corrected_);
              *s.Find(corrected_) = older;
            }),
            "lost");
  EXPECT_EQ(Found([](HonestStore& s) {
              s.reading().submissions[0].set_received_lines(4);
              s.reading().submissions[0].set_created_lines(4);
            }),
            "lost");
  EXPECT_EQ(Found([](HonestStore& s) { s.reading().submissions.pop_back(); }, 3), "lost");
}

TEST_F(KillOracleTest, ReportsWhatIsDoubled) {
  EXPECT_EQ(Found([](HonestStore& s) {
              s.reading().lines.push_back(s.reading().lines[1]);
              ++s.reading().active_lines;
            }),
            "doubled");
  EXPECT_EQ(Found([&](HonestStore& s) { s.Find(corrected_)->set_revision(3); }), "doubled");
  EXPECT_EQ(Found([](HonestStore& s) {
              s.reading().submissions[0].set_received_lines(10);
              s.reading().submissions[0].set_unchanged_lines(5);
            }),
            "doubled");
  EXPECT_EQ(
      Found([](HonestStore& s) { s.reading().submissions.push_back(s.reading().submissions[1]); }),
      "doubled");
}

TEST_F(KillOracleTest, ReportsWhatIsHalfSaved) {
  const auto half_saved = "half saved";
  EXPECT_EQ(Found([](HonestStore& s) { s.reading().lines[0].clear_quality(); }), half_saved);
  EXPECT_EQ(Found([](HonestStore& s) { s.reading().lines[0].mutable_deliveries()->RemoveLast(); }),
            half_saved);
  EXPECT_EQ(Found([](HonestStore& s) { s.reading().lines[0].set_state(v1::Purchase::WITHDRAWN); }),
            half_saved);
  EXPECT_EQ(Found([](HonestStore& s) { s.reading().lines[0].set_submission(ReceiptName(2)); }),
            half_saved);
  EXPECT_EQ(Found([](HonestStore& s) { s.reading().active_lines = 0; }), half_saved);
  EXPECT_EQ(Found([](HonestStore& s) { s.reading().submissions[1].set_running_sha256("00"); }),
            half_saved);
  EXPECT_EQ(
      Found([](HonestStore& s) { s.reading().submissions[3].set_state(v1::Submission::OPEN); }),
      half_saved);
}

TEST_F(KillOracleTest, ReportsPartOfACommitThatWasNotAcknowledged) {
  EXPECT_EQ(Found([](HonestStore& s) { Erase(s, s.reading().lines.size() - 1); }), "half saved");
}

TEST_F(KillOracleTest, ReportsALineThatWasNotToBeTaken) {
  EXPECT_EQ(Found([&](HonestStore& s) {
              s.reading().lines.push_back(lines_.New());
              ++s.reading().active_lines;
            }),
            "half saved");
}

TEST_F(KillOracleTest, ReportsAGapInTheReceipts) {
  EXPECT_EQ(Found([](HonestStore& s) { s.reading().submissions[3].set_sequence(5); }),
            "lost and doubled");
}

TEST_F(KillOracleTest, ReportsAReceiptThatChanged) {
  oracle_.AcknowledgeReceipt(StoreOf(4).reading().submissions[0]);
  EXPECT_EQ(Found([](HonestStore&) {}), "");
  EXPECT_EQ(Found([](HonestStore& s) { s.reading().submissions[0].set_warnings(1); }),
            "half saved");
}

TEST_F(KillOracleTest, ReportsAFormerVersionThatChanged) {
  const v1::Purchase now = *StoreOf(4).Find(corrected_);
  v1::Purchase then = *StoreOf(2).Find(corrected_);
  ASSERT_EQ(now.revision(), 2);
  EXPECT_TRUE(oracle_.CheckHistory(kCouncil, {now, then}).empty());
  EXPECT_EQ(KindsOf(oracle_.CheckHistory(kCouncil, {now})), "half saved");
  then.set_packs(then.packs() + 1);
  EXPECT_EQ(KindsOf(oracle_.CheckHistory(kCouncil, {now, then})), "half saved");
}

}  // namespace
}  // namespace steelyard::crash
