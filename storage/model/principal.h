#ifndef STEELYARD_STORAGE_MODEL_PRINCIPAL_H_
#define STEELYARD_STORAGE_MODEL_PRINCIPAL_H_

#include <cstdint>
#include <optional>
#include <string>

#include "storage/model/ids.h"

namespace steelyard::model {

// What a principal may do; numbers equal the wire's Role and are frozen on
// disk.
enum class Role : uint8_t {
  kSubmitter = 1,
  kReader = 2,
  kAnalyst = 3,
  kSteward = 4,
  kAuditor = 5,
};

// A credential as it is stored: everything but the secret. Either a bearer
// token or, if `certificate_uri` is set, a machine that shows a certificate.
struct Token {
  std::string id;           // resource id, `t` and 16 hex digits
  std::string secret_hash;  // 32 bytes, BLAKE2b of the secret; empty for a machine
  Role role = Role::kReader;
  CouncilNo council;  // 0 unless submitter or reader
  std::string display_name;
  int64_t create_unix_micros = 0;
  int64_t expire_unix_micros = 0;
  int64_t revoke_unix_micros = 0;  // 0: not revoked
  // The secret before the last rotation, and until when it is still good.
  std::string prior_secret_hash = {};
  int64_t prior_expire_unix_micros = 0;
  // SAN of the certificate that stands for this principal, else empty.
  std::string certificate_uri = {};
  friend bool operator==(const Token&, const Token&) = default;
};

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_PRINCIPAL_H_
