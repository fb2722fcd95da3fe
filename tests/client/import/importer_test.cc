#include "client/import/importer.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "google/protobuf/util/message_differencer.h"
#include "tests/client/import/support.h"
#include "tests/support/temp_dir.h"

namespace steelyard::importing {
namespace {

using ::steelyard::testing::StatusIs;
using ::steelyard::testing::TempDir;
using ::steelyard::v1::Quality;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kGoodFile = std::string(kSmallHeader) + std::string(kSmallRow);

TEST(ImporterTest, ALineOfOurOwnTemplateBecomesAWholePurchase) {
  const Imported all = ReadAll(OpenText(
      "Reference,Council,Product,Supplier,Order date,Packs,Pack content,Pack price,Currency,"
      "VAT rate,Freight,Promised date,Delivery date,Delivered packs,Delivery date 2,"
      "Delivered packs 2,Accepted packs,Rejected packs,Reject reason,Standard,Certificate,"
      "Country of manufacture,Made in UK,Price confirmed\n"
      "PO-1/1,councils/KEN,ffp3,Acme Ltd,2020-04-14,\"1,000\",box of 20,\"£59.99\",gbp,20%,12.5,"
      "30/4/2020,2020-04-28,600,29-Apr-2020,400,990,10,damaged,EN 149,C-77,gb,yes,no\n",
      LoadProfile("steelyard").value()));
  ASSERT_OK(all.status);
  ASSERT_THAT(all.lines, SizeIs(1));
  EXPECT_THAT(MessagesOf(all.lines[0]), IsEmpty());
  ImportedLine line = all.lines[0];
  const v1::UploadLine message = ToUploadLine(std::move(line));
  EXPECT_EQ(message.row(), 2);
  EXPECT_EQ(message.council(), "councils/KEN");
  const v1::Purchase& purchase = message.purchase();
  EXPECT_EQ(purchase.reference(), "PO-1/1");
  EXPECT_EQ(purchase.product(), "ffp3");
  EXPECT_EQ(purchase.supplier(), "Acme Ltd");
  EXPECT_EQ(purchase.order_date().day(), 14);
  EXPECT_EQ(purchase.packs(), 1000);
  EXPECT_EQ(purchase.pack_content(), 20);
  EXPECT_EQ(purchase.pack_price_micros(), 59'990'000);
  EXPECT_EQ(purchase.currency_code(), "GBP");
  EXPECT_EQ(purchase.vat_rate_basis_points(), 2000);
  EXPECT_EQ(purchase.freight_micros(), 12'500'000);
  EXPECT_EQ(purchase.promised_date().month(), 4);
  ASSERT_EQ(purchase.deliveries_size(), 2);
  EXPECT_EQ(purchase.deliveries(1).date().day(), 29);
  EXPECT_EQ(purchase.deliveries(1).packs(), 400);
  EXPECT_EQ(purchase.quality().accepted_packs(), 990);
  EXPECT_EQ(purchase.quality().rejected_packs(), 10);
  EXPECT_EQ(purchase.quality().reject_reason(), Quality::DAMAGED);
  EXPECT_EQ(purchase.quality().standard(), "EN 149");
  EXPECT_EQ(purchase.country_of_manufacture(), "GB");
  EXPECT_TRUE(purchase.made_in_uk());
  EXPECT_FALSE(purchase.price_confirmed());
}

TEST(ImporterTest, WhatIsNotKnownIsNotSet) {
  const Imported all = Import(kGoodFile);
  ASSERT_THAT(all.lines, SizeIs(1));
  const v1::Purchase& purchase = all.lines[0].purchase;
  EXPECT_FALSE(purchase.has_vat_rate_basis_points());
  EXPECT_FALSE(purchase.has_freight_micros());
  EXPECT_FALSE(purchase.has_made_in_uk());
  EXPECT_FALSE(purchase.has_quality());
  EXPECT_FALSE(purchase.has_promised_date());
  EXPECT_EQ(purchase.deliveries_size(), 0);
}

TEST(ImporterTest, TheSameFileInEveryEncodingDelimiterAndPacking) {
  const std::string plain =
      "Titel\n\nRef;Product;Supplier;Order date;Packs;Pack size;Pack price\n"
      "A1;mask;Caf\u00e9 Ren\u00e9;14/04/2020;10;50;12.50\nA2;mask;B;15/04/2020;1;1;1\n";
  const auto recoded = [&](std::string_view e_acute) {
    std::string out = plain;
    for (size_t at; (at = out.find("\u00e9")) != std::string::npos;) out.replace(at, 2, e_acute);
    return out;
  };
  std::string little = "\xFF\xFE", big = "\xFE\xFF";
  for (const char c : recoded("\xE9")) {
    little += {c, '\0'};
    big += {'\0', c};
  }
  std::string bare_cr = plain;
  for (char& c : bare_cr) c = c == '\n' ? '\r' : c;
  const std::string kFiles[] = {plain,
                                "\xEF\xBB\xBF" + plain,
                                recoded("\xE9"),
                                recoded("\x8E"),
                                recoded("\x82"),
                                little,
                                little.substr(2),
                                big,
                                big.substr(2),
                                bare_cr,
                                Gzipped(plain),
                                Gzipped(little)};
  const Imported expected = Import(plain);
  ASSERT_THAT(expected.lines, SizeIs(2));
  EXPECT_EQ(expected.lines[0].purchase.supplier(), "Caf\u00e9 Ren\u00e9");
  EXPECT_EQ(expected.lines[1].row, 5);
  for (const std::string& file : kFiles) {
    const Imported all = Import(file);
    ASSERT_OK(all.status);
    EXPECT_EQ(all.detected.header_row, 3);
    EXPECT_EQ(all.detected.delimiter, ';');
    ASSERT_THAT(all.lines, SizeIs(2)) << EncodingName(all.detected.encoding);
    for (int i : {0, 1}) {
      EXPECT_EQ(all.lines[i].row, expected.lines[i].row);
      EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(all.lines[i].purchase,
                                                                     expected.lines[i].purchase))
          << EncodingName(all.detected.encoding) << all.lines[i].purchase.ShortDebugString();
    }
  }
}

TEST(ImporterTest, TheProfileForcesTheEncodingAndAMarkOverrulesIt) {
  std::string toml(kSmallProfile);
  toml.replace(toml.find("[file]"), 6, "[file]\nencoding = \"macroman\"");
  const std::string file = std::string(kSmallHeader) + "A,m,Caf\xE9,1/1/2020,1,1,1\n";
  EXPECT_EQ(Import(file).lines[0].purchase.supplier(), "Caf\u00e9");
  EXPECT_EQ(Import(file, toml).lines[0].purchase.supplier(), "Caf\u00c8");
  const std::string marked =
      "\xEF\xBB\xBF" + std::string(kSmallHeader) + "A,m,Caf\u00e9,1/1/2020,1,1,1\n";
  EXPECT_EQ(Import(marked, toml).lines[0].purchase.supplier(), "Caf\u00e9");
}

TEST(ImporterTest, BlankRowsRepeatedHeadersAndSkippedRowsAreNoLines) {
  std::string toml(kSmallProfile);
  toml += "[[skip]]\ncolumn = \"Product\"\nin = [\"Cancelled\", \"\"]\n";
  const Imported all = Import(std::string(kSmallHeader) + "\n,,,,,,\n" + std::string(kSmallRow) +
                                  std::string(kSmallHeader) + "A2,CANCELLED ,B,,,,\nTotal,,,,5,,\n",
                              toml);
  ASSERT_OK(all.status);
  ASSERT_THAT(all.lines, SizeIs(1));
  EXPECT_EQ(all.lines[0].row, 4);
  EXPECT_EQ(all.skipped, 5);
}

TEST(ImporterTest, ValuesAreBuiltMappedDividedAndFallBack) {
  const Imported all = Import(
      "PO,Line,Item,Vendor,Ordered,Quoted,Qty,Value,Pack\n"
      "77,2,M1,OLD NAME,N/A,3/2/2020,4,10.00,dozen\n"
      "78,1,M1,Other,1/2/2020,N/A,3,10.00,6\n",
      R"(
name = "built"
[file]
dates = ["d/m/yyyy"]
null_words = ["n/a"]
[fields]
reference = { template = "{PO}/{Line}" }
product = { column = "Item", map = { m1 = "mask-iir" } }
supplier = { column = "Vendor", map = { "Old name" = "New Ltd" } }
order_date = { column = "Ordered", or_else = "Quoted" }
packs = "Qty"
pack_content = "Pack"
pack_price = { column = "Value", divide_by = "Qty" }
currency_code = { constant = "GBP" }
)");
  ASSERT_OK(all.status);
  ASSERT_THAT(all.lines, SizeIs(2));
  const v1::Purchase& purchase = all.lines[0].purchase;
  EXPECT_THAT(MessagesOf(all.lines[0]), IsEmpty());
  EXPECT_EQ(purchase.reference(), "77/2");
  EXPECT_EQ(purchase.product(), "mask-iir");
  EXPECT_EQ(purchase.supplier(), "New Ltd");
  EXPECT_EQ(purchase.order_date().day(), 3);
  EXPECT_EQ(purchase.pack_content(), 12);
  EXPECT_EQ(purchase.pack_price_micros(), 2'500'000);
  EXPECT_EQ(all.lines[1].purchase.order_date().day(), 1);
  EXPECT_THAT(MessagesOf(all.lines[1]),
              ElementsAre("Row 3: Value is '10.00', which does not divide to a price of at most 6 "
                          "decimals."));
}

TEST(ImporterTest, TotalsThatContradictThePriceAreRefusedOrWarnedOf) {
  const std::string file =
      "Ref,Product,Supplier,Order date,Packs,Pack size,Pack price,Total\n"
      "A,m,S,1/1/2020,500,1,28.56,14278.99\nB,m,S,1/1/2020,500,1,28.56,14290\n"
      "C,m,S,1/1/2020,500,1,28.56,\nD,m,S,1/1/2020,500,1,28.56,lots\n";
  const std::string check =
      "[total]\ncolumn = \"Total\"\ntolerance = \"0.01\"\ntolerance_per_pack = \"0.005\"\n";
  Imported all = Import(file, std::string(kSmallProfile) + check);
  ASSERT_THAT(all.lines, SizeIs(4));
  EXPECT_FALSE(all.lines[0].rejected());
  EXPECT_TRUE(all.lines[1].rejected());
  EXPECT_THAT(MessagesOf(all.lines[1]),
              ElementsAre("Row 3: Total is '14290', which is not 500 packs at 28.56; correct the "
                          "one that is wrong."));
  EXPECT_FALSE(all.lines[2].rejected());
  EXPECT_TRUE(all.lines[3].rejected());
  all = Import(file, std::string(kSmallProfile) + check + "if_different = \"warn\"\n");
  EXPECT_FALSE(all.lines[1].rejected());
  EXPECT_THAT(all.lines[1].problems, SizeIs(1));
}

TEST(ImporterTest, AReferenceWithOtherContentIsRefusedAndTheFirstRowNamed) {
  const std::string row(kSmallRow);
  const Imported all = Import(
      std::string(kSmallHeader) + "A1,FFP3 mask,Acme,14/04/2020,x,50,12.50\n" + row +
      "B2,FFP3 mask,Acme,14/04/2020,10,50,12.50\n" + "B2,FFP3 mask,Acme,14/04/2020,10,50,12.50\n");
  ASSERT_THAT(all.lines, SizeIs(4));
  EXPECT_THAT(
      MessagesOf(all.lines[1]),
      ElementsAre("Row 3: reference A1 is also that of row 2, which has other content; give "
                  "each line its own."));
  EXPECT_THAT(MessagesOf(all.lines[2]), IsEmpty());
  EXPECT_THAT(MessagesOf(all.lines[3]), IsEmpty()) << "word for word: harmless";
}

TEST(ImporterTest, FilesThatAreNoTablesAreNamedAsWhatTheyAre) {
  const std::pair<std::string, const char*> kFiles[] = {
      {std::string("PK\x03\x04", 4) + "rest", "workbook (.xlsx"},
      {"\xD0\xCF\x11\xE0rest", "old workbook"},
      {"%PDF-1.7", "PDF"},
      {Gzipped(Gzipped("a")), "packed twice"},
      {"", "The file is empty"},
      {"\xEF\xBB\xBF\r\n \n", "The file is empty"},
      {"hello world\n", "No header was found"},
  };
  for (const auto& [bytes, says] : kFiles) {
    EXPECT_THAT(Import(bytes).status,
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(says)));
  }
}

