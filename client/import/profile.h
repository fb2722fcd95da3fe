#ifndef STEELYARD_CLIENT_IMPORT_PROFILE_H_
#define STEELYARD_CLIENT_IMPORT_PROFILE_H_

// How one kind of export file is to be read. A profile is a TOML file; what
// may stand in it is described in docs/profiles.md.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "client/import/dates.h"
#include "client/import/encoding.h"
#include "client/import/numbers.h"

namespace steelyard::importing {

// The columns that may hold something: the first of `headings` that the file
// has, or a place counted from 1.
struct Column {
  std::vector<std::string> headings;
  int position = 0;  // 0: by heading
};

// A piece of a value put together from several columns: fixed text, then a
// column (or the row number).
struct TemplatePart {
  std::string text;
  std::optional<Column> column;
  bool row_number = false;
};

// Where the value of a field comes from: exactly one of `column`, `constant`
// and `parts`.
struct Source {
  std::optional<Column> column;
  std::optional<Column> or_else;  // where `column` holds nothing
  std::optional<std::string> constant;
  std::vector<TemplatePart> parts;
  std::optional<Column> divide_by;         // only for pack_price
  std::map<std::string, std::string> map;  // folded cell -> what it means
  std::vector<std::string> null_words;     // folded; a final * stands for anything
  bool round = false;                      // too many decimals are rounded half to even
  bool fraction = false;                   // only for vat_rate: 0.2 is 20 %
};

// What a value can be used for. `kCouncil` names the body of a row; the others
// are fields of a Purchase.
enum class Field {
  kCouncil,
  kReference,
  kProduct,
  kSupplier,
  kOrderDate,
  kPacks,
  kPackContent,
  kPackPrice,
  kCurrencyCode,
  kVatRate,
  kFreight,
  kPromisedDate,
  kAcceptedPacks,
  kRejectedPacks,
  kRejectReason,
  kStandard,
  kCertificate,
  kCountryOfManufacture,
  kMadeInUk,
  kPriceConfirmed,
};
inline constexpr int kFields = static_cast<int>(Field::kPriceConfirmed) + 1;

struct DeliverySource {
  Source date;
  Source packs;
};

// Where the values of a published payment are.
struct PaymentSources {
  Source date;
  Source supplier;
  Source amount;
  std::optional<Source> company_number;
  // Rows that lost the separator between date and amount hold both in the
  // date's cell ("25/06/2012900"); they are parted where only one way reads.
  bool glued_amounts = false;
};

// Where the values of an outcome report are.
struct OutcomeSources {
  std::map<std::string, Source> fields;    // by key, see OutcomeKeys()
  std::map<std::string, Source> measures;  // ratings, by the measure's id
};

// The keys that [outcomes] may have; the first four are required.
const std::vector<std::string>& OutcomeKeys();
inline constexpr int kRequiredOutcomeKeys = 4;

// Rows to leave out: those whose cell is one of `words` (folded).
struct SkipRule {
  Column column;
  std::vector<std::string> words;
};

// Refuses rows whose line total is not packs x pack price:
// |total - packs x price| <= tolerance + packs x tolerance_per_pack, all in
// millionths of the currency unit.
struct TotalCheck {
  Column column;
  int64_t tolerance_micros = 0;
  int64_t tolerance_per_pack_micros = 0;
  bool reject = true;  // else only warn
};

// A plain value; LoadProfile and ParseProfile have checked it.
struct Profile {
  std::string name;
  std::string description;
  std::optional<Encoding> encoding;  // not set: found out
  char delimiter = '\0';             // '\0': found out
  bool header = true;
  NumberStyle numbers;
  DateStyle dates;
  std::vector<std::string> null_words;  // of every column, folded
  std::vector<std::optional<Source>> fields = std::vector<std::optional<Source>>(kFields);
  std::vector<DeliverySource> deliveries;
  std::optional<PaymentSources> payments;  // not set: it reads no payments
  std::optional<OutcomeSources> outcomes;  // not set: it reads no outcomes
  std::vector<SkipRule> skip;
  std::optional<TotalCheck> total;

  const std::optional<Source>& of(Field field) const { return fields[static_cast<int>(field)]; }
  // Whether it says where the fields of a purchase are.
  bool reads_purchases() const;
};

// The field's key in a profile, for example `pack_price`.
std::string_view FieldKey(Field field);

// The field's name in a Purchase, for example `pack_price_micros`.
std::string_view FieldName(Field field);

// Reads a profile. INVALID_ARGUMENT names `source` and the line at fault, also
// for a key that means nothing.
absl::StatusOr<Profile> ParseProfile(std::string_view toml, const std::string& source);

// The shipped profile of that name or, if `name_or_path` holds a slash or ends
// in .toml, the file there. NOT_FOUND, with the names there are;
// INVALID_ARGUMENT as ParseProfile.
absl::StatusOr<Profile> LoadProfile(const std::string& name_or_path);

// A profile that is built in.
struct ShippedProfile {
  std::string_view name;
  std::string_view toml;
};

// All of them in the order of their names; `steelyard` is the default.
const std::vector<ShippedProfile>& ShippedProfiles();
inline constexpr std::string_view kDefaultProfile = "steelyard";

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_PROFILE_H_
