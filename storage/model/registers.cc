#include "storage/model/registers.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "storage/base/text.h"

namespace steelyard::model {
namespace {

template <typename Entry, typename No>
const Entry* FindByNo(const std::vector<Entry>& entries, No no) {
  if (no.value == 0 || no.value > entries.size()) return nullptr;
  return &entries[no.value - 1];
}

template <typename Entry, typename Map>
const Entry* FindById(const std::vector<Entry>& entries, const Map& by_id, std::string_view id) {
  auto it = by_id.find(Av(id));
  return it == by_id.end() ? nullptr : FindByNo(entries, it->second);
}

template <typename Entry, typename Map>
void PutEntry(std::vector<Entry>& entries, Map& by_id, Entry entry) {
  auto [it, added] = by_id.try_emplace(entry.id);
  if (added) {
    it->second.value = static_cast<decltype(it->second.value)>(entries.size() + 1);
    entries.emplace_back();
  }
  entry.no = it->second;
  entries[it->second.value - 1] = std::move(entry);
}

std::vector<uint16_t> Contributors(const Registers& registers) {
  std::vector<uint16_t> groups(registers.councils.size());
  std::iota(groups.begin(), groups.end(), uint16_t{1});
  const auto find = [&](uint16_t no) {
    while (groups[no - 1u] != no) no = groups[no - 1u] = groups[groups[no - 1u] - 1u];
    return no;
  };
  const auto join = [&](uint16_t a, uint16_t b) {
    a = find(a);
    b = find(b);
    groups[std::max(a, b) - 1u] = std::min(a, b);
  };
  absl::flat_hash_map<std::string_view, uint16_t> first_of;
  for (const Council& council : registers.councils) {
    const uint16_t no = council.no.value;
    if (!council.related_group.empty()) {
      join(no, first_of.try_emplace(council.related_group, no).first->second);
    }
    for (const std::string& id : council.successors) {
      const Council* successor = registers.FindCouncil(id);
      if (successor != nullptr) join(no, successor->no.value);
    }
  }
  for (size_t i = 0; i < groups.size(); ++i) groups[i] = find(static_cast<uint16_t>(i + 1));
  return groups;
}

}  // namespace

CouncilNo Registers::ContributorOf(CouncilNo council) const {
  if (council.value == 0 || council.value > contributors.size()) return council;
  return {contributors[council.value - 1u]};
}

const Area* Registers::FindArea(AreaNo no) const { return FindByNo(areas, no); }
const Area* Registers::FindArea(std::string_view id) const {
  return FindById(areas, area_by_id, id);
}
const Council* Registers::FindCouncil(CouncilNo no) const { return FindByNo(councils, no); }
const Council* Registers::FindCouncil(std::string_view id) const {
  return FindById(councils, council_by_id, id);
}
const Product* Registers::FindProduct(ProductNo no) const { return FindByNo(products, no); }
const Product* Registers::FindProduct(std::string_view id) const {
  return FindById(products, product_by_id, id);
}
const Supplier* Registers::FindSupplier(SupplierNo no) const { return FindByNo(suppliers, no); }
const Supplier* Registers::FindSupplier(std::string_view id) const {
  return FindById(suppliers, supplier_by_id, id);
}

const Provider* Registers::FindProvider(ProviderNo no) const { return FindByNo(providers, no); }
const Provider* Registers::FindProvider(std::string_view id) const {
  return FindById(providers, provider_by_id, id);
}
const Establishment* Registers::FindEstablishment(EstablishmentNo no) const {
  return FindByNo(*establishments, no);
}
const Establishment* Registers::FindEstablishment(std::string_view id) const {
  return FindById(*establishments, *establishment_by_id, id);
}

void Registers::Put(Area area) { PutEntry(areas, area_by_id, std::move(area)); }
void Registers::Put(Council council) {
  PutEntry(councils, council_by_id, std::move(council));
  contributors = Contributors(*this);
}
void Registers::Put(Product product) { PutEntry(products, product_by_id, std::move(product)); }
void Registers::Put(Supplier supplier) { PutEntry(suppliers, supplier_by_id, std::move(supplier)); }
void Registers::Put(Provider provider) { PutEntry(providers, provider_by_id, std::move(provider)); }
void Registers::Put(std::vector<Establishment> more) {
  if (more.empty()) return;
  auto entries = std::make_shared<std::vector<Establishment>>(*establishments);
  auto by_id =
      std::make_shared<absl::flat_hash_map<std::string, EstablishmentNo>>(*establishment_by_id);
  for (Establishment& entry : more) PutEntry(*entries, *by_id, std::move(entry));
  establishments = std::move(entries);
  establishment_by_id = std::move(by_id);
}

SupplierNo Registers::UltimateOwner(SupplierNo supplier, Day day) const {
  SupplierNo now = supplier;
  // A chain longer than this is a ring somebody entered; stop anywhere in it.
  for (int step = 0; step < 16; ++step) {
    const Supplier* entry = FindSupplier(now);
    if (entry == nullptr) return now;
    std::string_view next = entry->merged_into;
    for (const Ownership& o : entry->owners) {
      if (!next.empty()) break;
      if ((!o.start_date || *o.start_date <= day) && (!o.end_date || day <= *o.end_date)) {
        next = o.owner;
      }
    }
    const Supplier* owner = next.empty() ? nullptr : FindSupplier(next);
    if (owner == nullptr || owner->no == now) return now;
    now = owner->no;
  }
  return now;
}

std::vector<ProviderNo> Registers::OwnersOf(ProviderNo provider, Day day) const {
  std::vector<ProviderNo> chain = {provider};
  while (const Provider* entry = FindProvider(chain.back())) {
    const auto held =
        std::find_if(entry->owners.begin(), entry->owners.end(), [&](const ProviderOwnership& o) {
          return (!o.start_date || *o.start_date <= day) && (!o.end_date || day <= *o.end_date);
        });
    if (held == entry->owners.end()) break;
    const Provider* owner = FindProvider(held->owner);
    if (owner == nullptr || std::find(chain.begin(), chain.end(), owner->no) != chain.end()) break;
    chain.push_back(owner->no);
  }
  return chain;
}

ProviderNo Registers::UltimateOwner(ProviderNo provider, Day day) const {
  return OwnersOf(provider, day).back();
}

}  // namespace steelyard::model
