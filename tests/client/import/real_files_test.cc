// Reads the files that councils and others really published. They are not part
// of the project; without them there is nothing to test.

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include "tests/client/import/support.h"

namespace steelyard::importing {
namespace {

std::string DataFolder() {
  const char* source = std::getenv("STEELYARD_SOURCE_DIR");
  return std::string(source == nullptr ? "." : source) + "/../shared/data/";
}

class RealFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(DataFolder())) {
      GTEST_SKIP() << "the folder ../shared/data with published files is not here";
    }
  }

  // Reads the file and prints what came of it.
  Imported Read(const std::string& file, const std::string& profile) {
    absl::StatusOr<Profile> loaded = LoadProfile(profile);
    EXPECT_OK(loaded);
    Imported all = ReadAll(Importer::Open(DataFolder() + file, *loaded));
    std::map<std::string, int> codes;
    for (const ImportedLine& line : all.lines) {
      rejected_ += line.rejected() ? 1 : 0;
      for (const auto& problem : line.problems) {
        ++codes[problem.code() + " " + problem.field()];
      }
    }
    std::cout << file << ": " << all.lines.size() << " lines, " << all.lines.size() - rejected_
              << " accepted, " << rejected_ << " rejected, " << all.skipped << " skipped, "
              << EncodingName(all.detected.encoding) << ", header on line "
              << all.detected.header_row << ", " << all.status << "\n";
    for (const auto& [code, count] : codes) {
      std::cout << "    " << code << ": " << count << "\n";
    }
    return all;
  }

  size_t rejected_ = 0;
};

TEST_F(RealFilesTest, ScmsLinesAreTakenOrRefusedWithAReason) {
  const Imported all = Read("prices_scms/scms_delivery_history_shared.csv.gz", "scms");
  ASSERT_OK(all.status);
  ASSERT_EQ(all.lines.size(), 6799u);
  EXPECT_EQ(all.skipped, 0);
  EXPECT_TRUE(all.detected.gzip);
  std::map<std::string, int> codes;
  for (const ImportedLine& line : all.lines) {
    for (const auto& problem : line.problems) {
      ++codes[problem.code() + " " + problem.field()];
    }
  }
  // 253 + 1177 + 169 rows know neither day; 13 have a pack price of 0; the 83
  // totals that differ do so by less than the rounding of the pack price.
  EXPECT_EQ(codes, (std::map<std::string, int>{{"VALUE_MISSING order_date", 1599},
                                               {"NUMBER_INVALID pack_price_micros", 13}}));
  EXPECT_EQ(rejected_, 1599u + 13 - 2);  // two rows have both faults

  const ImportedLine& first = all.lines[0];
  EXPECT_EQ(first.row, 2);
  EXPECT_EQ(first.council, "Côte d'Ivoire");
  EXPECT_EQ(first.purchase.product(), "HIV, Reveal G3 Rapid HIV-1 Antibody Test, 30 Tests");
  EXPECT_EQ(first.purchase.pack_price_micros(), 29'000'000);
  EXPECT_EQ(first.purchase.freight_micros(), 780'340'000);
  EXPECT_EQ(first.purchase.deliveries(0).packs(), 19);
  EXPECT_EQ(first.purchase.promised_date().month(), 6);
  EXPECT_THAT(MessagesOf(first),
              ::testing::ElementsAre("Row 2: PO Sent to Vendor Date is 'Date Not Captured', which "
                                     "stands for nothing, and the purchase needs it."));
}

