#include "server/benchmarks/uplift.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/server/benchmarks/outcome_country.h"

namespace steelyard::benchmarks {
namespace {

using model::Level;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// A council's fee and places at one time; no fee: 0.
struct Paid {
  uint16_t council;
  int64_t fee;
  int64_t places = 10;
};

// Fisher's index of what both lists have, from its definition.
double Fisher(const std::vector<Paid>& base, const std::vector<Paid>& current) {
  double p0q0 = 0, p1q0 = 0, p0q1 = 0, p1q1 = 0;
  for (const Paid& b : base) {
    for (const Paid& c : current) {
      if (b.council != c.council) continue;
      const auto p0 = static_cast<double>(b.fee), q0 = static_cast<double>(b.places);
      const auto p1 = static_cast<double>(c.fee), q1 = static_cast<double>(c.places);
      p0q0 += p0 * q0;
      p1q0 += p1 * q0;
      p0q1 += p0 * q1;
      p1q1 += p1 * q1;
    }
  }
  return std::sqrt(p1q0 / p0q0 * (p1q1 / p0q1));
}

double Spend(const std::vector<Paid>& paid) {
  double sum = 0;
  for (const Paid& p : paid) sum += static_cast<double>(p.fee * p.places);
  return sum;
}

int32_t Tenths(double index) { return static_cast<int32_t>(std::lround((index - 1) * 1000)) * 10; }

class UpliftTest : public ::testing::Test {
 protected:
  UpliftTest() {
    country_.AddProvider("oak");
    acorn_ = country_.AddProvider("acorn", {{"oak", {}, {}}});
    cedar_ = country_.AddProvider("cedar");
    for (uint16_t c = 1; c <= 8; ++c) {
      base_.push_back({c, 1'000 + 10 * c});
      current_.push_back({c, (1'000 + 10 * c) * (1'010 + 10 * c) / 1'000, 8 + c});
    }
    base_.push_back({9, 2'000});  // left afterwards
  }

  void Publish(model::ProviderNo provider, int year, const std::vector<Paid>& paid,
               Level level = Level::kGood) {
    std::vector<model::OutcomeFact> reports;
    for (const Paid& p : paid) {
      model::OutcomeFact report = Report(p.council, level, p.fee);
      report.placements = p.places;
      reports.push_back(report);
    }
    blocks_.push_back(Alone(year, static_cast<uint32_t>(blocks_.size() + 1), provider,
                            {{Quarters(year, 1, 1), reports}}));
  }

  v1::UpliftCheck Ask(int claimed = 750, const std::string& provider = "oak") {
    const OutcomeIndex index(blocks_, *country_.registers);
    UpliftQuestion question;
    question.provider = country_.registers->FindProvider(provider)->no;
    question.claimed = claimed;
    question.base = Quarters(2023, 1, 1);
    question.current = Quarters(2024, 1, 1);
    v1::UpliftCheck check = CheckUplift(question, index, *country_.registers, policy_);
    check.set_draft_reply(DraftReply(check, 17));
    return check;
  }

  OutcomeCountry country_{20};
  model::Policy policy_;
  model::ProviderNo acorn_, cedar_;
  std::vector<Paid> base_, current_;
  editions::OutcomeStore::Blocks blocks_;
};

TEST_F(UpliftTest, FeesAreComparedLikeWithLike) {
  Publish(acorn_, 2023, base_);
  Publish(acorn_, 2024, current_);
  const v1::UpliftCheck check = Ask();
  ASSERT_TRUE(check.has_provider_fee_index());
  const auto& rise = check.provider_fee_index();
  EXPECT_EQ(rise.basis_points(), Tenths(Fisher(base_, current_)));
  EXPECT_EQ(rise.councils(), 8);
  // Less than all would be what the one pays that left.
  EXPECT_EQ(rise.matched_spend_share(), 0);
  EXPECT_EQ(rise.base_from_quarter().year(), 2023);
  EXPECT_EQ(rise.current_to_quarter().quarter(), 1);
  EXPECT_EQ(check.status().word(), "above what fees did");
  EXPECT_EQ(check.provider(), "providers/oak");
}

TEST_F(UpliftTest, WhatIsMatchedIsSaidWhereTheOthersAreHidden) {
  for (uint16_t c = 10; c <= 13; ++c) base_.push_back({c, 2'000});
  Publish(acorn_, 2023, base_);
  Publish(acorn_, 2024, current_);
  const double all = Spend(base_) + Spend(current_);
  EXPECT_NEAR(Ask().provider_fee_index().matched_spend_share(), (all - 5 * 20'000) / all, 0.0005);
}

TEST_F(UpliftTest, AllOfWhatIsSpentMayBeMatched) {
  base_.pop_back();
  Publish(acorn_, 2023, base_);
  Publish(acorn_, 2024, current_);
  EXPECT_EQ(Ask().provider_fee_index().matched_spend_share(), 1);
}

TEST_F(UpliftTest, TheBandIsOfCouncilsOwnRises) {
  Publish(acorn_, 2023, base_);
  Publish(acorn_, 2024, current_);
  const auto band = Ask().council_rises();
  // Rises of 2 % to 9 %, less what whole pounds cut off; type 7 over eight.
  std::vector<double> rises;
  for (size_t i = 0; i < 8; ++i) {
    rises.push_back(static_cast<double>(current_[i].fee) / static_cast<double>(base_[i].fee));
  }
  EXPECT_EQ(band.councils(), 8);
  EXPECT_EQ(band.p50_basis_points(), Tenths((rises[3] + rises[4]) / 2));
  // 1.75 councils from the end: only two lie beyond the quartiles.
  EXPECT_FALSE(band.has_p25_basis_points());
  EXPECT_FALSE(band.has_p75_basis_points());
  for (uint16_t c = 10; c <= 13; ++c) {
    base_.push_back({c, 1'000});
    current_.push_back({c, 1'000 + 10 * c});
  }
  blocks_.clear();
  Publish(acorn_, 2023, base_);
  Publish(acorn_, 2024, current_);
  const auto more = Ask().council_rises();
  for (size_t i = 8; i < 12; ++i) {
    rises.push_back(static_cast<double>(current_[i].fee) / 1'000);
  }
  std::sort(rises.begin(), rises.end());
  EXPECT_EQ(more.p25_basis_points(), Tenths(rises[2] + 0.75 * (rises[3] - rises[2])));
  EXPECT_EQ(more.p75_basis_points(), Tenths(rises[8] + 0.25 * (rises[9] - rises[8])));
}

TEST_F(UpliftTest, AllProvidersAreComparedOverTheSameTime) {
  Publish(acorn_, 2023, base_);
  Publish(acorn_, 2024, current_);
  std::vector<Paid> cedar_base, cedar_current;
  for (uint16_t c = 1; c <= 12; ++c) {
    cedar_base.push_back({c, 800});
    cedar_current.push_back({c, 816});
  }
  Publish(cedar_, 2023, cedar_base);
  Publish(cedar_, 2024, cedar_current);
  const v1::UpliftCheck check = Ask(300);
  // Councils of the other provider are other items.
  std::vector<Paid> base = base_, current = current_;
  for (Paid p : cedar_base) base.push_back({static_cast<uint16_t>(p.council + 100), p.fee});
  for (Paid p : cedar_current) current.push_back({static_cast<uint16_t>(p.council + 100), p.fee});
  EXPECT_EQ(check.all_fee_index().basis_points(), Tenths(Fisher(base, current)));
  EXPECT_EQ(check.all_fee_index().councils(), 12);
  EXPECT_EQ(check.provider_fee_index().basis_points(), Tenths(Fisher(base_, current_)));
  const v1::UpliftCheck other = Ask(300, "cedar");
  EXPECT_EQ(other.provider_fee_index().basis_points(), 200);
  EXPECT_EQ(other.council_rises().p25_basis_points(), 200);
}

TEST_F(UpliftTest, WhatTooFewStandBehindIsNotShown) {
  base_.resize(3);
  current_.resize(3);
  Publish(acorn_, 2023, base_);
  Publish(acorn_, 2024, current_);
  const v1::UpliftCheck check = Ask();
  EXPECT_FALSE(check.has_provider_fee_index());
  EXPECT_FALSE(check.has_council_rises());
  EXPECT_FALSE(check.has_all_fee_index());
  EXPECT_EQ(check.status().word(), "not known");
  EXPECT_THAT(check.draft_reply(), HasSubstr("too few report fees at both times"));
}

TEST_F(UpliftTest, OneThatPaysMostIsNotGivenAway) {
  current_[0].places = 2'000;
  Publish(acorn_, 2023, base_);
  Publish(acorn_, 2024, current_);
  EXPECT_FALSE(Ask().has_provider_fee_index());
}

TEST_F(UpliftTest, RelatedBodiesCountOnce) {
  base_.resize(4);
  current_.resize(4);
  Publish(acorn_, 2023, base_);
  Publish(acorn_, 2024, current_);
  EXPECT_TRUE(Ask().has_provider_fee_index());
  for (size_t c : {0, 1}) {
    model::Council council = country_.registers->councils[c];
    council.related_group = "one";
    country_.registers->Put(council);
  }
  EXPECT_FALSE(Ask().has_provider_fee_index());
}

TEST_F(UpliftTest, ChangesOfOutcomesHaveTheirIntervals) {
  Publish(acorn_, 2023, base_, Level::kGood);
  Publish(acorn_, 2024, current_, Level::kRequiresImprovement);
  const v1::UpliftCheck check = Ask();
  ASSERT_EQ(check.outcomes_size(), 8);
  const auto& change = check.outcomes(1);
  EXPECT_EQ(change.display_name(), "Placement stability");
  EXPECT_EQ(change.score_map(), "even-steps-1");
  EXPECT_EQ(change.base_score(), 3);
  EXPECT_EQ(change.current_score(), 1);
  // Nine and eight ratings, all alike at each time: variance 5 / 21.
  const double reach = 1.959964 * std::sqrt(5.0 / 21 * (1.0 / 9 + 1.0 / 8));
  EXPECT_NEAR(change.change_lower(), -2 - reach, 0.0005);
  EXPECT_NEAR(change.change_upper(), -2 + reach, 0.0005);
  EXPECT_EQ(change.status().word(), "worse");
}

TEST_F(UpliftTest, TimesThatAreReleasedTogetherCannotBeCompared) {
  std::vector<model::OutcomeFact> reports;
  for (uint16_t c = 1; c <= 8; ++c) reports.push_back(Report(c, Level::kGood));
  blocks_.push_back(Alone(2023, 1, acorn_, {{Quarters(2023, 1, 4), reports}}));
  const OutcomeIndex index(blocks_, *country_.registers);
  UpliftQuestion question;
  question.provider = acorn_;
  question.claimed = 500;
  question.base = Quarters(2023, 1, 1);
  question.current = Quarters(2023, 3, 3);
  const v1::UpliftCheck check = CheckUplift(question, index, *country_.registers, policy_);
  EXPECT_FALSE(check.has_provider_fee_index());
  EXPECT_THAT(check.outcomes(), IsEmpty());
}

TEST_F(UpliftTest, TheLetterSaysWhatIsShownAndNothingElse) {
  for (uint16_t c = 10; c <= 13; ++c) {
    base_.push_back({c, 1'000});
    current_.push_back({c, 1'000 + 10 * c});
  }
  Publish(acorn_, 2023, base_, Level::kGood);
  Publish(acorn_, 2024, current_, Level::kApproachingTarget);
  const std::string letter = Ask().draft_reply();
  EXPECT_THAT(letter, HasSubstr("To Provider oak"));
  EXPECT_THAT(letter, HasSubstr("a rise of 7.5% in your fees (Children's homes)"));
  EXPECT_THAT(letter, HasSubstr("the weekly fees that councils pay you rose by "));
  EXPECT_THAT(letter, HasSubstr("from January to March 2023 to January to March 2024"));
  EXPECT_THAT(letter, HasSubstr("(12 councils that report both times)"));
  EXPECT_THAT(letter, HasSubstr("For half of these councils the change was between "));
  EXPECT_THAT(letter, HasSubstr("Worse by more than chance explains: Safeguarding (3.00, now "
                                "2.00); Placement stability"));
  EXPECT_THAT(letter, Not(HasSubstr("Better")));
  EXPECT_THAT(letter, HasSubstr("edition 17"));
}

}  // namespace
}  // namespace steelyard::benchmarks
