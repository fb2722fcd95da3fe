#ifndef STEELYARD_STORAGE_BASE_LOG_H_
#define STEELYARD_STORAGE_BASE_LOG_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace steelyard {

enum class LogLevel { kInfo, kWarning, kError };

using LogField = std::pair<std::string_view, std::string>;

// Writes one line of JSON to standard error: time, level, event and the
// fields. Never pass a secret, a price or a caller's free text. Thread-safe.
//
//   Log(LogLevel::kInfo, "store_opened", {{"lines", std::to_string(n)}});
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

}  // namespace steelyard

#endif  // STEELYARD_STORAGE_BASE_LOG_H_
