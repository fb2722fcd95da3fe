#ifndef STEELYARD_SERVER_AUDIT_CHECKPOINT_H_
#define STEELYARD_SERVER_AUDIT_CHECKPOINT_H_

// A statement of where the audit's chain stood, signed with the key of the
// service, for somebody else to keep.

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/codec/keys.h"

namespace steelyard::audit {

struct Checkpoint {
  codec::AuditPlace place;   // of the newest entry
  std::string chain_sha256;  // 32 bytes
  int64_t unix_seconds = 0;  // when it was signed
  std::string public_key;    // 32 bytes, Ed25519
  std::string signature;     // 64 bytes, of Text()
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// What is signed: five lines of text that end in a line feed, frozen.
//
//   steelyard-audit-checkpoint-1
//   sequence 42
//   index 0
//   chain 6f1e... (64 hex digits)
//   time 2026-01-31T09:00:00Z
std::string TextOf(const Checkpoint& checkpoint);

// The text with the lines `key HEX` and `signature HEX` after it, and back.
// INVALID_ARGUMENT for anything else; does not look at the signature.
std::string FileOf(const Checkpoint& checkpoint);
absl::StatusOr<Checkpoint> ReadCheckpoint(std::string_view file);

// Whether the signature is that of `public_key` over the text.
bool IsSignedBy(const Checkpoint& checkpoint, std::string_view public_key);

// The key that checkpoints are signed with. Immutable, thread-safe.
class SigningKey {
 public:
  static constexpr size_t kSeedBytes = 32;

  // From 32 secret bytes.
  explicit SigningKey(std::string_view seed);

  // Sets key and signature.
  void Sign(Checkpoint& checkpoint) const;
  const std::string& public_key() const { return public_key_; }

 private:
  std::string secret_key_;
  std::string public_key_;
};

// 32 random bytes for a SigningKey.
std::string MakeSeed();

}  // namespace steelyard::audit

#endif  // STEELYARD_SERVER_AUDIT_CHECKPOINT_H_
