#include "client/import/ofsted.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"

namespace steelyard::importing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

absl::StatusOr<OfstedRegister> Read(const std::string& text, const std::string& name = "a.csv") {
  return ReadOfsted(std::make_unique<std::istringstream>(text), name);
}

std::string Day(const std::optional<CalendarDay>& day) {
  return day ? absl::StrCat(day->year, "-", day->month, "-", day->day) : "none";
}

TEST(OfstedTest, TheDayIsFoundInTitleOrName) {
  EXPECT_EQ(Day(RegisterDayIn("Provider level as at 31 March 2023")), "2023-3-31");
  EXPECT_EQ(Day(RegisterDayIn("England 2022 - Provider level as at March 2022")), "2022-3-31");
  EXPECT_EQ(Day(RegisterDayIn("provider_at_march_2015.csv.gz")), "2015-3-31");
  EXPECT_EQ(Day(RegisterDayIn("SocialCare-30September2019.csv")), "2019-9-30");
  EXPECT_EQ(Day(RegisterDayIn("february 2020")), "2020-2-29");
  EXPECT_EQ(Day(RegisterDayIn("31 March 2018 and 31 March 2019")), "none");
  EXPECT_EQ(Day(RegisterDayIn("provider level 2019.csv")), "none");
}

TEST(OfstedTest, TheLayoutOf2015HasNoTitleNoPlacesAndNoOwner) {
  const auto read = Read(
      "\xEF\xBB\xBFWeb link,URN,Provision type,Reg Status,Setting Name,Postcode,Region,"
      "Local authority,Sector,Inspection Date,Overall effectiveness\r\n"
      "Page,SC466378,Children's Home,Active,REDACTED,REDACTED,London,Havering,Private,26/03/2015,"
      "Adequate\r\n"
      ",,,,,,,,,,\r\n",
      "provider_at_march_2015.csv");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(Day(read->as_of), "2015-3-31");
  EXPECT_EQ(read->detected.header_row, 1);
  EXPECT_EQ(read->blank_rows, 1);
  EXPECT_THAT(read->problems, IsEmpty());
  ASSERT_THAT(read->rows, SizeIs(1));
  const auto& row = read->rows[0];
  EXPECT_EQ(row.row(), 2);
  EXPECT_EQ(row.urn(), "SC466378");
  EXPECT_EQ(row.provision_type(), "Children's Home");
  EXPECT_EQ(row.registration_status(), "Active");
  EXPECT_EQ(row.display_name(), "REDACTED");
  EXPECT_EQ(row.local_authority(), "Havering");
  EXPECT_EQ(row.region(), "London");
  EXPECT_EQ(row.sector(), "Private");
  EXPECT_EQ(row.places(), 0);
  EXPECT_EQ(row.organisation(), "");
  EXPECT_EQ(row.judgement(), "Adequate");
  EXPECT_EQ(row.judgement_date().year(), 2015);
  EXPECT_EQ(row.judgement_date().month(), 3);
  EXPECT_EQ(row.judgement_date().day(), 26);
}

TEST(OfstedTest, TheLayoutOf2018NamesOrganisationsUnderALineOfGroups) {
  const auto read = Read(
      "\xEF\xBB\xBFProvider information,,,,,,,,Latest Full Inspection,\n"
      "URN,Provision type,Registration status,Ofsted Region,Government Office Region,"
      "Local authority,Places,Organisation,Inspection date,Overall effectiveness\n"
      "1027076,Children's home,Active,\"North East, Yorkshire and the Humber\",North East,Durham,4,"
      "Keys Care Limited,24/06/2016,Requires improvement to be good\n");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(Day(read->as_of), "none");
  EXPECT_EQ(read->detected.header_row, 2);
  ASSERT_THAT(read->rows, SizeIs(1));
  EXPECT_EQ(read->rows[0].region(), "North East");
  EXPECT_EQ(read->rows[0].organisation(), "Keys Care Limited");
  EXPECT_EQ(read->rows[0].places(), 4);
}

TEST(OfstedTest, TheLayoutOf2022HasTitlesAnotherEncodingAndLongHeadings) {
  const auto read = Read(
      "Children's social care data in England 2022 - Provider level as at March 2022,,,,,\n"
      "\"This worksheet contains one table, this table begins in cell A5.\",,,,,\n"
      ",,,,,\n"
      "URN,Provision type,Registration status,Local authority,Organisation which owns the provider,"
      "Latest full inspection overall experiences and progress of children and young people\n"
      "SC1,Children\x92s home,Active,Kent,Barnardo\x92s,\n"
      "SC2,Children's home,Active,Kent,,Good\n",
      "x.csv");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(Day(read->as_of), "2022-3-31");
  EXPECT_EQ(read->detected.encoding, Encoding::kCp1252);
  ASSERT_THAT(read->rows, SizeIs(2));
  EXPECT_EQ(read->rows[0].organisation(), "Barnardo\u2019s");
  EXPECT_EQ(read->rows[0].judgement(), "");
  EXPECT_FALSE(read->rows[0].has_judgement_date());
  EXPECT_EQ(read->rows[1].judgement(), "Good");
}

TEST(OfstedTest, WhatCannotBePassedOnIsSaid) {
  const auto read = Read(
      "URN,Provision type,Registration status,Local authority,Places,Overall effectiveness,"
      "Inspection date\n"
      "SC1,Children's home,Active,Kent,four,Good,31/02/2020\n"
      "SC2,Children's home,Active,K\xEF\xBF\xBDnt,4,Good,2020-02-03\n");
  ASSERT_TRUE(read.ok()) << read.status();
  std::vector<std::string> said;
  for (const auto& p : read->problems) {
    said.push_back(absl::StrCat(p.row(), " ", p.field(), " ", p.code()));
  }
  EXPECT_THAT(said, ElementsAre("2 places NUMBER_INVALID", "2 judgement_date DATE_INVALID",
                                "3 local_authority TEXT_DAMAGED"));
  EXPECT_THAT(read->rows, SizeIs(2));
}

TEST(OfstedTest, AnotherFileIsRefusedWithWhatIsMissing) {
  const auto read = Read("Supplier,Amount\nA,1\n");
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(
      std::string(read.status().message()),
      HasSubstr("A file of this kind has columns that are not there: 'URN'; 'Provision type'"));
  EXPECT_FALSE(ReadOfstedFile("/nonexistent/file.csv").ok());
}

}  // namespace
}  // namespace steelyard::importing
