#include "storage/ledger/documents.h"

#include <utility>

#include "absl/status/status.h"
#include "storage/base/status_macros.h"
#include "storage/ledger/apply.h"

namespace steelyard::ledger {
namespace {

using engine::Family;

// Calls `take` with each version under `prefix` from key `from` until it
// returns false.
template <typename Take>
absl::Status ForEachVersion(const engine::Database& database, const std::string& from,
                            const std::string& prefix, Take take) {
  auto it = database.Scan(Family::kDocuments, from, codec::PrefixEnd(prefix));
  for (; it->Valid(); it->Next()) {
    std::optional<codec::DocumentName> name = codec::DecodeDocumentKey(it->key());
    if (!name) return absl::DataLossError("damaged document key");
    if (!take(Document{std::move(name->id), name->revision, std::string(it->value())})) break;
  }
  return it->status();
}

}  // namespace

absl::StatusOr<std::optional<Document>> DocumentReader::Get(codec::DocumentKind kind,
                                                            std::string_view id) const {
  std::optional<Document> found;
  const std::string prefix = codec::DocumentPrefix(kind, id);
  RETURN_IF_ERROR(ForEachVersion(database_, prefix, prefix, [&](Document document) {
    found = std::move(document);
    return false;
  }));
  return found;
}

absl::StatusOr<std::optional<Document>> DocumentReader::Get(codec::DocumentKind kind,
                                                            std::string_view id,
                                                            uint32_t revision) const {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   database_.Get(Family::kDocuments, codec::DocumentKey(kind, id, revision)));
  if (!bytes) return std::nullopt;
  return Document{std::string(id), revision, *std::move(bytes)};
}

absl::StatusOr<std::vector<Document>> DocumentReader::Versions(codec::DocumentKind kind,
                                                               std::string_view id) const {
  std::vector<Document> versions;
  const std::string prefix = codec::DocumentPrefix(kind, id);
  RETURN_IF_ERROR(ForEachVersion(database_, prefix, prefix, [&](Document document) {
    versions.push_back(std::move(document));
    return true;
  }));
  return versions;
}

absl::StatusOr<std::vector<Document>> DocumentReader::List(codec::DocumentKind kind,
                                                           std::string_view after,
                                                           size_t limit) const {
  std::vector<Document> listed;
  const std::string prefix = codec::DocumentPrefix(kind);
  const std::string from =
      after.empty() ? prefix : codec::PrefixEnd(codec::DocumentPrefix(kind, after));
  RETURN_IF_ERROR(ForEachVersion(database_, from, prefix, [&](Document document) {
    if (!listed.empty() && listed.back().id == document.id) return true;
    if (listed.size() == limit) return false;
    listed.push_back(std::move(document));
    return true;
  }));
  return listed;
}

absl::StatusOr<Outcome> Apply(const PutDocument& c, Transaction& tx) {
  ASSIGN_OR_RETURN(auto earlier, tx.FindRequest(c.scope, c.request, c.body_sha256));
  Outcome outcome;
  if (earlier) {
    outcome.sequence = tx.state().head.sequence;
    outcome.replayed = true;
    outcome.request = *std::move(earlier);
    return outcome;
  }
  // The next revision must be free and the one before it there: the two keys
  // tell, also for what earlier commands of the group wrote.
  const uint32_t next = c.expected_revision + 1;
  ASSIGN_OR_RETURN(auto taken, tx.Get(Family::kDocuments, codec::DocumentKey(c.kind, c.id, next)));
  if (taken) return absl::AbortedError(kEtagMismatch);
  if (c.expected_revision > 0) {
    ASSIGN_OR_RETURN(auto before, tx.Get(Family::kDocuments,
                                         codec::DocumentKey(c.kind, c.id, c.expected_revision)));
    if (!before) return absl::AbortedError(kEtagMismatch);
  }
  tx.Begin(c.meta);
  tx.Put(Family::kDocuments, codec::DocumentKey(c.kind, c.id, next), c.bytes);
  tx.state().documents_sequence = tx.sequence();
  outcome.sequence = tx.sequence();
  outcome.request.body_sha256 = c.body_sha256;
  outcome.request.result = c.result;
  tx.Put(Family::kRequests, codec::RequestKey(c.scope, c.request), codec::Encode(outcome.request));
  // The resource is the document; which council acted, its name does not say.
  tx.End(c.action, c.resource, c.scope.value == 0 ? "" : CouncilResource(tx, c.scope),
         c.body_sha256);
  return outcome;
}

}  // namespace steelyard::ledger
