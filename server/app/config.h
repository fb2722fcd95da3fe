#ifndef STEELYARD_SERVER_APP_CONFIG_H_
#define STEELYARD_SERVER_APP_CONFIG_H_

#include <string>

#include "absl/status/status.h"
#include "server/app/server.h"

namespace steelyard::app {

// Reads a settings file, TOML, over what `options` holds; an empty path is
// none. Every key is known, or it is said: INVALID_ARGUMENT, in words for the
// operator.
absl::Status ReadConfig(const std::string& path, ServeOptions& options);

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_CONFIG_H_
