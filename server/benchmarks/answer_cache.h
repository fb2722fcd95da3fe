#ifndef STEELYARD_SERVER_BENCHMARKS_ANSWER_CACHE_H_
#define STEELYARD_SERVER_BENCHMARKS_ANSWER_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "server/benchmarks/byte_cache.h"
#include "steelyard/v1/benchmark_service.pb.h"
#include "storage/model/policy.h"
#include "storage/model/time.h"

namespace steelyard::benchmarks {

// One cell as a council's own figures need it.
struct AnswerCell {
  model::Period period;  // answered, or asked if not available
  bool available = false;
  int64_t least = 0;                   // councils wanted on either side of a rank
  std::vector<int64_t> council_means;  // micros, ascending
};

// An answer without its receipt. It follows from immutable blocks alone, so it
// never changes.
struct AnswerBody {
  v1::PriceBenchmark benchmark;
  std::vector<AnswerCell> cells;  // one for each of the benchmark's
  model::Policy policy;           // the blocks were published under

  size_t weight() const;  // bytes, about
};

// What was worked out once for a popular product is not worked out again until
// its blocks change.
using AnswerCache = ByteCache<AnswerBody>;

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_ANSWER_CACHE_H_
