#ifndef STEELYARD_SERVER_REGISTRY_PROVIDER_RULES_H_
#define STEELYARD_SERVER_REGISTRY_PROVIDER_RULES_H_

// What the fields of a provider must hold, in a file or in a request.

#include <string_view>
#include <vector>

#include "server/registry/row_reader.h"
#include "storage/model/codes.h"

namespace steelyard::registry {

inline constexpr Expectation kService = {"SERVICE_UNKNOWN",
                                         "kinds of service such as childrens-homes or fostering; "
                                         "\"steelyard registry list codes\" shows "
                                         "all"};
inline constexpr Expectation kSector = {"SECTOR_UNKNOWN",
                                        "private, voluntary, local-authority or health"};

bool IsSector(std::string_view text);

// Each once, in the order of their numbers.
std::vector<model::Service> InOrder(std::vector<model::Service> services);

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_PROVIDER_RULES_H_
