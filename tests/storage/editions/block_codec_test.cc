#include "storage/editions/block_codec.h"

#include <functional>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/text.h"
#include "tests/storage/editions/samples.h"
#include "tests/support/status_matchers.h"

namespace steelyard::editions {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;

std::string Encoded(const YearBlock& block) {
  const auto bytes = EncodeBlock(block);
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

YearBlock SmallBlock() {
  model::PurchaseFact a;
  a.council.value = 9;
  a.packs = 2;
  a.units = 200;
  a.unit_price_micros = 100'000;
  a.spend_micros = 20'000'003;
  a.lead_days = 5;
  a.has_delivery_data = a.due = a.on_time_in_full = true;
  a.delivered_packs = a.looked_at_packs = 2;
  model::PurchaseFact b = a;
  b.unit_price_micros = 120'000;
  b.spend_micros = 23'999'999;
  b.lead_days = -1;
  model::PurchaseFact c = a;
  c.council.value = 300;
  YearBlock block;
  block.series = {{70'000}, model::Currency::Gbp()};
  block.year = 2020;
  block.edition = 1'000;
  block.policy_version = 2;
  Run& run = block.runs.emplace_back();
  const model::Month april = *model::Month::FromYm(2020, 4);
  run.layout.period = {april, april.Plus(2)};
  run.layout.month_groups = {run.layout.period};
  run.layout.blocks = {{{1}, {4}}};
  run.layout.type_groups = {{"county"}};
  run.cells = {{testing::AtomOf({a, b, c})}};
  run.types = {Atom{}};
  run.layout.sellers = {{{5}, {{5}, {7}}, false}, {{304}, {{6}}, true}};
  run.sellers = {Atom{}, Atom{}};
  run.delivery.areas = {{{1}, {4}}};
  run.delivery.rows = {{3, 1, 40, 38, 0, 0}};
  run.delivery.sellers = {{{304}, {2, 1, 0, 0, 0, 0}}};
  run.delivery.said = {{{9}, {5}, {1, 0, 0, 0, 0, 0}},
                       {{9}, {6}, {1, 1, 0, 0, 0, 0}},
                       {{172}, {6}, {1, 0, 40, 38, 0, 0}}};
  return block;
}

// Frozen on disk: if this fails, blocks already written can no longer be read.
TEST(BlockCodecTest, WritesTheGrammarOfVersionThree) {
  const std::string golden =
      "03f0a204d038"  // version, product 70,000, GBP
      "e40fe80704"    // 2020, edition 1,000, policy 2
      "01"            // one run
      "0302010302"    // April, 3 months; one month group of the same
      "0102010300"    // one block, of areas 1 and 4; no rows
      "0101"          // one type group, of one type
      "06636f756e7479"
      "02"          // two sellers
      "0500020502"  // 5, not named, of suppliers 5 and 7
      "ab02010106"  // 304, named, of supplier 6
      "03"          // 3 lines
      "c19a0c00"    // 100,000 twice
      "c0b802"      // and 20,000 more
      "020b00"      // two lead times, 5 twice
      "02"          // two councils
      "0901900384a4e80300020100"
      "a30200c801060001"
      "00"                  // no line of the type group
      "0000"                // or of the sellers
      "01020103"            // deliveries of one row, of areas 1 and 4
      "030128260000"        // due, on time, and packs
      "01b002020100000000"  // one seller
      "03"                  // three that said so
      "0905010000000000"
      "0001010100000000"
      "a30106010028260000";
  const std::string bytes = Encoded(SmallBlock());
  EXPECT_EQ(HexOf(bytes.substr(0, bytes.size() - 4)), golden);
  EXPECT_EQ(Sealed(bytes), bytes);
  const auto back = DecodeBlock(bytes);
  ASSERT_OK(back);
  EXPECT_EQ(*back, SmallBlock());
}

TEST(BlockCodecTest, ReadsBlocksOfVersionOne) {
  const std::string body = absl::HexStringToBytes(
      "01f0a204d038e40fe80704010302010302010201030001"
      "0106636f756e747903c19a0c00c0b802020b00030306060600"
      "020901900384a4e80300020100a30200c80106000100");
  YearBlock expected = SmallBlock();
  expected.runs[0].layout.sellers.clear();
  expected.runs[0].sellers.clear();
  expected.runs[0].delivery = {};
  const auto back = DecodeBlock(Sealed(body + "crc!"));
  ASSERT_OK(back);
  EXPECT_EQ(*back, expected);
}

TEST(BlockCodecTest, ReadsBlocksOfVersionTwo) {
  const std::string body = absl::HexStringToBytes(
      "02f0a204d038e40fe80704010302010302010201030001"
      "0106636f756e7479020500020502ab0201010603c19a0c00c0b802020b00030306060600"
      "020901900384a4e80300020100a30200c801060001000000");
  YearBlock expected = SmallBlock();
  expected.runs[0].delivery = {};
  const auto back = DecodeBlock(Sealed(body + "crc!"));
  ASSERT_OK(back);
  EXPECT_EQ(*back, expected);
}

TEST(BlockCodecTest, ReadsBackWhatItWrote) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    testing::Random random(seed);
    const YearBlock block = testing::RandomBlock(random, static_cast<int>(seed * seed / 8));
    const auto back = DecodeBlock(Encoded(block));
    ASSERT_OK(back) << seed;
    EXPECT_EQ(*back, block) << seed;
  }
}

TEST(BlockCodecTest, ReadsBackTheLargestValues) {
  YearBlock block = SmallBlock();
  Atom& atom = block.runs[0].cells[0][0];
  atom = Atom{};
  atom.lines = 2;
  atom.unit_prices = {0, std::numeric_limits<int64_t>::max()};
  atom.lead_days = {0, std::numeric_limits<int32_t>::max()};
  block.runs[0].delivery.rows[0].ordered_packs = std::numeric_limits<int64_t>::max();
  block.runs[0].delivery.said[2].supplier.value = 0xFFFFFFFF;
  block.runs[0].delivery.said[2].council.value = 0xFFFF;
  CouncilSum c{{65'535}, 2, kMaxAtomSum - 1, 0, 0, atom.unit_prices[1], 0, atom.lead_days[1]};
  atom.councils = {c};
  atom.units = c.units;
  EXPECT_EQ(*DecodeBlock(Encoded(block)), block);
  atom.councils[0].min_unit_price = atom.unit_prices[1];
  atom.councils[0].spend_micros = atom.spend_micros = kMaxAtomSum - 1;
  EXPECT_EQ(*DecodeBlock(Encoded(block)), block);
}

TEST(BlockCodecTest, FindsEveryFlippedBit) {
  const std::string bytes = Encoded(SmallBlock());
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    EXPECT_THAT(DecodeBlock(damaged), StatusIs(absl::StatusCode::kDataLoss)) << bit;
  }
}

TEST(BlockCodecTest, FindsEveryCut) {
  const std::string bytes = Encoded(SmallBlock());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodeBlock(bytes.substr(0, size)), StatusIs(absl::StatusCode::kDataLoss));
  }
  EXPECT_THAT(DecodeBlock(bytes + '\0'), StatusIs(absl::StatusCode::kDataLoss));
}

// Damage under a checksum made right again must still give a clean error or a
// block that is as block.h says.
TEST(BlockCodecTest, SurvivesDamageUnderARightChecksum) {
  testing::Random random(5);
  int readable = 0;
  int refused = 0;
  for (const YearBlock& block : {SmallBlock(), testing::RandomBlock(random, 12)}) {
    const std::string bytes = Encoded(block);
    for (size_t i = 0; i < bytes.size() - 4; ++i) {
      for (int value : {0x00, 0x01, 0x7F, 0x80, 0xFF, bytes[i] ^ 0x01, bytes[i] ^ 0x40}) {
        std::string damaged = bytes;
        damaged[i] = static_cast<char>(value);
        const auto back = DecodeBlock(Sealed(damaged));
        if (back.ok()) {
          EXPECT_OK(CheckBlock(*back));
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

TEST(BlockCodecTest, RefusesAnUnknownVersion) {
  std::string bytes = Encoded(SmallBlock());
  bytes[0] = 4;
  EXPECT_THAT(DecodeBlock(Sealed(bytes)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("version")));
}

TEST(BlockCodecTest, RefusesToWriteWhatIsNotSound) {
  const std::vector<std::pair<std::string, std::function<void(YearBlock&)>>> wrongs = {
      {"edition", [](YearBlock& b) { b.edition = 0; }},
      {"year", [](YearBlock& b) { b.year = 1999; }},
      {"runs", [](YearBlock& b) { b.runs.push_back(b.runs[0]); }},
      {"runs", [](YearBlock& b) { b.year = 2021; }},
      {"month groups", [](YearBlock& b) { b.runs[0].layout.month_groups[0].last.number += 1; }},
      {"layout", [](YearBlock& b) { b.runs[0].cells.clear(); }},
      {"layout", [](YearBlock& b) { b.runs[0].cells[0].clear(); }},
      {"layout", [](YearBlock& b) { b.runs[0].rows.emplace_back(); }},
      {"group",
       [](YearBlock& b) {
         b.runs[0].layout.blocks[0] = {{4}, {4}};
       }},
      {"price a line", [](YearBlock& b) { b.runs[0].cells[0][0].lines = 2; }},
      {"ascend", [](YearBlock& b) { b.runs[0].cells[0][0].unit_prices[0] = 999'999; }},
      {"price below", [](YearBlock& b) { b.runs[0].cells[0][0].unit_prices[0] = -1; }},
      {"lead times", [](YearBlock& b) { b.runs[0].cells[0][0].lead_days.resize(4, 9); }},
      {"delivery", [](YearBlock& b) { b.runs[0].delivery.rows[0].due_lines = -1; }},
      {"delivery", [](YearBlock& b) { b.runs[0].delivery.said[1].totals.due_lines = -1; }},
      {"layout", [](YearBlock& b) { b.runs[0].delivery.rows.clear(); }},
      {"no area",
       [](YearBlock& b) {
         b.runs[0].delivery.areas.clear();
         b.runs[0].delivery.rows.clear();
       }},
      {"deliveries do not ascend",
       [](YearBlock& b) { std::swap(b.runs[0].delivery.said[0], b.runs[0].delivery.said[1]); }},
      {"fit the atom", [](YearBlock& b) { b.runs[0].cells[0][0].councils[0].min_unit_price += 1; }},
      {"sum of", [](YearBlock& b) { b.runs[0].cells[0][0].councils[0].units += 1; }},
      {"sum of", [](YearBlock& b) { b.runs[0].cells[0][0].councils.pop_back(); }},
      {"councils", [](YearBlock& b) { b.runs[0].cells[0][0].councils[1].council.value = 9; }},
  };
  for (const auto& [words, spoil] : wrongs) {
    YearBlock block = SmallBlock();
    spoil(block);
    EXPECT_THAT(EncodeBlock(block), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(words)));
  }
}

TEST(BlockCodecTest, TakesAtMostFiveBytesALineInFullAtoms) {
  testing::Random random(3);
  YearBlock block = SmallBlock();
  block.runs[0].cells[0][0] = testing::RandomAtom(random, 5'000, 50);
  EXPECT_LE(Encoded(block).size(), 5'000 * 5);
}

}  // namespace
}  // namespace steelyard::editions
