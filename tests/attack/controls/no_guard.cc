// Any set that holds something counts as safe.

#include "server/disclosure/safety.h"
#include "tests/attack/controls/control.h"

namespace steelyard::attack {
const char* const kControlName = "guard off";
long control_calls = 0;
const bool kFoundBySuppliers = false;
const bool kMonthly = false;
}  // namespace steelyard::attack

namespace steelyard::disclosure {

bool Tally::Safe() const {
  ++attack::control_calls;
  return !empty();
}

bool Tally::SafeMovement() const { return true; }

}  // namespace steelyard::disclosure
