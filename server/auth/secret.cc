#include "server/auth/secret.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "sodium.h"
#include "storage/base/text.h"

namespace steelyard::auth {
namespace {

constexpr std::string_view kPrefix = "sty_";
constexpr size_t kIdBytes = 8;
constexpr size_t kIdChars = 1 + 2 * kIdBytes;
constexpr size_t kSecretBytes = 32;
constexpr size_t kSecretChars = 43;  // base64url of 32 bytes without padding
constexpr size_t kHashBytes = 32;

std::string RandomBytes(size_t size) {
  std::string bytes(size, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

NewSecret MakeSecret() { return MakeSecret(absl::StrCat("t", HexOf(RandomBytes(kIdBytes)))); }

NewSecret MakeSecret(std::string token_id) {
  NewSecret made;
  made.token_id = std::move(token_id);
  made.secret = absl::StrCat(Av(kPrefix), made.token_id, "_",
                             absl::WebSafeBase64Escape(RandomBytes(kSecretBytes)));
  made.hash = HashSecret(made.secret);
  return made;
}

std::string HashSecret(std::string_view secret) {
  std::string hash(kHashBytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), nullptr,
                     0);
  return hash;
}

std::optional<std::string_view> TokenIdIn(std::string_view secret) {
  if (secret.size() != kPrefix.size() + kIdChars + 1 + kSecretChars) return std::nullopt;
  if (!secret.starts_with(kPrefix)) return std::nullopt;
  const std::string_view id = secret.substr(kPrefix.size(), kIdChars);
  if (id[0] != 't' || secret[kPrefix.size() + kIdChars] != '_') return std::nullopt;
  for (const char c : id.substr(1)) {
    if (!IsHex(c)) return std::nullopt;
  }
  return id;
}

bool SameHash(std::string_view a, std::string_view b) {
  return a.size() == kHashBytes && b.size() == kHashBytes &&
         sodium_memcmp(a.data(), b.data(), kHashBytes) == 0;
}

}  // namespace steelyard::auth
