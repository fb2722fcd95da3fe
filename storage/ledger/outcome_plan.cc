#include "storage/ledger/outcome_plan.h"

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "storage/base/bytes.h"
#include "storage/base/status_macros.h"

// Frozen. Integers are varints, `s` marks signed ones; a list is its length and
// its members.
//
//   plan     = group-list member-list waiting-list
//   group    = kind provider
//   member   = provider less the one before, quarter:s, group
//   waiting  = quarter:s
//   admitted = cells facet-list places, as admitted.h says; places may be missing
//   facet    = number cells

namespace steelyard::ledger {
namespace {

using engine::Family;

std::string EncodePlan(const OutcomePlan& plan) {
  ByteWriter w;
  w.Varint(plan.groups.size());
  for (const OutcomePlan::Group& g : plan.groups) w.Varint(g.kind).Varint(g.provider.value);
  w.Varint(plan.members.size());
  uint32_t previous = 0;
  for (const auto& [member, group] : plan.members) {
    w.Varint(member.provider.value - previous).Signed(member.quarter.number).Varint(group);
    previous = member.provider.value;
  }
  w.Varint(plan.waiting.size());
  for (model::Month quarter : plan.waiting) w.Signed(quarter.number);
  return std::move(w).str();
}

absl::StatusOr<OutcomePlan> DecodePlan(std::string_view bytes) {
  OutcomePlan plan;
  ByteReader r(bytes);
  bool bad = false;
  for (uint64_t n = r.Varint(); n > 0 && r.ok(); --n) {
    OutcomePlan::Group g;
    g.kind = static_cast<uint8_t>(r.Varint());
    g.provider.value = static_cast<uint32_t>(r.Varint());
    plan.groups.push_back(g);
  }
  uint32_t provider = 0;
  for (uint64_t n = r.Varint(); n > 0 && r.ok(); --n) {
    provider += static_cast<uint32_t>(r.Varint());
    const model::Month quarter{static_cast<int16_t>(r.Signed())};
    const uint64_t group = r.Varint();
    bad = bad || group == 0 || group > plan.groups.size();
    plan.members[{{provider}, quarter}] = static_cast<uint32_t>(group);
  }
  for (uint64_t n = r.Varint(); n > 0 && r.ok(); --n) {
    plan.waiting.insert(model::Month{static_cast<int16_t>(r.Signed())});
  }
  if (bad || !r.Finished()) return absl::DataLossError("damaged plan of outcomes");
  return plan;
}

// Year of a key after its first letter.
std::optional<codec::OutcomeYear> YearOf(ByteReader& key) {
  const auto service = model::ServiceOf(key.Fixed8());
  const auto year = static_cast<int16_t>(2000 + key.Fixed8());
  if (!service || !key.ok()) return std::nullopt;
  return codec::OutcomeYear{*service, year};
}

}  // namespace

uint64_t OutcomeAdmitted::Of(uint8_t facet, const Admitted::Cell& cell) const {
  const auto behind = facets.find(facet);
  if (behind != facets.end()) {
    const auto it = behind->second.cells.find(cell);
    if (it != behind->second.cells.end()) return it->second;
  }
  return sums.Of(cell.month, cell.area);
}

absl::StatusOr<OutcomePlan> OutcomeLog::ReadPlan(const codec::OutcomeYear& year) const {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   database_.Get(Family::kPublisher, codec::OutcomePlanKey(year)));
  if (!bytes) return OutcomePlan();
  return DecodePlan(*bytes);
}

void OutcomeLog::PutPlan(const codec::OutcomeYear& year, const OutcomePlan& plan,
                         engine::Batch& batch) {
  batch.Put(Family::kPublisher, codec::OutcomePlanKey(year), EncodePlan(plan));
}

absl::StatusOr<absl::btree_map<codec::OutcomeYear, OutcomePlan>> OutcomeLog::Plans() const {
  absl::btree_map<codec::OutcomeYear, OutcomePlan> plans;
  const std::string prefix = codec::OutcomePlanPrefix();
  auto it = database_.Scan(Family::kPublisher, prefix, codec::PrefixEnd(prefix));
  for (; it->Valid(); it->Next()) {
    ByteReader key(it->key().substr(prefix.size()));
    const auto year = YearOf(key);
    if (!year || !key.Finished()) return absl::DataLossError("damaged key of a plan of outcomes");
    ASSIGN_OR_RETURN(plans[*year], DecodePlan(it->value()));
  }
  RETURN_IF_ERROR(it->status());
  return plans;
}

absl::StatusOr<absl::btree_map<uint32_t, OutcomeAdmitted>> OutcomeLog::ReadAdmitted(
    const codec::OutcomeYear& year) const {
  absl::btree_map<uint32_t, OutcomeAdmitted> all;
  const std::string prefix = codec::OutcomeAdmittedPrefix(year);
  auto it = database_.Scan(Family::kPublisher, prefix, codec::PrefixEnd(prefix));
  for (; it->Valid(); it->Next()) {
    ByteReader key(it->key().substr(prefix.size()));
    const uint32_t group = key.Fixed32();
    ByteReader r(it->value());
    OutcomeAdmitted admitted;
    ReadCells(r, admitted.sums);
    for (uint64_t n = r.Varint(); n > 0 && r.ok(); --n) {
      const auto facet = static_cast<uint8_t>(r.Varint());
      ReadCells(r, admitted.facets[facet]);
    }
    if (!r.done()) ReadPlaces(r, admitted.sums);
    if (!key.Finished() || !r.Finished()) return absl::DataLossError("damaged admitted record");
    all[group] = std::move(admitted);
  }
  RETURN_IF_ERROR(it->status());
  return all;
}

void OutcomeLog::PutAdmitted(const codec::OutcomeYear& year, uint32_t group,
                             const OutcomeAdmitted& admitted, engine::Batch& batch) {
  ByteWriter w;
  WriteCells(w, admitted.sums);
  w.Varint(admitted.facets.size());
  for (const auto& [facet, cells] : admitted.facets) {
    w.Varint(facet);
    WriteCells(w, cells);
  }
  WritePlaces(w, admitted.sums);
  batch.Put(Family::kPublisher, codec::OutcomeAdmittedKey(year, group), w.str());
}

}  // namespace steelyard::ledger
