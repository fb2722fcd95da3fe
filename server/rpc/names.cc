#include "server/rpc/names.h"

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/rpc/errors.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/model/ids.h"

namespace steelyard::rpc {
namespace {

constexpr std::string_view kViewers = "/viewers/";

bool IsUnreserved(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '~' ||
         c == '-';
}

// 0 to 15, or -1.
int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

absl::Status BadName(std::string_view field, std::string_view form) {
  return error::InvalidField(field, absl::StrCat("Must be a name of the form `", Av(form), "`."));
}

absl::StatusOr<std::string> ParseOne(std::string_view name, std::string_view collection,
                                     std::string_view form, std::string_view field) {
  if (!name.starts_with(collection)) return BadName(field, form);
  const std::string_view id = name.substr(collection.size());
  if (!model::IsResourceId(id)) return BadName(field, form);
  return std::string(id);
}

// The council of `councils/{council}{middle}{rest}`, and the rest.
absl::StatusOr<CouncilChild> ParseChild(std::string_view name, std::string_view middle,
                                        std::string_view form, std::string_view field) {
  const std::optional<std::string_view> council = CouncilIn(name);
  if (!council.has_value()) return BadName(field, form);
  const std::string_view rest = name.substr(std::string_view("councils/").size() + council->size());
  if (!rest.starts_with(middle)) return BadName(field, form);
  return CouncilChild{std::string(*council), std::string(rest.substr(middle.size()))};
}

}  // namespace

std::string AreaName(std::string_view id) { return absl::StrCat("areas/", Av(id)); }
std::string CouncilName(std::string_view id) { return absl::StrCat("councils/", Av(id)); }
std::string ProductName(std::string_view id) { return absl::StrCat("products/", Av(id)); }
std::string SupplierName(std::string_view id) { return absl::StrCat("suppliers/", Av(id)); }
std::string ProviderName(std::string_view id) { return absl::StrCat("providers/", Av(id)); }
std::string EstablishmentName(std::string_view id) {
  return absl::StrCat("establishments/", Av(id));
}
std::string MeasureName(std::string_view id) { return absl::StrCat("measures/", Av(id)); }
std::string NegotiationName(std::string_view id) { return absl::StrCat("negotiations/", Av(id)); }
std::string CircleName(std::string_view id) { return absl::StrCat("circles/", Av(id)); }
std::string TokenName(std::string_view id) { return absl::StrCat("tokens/", Av(id)); }

std::string PurchaseName(std::string_view council, std::string_view reference) {
  return absl::StrCat("councils/", Av(council), "/purchases/", EncodeReference(reference));
}

std::string SubmissionName(std::string_view council, std::string_view submission) {
  return absl::StrCat("councils/", Av(council), "/submissions/", Av(submission));
}

std::string OutcomeReportName(std::string_view council, std::string_view reference) {
  return absl::StrCat("councils/", Av(council), "/outcomeReports/", Av(reference));
}

absl::StatusOr<std::string> ParseArea(std::string_view name, std::string_view field) {
  return ParseOne(name, "areas/", "areas/{area}", field);
}
absl::StatusOr<std::string> ParseCouncil(std::string_view name, std::string_view field) {
  return ParseOne(name, "councils/", "councils/{council}", field);
}
absl::StatusOr<std::string> ParseProduct(std::string_view name, std::string_view field) {
  return ParseOne(name, "products/", "products/{product}", field);
}
absl::StatusOr<std::string> ParseSupplier(std::string_view name, std::string_view field) {
  return ParseOne(name, "suppliers/", "suppliers/{supplier}", field);
}
absl::StatusOr<std::string> ParseProvider(std::string_view name, std::string_view field) {
  return ParseOne(name, "providers/", "providers/{provider}", field);
}
absl::StatusOr<std::string> ParseEstablishment(std::string_view name, std::string_view field) {
  constexpr std::string_view kCollection = "establishments/";
  constexpr std::string_view kForm = "establishments/{urn}";
  if (!name.starts_with(kCollection)) return BadName(field, kForm);
  const std::string_view id = name.substr(kCollection.size());
  if (!model::IsEstablishmentId(id)) return BadName(field, kForm);
  return std::string(id);
}
absl::StatusOr<std::string> ParseNegotiation(std::string_view name, std::string_view field) {
  return ParseOne(name, "negotiations/", "negotiations/{negotiation}", field);
}
absl::StatusOr<std::string> ParseCircle(std::string_view name, std::string_view field) {
  return ParseOne(name, "circles/", "circles/{circle}", field);
}
absl::StatusOr<std::string> ParseToken(std::string_view name, std::string_view field) {
  return ParseOne(name, "tokens/", "tokens/{token}", field);
}

absl::StatusOr<CouncilChild> ParsePurchase(std::string_view name, std::string_view field) {
  constexpr std::string_view kForm = "councils/{council}/purchases/{reference}";
  ASSIGN_OR_RETURN(CouncilChild child, ParseChild(name, "/purchases/", kForm, field));
  std::optional<std::string> reference = DecodeReference(child.id);
  if (!reference.has_value() || reference->empty()) {
    return error::InvalidField(
        field, absl::StrCat("Must be a name of the form `", Av(kForm),
                            "`, with characters of the reference other than A-Z a-z 0-9 . _ ~ - "
                            "percent-encoded."));
  }
  child.id = *std::move(reference);
  return child;
}

absl::StatusOr<CouncilChild> ParseSubmission(std::string_view name, std::string_view field) {
  constexpr std::string_view kForm = "councils/{council}/submissions/{submission}";
  ASSIGN_OR_RETURN(CouncilChild child, ParseChild(name, "/submissions/", kForm, field));
  if (!model::IsUuid4(child.id)) return BadName(field, kForm);
  absl::AsciiStrToLower(&child.id);
  return child;
}

absl::StatusOr<CouncilChild> ParseOutcomeReport(std::string_view name, std::string_view field) {
  constexpr std::string_view kForm =
      "councils/{council}/outcomeReports/{provider}.{service}.{year}-q{quarter}";
  ASSIGN_OR_RETURN(CouncilChild child, ParseChild(name, "/outcomeReports/", kForm, field));
  const auto plain = [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-' || c == '.';
  };
  if (child.id.empty() || !absl::c_all_of(child.id, plain)) return BadName(field, kForm);
  return child;
}

std::string LookName(std::string_view shown, std::string_view source, std::string_view viewer) {
  return absl::StrCat(CouncilName(shown), "/", Av(source), Av(kViewers), Av(viewer));
}

std::optional<Look> ParseLook(std::string_view name, std::string_view council) {
  if (!name.starts_with(council)) return std::nullopt;
  name.remove_prefix(council.size());
  if (!name.starts_with("/circles/") && !name.starts_with("/negotiations/")) return std::nullopt;
  const size_t end = name.find(kViewers);
  if (end == std::string_view::npos) return std::nullopt;
  return Look{std::string(name.substr(1, end - 1)),
              std::string(name.substr(end + kViewers.size()))};
}

std::optional<std::string_view> CouncilIn(std::string_view name) {
  constexpr std::string_view kCollection = "councils/";
  if (!name.starts_with(kCollection)) return std::nullopt;
  name.remove_prefix(kCollection.size());
  const std::string_view id = name.substr(0, name.find('/'));
  if (!model::IsResourceId(id)) return std::nullopt;
  return id;
}

std::string EncodeReference(std::string_view reference) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(reference.size());
  for (const char c : reference) {
    if (IsUnreserved(c)) {
      out += c;
    } else {
      out += '%';
      out += kHex[static_cast<uint8_t>(c) >> 4];
      out += kHex[static_cast<uint8_t>(c) & 15];
    }
  }
  return out;
}

std::optional<std::string> DecodeReference(std::string_view encoded) {
  std::string out;
  out.reserve(encoded.size());
  while (!encoded.empty()) {
    if (encoded[0] != '%') {
      if (!IsUnreserved(encoded[0])) return std::nullopt;
      out += encoded[0];
      encoded.remove_prefix(1);
      continue;
    }
    if (encoded.size() < 3) return std::nullopt;
    const int high = HexValue(encoded[1]);
    const int low = HexValue(encoded[2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    encoded.remove_prefix(3);
  }
  if (!IsUtf8(out)) return std::nullopt;
  return out;
}

}  // namespace steelyard::rpc
