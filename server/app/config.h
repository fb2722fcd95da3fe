#ifndef STEELYARD_SERVER_APP_CONFIG_H_
#define STEELYARD_SERVER_APP_CONFIG_H_

#include <string>

#include "absl/status/status.h"
#include "server/app/server.h"

namespace steelyard::app {

// Reads a settings file, TOML, over what `options` holds; an empty path is
// none. INVALID_ARGUMENT, naming each key that is unknown or of the wrong type
// or range, with what was found and what is expected: a wrong setting never
// means the default.
absl::Status ReadConfig(const std::string& path, ServeOptions& options);

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_CONFIG_H_
