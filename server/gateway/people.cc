#include "server/gateway/people.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/gateway/pages.h"
#include "server/gateway/who_calls.h"
#include "storage/base/log.h"
#include "storage/base/text.h"

namespace steelyard::gateway {
namespace {

constexpr std::string_view kFormCookie = "form";
constexpr std::string_view kStateCookie = "sign-in";
constexpr char kFormType[] = "application/x-www-form-urlencoded";
constexpr size_t kMaxForm = 8 << 10;
constexpr size_t kMaxSecret = 200;
constexpr int kStateSeconds = 600;
// The same for a token that is cut short, unknown, expired or revoked.
constexpr char kWrongToken[] =
    "That access token does not work. Copy the whole of it, or ask whoever runs the service for a "
    "new one.";
constexpr char kTooOften[] = "Too many attempts. Wait a few minutes and try again.";
constexpr char kStale[] = "The page was open for too long, or cookies are off. Try again.";

// Visible ASCII, as a header must be.
bool IsSecretText(std::string_view text) {
  return !text.empty() && text.size() <= kMaxSecret &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

}  // namespace

// One request of somebody who signs in or out, until it is answered.
class People::Visit : public std::enable_shared_from_this<Visit> {
 public:
  Visit(People& people, const HttpRequest& request, std::shared_ptr<Exchange> exchange,
        const Origin& origin)
      : people_(people),
        parts_(people.parts_),
        exchange_(std::move(exchange)),
        origin_(origin),
        address_(CallerAddress(request, origin)),
        session_(CookieValue(request, CookieName(origin, kSessionCookie))),
        form_(CookieValue(request, CookieName(origin, kFormCookie))) {}

  ~Visit() {
    if (entered_) parts_.in_flight.Leave(address_);
  }

  // Takes a place among what is under way, or says that there is none.
  bool Enter() {
    entered_ = parts_.in_flight.Enter(address_) == InFlight::Answer::kTaken;
    if (!entered_) Say(503, "The service is busy", "Try again in a moment.");
    return entered_;
  }

  void ShowSignIn(int status, const std::string& next, std::string error) {
    std::vector<Header> more;
    if (form_.empty()) {
      form_ = RandomText();
      more.emplace_back("Set-Cookie", SetCookie(origin_, kFormCookie, form_));
    }
    const std::string elsewhere = parts_.elsewhere == nullptr ? "" : parts_.elsewhere->label();
    Html(status,
         SignInHtml({KeyedHash(people_.key_, form_), LocalPath(next), std::move(error), elsewhere}),
         std::move(more));
  }

  void SignInByToken(const HttpRequest& request) {
    const std::string next = LocalPath(FormValue(request.body, "next"));
    if (!IsOwnForm(request, form_)) return ShowSignIn(403, next, kStale);
    if (!parts_.failures.MayTry(address_)) return ShowSignIn(429, next, kTooOften);
    std::string secret = FormValue(request.body, "token");
    absl::StripAsciiWhitespace(&secret);
    if (!IsSecretText(secret)) return Refuse(next);
    if (!Enter()) return;
    people_.WhoIs(secret, [self = shared_from_this(), secret, next](const auto& caller) {
      if (caller.ok()) return self->LetIn(secret, next, false);
      if (absl::IsUnauthenticated(caller.status())) return self->Refuse(next);
      self->Say(503, "Signing in does not work at present", "Try again in a few minutes.");
    });
  }

  void SignOut(const HttpRequest& request) {
    if (!IsOwnForm(request, session_)) {
      return Say(403, "You are still signed in", "Sign out with the button on the start page.");
    }
    const std::optional<std::string> secret = parts_.sessions.Find(session_);
    parts_.sessions.End(session_);
    if (secret && parts_.elsewhere != nullptr) parts_.elsewhere->SignedOut(*secret);
    Go("/sign-in", {{"Set-Cookie", ClearCookie(origin_, kSessionCookie)}});
  }

  void BeginElsewhere() {
    if (!parts_.beginnings.MayTry(address_)) return ShowSignIn(429, "/", kTooOften);
    parts_.beginnings.Count(address_);
    if (!Enter()) return;
    parts_.elsewhere->Begin([self = shared_from_this()](absl::StatusOr<SignIn::Begun> begun) {
      if (!begun.ok()) return self->ElsewhereFailed(begun.status());
      // Lax: the browser comes back from another site.
      self->Go(begun->url, {{"Set-Cookie", SetCookie(self->origin_, kStateCookie, begun->state,
                                                     "Lax", kStateSeconds)}});
    });
  }

  void FinishElsewhere(const HttpRequest& request) {
    if (!parts_.failures.MayTry(address_)) return ShowSignIn(429, "/", kTooOften);
    const std::string state(CookieValue(request, CookieName(origin_, kStateCookie)));
    if (state.empty()) return ShowSignIn(403, "/", kStale);
    if (!Enter()) return;
    parts_.elsewhere->Finish(request.query, state,
                             [self = shared_from_this()](absl::StatusOr<std::string> secret) {
                               if (secret.ok()) return self->LetIn(*secret, "/", true);
                               // A provider that is away is nobody's failure.
                               if (!absl::IsUnavailable(secret.status())) {
                                 self->parts_.failures.Count(self->address_);
                               }
                               self->ElsewhereFailed(secret.status());
                             });
  }

