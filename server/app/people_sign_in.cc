#include "server/app/people_sign_in.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/auth/secret.h"
#include "server/rpc/names.h"
#include "storage/base/log.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::app {
namespace {

constexpr rpc::Executor::Options kExecutor{4, 64};
// Two calls to the provider.
constexpr absl::Duration kLongest = absl::Seconds(25);

std::optional<std::string> Decoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const std::string hex(text.substr(i + 1, 2));
    if (hex.size() != 2 || hex.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
      return std::nullopt;
    }
    out += absl::HexStringToBytes(hex);
    i += 2;
  }
  return out;
}

// The one value of `name` in a query; nothing if there is none or several.
std::optional<std::string> ValueOf(const std::string& query, const std::string& name) {
  std::optional<std::string> found;
  for (const auto& part : absl::StrSplit(query, '&')) {
    const std::pair<std::string, std::string> field = absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (field.first != name) continue;
    if (found) return std::nullopt;
    found = Decoded(field.second);
    if (!found) return std::nullopt;
  }
  return found;
}

absl::Status Refused(std::string_view why) {
  Log(LogLevel::kWarning, "sign_in_refused", {{"why", std::string(why)}});
  return absl::UnauthenticatedError("this sign-in is not to be believed");
}

}  // namespace

PeopleSignIn::PeopleSignIn(std::unique_ptr<oidc::OpenIdClient> client,
                           auth::SessionTokens& sessions, audit::ReadJournal& journal,
                           RegistersSource registers, Clock& clock)
    : client_(std::move(client)),
      sessions_(sessions),
      journal_(journal),
      registers_(std::move(registers)),
      clock_(clock),
      pending_(clock),
      executor_(clock, kExecutor) {}

void PeopleSignIn::Begin(std::function<void(absl::StatusOr<Begun>)> done) {
  const bool taken =
      executor_.Submit(clock_.Now() + kLongest, [this, done](rpc::Executor::Turn turn) {
        if (turn == rpc::Executor::Turn::kRun) return done(DoBegin());
        done(absl::UnavailableError("the service is stopping or busy"));
      });
  if (!taken) done(absl::UnavailableError("too many sign in at once"));
}

void PeopleSignIn::Finish(std::string query, std::string state,
                          std::function<void(absl::StatusOr<std::string>)> done) {
  const bool taken = executor_.Submit(
      clock_.Now() + kLongest,
      [this, done, query = std::move(query), state = std::move(state)](rpc::Executor::Turn turn) {
        if (turn == rpc::Executor::Turn::kRun) return done(DoFinish(query, state));
        done(absl::UnavailableError("the service is stopping or busy"));
      });
  if (!taken) done(absl::UnavailableError("too many sign in at once"));
}

void PeopleSignIn::SignedOut(const std::string& secret) {
  const auto id = auth::TokenIdIn(secret);
  const auto token = id ? sessions_.Find(*id) : std::nullopt;
  if (!token || !auth::SameHash(token->secret_hash, auth::HashSecret(secret))) return;
  if (!sessions_.End(token->id)) return;
  const bool taken =
      executor_.Submit(clock_.Now() + kLongest, [this, id = token->id](rpc::Executor::Turn) {
        const absl::Status recorded = journal_.Record(id, "SignOut", rpc::TokenName(id));
        if (!recorded.ok()) {
          Log(LogLevel::kWarning, "sign_out_not_recorded",
              {{"status", std::string(recorded.message())}});
        }
      });
  if (!taken) Log(LogLevel::kWarning, "sign_out_not_recorded", {{"status", "too busy"}});
}

absl::StatusOr<PeopleSignIn::Begun> PeopleSignIn::DoBegin() {
  PendingSignIns::Pending pending{oidc::RandomValue(), oidc::RandomValue()};
  Begun begun;
  begun.state = oidc::RandomValue();
  ASSIGN_OR_RETURN(begun.url, client_->BuildAuthorizeUrl(begun.state, pending.nonce,
                                                         oidc::ChallengeOf(pending.verifier)));
  pending_.Keep(begun.state, std::move(pending));
  return begun;
}

absl::StatusOr<std::string> PeopleSignIn::DoFinish(const std::string& query,
                                                   const std::string& state) {
  // Taken whatever comes of it: a state is good once.
  const std::optional<PendingSignIns::Pending> pending = pending_.Take(state);
  if (!pending) return Refused("it was not begun here, or too long ago");
  if (ValueOf(query, "state") != state) return Refused("it was begun in another browser");
  const std::optional<std::string> issuer = ValueOf(query, "iss");
  if (issuer && *issuer != client_->settings().issuer) return Refused("another provider answers");
  const std::optional<std::string> code = ValueOf(query, "code");
  if (!code || code->empty()) return Refused("the provider sent no code");
  absl::StatusOr<oidc::Person> person = client_->Exchange(*code, pending->verifier, pending->nonce);
  if (absl::IsUnauthenticated(person.status())) return Refused(Sv(person.status().message()));
  RETURN_IF_ERROR(person.status());
  return LetIn(*person);
}

absl::StatusOr<std::string> PeopleSignIn::LetIn(const oidc::Person& person) {
  model::CouncilNo council;
  std::string resource;
  if (!person.council.empty()) {
    const auto registers = registers_();
    const model::Council* found = registers->FindCouncil(person.council);
    if (found == nullptr) {
      return absl::PermissionDeniedError(
          "Your council is not registered with this service. Ask whoever runs it.");
    }
    council = found->no;
    resource = rpc::CouncilName(found->id) + "/";
  }
  ASSIGN_OR_RETURN(const auth::SessionTokens::Opened opened,
                   sessions_.Open(person.subject, person.role, council, person.display_name));
  const absl::Status recorded =
      journal_.Record(opened.token_id, "SignIn", absl::StrCat(resource, "people/", person.subject));
  if (!recorded.ok()) {
    sessions_.End(opened.token_id);
    return recorded;
  }
  return opened.secret;
}

}  // namespace steelyard::app
