#ifndef STEELYARD_CLIENT_DEMO_COUNCILS_H_
#define STEELYARD_CLIENT_DEMO_COUNCILS_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace steelyard::demo {

// How a council takes part: real ones do so in very different ways.
enum class Participation { kNever, kAlways, kQuarterly, kSinceSpring2020, kOneMonth };

// A council of the shipped register, in a made-up part.
struct Council {
  std::string_view id;
  double size = 1;
  bool childrens_services = false;
  Participation participation = Participation::kNever;
  int only_month = 0;           // of kOneMonth
  double price_level = 1;       // what it pays, against others
  double records_delivery = 1;  // share of its lines with delivery data
};

// The same for the same seed.
std::vector<Council> MakeCouncils(uint64_t seed);

// Whether it sends orders of this month (0 is January 2019).
bool Reports(const Council& council, int month);

}  // namespace steelyard::demo

#endif  // STEELYARD_CLIENT_DEMO_COUNCILS_H_
