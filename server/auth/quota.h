#ifndef STEELYARD_SERVER_AUTH_QUOTA_H_
#define STEELYARD_SERVER_AUTH_QUOTA_H_

// How much one caller may ask, so that one who asks too much is refused and the
// others do not notice.

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/rpc/authorizer.h"
#include "storage/base/clock.h"
#include "storage/model/principal.h"

namespace steelyard::auth {

// What one token may call; a chunk of an upload counts as one call.
struct Quota {
  double per_second = 0;  // in the long run; 0 for no limit
  double burst = 0;       // at once; at least 1 if there is a limit
  double per_day = 0;     // in 24 hours; 0 for no limit
};

struct Quotas {
  // By the number of the role.
  std::array<Quota, 6> of_role;
  // All tokens of a council together may call so many times what one may.
  double council_factor = 2;

  Quota& Of(model::Role role) { return of_role[static_cast<size_t>(role)]; }
  const Quota& Of(model::Role role) const { return of_role[static_cast<size_t>(role)]; }
};

// What steelyardd begins with: enough for people and for machines that send
// lines in batches.
Quotas DefaultQuotas();

// Counts calls in buckets that fill steadily: two a token and two a council.
// Keeps one entry a token that called. Thread-safe.
class QuotaKeeper {
 public:
  QuotaKeeper(Clock& clock, const Quotas& quotas) : clock_(clock), quotas_(quotas) {}

  // Counts one call. RESOURCE_EXHAUSTED (QUOTA_EXCEEDED), and it counts for
  // nothing, if the caller or its council is at its limit.
  absl::Status Take(const rpc::Caller& caller);

  // Counts one more message of a stream, and says how long the caller must wait
  // before it sends the next: until its quota, or its council's, has room again.
  // RESOURCE_EXHAUSTED (QUOTA_EXCEEDED) if that is longer than kMaxPause.
  absl::StatusOr<absl::Duration> Pace(const rpc::Caller& caller);
  static constexpr absl::Duration kMaxPause = absl::Seconds(10);

 private:
  struct Bucket {
    double left = 0;
    absl::Time at = absl::InfinitePast();
  };
  struct Account {
    Bucket moment;
    Bucket day;
  };

  // Fills `account` up to `now` and says how long until one more call may be
  // made: zero if it may be now.
  static absl::Duration Fill(Account& account, const Quota& quota, absl::Time now);
  static void Pay(Account& account);

  static constexpr size_t kShards = 16;
  struct Shard {
    std::mutex mutex;
    absl::flat_hash_map<std::string, Account> accounts;
  };
  // How long until the call may be made; it is paid for if that is at most
  // `most`.
  absl::Duration Charge(std::string_view key, const Quota& quota, absl::Time now,
                        absl::Duration most);
  // What is charged for a call of `caller`, its council last; the longest wait.
  absl::StatusOr<absl::Duration> ChargeAll(const rpc::Caller& caller, absl::Duration most);

  Clock& clock_;
  const Quotas quotas_;
  std::array<Shard, kShards> shards_;
};

}  // namespace steelyard::auth

#endif  // STEELYARD_SERVER_AUTH_QUOTA_H_