TEST_F(RealFilesTest, ScmsDatesAgreeWithTheTruthTable) {
  // The month comes first: the original 11/9/09 is 9 November.
  const std::string path = DataFolder() + "prices_scms/scms_same_dates_in_three_copies.csv";
  const Imported all = ReadAll(Importer::Open(path, MustParse(R"(
name = "dates"
[file]
dates = ["m/d/yy", "d-Mon-yy"]
[fields]
reference = "ID"
product = { constant = "x" }
supplier = { constant = "x" }
order_date = "Scheduled Delivery Date [original]"
promised_date = "Delivered to Client Date [original]"
packs = { constant = "1" }
pack_content = { constant = "1" }
pack_price = { constant = "1" }
)")));
  ASSERT_OK(all.status);
  EXPECT_EQ(all.lines.size(), 717u);
  for (const ImportedLine& line : all.lines) {
    EXPECT_THAT(MessagesOf(line), ::testing::IsEmpty());
  }
}

TEST_F(RealFilesTest, MinasGeraisPurchasesKeepLineBreaksAndDecimalCommas) {
  const Imported all =
      Read("prices_ppe_minas_gerais/compras_emergenciais_covid19_mg_shared.csv", "minas-gerais");
  ASSERT_OK(all.status);
  EXPECT_EQ(all.lines.size(), 362u);
  EXPECT_EQ(all.detected.delimiter, ';');
  size_t no_packs = 0, scientific = 0, repeated = 0;
  for (const ImportedLine& line : all.lines) {
    no_packs += line.fields[29] == "0" ? 1 : 0;
    repeated += line.rejected() && line.problems[0].code() == "REFERENCE_REPEATED" ? 1 : 0;
    scientific += line.fields[29] == "1e+05" && line.purchase.packs() == 100'000 ? 1 : 0;
  }
  EXPECT_EQ(no_packs, 34u);
  EXPECT_GT(scientific, 0u);
  // One contract may order one thing twice.
  std::cout << repeated << " lines of a contract and thing that came before\n";
  EXPECT_GT(repeated, 0u);
  EXPECT_GE(rejected_ - repeated, no_packs);
  EXPECT_LE(rejected_ - repeated, no_packs + 3);  // three lots without a bid
  EXPECT_EQ(all.lines[0].purchase.pack_price_micros(), 780'098'100'000);
}

// What one of the nine layouts holds, and its first line.
struct Spend {
  const char* file;
  Encoding encoding;
  int64_t header_row;
  size_t lines;
  const char* supplier;
  int64_t amount_micros;
  int year, month, day;
};
constexpr Spend kSpend[] = {
    {"1700664724wpdm_May-2023-csv", Encoding::kUtf8, 2, 572, "GUARDIAN NEWS", 975'000'000, 2023, 4,
     14},
    {"1703", Encoding::kCp850, 1, 256, "INTACK SELF DRIVE", 253'200'000, 2017, 3, 1},
    {"1711", Encoding::kCp1252, 1, 174, "SERVICEMASTER", 251'150'000, 2017, 11, 2},
    {"2005", Encoding::kCp1252, 1, 149, "KEYPLUS SECURITY LTD", 260'000'000, 2020, 5, 18},
    {"August-24", Encoding::kUtf8, 1, 790, "Barclaycard", 337'500'000, 2024, 7, 15},
    {"February-2023-csv", Encoding::kCp1252, 1, 14, "KILLGERM", 250'000'000, 2023, 1, 13},
    {"March-25-CSV", Encoding::kCp1252, 0, 888, "Rhea Projects", 2'730'000'000, 2025, 3, 4},
    {"October-2021-csv", Encoding::kCp1252, 1, 224, "WEBER UK LTD", 540'000'000, 2021, 10, 5},
    {"September-2022", Encoding::kUtf8, 1, 14, "DVLA", 292'500'000, 2022, 8, 11},
};

TEST_F(RealFilesTest, NineLayoutsOfOneCouncilReadRightAndRefuseClearly) {
  for (const Spend& expected : kSpend) {
    SCOPED_TRACE(expected.file);
    rejected_ = 0;
    const Imported all =
        Read(std::string("council_spend/hyndburn_original_") + expected.file + ".csv",
             expected.header_row == 0 ? "hyndburn-spend-2025" : "hyndburn-spend");
    ASSERT_OK(all.status);
    EXPECT_EQ(all.detected.encoding, expected.encoding);
    EXPECT_EQ(all.detected.header_row, expected.header_row);
    ASSERT_EQ(all.lines.size(), expected.lines);
    EXPECT_EQ(rejected_, all.lines.size());
    const auto& purchase = all.lines[0].purchase;
    EXPECT_EQ(purchase.supplier(), expected.supplier);
    EXPECT_EQ(purchase.pack_price_micros(), expected.amount_micros);
    EXPECT_EQ(purchase.order_date().year(), expected.year);
    EXPECT_EQ(purchase.order_date().month(), expected.month);
    EXPECT_EQ(purchase.order_date().day(), expected.day);
    EXPECT_THAT(MessagesOf(all.lines[0]),
                ::testing::Contains(::testing::EndsWith("gives no product, and a purchase needs "
                                                        "one.")));
  }
}

}  // namespace
}  // namespace steelyard::importing
