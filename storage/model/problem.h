#ifndef STEELYARD_STORAGE_MODEL_PROBLEM_H_
#define STEELYARD_STORAGE_MODEL_PROBLEM_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace steelyard::model {

// One thing found wrong, or worth a second look, in something a caller sent.
// Fields are those of the wire's Problem.
struct Problem {
  // Numbers equal the wire's Problem.Severity.
  enum class Severity : uint8_t { kError = 1, kWarning = 2, kConfirm = 3 };

  int64_t row = 0;        // line of the caller's file, 1 for the first; 0: none
  std::string reference;  // the caller's own reference of the line, as found
  std::string field;      // as in the message or the header that was sent
  std::string found;      // shortened and printable
  std::string expected;   // in words
  Severity severity = Severity::kError;
  std::string code;     // UPPER_SNAKE_CASE, stable
  std::string message;  // one sentence: what is wrong and what to do

  friend bool operator==(const Problem&, const Problem&) = default;
};

// Whether any of `problems` stops what they are about.
inline bool HasError(const std::vector<Problem>& problems) {
  return std::any_of(problems.begin(), problems.end(),
                     [](const Problem& p) { return p.severity == Problem::Severity::kError; });
}

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_PROBLEM_H_
