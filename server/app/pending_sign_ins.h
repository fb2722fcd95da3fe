#ifndef STEELYARD_SERVER_APP_PENDING_SIGN_INS_H_
#define STEELYARD_SERVER_APP_PENDING_SIGN_INS_H_

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "storage/base/clock.h"

namespace steelyard::app {

// What sign-ins that were begun need to be finished, by their state: for ten
// minutes, and `most` of them, where the oldest make room. Thread-safe.
class PendingSignIns {
 public:
  struct Pending {
    std::string nonce;
    std::string verifier;
  };

  explicit PendingSignIns(Clock& clock, size_t most = 50'000) : clock_(clock), most_(most) {}

  void Keep(const std::string& state, Pending pending);
  // What was kept, which then is no longer.
  std::optional<Pending> Take(const std::string& state);

 private:
  static constexpr absl::Duration kLife = absl::Minutes(10);

  // Forgets those whose time is over.
  void DropOld();
  void DropOldest();

  Clock& clock_;
  const size_t most_;
  std::mutex mutex_;
  absl::flat_hash_map<std::string, Pending> pending_;
  // When each ends, the oldest first; those that were taken, too.
  std::deque<std::pair<absl::Time, std::string>> ends_;
};

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_PENDING_SIGN_INS_H_
