#ifndef STEELYARD_SERVER_BENCHMARKS_ANSWERER_H_
#define STEELYARD_SERVER_BENCHMARKS_ANSWERER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "server/benchmarks/answer_cache.h"
#include "server/benchmarks/question.h"
#include "steelyard/v1/benchmark_service.pb.h"
#include "storage/editions/edition_store.h"

namespace steelyard::benchmarks {

// A question's answer, and the edition it was asked of.
struct Answer {
  uint64_t edition = 0;
  std::shared_ptr<const AnswerBody> body;
};

// The disclosure policy of a version, or for 0 the one in force. Cheap and
// thread-safe.
using PolicySource = std::function<model::Policy(int64_t version)>;

// Answers questions from editions: the one function behind every face.
// Thread-safe.
class Answerer {
 public:
  static constexpr size_t kCacheBytes = size_t{64} << 20;

  Answerer(editions::EditionStore& editions, PolicySource policies)
      : editions_(editions), policies_(std::move(policies)), cache_(kCacheBytes) {}

  // Errors are the store's.
  absl::StatusOr<Answer> Ask(const Question& question, const model::Registers& registers);

  // Suppliers by name, in the wire's words with a receipt. Errors are the
  // store's.
  absl::Status AskSuppliers(const v1::ListSupplierScorecardsRequest& request,
                            const Question& question, const model::Registers& registers,
                            v1::ListSupplierScorecardsResponse* out);

 private:
  absl::StatusOr<editions::EditionStore::Shown> Show(const Question& question);
  // The policy that `shown` was published under; for none the one in force.
  model::Policy PolicyOf(const editions::EditionStore::Shown& shown) const;

  editions::EditionStore& editions_;
  const PolicySource policies_;
  AnswerCache cache_;
};

// The answer in the wire's words with its receipt, whose hash is over the
// question, as of that edition, and the reply.
void ToProto(const v1::GetPriceBenchmarkRequest& request, const Answer& answer,
             v1::PriceBenchmark* out);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_ANSWERER_H_
