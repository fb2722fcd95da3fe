#include "client/import/profile.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "client/import/text.h"

namespace steelyard::importing {

const std::vector<std::string>& OutcomeKeys() {
  static const auto* const keys = new std::vector<std::string>{
      "provider",         "service",   "quarter",       "placements",
      "council",          "spend",     "currency_code", "weekly_fee",
      "weekly_extras",    "referrals", "offers",        "unplanned_endings",
      "nearest_offer_km", "intention", "priorities",    "no_alternative"};
  return *keys;
}
namespace {

struct FieldNames {
  std::string_view key;   // in a profile
  std::string_view name;  // in a Purchase
};
constexpr FieldNames kNames[kFields] = {
    {"council", "council"},
    {"reference", "reference"},
    {"product", "product"},
    {"supplier", "supplier"},
    {"order_date", "order_date"},
    {"packs", "packs"},
    {"pack_content", "pack_content"},
    {"pack_price", "pack_price_micros"},
    {"currency_code", "currency_code"},
    {"vat_rate", "vat_rate_basis_points"},
    {"freight", "freight_micros"},
    {"promised_date", "promised_date"},
    {"accepted_packs", "quality.accepted_packs"},
    {"rejected_packs", "quality.rejected_packs"},
    {"reject_reason", "quality.reject_reason"},
    {"standard", "quality.standard"},
    {"certificate", "quality.certificate"},
    {"country_of_manufacture", "country_of_manufacture"},
    {"made_in_uk", "made_in_uk"},
    {"price_confirmed", "price_confirmed"},
};

bool IsPath(const std::string& name) {
  return name.find('/') != std::string::npos ||
         (name.size() > 5 && name.substr(name.size() - 5) == ".toml");
}

}  // namespace

std::string_view FieldKey(Field field) { return kNames[static_cast<int>(field)].key; }
std::string_view FieldName(Field field) { return kNames[static_cast<int>(field)].name; }

bool Profile::reads_purchases() const {
  return std::any_of(fields.begin(), fields.end(), [](const auto& f) { return f.has_value(); });
}

absl::StatusOr<Profile> LoadProfile(const std::string& name_or_path) {
  if (IsPath(name_or_path)) {
    std::ifstream file(name_or_path, std::ios::binary);
    const std::string toml{std::istreambuf_iterator<char>(file), {}};
    if (!file.good() && !file.eof()) {
      return absl::NotFoundError(
          absl::StrCat("The profile '", Shown(name_or_path, 200), "' cannot be read."));
    }
    return ParseProfile(toml, name_or_path);
  }
  std::vector<std::string> names;
  for (const ShippedProfile& shipped : ShippedProfiles()) {
    if (shipped.name == name_or_path) {
      return ParseProfile(shipped.toml, name_or_path);
    }
    names.emplace_back(shipped.name);
  }
  return absl::NotFoundError(absl::StrCat("There is no profile '", Shown(name_or_path, 60),
                                          "'; there are ", OneOf(names),
                                          ", or give the path of a .toml file."));
}

}  // namespace steelyard::importing
