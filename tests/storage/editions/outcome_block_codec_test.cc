#include "storage/editions/outcome_block_codec.h"

#include <functional>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/text.h"
#include "tests/storage/editions/outcome_samples.h"
#include "tests/support/status_matchers.h"

namespace steelyard::editions {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;

std::string Encoded(const OutcomeBlock& block) {
  const auto bytes = EncodeOutcomeBlock(block);
  EXPECT_OK(bytes);
  return bytes.value_or("");
}

// Replaces the checksum by the right one.
std::string Sealed(std::string bytes) {
  bytes.resize(bytes.size() - 4);
  ByteWriter crc;
  crc.Fixed32(Crc32c(bytes));
  return bytes + crc.str();
}

OutcomeBlock SmallBlock() {
  model::OutcomeFact a;
  a.council.value = 9;
  a.placements = 12;
  a.ratings[0] = model::Level::kGood;
  a.ratings[3] = model::Level::kOther;
  a.spend_micros = 1'000;
  a.weekly_fee_micros = 300;
  a.weekly_extras_micros = 4;
  a.unplanned_endings = 1;
  a.referrals = 7;
  a.offers = 5;
  a.nearest_offer_meters = 200;
  a.no_alternative = 1;
  a.intention = model::Intention::kUndecided;
  a.priorities = {14, 2, 0, 0, 0};
  model::OutcomeFact b = a;
  b.council.value = 300;
  b.weekly_fee_micros = 310;
  b.nearest_offer_meters = -1;
  FacetSet facets = FacetSet().set();
  for (size_t p = 0; p < kPriorityCount; ++p) {
    facets[static_cast<size_t>(Facet::kPriorities) + p] = p == 1 || p == 13;
  }
  OutcomeAtomBuilder builder;
  builder.Add(a, facets);
  builder.Add(b, facets);
  OutcomeBlock block;
  block.service = model::Service::kSpecialSchools;
  block.year = 2020;
  block.number = 5;
  block.edition = 1'000;
  block.policy_version = 2;
  block.group = {ProviderGroup::Kind::kProvider, {70'000}};
  const model::Month april = *model::Month::FromYm(2020, 4);
  block.members = {{{70'000}, {april, april.Plus(2)}}};
  block.runs = {{{april, april.Plus(2)}, {{{1}, {4}}, {{2}}}, {builder.Build(), OutcomeAtom{}}}};
  return block;
}

// Frozen on disk: if this fails, blocks already written can no longer be read.
TEST(OutcomeBlockCodecTest, WritesTheGrammarOfVersionOne) {
  const std::string golden =
      "0103e40f05e80704"  // version, special schools, 2020, group 5, edition 1,000, policy 2
      "01f0a204"          // provider 70,000 by itself
      "01f0a2040302"      // it from April, 3 months
      "01030202020103"    // one run of the same months; areas 1 and 4,
      "0102"              // and 2
      "89fe8b8002"        // facets
      "02"                // two councils
      "09010ce8070c901cad0200c90100"
      "a302010ce8070c881db7020000"
      "020200000000"  // safeguarding: two councils, two good
      "020000000002"  // health: two other
      "02180a0e0202"  // endings, offers, no alternative
      "0000000002"    // intentions
      "0208020a"      // priorities 2 and 14
      "02ac020a"      // fees
      "1860"          // extras
      "01c801"        // nearest
      "0000";         // nothing in area 2
  const std::string bytes = Encoded(SmallBlock());
  EXPECT_EQ(HexOf(bytes.substr(0, bytes.size() - 4)), golden);
  EXPECT_EQ(Sealed(bytes), bytes);
  const auto back = DecodeOutcomeBlock(bytes);
  ASSERT_OK(back);
  EXPECT_EQ(*back, SmallBlock());
}

TEST(OutcomeBlockCodecTest, ReadsBackWhatItWrote) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    testing::Random random(seed);
    const OutcomeBlock block = testing::RandomOutcomeBlock(random, static_cast<int>(seed));
    const auto back = DecodeOutcomeBlock(Encoded(block));
    ASSERT_OK(back) << seed;
    EXPECT_EQ(*back, block) << seed;
  }
}

TEST(OutcomeBlockCodecTest, ReadsBackTheLargestValues) {
  OutcomeBlock block = SmallBlock();
  OutcomeAtom& atom = block.runs[0].atoms[0];
  atom.councils.resize(1);
  OutcomeCouncilSum& c = atom.councils[0];
  c.council.value = 65'535;
  c.reports = atom.reports = c.placements = atom.placements = kMaxOutcomeCount - 1;
  c.spend_micros = atom.spend_micros = kMaxAtomSum - 1;
  c.fee_micros = kMaxAtomSum - 1;
  c.max_fee_micros = kMaxOutcomeCount - 1;
  atom.weekly_fees = {0, kMaxOutcomeCount - 1};
  atom.ratings[0]->by_level[0] = kMaxOutcomeCount - 1;
  const auto back = DecodeOutcomeBlock(Encoded(block));
  ASSERT_OK(back);
  EXPECT_EQ(*back, block);
}

TEST(OutcomeBlockCodecTest, FindsEveryFlippedBitAndEveryCut) {
  const std::string bytes = Encoded(SmallBlock());
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_THAT(DecodeOutcomeBlock(damaged), StatusIs(absl::StatusCode::kDataLoss)) << bit;
  }
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodeOutcomeBlock(bytes.substr(0, size)), StatusIs(absl::StatusCode::kDataLoss));
  }
  EXPECT_THAT(DecodeOutcomeBlock(bytes + '\0'), StatusIs(absl::StatusCode::kDataLoss));
}

// Damage under a checksum made right again must still give a clean error or a
// block that is as its header says.
TEST(OutcomeBlockCodecTest, SurvivesDamageUnderARightChecksum) {
  testing::Random random(5);
  int readable = 0;
  int refused = 0;
  for (const OutcomeBlock& block : {SmallBlock(), testing::RandomOutcomeBlock(random, 12)}) {
    const std::string bytes = Encoded(block);
    for (size_t i = 0; i < bytes.size() - 4; ++i) {
      for (int value : {0x00, 0x01, 0x7F, 0x80, 0xFF, bytes[i] ^ 0x01, bytes[i] ^ 0x40}) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(value);
        const auto back = DecodeOutcomeBlock(Sealed(damaged));
        if (back.ok()) {
          EXPECT_OK(CheckOutcomeBlock(*back));
          ++readable;
        } else {
          EXPECT_THAT(back, StatusIs(absl::StatusCode::kDataLoss));
          ++refused;
        }
      }
    }
  }
  EXPECT_GT(readable, 0);
  EXPECT_GT(refused, 0);
}

