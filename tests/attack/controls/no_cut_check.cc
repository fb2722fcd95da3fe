// Rows and kinds of authority are shown beside each other unlooked at.

#include "server/disclosure/cut_check.h"
#include "tests/attack/controls/control.h"

namespace steelyard::attack {
const char* const kControlName = "cut check off";
long control_calls = 0;
const bool kFoundBySuppliers = false;
const bool kMonthly = false;
}  // namespace steelyard::attack

namespace steelyard::disclosure {

std::optional<CutCheck::Failure> CutCheck::FirstFailure(const std::vector<TypeGroup>&) {
  ++attack::control_calls;
  return std::nullopt;
}

}  // namespace steelyard::disclosure
