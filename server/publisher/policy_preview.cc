#include "server/publisher/policy_preview.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/container/btree_set.h"
#include "server/publisher/head_time.h"
#include "server/publisher/series_publisher.h"
#include "storage/base/status_macros.h"
#include "storage/ledger/fact_reader.h"
#include "storage/ledger/publication_log.h"

namespace steelyard::publisher {
namespace {

using Places = absl::btree_set<FigurePlace>;
using Effect = PolicyPreview::Effect;

Places PlacesOf(const codec::SeriesYear& series, const editions::YearBlock* block) {
  Places places;
  if (block == nullptr) return places;
  for (const editions::Run& run : block->runs) {
    const editions::RunLayout& layout = run.layout;
    for (const editions::AreaGroup& areas : layout.blocks) {
      for (const model::Period& months : layout.month_groups) {
        places.insert({series, months, areas, {}, {}});
      }
    }
    for (const editions::AreaGroup& areas : layout.rows) {
      places.insert({series, layout.period, areas, {}, {}});
    }
    for (const editions::TypeGroup& types : layout.type_groups) {
      places.insert({series, layout.period, {}, types, {}});
    }
    for (const editions::SellerGroup& seller : layout.sellers) {
      if (seller.named) places.insert({series, layout.period, {}, {}, seller.owner});
    }
  }
  return places;
}

// What a series would show from now on.
Places Next(const SeriesInput& input, SeriesPublisher& publisher) {
  const auto release = publisher.Publish(input, true);
  return PlacesOf(input.series, release ? &release->block : input.released.get());
}

void Add(Effect effect, const Places& all, const Places& less, PolicyPreview& preview) {
  for (const FigurePlace& place : all) {
    if (!less.contains(place)) preview.changes.push_back({effect, place, 1});
  }
}

}  // namespace

absl::StatusOr<PolicyPreview> PreviewPolicy(const engine::Database& database,
                                            editions::EditionStore& editions,
                                            std::shared_ptr<const model::Registers> registers,
                                            const model::Policy& in_force,
                                            const model::Policy& proposed,
                                            model::ProductNo product) {
  const auto snapshot = database.TakeSnapshot();
  ASSIGN_OR_RETURN(const codec::LedgerHead head, HeadAt(database, snapshot.get()));
  const ledger::PublicationLog log(database);
  const ledger::FactReader facts(database);
  SeriesPublisher stays(registers, in_force);
  SeriesPublisher changes(registers, proposed);
  PolicyPreview preview;
  ASSIGN_OR_RETURN(const std::vector<codec::SeriesYear> known, log.Known());
  for (const codec::SeriesYear& series : known) {
    if (product.value != 0 && series.product != product) continue;
    SeriesInput input;
    input.series = series;
    input.sequence = head.sequence;
    input.today = DayOf(head.unix_micros);
    ASSIGN_OR_RETURN(input.facts, facts.Read(series, snapshot.get()));
    ASSIGN_OR_RETURN(input.admitted, log.ReadAdmitted(series));
    ASSIGN_OR_RETURN(input.released, editions.Find({series.product, series.currency}, series.year));
    const Places now = Next(input, stays);
    const Places then = Next(input, changes);
    ++preview.series;
    preview.figures_shown += static_cast<int64_t>(now.size());
    preview.figures_then += static_cast<int64_t>(then.size());
    Add(Effect::kOpens, then, now, preview);
    Add(Effect::kCloses, now, then, preview);
    // Which of them would tell, policy by policy, how each is made up.
    const int64_t holds = changes.NoLongerSafe(input);
    const model::Month january{static_cast<int16_t>((series.year - 2000) * 12)};
    if (holds > 0) {
      preview.changes.push_back(
          {Effect::kHolds, {series, {january, january.Plus(11)}, {}, {}, {}}, holds});
    }
  }
  return preview;
}

}  // namespace steelyard::publisher
