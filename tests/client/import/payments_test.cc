#include "client/import/payments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "client/import/importer.h"
#include "tests/client/import/support.h"
#include "tests/support/status_matchers.h"

namespace steelyard::importing {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What was read of a row, and what was wrong with it.
struct ReadRow {
  std::string text;  // "2: 2011-02-01 Keys 4490000000"
  std::vector<std::string> problems;
  bool rejected = false;
};

std::vector<ReadRow> ReadAll(const std::string& profile, const std::string& file) {
  const absl::StatusOr<Profile> loaded = LoadProfile(profile);
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  auto importer = PaymentImporter::Open(std::make_unique<std::istringstream>(file), *loaded);
  EXPECT_TRUE(importer.ok()) << importer.status();
  std::vector<ReadRow> rows;
  ImportedPayment read;
  while (importer.ok()) {
    const absl::StatusOr<bool> more = (*importer)->Next(&read);
    EXPECT_TRUE(more.ok()) << more.status();
    if (!more.ok() || !*more) break;
    const v1::PublishedPayment& p = read.payment;
    char text[200];
    std::snprintf(text, sizeof text, "%d: %d-%02d-%02d %s %lld", static_cast<int>(p.row()),
                  p.date().year(), p.date().month(), p.date().day(), p.supplier_name().c_str(),
                  static_cast<long long>(p.amount_micros()));
    rows.push_back({text, {}, read.rejected()});
    for (const v1::Problem& problem : read.problems) {
      rows.back().problems.push_back(problem.code() + " " + problem.field());
      EXPECT_THAT(problem.message(), HasSubstr("Row "));
    }
  }
  return rows;
}

TEST(PaymentImporterTest, ReadsManchestersAmountsDatesAndRaggedRows) {
  const auto rows = ReadAll(
      "manchester",
      "Body Name,Service Area,Expenses Type,Invoice Payment Date,Transaction Number,Net Amount,"
      "Supplier Name,,,,\r\n"
      "Manchester City Council,Adults,Fees,03.05.2016,5100857376,\"\xA3"
      "4,490.00\",Keys Childcare Ltd,,,,\r\n"
      "Manchester City Council,Adults,Fees,03.05.2016,5100857377,-\xA3"
      "250.00,Barnardo's\r\n"
      "Manchester City Council,Adults,Fees,4.12.2018,5100857378,1336.44,  Caf\xE9   Noir ,,\r\n");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].text, "2: 2016-05-03 Keys Childcare Ltd 4490000000");
  EXPECT_EQ(rows[1].text, "3: 2016-05-03 Barnardo's -250000000");
  EXPECT_EQ(rows[2].text, "4: 2018-12-04 Caf\u00e9 Noir 1336440000");
  for (const ReadRow& row : rows) EXPECT_THAT(row.problems, IsEmpty());
}

TEST(PaymentImporterTest, TheColumnOfAmountsMayHaveAnotherName) {
  const auto rows = ReadAll("manchester",
                            "Body Name,Invoice Payment Date,Amount,Supplier Name\n"
                            "M,01.12.2010,1200.00,Tommys\n");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].text, "2: 2010-12-01 Tommys 1200000000");
}

TEST(PaymentImporterTest, EveryProblemOfARowIsTold) {
  const auto rows = ReadAll("manchester",
                            "Invoice Payment Date,Net Amount,Supplier Name\n"
                            "31.02.2016,lots,\n"
                            ",,A\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0].problems, ElementsAre("VALUE_MISSING supplier_name", "DATE_INVALID date",
                                            "NUMBER_INVALID amount_micros"));
  EXPECT_THAT(rows[1].problems, ElementsAre("VALUE_MISSING date", "VALUE_MISSING amount_micros"));
  EXPECT_TRUE(rows[0].rejected);
}

constexpr char kLambeth[] =
    "Lambeth Invoices,,,,,\n"
    ",,,,,\n"
    "Body,Department,Supplier Name,Invoice Creation Date,Invoice Nett Amount,Subj Description\n";

