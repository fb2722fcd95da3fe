#ifndef STEELYARD_SERVER_BENCHMARKS_SHOWN_H_
#define STEELYARD_SERVER_BENCHMARKS_SHOWN_H_

// How figures leave: rounded as the policy says, and counted with related
// bodies as one.

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/numeric/int128.h"
#include "steelyard/v1/common.pb.h"
#include "storage/model/policy.h"
#include "storage/model/registers.h"

namespace steelyard::benchmarks {

// To three places.
inline double ThreePlaces(double value) { return std::round(value * 1000.0) / 1000.0; }

// Counts and sums, rounded by `total_rounding_basis_points`.
int64_t ShownTotal(absl::int128 value, const model::Policy& policy);
// Prices and fees, rounded by `price_rounding_basis_points`.
int64_t ShownPrice(int64_t value, const model::Policy& policy);

// A share with its Wilson interval at 95 %, to three places. Sets nothing if
// `of` is 0.
void ToProto(int64_t count, int64_t of, const model::Policy& policy, v1::Proportion* out);

// Finds out which councils count as one. Not thread-safe; `registers` must
// outlive it.
class RelatedBodies {
 public:
  explicit RelatedBodies(const model::Registers& registers) : registers_(registers) {}

  // Whether no body of the same contributor was added before. Add each once.
  bool AddIsNew(model::CouncilNo council) {
    return contributors_.insert(registers_.ContributorOf(council)).second;
  }

 private:
  const model::Registers& registers_;
  absl::flat_hash_set<model::CouncilNo> contributors_;
};

// How many of `sums` (each with a `council` of its own) are related to an
// earlier one: by so many are there fewer contributors than councils.
template <typename Sums>
int64_t CountRelated(const Sums& sums, const model::Registers& registers) {
  RelatedBodies bodies(registers);
  int64_t related = 0;
  for (const auto& sum : sums) related += bodies.AddIsNew(sum.council) ? 0 : 1;
  return related;
}

// Fills a receipt whose hash is over `bytes`, the question and the answer.
void FillReceipt(std::string_view bytes, uint64_t edition, std::string_view method_version,
                 int64_t policy_version, v1::Receipt* receipt);

// Gives `reply` its receipt. The hash is over the question, as of the edition
// that answered it, and `bytes`, the reply complete but for the receipt.
template <typename Request, typename Reply>
void AddReceipt(Request request, const std::string& bytes, uint64_t edition,
                std::string_view method_version, int64_t policy_version, Reply* reply) {
  request.set_edition(static_cast<int64_t>(edition));
  FillReceipt(request.SerializeAsString() + bytes, edition, method_version, policy_version,
              reply->mutable_receipt());
}
// The same of a reply that is not encoded yet.
template <typename Request, typename Reply>
void AddReceipt(Request request, uint64_t edition, std::string_view method_version,
                int64_t policy_version, Reply* reply) {
  AddReceipt(std::move(request), reply->SerializeAsString(), edition, method_version,
             policy_version, reply);
}

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_SHOWN_H_
