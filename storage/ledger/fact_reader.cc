#include "storage/ledger/fact_reader.h"

#include "absl/status/status.h"
#include "storage/base/status_macros.h"
#include "storage/codec/purchase_codec.h"

namespace steelyard::ledger {
namespace {

using engine::Family;

// Adds the facts under `prefix`; the history's keys end with a sequence.
absl::Status ReadFacts(const engine::Database& database, Family family, const std::string& prefix,
                       const engine::Snapshot* snapshot, std::vector<DatedFact>& facts) {
  auto it = database.Scan(family, prefix, codec::PrefixEnd(prefix), snapshot);
  for (; it->Valid(); it->Next()) {
    std::string_view bytes = it->key();
    DatedFact dated;
    if (family == Family::kFactHistory) {
      const auto end = codec::FactHistoryEnd(bytes);
      if (!end) return absl::DataLossError("damaged fact key");
      dated.end_sequence = *end;
      bytes.remove_suffix(8);
    }
    const auto key = codec::DecodeFactKey(bytes);
    if (!key) return absl::DataLossError("damaged fact key");
    dated.fact.council = key->council;
    dated.fact.month = key->month;
    dated.fact.line = key->line;
    RETURN_IF_ERROR(codec::DecodeFact(it->value(), dated.fact));
    facts.push_back(dated);
  }
  return it->status();
}

}  // namespace

absl::StatusOr<std::vector<DatedFact>> FactReader::Read(const codec::SeriesYear& series,
                                                        const engine::Snapshot* snapshot) const {
  std::vector<DatedFact> facts;
  const std::string prefix = codec::FactPrefix(series);
  RETURN_IF_ERROR(ReadFacts(database_, Family::kFacts, prefix, snapshot, facts));
  RETURN_IF_ERROR(ReadFacts(database_, Family::kFactHistory, prefix, snapshot, facts));
  return facts;
}

absl::StatusOr<std::vector<model::PurchaseFact>> OwnRows::Read(model::ProductNo product,
                                                               model::Currency currency,
                                                               const model::Period& period) const {
  std::vector<model::PurchaseFact> own;
  for (int year = period.first.year(); year <= period.last.year(); ++year) {
    std::vector<DatedFact> facts;
    const codec::SeriesYear series{product, currency, static_cast<int16_t>(year)};
    RETURN_IF_ERROR(
        ReadFacts(database_, Family::kFacts, codec::FactPrefix(series, council_), nullptr, facts));
    for (const DatedFact& dated : facts) {
      if (period.Contains(dated.fact.month)) own.push_back(dated.fact);
    }
  }
  return own;
}

}  // namespace steelyard::ledger