TEST(PaymentImporterTest, ALostSeparatorIsPutBackWhereOnlyOneWayReads) {
  const auto rows = ReadAll("lambeth", std::string(kLambeth) +
                                           "Lambeth,C,Afay Ltd,25/06/2012900,RENT\n"
                                           "Lambeth,C,Abbey Law,11/06/2012579.6,FEES\n"
                                           "Lambeth,C,Catch2212/06/2012,8755.20,HOUSING\n"
                                           "Lambeth,C,Inter High2129/05/2012740,FEES\n"
                                           "Lambeth,C,Kept,08/06/2012,1534.24,SUPPORT\n"
                                           ",,,,,\n"
                                           ",\u2020 \u2020 ,,,,\n");
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows[0].text, "4: 2012-06-25 Afay Ltd 900000000");
  EXPECT_THAT(rows[0].problems, ElementsAre("SEPARATOR_LOST date"));
  EXPECT_FALSE(rows[0].rejected);
  EXPECT_EQ(rows[1].text, "5: 2012-06-11 Abbey Law 579600000");
  // Where the name ends is anybody's guess.
  EXPECT_TRUE(rows[2].rejected);
  EXPECT_THAT(rows[2].problems, ElementsAre("DATE_INVALID date", "NUMBER_INVALID amount_micros"));
  EXPECT_TRUE(rows[3].rejected);
  EXPECT_EQ(rows[4].text, "8: 2012-06-08 Kept 1534240000");
}

TEST(PaymentImporterTest, NothingIsPartedUnlessTheProfileSaysSo) {
  ASSERT_OK_AND_ASSIGN(const Profile strict, ParseProfile(R"(
name = "strict"
[file]
dates = ["dd/mm/yyyy"]
[payments]
date = "Date"
supplier = "Name"
amount = "Amount"
company_number = "Number"
)",
                                                          "strict"));
  ASSERT_OK_AND_ASSIGN(auto importer,
                       PaymentImporter::Open(std::make_unique<std::istringstream>(
                                                 "Name,Date,Amount,Number\nA,25/06/2012900,x\n"
                                                 "B,25/06/2012,5,1234567\n"),
                                             strict));
  ImportedPayment read;
  ASSERT_TRUE(*importer->Next(&read));
  EXPECT_TRUE(read.rejected());
  ASSERT_TRUE(*importer->Next(&read));
  EXPECT_EQ(read.payment.company_number(), "1234567");
  EXPECT_FALSE(*importer->Next(&read));
}

TEST(PaymentImporterTest, AProfileIsForWhatItSays) {
  ASSERT_OK_AND_ASSIGN(const Profile manchester, LoadProfile("manchester"));
  ASSERT_OK_AND_ASSIGN(const Profile steelyard, LoadProfile("steelyard"));
  const auto file = [] { return std::make_unique<std::istringstream>("a,b\n1,2\n"); };
  EXPECT_THAT(PaymentImporter::Open(file(), steelyard),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no [payments]")));
  EXPECT_THAT(Importer::Open(file(), manchester),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no [fields]")));
  EXPECT_THAT(PaymentImporter::Open(file(), manchester),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("'Supplier Name'")));
}

TEST(PaymentImporterTest, AProfileOfPaymentsMustBeWhole) {
  const auto parse = [](const std::string& payments) {
    return ParseProfile("name = 'x'\n[file]\ndates = ['d/m/yyyy']\n[payments]\n" + payments, "x");
  };
  EXPECT_TRUE(parse("date = 'D'\nsupplier = 'S'\namount = 'A'\n").ok());
  EXPECT_THAT(parse("date = 'D'\nsupplier = 'S'\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("needs 'amount'")));
  EXPECT_THAT(parse("date = 'D'\nsupplier = 'S'\namount = 'A'\nvat = 'V'\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("vat")));
  EXPECT_THAT(parse("date = 'D'\nsupplier = 'S'\namount = { column = 'A', divide_by = 'B' }\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("only pack_price")));
  EXPECT_THAT(ParseProfile("name = 'x'\n", "x"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(
      ParseProfile("name = 'x'\n[payments]\ndate = 'D'\nsupplier = 'S'\namount = 'A'\n", "x"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("dates")));
}

}  // namespace
}  // namespace steelyard::importing
