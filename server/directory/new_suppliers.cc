#include "server/directory/new_suppliers.h"

#include <memory>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "storage/base/text.h"

namespace steelyard::directory {
namespace {

constexpr size_t kMaxNameBytes = 200;
constexpr size_t kMaxStemBytes = 50;

}  // namespace

std::string IdStem(std::string_view name, std::string_view prefix) {
  std::string stem;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) {
      stem.push_back(c);
    } else if (!stem.empty() && stem.back() != '-') {
      stem.push_back('-');
    }
    if (stem.size() == kMaxStemBytes) break;
  }
  while (!stem.empty() && stem.back() == '-') stem.pop_back();
  if (stem.empty() || stem.front() < 'a') stem.insert(0, prefix);
  while (stem.back() == '-') stem.pop_back();
  return stem;
}

std::string NewSupplierId(const model::Registers& registers, std::string_view name) {
  const std::string stem = IdStem(name, "s-");
  std::string id = stem;
  for (int n = 2; registers.FindSupplier(id) != nullptr; ++n) id = absl::StrCat(stem, "-", n);
  return id;
}

std::vector<model::Supplier> NewSuppliers(const Resolver& resolver,
                                          const std::vector<std::string>& names) {
  std::vector<model::Supplier> suppliers;
  absl::flat_hash_set<std::string> keys;
  auto registers = std::make_shared<model::Registers>(resolver.registers());
  for (const std::string& name : names) {
    if (name.empty() || name.size() > kMaxNameBytes) continue;
    if (Printable(name, kMaxNameBytes * 4) != name) continue;
    const auto known = resolver.ResolveSupplier(name);
    if (known || known.ambiguous) continue;
    // Spellings of one name make one supplier; with two, neither would resolve.
    const std::string key = resolver.SupplierKey(name);
    if (key.empty() || !keys.insert(key).second) continue;
    model::Supplier supplier;
    supplier.id = NewSupplierId(*registers, name);
    supplier.display_name = name;
    registers->Put(supplier);
    suppliers.push_back(std::move(supplier));
  }
  return suppliers;
}

}  // namespace steelyard::directory
