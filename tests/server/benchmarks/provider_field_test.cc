#include "server/benchmarks/provider_field.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/server/benchmarks/outcome_country.h"

namespace steelyard::benchmarks {
namespace {

using model::Level;
using model::Measure;

// Ratings at each level, best first.
using Counts = std::array<int, 4>;

// What the field should say of one unit, worked out anew from docs/methods.md.
struct Truth {
  std::vector<double> mean, shrunk, low, high, z, share;
  double overall = 0, target = 0, tau2_share = 0;
};

double Square(double x) { return x * x; }

// Quantile of type 7.
double Type7(std::vector<double> x, double q) {
  std::sort(x.begin(), x.end());
  const double h = static_cast<double>(x.size() - 1) * q;
  const auto i = static_cast<size_t>(h);
  return i + 1 < x.size() ? x[i] + (h - static_cast<double>(i)) * (x[i + 1] - x[i]) : x[i];
}

// DerSimonian and Laird's variance between units.
double BetweenUnits(const std::vector<double>& z, const std::vector<double>& s) {
  const auto n = static_cast<double>(z.size());
  double q = 0, w1 = 0, w2 = 0;
  for (size_t i = 0; i < z.size(); ++i) {
    const double w = 1 / Square(s[i]);
    q += Square(z[i]);
    w1 += w;
    w2 += Square(w);
  }
  return std::max(0.0, (q - (n - 1)) / (w1 - w2 / w1));
}

Truth WorkOut(const std::vector<Counts>& field) {
  Truth t;
  std::vector<double> n, below;
  double squares = 0, freedom = 0, total = 0;
  for (const Counts& c : field) {
    n.push_back(c[0] + c[1] + c[2] + c[3]);
    below.push_back(c[2] + c[3]);
    const double mean = (3 * c[0] + 2 * c[1] + c[2]) / n.back();
    t.mean.push_back(mean);
    for (int l = 0; l < 4; ++l) squares += c[static_cast<size_t>(l)] * Square(3 - l - mean);
    freedom += n.back() - 1;
    total += n.back();
  }
  const double variance = std::max(squares / freedom, 5 / (total + 4));
  std::vector<double> s;
  double w = 0, wy = 0;
  for (size_t i = 0; i < n.size(); ++i) {
    s.push_back(std::sqrt(variance / n[i]));
    w += 1 / Square(s[i]);
    wy += t.mean[i] / Square(s[i]);
  }
  std::vector<double> z;
  for (size_t i = 0; i < n.size(); ++i) z.push_back((t.mean[i] - wy / w) / s[i]);
  const double tau2 = BetweenUnits(z, s);
  double v = 0, vy = 0;
  for (size_t i = 0; i < n.size(); ++i) {
    v += 1 / (Square(s[i]) + tau2);
    vy += t.mean[i] / (Square(s[i]) + tau2);
  }
  t.overall = vy / v;
  for (size_t i = 0; i < n.size(); ++i) {
    const double b = tau2 / (tau2 + Square(s[i]));
    t.shrunk.push_back(t.overall + b * (t.mean[i] - t.overall));
    const double reach = 1.959964 * std::sqrt(b * Square(s[i]) + Square(1 - b) / v);
    t.low.push_back(std::max(0.0, t.shrunk[i] - reach));
    t.high.push_back(std::min(3.0, t.shrunk[i] + reach));
  }
  t.target = std::accumulate(below.begin(), below.end(), 0.0) / total;
  std::vector<double> zs, ss;
  for (size_t i = 0; i < n.size(); ++i) {
    t.share.push_back(below[i] / n[i]);
    ss.push_back(0.5 / std::sqrt(n[i]));
    zs.push_back((std::asin(std::sqrt(t.share[i])) - std::asin(std::sqrt(t.target))) / ss[i]);
  }
  std::vector<double> trimmed;
  for (double x : zs) trimmed.push_back(std::clamp(x, Type7(zs, 0.1), Type7(zs, 0.9)));
  t.tau2_share = BetweenUnits(trimmed, ss);
  for (size_t i = 0; i < n.size(); ++i) {
    t.z.push_back(zs[i] * ss[i] / std::sqrt(Square(ss[i]) + t.tau2_share));
  }
  return t;
}

class ProviderFieldTest : public ::testing::Test {
 protected:
  // Adds a provider by itself with these ratings in 2024, each of another council.
  void Add(const Counts& counts, int others = 0) {
    const std::string id = "p" + std::to_string(blocks_.size());
    std::vector<model::OutcomeFact> reports;
    const auto add = [&](Level level, int count) {
      for (int i = 0; i < count; ++i) {
        reports.push_back(Report(static_cast<uint16_t>(reports.size() + 1), level));
      }
    };
    for (size_t l = 0; l < 4; ++l) add(static_cast<Level>(l + 1), counts[l]);
    add(Level::kOther, others);
    blocks_.push_back(Alone(2024, static_cast<uint32_t>(blocks_.size() + 1),
                            country_.AddProvider(id), {{Quarters(2024, 1, 4), reports}}));
    if (counts != Counts{}) counts_.push_back(counts);
  }
  void Build() {
    index_ = std::make_unique<OutcomeIndex>(blocks_, *country_.registers);
    field_ = std::make_unique<ProviderField>(*index_, Quarters(2024, 1, 4));
  }
  v1::MeasureFigures Show(size_t unit, Standing standing = Standing::kPlaced) {
    v1::MeasureFigures out;
    const FieldUnit& u = field_->units()[unit];
    ToProto(*field_, Measure::kVoice, *u.ratings[4], standing, {u.provider}, policy_, &out);
    return out;
  }

