#ifndef STEELYARD_CLIENT_DEMO_PAYMENTS_H_
#define STEELYARD_CLIENT_DEMO_PAYMENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "client/demo/outcomes.h"

namespace steelyard::demo {

// One payment as a council publishes it.
struct Payment {
  const Council* council = nullptr;
  absl::CivilDay date;
  std::string supplier_name;
  int64_t pence = 0;  // below 0: a credit note
};

// Councils whose payments are made up: the largest of those that report.
inline constexpr int kPayingCouncils = 24;

// The payments behind `reports`, and some to companies with like names, by
// council and then by day: names are spelled as finance systems spell them.
// The same for the same seed.
std::vector<Payment> MakePayments(uint64_t seed, const std::vector<Report>& reports);

}  // namespace steelyard::demo

#endif  // STEELYARD_CLIENT_DEMO_PAYMENTS_H_
