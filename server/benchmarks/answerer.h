#ifndef STEELYARD_SERVER_BENCHMARKS_ANSWERER_H_
#define STEELYARD_SERVER_BENCHMARKS_ANSWERER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "server/benchmarks/question.h"
#include "server/benchmarks/tiling.h"
#include "steelyard/v1/benchmark_service.pb.h"
#include "storage/editions/combine.h"
#include "storage/editions/edition_store.h"
#include "storage/model/policy.h"

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

// The disclosure policy of a version, or for 0 the one in force. Cheap and
// thread-safe.
using PolicySource = std::function<model::Policy(int64_t version)>;

// Answers questions from editions: the one function behind every face.
// Thread-safe.
class Answerer {
 public:
  Answerer(editions::EditionStore& editions, PolicySource policies)
      : editions_(editions), policies_(std::move(policies)) {}

  // Errors are the store's.
  absl::StatusOr<Answer> Ask(const Question& question, const model::Registers& registers);

 private:
  editions::EditionStore& editions_;
  const PolicySource policies_;
};

// The answer in the wire's words, without its receipt.
void ToProto(const Question& question, const Answer& answer, const model::Registers& registers,
             v1::PriceBenchmark* out);

// Sets the receipt, whose hash is over the question and the reply so far.
void SetReceipt(const v1::GetPriceBenchmarkRequest& request, const Answer& answer,
                v1::PriceBenchmark* out);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_ANSWERER_H_