  OutcomeCountry country_{100};
  model::Policy policy_;
  editions::OutcomeStore::Blocks blocks_;
  std::vector<Counts> counts_;
  std::unique_ptr<OutcomeIndex> index_;
  std::unique_ptr<ProviderField> field_;
};

TEST_F(ProviderFieldTest, EveryFigureIsAsTheMethodSays) {
  for (const Counts& counts : {Counts{12, 5, 2, 1},
                               {4, 6, 8, 7},
                               {20, 2, 0, 0},
                               {1, 1, 2, 0},
                               {9, 12, 6, 3},
                               {2, 5, 9, 14}}) {
    Add(counts);
  }
  Build();
  const Truth truth = WorkOut(counts_);
  ASSERT_GT(truth.tau2_share, 0);
  for (size_t i = 0; i < counts_.size(); ++i) {
    const v1::MeasureFigures shown = Show(i);
    EXPECT_EQ(shown.measure(), "measures/voice");
    EXPECT_EQ(shown.score_map(), "even-steps-1");
    EXPECT_NEAR(shown.mean_score(), truth.mean[i], 0.0005);
    EXPECT_NEAR(shown.shrunk_score(), truth.shrunk[i], 0.0005);
    EXPECT_NEAR(shown.shrunk_lower(), truth.low[i], 0.0005);
    EXPECT_NEAR(shown.shrunk_upper(), truth.high[i], 0.0005);
    EXPECT_NEAR(shown.overall_score(), truth.overall, 0.0005);
    EXPECT_EQ(shown.compared_providers(), 6);
    const v1::FunnelPosition& funnel = shown.funnel();
    const double n = std::accumulate(counts_[i].begin(), counts_[i].end(), 0.0);
    EXPECT_EQ(funnel.ratings(), n);
    EXPECT_EQ(funnel.below_target(), counts_[i][2] + counts_[i][3]);
    EXPECT_NEAR(funnel.share(), truth.share[i], 0.0005);
    EXPECT_NEAR(funnel.target(), truth.target, 0.0005);
    EXPECT_NEAR(funnel.z(), truth.z[i], 0.0005);
    EXPECT_NEAR(funnel.tau_squared(), truth.tau2_share, 0.0000005);
    const double reach = 1.959964 * std::sqrt(0.25 / n + truth.tau2_share);
    const double middle = std::asin(std::sqrt(truth.target));
    EXPECT_NEAR(funnel.upper_95(), Square(std::sin(middle + reach)), 0.0005);
    EXPECT_NEAR(funnel.lower_95(), Square(std::sin(std::max(0.0, middle - reach))), 0.0005);
    EXPECT_EQ(funnel.status().scheme(), "funnel-95-998");
    EXPECT_EQ(shown.status().scheme(), "mean-level-1");
  }
}

TEST_F(ProviderFieldTest, ChancesAddUpToTheQuarter) {
  for (int i = 0; i < 8; ++i) Add({4 + 2 * i, 10, 20 - 2 * i, 0});
  Build();
  double best = 0, worst = 0;
  for (size_t i = 0; i < 8; ++i) {
    const v1::MeasureFigures shown = Show(i);
    best += shown.best_quarter_probability();
    worst += shown.worst_quarter_probability();
    EXPECT_EQ(Show(i).SerializeAsString(), shown.SerializeAsString()) << "the seed is fixed";
  }
  EXPECT_NEAR(best, 2, 0.005) << "two of eight are the best quarter";
  EXPECT_NEAR(worst, 2, 0.005);
  EXPECT_GT(Show(7).best_quarter_probability(), 0.5);
  EXPECT_GT(Show(0).worst_quarter_probability(), 0.5);
}

TEST_F(ProviderFieldTest, AnOwnerStandsInTheFieldInPlaceOfItsOwn) {
  for (int i = 0; i < 8; ++i) Add({4 + 2 * i, 10, 20 - 2 * i, 0});
  Build();
  // The two best together, as one among the six others.
  editions::RatingCounts sum = *field_->units()[7].ratings[4];
  for (size_t l = 0; l < 5; ++l) sum.by_level[l] += field_->units()[6].ratings[4]->by_level[l];
  v1::MeasureFigures out;
  ToProto(*field_, Measure::kVoice, sum, Standing::kPlaced,
          {field_->units()[6].provider, field_->units()[7].provider}, policy_, &out);
  EXPECT_EQ(out.compared_providers(), 7);
  EXPECT_GT(out.best_quarter_probability(), 0.8);
  EXPECT_EQ(out.funnel().ratings(), 68);
}

TEST_F(ProviderFieldTest, UnanimousRatingsAreNotCertain) {
  for (int i = 0; i < 3; ++i) Add({6, 0, 0, 0});
  Build();
  // Variance 5 / 22 of single ratings; units do not differ.
  EXPECT_NEAR(field_->measure(4).variance, 5.0 / 22, 1e-12);
  const v1::MeasureFigures shown = Show(0);
  EXPECT_EQ(shown.shrunk_score(), 3);
  EXPECT_NEAR(shown.shrunk_lower(), 3 - 1.959964 * std::sqrt(5.0 / 22 / 18), 0.0005);
  EXPECT_EQ(shown.shrunk_upper(), 3) << "the scale ends there";
  EXPECT_FALSE(shown.has_best_quarter_probability()) << "three have no quarters";
}

TEST_F(ProviderFieldTest, OtherCountsAsALevelButNotAsARank) {
  Add({4, 0, 4, 0}, 2);
  Add({5, 5, 5, 0});
  Build();
  const v1::MeasureFigures shown = Show(0);
  ASSERT_EQ(shown.levels_size(), 5);
  EXPECT_EQ(shown.levels(0).ratings(), 4);
  EXPECT_EQ(shown.levels(4).level(), v1::OutcomeReport::OTHER);
  EXPECT_EQ(shown.levels(4).ratings(), 2);
  EXPECT_EQ(shown.mean_score(), 2);
  EXPECT_EQ(shown.funnel().ratings(), 8);
  EXPECT_EQ(shown.councils(), 10);
  // (16 + 16 + 4 - 10) / 90.
  EXPECT_EQ(shown.agreement(), 0.289);
}

TEST_F(ProviderFieldTest, OnlyAnAnswerAboutSomebodyHasAPlace) {
  for (int i = 0; i < 5; ++i) Add({4, 3, 2, 1});
  Build();
  const v1::MeasureFigures all = Show(0, Standing::kAll);
  EXPECT_TRUE(all.has_status());
  EXPECT_FALSE(all.has_funnel());
  EXPECT_FALSE(all.has_best_quarter_probability());
  const v1::MeasureFigures quarter = Show(0, Standing::kPlain);
  EXPECT_FALSE(quarter.has_status());
  EXPECT_EQ(quarter.mean_score(), 2);
}

TEST_F(ProviderFieldTest, WithoutAFieldAnAnswerIsDrawnNowhere) {
  Build();
  editions::RatingCounts counts;
  counts.by_level = {3, 0, 1, 0, 0};
  counts.councils = 4;
  v1::MeasureFigures out;
  ToProto(*field_, Measure::kVoice, counts, Standing::kPlaced, {}, policy_, &out);
  EXPECT_EQ(out.mean_score(), 2.5);
  EXPECT_EQ(out.shrunk_score(), 2.5);
  EXPECT_LT(out.shrunk_lower(), 2.5);
  EXPECT_EQ(out.compared_providers(), 0);
  EXPECT_FALSE(out.has_funnel());
}

}  // namespace
}  // namespace steelyard::benchmarks
