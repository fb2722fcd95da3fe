#ifndef STEELYARD_SERVER_REGISTRY_NAMED_PROVIDERS_H_
#define STEELYARD_SERVER_REGISTRY_NAMED_PROVIDERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "server/directory/resolver.h"
#include "storage/model/registers.h"

namespace steelyard::registry {

// The providers that a register names, by company number, name or alias. Names
// that nobody has become new providers, one for all spellings of a name. Not
// thread-safe.
class NamedProviders {
 public:
  // `resolver` must outlive this.
  explicit NamedProviders(const directory::Resolver& resolver)
      : resolver_(resolver), next_(resolver.registers()) {}

  // The provider that runs an establishment of this service and sector; it gets
  // the service if it lacks it, and the sector if it has none. Number 0 for a
  // text that is no name.
  directory::Resolution<model::ProviderNo> Find(const std::string& organisation,
                                                std::optional<model::Service> service,
                                                std::string_view sector);

  int64_t created() const { return created_; }
  // Those that are new or changed, by number.
  std::vector<model::Provider> Changed() &&;

 private:
  directory::Resolution<model::ProviderNo> Look(const std::string& organisation);
  model::ProviderNo Create(std::string name, std::string company_number);

  const directory::Resolver& resolver_;
  model::Registers next_;
  int64_t created_ = 0;
  absl::flat_hash_set<uint32_t> changed_;
  absl::flat_hash_map<std::string, directory::Resolution<model::ProviderNo>> known_;
  absl::flat_hash_map<std::string, model::ProviderNo> by_key_;  // of those that are new
  absl::flat_hash_map<std::string, model::ProviderNo> by_company_number_;
};

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_NAMED_PROVIDERS_H_
