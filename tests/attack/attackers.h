#ifndef STEELYARD_TESTS_ATTACK_ATTACKERS_H_
#define STEELYARD_TESTS_ATTACK_ATTACKERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/attack/bounds.h"
#include "tests/attack/country.h"

namespace steelyard::attack {

// Who attacks: an outsider (an analyst knows no more), every council with its
// related bodies, and every two of them; or every supplier with its owner, who
// know what they sold to whom. Of suppliers, what a council bought of the others
// is protected.
enum class Who { kOutsiderAndCouncils, kSuppliers };

struct AttackCounts {
  int64_t attackers = 0;
  int64_t values = 0;      // protected values, once for each attacker
  int64_t programmes = 0;  // solved; the other values a witness of before clears
  int64_t rows = 0;
  int64_t within = 0;              // values bounded within p% on some side
  int64_t exact = 0;               // values that rounding alone hides
  int64_t unsolved = 0;            // the solver gave up
  std::vector<std::string> found;  // the first of them, in words
  AttackCounts& operator+=(const AttackCounts& o);
};

// Bounds what each council (with related bodies) bought, by month, quarter, year
// and in all, as every attacker: the most must be more than `p_percent` above
// the truth, the least more than that below. `what` names the attack. Stops at
// `most` values found.
AttackCounts Attack(const Country& country, const Bounds& bounds, Who who, int p_percent,
                    const std::string& what, int64_t most = 25);

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_ATTACKERS_H_
