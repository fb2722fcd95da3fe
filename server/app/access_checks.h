#ifndef STEELYARD_SERVER_APP_ACCESS_CHECKS_H_
#define STEELYARD_SERVER_APP_ACCESS_CHECKS_H_

// What AccessService asks of its requests. Pure functions, thread-safe.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "steelyard/v1/access_service.pb.h"
#include "storage/model/ids.h"
#include "storage/model/principal.h"
#include "storage/model/registers.h"

namespace steelyard::app {

inline constexpr int32_t kDefaultLifetimeDays = 90;
inline constexpr int32_t kMaxLifetimeDays = 400;

// What a CreateTokenRequest asks for.
struct TokenDraft {
  model::Role role = model::Role::kReader;
  model::CouncilNo council;  // 0 unless submitter or reader
  int32_t lifetime_days = kDefaultLifetimeDays;
};

// INVALID_ARGUMENT with everything that is wrong; NOT_FOUND if all is right but
// the council is not registered.
absl::StatusOr<TokenDraft> CheckToken(const v1::CreateTokenRequest& request,
                                      const model::Registers& registers);

// INVALID_ARGUMENT with everything that is outside the contract's limits.
absl::Status CheckPolicy(const v1::Policy& policy);

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_ACCESS_CHECKS_H_
