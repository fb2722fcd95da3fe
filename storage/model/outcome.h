#ifndef STEELYARD_STORAGE_MODEL_OUTCOME_H_
#define STEELYARD_STORAGE_MODEL_OUTCOME_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/model/codes.h"
#include "storage/model/ids.h"
#include "storage/model/time.h"

namespace steelyard::model {

// Limits of an outcome report; sums over the country fit 128 bits.
inline constexpr int64_t kMaxPlacements = 100'000;
inline constexpr int64_t kMaxReferrals = 1'000'000;
inline constexpr int64_t kMaxOutcomeSpendMicros = 1'000'000'000'000'000;
inline constexpr int64_t kMaxWeeklyFeeMicros = 1'000'000'000'000;
inline constexpr int64_t kMaxNearestOfferMeters = 2'000'000;

// What a council says of one provider, service and quarter: all that can be
// corrected, and nothing else. A plain value; whoever makes one has checked it
// (server/outcomes). Amounts are in millionths of `currency`.
struct OutcomeContent {
  ProviderNo provider;
  Service service = Service::kChildrensHomes;
  Month quarter;  // its first month
  int64_t placements = 0;
  std::array<Level, kMeasureCount> ratings{};  // by Measure; kNone: not rated
  Currency currency = Currency::Gbp();
  std::optional<int64_t> spend_micros;
  std::optional<int64_t> weekly_fee_micros;
  std::optional<int64_t> weekly_extras_micros;
  std::optional<int64_t> unplanned_endings;
  std::optional<int64_t> referrals;
  std::optional<int64_t> offers;
  std::optional<int64_t> nearest_offer_meters;
  std::optional<bool> no_alternative;
  Intention intention = Intention::kNone;
  std::vector<uint8_t> priorities;  // most important first, at most kMaxPriorities

  friend bool operator==(const OutcomeContent&, const OutcomeContent&) = default;
};

// What benchmarks need of one report. -1 stands for "not said".
struct OutcomeFact {
  CouncilNo council;
  LineNo line;
  Month quarter;  // its first month
  ProviderNo provider;
  Service service = Service::kChildrensHomes;
  int64_t placements = 0;
  std::array<Level, kMeasureCount> ratings{};
  int64_t spend_micros = -1;
  int64_t weekly_fee_micros = -1;
  int64_t weekly_extras_micros = -1;
  int64_t unplanned_endings = -1;
  int64_t referrals = -1;
  int64_t offers = -1;
  int64_t nearest_offer_meters = -1;
  int8_t no_alternative = -1;  // 0 or 1
  Intention intention = Intention::kNone;
  std::array<uint8_t, kMaxPriorities> priorities{};  // 0 after the last
  // Ledger sequence that made this version of the report.
  uint64_t sequence = 0;

  friend bool operator==(const OutcomeFact&, const OutcomeFact&) = default;
};

// Derives the fact from what a council said; council, line and sequence are
// left to the caller. Reports in another currency than GBP have no amounts:
// benchmarks of providers are in pounds alone.
OutcomeFact FactOf(const OutcomeContent& content);

// `{provider}.{service}.{year}-q{quarter}`: the id of a report below its
// council, where `provider` is the id in the register.
std::string OutcomeReference(std::string_view provider, Service service, Month quarter);

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_OUTCOME_H_
