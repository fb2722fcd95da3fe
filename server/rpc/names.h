#ifndef STEELYARD_SERVER_RPC_NAMES_H_
#define STEELYARD_SERVER_RPC_NAMES_H_

// Resource names: built and taken apart here and nowhere else. Pure
// functions, thread-safe.
//
// Parsers return INVALID_ARGUMENT with the request's `field` at fault; whether
// the thing exists is for the caller to see.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace steelyard::rpc {

// Stands for every council, in an upload whose lines name their own.
inline constexpr std::string_view kAllCouncils = "councils/-";

std::string AreaName(std::string_view id);
std::string CouncilName(std::string_view id);
std::string ProductName(std::string_view id);
std::string SupplierName(std::string_view id);
std::string ProviderName(std::string_view id);
std::string EstablishmentName(std::string_view id);
std::string MeasureName(std::string_view id);
std::string NegotiationName(std::string_view id);
std::string CircleName(std::string_view id);
std::string TokenName(std::string_view id);
// `councils/hac/purchases/PO%2F1`.
std::string PurchaseName(std::string_view council, std::string_view reference);
std::string SubmissionName(std::string_view council, std::string_view submission);
// `councils/hac/outcomeReports/keys.childrens-homes.2024-q1`.
std::string OutcomeReportName(std::string_view council, std::string_view reference);

// The id at the end of a name of one part: `products/x` gives `x`.
absl::StatusOr<std::string> ParseArea(std::string_view name, std::string_view field = "name");
absl::StatusOr<std::string> ParseCouncil(std::string_view name, std::string_view field = "name");
absl::StatusOr<std::string> ParseProduct(std::string_view name, std::string_view field = "name");
absl::StatusOr<std::string> ParseSupplier(std::string_view name, std::string_view field = "name");
absl::StatusOr<std::string> ParseProvider(std::string_view name, std::string_view field = "name");
// The id is the inspectorate's number: letters in lower case, digits, hyphens.
absl::StatusOr<std::string> ParseEstablishment(std::string_view name,
                                               std::string_view field = "name");
absl::StatusOr<std::string> ParseNegotiation(std::string_view name,
                                             std::string_view field = "name");
absl::StatusOr<std::string> ParseCircle(std::string_view name, std::string_view field = "name");
absl::StatusOr<std::string> ParseToken(std::string_view name, std::string_view field = "name");

// A name below a council: its id, and the decoded reference of a purchase, the
// lower-case UUID of a submission, or the reference of an outcome report.
struct CouncilChild {
  std::string council;
  std::string id;
  friend bool operator==(const CouncilChild&, const CouncilChild&) = default;
};
absl::StatusOr<CouncilChild> ParsePurchase(std::string_view name, std::string_view field = "name");
absl::StatusOr<CouncilChild> ParseSubmission(std::string_view name,
                                             std::string_view field = "name");
absl::StatusOr<CouncilChild> ParseOutcomeReport(std::string_view name,
                                                std::string_view field = "name");

// What the audit calls a look at the figures of council `shown` by council
// `viewer` (ids), through what `source` names: it says whose figures and for
// whom for as long as the audit lives.
// `councils/hac/circles/ppe-ken-1/viewers/ken`.
std::string LookName(std::string_view shown, std::string_view source, std::string_view viewer);
struct Look {
  std::string source;  // `circles/x` or `negotiations/x`
  std::string viewer;  // council id
  friend bool operator==(const Look&, const Look&) = default;
};
// Nothing if `name` is not that of a look at `council` (`councils/hac`).
std::optional<Look> ParseLook(std::string_view name, std::string_view council);

// The council id at the start of any name below `councils/`; nothing if there
// is no well-formed one. `councils/-` has none.
std::optional<std::string_view> CouncilIn(std::string_view name);

// Percent-encoding of a reference: all but A-Z a-z 0-9 . _ ~ - becomes %XX.
std::string EncodeReference(std::string_view reference);
// Nothing if it holds a bad escape, a byte that should have been escaped, or
// is not UTF-8 afterwards.
std::optional<std::string> DecodeReference(std::string_view encoded);

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_NAMES_H_
