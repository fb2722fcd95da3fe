#ifndef STEELYARD_SERVER_AUTH_SECRET_H_
#define STEELYARD_SERVER_AUTH_SECRET_H_

// Bearer secrets: `sty_`, the token's id, `_`, and 256 random bits in
// base64url (43 characters). Only their hash is kept: a plain BLAKE2b, since a
// random secret of 256 bits cannot be guessed. Pure but for the randomness;
// thread-safe.

#include <optional>
#include <string>
#include <string_view>

namespace steelyard::auth {

struct NewSecret {
  std::string token_id;  // `t` and 16 hex digits
  std::string secret;    // shown once, never stored
  std::string hash;      // of `secret`, for model::Token
};

// A new token's id and secret, from the system's random source.
NewSecret MakeSecret();
// A new secret for the token with this id.
NewSecret MakeSecret(std::string token_id);

// BLAKE2b-256 of the whole secret, 32 bytes.
std::string HashSecret(std::string_view secret);

// The token id in a well-formed secret; nothing otherwise.
std::optional<std::string_view> TokenIdIn(std::string_view secret);

// Whether two hashes are equal, in a time that does not tell where they differ.
bool SameHash(std::string_view a, std::string_view b);

}  // namespace steelyard::auth

#endif  // STEELYARD_SERVER_AUTH_SECRET_H_
