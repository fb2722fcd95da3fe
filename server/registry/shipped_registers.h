#ifndef STEELYARD_SERVER_REGISTRY_SHIPPED_REGISTERS_H_
#define STEELYARD_SERVER_REGISTRY_SHIPPED_REGISTERS_H_

#include <cstdint>
#include <string_view>

namespace steelyard::registry {

// Numbers equal the wire's LoadRegisterRequest.Register. Load in this order.
enum class Register : uint8_t {
  kAreas = 1,
  kCouncils = 2,
  kProducts = 3,
  kSuppliers = 4,
  kProviders = 5,
};

// The register file that the program carries within itself, as
// server/registry/data had it when it was built. Sources and licences are in
// server/registry/data/NOTICE.
std::string_view ShippedCsv(Register which);

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_SHIPPED_REGISTERS_H_
