#include "server/app/grpc_log.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "grpc/support/log.h"
#include "storage/base/log.h"
#include "storage/base/text.h"

namespace steelyard::app {
namespace {

void WriteLine(gpr_log_func_args* said) {
  const LogLevel level =
      said->severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kError : LogLevel::kInfo;
  const std::string_view file(said->file);
  Log(level, "grpc",
      {{"at", absl::StrCat(Av(file.substr(file.rfind('/') + 1)), ":", said->line)},
       {"text", WithoutSecrets(said->message)}});
}

}  // namespace

void WriteGrpcLogAsOurs() { gpr_set_log_function(WriteLine); }

std::string WithoutSecrets(std::string_view text) {
  const std::string lower = absl::AsciiStrToLower(Av(text));
  const size_t at = std::min({lower.find("bearer "), lower.find("sty_"), text.size()});
  return absl::StrCat(Av(text.substr(0, at)), at < text.size() ? "[left out]" : "");
}

}  // namespace steelyard::app
