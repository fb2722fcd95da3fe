#ifndef STEELYARD_SERVER_DIRECTORY_NEW_SUPPLIERS_H_
#define STEELYARD_SERVER_DIRECTORY_NEW_SUPPLIERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "server/directory/resolver.h"

namespace steelyard::directory {

// Lower-case letters and digits of `name` with single hyphens between: the
// beginning of an id. Other scripts leave nothing; what does not begin with a
// letter gets `prefix`.
std::string IdStem(std::string_view name, std::string_view prefix);

// A resource id made of the letters and digits of `name`, not yet taken by a
// supplier: `acme-medical`, then `acme-medical-2`.
std::string NewSupplierId(const model::Registers& registers, std::string_view name);

// Entries for suppliers that nobody knows yet, one for all spellings of a name.
// Names that are no names (empty, over 200 bytes, not printable, no letter or
// digit) get none.
std::vector<model::Supplier> NewSuppliers(const Resolver& resolver,
                                          const std::vector<std::string>& names);

}  // namespace steelyard::directory

#endif  // STEELYARD_SERVER_DIRECTORY_NEW_SUPPLIERS_H_
