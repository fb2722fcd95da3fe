#ifndef STEELYARD_SERVER_PRIVACY_PERSONAL_DATA_H_
#define STEELYARD_SERVER_PRIVACY_PERSONAL_DATA_H_

#include <optional>
#include <string_view>

namespace steelyard::privacy {

// Which dates are taken for somebody's birthday.
enum class Dates {
  kAny,      // every date with a day: for texts that need none
  kOfBirth,  // those said to be of birth (`DOB 12/3/2011`, `born 2011`)
};

// What kind of personal data `text` looks like it holds, in words that go on
// after "it looks like": an e-mail address, a phone number, an NHS number (its
// check digit right), a unique pupil number, a National Insurance number, a
// postcode, a date of birth, a case number, or the name or initials of one
// person (`child A`, `Mr Smith`). Nothing if none is found.
//
// Patterns, not understanding: a name on its own is not seen, and now and then
// something harmless is. `text` is UTF-8. Pure, thread-safe.
std::optional<std::string_view> FindPersonalData(std::string_view text, Dates dates = Dates::kAny);

}  // namespace steelyard::privacy

#endif  // STEELYARD_SERVER_PRIVACY_PERSONAL_DATA_H_
