#ifndef STEELYARD_SERVER_DISCLOSURE_SELLERS_H_
#define STEELYARD_SERVER_DISCLOSURE_SELLERS_H_

// Which supplier groups may be shown by name over a run: a second cut of the
// same purchases. docs/disclosure.md, "Suppliers by name".

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "server/disclosure/safety.h"

namespace steelyard::disclosure {

// A run's sales by the supplier group they are shown under. A sale's own group is
// the owner at the time, who knows of it: another, if a supplier was sold since.
using SalesBySeller = std::map<uint32_t, Slice>;

// The groups that may be named, ascending: the sales of each are safe, and so are
// those of all others together, which are what is left when the named are
// subtracted. Not the group 0, which is nobody.
std::vector<uint32_t> NamedSellers(const SalesBySeller& sales, const Rules& rules);

// How sales of one named supplier group, or of all others together, stand to
// what was shown of them.
enum class Renewal {
  kUnmoved,  // the same amounts
  kSafe,     // safe as they are, and so is what moved
  kUnsafe,
};

// What moved is, for each contributor and supplier group, the difference of
// `before` and `after`, whose sales are of the groups they are shown under.
// `sales` are those of `after` with the owners at the time.
Renewal Renew(std::span<const Sale> before, std::span<const Sale> after,
              std::span<const Sale> sales, const Rules& rules);

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_SELLERS_H_
