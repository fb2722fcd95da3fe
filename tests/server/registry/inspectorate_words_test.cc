#include "server/registry/inspectorate_words.h"

#include <gtest/gtest.h>

namespace steelyard::registry {
namespace {

using model::Judgement;
using model::Service;

TEST(InspectorateWordsTest, KindsOfProvisionBecomeServices) {
  EXPECT_EQ(ProvisionOf("Children's Home")->service, Service::kChildrensHomes);
  EXPECT_EQ(ProvisionOf("Children\u2019s home")->service, Service::kChildrensHomes);
  EXPECT_EQ(ProvisionOf("Residential special school (>295 days/year)")->service,
            Service::kChildrensHomes);
  EXPECT_EQ(ProvisionOf("Residential Special School")->service, Service::kSpecialSchools);
  EXPECT_EQ(ProvisionOf("Independent Fostering agency")->service, Service::kFostering);
  EXPECT_EQ(ProvisionOf("Adoption  support agency ")->service, Service::kAdoption);
  ASSERT_TRUE(ProvisionOf("Boarding School"));
  EXPECT_EQ(ProvisionOf("Boarding School")->service, std::nullopt);
  EXPECT_FALSE(ProvisionOf("Nursery"));
  EXPECT_FALSE(ProvisionOf(""));
}

TEST(InspectorateWordsTest, JudgementsKeepTheirLevelThroughTheirNames) {
  for (const char* words : {"Adequate", "Satisfactory", "Requires improvement",
                            "Requires Improvement to be good", "Requires improvement to be good"}) {
    EXPECT_EQ(JudgementOf(words), Judgement::kRequiresImprovement) << words;
  }
  EXPECT_EQ(JudgementOf("Outstanding"), Judgement::kOutstanding);
  EXPECT_EQ(JudgementOf("good"), Judgement::kGood);
  EXPECT_EQ(JudgementOf("Inadequate"), Judgement::kInadequate);
  EXPECT_EQ(JudgementOf(""), Judgement::kNone);
  EXPECT_EQ(JudgementOf("Not judged"), Judgement::kNone);
  EXPECT_EQ(JudgementOf("Splendid"), std::nullopt);
}

TEST(InspectorateWordsTest, RegistrationsAndSectorsAreKnownByTheirWords) {
  EXPECT_EQ(RegistrationOf("Suspended"), model::Registration::kSuspended);
  EXPECT_EQ(RegistrationOf(""), model::Registration::kActive);
  EXPECT_EQ(RegistrationOf("Asleep"), std::nullopt);
  EXPECT_EQ(SectorOf("Local Authority"), "local-authority");
  EXPECT_EQ(SectorOf("Health authority"), "health");
  EXPECT_EQ(SectorOf("Academy"), "");
  EXPECT_EQ(SectorOf("Other"), std::nullopt);
}

TEST(InspectorateWordsTest, ACompanyNumberIsTakenFromTheEndOfAName) {
  const auto of = [](std::string_view text) {
    const Organisation o = OrganisationOf(text);
    return o.name + "|" + o.company_number;
  };
  EXPECT_EQ(of("Priory Education Services Limited 06244880"),
            "Priory Education Services Limited|06244880");
  EXPECT_EQ(of("Birtenshaw - company number 02978546"), "Birtenshaw|02978546");
  EXPECT_EQ(of("Slough Children's Services Trust Limited (09487106)"),
            "Slough Children's Services Trust Limited|09487106");
  EXPECT_EQ(of("Hatols Fostering Services Ltd (Co Number 08016114)"),
            "Hatols Fostering Services Ltd|08016114");
  EXPECT_EQ(of("Disability Challengers 04300724, 1095134"), "Disability Challengers|04300724");
  EXPECT_EQ(of("Hollybank Trust 1043129"), "Hollybank Trust|");
  EXPECT_EQ(of(" Keys Care  Limited"), "Keys Care Limited|");
  EXPECT_EQ(of("Homes 2 Inspire"), "Homes 2 Inspire|");
  EXPECT_EQ(of("Acorn & Co"), "Acorn & Co|");
}

}  // namespace
}  // namespace steelyard::registry
