#include "storage/ledger/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/text.h"
#include "tests/storage/ledger/open_ledger.h"

namespace steelyard::ledger {
namespace {

using codec::AuditPlace;
using engine::Family;
using ::testing::HasSubstr;

// A ledger with six entries: the registers, two commits and a commit of three
// looks (4, 4.1 and 4.2), then another commit.
class AuditTest : public LedgerTest {
 protected:
  void SetUp() override {
    LedgerTest::SetUp();
    ASSERT_OK(ledger_->Execute(Create('a', {Draft("PO-1", 10)})));
    ASSERT_OK(ledger_->Execute(Create('b', {Draft("PO-2", 10)})));
    ASSERT_OK(ledger_->Execute(Looks({"PO-1", "PO-2", "PO-3"})));
    ASSERT_OK(ledger_->Execute(Create('c', {Draft("PO-3", 10)})));
  }

  static RecordReads Looks(const std::vector<std::string>& references) {
    RecordReads command;
    command.meta = {kNow, "system"};
    for (const std::string& reference : references) {
      model::AuditEntry look;
      look.unix_micros = kNow - 5;
      look.principal = "t2";
      look.action = "GetPurchase";
      look.resource = "councils/abc/purchases/" + reference;
      command.reads.push_back(std::move(look));
    }
    return command;
  }

  AuditReader audit() const { return AuditReader(*database_); }

  std::string Value(AuditPlace place) const {
    const auto bytes = database_->Get(Family::kAudit, codec::AuditKey(place.sequence, place.index));
    EXPECT_OK(bytes);
    return bytes->value_or("");
  }
  void Put(AuditPlace place, const std::string& value) {
    PutKey(codec::AuditKey(place.sequence, place.index), value);
  }
  void PutKey(const std::string& key, const std::string& value) {
    engine::Batch batch;
    batch.Put(Family::kAudit, key, value);
    ASSERT_OK(database_->Commit(std::move(batch)));
  }
  void Remove(AuditPlace place) {
    engine::Batch batch;
    batch.Delete(Family::kAudit, codec::AuditKey(place.sequence, place.index));
    ASSERT_OK(database_->Commit(std::move(batch)));
  }

  std::optional<AuditFault> Fault() const {
    const auto progress = audit().Verify({}, UINT64_MAX);
    EXPECT_OK(progress);
    return progress.ok() ? progress->fault : std::nullopt;
  }
  void ExpectFaultAt(AuditPlace place, const std::string& words) const {
    const auto fault = Fault();
    ASSERT_TRUE(fault.has_value());
    EXPECT_EQ(fault->place, place) << fault->words;
    EXPECT_THAT(fault->words, HasSubstr(words));
  }

