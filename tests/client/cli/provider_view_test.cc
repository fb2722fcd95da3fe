#include "client/cli/provider_view.h"

#include <sstream>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace steelyard::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

constexpr char kWord[] = R"pb({
                                word: "above expected"
                                scheme: "funnel-95-998"
                                threshold: "share above the upper 95 % limit"
                                meaning: "A reason to look closer, not a verdict"
                              })pb";

std::string Measure() {
  return std::string(R"pb(
           measure: "measures/stability"
           display_name: "Placement stability"
           levels { level: GOOD ratings: 20 }
           levels { level: APPROACHING_TARGET ratings: 9 }
           levels { level: REQUIRES_IMPROVEMENT ratings: 12 }
           levels { level: INADEQUATE ratings: 1234 }
           levels { level: OTHER ratings: 0 }
           councils: 14
           score_map: "even-steps-1"
           mean_score: 1.913
           shrunk_score: 1.954
           shrunk_lower: 1.7
           shrunk_upper: 2.204
           overall_score: 2.25
           compared_providers: 45
           best_quarter_probability: 0.02
           worst_quarter_probability: 0.61
           agreement: 0.38
           status { word: "Approaching target" scheme: "mean-level-1" threshold: "t" meaning: "m" }
           funnel { ratings: 46 below_target: 17 share: 0.37 target: 0.2 lower_95: 0.1 upper_95: 0.3
                    lower_998: 0.05
                    upper_998: 0.4
                    z: 2.4 status)pb") +
         kWord + "}";
}

v1::ProviderBenchmark Benchmark() {
  v1::ProviderBenchmark benchmark = Parse<v1::ProviderBenchmark>(R"pb(
    provider: "providers/oak"
    provider_display_name: "Oak Group"
    service: "childrens-homes"
    providers: "providers/acorn"
    answer: ANSWER_NEAREST
    whole {
      from_quarter { year: 2023 quarter: 1 }
      to_quarter { year: 2023 quarter: 4 }
      areas: "areas/england"
      answer: ANSWER_NEAREST
      figures {
        councils: 15
        reports: 52
        placements: 1460
        spend_micros: 12300000000000
        unplanned_endings { value: 0.042 lower: 0.033 upper: 0.053 denominator: 1460 }
        sufficiency {
          offers_per_referral { value: 0.38 lower: 0.33 upper: 0.43 denominator: 420 }
          nearest_offer_p50_km: 23.4
        }
        fees { mean_micros: 4120000000 p50_micros: 4050000000 }
        intentions { intention: STAY reports: 30 }
        intentions { intention: MOVE_TO_SMALLER_LOCAL reports: 12 }
        priorities { display_name: "Fee transparency" reports: 21 points: 88 }
      }
    }
    quarters {
      from_quarter { year: 2023 quarter: 1 }
      to_quarter { year: 2023 quarter: 2 }
      answer: ANSWER_EXACT
      figures {
        councils: 14
        placements: 700
        fees { mean_micros: 4080000000 }
      }
    }
    quarters {
      from_quarter { year: 2023 quarter: 3 }
      to_quarter { year: 2023 quarter: 3 }
      answer: ANSWER_NOT_AVAILABLE
    }
    charts {
      measure: "measures/stability"
      points { score: 2.4 }
      points { score: 0 }
      points { score: 3 }
      mean: 1.8
      lower_limit: 0.5
      upper_limit: 3.1
      trial_limits: true
      status { word: "common cause" scheme: "xmr" threshold: "t" meaning: "m" }
    }
    receipt { edition: 17 method_version: "provider-1" policy_version: 1 content_sha256: "0123" }
  )pb");
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      Measure(), benchmark.mutable_whole()->mutable_figures()->add_measures()));
  return benchmark;
}

std::string Printed(const v1::ProviderBenchmark& benchmark) {
  std::ostringstream out;
  PrintProvider(out, 100, benchmark,
                {{"areas/england", "England"}, {"measures/stability", "Placement stability"}});
  return out.str();
}

