#ifndef STEELYARD_CLIENT_DEMO_OUTCOMES_H_
#define STEELYARD_CLIENT_DEMO_OUTCOMES_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/demo/councils.h"
#include "client/demo/providers.h"

namespace steelyard::demo {

inline constexpr int kFirstOutcomeYear = 2023;
inline constexpr int kOutcomeQuarters = 12;  // 2023-Q1 to 2025-Q4

// The eight measures in the order of the columns.
inline constexpr std::array<std::string_view, 8> kMeasures = {
    "safeguarding", "stability",    "education", "health",
    "voice",        "independence", "workforce", "value"};

// One report as it will stand in the file. Amounts in pounds and pence.
struct Report {
  const Council* council = nullptr;
  const Provider* provider = nullptr;
  const ServiceKind* service = nullptr;
  int quarter = 0;  // 0 is the first
  int placements = 0;
  std::array<int, 8> levels{};  // 1 Good to 4 Inadequate; 0: not rated
  int64_t fee_pence = 0;        // a week
  int64_t extras_pence = -1;
  int64_t spend_pence = 0;
  int endings = 0;
  int referrals = 0;
  int offers = 0;
  int nearest_offer_km = -1;
  int no_alternative = -1;
  std::string_view intention;
  std::string priorities;  // codes, separated by semicolons
};

// What made-up councils say of made-up providers over three years, by council,
// provider and quarter. The same for the same seed. They point into `councils`
// and `providers`.
std::vector<Report> MakeReports(uint64_t seed, const std::vector<Council>& councils,
                                const std::vector<Provider>& providers);

// 2023-Q1 for 0.
std::string QuarterText(int quarter);

}  // namespace steelyard::demo

#endif  // STEELYARD_CLIENT_DEMO_OUTCOMES_H_
