#include "client/demo/cells.h"

#include <cstdlib>

#include "absl/strings/str_format.h"

namespace steelyard::demo {

std::string Quoted(const std::string& text) {
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string DateText(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

std::string Pounds(int64_t pence) {
  return absl::StrFormat("%s%d.%02d", pence < 0 ? "-" : "", std::abs(pence) / 100,
                         std::abs(pence) % 100);
}

}  // namespace steelyard::demo
