#ifndef STEELYARD_SERVER_PRIVACY_TEXT_RULES_H_
#define STEELYARD_SERVER_PRIVACY_TEXT_RULES_H_

// What people write for others to read: plain text without anybody's personal
// data. Pure functions, thread-safe.

#include <cstddef>
#include <string_view>
#include <vector>

#include "server/rpc/errors.h"

namespace steelyard::privacy {

enum class Lines { kOne, kMany };

// Adds what is wrong with `text`: not 1 to `most` characters, control or
// invisible characters (line breaks and tabs are fine with kMany), or what
// looks like somebody's personal data.
void CheckText(std::string_view field, std::string_view text, size_t most, Lines lines,
               std::vector<rpc::FieldViolation>& violations);

}  // namespace steelyard::privacy

#endif  // STEELYARD_SERVER_PRIVACY_TEXT_RULES_H_
