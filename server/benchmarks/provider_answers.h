#ifndef STEELYARD_SERVER_BENCHMARKS_PROVIDER_ANSWERS_H_
#define STEELYARD_SERVER_BENCHMARKS_PROVIDER_ANSWERS_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "google/protobuf/arena.h"
#include "server/benchmarks/answerer.h"
#include "server/benchmarks/byte_cache.h"
#include "server/benchmarks/provider_field.h"
#include "server/benchmarks/provider_question.h"
#include "server/benchmarks/provider_tiling.h"
#include "server/directory/resolver.h"
#include "steelyard/v1/provider_benchmark.pb.h"
#include "storage/editions/outcome_store.h"

namespace steelyard::benchmarks {

inline constexpr char kProviderMethodVersion[] = "provider-1";

// What an edition shows of a service over some years, ready for questions.
struct ProviderGround {
  ProviderGround(editions::OutcomeStore::Blocks blocks, const model::Registers& registers)
      : index(std::move(blocks), registers) {}

  OutcomeIndex index;
  std::string key;             // names service, years, blocks
  int64_t policy_version = 0;  // the blocks were published under; 0: no blocks
};

// One page of provider positions.
struct PositionsPage {
  v1::ListProviderPositionsResponse reply;  // without a page token
  uint64_t edition = 0;                     // that answered
  std::string last;                         // id of the last provider; empty if none follows
};

// Answers questions about providers from outcome blocks and the registers: the
// one function behind every face of them. What is the same for many questions
// is worked out once for each set of blocks and kept. Thread-safe.
class ProviderAnswers {
 public:
  ProviderAnswers(editions::OutcomeStore& outcomes, PolicySource policies)
      : outcomes_(outcomes), policies_(std::move(policies)) {}

  // All: NOT_FOUND for an edition that is not there yet; errors as the store's
  // and ParseQuestion's.
  absl::StatusOr<std::shared_ptr<const v1::ProviderBenchmark>> Benchmark(
      const v1::GetProviderBenchmarkRequest& request, const directory::Resolver& resolver);
  // At most `size` providers after the one with id `after`, from `edition`, or
  // for 0 from the one that is asked for.
  absl::StatusOr<PositionsPage> Positions(const v1::ListProviderPositionsRequest& request,
                                          const directory::Resolver& resolver, uint64_t edition,
                                          int32_t size, const std::string& after);
  absl::StatusOr<v1::UpliftCheck> Uplift(const v1::CheckUpliftRequest& request,
                                         const directory::Resolver& resolver);

 private:
  struct Asked {
    uint64_t edition = 0;
    std::shared_ptr<const ProviderGround> ground;
    model::Policy policy;
  };
  struct KeptGround {
    uint64_t edition = 0;
    uint64_t registers = 0;
    std::shared_ptr<const ProviderGround> ground;
  };
  // A benchmark as it is sent, for whoever asks the same of the same edition.
  struct Sent {
    google::protobuf::Arena arena;
    v1::ProviderBenchmark* reply =
        google::protobuf::Arena::CreateMessage<v1::ProviderBenchmark>(&arena);
    size_t weight() const { return sizeof(*this) + arena.SpaceAllocated(); }
  };
  // A benchmark without its receipt, encoded: a fifth of the memory. Stays when
  // a new edition changes nothing in its blocks.
  struct Body {
    std::string bytes;
    size_t weight() const { return sizeof(*this) + bytes.capacity(); }
  };

  absl::StatusOr<Asked> GroundOf(model::Service service, const model::Period& quarters,
                                 uint64_t edition, const model::Registers& registers);
  std::shared_ptr<const ProviderField> FieldOf(const ProviderGround& ground,
                                               const model::Period& quarters);
  std::shared_ptr<const Body> Work(const ProviderQuestion& question, const Asked& asked,
                                   const model::Registers& registers);

  static constexpr size_t kFieldBytes = size_t{32} << 20;
  static constexpr size_t kAnswerBytes = size_t{32} << 20;
  static constexpr size_t kSentBytes = size_t{64} << 20;
  static constexpr size_t kMostGrounds = 64;

  editions::OutcomeStore& outcomes_;
  const PolicySource policies_;
  ByteCache<ProviderField> fields_{kFieldBytes};
  ByteCache<Body> answers_{kAnswerBytes};
  ByteCache<Sent> sent_{kSentBytes};
  std::mutex field_mutex_;  // held while a field is worked out
  std::mutex ground_mutex_;
  // By service and years, as of the newest edition; their blocks are the store's.
  absl::flat_hash_map<std::string, KeptGround> grounds_;
};

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_PROVIDER_ANSWERS_H_
