#include "server/negotiations/negotiation_store.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/negotiations/moves.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/codec/negotiation_codec.h"

namespace steelyard::negotiations {
namespace {

constexpr auto kKind = codec::DocumentKind::kNegotiation;

absl::StatusOr<Stored> Decode(const ledger::Document& document) {
  Stored stored;
  ASSIGN_OR_RETURN(stored.negotiation, codec::DecodeNegotiation(document.bytes));
  stored.revision = document.revision;
  stored.etag = absl::StrCat("\"", HexOf(Sha256(document.bytes).substr(0, 8)), "\"");
  return stored;
}

}  // namespace

absl::StatusOr<std::optional<Stored>> NegotiationStore::Get(std::string_view id) const {
  ASSIGN_OR_RETURN(const auto document, reader_.Get(kKind, id));
  if (!document) return std::nullopt;
  ASSIGN_OR_RETURN(Stored stored, Decode(*document));
  return stored;
}

absl::StatusOr<Stored> NegotiationStore::GetRevision(std::string_view id, uint32_t revision) const {
  ASSIGN_OR_RETURN(const auto document, reader_.Get(kKind, id, revision));
  if (!document) return absl::DataLossError("a version of a negotiation is missing");
  return Decode(*document);
}

absl::StatusOr<std::vector<Stored>> NegotiationStore::List() const {
  ASSIGN_OR_RETURN(const auto documents,
                   reader_.List(kKind, "", std::numeric_limits<size_t>::max()));
  std::vector<Stored> all;
  for (const ledger::Document& document : documents) {
    ASSIGN_OR_RETURN(Stored stored, Decode(document));
    all.push_back(std::move(stored));
  }
  return all;
}

absl::StatusOr<std::vector<model::CouncilNo>> NegotiationStore::CircleMembers(
    std::string_view id, model::CouncilNo council, model::ProviderNo provider,
    const model::Period& period) const {
  ASSIGN_OR_RETURN(const auto stored, Get(id));
  const std::vector<model::CouncilNo> nobody;
  if (!stored || !InCircle(stored->negotiation, council)) return nobody;
  // Consent is to what the talks are about, and to nothing beside it.
  const model::Negotiation& n = stored->negotiation;
  const model::Period agreed{n.from_quarter, n.to_quarter.Plus(2)};
  if (provider != n.provider || !agreed.Contains(period)) return nobody;
  return n.ActiveMembers();
}

}  // namespace steelyard::negotiations
