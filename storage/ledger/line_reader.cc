#include "storage/ledger/line_reader.h"

#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "storage/base/status_macros.h"
#include "storage/codec/keys.h"
#include "storage/codec/outcome_codec.h"
#include "storage/codec/purchase_codec.h"
#include "storage/ledger/resource.h"

namespace steelyard::ledger {
namespace {

template <typename Content>
constexpr model::Resource kResource =
    std::is_same_v<Content, model::PurchaseContent> ? model::Resource::kPurchases
                                                    : model::Resource::kOutcomes;

template <typename Content>
absl::StatusOr<Content> DecodeContentOf(std::string_view bytes) {
  if constexpr (kResource<Content> == model::Resource::kPurchases) {
    return codec::DecodeContent(bytes);
  } else {
    return codec::DecodeOutcomeContent(bytes);
  }
}

template <typename Content>
absl::StatusOr<typename LineReader<Content>::Line> Decode(std::string_view reference,
                                                          std::string_view bytes) {
  typename LineReader<Content>::Line line;
  line.reference = std::string(reference);
  ASSIGN_OR_RETURN(line.record, codec::DecodeLine(bytes));
  ASSIGN_OR_RETURN(line.content, DecodeContentOf<Content>(line.record.content));
  return line;
}

}  // namespace

absl::StatusOr<std::vector<std::optional<codec::LineRecord>>> FindRecords(
    const engine::Database& database, model::Resource resource, std::span<const LineName> names) {
  std::vector<std::string> keys;
  keys.reserve(names.size());
  for (const LineName& name : names) keys.push_back(codec::LineKey(name.council, name.reference));
  ASSIGN_OR_RETURN(auto values,
                   database.MultiGet(FamiliesOf(resource).lines, {keys.begin(), keys.end()}));
  std::vector<std::optional<codec::LineRecord>> records(names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    if (!values[i]) continue;
    ASSIGN_OR_RETURN(records[i], codec::DecodeLine(*values[i]));
  }
  return records;
}

template <typename Content>
absl::StatusOr<std::optional<typename LineReader<Content>::Line>> LineReader<Content>::Get(
    model::CouncilNo council, std::string_view reference) const {
  ASSIGN_OR_RETURN(
      std::optional<std::string> bytes,
      database_.Get(FamiliesOf(kResource<Content>).lines, codec::LineKey(council, reference)));
  if (!bytes) return std::optional<Line>();
  ASSIGN_OR_RETURN(Line line, Decode<Content>(reference, *bytes));
  return std::optional(std::move(line));
}

template <typename Content>
absl::StatusOr<std::optional<typename LineReader<Content>::Line>> LineReader<Content>::GetRevision(
    model::CouncilNo council, std::string_view reference, uint32_t revision) const {
  ASSIGN_OR_RETURN(std::optional<Line> newest, Get(council, reference));
  if (!newest || newest->record.revision == revision) return newest;
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   database_.Get(FamiliesOf(kResource<Content>).versions,
                                 codec::VersionKey(council, newest->record.line, revision)));
  if (!bytes) return std::optional<Line>();
  ASSIGN_OR_RETURN(Line line, Decode<Content>(reference, *bytes));
  return std::optional(std::move(line));
}

template <typename Content>
absl::StatusOr<std::vector<typename LineReader<Content>::Line>> LineReader<Content>::List(
    model::CouncilNo council, std::string_view after, size_t limit,
    const std::function<bool(const Line&)>& keep) const {
  std::string lower = codec::LineKey(council, after);
  if (!after.empty()) lower.push_back('\0');
  std::vector<Line> lines;
  auto it = database_.Scan(FamiliesOf(kResource<Content>).lines, lower,
                           codec::PrefixEnd(codec::LinePrefix(council)));
  for (; it->Valid() && lines.size() < limit; it->Next()) {
    ASSIGN_OR_RETURN(Line line, Decode<Content>(it->key().substr(2), it->value()));
    if (keep(line)) lines.push_back(std::move(line));
  }
  RETURN_IF_ERROR(it->status());
  return lines;
}

template <typename Content>
absl::StatusOr<std::vector<typename LineReader<Content>::Line>> LineReader<Content>::Versions(
    model::CouncilNo council, std::string_view reference, uint32_t below, size_t limit) const {
  std::vector<Line> lines;
  ASSIGN_OR_RETURN(std::optional<Line> newest, Get(council, reference));
  if (!newest) return lines;
  const model::LineNo number = newest->record.line;
  const uint32_t from = below == 0 ? newest->record.revision : below - 1;
  if (below == 0) lines.push_back(*std::move(newest));
  auto it = database_.Scan(FamiliesOf(kResource<Content>).versions,
                           codec::VersionKey(council, number, from),
                           codec::PrefixEnd(codec::VersionPrefix(council, number)));
  for (; it->Valid() && lines.size() < limit; it->Next()) {
    ASSIGN_OR_RETURN(Line line, Decode<Content>(reference, it->value()));
    lines.push_back(std::move(line));
  }
  RETURN_IF_ERROR(it->status());
  return lines;
}

template class LineReader<model::PurchaseContent>;
template class LineReader<model::OutcomeContent>;

}  // namespace steelyard::ledger