  void Home() {
    const std::optional<std::string> secret = parts_.sessions.Find(session_);
    if (!secret.has_value()) return Go("/sign-in", {});
    if (!Enter()) return;
    people_.WhoIs(*secret, [self = shared_from_this()](const auto& caller) {
      if (caller.ok()) {
        const std::string form = KeyedHash(self->people_.key_, self->session_);
        return self->Html(200, HomeHtml(*caller, form), {});
      }
      if (!absl::IsUnauthenticated(caller.status())) {
        return self->Say(503, "The service is busy", "Try again in a moment.");
      }
      self->parts_.sessions.End(self->session_);
      self->Go("/sign-in", {{"Set-Cookie", ClearCookie(self->origin_, kSessionCookie)}});
    });
  }

  void Say(int status, std::string_view title, std::string_view text) {
    Html(status, MessageHtml(title, text), {});
  }

 private:
  // A form that we made for this browser, sent from a page of ours.
  bool IsOwnForm(const HttpRequest& request, const std::string& cookie) const {
    return FromOwnPage(request, origin_) && MediaType(request) == kFormType &&
           request.body.size() <= kMaxForm && !cookie.empty() &&
           SameText(FormValue(request.body, "form"), KeyedHash(people_.key_, cookie));
  }

  // A session of its own, whatever the browser held before.
  void LetIn(const std::string& secret, const std::string& next, bool from_elsewhere) {
    parts_.sessions.End(session_);
    const std::optional<std::string> cookie = parts_.sessions.Start(secret);
    if (!cookie.has_value()) {
      return Say(503, "Too many people are signed in", "Try again in a few minutes.");
    }
    std::vector<Header> cookies = {
        {"Set-Cookie", SetCookie(origin_, kSessionCookie, *cookie)},
        {"Set-Cookie", ClearCookie(origin_, from_elsewhere ? kStateCookie : kFormCookie)}};
    if (from_elsewhere) return Html(200, GoOnHtml(next), std::move(cookies));
    Go(next, std::move(cookies));
  }

  void Refuse(const std::string& next) {
    parts_.failures.Count(address_);
    ShowSignIn(403, next, kWrongToken);
  }

  void ElsewhereFailed(const absl::Status& status) {
    if (absl::IsPermissionDenied(status)) {
      return ShowSignIn(403, "/", std::string(status.message()));
    }
    Log(LogLevel::kWarning, "sign_in_elsewhere_failed",
        {{"code", absl::StatusCodeToString(status.code())}});
    ShowSignIn(403, "/", "Signing in there did not work. Try again.");
  }

  void Go(const std::string& location, std::vector<Header> more) {
    more.emplace_back("Location", location);
    Reply(303, "", std::move(more));
  }

  void Html(int status, std::string body, std::vector<Header> more) {
    more.emplace_back("Content-Type", "text/html; charset=utf-8");
    Reply(status, std::move(body), std::move(more));
  }

  void Reply(int status, std::string body, std::vector<Header> more) {
    parts_.metrics.CountPage(status);
    HttpResponse response{status, SecurityHeaders(origin_), std::move(body)};
    response.headers.insert(response.headers.end(), more.begin(), more.end());
    exchange_->Send(std::move(response));
  }

  People& people_;
  const Parts& parts_;
  const std::shared_ptr<Exchange> exchange_;
  const Origin origin_;
  const std::string address_;
  const std::string session_;
  std::string form_;
  bool entered_ = false;
};

bool People::Owns(std::string_view path) {
  return path == "/sign-in" || path == "/sign-out" || absl::StartsWith(Av(path), "/sign-in/");
}

void People::Handle(const HttpRequest& request, std::shared_ptr<Exchange> exchange,
                    const Origin& origin) {
  auto visit = std::make_shared<Visit>(*this, request, std::move(exchange), origin);
  const bool post = request.method == "POST";
  const bool elsewhere = parts_.elsewhere != nullptr && !post;
  if (request.path == "/sign-in" && post) return visit->SignInByToken(request);
  if (request.path == "/sign-in") {
    return visit->ShowSignIn(200, FormValue(request.query, "next"), "");
  }
  if (request.path == "/sign-out" && post) return visit->SignOut(request);
  if (request.path == "/sign-in/openid" && elsewhere) return visit->BeginElsewhere();
  if (request.path == "/sign-in/openid/return" && elsewhere) return visit->FinishElsewhere(request);
  visit->Say(404, "Page not found", "Check the address.");
}

void People::Home(const HttpRequest& request, std::shared_ptr<Exchange> exchange,
                  const Origin& origin) {
  std::make_shared<Visit>(*this, request, std::move(exchange), origin)->Home();
}

void People::WhoIs(const std::string& secret, Answered done) const {
  AskWhoCalls(parts_.channel, {{"authorization", "Bearer " + secret}},
              [done = std::move(done)](const grpc::Status& status, const v1::Token& caller) {
                if (status.ok()) return done(caller);
                done(absl::Status(static_cast<absl::StatusCode>(status.error_code()), ""));
              });
}

}  // namespace steelyard::gateway
