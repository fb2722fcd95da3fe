#ifndef STEELYARD_SERVER_AUTH_SESSION_TOKENS_H_
#define STEELYARD_SERVER_AUTH_SESSION_TOKENS_H_

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/base/clock.h"
#include "storage/model/principal.h"

namespace steelyard::auth {

// Tokens of people who signed in elsewhere: like those of the ledger, but in
// memory alone and short-lived. A restart ends them all. Thread-safe.
class SessionTokens {
 public:
  static constexpr absl::Duration kLifetime = absl::Hours(12);
  static constexpr size_t kMost = 20'000;
  static constexpr size_t kMostOfOnePerson = 16;  // the oldest makes room

  struct Opened {
    std::string token_id;
    std::string secret;
  };

  explicit SessionTokens(Clock& clock) : clock_(clock) {}

  // Makes a token for the person with this id at their provider.
  // RESOURCE_EXHAUSTED (OVERLOADED) if too many people are signed in.
  absl::StatusOr<Opened> Open(const std::string& person, model::Role role, model::CouncilNo council,
                              const std::string& display_name);

  // The token with this id, also if it has expired; nothing if there is none.
  std::optional<model::Token> Find(std::string_view id) const;

  // Ends it at once; false if there is none.
  bool End(std::string_view id);

  // Those that have not expired, in no order.
  std::vector<model::Token> List() const;

 private:
  struct Session {
    model::Token token;
    std::string person;
  };

  void Sweep(int64_t now);
  void MakeRoom(const std::string& person);

  Clock& clock_;
  mutable std::mutex mutex_;
  absl::flat_hash_map<std::string, Session> sessions_;
};

}  // namespace steelyard::auth

#endif  // STEELYARD_SERVER_AUTH_SESSION_TOKENS_H_
