#ifndef STEELYARD_SERVER_APP_OFFLINE_H_
#define STEELYARD_SERVER_APP_OFFLINE_H_

// What is done with a store while no server has it open.

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/app/store.h"

namespace steelyard::app {

// What to hold the audit against.
struct AuditWitness {
  std::string checkpoint_file;  // empty: none
  // Hex of the key it must be signed by; empty: that of the store itself.
  std::string public_key;
};

// Works the chain of the audit out again. Returns a report in words; DATA_LOSS
// that names the first bad entry; INVALID_ARGUMENT for a checkpoint that is
// none or not signed by the key.
absl::StatusOr<std::string> VerifyAudit(const StoreOptions& options, const AuditWitness& witness);

// A signed checkpoint of the audit, as the text of its file.
absl::StatusOr<std::string> SignAudit(const StoreOptions& options);

// The key that checkpoints are signed with, in hex.
absl::StatusOr<std::string> AuditPublicKey(const StoreOptions& options);

// Makes another steward's token, for when the last secret is lost; its secret
// goes to `token_file`, which must be new. The audit says so.
absl::Status RecoverToken(const StoreOptions& options, const std::string& token_file);

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_OFFLINE_H_
