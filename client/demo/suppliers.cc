#include "client/demo/suppliers.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/demo/random.h"

namespace steelyard::demo {
namespace {

// Two words make a name that no company bears.
constexpr std::array<std::string_view, 12> kFirst = {
    "Alderholt",  "Brackenfold", "Cindermoor", "Dunwater",       "Elmscar",     "Fallowmere",
    "Greywether", "Hollinside",  "Inkerby",    "Juniperthwaite", "Kestrelford", "Larkbourne"};
constexpr std::array<std::string_view, 5> kSecond = {"Medical Supplies", "Safety Products",
                                                     "Healthcare", "Trading", "Workwear"};
constexpr std::array<std::string_view, 8> kMadeIn = {"MY", "CN", "CN", "GB",
                                                     "GB", "TH", "TR", "VN"};

std::string IdOf(std::string_view name) {
  std::string id = "demo-";
  for (const char c : name) {
    id += c == ' ' ? '-' : absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  return id;
}

Supplier Make(std::string name, uint64_t seed) {
  Supplier supplier;
  Random random = Random::For(seed, "supplier", name);
  supplier.id = IdOf(name);
  supplier.name = name + " (demonstration)";
  supplier.country = random.Chance(0.85) ? "GB" : "IE";
  supplier.made_in = kMadeIn[random.Below(kMadeIn.size())];
  supplier.price_level = random.Around(0.06);
  supplier.lateness = 0.03 + 0.15 * random.Share();
  return supplier;
}

}  // namespace

std::vector<Supplier> MakeSuppliers(uint64_t seed) {
  std::vector<Supplier> suppliers;
  for (const std::string_view second : kSecond) {
    for (const std::string_view first : kFirst) {
      suppliers.push_back(Make(absl::StrCat(std::string(first), " ", std::string(second)), seed));
    }
  }
  // A group: two companies of one owner count as one seller, from 2020 on.
  Supplier group = Make("Moorhallow Holdings", seed);
  suppliers[1].owners = suppliers[13].owners = group.id + "@2020-01-01..";
  suppliers.push_back(std::move(group));
  // The same company again under another spelling, for a steward to merge.
  Supplier again = Make("Alderholt Medical Supply", seed);
  again.alias = "Alderholt Medical Supplys (demonstration)";
  suppliers.push_back(std::move(again));
  return suppliers;
}

std::vector<int> SellersOf(const Good& good, const std::vector<Supplier>& suppliers,
                           uint64_t seed) {
  Random random = Random::For(seed, "sellers", good.id);
  // The group itself, before the last, only owns.
  const int sellers = static_cast<int>(suppliers.size()) - 2;
  int wanted = good.spread == Spread::kOneSupplier ? 1 : random.Between(7, 16);
  if (good.spread == Spread::kThreeBuyers) wanted = 3;
  std::vector<int> chosen;
  while (static_cast<int>(chosen.size()) < wanted) {
    const int one = random.Below(sellers);
    if (std::find(chosen.begin(), chosen.end(), one) == chosen.end()) chosen.push_back(one);
  }
  return chosen;
}

}  // namespace steelyard::demo