TEST(ProviderViewTest, AProviderIsPrintedWithAllItsFigures) {
  EXPECT_EQ(Printed(Benchmark()), R"(Oak Group (oak)
childrens-homes: how it serves, as councils report

shown for Q1–Q4 2023, England: the nearest to what was asked that is safe to show
By name are in it: acorn.

  Councils          15
  Reports           52
  Placements        1,460, added over quarters
  Spend             £12,300,000
  Unplanned endings 4.2% of 1,460 placements (likely 3.3% to 5.3%)
  Offers            38.0% of 420 referrals (likely 33.0% to 43.0%)
  No alternative    –
  Nearest offer     a quarter within –, half within 23.4 km, three quarters within –
  Weekly fee        £4,120 on average; of reports 10% are below –, half below £4,050, 90% below –

Ratings              Good  Appr.  Req.  Inad.  Other  Mean  Councils  Agree
───────────────────  ────  ─────  ────  ─────  ─────  ────  ────────  ─────
Placement stability    20      9    12  1,234      0  1.91        14  38.0%
Appr., Req. and Inad. are Approaching target, Requires improvement and Inadequate; Agree is the
share of pairs of ratings that say the same.

Score                         Likely   All  Best ¼  Worst ¼  In a word
───────────────────  ────  ─────────  ────  ──────  ───────  ──────────────────
Placement stability  1.95  1.70–2.20  2.25    2.0%    61.0%  Approaching target
Scores are from 0 (Inadequate) to 3 (Good), map even-steps-1, drawn towards the mean of all the
more, the fewer ratings there are; compared are 45 providers.

Below target         Ratings  Share    All     Expected     z  In a word
───────────────────  ───────  ─────  ─────  ───────────  ────  ──────────────
Placement stability       46  37.0%  20.0%  10.0%–30.0%  +2.4  above expected

What councils mean to do (reports): stay 30, move to smaller local 12

What councils put first  Reports  Points
───────────────────────  ───────  ──────
Fee transparency              21      88

Quarter     Councils  Placements  Weekly fee  Endings  Offers  No altern.
──────────  ────────  ──────────  ──────────  ───────  ──────  ──────────
Q1–Q2 2023        14         700      £4,080        –       –           –
Q3 2023            –           –           –        –       –           –

Mean score           By quarter  Newest  Mean      Usual  In a word
───────────────────  ──────────  ──────  ────  ─────────  ────────────
Placement stability  ▇▁█           3.00  1.80  0.50–3.10  common cause
Usual is the range of an XmR chart; from fewer than 12 points it will still move.

What the words stand for
above expected (funnel-95-998): share above the upper 95 % limit. A reason to look closer, not a
verdict.
Approaching target (mean-level-1): t. m.
common cause (xmr): t. m.

Receipt: edition 17, method provider-1, policy 1, SHA-256 0123…. Ask again with --edition 17 for the
same answer.
)");
}

TEST(ProviderViewTest, EachMeasureThatIsShownIsExplained) {
  std::vector<v1::Measure> measures(2);
  measures[0].set_name("measures/health");
  measures[0].set_display_name("Health");
  measures[0].set_definition("Whether needs are met");
  measures[1].set_name("measures/voice");
  std::ostringstream out;
  PrintDefinitions(out, 80, measures, {"measures/health"});
  EXPECT_EQ(out.str(), "\nWhat is rated\nHealth: Whether needs are met.\n");
  std::ostringstream none;
  PrintDefinitions(none, 80, measures, {});
  EXPECT_EQ(none.str(), "");
}

