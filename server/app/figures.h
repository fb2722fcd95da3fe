#ifndef STEELYARD_SERVER_APP_FIGURES_H_
#define STEELYARD_SERVER_APP_FIGURES_H_

#include <vector>

#include "server/gateway/metrics.h"
#include "storage/engine/database.h"
#include "storage/ledger/ledger.h"

namespace steelyard::app {

// What /metrics says about the store and the process: sizes and progress of
// the whole, nothing of one council. Cheap; thread-safe.
std::vector<gateway::Figure> ServerFigures(const ledger::Ledger& ledger,
                                           const engine::Database& database);

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_FIGURES_H_
