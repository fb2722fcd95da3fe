// (1,k) in the place of p%: councils, suppliers and the largest share, no more.

#include "server/disclosure/safety.h"
#include "tests/attack/controls/control.h"

namespace steelyard::attack {
const char* const kControlName = "(1,k)";
long control_calls = 0;
const bool kFoundBySuppliers = false;
const bool kMonthly = false;
}  // namespace steelyard::attack

namespace steelyard::disclosure {
namespace {

bool ShareIsLow(const Amount& largest, const Amount& total, int max_share_percent) {
  return absl::int128(largest.spend) * 100 <= absl::int128(total.spend) * max_share_percent &&
         absl::int128(largest.units) * 100 <= absl::int128(total.units) * max_share_percent;
}

}  // namespace

bool Tally::Safe() const {
  ++attack::control_calls;
  return static_cast<int64_t>(groups_.size()) >= rules_.min_councils &&
         static_cast<int64_t>(suppliers_.size()) >= rules_.min_supplier_groups &&
         ShareIsLow(Largest(), Total(), rules_.max_share_percent);
}

bool Tally::SafeMovement() const {
  return static_cast<int64_t>(groups_.size()) >= rules_.min_councils &&
         ShareIsLow(Largest(), Total(), rules_.max_share_percent);
}

}  // namespace steelyard::disclosure
