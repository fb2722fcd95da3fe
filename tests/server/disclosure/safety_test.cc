#include "server/disclosure/safety.h"

#include <gtest/gtest.h>

#include <random>

namespace steelyard::disclosure {
namespace {

// Contributions of groups 1, 2, ... each from a supplier of its own.
Tally Of(const model::Policy& policy, const std::vector<int64_t>& spend,
         std::vector<int64_t> units = {}) {
  if (units.empty()) units = spend;
  Tally tally(policy);
  for (size_t i = 0; i < spend.size(); ++i) {
    const auto one = static_cast<uint32_t>(i);
    tally.Add(Sale{one + 1, one, {spend[i], units[i], 1}});
  }
  return tally;
}

TEST(PassesPercentTest, AgreesWithTheHandbook) {
  // METHODS 4.4 T1, T2, T5: one respondent guesses another.
  EXPECT_FALSE(PassesPercent(100'000, std::vector<int64_t>{50'000, 49'000}, 10, 1));
  EXPECT_TRUE(PassesPercent(110'000, std::vector<int64_t>{52'000, 50'000}, 10, 1));
  EXPECT_TRUE(PassesPercent(110'000, std::vector<int64_t>{52'000, 50'000}, 15, 1));
  EXPECT_FALSE(PassesPercent(110'000, std::vector<int64_t>{52'000, 50'000}, 16, 1));
  EXPECT_FALSE(PassesPercent(56'600, std::vector<int64_t>{47'600, 8'002}, 3, 1));
  EXPECT_TRUE(PassesPercent(56'600, std::vector<int64_t>{47'600, 8'002}, 2, 1));
}

TEST(PassesPercentTest, ACoalitionOfTwoIsHarderToStand) {
  const std::vector<int64_t> largest{40, 30, 28};
  EXPECT_TRUE(PassesPercent(100, largest, 20, 1));
  EXPECT_FALSE(PassesPercent(100, largest, 20, 2));
}

TEST(PassesPercentTest, ExactlyThePercentageIsNotEnough) {
  EXPECT_FALSE(PassesPercent(320, std::vector<int64_t>{100, 100, 100}, 20));
  EXPECT_TRUE(PassesPercent(321, std::vector<int64_t>{100, 100, 100}, 20));
}

TEST(PassesPercentTest, HoldsAtTheEndsOfTheRange) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  EXPECT_TRUE(PassesPercent(absl::int128(kMax) * 4, std::vector<int64_t>{kMax, kMax, kMax}, 20));
  EXPECT_FALSE(PassesPercent(absl::int128(kMax) * 3, std::vector<int64_t>{kMax, kMax, kMax}, 20));
}

TEST(TallyTest, AsksForEnoughContributorsAndSuppliers) {
  const model::Policy policy;
  EXPECT_TRUE(Of(policy, {10, 10, 10, 10, 10}).Safe());
  EXPECT_FALSE(Of(policy, {10, 10, 10, 10}).Safe());
  Tally two_suppliers(policy);
  for (uint32_t g = 1; g <= 9; ++g) {
    two_suppliers.Add(Sale{g, g % 2, {10, 10, 1}});
  }
  EXPECT_FALSE(two_suppliers.Safe());
  two_suppliers.Add(Sale{1, 7, {1, 1, 1}});
  EXPECT_TRUE(two_suppliers.Safe());
}

TEST(TallyTest, RelatedBodiesAreOneContributor) {
  const model::Policy policy;
  Tally tally(policy);
  for (uint32_t i = 0; i < 8; ++i) {
    tally.Add(Sale{1 + i / 2, i, {10, 10, 1}});
  }
  EXPECT_FALSE(tally.Safe());
}

TEST(TallyTest, UnitsCountAsMuchAsSpend) {
  const model::Policy policy;
  EXPECT_TRUE(Of(policy, {10, 10, 10, 10, 10}, {10, 10, 10, 10, 10}).Safe());
  EXPECT_FALSE(Of(policy, {10, 10, 10, 10, 10}, {900, 10, 10, 10, 10}).Safe());
}

TEST(TallyTest, NobodyHasMoreThanTheLargestShare) {
  model::Policy policy;
  policy.p_percent = 1;
  EXPECT_TRUE(Of(policy, {50, 10, 10, 10, 10, 10}).Safe());
  EXPECT_FALSE(Of(policy, {51, 10, 10, 10, 10, 10}).Safe());
  // METHODS 4.4 T3: 300 of 330 is more than 85 %.
  policy.max_share_percent = 85;
  policy.min_councils = 3;
  EXPECT_FALSE(Of(policy, {300, 20, 10}).Safe());
}

TEST(TallyTest, NothingIsNeitherSafeNorUnsafe) {
  const model::Policy policy;
  Tally tally(policy);
  tally.Add(Sale{1, 1, {}});
  EXPECT_TRUE(tally.empty());
  EXPECT_FALSE(tally.Safe());
  EXPECT_FALSE(tally.SafeMovement());
}

TEST(TallyTest, AddsUpTheReferenceWeights) {
  // METHODS 4.4 T6.
  const model::Policy policy;
  const Tally tally = Of(policy, {100, 100, 100, 100, 10, 10, 10, 10, 10, 10, 10});
  EXPECT_EQ(tally.Total().spend, 470);
  EXPECT_EQ(tally.Largest().spend, 100);
  EXPECT_TRUE(tally.Covers(Amount{1349, 1349, 0}));   // 270 > 20 % of 1349
  EXPECT_FALSE(tally.Covers(Amount{1350, 1350, 0}));  // 270 = 20 % of 1350
}

TEST(TallyTest, AMovementNeedsNoSuppliersButLines) {
  const model::Policy policy;
  Tally tally(policy);
  for (uint32_t g = 1; g <= 5; ++g) tally.Add(Sale{g, 1, {0, 0, 1}});
  EXPECT_TRUE(tally.SafeMovement());  // deliveries were added, prices stand
  tally.Add(Sale{6, 1, {0, 0, 50}});
  EXPECT_FALSE(tally.SafeMovement());
}

// A supplier takes its own sales out of a total and sees what the others sold.
TEST(TallyTest, ASupplierLearnsOfNobodyWhatItBoughtElsewhere) {
  model::Policy policy;
  policy.min_supplier_groups = 2;
  Tally tally(policy);
  for (uint32_t g = 1; g <= 8; ++g) tally.Add(Sale{g, 1, {100, 100, 1}});
  EXPECT_FALSE(tally.Safe());  // one supplier is too few, though it learns nothing
  tally.Add(Sale{3, 2, {70, 70, 1}});
  EXPECT_FALSE(tally.Safe());  // supplier 1 would know what 3 bought of 2
  tally.Add(Sale{4, 3, {14, 14, 1}});
  EXPECT_FALSE(tally.Safe());  // and to 20 % with what 4 bought of 3
  tally.Add(Sale{4, 3, {1, 1, 1}});
  EXPECT_TRUE(tally.Safe());
}

TEST(TallyTest, ASupplierLearnsOfNoMovementElsewhere) {
  const model::Policy policy;
  Tally tally(policy);
  for (uint32_t g = 1; g <= 8; ++g) tally.Add(Sale{g, 1, {100, 100, 1}});
  EXPECT_TRUE(tally.SafeMovement());  // it knows all of it
  tally.Add(Sale{2, 2, {0, 0, 1}});
  EXPECT_FALSE(tally.SafeMovement());
  tally.Add(Sale{3, 4, {0, 0, 1}});
  EXPECT_TRUE(tally.SafeMovement());
}

// The lemma, on sets that share contributors.
TEST(TallyTest, AUnionOfSafeSetsIsSafe) {
  std::mt19937 random(7);
  const auto roll = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  int unions = 0;
  for (int round = 0; round < 20'000; ++round) {
    model::Policy policy;
    policy.min_councils = 3 + roll(4);
    policy.min_supplier_groups = 1 + roll(4);
    policy.p_percent = 1 + roll(60);
    policy.max_share_percent = 25 + roll(60);
    Tally parts[2] = {Tally(policy), Tally(policy)};
    Tally all(policy);
    for (Tally& part : parts) {
      const int contributions = 4 + roll(20);
      for (int i = 0; i < contributions; ++i) {
        const auto group = static_cast<uint32_t>(1 + roll(12));
        const Amount amount{1 + roll(200), 1 + roll(200), 1};
        const auto supplier = static_cast<uint32_t>(roll(6));
        part.Add(Sale{group, supplier, amount});
        all.Add(Sale{group, supplier, amount});
      }
    }
    if (parts[0].Safe() && parts[1].Safe()) {
      ++unions;
      ASSERT_TRUE(all.Safe()) << "round " << round;
    }
    if (parts[0].SafeMovement() && parts[1].SafeMovement()) {
      ASSERT_TRUE(all.SafeMovement());
    }
  }
  EXPECT_GT(unions, 500);
}

}  // namespace
}  // namespace steelyard::disclosure
