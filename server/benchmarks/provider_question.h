#ifndef STEELYARD_SERVER_BENCHMARKS_PROVIDER_QUESTION_H_
#define STEELYARD_SERVER_BENCHMARKS_PROVIDER_QUESTION_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "server/directory/resolver.h"
#include "steelyard/v1/provider_benchmark.pb.h"
#include "storage/model/codes.h"
#include "storage/model/registers.h"

namespace steelyard::benchmarks {

// Longest period of a question about providers.
inline constexpr int kMaxQuarters = 40;

// Questions after their check. Periods are whole quarters; a provider is asked
// for with whatever it owns, and 0 stands for all.
struct ProviderQuestion {
  model::ProviderNo provider;
  model::Service service = model::Service::kChildrensHomes;
  model::Period quarters;
  std::vector<model::AreaNo> areas;  // leaves asked for, ascending
  bool everywhere = true;            // all leaves, whatever they are
  uint64_t edition = 0;              // 0: the newest
};

struct PositionsQuestion {
  model::Service service = model::Service::kChildrensHomes;
  model::Measure measure = model::Measure::kSafeguarding;
  model::Period quarters;
  uint64_t edition = 0;
};

struct UpliftQuestion {
  model::ProviderNo provider;  // not 0
  model::Service service = model::Service::kChildrensHomes;
  int32_t claimed = 0;    // basis points, 1 to 10,000
  model::Period base;     // one quarter
  model::Period current;  // one later quarter
  uint64_t edition = 0;
};

struct ProvisionQuestion {
  model::ProviderNo provider;             // 0: all
  std::optional<model::Service> service;  // nothing: all
  model::Day day;
};

// INVALID_ARGUMENT with every problem; NOT_FOUND for an unknown provider,
// service, measure or area.
absl::StatusOr<ProviderQuestion> ParseQuestion(const v1::GetProviderBenchmarkRequest& request,
                                               const directory::Resolver& resolver);
absl::StatusOr<PositionsQuestion> ParseQuestion(const v1::ListProviderPositionsRequest& request);
absl::StatusOr<UpliftQuestion> ParseQuestion(const v1::CheckUpliftRequest& request,
                                             const directory::Resolver& resolver);
absl::StatusOr<ProvisionQuestion> ParseQuestion(const v1::GetProvisionRequest& request,
                                                const directory::Resolver& resolver);

// The quarter whose first month is `first`.
inline model::Period QuarterOf(model::Month first) { return {first, first.Plus(2)}; }

// Sets the first and the last quarter of a period of whole quarters.
void QuartersToProto(const model::Period& quarters, v1::Quarter* from, v1::Quarter* to);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_PROVIDER_QUESTION_H_
