#include "server/privacy/personal_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace steelyard::privacy {
namespace {

using ::testing::Optional;

constexpr std::string_view kEmail = "an e-mail address";
constexpr std::string_view kPhone = "a phone number";
constexpr std::string_view kNhs = "an NHS number";
constexpr std::string_view kPupil = "a unique pupil number";
constexpr std::string_view kInsurance = "a National Insurance number";
constexpr std::string_view kPostcode = "a postcode";
constexpr std::string_view kBirth = "a date of birth";
constexpr std::string_view kCase = "a case number";
constexpr std::string_view kName = "the name or initials of one person";

TEST(PersonalDataTest, FindsEachKind) {
  const std::vector<std::pair<std::string, std::string_view>> found = {
      {"ask jo.bloggs@kent.gov.uk", kEmail},
      {"ring 01622 696 000", kPhone},
      {"ring 07700900123", kPhone},
      {"+44 7700 900123", kPhone},
      {"0044 1622 696000", kPhone},
      {"NHS 943 476 5919", kNhs},
      {"9434765919", kNhs},
      {"943-476-5919", kNhs},
      {"rows 12 and 943 476 5919", kNhs},
      {"UPN A823432112345", kPupil},
      {"UPN Z82343211234A", kPupil},
      {"QQ123456C", kInsurance},
      {"qq 12 34 56 c", kInsurance},
      {"lives at ME14 1XQ", kPostcode},
      {"moved to SW1A1AA", kPostcode},
      {"DOB 12.3.11", kBirth},
      {"d.o.b. 12 Mar", kBirth},
      {"born in 2011", kBirth},
      {"date of birth: 12/03/2011", kBirth},
      {"12/03/2011", kBirth},
      {"2011-03-12", kBirth},
      {"3-12-11", kBirth},
      {"12th of March 2011", kBirth},
      {"12 Sept 2011", kBirth},
      {"March 12, 2011", kBirth},
      {"Mosaic ID 1234567", kCase},
      {"case no. 88123", kCase},
      {"child A was moved", kName},
      {"report held figures of Child JB", kName},
      {"young person K moved", kName},
      {"resident Daniel left", kName},
      {"told Mr Smith", kName},
      {"told Mrs. O'Brien", kName},
  };
  for (const auto& [text, kind] : found) {
    EXPECT_THAT(FindPersonalData(text), Optional(kind)) << text;
  }
}

TEST(PersonalDataTest, LeavesWhatACouncilWrites) {
  for (const char* text : {
           "",
           "sent twice",
           "wrong quarter: 2024-Q1 instead of 2024-Q2",
           "2023/24 figures",
           "duplicate of keys-group.fostering.2024-q1",
           "placements were 12, not 21",
           "spend was 1,234,567.89",
           "ofsted URN SC123456",
           "company number 01234567",
           "order 4500123456",
           "invoice PO-2024-00017",
           "children moved to another provider",
           "the child care team asked for it",
           "Child Protection plan figures were included",
           "every young person was counted twice",
           "counts of the person. The fee is right",
           "weekly fee of 5 432 pounds",
           "version 1.2.3",
           "measures A and B were swapped",
           "rose 12 percent in March 2024",
           "see @ the top",
           "café bill",
       }) {
    EXPECT_EQ(FindPersonalData(text), std::nullopt) << text;
  }
}

TEST(PersonalDataTest, TenDigitsAreAnNhsNumberOnlyIfTheyCheck) {
  EXPECT_EQ(FindPersonalData("9434765918"), std::nullopt);
  EXPECT_EQ(FindPersonalData("943 476 5918"), std::nullopt);
  EXPECT_THAT(FindPersonalData("4010232137"), Optional(kNhs));
}

TEST(PersonalDataTest, TextsThatSpeakOfDatesMayHaveThem) {
  const char* rise = "the rise of 1 April 2025 was told on 12/03/2025";
  EXPECT_THAT(FindPersonalData(rise), Optional(kBirth));
  EXPECT_EQ(FindPersonalData(rise, Dates::kOfBirth), std::nullopt);
  EXPECT_THAT(FindPersonalData("born 1 April 2011", Dates::kOfBirth), Optional(kBirth));
}

}  // namespace
}  // namespace steelyard::privacy
