#include "server/registry/named_providers.h"

#include <algorithm>
#include <utility>

#include "server/directory/new_providers.h"
#include "server/registry/field_checker.h"
#include "server/registry/inspectorate_words.h"
#include "server/registry/provider_rules.h"

namespace steelyard::registry {

using directory::Resolution;
using model::ProviderNo;

Resolution<ProviderNo> NamedProviders::Find(const std::string& organisation,
                                            std::optional<model::Service> service,
                                            std::string_view sector) {
  if (organisation.empty()) return {};
  const auto [it, added] = known_.try_emplace(organisation);
  if (added) it->second = Look(organisation);
  const model::Provider* provider = next_.FindProvider(it->second.no);
  if (provider == nullptr) return it->second;
  const auto& services = provider->services;
  const bool more = service && !std::binary_search(services.begin(), services.end(), *service);
  const bool known_sector = provider->sector.empty() && !sector.empty();
  if (more || known_sector) {
    model::Provider changed = *provider;
    if (more) changed.services.push_back(*service);
    changed.services = InOrder(std::move(changed.services));
    if (known_sector) changed.sector = std::string(sector);
    changed_.insert(changed.no.value);
    next_.Put(std::move(changed));
  }
  return it->second;
}

Resolution<ProviderNo> NamedProviders::Look(const std::string& organisation) {
  const Organisation named = OrganisationOf(organisation);
  if (!named.company_number.empty()) {
    const auto registered = resolver_.ResolveProvider(named.company_number);
    if (registered) return registered;
  }
  const auto registered = resolver_.ResolveProvider(named.name);
  if (registered || registered.ambiguous) return registered;
  const auto same = by_company_number_.find(named.company_number);
  if (same != by_company_number_.end()) return {same->second};
  const std::string key = resolver_.SupplierKey(named.name);
  if (key.empty() || !IsReadableName(named.name)) return {};
  const auto [it, added] = by_key_.try_emplace(key);
  if (added) it->second = Create(named.name, named.company_number);
  return {it->second};
}

ProviderNo NamedProviders::Create(std::string name, std::string company_number) {
  model::Provider provider;
  provider.id = directory::NewProviderId(next_, name);
  provider.display_name = std::move(name);
  provider.company_number = std::move(company_number);
  const std::string id = provider.id;
  const std::string number = provider.company_number;
  next_.Put(std::move(provider));
  const ProviderNo no = next_.FindProvider(id)->no;
  if (!number.empty()) by_company_number_.emplace(number, no);
  changed_.insert(no.value);
  ++created_;
  return no;
}

std::vector<model::Provider> NamedProviders::Changed() && {
  std::vector<uint32_t> numbers(changed_.begin(), changed_.end());
  std::sort(numbers.begin(), numbers.end());
  std::vector<model::Provider> providers;
  providers.reserve(numbers.size());
  for (const uint32_t number : numbers) {
    providers.push_back(std::move(next_.providers[number - 1]));
  }
  return providers;
}

}  // namespace steelyard::registry
