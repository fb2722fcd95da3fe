#ifndef STEELYARD_TESTS_BENCH_REPORT_H_
#define STEELYARD_TESTS_BENCH_REPORT_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace steelyard::bench {

// The figures of one run and how they stand to the bars that the project sets
// itself.
class Report {
 public:
  // `key` is one of the figures of the JSON object, or of those that only the
  // table shows; docs/bench.md says what each means.
  void Set(std::string_view key, double value);
  std::optional<double> Get(std::string_view key) const;

  // Every figure in a line, and below them the bars, each with `pass`, `MISS`
  // or `not measured`.
  std::string Table() const;
  // One object in one line; null for what was not measured.
  std::string Json() const;
  // Whether no bar is missed.
  bool AllMet() const;

 private:
  absl::flat_hash_map<std::string, double> values_;
};

}  // namespace steelyard::bench

#endif  // STEELYARD_TESTS_BENCH_REPORT_H_
