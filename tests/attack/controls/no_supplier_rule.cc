// What a supplier could work out of the others' sales is not looked at.

#include "server/disclosure/safety.h"
#include "tests/attack/controls/control.h"

namespace steelyard::attack {
const char* const kControlName = "supplier rule off";
long control_calls = 0;
const bool kFoundBySuppliers = true;
const bool kMonthly = false;
}  // namespace steelyard::attack

namespace steelyard::disclosure {

bool Tally::PassesSuppliers(int64_t Amount::*, const Top&) const {
  ++attack::control_calls;
  return true;
}

}  // namespace steelyard::disclosure
