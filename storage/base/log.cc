#include "storage/base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

#include "storage/base/text.h"

namespace steelyard {
namespace {

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : Printable(text, 2000)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

spdlog::logger& Logger() {
  static auto* logger = [] {
    auto* made = new std::shared_ptr<spdlog::logger>(std::make_shared<spdlog::logger>(
        "steelyard", std::make_shared<spdlog::sinks::stderr_sink_mt>()));
    (*made)->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ",%v})", spdlog::pattern_time_type::utc);
    (*made)->flush_on(spdlog::level::info);
    return made;
  }();
  return **logger;
}

}  // namespace

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  static constexpr std::string_view kNames[] = {"info", "warning", "error"};
  std::string line = "\"level\":" + Quoted(kNames[static_cast<int>(level)]);
  line += ",\"event\":" + Quoted(event);
  for (const auto& [key, value] : fields) line += "," + Quoted(key) + ":" + Quoted(value);
  Logger().info(line);
}

}  // namespace steelyard
