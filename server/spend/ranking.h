#ifndef STEELYARD_SERVER_SPEND_RANKING_H_
#define STEELYARD_SERVER_SPEND_RANKING_H_

// Who spends with whom, and most. Pure functions, thread-safe.

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "absl/numeric/int128.h"
#include "server/spend/snapshot.h"
#include "storage/model/registers.h"

namespace steelyard::spend {

// What a council said in its own reports that it spent with one provider in
// one quarter.
struct SubmittedSpend {
  model::ProviderNo provider;
  model::Month quarter;  // its first month
  int64_t micros = 0;
  friend bool operator==(const SubmittedSpend&, const SubmittedSpend&) = default;
};

// Last day of a quarter: ownership of a quarter is that of this day.
model::Day LastDayOf(model::Month quarter);

// Remembers who owned whom. Not thread-safe; `registers` must outlive it.
class Ownership {
 public:
  explicit Ownership(const model::Registers& registers) : registers_(registers) {}

  // Whether `provider` was `asked`, or in the end or on the way owned by it,
  // at the end of the quarter.
  bool Within(model::ProviderNo provider, model::ProviderNo asked, model::Month quarter);
  // The owner in the end; the provider itself if nobody owned it.
  model::ProviderNo Last(model::ProviderNo provider, model::Month quarter);

 private:
  const std::vector<model::ProviderNo>& Chain(model::ProviderNo provider, model::Month quarter);

  const model::Registers& registers_;
  std::map<std::pair<model::ProviderNo, model::Month>, std::vector<model::ProviderNo>> chains_;
};

// One council's place.
struct Spender {
  int32_t rank = 0;  // 1 for the most; equal spend has equal rank
  model::CouncilNo council;
  absl::int128 published = 0;
  double share_of_known = 0;  // of `total`, 0 to 1
  std::optional<absl::int128> submitted;
};

struct TopSpending {
  std::vector<Spender> spenders;  // all, most first, then by council
  absl::int128 total = 0;         // published, of all councils
  int64_t known_councils = 0;     // with published payments
};

// What members of a circle submitted, by council.
using CircleSpend = std::map<model::CouncilNo, std::vector<SubmittedSpend>>;

// The councils that spent most with `provider` and all that it owned at the
// time, in the quarters of `period` (whole quarters). Members of `circle` have
// what they submitted beside it, and stand in the list even if none of their
// payments is known.
TopSpending RankSpenders(const SpendTable& spend, const model::Registers& registers,
                         model::ProviderNo provider, const model::Period& period,
                         const CircleSpend& circle);

}  // namespace steelyard::spend

#endif  // STEELYARD_SERVER_SPEND_RANKING_H_
