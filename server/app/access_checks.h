#ifndef STEELYARD_SERVER_APP_ACCESS_CHECKS_H_
#define STEELYARD_SERVER_APP_ACCESS_CHECKS_H_

// What AccessService asks of its requests. Pure functions, thread-safe.

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "steelyard/v1/access_service.pb.h"
#include "storage/model/ids.h"
#include "storage/model/principal.h"
#include "storage/model/registers.h"

namespace steelyard::app {

inline constexpr int32_t kMaxLifetimeDays = 400;
// How long a token is good if nobody says: the more it may do or see, the
// shorter.
constexpr int32_t DefaultLifetimeDays(model::Role role) {
  return role == model::Role::kSubmitter || role == model::Role::kReader ? 90 : 30;
}
inline constexpr int32_t kMaxGraceMinutes = 7 * 24 * 60;
inline constexpr int32_t kDefaultGraceMinutes = 24 * 60;

// What a CreateTokenRequest asks for.
struct TokenDraft {
  model::Role role = model::Role::kReader;
  model::CouncilNo council;  // 0 unless submitter or reader
  int32_t lifetime_days = 0;
  std::string certificate_uri;  // empty for a bearer token
};

// What a RotateTokenRequest asks for.
struct Rotation {
  std::string token;  // its id
  int32_t grace_minutes = kDefaultGraceMinutes;
  int32_t lifetime_days = 0;  // 0: the default of its role
};

// INVALID_ARGUMENT with everything that is wrong; NOT_FOUND if all is right but
// the council is not registered.
absl::StatusOr<TokenDraft> CheckToken(const v1::CreateTokenRequest& request,
                                      const model::Registers& registers);

// INVALID_ARGUMENT with everything that is wrong.
absl::StatusOr<Rotation> CheckRotation(const v1::RotateTokenRequest& request);

// INVALID_ARGUMENT with everything that is outside the contract's limits.
absl::Status CheckPolicy(const v1::Policy& policy, int64_t now_unix_micros);

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_ACCESS_CHECKS_H_
