#ifndef STEELYARD_SERVER_BENCHMARKS_ANSWERER_H_
#define STEELYARD_SERVER_BENCHMARKS_ANSWERER_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "server/benchmarks/question.h"
#include "server/benchmarks/tiling.h"
#include "steelyard/v1/benchmark_service.pb.h"
#include "storage/editions/combine.h"
#include "storage/editions/edition_store.h"
#include "storage/ledger/transaction.h"

namespace steelyard::benchmarks {

// A question's answer before it is put into words, one entry for each cell.
struct Answer {
  uint64_t edition = 0;
  model::Policy policy;  // the edition was published under
  std::vector<Tile> tiles;
  std::vector<editions::Figures> figures;  // empty figures where not available
  std::vector<bool> available;
  // Keep the atoms of the tiles alive.
  std::vector<std::shared_ptr<const editions::YearBlock>> blocks;
};

// Answers questions from editions: the one function behind every face.
// Thread-safe.
class Answerer {
 public:
  explicit Answerer(editions::EditionStore& editions) : editions_(editions) {}

  // Errors are the store's.
  absl::StatusOr<Answer> Ask(const Question& question, const ledger::LedgerState& state);

 private:
  editions::EditionStore& editions_;
};

// The answer in the wire's words, without its receipt.
void ToProto(const Question& question, const Answer& answer, const model::Registers& registers,
             v1::PriceBenchmark* out);

// Sets the receipt, whose hash is over the question and the reply so far.
void SetReceipt(const v1::GetPriceBenchmarkRequest& request, const Answer& answer,
                v1::PriceBenchmark* out);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_ANSWERER_H_