TEST(OutcomeBlockCodecTest, RefusesAnUnknownVersion) {
  std::string bytes = Encoded(SmallBlock());
  bytes[0] = 2;
  EXPECT_THAT(DecodeOutcomeBlock(Sealed(bytes)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("version")));
}

TEST(OutcomeBlockCodecTest, RefusesToWriteWhatIsNotSound) {
  const std::vector<std::pair<std::string, std::function<void(OutcomeBlock&)>>> wrongs = {
      {"edition", [](OutcomeBlock& b) { b.edition = 0; }},
      {"year", [](OutcomeBlock& b) { b.year = 1999; }},
      {"group", [](OutcomeBlock& b) { b.number = 0; }},
      {"group", [](OutcomeBlock& b) { b.group.kind = ProviderGroup::Kind::kRest; }},
      {"member", [](OutcomeBlock& b) { b.members[0].quarters.first.number += 1; }},
      {"member", [](OutcomeBlock& b) { b.members[0].provider.value = 0; }},
      {"members", [](OutcomeBlock& b) { b.members.push_back(b.members[0]); }},
      {"runs", [](OutcomeBlock& b) { b.runs.push_back(b.runs[0]); }},
      {"runs", [](OutcomeBlock& b) { b.runs[0].period.last.number += 1; }},
      {"ascend", [](OutcomeBlock& b) { std::swap(b.runs[0].areas[0], b.runs[0].areas[1]); }},
      {"ascend", [](OutcomeBlock& b) { b.runs[0].areas[1].clear(); }},
      {"fit the areas", [](OutcomeBlock& b) { b.runs[0].atoms.pop_back(); }},
      {"sum of", [](OutcomeBlock& b) { b.runs[0].atoms[0].reports += 1; }},
      {"sum of", [](OutcomeBlock& b) { b.runs[0].atoms[0].spend_micros += 1; }},
      {"fit the atom", [](OutcomeBlock& b) { b.runs[0].atoms[0].spend_shown = false; }},
      {"fit the atom", [](OutcomeBlock& b) { b.runs[0].atoms[0].fees_shown = false; }},
      {"fit the atom", [](OutcomeBlock& b) { b.runs[0].atoms[0].nearest_shown = false; }},
      {"fit the atom", [](OutcomeBlock& b) { b.runs[0].atoms[0].councils[0].max_fee_micros = 0; }},
      {"councils", [](OutcomeBlock& b) { b.runs[0].atoms[0].councils[1].council.value = 9; }},
      {"rating", [](OutcomeBlock& b) { b.runs[0].atoms[0].ratings[0]->by_level[4] = -1; }},
      {"count", [](OutcomeBlock& b) { b.runs[0].atoms[0].endings->of = -1; }},
      {"priority", [](OutcomeBlock& b) { b.runs[0].atoms[0].priorities[1]->points = -1; }},
      {"values",
       [](OutcomeBlock& b) {
         b.runs[0].atoms[0].weekly_fees = {2, 1};
       }},
      {"extras", [](OutcomeBlock& b) { b.runs[0].atoms[0].extras_shown = false; }},
  };
  for (const auto& [words, spoil] : wrongs) {
    OutcomeBlock block = SmallBlock();
    spoil(block);
    EXPECT_THAT(EncodeOutcomeBlock(block),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(words)));
  }
}

}  // namespace
}  // namespace steelyard::editions
