#ifndef STEELYARD_SERVER_NEGOTIATIONS_PACK_COMPOSER_H_
#define STEELYARD_SERVER_NEGOTIATIONS_PACK_COMPOSER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "server/rpc/authorizer.h"
#include "steelyard/v1/negotiation_service.pb.h"
#include "storage/model/negotiation.h"
#include "storage/model/registers.h"

namespace steelyard::negotiations {

// Where a pack's figures come from: the very functions behind the RPCs of the
// same names, so that a figure is worked out in one place only. A source that
// is not set leaves its part of the pack out. Thread-safe.
struct PackSources {
  std::function<absl::StatusOr<v1::ProviderBenchmark>(const v1::GetProviderBenchmarkRequest&)>
      benchmark;
  std::function<absl::StatusOr<v1::Provision>(const v1::GetProvisionRequest&)> provision;
  // A member that names the negotiation sees what the members submitted.
  std::function<absl::StatusOr<v1::ListTopSpendingCouncilsResponse>(
      const rpc::Caller&, const v1::ListTopSpendingCouncilsRequest&)>
      top_spenders;
};

// What a pack is made for.
struct PackOrder {
  int32_t number = 0;  // 0 for a draft
  int64_t unix_micros = 0;
  // A member, which sees what each of the others submitted; not set for what
  // leaves the circle, such as a file or a released pack.
  std::optional<rpc::Caller> member;
  // The pack that was released before, to compare with.
  const v1::Pack* before = nullptr;
  // The draft that the provider got, to compare with once it has it.
  const v1::Pack* sent = nullptr;
};

struct ComposedPack {
  v1::Pack pack;
  // Members whose submitted spend is in the sum; none if the pack has no sum.
  std::vector<model::CouncilNo> submitted_by;
};

// Version of how packs are put together.
inline constexpr char kPackMethod[] = "pack-1";

// Makes packs. Errors are those of the sources. Thread-safe if they are.
class PackComposer {
 public:
  explicit PackComposer(PackSources sources) : sources_(std::move(sources)) {}

  // All figures of one edition: the one that the provider saw, once it has the
  // draft, else the newest.
  absl::StatusOr<ComposedPack> Compose(const model::Negotiation& n,
                                       const model::Registers& registers,
                                       const PackOrder& order) const;

 private:
  absl::Status AddServices(const model::Negotiation& n, v1::Pack& pack) const;
  absl::Status AddSpend(const model::Negotiation& n, const model::Registers& registers,
                        const PackOrder& order, ComposedPack& out) const;
  absl::Status AddProvision(const model::Negotiation& n, v1::Pack& pack) const;

  const PackSources sources_;
};

// Whether the sum of what `contributors` submitted may stand in a pack: a
// quorum of them, and no way to get at fewer than kMinQuorum of them by
// subtracting the sum of an earlier pack or of a draft that was sent.
bool MaySumSubmitted(const model::Negotiation& n,
                     const std::vector<model::CouncilNo>& contributors);

// SHA-256 (32 bytes) over all of the pack but this hash itself.
std::string ContentHash(const v1::Pack& pack);

}  // namespace steelyard::negotiations

#endif  // STEELYARD_SERVER_NEGOTIATIONS_PACK_COMPOSER_H_
