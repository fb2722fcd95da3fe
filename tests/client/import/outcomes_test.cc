#include "client/import/outcomes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/status_matchers.h"

namespace steelyard::importing {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using v1::OutcomeReport;

std::vector<ImportedReport> ReadAll(const std::string& file,
                                    const std::string& profile = "outcomes") {
  const auto loaded = LoadProfile(profile);
  EXPECT_TRUE(loaded.ok()) << loaded.status();
  auto importer = OutcomeImporter::Open(std::make_unique<std::istringstream>(file), *loaded);
  EXPECT_TRUE(importer.ok()) << importer.status();
  std::vector<ImportedReport> reports;
  ImportedReport read;
  while (importer.ok()) {
    const auto more = (*importer)->Next(&read);
    EXPECT_TRUE(more.ok()) << more.status();
    if (!more.ok() || !*more) break;
    reports.push_back(read);
  }
  return reports;
}

std::vector<std::string> CodesOf(const ImportedReport& report) {
  std::vector<std::string> codes;
  for (const v1::Problem& p : report.problems) codes.push_back(p.code() + " " + p.field());
  return codes;
}

constexpr char kHeader[] =
    "Council,Provider,Service,Quarter,Placements,Safeguarding,Health,Spend,Weekly fee,Referrals,"
    "Offers,Nearest offer km,No alternative,Intention,Priorities\n";

TEST(OutcomeImporterTest, ReadsEveryFieldOfTheTemplate) {
  const auto reports = ReadAll(std::string(kHeader) +
                               "ken,Keys Group,Children's homes,Q1 2024,12,Good,requires "
                               "improvement,\"£640,000.50\",4500,9,4,31.5,Yes,Move to smaller "
                               "local,Fee transparency; extras\n");
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_THAT(CodesOf(reports[0]), IsEmpty());
  EXPECT_EQ(reports[0].row, 2);
  EXPECT_EQ(reports[0].council, "ken");
  const OutcomeReport& r = reports[0].report;
  EXPECT_EQ(r.provider(), "Keys Group");
  EXPECT_EQ(r.service(), "childrens-homes");
  EXPECT_EQ(r.quarter().year(), 2024);
  EXPECT_EQ(r.quarter().quarter(), 1);
  EXPECT_EQ(r.placements(), 12);
  ASSERT_THAT(r.ratings(), SizeIs(2));
  EXPECT_EQ(r.ratings(0).measure(), "health");
  EXPECT_EQ(r.ratings(0).level(), OutcomeReport::REQUIRES_IMPROVEMENT);
  EXPECT_EQ(r.ratings(1).level(), OutcomeReport::GOOD);
  EXPECT_EQ(r.spend_micros(), 640'000'500'000);
  EXPECT_EQ(r.weekly_fee_micros(), 4'500'000'000);
  EXPECT_FALSE(r.has_weekly_extras_micros());
  EXPECT_EQ(r.nearest_offer_meters(), 31'500);
  EXPECT_TRUE(r.no_alternative());
  EXPECT_EQ(r.intention(), OutcomeReport::MOVE_TO_SMALLER_LOCAL);
  EXPECT_THAT(r.priorities(), ElementsAre("fee-transparency", "extras"));
}

TEST(OutcomeImporterTest, TwoReportsOnTheSameAreRefusedUnlessTheyAgree) {
  const auto reports = ReadAll(
      "Provider,Service,Quarter,Placements\nKeys,fostering,2024-Q2,3\nKeys,fostering,2024-Q2,4\n"
      "Keys,fostering,2024-Q2,3\nKeys,fostering,2024-Q3,4\n");
  ASSERT_THAT(reports, SizeIs(4));
  EXPECT_THAT(CodesOf(reports[1]), ElementsAre("REPORT_REPEATED "));
  EXPECT_THAT(reports[1].problems[0].message(), HasSubstr("Row 3: row 2 is a report on the same"));
  EXPECT_THAT(CodesOf(reports[2]), IsEmpty());
  EXPECT_THAT(CodesOf(reports[3]), IsEmpty());
}

TEST(OutcomeImporterTest, WhatIsNotSaidIsLeftOut) {
  const auto reports = ReadAll(
      "Provider,Service,Quarter,Placements,Health,Referrals\nKeys,fostering,2024-Q2,,not "
      "rated,3\n");
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_THAT(CodesOf(reports[0]), IsEmpty());
  EXPECT_EQ(reports[0].report.placements(), 0);
  EXPECT_THAT(reports[0].report.ratings(), IsEmpty());
  EXPECT_EQ(reports[0].report.referrals(), 3);
  EXPECT_EQ(reports[0].report.intention(), OutcomeReport::INTENTION_UNSPECIFIED);
}

TEST(OutcomeImporterTest, EveryProblemOfARowIsNamed) {
  const auto reports = ReadAll(std::string(kHeader) +
                               "ken,,homes,2024-Q5,twelve,Outstanding,7,about right,1.2.3,2.5,x,"
                               "1.2345,perhaps,complain,\n");
  ASSERT_THAT(reports, SizeIs(1));
  EXPECT_TRUE(reports[0].rejected());
  EXPECT_THAT(
      CodesOf(reports[0]),
      ElementsAre("VALUE_MISSING provider", "QUARTER_INVALID quarter", "NUMBER_INVALID placements",
                  "NUMBER_INVALID spend_micros", "NUMBER_INVALID weekly_fee_micros",
                  "NUMBER_INVALID referrals", "NUMBER_INVALID offers",
                  "NUMBER_INVALID nearest_offer_meters", "LEVEL_UNKNOWN ratings[health].level",
                  "LEVEL_UNKNOWN ratings[safeguarding].level", "YES_NO_INVALID no_alternative",
                  "INTENTION_UNKNOWN intention"));
  for (const v1::Problem& p : reports[0].problems) {
    EXPECT_EQ(p.row(), 2);
    EXPECT_FALSE(p.expected().empty()) << p.code();
    EXPECT_FALSE(p.message().empty()) << p.code();
  }
}

TEST(OutcomeImporterTest, QuartersAreWrittenInManyWays) {
  for (const char* text : {"2024-Q1", "2024 q1", "Q1 2024", "q1/2024", "2024Q1", "Q12024"}) {
    const auto quarter = ParseQuarter(text);
    ASSERT_TRUE(quarter.ok()) << text;
    EXPECT_EQ(quarter->year(), 2024) << text;
    EXPECT_EQ(quarter->quarter(), 1) << text;
  }
  for (const char* text : {"", "2024", "Q1", "2024-Q0", "2024-Q5", "1999-Q4", "2101-Q1", "24-Q1",
                           "2024-Q1-2", "2024-01", "Quarter 1 2024"}) {
    EXPECT_THAT(ParseQuarter(text), StatusIs(absl::StatusCode::kInvalidArgument)) << text;
  }
}

TEST(OutcomeImporterTest, LevelsAndIntentionsAreWordsOrCodes) {
  EXPECT_EQ(*ParseLevel("Approaching target"), OutcomeReport::APPROACHING_TARGET);
  EXPECT_EQ(*ParseLevel("approaching-target"), OutcomeReport::APPROACHING_TARGET);
  EXPECT_EQ(*ParseLevel(" OTHER "), OutcomeReport::OTHER);
  EXPECT_EQ(*ParseIntention("Bring in-house"), OutcomeReport::BRING_IN_HOUSE);
  for (const char* text : {"", "Outstanding", "1", "level unspecified"}) {
    EXPECT_FALSE(ParseLevel(text).ok()) << text;
  }
  EXPECT_FALSE(ParseIntention("intention unspecified").ok());
}

TEST(OutcomeImporterTest, NamesOfCodedListsBecomeCodes) {
  EXPECT_EQ(CodeOf(" Children's  Homes "), "childrens-homes");
  EXPECT_EQ(CodeOf("Children\u2019s homes"), "childrens-homes");
  EXPECT_EQ(CodeOf("fee-transparency"), "fee-transparency");
}

TEST(OutcomeImporterTest, AFileWithoutAColumnThatIsNeededIsRefused) {
  const auto profile = LoadProfile("outcomes");
  ASSERT_TRUE(profile.ok());
  const auto importer = OutcomeImporter::Open(
      std::make_unique<std::istringstream>("Provider,Quarter,Placements\nKeys,2024-Q1,9\n"),
      *profile);
  EXPECT_THAT(importer, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(importer.status().message()), HasSubstr("Service"));
}

TEST(OutcomeImporterTest, AProfileIsForWhatItSays) {
  const auto purchases = LoadProfile("steelyard");
  ASSERT_TRUE(purchases.ok());
  const auto importer =
      OutcomeImporter::Open(std::make_unique<std::istringstream>("a\n1\n"), *purchases);
  EXPECT_THAT(importer, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(std::string(importer.status().message()), HasSubstr("reads no outcomes"));
  const auto unknown = ParseProfile(
      "name = \"x\"\n[outcomes]\nprovider = \"P\"\nservice = \"S\"\nquarter = \"Q\"\n"
      "placements = \"N\"\nchild_name = \"C\"\n[outcomes.measures]\nfood = \"F\"\n",
      "x.toml");
  EXPECT_THAT(unknown, StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(OutcomeImporterTest, TheMessageToSendHasRowCouncilAndReport) {
  auto reports = ReadAll(std::string(kHeader) + "ken,Keys,fostering,2024-Q1,9,,,,,,,,,,\n");
  ASSERT_THAT(reports, SizeIs(1));
  const v1::OutcomeLine line = ToOutcomeLine(std::move(reports[0]));
  EXPECT_EQ(line.row(), 2);
  EXPECT_EQ(line.council(), "ken");
  EXPECT_EQ(line.outcome_report().placements(), 9);
}

}  // namespace
}  // namespace steelyard::importing
