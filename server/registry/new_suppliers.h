#ifndef STEELYARD_SERVER_REGISTRY_NEW_SUPPLIERS_H_
#define STEELYARD_SERVER_REGISTRY_NEW_SUPPLIERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "server/registry/resolver.h"

namespace steelyard::registry {

// A resource id made of the letters and digits of `name`, not yet taken by a
// supplier: `acme-medical`, then `acme-medical-2`.
std::string NewSupplierId(const model::Registers& registers, std::string_view name);

// Entries for suppliers that nobody knows yet, one for all spellings of a name.
// Names that are no names (empty, over 200 bytes, not printable, no letter or
// digit) get none.
std::vector<model::Supplier> NewSuppliers(const Resolver& resolver,
                                          const std::vector<std::string>& names);

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_NEW_SUPPLIERS_H_
