#ifndef STEELYARD_SERVER_OIDC_FETCH_H_
#define STEELYARD_SERVER_OIDC_FETCH_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace steelyard::oidc {

// One request to the provider, over TLS unless it is on this very machine. No
// redirect is followed.
struct FetchRequest {
  std::string url = {};
  // Sent as a form by POST if there are any, else GET.
  std::vector<std::pair<std::string, std::string>> form = {};
  std::string user = {};  // HTTP Basic, if not empty
  std::string password = {};
  std::string ca_file = {};  // PEM; empty: the system's authorities
};

inline constexpr size_t kMaxReply = 1 << 20;
inline constexpr absl::Duration kFetchTime = absl::Seconds(10);

// The body of a reply with status 200. UNAVAILABLE for anything else, without
// what was sent or received; INVALID_ARGUMENT for a URL that is neither https
// nor of this machine.
absl::StatusOr<std::string> Fetch(const FetchRequest& request);

// `text` as it stands in a query.
std::string UrlEncoded(const std::string& text);

}  // namespace steelyard::oidc

#endif  // STEELYARD_SERVER_OIDC_FETCH_H_
