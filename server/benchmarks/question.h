#ifndef STEELYARD_SERVER_BENCHMARKS_QUESTION_H_
#define STEELYARD_SERVER_BENCHMARKS_QUESTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/directory/resolver.h"
#include "steelyard/v1/benchmark_service.pb.h"
#include "storage/model/registers.h"

namespace steelyard::benchmarks {

// A benchmark's question after its check.
struct Question {
  model::ProductNo product;
  model::Currency currency = model::Currency::Gbp();
  model::Period period;
  std::vector<model::Period> segments;  // the period cut up, in order
  std::vector<model::AreaNo> areas;     // leaves asked for, ascending
  bool everywhere = true;               // all leaves, whatever they are
  std::string authority_type;           // empty: all
  uint64_t edition = 0;                 // 0: the newest
};

// Longest period of a question.
inline constexpr int kMaxMonths = 120;

// INVALID_ARGUMENT with every problem; NOT_FOUND for an unknown product, area
// or kind of authority. Field names are prefixed with `prefix`.
absl::StatusOr<Question> ParseQuestion(const v1::GetPriceBenchmarkRequest& request,
                                       const directory::Resolver& resolver,
                                       std::string_view prefix = "");

// Leaves of the tree of areas at and under `area`, ascending. An area that
// has areas below it counts as a leaf too: councils may be registered in it.
std::vector<model::AreaNo> LeavesUnder(const model::Registers& registers, model::AreaNo area);

// The fewest areas that name all of `leaves` and nothing else, by id.
std::vector<std::string> NameAreas(const model::Registers& registers,
                                   const std::vector<model::AreaNo>& leaves);

// The same; the top areas for no leaves, which stands for all of them.
std::vector<std::string> NameCovered(const model::Registers& registers,
                                     const std::vector<model::AreaNo>& leaves);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_QUESTION_H_