TEST(ImporterTest, OpenSaysWhyThereIsNothingToRead) {
  TempDir folder;
  const Profile profile = MustParse(kSmallProfile);
  EXPECT_THAT(Importer::Open(folder / "none.csv", profile).status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("There is no file")));
  EXPECT_THAT(Importer::Open(folder.path(), profile).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is not a plain file")));
  std::ofstream(folder / "good.csv") << kGoodFile;
  ASSERT_OK_AND_ASSIGN(auto importer, Importer::Open(folder / "good.csv", profile));
  EXPECT_EQ(importer->total_bytes(), static_cast<int64_t>(kGoodFile.size()));
  ImportedLine line;
  EXPECT_TRUE(importer->Next(&line).value());
  EXPECT_FALSE(importer->Next(&line).value());
  EXPECT_EQ(importer->bytes_read(), importer->total_bytes());
}

TEST(ImporterTest, ManyLinesAreReadInOnePass) {
  std::string file(kSmallHeader);
  constexpr int kLines = 100'000;
  for (int i = 0; i < kLines; ++i) {
    file += "PO-" + std::to_string(i) + ",FFP3 mask,Acme,14/04/2020,10,50,\"£1,012.50\"\n";
  }
  const auto start = std::chrono::steady_clock::now();
  ASSERT_OK_AND_ASSIGN(auto importer, OpenText(file, MustParse(kSmallProfile)));
  ImportedLine line;
  int64_t lines = 0;
  while (importer->Next(&line).value()) {
    ASSERT_THAT(line.problems, IsEmpty());
    EXPECT_EQ(line.row, ++lines + 1);
  }
  EXPECT_EQ(lines, kLines);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::cout << static_cast<int64_t>(kLines / seconds) << " lines/s\n";
  EXPECT_LT(seconds, 10);  // some 0.3 s; this notices what grows with the square
}

TEST(ImporterTest, AGibibyteWithoutALineEndIsRefusedAtTheRowLimit) {
  TempDir folder;
  const std::string path = folder / "endless.csv";
  std::ofstream(path) << kSmallHeader;
  std::filesystem::resize_file(path, (int64_t{1} << 30) - 1);  // a hole: zeros, and no disk
  const Imported all = ReadAll(Importer::Open(path, MustParse(kSmallProfile)));
  EXPECT_THAT(all.status, StatusIs(absl::StatusCode::kResourceExhausted,
                                   HasSubstr("Row 2 is longer than 1024 KiB")));
  std::filesystem::resize_file(path, (int64_t{1} << 30) + 1);
  EXPECT_THAT(ReadAll(Importer::Open(path, MustParse(kSmallProfile))).status,
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("larger than 1024 MiB")));
}

}  // namespace
}  // namespace steelyard::importing
