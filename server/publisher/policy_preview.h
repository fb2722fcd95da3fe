#ifndef STEELYARD_SERVER_PUBLISHER_POLICY_PREVIEW_H_
#define STEELYARD_SERVER_PUBLISHER_POLICY_PREVIEW_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "server/publisher/series_publisher.h"
#include "storage/editions/edition_store.h"
#include "storage/engine/database.h"
#include "storage/model/policy.h"
#include "storage/model/registers.h"

namespace steelyard::publisher {

// What another policy would do to the figures of prices. Nothing that is out
// is ever called back.
struct PolicyPreview {
  enum class Effect {
    kOpens,   // would be shown, and is not
    kCloses,  // would be shown if the policy stayed, and will not be
    kHolds,   // is shown, and would stay as it is until it is safe again
  };
  struct Change {
    Effect effect = Effect::kOpens;
    FigurePlace place;  // of figures that hold: the series and its year
    int64_t figures = 1;
  };
  int64_t series = 0;           // products, currencies and years looked at
  int64_t figures_shown = 0;    // now
  int64_t figures_then = 0;     // under the other policy
  std::vector<Change> changes;  // by series, then effect
};

// Publishes every series in memory under both policies and compares; `product`
// 0 is all. Reads the lines of one series at a time, and writes nothing.
// DATA_LOSS or UNAVAILABLE from the store.
absl::StatusOr<PolicyPreview> PreviewPolicy(const engine::Database& database,
                                            editions::EditionStore& editions,
                                            std::shared_ptr<const model::Registers> registers,
                                            const model::Policy& in_force,
                                            const model::Policy& proposed,
                                            model::ProductNo product);

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_POLICY_PREVIEW_H_
