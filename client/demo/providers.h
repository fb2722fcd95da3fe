#ifndef STEELYARD_CLIENT_DEMO_PROVIDERS_H_
#define STEELYARD_CLIENT_DEMO_PROVIDERS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace steelyard::demo {

// What a service costs a week in the first quarter, in pounds, and how many
// people a middling council places with one provider of it.
struct ServiceKind {
  std::string_view id;
  double weekly_fee = 0;
  double placements = 0;
};

// A made-up provider of care, or an owner of some; its name says that it is.
struct Provider {
  std::string id;
  std::string name;  // ends in "(demonstration)"
  std::string alias;
  std::string owners;  // as in the register's file
  std::vector<const ServiceKind*> services;
  double popularity = 0;   // share of councils that use it; 0: only owns
  double quality = 0;      // 0 is middling, 1 well above, -1 well below
  double fee_level = 1;    // against others
  double fee_growth = 0;   // a year
  int falls_from = -1;     // quarter (0 is the first) from which it serves worse
  double sufficiency = 1;  // offers for a referral, against others
};

// The same for the same seed. Owners come first.
std::vector<Provider> MakeProviders(uint64_t seed);

}  // namespace steelyard::demo

#endif  // STEELYARD_CLIENT_DEMO_PROVIDERS_H_
