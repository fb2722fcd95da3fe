#ifndef STEELYARD_TESTS_ATTACK_SIDES_H_
#define STEELYARD_TESTS_ATTACK_SIDES_H_

#include <cstdint>
#include <vector>

#include "tests/attack/country.h"
#include "tests/attack/facts.h"
#include "tests/attack/shown.h"

namespace steelyard::attack {

struct SideCounts {
  int64_t checked = 0;  // figures and quantiles
  int64_t exposed = 0;
  SideCounts& operator+=(const SideCounts& o);
};

// Counts figures behind which there are fewer contributors or owners of
// suppliers than the policy asks for, and quantiles, which no linear bound is
// made of, with too few contributors at or below them, or at or above. Related
// bodies are one.
SideCounts CheckSides(const Country& country, const Facts& facts, const std::vector<Shown>& shown);

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_SIDES_H_
