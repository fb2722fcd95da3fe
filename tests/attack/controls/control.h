#ifndef STEELYARD_TESTS_ATTACK_CONTROLS_CONTROL_H_
#define STEELYARD_TESTS_ATTACK_CONTROLS_CONTROL_H_

namespace steelyard::attack {

// Each control is the whole server with one rule of server/disclosure taken
// away: its source defines that rule anew and is linked first. The source also
// says what it takes away, and counts how often the rule was asked, so that a
// build that links the product's own is noticed.
extern const char* const kControlName;
extern long control_calls;
// Who must find councils: suppliers, or else outsiders and councils.
extern const bool kFoundBySuppliers;
// Whether councils must send month by month for it to show.
extern const bool kMonthly;

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_CONTROLS_CONTROL_H_
