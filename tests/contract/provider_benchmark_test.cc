// How providers serve, over a small country whose reports are known.

#include <map>

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kCouncils[] = {"hck", "cmd", "isl", "lbh", "swk", "nwm", "twh", "eal",
                                     "man", "liv", "bol", "bur", "old", "slf", "skp", "trf"};
constexpr const char* kProviders[] = {"cambian", "keys", "priory", "witherslack", "compass"};
constexpr char kPeriod[] =
    " service: 'childrens-homes' from_quarter { year: 2023 quarter: 1 } to_quarter { year: 2024 "
    "quarter: 4 } ";

class ProviderBenchmarkTest : public ContractTest {
 protected:
  // Sixteen councils report on five providers, eight quarters: Keys is rated
  // poor where the others are good, and its fees rise more.
  void PublishTwoYears(int councils = 16) {
    for (int q = 0; q < 8; ++q) {
      v1::UploadOutcomeReportsRequest chunk;
      for (int c = 0; c < councils; ++c) {
        for (int p = 0; p < 5; ++p) {
          Report(c, kProviders[p], q, 10 + (c * 3 + p) % 7, p == 1,
                 *chunk.mutable_chunk()->add_lines());
        }
      }
      Upload(chunk);
    }
    server_.WaitPublished();
  }

