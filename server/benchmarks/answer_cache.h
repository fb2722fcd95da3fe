#ifndef STEELYARD_SERVER_BENCHMARKS_ANSWER_CACHE_H_
#define STEELYARD_SERVER_BENCHMARKS_ANSWER_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
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

// Keeps answers within a byte budget, the least recently used leaving first:
// what was worked out once for a popular product is not worked out again until
// its blocks change. Thread-safe.
class AnswerCache {
 public:
  explicit AnswerCache(size_t budget_bytes) : budget_(budget_bytes) {}

  // Null if it is not there.
  std::shared_ptr<const AnswerBody> Get(const std::string& key);
  void Put(const std::string& key, std::shared_ptr<const AnswerBody> body);

 private:
  using Entry = std::pair<std::string, std::shared_ptr<const AnswerBody>>;

  const size_t budget_;
  std::mutex mutex_;
  std::list<Entry> order_;  // most recent first
  absl::flat_hash_map<std::string, std::list<Entry>::iterator> entries_;
  size_t bytes_ = 0;
};

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_ANSWER_CACHE_H_
