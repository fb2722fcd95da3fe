#ifndef STEELYARD_CLIENT_DEMO_SUPPLIERS_H_
#define STEELYARD_CLIENT_DEMO_SUPPLIERS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/demo/goods.h"

namespace steelyard::demo {

// A made-up supplier; its name says that it is.
struct Supplier {
  std::string id;
  std::string name;  // ends in "(demonstration)"
  std::string alias;
  std::string country;  // of the company, ISO 3166-1
  std::string made_in;  // where its goods come from
  std::string owners;   // as in the register's file
  double price_level = 1;
  double lateness = 0;  // share of orders that come late, in quiet times
};

std::vector<Supplier> MakeSuppliers(uint64_t seed);

// The suppliers that sell a good, as places in `suppliers`; one for
// Spread::kOneSupplier.
std::vector<int> SellersOf(const Good& good, const std::vector<Supplier>& suppliers, uint64_t seed);

}  // namespace steelyard::demo

#endif  // STEELYARD_CLIENT_DEMO_SUPPLIERS_H_