  // The entry at `place` with another detail, its chain made to fit or not.
  std::string Altered(AuditPlace place, bool with_chain) const {
    auto entry = codec::DecodeAudit(codec::AuditKey(place.sequence, place.index), Value(place));
    EXPECT_OK(entry);
    entry->principal = "t9";
    if (with_chain) {
      const auto before = audit().ChainAt({place.sequence - 1, 0});
      entry->chain_sha256 = codec::ChainAudit(**before, *entry);
    }
    return codec::Encode(*entry);
  }
};

TEST_F(AuditTest, AnUntouchedAuditIsSoundAndCountsEveryEntry) {
  ASSERT_OK_AND_ASSIGN(const AuditProgress progress, audit().Verify({}, UINT64_MAX));
  EXPECT_TRUE(progress.at_end);
  EXPECT_EQ(progress.fault, std::nullopt);
  EXPECT_EQ(progress.walk.entries, 7u);
  EXPECT_EQ(progress.walk.place, (AuditPlace{5, 0}));
  EXPECT_EQ(progress.walk.chain_sha256, ledger_->state()->head.audit_sha256);
  Reopen();
  EXPECT_EQ(Fault(), std::nullopt);
}

TEST_F(AuditTest, ItCanBeWalkedInParts) {
  AuditWalk walk;
  AuditProgress progress;
  for (int i = 0; !progress.at_end; ++i) {
    ASSERT_LT(i, 10);
    ASSERT_OK_AND_ASSIGN(progress, audit().Verify(walk, 2));
    ASSERT_EQ(progress.fault, std::nullopt);
    walk = progress.walk;
  }
  EXPECT_EQ(walk.entries, 7u);
}

TEST_F(AuditTest, LooksStandWithWhoWhatAndWhenInTheirOwnOrder) {
  ASSERT_OK_AND_ASSIGN(const auto looks, audit().List({}, 10, [](const model::AuditEntry& entry) {
    return entry.action == "GetPurchase";
  }));
  ASSERT_EQ(looks.size(), 3u);
  EXPECT_EQ(looks[1].sequence, 4u);
  EXPECT_EQ(looks[1].index, 1u);
  EXPECT_EQ(looks[1].principal, "t2");
  EXPECT_EQ(looks[1].resource, "councils/abc/purchases/PO-2");
  EXPECT_EQ(looks[1].unix_micros, kNow - 5);
}

TEST_F(AuditTest, AListGoesOnWhereItStopped) {
  std::vector<AuditPlace> places;
  AuditPlace after;
  while (true) {
    std::optional<AuditPlace> stopped;
    ASSERT_OK_AND_ASSIGN(const auto page, audit().List(after, 2, {}, SIZE_MAX, &stopped));
    for (const auto& entry : page) places.push_back({entry.sequence, entry.index});
    if (!stopped) break;
    after = *stopped;
  }
  EXPECT_THAT(places, ::testing::ElementsAre(AuditPlace{1, 0}, AuditPlace{2, 0}, AuditPlace{3, 0},
                                             AuditPlace{4, 0}, AuditPlace{4, 1}, AuditPlace{4, 2},
                                             AuditPlace{5, 0}));
}

TEST_F(AuditTest, AnAlteredEntryIsNamed) {
  for (const AuditPlace place : {AuditPlace{1, 0}, AuditPlace{3, 0}, AuditPlace{4, 1}}) {
    const std::string before = Value(place);
    Put(place, Altered(place, false));
    ExpectFaultAt(place, "altered");
    Put(place, before);
  }
  EXPECT_EQ(Fault(), std::nullopt);
}

TEST_F(AuditTest, OneThatIsAlteredWithItsHashIsFoundByTheNext) {
  Put({3, 0}, Altered({3, 0}, true));
  ExpectFaultAt({4, 0}, "does not follow");
}

TEST_F(AuditTest, ARemovedEntryIsNamed) {
  const std::string third = Value({3, 0});
  Remove({3, 0});
  ExpectFaultAt({3, 0}, "entry 3 is missing");
  Put({3, 0}, third);
  const std::string look = Value({4, 2});
  Remove({4, 2});
  ExpectFaultAt({5, 0}, "the one before it was removed");
  Put({4, 2}, look);
  const std::string first = Value({1, 0});
  Remove({1, 0});
  ExpectFaultAt({1, 0}, "entry 1 is missing");
  Put({1, 0}, first);
  EXPECT_EQ(Fault(), std::nullopt);
}

TEST_F(AuditTest, AnEndThatIsCutOffIsFound) {
  Remove({5, 0});
  ExpectFaultAt({5, 0}, "ends before the ledger");
}

TEST_F(AuditTest, AnEntryPutInIsNamed) {
  Put({4, 3}, Value({4, 2}));
  ExpectFaultAt({4, 3}, "put in");
  Remove({4, 3});
  Put({4, 7}, Value({4, 2}));
  ExpectFaultAt({4, 7}, "put in");
  Remove({4, 7});
  Put({6, 0}, Value({5, 0}));
  ExpectFaultAt({6, 0}, "does not follow");
  Remove({6, 0});
  PutKey(codec::AuditKey(3) + '\1', Value({3, 0}));
  ExpectFaultAt({4, 0}, "never written");
}

TEST_F(AuditTest, EntriesThatChangedPlacesAreNamed) {
  const std::string second = Value({2, 0});
  Put({2, 0}, Value({3, 0}));
  Put({3, 0}, second);
  ExpectFaultAt({2, 0}, "does not follow");
}

TEST_F(AuditTest, AWholeChainMadeAnewDisagreesWithTheHead) {
  std::string chain = kChainStart;
  ASSERT_OK_AND_ASSIGN(const auto all, audit().List({}, 100));
  for (model::AuditEntry entry : all) {
    if (entry.sequence == 2) entry.principal = "t9";
    entry.chain_sha256 = chain = codec::ChainAudit(chain, entry);
    Put({entry.sequence, entry.index}, codec::Encode(entry));
  }
  ExpectFaultAt({5, 0}, "is not the one that was written last");
}

TEST_F(AuditTest, DamagedBytesAreNamedAndNotTakenForTheEnd) {
  Put({3, 0}, "\xff");
  ExpectFaultAt({3, 0}, "damaged");
}

// A store from before there was a chain: entries end with their detail, and
// the head with its lines.
TEST_F(AuditTest, EntriesFromBeforeTheChainAreReadAndChainedByWhatFollows) {
  engine::Batch batch;
  ASSERT_OK_AND_ASSIGN(const auto all, audit().List({}, 100));
  for (const model::AuditEntry& entry : all) {
    batch.Put(Family::kAudit, codec::AuditKey(entry.sequence, entry.index),
              codec::AuditBytes(entry));
  }
  codec::LedgerHead head = ledger_->state()->head;
  head.audit_sha256.clear();
  batch.Put(Family::kMeta, codec::LedgerHeadKey(), codec::Encode(head));
  ASSERT_OK(database_->Commit(std::move(batch)));
  Reopen();
  EXPECT_EQ(Fault(), std::nullopt);
  ASSERT_OK(ledger_->Execute(Create('d', {Draft("PO-4", 10)})));
  EXPECT_EQ(Fault(), std::nullopt);
  ASSERT_OK_AND_ASSIGN(const auto listed, audit().List({}, 100));
  EXPECT_EQ(listed[0].chain_sha256, "");
  EXPECT_EQ(listed.back().chain_sha256.size(), codec::kChainBytes);
  // What is altered before the chain shows at its first entry.
  model::AuditEntry second = listed[1];
  second.principal = "t9";
  Put({2, 0}, codec::Encode(second));
  ExpectFaultAt({6, 0}, "those before it");
}

TEST_F(AuditTest, LooksCountForNothingElse) {
  const auto before = ledger_->state();
  ASSERT_OK(ledger_->Execute(Looks({"PO-1"})));
  const auto after = ledger_->state();
  EXPECT_EQ(after->head.sequence, before->head.sequence + 1);
  EXPECT_EQ(after->head.lines, before->head.lines);
  EXPECT_EQ(after->documents_sequence, before->documents_sequence);
  ASSERT_OK(ledger_->Execute(RecordReads{}));
  EXPECT_EQ(ledger_->state()->head.sequence, after->head.sequence);
}

TEST_F(AuditTest, LastUsesOfTokensAreKept) {
  RecordReads uses;
  uses.meta = {kNow, "system"};
  uses.uses = {{"t1", 5}, {"t2", kNow}};
  ASSERT_OK(ledger_->Execute(uses));
  uses.uses = {{"t1", 9}};
  ASSERT_OK(ledger_->Execute(uses));
  Reopen();
  ASSERT_OK_AND_ASSIGN(const auto kept, ReadTokenUses(*database_));
  EXPECT_THAT(
      kept, ::testing::UnorderedElementsAre(::testing::Pair("t1", 9), ::testing::Pair("t2", kNow)));
  EXPECT_EQ(Fault(), std::nullopt);
}

// Frozen: others work the chain out, too (docs/audit.md).
TEST(AuditChainTest, TheHashIsOverTheOneBeforeTheKeyAndTheBytes) {
  const model::AuditEntry entry{9, 1, "t1", "CommitPurchases", "councils/abc", "3 lines"};
  EXPECT_EQ(HexOf(codec::AuditBytes(entry)),
            "02"
            "027431"
            "0f436f6d6d6974507572636861736573"
            "0c636f756e63696c732f616263"
            "0733206c696e6573");
  EXPECT_EQ(HexOf(codec::AuditKey(9, 2)), "000000000000000900000002");
  EXPECT_EQ(codec::DecodeAuditKey(codec::AuditKey(9)), (AuditPlace{9, 0}));
  EXPECT_EQ(codec::DecodeAuditKey(codec::AuditKey(9, 2)), (AuditPlace{9, 2}));
  EXPECT_EQ(codec::DecodeAuditKey(codec::AuditKey(9) + std::string(4, '\0')), std::nullopt);
  EXPECT_EQ(codec::DecodeAuditKey("short"), std::nullopt);
  EXPECT_EQ(HexOf(codec::ChainAudit(kChainStart, entry)),
            "104d5273f5dad45157742a948750b25b0852f86eb5935963b869ee8bc26d521a");
}

}  // namespace
}  // namespace steelyard::ledger