TEST(ProviderViewTest, WhatIsNotAvailableIsSaidInWords) {
  const auto benchmark = Parse<v1::ProviderBenchmark>(R"pb(
    provider: "providers/oak"
    provider_display_name: "Oak Group"
    service: "childrens-homes"
    answer: ANSWER_NOT_AVAILABLE
    whole {
      from_quarter { year: 2023 quarter: 1 }
      to_quarter { year: 2023 quarter: 1 }
      answer: ANSWER_NOT_AVAILABLE
    }
    quarters { answer: ANSWER_NOT_AVAILABLE }
  )pb");
  EXPECT_THAT(Printed(benchmark), HasSubstr("Q1 2023 is not available: too few councils or"));
  EXPECT_THAT(Printed(benchmark), Not(HasSubstr("Councils")));
}

std::string PositionsOf(const std::string& text) {
  std::ostringstream out;
  PrintPositions(out, 100, Parse<v1::ListProviderPositionsResponse>(text));
  return out.str();
}

TEST(PositionsViewTest, EachProviderLiesInItsFunnel) {
  EXPECT_EQ(PositionsOf("positions { display_name: 'Acorn' figures {" + Measure() +
                        "} } receipt { edition: 17 method_version: 'provider-1' }"),
            R"(Placement stability: share of ratings below target, from 0 to 40.0%

Provider  Ratings  Share  Funnel                              Score (likely)  In a word
────────  ───────  ─────  ────────────────────────────────  ────────────────  ──────────────
Acorn          46  37.0%  (   [·······|······]     ● )      1.95 (1.70–2.20)  above expected

● share, | share of all, [ ] 95% and ( ) 99.8% limits at this number of ratings. Providers are in
the order of their ids: this is no league table. Scores are from 0 (Inadequate) to 3 (Good), map
even-steps-1, drawn towards the mean of all.

What the words stand for
above expected (funnel-95-998): share above the upper 95 % limit. A reason to look closer, not a
verdict.

Receipt: edition 17, method provider-1, policy 0, SHA-256 …. Ask again with --edition 17 for the
same answer.
)");
  EXPECT_THAT(PositionsOf(""), HasSubstr("No provider is shown by itself"));
}

TEST(PositionsViewTest, AFunnelIsDrawnToScale) {
  v1::FunnelPosition funnel;
  funnel.set_lower_998(0.1);
  funnel.set_lower_95(0.2);
  funnel.set_target(0.4);
  funnel.set_upper_95(0.6);
  funnel.set_upper_998(0.7);
  funnel.set_share(0.9);
  EXPECT_EQ(FunnelBar(funnel, 1, 11), " ([·|·]) ● ");
  // Beside a limit, not over it.
  funnel.set_share(funnel.lower_95());
  EXPECT_EQ(FunnelBar(funnel, 1, 11), " ([●|·])   ");
  EXPECT_EQ(Judged(funnel, false).word(), "");
  EXPECT_EQ(Judged(funnel, true).word(), "too few to judge");
  funnel.set_lower_95(0);
  funnel.set_upper_95(0.95);
  EXPECT_EQ(Judged(funnel, false).word(), "too few to judge");
  funnel.set_share(0.96);
  EXPECT_EQ(Judged(funnel, true).word(), "") << "beyond the limits it stays what it is";
  EXPECT_EQ(Sparkline({0, 1.5, 3}), "▁▅█");
  EXPECT_EQ(BasisPointWords(750), "7.5%");
  EXPECT_EQ(BasisPointWords(20, true), "+0.2%");
  EXPECT_EQ(BasisPointWords(-100, true), "-1%");
}

constexpr char kUplift[] = R"pb(
  provider: "providers/oak"
  provider_display_name: "Oak Group"
  service: "childrens-homes"
  claimed_rise_basis_points: 750
  provider_fee_index {
    basis_points: 320
    base_from_quarter { year: 2023 quarter: 1 }
    base_to_quarter { year: 2023 quarter: 1 }
    current_from_quarter { year: 2024 quarter: 1 }
    current_to_quarter { year: 2024 quarter: 1 }
    matched_spend_share: 0.92
    councils: 14
  }
  council_rises { p50_basis_points: 300 councils: 14 }
  outcomes {
    measure: "measures/stability"
    display_name: "Placement stability"
    base_score: 2.4
    current_score: 2.1
    change_lower: -0.51
    change_upper: -0.09
    status { word: "worse" scheme: "change-95" threshold: "t" meaning: "m" }
  }
  status { word: "above what fees did" scheme: "uplift-50" threshold: "t" meaning: "m" }
  draft_reply: "To Oak Group\n\nThank you.\n"
  receipt { edition: 17 method_version: "provider-1" }
)pb";

