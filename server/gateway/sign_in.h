#ifndef STEELYARD_SERVER_GATEWAY_SIGN_IN_H_
#define STEELYARD_SERVER_GATEWAY_SIGN_IN_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"

namespace steelyard::gateway {

// Signing in somewhere else, as with an OpenID provider: the browser is sent
// there and comes back. Beside it people can always sign in with a token, which
// the gateway does itself. Thread-safe.
class SignIn {
 public:
  struct Begun {
    std::string url;  // where to send the browser
    // Comes back in Finish, through a cookie that lasts ten minutes. What must
    // not be seen by the browser's owner has no place in it.
    std::string state;
  };

  virtual ~SignIn() = default;

  // What the button says: "Sign in with your council account".
  virtual std::string label() const = 0;

  // Either may take its time, and calls `done` once from any thread. The
  // browser comes back to `/sign-in/openid/return`.
  virtual void Begin(std::function<void(absl::StatusOr<Begun>)> done) = 0;
  // `query` is what came back; `done` gets the secret of the person's token.
  // PERMISSION_DENIED, with words for the person, if there is none for them.
  virtual void Finish(std::string query, std::string state,
                      std::function<void(absl::StatusOr<std::string>)> done) = 0;
  // Somebody signed out who held `secret`, from Finish or a token of another
  // kind: what Finish made ends at once. Does not block.
  virtual void SignedOut(const std::string& secret) = 0;
};

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_SIGN_IN_H_
