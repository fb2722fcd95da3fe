// Every supplier is named, whatever that leaves of the others.

#include <algorithm>

#include "server/disclosure/sellers.h"
#include "tests/attack/controls/control.h"

namespace steelyard::attack {
const char* const kControlName = "all suppliers named";
long control_calls = 0;
const bool kFoundBySuppliers = false;
}  // namespace steelyard::attack

namespace steelyard::disclosure {

std::vector<uint32_t> NamedSellers(std::span<const Sale> sales, const Rules&) {
  ++attack::control_calls;
  std::vector<uint32_t> named;
  for (const Sale& sale : sales) named.push_back(sale.supplier_group);
  std::sort(named.begin(), named.end());
  named.erase(std::unique(named.begin(), named.end()), named.end());
  return named;
}

Renewal Renew(std::span<const Sale>, std::span<const Sale>, const Rules&) { return Renewal::kSafe; }

}  // namespace steelyard::disclosure
