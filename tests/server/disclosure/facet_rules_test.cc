#include "server/disclosure/facet_rules.h"

#include <gtest/gtest.h>

#include <functional>
#include <numeric>
#include <random>
#include <string>

namespace steelyard::disclosure {
namespace {

Rules OutcomeRules() { return Rules::ForOutcomes(model::Policy()); }

// How often each contributor gave each answer.
using Answers = std::vector<std::vector<int64_t>>;

bool Safe(const Answers& answers, size_t first_protected = 0) {
  AnswerTally tally(OutcomeRules());
  for (size_t group = 0; group < answers.size(); ++group) {
    for (size_t code = 0; code < answers[group].size(); ++code) {
      for (int64_t i = 0; i < answers[group][code]; ++i) {
        tally.Add(static_cast<uint32_t>(group), code);
      }
    }
  }
  return tally.Safe(first_protected);
}

// Calls `visit` with every way to answer `reports` times that fits in `left`.
void ForEachAnswer(int64_t reports, std::vector<int64_t>& left, size_t code,
                   std::vector<int64_t>& answer,
                   const std::function<void(const std::vector<int64_t>&)>& visit) {
  if (code + 1 == left.size()) {
    if (reports > left[code]) return;
    answer[code] = reports;
    visit(answer);
    return;
  }
  for (int64_t n = 0; n <= std::min(reports, left[code]); ++n) {
    answer[code] = n;
    ForEachAnswer(reports - n, left, code + 1, answer, visit);
  }
}

// Whether contributors with so many `reports` each can together have answered
// exactly `left`.
bool CanAnswer(const std::vector<int64_t>& reports, size_t from, std::vector<int64_t> left) {
  if (from == reports.size()) {
    return std::all_of(left.begin(), left.end(), [](int64_t n) { return n == 0; });
  }
  bool can = false;
  std::vector<int64_t> answer(left.size());
  std::vector<int64_t> limit = left;
  ForEachAnswer(reports[from], limit, 0, answer, [&](const std::vector<int64_t>& a) {
    if (can) return;
    std::vector<int64_t> rest = left;
    for (size_t c = 0; c < rest.size(); ++c) rest[c] -= a[c];
    can = CanAnswer(reports, from + 1, rest);
  });
  return can;
}

// What two who see the counts, know who answered how often and pool their own
// answers can prove, found by trying every way in which the others might have
// answered. Empty if nobody is shown to have given an answer in more than p%
// below the number of times that he did.
std::string Proven(const Answers& answers, int p_percent) {
  const size_t n = answers.size();
  for (size_t a = 0; a < n; ++a) {
    for (size_t b = a; b < n; ++b) {
      std::vector<int64_t> left(answers[0].size());
      for (size_t i = 0; i < n; ++i) {
        for (size_t c = 0; i != a && i != b && c < left.size(); ++c) left[c] += answers[i][c];
      }
      for (size_t target = 0; target < n; ++target) {
        if (target == a || target == b) continue;
        std::vector<int64_t> others;
        for (size_t i = 0; i < n; ++i) {
          if (i == a || i == b || i == target) continue;
          others.push_back(std::accumulate(answers[i].begin(), answers[i].end(), int64_t{0}));
        }
        std::vector<int64_t> least = left;
        const auto reports =
            std::accumulate(answers[target].begin(), answers[target].end(), int64_t{0});
        std::vector<int64_t> answer(left.size());
        std::vector<int64_t> limit = left;
        ForEachAnswer(reports, limit, 0, answer, [&](const std::vector<int64_t>& guess) {
          std::vector<int64_t> rest = left;
          for (size_t c = 0; c < rest.size(); ++c) rest[c] -= guess[c];
          if (!CanAnswer(others, 0, rest)) return;
          for (size_t c = 0; c < rest.size(); ++c) least[c] = std::min(least[c], guess[c]);
        });
        for (size_t c = 0; c < left.size(); ++c) {
          const int64_t truth = answers[target][c];
          if (truth > 0 && (truth - least[c]) * 100 <= truth * p_percent) {
            return std::to_string(a) + " and " + std::to_string(b) + " know that " +
                   std::to_string(target) + " answered " + std::to_string(c) + " at least " +
                   std::to_string(least[c]) + " of " + std::to_string(truth) + " times";
          }
        }
      }
    }
  }
  return "";
}

Answers RandomAnswers(std::mt19937& random, size_t contributors, int reports) {
  Answers answers(contributors, std::vector<int64_t>(3));
  for (auto& of_one : answers) {
    const int n = 1 + static_cast<int>(random() % static_cast<unsigned>(reports));
    for (int i = 0; i < n; ++i) ++of_one[random() % 7 < 4 ? 0 : random() % 3];
  }
  return answers;
}

TEST(AnswerTallyTest, NoTwoCanProveWhatAThirdAnswered) {
  std::mt19937 random(1);
  int safe = 0;
  for (int i = 0; i < 2'000; ++i) {
    const Answers answers = RandomAnswers(random, 4 + random() % 3, 1 + i % 2);
    if (!Safe(answers)) continue;
    ++safe;
    EXPECT_EQ(Proven(answers, 20), "");
  }
  EXPECT_GT(safe, 100);
}

// The rule refuses nothing that the enumeration cannot break: it is exact.
TEST(AnswerTallyTest, WhatItRefusesCanBeProven) {
  std::mt19937 random(2);
  int refused = 0;
  for (int i = 0; i < 400; ++i) {
    const Answers answers = RandomAnswers(random, 4 + random() % 3, 1 + i % 2);
    if (Safe(answers)) continue;
    ++refused;
    EXPECT_NE(Proven(answers, 20), "");
  }
  EXPECT_GT(refused, 50);
}

// Control: enough contributors alone, as a rule that asks for no more would
// have it, is broken by the enumeration.
TEST(AnswerTallyTest, EnoughContributorsAloneIsNoProtection) {
  const Answers all_but_two_alike = {{1, 0, 0}, {1, 0, 0}, {1, 0, 0},
                                     {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  EXPECT_NE(Proven(all_but_two_alike, 20), "");
  EXPECT_FALSE(Safe(all_but_two_alike));
  const Answers three_outside = {{1, 0, 0}, {1, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 1, 0}, {0, 0, 1}};
  EXPECT_EQ(Proven(three_outside, 20), "");
  EXPECT_TRUE(Safe(three_outside));
}

// One who answers much may hide behind few reports of others only in part.
TEST(AnswerTallyTest, WhoAnswersOftenNeedsMoreToHideBehind) {
  const Answers often = {{12, 0, 0}, {0, 1, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 1}};
  EXPECT_FALSE(Safe(often)) << "two of four reports are left: he gave it 10 of 12 times at least";
  const Answers seldom = {{6, 0, 0}, {0, 1, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 1}};
  EXPECT_TRUE(Safe(seldom));
}

TEST(AnswerTallyTest, ThreeAreTooFewForACoalitionOfTwo) {
  EXPECT_FALSE(Safe({{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}));
  EXPECT_TRUE(Safe({{1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}}));
}

TEST(AnswerTallyTest, WhatIsNotProtectedMayBeKnown) {
  const Answers nobody_named = {{1, 0}, {1, 0}, {1, 0}, {1, 0}};
  EXPECT_FALSE(Safe(nobody_named));
  EXPECT_TRUE(Safe(nobody_named, 1));
  const Answers everybody_named = {{0, 1}, {0, 1}, {0, 1}, {0, 1}};
  EXPECT_FALSE(Safe(everybody_named, 1));
}

// LEMMA: a disjoint union of safe sets is safe, also where the same
// contributors answer in both.
TEST(AnswerTallyTest, SafeSetsTogetherAreSafe) {
  std::mt19937 random(3);
  int pairs = 0;
  for (int i = 0; i < 20'000; ++i) {
    const size_t n = 4 + random() % 5;
    const Answers a = RandomAnswers(random, n, 4);
    const Answers b = RandomAnswers(random, n, 4);
    if (!Safe(a) || !Safe(b)) continue;
    Answers both = a;
    for (size_t g = 0; g < n; ++g) {
      for (size_t c = 0; c < both[g].size(); ++c) both[g][c] += b[g][c];
    }
    EXPECT_TRUE(Safe(both));
    ++pairs;
  }
  EXPECT_GT(pairs, 1'000);
}

AmountTally Amounts(const std::vector<std::pair<int64_t, int64_t>>& by_contributor) {
  AmountTally tally(OutcomeRules());
  for (size_t group = 0; group < by_contributor.size(); ++group) {
    tally.Add(static_cast<uint32_t>(group), by_contributor[group].first,
              by_contributor[group].second);
  }
  return tally;
}

TEST(AmountTallyTest, BothSumsPassThePercentRule) {
  EXPECT_TRUE(Amounts({{5, 50}, {5, 50}, {5, 50}, {5, 50}}).Safe());
  EXPECT_FALSE(Amounts({{5, 50}, {5, 50}, {5, 50}, {1, 50}}).Safe()) << "1 is 20% of 5, not more";
  EXPECT_TRUE(Amounts({{5, 50}, {5, 50}, {5, 50}, {2, 50}}).Safe());
  EXPECT_FALSE(Amounts({{5, 50}, {5, 50}, {5, 50}, {5, 10}}).Safe());
  EXPECT_FALSE(Amounts({{5, 50}, {5, 50}, {5, 50}}).Safe());
}

TEST(AmountTallyTest, ASumOfNothingHidesNothing) {
  EXPECT_TRUE(Amounts({{0, 50}, {0, 50}, {0, 50}, {0, 50}}).Safe());
  EXPECT_FALSE(Amounts({{1, 50}, {0, 50}, {0, 50}, {0, 50}}).Safe());
  EXPECT_TRUE(Amounts({{0, 0}, {0, 0}, {0, 0}, {0, 0}}).Safe()) << "values without a sum";
}

TEST(AmountTallyTest, ReportsOfOneContributorAreOne) {
  AmountTally tally(OutcomeRules());
  for (int i = 0; i < 8; ++i) tally.Add(static_cast<uint32_t>(i % 3), 5, 50);
  EXPECT_FALSE(tally.Safe());
  tally.Add(3, 5, 50);
  EXPECT_TRUE(tally.Safe());
  tally.Clear();
  EXPECT_TRUE(tally.empty());
}

}  // namespace
}  // namespace steelyard::disclosure
