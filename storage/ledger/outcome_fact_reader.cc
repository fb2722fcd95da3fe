#include "storage/ledger/outcome_fact_reader.h"

#include <string>

#include "absl/status/status.h"
#include "storage/base/status_macros.h"
#include "storage/codec/outcome_codec.h"

namespace steelyard::ledger {
namespace {

using engine::Family;

// Adds the facts under `prefix`; the history's keys end with a sequence.
absl::Status ReadFacts(const engine::Database& database, Family family, const std::string& prefix,
                       const engine::Snapshot* snapshot, std::vector<DatedOutcomeFact>& facts) {
  auto it = database.Scan(family, prefix, codec::PrefixEnd(prefix), snapshot);
  for (; it->Valid(); it->Next()) {
    std::string_view bytes = it->key();
    DatedOutcomeFact dated;
    if (family == Family::kOutcomeFactHistory) {
      const auto end = codec::FactHistoryEnd(bytes);
      if (!end) return absl::DataLossError("damaged outcome fact key");
      dated.end_sequence = *end;
      bytes.remove_suffix(8);
    }
    const auto key = codec::DecodeOutcomeFactKey(bytes);
    if (!key) return absl::DataLossError("damaged outcome fact key");
    dated.fact.council = key->council;
    dated.fact.line = key->line;
    dated.fact.quarter = key->quarter;
    dated.fact.service = key->year.service;
    RETURN_IF_ERROR(codec::DecodeFact(it->value(), dated.fact));
    facts.push_back(dated);
  }
  return it->status();
}

}  // namespace

absl::StatusOr<std::vector<DatedOutcomeFact>> OutcomeFactReader::Read(
    const codec::OutcomeYear& year, const engine::Snapshot* snapshot) const {
  std::vector<DatedOutcomeFact> facts;
  const std::string prefix = codec::OutcomeFactPrefix(year);
  RETURN_IF_ERROR(ReadFacts(database_, Family::kOutcomeFacts, prefix, snapshot, facts));
  RETURN_IF_ERROR(ReadFacts(database_, Family::kOutcomeFactHistory, prefix, snapshot, facts));
  return facts;
}

absl::StatusOr<std::vector<model::OutcomeFact>> OwnOutcomes::Read(
    model::Service service, const model::Period& period) const {
  std::vector<model::OutcomeFact> own;
  for (int year = period.first.year(); year <= period.last.year(); ++year) {
    std::vector<DatedOutcomeFact> facts;
    const codec::OutcomeYear key{service, static_cast<int16_t>(year)};
    RETURN_IF_ERROR(ReadFacts(database_, Family::kOutcomeFacts,
                              codec::OutcomeFactPrefix(key, council_), nullptr, facts));
    for (const DatedOutcomeFact& dated : facts) {
      if (period.Contains(dated.fact.quarter)) own.push_back(dated.fact);
    }
  }
  return own;
}

}  // namespace steelyard::ledger
