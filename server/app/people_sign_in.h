#ifndef STEELYARD_SERVER_APP_PEOPLE_SIGN_IN_H_
#define STEELYARD_SERVER_APP_PEOPLE_SIGN_IN_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/app/pending_sign_ins.h"
#include "server/audit/read_journal.h"
#include "server/auth/session_tokens.h"
#include "server/gateway/sign_in.h"
#include "server/oidc/openid_client.h"
#include "server/rpc/executor.h"
#include "storage/base/clock.h"
#include "storage/model/registers.h"

namespace steelyard::app {

// Signs people in with their council's OpenID provider. A sign-in that was begun
// can be finished once, within ten minutes. Thread-safe; owns nothing that it is
// given by reference.
class PeopleSignIn final : public gateway::SignIn {
 public:
  using RegistersSource = std::function<std::shared_ptr<const model::Registers>()>;

  PeopleSignIn(std::unique_ptr<oidc::OpenIdClient> client, auth::SessionTokens& sessions,
               audit::ReadJournal& journal, RegistersSource registers, Clock& clock);

  std::string label() const override { return client_->settings().label; }

  // Each asks the provider on a thread of its own and calls `done` once.
  // UNAVAILABLE if it cannot be reached, or too many sign in at once.
  void Begin(std::function<void(absl::StatusOr<Begun>)> done) override;
  // `query` is what the browser came back with, `state` what its cookie holds;
  // `done` gets the secret of the person's session token. PERMISSION_DENIED,
  // with words for the person, if they may do nothing here; UNAUTHENTICATED,
  // whose reason is in the log, for all that is not to be believed.
  void Finish(std::string query, std::string state,
              std::function<void(absl::StatusOr<std::string>)> done) override;
  // Ends the session token at once; the audit's entry follows.
  void SignedOut(const std::string& secret) override;

 private:
  absl::StatusOr<Begun> DoBegin();
  absl::StatusOr<std::string> DoFinish(const std::string& query, const std::string& state);
  absl::StatusOr<std::string> LetIn(const oidc::Person& person);

  const std::unique_ptr<oidc::OpenIdClient> client_;
  auth::SessionTokens& sessions_;
  audit::ReadJournal& journal_;
  const RegistersSource registers_;
  Clock& clock_;

  PendingSignIns pending_;

  rpc::Executor executor_;  // last: its threads use all the rest
};

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_PEOPLE_SIGN_IN_H_
