#include "server/directory/new_providers.h"

#include "absl/strings/str_cat.h"
#include "server/directory/new_suppliers.h"

namespace steelyard::directory {

std::string NewProviderId(const model::Registers& registers, std::string_view name) {
  const std::string stem = IdStem(name, "p-");
  std::string id = stem;
  for (int n = 2; registers.FindProvider(id) != nullptr; ++n) id = absl::StrCat(stem, "-", n);
  return id;
}

}  // namespace steelyard::directory
