#include "server/circles/circle_store.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/codec/circle_codec.h"

namespace steelyard::circles {
namespace {

constexpr auto kKind = codec::DocumentKind::kCircle;

absl::StatusOr<Stored> Decode(const ledger::Document& document) {
  Stored stored;
  ASSIGN_OR_RETURN(stored.circle, codec::DecodeCircle(document.bytes));
  stored.revision = document.revision;
  stored.etag = absl::StrCat("\"", HexOf(Sha256(document.bytes).substr(0, 8)), "\"");
  return stored;
}

}  // namespace

absl::StatusOr<std::optional<Stored>> CircleStore::Get(std::string_view id) const {
  ASSIGN_OR_RETURN(const auto document, reader_.Get(kKind, id));
  if (!document) return std::nullopt;
  ASSIGN_OR_RETURN(Stored stored, Decode(*document));
  return stored;
}

absl::StatusOr<Stored> CircleStore::GetRevision(std::string_view id, uint32_t revision) const {
  ASSIGN_OR_RETURN(const auto document, reader_.Get(kKind, id, revision));
  if (!document) return absl::DataLossError("a version of a circle is missing");
  return Decode(*document);
}

absl::StatusOr<std::vector<Stored>> CircleStore::List() const {
  ASSIGN_OR_RETURN(const auto documents,
                   reader_.List(kKind, "", std::numeric_limits<size_t>::max()));
  std::vector<Stored> all;
  for (const ledger::Document& document : documents) {
    ASSIGN_OR_RETURN(Stored stored, Decode(document));
    all.push_back(std::move(stored));
  }
  return all;
}

}  // namespace steelyard::circles
