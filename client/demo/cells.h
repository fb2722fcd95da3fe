#ifndef STEELYARD_CLIENT_DEMO_CELLS_H_
#define STEELYARD_CLIENT_DEMO_CELLS_H_

// Values as they stand in CSV files. Pure functions.

#include <cstdint>
#include <string>

#include "absl/time/civil_time.h"

namespace steelyard::demo {

// In quotes if it has to be.
std::string Quoted(const std::string& text);
// 2020-04-01.
std::string DateText(absl::CivilDay day);
// 12.05 for 1205, -12.05 for -1205.
std::string Pounds(int64_t pence);

}  // namespace steelyard::demo

#endif  // STEELYARD_CLIENT_DEMO_CELLS_H_
