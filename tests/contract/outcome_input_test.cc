// Every way an outcome report can be wrong, with the field and the very words
// that a person gets to read.

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kReport[] = R"(
    provider: "keys" service: "childrens-homes" quarter { year: 2024 quarter: 1 }
    placements: 12 ratings { measure: "safeguarding" level: GOOD }
    spend_micros: 640000000000 weekly_fee_micros: 4500000000
    unplanned_endings: 2 referrals: 9 offers: 4)";

// What is put in place of a good report's values, and what is said of it.
struct Case {
  const char* name;
  const char* changes;
  const char* field;
  const char* code;  // a warning ends in ?
  const char* message;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

const Case kCases[] = {
    {"UnknownProvider", "provider: 'Witherslac Group'", "provider", "PROVIDER_UNKNOWN",
     "Provider 'Witherslac Group' is not registered; give its id, company number or registered "
     "name. Did you "
     "mean 'Witherslack Group' (witherslack)?"},
    {"UnknownService", "service: 'childrens homes'", "service", "SERVICE_UNKNOWN",
     "Service 'childrens homes' is not known; give one of childrens-homes, fostering, "
     "special-schools, supported-accommodation, leaving-care, adoption, family-centres, "
     "adult-residential-care, adult-nursing-care, adult-home-care, adult-supported-living."},
    {"ServiceOfAnother", "service: 'fostering'", "service", "SERVICE_NOT_OFFERED?",
     "'Keys' is registered for childrens-homes, special-schools, family-centres only; check "
     "provider and service."},
    {"QuarterFive", "quarter { year: 2024 quarter: 5 }", "quarter", "QUARTER_INVALID",
     "Quarter is 2024-Q5; give a year from 2000 and a quarter from 1 to 4."},
    {"LastCentury", "quarter { year: 1999 quarter: 4 }", "quarter", "QUARTER_INVALID",
     "Quarter is 1999-Q4; give a year from 2000 and a quarter from 1 to 4."},
    {"NegativePlacements", "placements: -1 unplanned_endings: 0", "placements",
     "NUMBER_OUT_OF_RANGE", "Placements is -1; give a whole number from 0 to 100000."},
    {"MostPlacements", "placements: 9223372036854775807", "placements", "NUMBER_OUT_OF_RANGE",
     "Placements is 9223372036854775807; give a whole number from 0 to 100000."},
    {"CohortOfFour", "placements: 4 spend_micros: 1", "placements", "COHORT_TOO_SMALL",
     "Placements is 4, and a report on fewer than 5 people could be about a person who can be "
     "recognised; it is not taken. Report referrals alone, or wait for a quarter with more."},
    {"OffTheScale", "ratings { measure: 'health' level: 6 }", "ratings[1].level", "LEVEL_UNKNOWN",
     "Health and emotional wellbeing is rated off the scale; give good, approaching-target, "
     "requires-improvement, inadequate, other, or leave the measure out if it was not rated."},
    {"NotRated", "ratings { measure: 'health' }", "ratings[1].level", "LEVEL_UNKNOWN",
     "Health and emotional wellbeing is rated off the scale; give good, approaching-target, "
     "requires-improvement, inadequate, other, or leave the measure out if it was not rated."},
    {"UnknownMeasure", "ratings { measure: 'food' level: GOOD }", "ratings[1].measure",
     "MEASURE_UNKNOWN",
     "Measure 'food' is not known; give one of safeguarding, stability, education, health, voice, "
     "independence, workforce, value."},
    {"MeasureTwice", "ratings { measure: 'measures/safeguarding' level: INADEQUATE }",
     "ratings[1].measure", "MEASURE_REPEATED",
     "Safeguarding is rated twice; give one level for each measure."},
    {"NegativeFee", "weekly_fee_micros: -4500000000", "weekly_fee_micros", "NUMBER_OUT_OF_RANGE",
     "Weekly fee is -4500.00; give an amount from 0 to 1000000. Refunds and credit notes belong to "
     "payments."},
    {"FeeBeyondAll", "weekly_fee_micros: 1000000000001", "weekly_fee_micros", "NUMBER_OUT_OF_RANGE",
     "Weekly fee is 1000000.00; give an amount from 0 to 1000000."},
    {"NegativeSpend", "spend_micros: -500000", "spend_micros", "NUMBER_OUT_OF_RANGE",
     "Spend is -0.50; give an amount from 0 to 1000000000. Refunds and credit notes belong to "
     "payments."},
    {"NegativeExtras", "weekly_extras_micros: -1000000", "weekly_extras_micros",
     "NUMBER_OUT_OF_RANGE",
     "Weekly extras is -1.00; give an amount from 0 to 1000000. Refunds and credit notes belong to "
     "payments."},
    {"FeeInPence", "weekly_fee_micros: 45000000", "spend_micros", "SPEND_ABOVE_FEES?",
     "Spend is 640000.00, more than 12 placements cost in 14 weeks at the weekly fee and extras "
     "given; check all of them."},
    {"SmallLetters", "currency_code: 'gbp'", "currency_code", "CURRENCY_INVALID",
     "Currency is 'gbp'; give three capital letters such as GBP."},
    {"NegativeEndings", "unplanned_endings: -1", "unplanned_endings", "NUMBER_OUT_OF_RANGE",
     "Unplanned endings is -1; give a whole number from 0 to 100000."},
    {"MoreEndingsThanPlacements", "unplanned_endings: 13", "unplanned_endings",
     "ENDINGS_ABOVE_PLACEMENTS",
     "Unplanned endings is 13, more than the 12 placements of the quarter; check both."},
    {"OffersAboveReferrals", "offers: 10", "offers", "OFFERS_ABOVE_REFERRALS",
     "Offers is 10, more than the 9 referrals; count each referral once, however many places were "
     "offered for it."},
    {"NegativeReferrals", "referrals: -9", "referrals", "NUMBER_OUT_OF_RANGE",
     "Referrals is -9; give a whole number from 0 to 1000000."},
    {"NearestOfNothing", "offers: 0 nearest_offer_meters: 1200", "nearest_offer_meters",
     "NEAREST_WITHOUT_OFFERS",
     "A distance to the nearest offer is given, but offers is 0; check both."},
    {"FartherThanTheCountry", "nearest_offer_meters: 2000001", "nearest_offer_meters",
     "NUMBER_OUT_OF_RANGE",
     "Nearest offer in meters is 2000001; give a whole number from 0 to 2000000."},
    {"UnknownIntention", "intention: 6", "intention", "INTENTION_UNKNOWN",
     "Intention is not one of stay, reduce, move-to-smaller-local, bring-in-house, undecided; give "
     "one of them."},
    {"SixPriorities",
     "priorities: ['extras', 'fee-transparency', 'fee-restraint', 'local-sufficiency', "
     "'complex-needs', 'notice-periods']",
     "priorities", "TOO_MANY_PRIORITIES",
     "There are 6 priorities; give the 5 that matter most, the first one first."},
    {"PriorityTwice", "priorities: ['extras', 'extras']", "priorities[1]", "PRIORITY_REPEATED",
     "Priority 'extras' is given twice; give each once."},
    {"PersonInAPriority", "priorities: ['Child B moved 12/03/2024']", "priorities[0]",
     "PERSONAL_DATA", nullptr},
    {"NhsNumberForAProvider", "provider: 'NHS 943 476 5919'", "provider", "PERSONAL_DATA", nullptr},
};

class OutcomeInputTest : public ContractTest, public ::testing::WithParamInterface<Case> {
 protected:
  Answer<v1::ValidateOutcomeReportsResponse> Validate(const v1::OutcomeReport& report,
                                                      const std::string& council = kHackney) {
    v1::ValidateOutcomeReportsRequest request;
    request.set_parent(council);
    v1::OutcomeLine* line = request.add_lines();
    line->set_row(14);
    *line->mutable_outcome_report() = report;
    return hackney_.Call(&Outcomes::ValidateOutcomeReports, request);
  }
  static v1::OutcomeReport Report(const std::string& changes) {
    auto report = Parse<v1::OutcomeReport>(kReport);
    Merge(changes, report);
    return report;
  }
};

TEST_P(OutcomeInputTest, IsSaidInWordsThatHelp) {
  const Case& bad = GetParam();
  const auto checked = Validate(Report(bad.changes));
  ASSERT_THAT(checked, Succeeds());
  ASSERT_EQ(checked.reply.problems_size(), 1) << checked.reply.DebugString();
  const v1::Problem& p = checked.reply.problems(0);
  const bool warning = p.severity() == v1::Problem::WARNING;
  EXPECT_EQ(p.row(), 14);
  EXPECT_EQ(p.field(), bad.field);
  EXPECT_EQ(p.code() + (warning ? "?" : ""), bad.code);
  if (bad.message != nullptr) {
    EXPECT_EQ(p.message(), bad.message);
  }
  EXPECT_THAT(p.expected(), Not(IsEmpty()));
  EXPECT_EQ(checked.reply.total().rejected_lines(), warning ? 0 : 1);
}

INSTANTIATE_TEST_SUITE_P(All, OutcomeInputTest, ::testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_F(OutcomeInputTest, AGoodReportIsTakenWithoutAWord) {
  EXPECT_THAT(Validate(Report("")).reply.problems(), IsEmpty());
}

TEST_F(OutcomeInputTest, ReferralsAloneAreAReportAndOffersNeedThem) {
  const std::string about =
      "provider: 'keys' service: 'childrens-homes' quarter { year: 2024 quarter: 1 } ";
  const auto alone =
      Parse<v1::OutcomeReport>(about + "referrals: 3 offers: 0 no_alternative: true");
  EXPECT_THAT(Validate(alone).reply.problems(), IsEmpty());
  EXPECT_THAT(
      WordsOf(
          Validate(Parse<v1::OutcomeReport>(about + "placements: 9 offers: 2")).reply.problems()),
      ElementsAre("row 14 referrals REFERRALS_MISSING: Offers is 2, but referrals is "
                  "missing; give how many were made."));
}

TEST_F(OutcomeInputTest, NobodyCanBeRatedOnNoOne) {
  auto report = Report("");
  report.set_placements(0);
  report.clear_unplanned_endings();
  EXPECT_THAT(
      WordsOf(Validate(report).reply.problems()),
      ElementsAre(
          "row 14 ratings RATINGS_WITHOUT_PLACEMENTS: There are ratings, but placements is 0; "
          "nobody can be rated on no one. Give the people placed in the quarter, or leave the "
          "ratings out.",
          "row 14 spend_micros PLACEMENTS_MISSING: Spend is given, but placements is 0; give the "
          "people placed in the quarter, or report referrals alone.",
          "row 14 weekly_fee_micros PLACEMENTS_MISSING: Weekly fee is given, but placements is 0; "
          "give the people placed in the quarter, or report referrals alone."));
}

TEST_F(OutcomeInputTest, AQuarterThatHasNotBegunIsRefused) {
  const auto future = Validate(Report("quarter { year: 2099 quarter: 1 }"));
  ASSERT_EQ(future.reply.problems_size(), 1);
  EXPECT_EQ(future.reply.problems(0).code(), "QUARTER_IN_FUTURE");
  EXPECT_THAT(
      future.reply.problems(0).message(),
      ::testing::MatchesRegex("Quarter 2099-Q1 has not begun; report on 20[0-9][0-9]-Q[1-4] "
                              "or earlier\\."));
}

TEST_F(OutcomeInputTest, PersonalDataIsNotShownAgain) {
  const auto checked = Validate(Report("provider: 'NHS 943 476 5919'"));
  EXPECT_THAT(checked.reply.DebugString(), Not(::testing::HasSubstr("943")));
}

TEST_F(OutcomeInputTest, AllProblemsAreSaidAtOnce) {
  const auto checked =
      Validate(Report("provider: 'nobody at all' placements: 3 offers: 20 "
                      "weekly_fee_micros: -1 priorities: 'money'"));
  std::vector<std::string> codes;
  for (const v1::Problem& p : checked.reply.problems()) codes.push_back(p.code());
  EXPECT_THAT(codes, ElementsAre("PROVIDER_UNKNOWN", "COHORT_TOO_SMALL", "NUMBER_OUT_OF_RANGE",
                                 "OFFERS_ABOVE_REFERRALS", "PRIORITY_UNKNOWN"));
}

}  // namespace
}  // namespace steelyard::contract
