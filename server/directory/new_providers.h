#ifndef STEELYARD_SERVER_DIRECTORY_NEW_PROVIDERS_H_
#define STEELYARD_SERVER_DIRECTORY_NEW_PROVIDERS_H_

#include <string>
#include <string_view>

#include "storage/model/registers.h"

namespace steelyard::directory {

// A resource id made of the letters and digits of `name`, not yet taken by a
// provider: `acme-care`, then `acme-care-2`.
std::string NewProviderId(const model::Registers& registers, std::string_view name);

}  // namespace steelyard::directory

#endif  // STEELYARD_SERVER_DIRECTORY_NEW_PROVIDERS_H_