TEST(UpliftViewTest, TheClaimStandsBesideWhatFeesDid) {
  std::ostringstream out;
  PrintUplift(out, 100, Parse<v1::UpliftCheck>(kUplift));
  EXPECT_EQ(out.str(), R"(Oak Group (oak)
Claims a rise of 7.5%: above what fees did

Fees, like for like  Change  From     To       Councils  Spend matched
───────────────────  ──────  ───────  ───────  ────────  ─────────────
This provider         +3.2%  Q1 2023  Q1 2024        14          92.0%
Councils' own changes: a quarter at or below –, half +3%, three quarters – (14 councils).

Mean score           Before   Now  Change, likely  In a word
───────────────────  ──────  ────  ──────────────  ─────────
Placement stability    2.40  2.10  -0.51 to -0.09  worse

What the words stand for
worse (change-95): t. m.
above what fees did (uplift-50): t. m.

Draft reply
-----------
To Oak Group

Thank you.


Receipt: edition 17, method provider-1, policy 0, SHA-256 …. Ask again with --edition 17 for the
same answer.
)");
  std::ostringstream none;
  PrintUplift(none, 100, v1::UpliftCheck());
  EXPECT_THAT(none.str(), HasSubstr("What fees did is not available"));
}

// The CSV of `grid`, line by line.
std::vector<std::string> Lines(const Grid& grid) {
  std::stringstream out;
  grid.PrintCsv(out);
  std::vector<std::string> lines;
  for (std::string line; std::getline(out, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

TEST(ProviderGridTest, EachMeasureOfEachCellIsARow) {
  const auto lines = Lines(ProviderGrid(Benchmark()));
  ASSERT_EQ(lines.size(), 4u) << "headings, one measure, two quarters without";
  EXPECT_THAT(lines[0], HasSubstr("provider,service,cell,from,to,areas,answer,councils,reports"));
  EXPECT_THAT(lines[1], HasSubstr("oak,childrens-homes,whole,2023-Q1,2023-Q4,england,"
                                  "ANSWER_NEAREST,15,52,1460,12300000.00,0.042"));
  EXPECT_THAT(lines[1], HasSubstr("above expected,funnel-95-998,share above the upper 95 % limit"));
  EXPECT_THAT(lines[3], HasSubstr("quarters,2023-Q3,2023-Q3,,ANSWER_NOT_AVAILABLE,,,,"));
}

TEST(ProviderGridTest, PositionsAndUpliftsHaveOneRowAFigure) {
  const auto positions = Lines(PositionsGrid(Parse<v1::ListProviderPositionsResponse>(
      "positions { provider: 'providers/acorn' display_name: 'Acorn' figures {" + Measure() +
      "} }")));
  ASSERT_EQ(positions.size(), 2u);
  EXPECT_THAT(positions[1],
              HasSubstr("acorn,Acorn,stability,20,9,12,1234,0,14,even-steps-1,1.913"));
  const auto uplift = Lines(UpliftGrid(Parse<v1::UpliftCheck>(kUplift)));
  ASSERT_EQ(uplift.size(), 5u);
  EXPECT_THAT(uplift[2],
              HasSubstr("provider_fee_index_basis_points,320,,,2023-Q1,2024-Q1,14,0.92"));
  EXPECT_THAT(uplift[4], HasSubstr("stability,,-0.51,-0.09,2.4,2.1,,,worse"));
}

}  // namespace
}  // namespace steelyard::cli
