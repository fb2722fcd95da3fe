// Every supplier is named, whatever that leaves of the others.

#include "server/disclosure/sellers.h"
#include "tests/attack/controls/control.h"

namespace steelyard::attack {
const char* const kControlName = "all suppliers named";
long control_calls = 0;
const bool kFoundBySuppliers = false;
const bool kMonthly = false;
}  // namespace steelyard::attack

namespace steelyard::disclosure {

std::vector<uint32_t> NamedSellers(const SalesBySeller& sales, const Rules&) {
  ++attack::control_calls;
  std::vector<uint32_t> named;
  for (const auto& [seller, of_seller] : sales) named.push_back(seller);
  return named;
}

Renewal Renew(std::span<const Sale>, std::span<const Sale>, std::span<const Sale>, const Rules&) {
  return Renewal::kSafe;
}

}  // namespace steelyard::disclosure