  static void Report(int council, const char* provider, int q, int placements, bool bad,
                     v1::OutcomeLine& line) {
    line.set_council(kCouncils[council]);
    v1::OutcomeReport& r = *line.mutable_outcome_report();
    r.set_provider(provider);
    r.set_service("childrens-homes");
    r.mutable_quarter()->set_year(2023 + q / 4);
    r.mutable_quarter()->set_quarter(q % 4 + 1);
    r.set_placements(placements);
    for (const char* measure : {"safeguarding", "stability", "value"}) {
      auto* rating = r.add_ratings();
      rating->set_measure(measure);
      // Half and half: what nearly all say would give each of them away.
      using R = v1::OutcomeReport;
      const bool other = (council + q) % 2 == 0;
      rating->set_level(bad ? (other ? R::REQUIRES_IMPROVEMENT : R::INADEQUATE)
                            : (other ? R::APPROACHING_TARGET : R::GOOD));
    }
    const int64_t fee = 4'000 + placements * 10 + (bad ? 80 * q : 20 * q);
    r.set_weekly_fee_micros(fee * 1'000'000);
    r.set_spend_micros(fee * placements * 13 * 1'000'000);
    r.set_unplanned_endings(bad ? 3 : 1);
    r.set_referrals(8);
    r.set_offers(bad ? 2 : 4);
    r.set_nearest_offer_meters(20'000 + placements * 500);
    r.set_no_alternative(bad == ((council + q) % 2 == 0));
    r.set_intention(bad ? v1::OutcomeReport::REDUCE : v1::OutcomeReport::STAY);
    r.add_priorities("fee-transparency");
  }

  void Upload(const v1::UploadOutcomeReportsRequest& chunk) {
    const auto context = ContextOf(steward_.secret());
    Outcomes stub(steward_.channel());
    const auto stream = stub.UploadOutcomeReports(context.get());
    v1::UploadOutcomeReportsRequest start;
    Merge("parent: 'councils/-' upload_id: '$uuid'", *start.mutable_start());
    v1::UploadOutcomeReportsResponse reply;
    ASSERT_TRUE(stream->Write(start) && stream->Read(&reply));
    ASSERT_TRUE(stream->Write(chunk) && stream->Read(&reply));
    ASSERT_THAT(WordsOf(reply.chunk().problems()), IsEmpty());
    v1::UploadOutcomeReportsRequest finish;
    finish.mutable_finish()->set_chunks(1);
    ASSERT_TRUE(stream->Write(finish) && stream->Read(&reply));
    stream->WritesDone();
    ASSERT_TRUE(stream->Finish().ok());
  }

  Answer<v1::ProviderBenchmark> Ask(const std::string& provider, const std::string& more = "") {
    return hackney_.Call(&Benchmarks::GetProviderBenchmark,
                         absl::StrCat("provider: '", provider, "'", kPeriod, more));
  }

  static void ExpectWhole(const v1::StatusWord& status) {
    EXPECT_FALSE(status.word().empty());
    EXPECT_FALSE(status.scheme().empty()) << status.word();
    EXPECT_FALSE(status.threshold().empty()) << status.word();
    EXPECT_FALSE(status.meaning().empty()) << status.word();
  }
};

TEST_F(ProviderBenchmarkTest, AnAnswerHasAllItsFiguresAndIsTrue) {
  PublishTwoYears();
  const auto keys = Ask("keys");
  ASSERT_THAT(keys, Succeeds());
  const v1::ProviderCell& whole = keys.reply.whole();
  ASSERT_TRUE(whole.has_figures()) << keys.reply.DebugString();
  EXPECT_EQ(whole.answer(), v1::ANSWER_EXACT);
  const v1::ProviderFigures& f = whole.figures();
  EXPECT_EQ(f.councils(), 16);
  EXPECT_NEAR(static_cast<double>(f.reports()), 128, 1.3);  // rounded to 1 %
  EXPECT_NEAR(f.unplanned_endings().value(), 384.0 / (13 * 128), 0.03);
  EXPECT_THAT(f.sufficiency().offers_per_referral().value(), DoubleNear(0.25, 0.01));
  EXPECT_THAT(f.sufficiency().no_alternative().value(), DoubleNear(0.5, 0.01));
  EXPECT_TRUE(f.sufficiency().has_nearest_offer_p50_km());
  EXPECT_NEAR(static_cast<double>(f.fees().mean_micros()) / 1e6, 4'415, 50);
  ASSERT_THAT(f.measures(), SizeIs(3));
  for (const v1::MeasureFigures& m : f.measures()) {
    EXPECT_EQ(m.score_map(), "even-steps-1");
    EXPECT_THAT(m.mean_score(), DoubleNear(0.5, 0.01));
    EXPECT_LT(m.shrunk_score(), 0.7);
    EXPECT_GT(m.overall_score(), 1.5);
    EXPECT_EQ(m.worst_quarter_probability(), 1);
    EXPECT_EQ(m.best_quarter_probability(), 0);
    EXPECT_EQ(m.compared_providers(), 5);
    EXPECT_THAT(m.agreement(), DoubleNear(0.5, 0.03));
    EXPECT_EQ(m.funnel().share(), 1);
    ExpectWhole(m.status());
    ExpectWhole(m.funnel().status());
  }
  EXPECT_THAT(keys.reply.charts(), SizeIs(3));
  for (const auto& chart : keys.reply.charts()) {
    EXPECT_THAT(chart.points(), SizeIs(8));
    ExpectWhole(chart.status());
  }
  EXPECT_GT(keys.reply.receipt().edition(), 0);
  EXPECT_EQ(keys.reply.receipt().method_version(), "provider-1");

  // All providers, and the same answer when asked again with its edition.
  const auto all = Ask("");
  ASSERT_THAT(all, Succeeds());
  EXPECT_NEAR(static_cast<double>(all.reply.whole().figures().reports()), 640, 6.4);
  const auto again = Ask("keys", absl::StrCat("edition: ", keys.reply.receipt().edition()));
  EXPECT_EQ(again.reply.whole().SerializeAsString(), whole.SerializeAsString());
}

TEST_F(ProviderBenchmarkTest, AnOwnerIsWhatItOwnedAtTheTime) {
  PublishTwoYears();
  const auto g_square = Ask("g-square");  // owns Keys and no other
  ASSERT_THAT(g_square, Succeeds());
  ASSERT_TRUE(g_square.reply.whole().has_figures());
  EXPECT_EQ(g_square.reply.whole().figures().SerializeAsString(),
            Ask("keys").reply.whole().figures().SerializeAsString());
  const auto acadia = Ask("acadia-healthcare");  // sold Priory in 2020
  ASSERT_THAT(acadia, Succeeds());
  EXPECT_FALSE(acadia.reply.whole().has_figures());
}

TEST_F(ProviderBenchmarkTest, TooFewCouncilsIsNotAvailableAndNothingMoreIsSaid) {
  PublishTwoYears(2);
  const auto keys = Ask("keys");
  ASSERT_THAT(keys, Succeeds());
  EXPECT_FALSE(keys.reply.whole().has_figures());
  // No word tells this from a provider of whom nobody reports.
  auto strip = [](v1::ProviderBenchmark benchmark) {
    benchmark.clear_receipt();
    benchmark.clear_providers();
    benchmark.clear_provider();
    benchmark.clear_provider_display_name();
    return benchmark.DebugString();
  };
  EXPECT_EQ(strip(keys.reply), strip(Ask("acadia-healthcare").reply));
}

TEST_F(ProviderBenchmarkTest, PositionsListEveryProviderInOneMeasure) {
  PublishTwoYears();
  const std::string question = absl::StrCat(kPeriod, "measure: 'stability' ");
  std::map<std::string, std::string> words;
  std::string token;
  do {
    const auto page =
        hackney_.Call(&Benchmarks::ListProviderPositions,
                      absl::StrCat(question, "page_size: 2 page_token: '", token, "'"));
    ASSERT_THAT(page, Succeeds());
    for (const auto& position : page.reply.positions()) {
      const v1::FunnelPosition& funnel = position.figures().funnel();
      ExpectWhole(funnel.status());
      EXPECT_LE(funnel.lower_998(), funnel.lower_95());
      EXPECT_LE(funnel.upper_95(), funnel.upper_998());
      words[position.provider()] = funnel.status().word();
    }
    token = page.reply.next_page_token();
  } while (!token.empty());
  EXPECT_THAT(words, SizeIs(5));
  EXPECT_TRUE(words.contains("providers/keys"));

  const auto bad =
      hackney_.Call(&Benchmarks::ListProviderPositions, absl::StrCat(kPeriod, "measure: 'food'"));
  EXPECT_THAT(bad, Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
}

TEST_F(ProviderBenchmarkTest, AClaimStandsBesideWhatFeesAndOutcomesDid) {
  PublishTwoYears();
  const auto check = [&](int claim) {
    return hackney_.Call(&Benchmarks::CheckUplift,
                         absl::StrCat("provider: 'keys' service: 'childrens-homes' "
                                      "claimed_rise_basis_points: ",
                                      claim,
                                      " base_quarter { year: 2023 quarter: 4 } current_quarter { "
                                      "year: 2024 quarter: 4 }"));
  };
  const auto tenth = check(1000);
  ASSERT_THAT(tenth, Succeeds());
  // Fees of 4,110 to 4,160 and 240 more; a year later 320 more.
  EXPECT_NEAR(tenth.reply.provider_fee_index().basis_points(), 734, 15)
      << tenth.reply.DebugString();
  EXPECT_LT(tenth.reply.all_fee_index().basis_points(),
            tenth.reply.provider_fee_index().basis_points());
  ExpectWhole(tenth.reply.status());
  EXPECT_THAT(tenth.reply.status().word(), HasSubstr("above"));
  EXPECT_THAT(tenth.reply.draft_reply(), HasSubstr("10%"));
  EXPECT_THAT(tenth.reply.draft_reply(), HasSubstr("Keys"));
  EXPECT_NE(check(734).reply.status().word(), tenth.reply.status().word());

  const auto bad = hackney_.Call(&Benchmarks::CheckUplift,
                                 "provider: 'keys' service: 'childrens-homes' "
                                 "claimed_rise_basis_points: 20000 base_quarter { year: 2024 "
                                 "quarter: 4 } current_quarter { year: 2024 quarter: 1 }");
  EXPECT_THAT(bad, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(bad.status),
              ElementsAre("claimed_rise_basis_points: give hundredths of a percent from 1 to "
                          "10,000: 750 is 7.5 %",
                          "current_quarter: must be later than base_quarter"));
}

TEST_F(ProviderBenchmarkTest, WrongQuestionsAreRefusedWithEveryProblem) {
  const auto bad =
      hackney_.Call(&Benchmarks::GetProviderBenchmark,
                    "service: 'childrens-homes' from_quarter { year: 2024 quarter: 9 } "
                    "to_quarter { year: 2024 quarter: 1 } area: 'london' edition: -1");
  EXPECT_THAT(bad, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(bad.status), SizeIs(3));
  EXPECT_THAT(Ask("nobody"), Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(Ask("keys", "edition: 999"), Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
}

TEST_F(ProviderBenchmarkTest, WhatIsMissingIsNamedAllAtOnce) {
  EXPECT_THAT(
      ViolationsOf(hackney_.Call(&Benchmarks::GetProviderBenchmark, "").status),
      ElementsAre("service: Required, but not given.", "from_quarter: Required, but not given.",
                  "to_quarter: Required, but not given."));
  EXPECT_THAT(ViolationsOf(hackney_.Call(&Benchmarks::ListProviderPositions, "").status),
              SizeIs(4));
  EXPECT_THAT(ViolationsOf(hackney_.Call(&Benchmarks::CheckUplift, "").status), SizeIs(5));
}

TEST_F(ProviderBenchmarkTest, WrongListsOfPositionsAreRefusedWithEveryProblem) {
  const auto list = [&](std::string_view question) {
    return hackney_.Call(&Benchmarks::ListProviderPositions, std::string(question));
  };
  const auto bad = list(
      "service: 'childrens-homes' measure: 'stability' from_quarter { year: 2024 quarter: 9 } "
      "to_quarter { year: 1999 quarter: 1 } edition: -1");
  EXPECT_THAT(bad, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(bad.status),
              ElementsAre("from_quarter: give a year from 2000 to 2100 and a quarter from 1 to 4",
                          "to_quarter: give a year from 2000 to 2100 and a quarter from 1 to 4",
                          "edition: give 0 for the newest, or an edition's number"));
  const std::string question = absl::StrCat(kPeriod, "measure: 'stability' ");
  EXPECT_THAT(list(absl::StrCat(question, "page_size: -1")),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(list(absl::StrCat(question, "page_token: 'made-up'")).status.error_code(),
              StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(list(absl::StrCat(question, "edition: 999")),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  // Nothing is published: nobody is listed, and that is no error.
  const auto none = list(question);
  ASSERT_THAT(none, Succeeds());
  EXPECT_THAT(none.reply.positions(), IsEmpty());
}

TEST_F(ProviderBenchmarkTest, AClaimThatNothingIsKnownOfSaysSoAndNoMore) {
  PublishTwoYears(2);
  const auto check = [&](const std::string& provider) {
    return hackney_.Call(&Benchmarks::CheckUplift,
                         absl::StrCat("provider: '", provider,
                                      "' service: 'childrens-homes' claimed_rise_basis_points: 750 "
                                      "base_quarter { year: 2023 quarter: 4 } "
                                      "current_quarter { year: 2024 quarter: 4 }"));
  };
  auto keys = check("keys");
  ASSERT_THAT(keys, Succeeds());
  EXPECT_FALSE(keys.reply.has_provider_fee_index());
  EXPECT_FALSE(keys.reply.has_all_fee_index());
  EXPECT_FALSE(keys.reply.has_council_rises());
  EXPECT_THAT(keys.reply.outcomes(), IsEmpty());
  EXPECT_EQ(keys.reply.status().word(), "not known");
  ExpectWhole(keys.reply.status());
  EXPECT_THAT(keys.reply.draft_reply(), HasSubstr("7.5%"));
  // Two councils report on Keys and none on its former owner's: no word differs.
  auto nobody = check("acadia-healthcare");
  ASSERT_THAT(nobody, Succeeds());
  const auto strip = [](v1::UpliftCheck& reply) {
    std::string& letter = *reply.mutable_draft_reply();
    const size_t at = letter.find(reply.provider_display_name());
    if (at != std::string::npos) letter.replace(at, reply.provider_display_name().size(), "X");
    reply.clear_provider();
    reply.clear_provider_display_name();
    reply.clear_receipt();
    return reply.DebugString();
  };
  EXPECT_EQ(strip(keys.reply), strip(nobody.reply));
}

}  // namespace
}  // namespace steelyard::contract
