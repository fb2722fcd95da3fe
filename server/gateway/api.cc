#include "server/gateway/api.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/gateway/generic_call.h"
#include "server/gateway/json_codec.h"
#include "server/gateway/protocol.h"
#include "server/gateway/refusal.h"
#include "server/gateway/who_calls.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::gateway {
namespace {

using Wire = Protocol::Wire;
using Codec = Protocol::Codec;

constexpr absl::Duration kUnaryTime = absl::Seconds(35);  // services end at 30
constexpr char kNoMethod[] = "There is no such method.";
constexpr absl::Duration kStreamTime = absl::Minutes(10);
// What anybody may have decoded.
constexpr size_t kSmallBody = 16 << 10;
constexpr size_t kMaxAuthorization = 4 << 10;
constexpr size_t kMaxTraceParent = 64;

// What a browser's script cannot send from another site without being asked
// first, and we never agree.
bool HasOwnHeader(const HttpRequest& request, const Protocol& protocol) {
  return protocol.is_grpc_web() ? request.Get("x-grpc-web") == "1"
                                : request.Get("connect-protocol-version") == "1";
}

// gRPC ends the process for a value with any other byte.
bool IsAuthorization(std::string_view text) {
  return !text.empty() && text.size() <= kMaxAuthorization &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

// As W3C Trace Context writes it: hexadecimal digits and hyphens.
bool IsTraceParent(std::string_view text) {
  return !text.empty() && text.size() <= kMaxTraceParent &&
         text.find_first_not_of("0123456789abcdef-") == std::string_view::npos;
}

}  // namespace

// One call from its request to its answer. Owned by the events that it waits
// for.
class Api::Call : public std::enable_shared_from_this<Call> {
 public:
  Call(Api& api, std::shared_ptr<Exchange> exchange, const Origin& origin, Protocol protocol,
       Method method)
      : api_(api),
        exchange_(std::move(exchange)),
        origin_(origin),
        protocol_(protocol),
        method_(std::move(method)) {}

  void Run(HttpRequest request) {
    const absl::Status started = Start(request);
    if (!started.ok()) Answer(ToGrpc(started));
  }

  // Ends it without having begun.
  void Answer(const grpc::Status& status) {
    api_.metrics_.CountCall(LabelOf(protocol_), method_.path, CodeName(status.error_code()),
                            absl::Now() - started_);
    if (!begun_) {
      exchange_->Send(Whole(status));
    } else {
      exchange_->Write(EndFrame(protocol_, status), [](bool) {});
      exchange_->End();
    }
    if (!caller_.empty()) api_.in_flight_.Leave(std::exchange(caller_, ""));
  }

 private:
  absl::Status Start(HttpRequest& request) {
    if (request.Count("connect-protocol-version") > 0 &&
        request.Get("connect-protocol-version") != "1") {
      return absl::InvalidArgumentError("Connect-Protocol-Version must be 1");
    }
    CallSpec spec;
    spec.path = method_.path;
    RETURN_IF_ERROR(Identify(request, spec));
    RETURN_IF_ERROR(Enter(CallerAddress(request, origin_)));
    ASSIGN_OR_RETURN(const auto asked, TimeoutOf(request, protocol_));
    const absl::Duration most = streams() ? kStreamTime : kUnaryTime;
    spec.timeout = std::min(asked.value_or(most), most);
    if (spec.timeout <= absl::ZeroDuration()) {
      return absl::DeadlineExceededError("The time allowed is over; nothing was done.");
    }
    if (request.body.size() <= kSmallBody) return Begin(request, std::move(spec));
    // Decoding much is work that is done for callers alone.
    AskWhoCalls(
        api_.channel_, spec.metadata,
        [self = shared_from_this(), spec, body = std::make_shared<HttpRequest>(std::move(request))](
            const grpc::Status& status, const v1::Token&) {
          if (!status.ok()) return self->OnDone(status);
          const absl::Status begun = self->Begin(*body, spec);
          if (!begun.ok()) self->Answer(ToGrpc(begun));
        });
    return absl::OkStatus();
  }

  absl::Status Begin(const HttpRequest& request, CallSpec spec) {
    ASSIGN_OR_RETURN(spec.messages,
                     MessagesOf(request, protocol_, method_.client_streaming ? kMaxMessages : 1));
    if (!method_.client_streaming && spec.messages.size() != 1) {
      return absl::InvalidArgumentError("the body must hold one message");
    }
    if (protocol_.codec == Codec::kJson) RETURN_IF_ERROR(DecodeJson(spec.messages));
    auto self = shared_from_this();
    auto call = StartCall(api_.channel_, std::move(spec),
                          {[self](std::shared_ptr<GenericCall> from, std::string message) {
                             self->OnMessage(std::move(from), std::move(message));
                           },
                           [self](const grpc::Status& status) { self->OnDone(status); }});
    exchange_->OnGone([call = std::move(call)] { call->Cancel(); });
    return absl::OkStatus();
  }

  absl::Status DecodeJson(std::vector<std::string>& messages) const {
    size_t parts = 0;
    for (const std::string& message : messages) parts += CountJsonParts(message);
    if (parts > kMaxJsonParts) {
      return absl::InvalidArgumentError(absl::StrCat("the JSON holds ", parts,
                                                     " objects, lists and fields, and may hold ",
                                                     kMaxJsonParts, "; send less at once"));
    }
    for (std::string& message : messages) {
      ASSIGN_OR_RETURN(message, JsonToProto(method_.input_url, message));
    }
    return absl::OkStatus();
  }

  // A program shows its own token; a browser's is behind its session, and then
  // only a page of ours may ask.
  absl::Status Identify(const HttpRequest& request, CallSpec& spec) {
    if (const std::string_view trace = request.Get("traceparent"); IsTraceParent(trace)) {
      spec.metadata.emplace_back("traceparent", std::string(trace));
    }
    if (request.Count("authorization") > 0) {
      const std::string_view shown = request.Get("authorization");
      if (!IsAuthorization(shown)) return WrongToken();
      spec.metadata.emplace_back("authorization", std::string(shown));
      return absl::OkStatus();
    }
    const std::string_view cookie = CookieValue(request, CookieName(origin_, kSessionCookie));
    if (cookie.empty()) return absl::OkStatus();
    if (!FromOwnPage(request, origin_) || !HasOwnHeader(request, protocol_)) {
      return absl::PermissionDeniedError(
          "A call with a cookie must come from a page of this site.");
    }
    cookie_ = std::string(cookie);
    const std::optional<std::string> secret = api_.sessions_.Find(cookie);
    if (secret.has_value()) spec.metadata.emplace_back("authorization", "Bearer " + *secret);
    return absl::OkStatus();
  }

  absl::Status Enter(const std::string& caller) {
    switch (api_.in_flight_.Enter(caller)) {
      case InFlight::Answer::kTooManyOfCaller:
        return absl::ResourceExhaustedError("Too many calls at once; wait for some of them.");
      case InFlight::Answer::kTooMany:
        return absl::UnavailableError("The service is busy; try again in a moment.");
      case InFlight::Answer::kTaken:
        break;
    }
    caller_ = caller;
    return absl::OkStatus();
  }

  void OnMessage(std::shared_ptr<GenericCall> call, std::string message) {
    if (protocol_.codec == Codec::kJson) {
      auto json = ProtoToJson(method_.output_url, message);
      if (!json.ok())
        failed_ = grpc::Status(grpc::StatusCode::INTERNAL, "The answer is no message.");
      message = json.ok() ? *std::move(json) : "";
    }
    if (!streams()) {
      answered_ = true;
      reply_ = std::move(message);
      return call->Resume();
    }
    std::string frame = MessageFrame(protocol_, message);
    if (!std::exchange(begun_, true)) {
      exchange_->Begin({200, Headers(), std::move(frame)});
      return call->Resume();
    }
    exchange_->Write(std::move(frame), [call = std::move(call)](bool sent) {
      if (!sent) call->Cancel();
      call->Resume();
    });
  }

  void OnDone(const grpc::Status& status) {
    if (status.error_code() == grpc::StatusCode::UNAUTHENTICATED && !cookie_.empty()) {
      api_.sessions_.End(cookie_);  // its token was revoked, or has run out
    }
    if (status.ok() && !streams() && !answered_) {
      failed_ = grpc::Status(grpc::StatusCode::INTERNAL, "There was no answer.");
    }
    Answer(failed_.ok() ? status : failed_);
  }

  HttpResponse Whole(const grpc::Status& status) {
    HttpResponse response{200, Headers(), ""};
    if (protocol_.wire != Wire::kConnectUnary) {
      if (status.ok() && !streams()) response.body = MessageFrame(protocol_, reply_);
      response.body += EndFrame(protocol_, status);
    } else if (status.ok()) {
      response.body = std::move(reply_);
    } else {
      response = ConnectRefusal(status, origin_);
    }
    const bool session_over =
        status.error_code() == grpc::StatusCode::UNAUTHENTICATED && !cookie_.empty();
    if (session_over) {
      response.headers.emplace_back("Set-Cookie", ClearCookie(origin_, kSessionCookie));
    }
    return response;
  }

  std::vector<Header> Headers() const {
    std::vector<Header> headers = SecurityHeaders(origin_);
    headers.emplace_back("Content-Type", MediaTypeOf(protocol_));
    return headers;
  }

  bool streams() const { return method_.server_streaming; }

  Api& api_;
  const std::shared_ptr<Exchange> exchange_;
  const Origin origin_;
  const Protocol protocol_;
  const Method method_;
  const absl::Time started_ = absl::Now();
  std::string cookie_;  // of the session that it runs under
  std::string caller_;  // whose place it takes
  std::string reply_;
  bool answered_ = false;
  grpc::Status failed_;
  bool begun_ = false;
};

bool Api::Owns(std::string_view path) { return absl::StartsWith(Av(path), "/steelyard.v1."); }

void Api::Handle(HttpRequest request, std::shared_ptr<Exchange> exchange, const Origin& origin) {
  const std::optional<Method> method = FindMethod(request.path);
  const std::optional<Protocol> protocol = ProtocolOf(MediaType(request));
  HttpResponse refusal{0, SecurityHeaders(origin), ""};
  if (request.method != "POST") {
    refusal.status = 405;
    refusal.headers.emplace_back("Allow", "POST");
  } else if (!protocol.has_value()) {
    refusal.status = 415;
    refusal.headers.emplace_back("Accept-Post",
                                 "application/json, application/proto, application/connect+json, "
                                 "application/connect+proto, application/grpc-web");
  } else if (!method.has_value() && !protocol->is_grpc_web()) {
    refusal = ConnectRefusal(ToGrpc(absl::UnimplementedError(kNoMethod)), origin);
    refusal.status = 404;
  } else if (method.has_value() && !protocol->is_grpc_web()) {
    const bool streams = method->client_streaming || method->server_streaming;
    if (streams != (protocol->wire == Wire::kConnectStream)) refusal.status = 415;
  }
  if (refusal.status != 0) {
    metrics_.CountPage(refusal.status);
    return exchange->Send(std::move(refusal));
  }
  auto call = std::make_shared<Call>(*this, std::move(exchange), origin, *protocol,
                                     method.value_or(Method{}));
  if (!method.has_value()) {
    return call->Answer(ToGrpc(absl::UnimplementedError(kNoMethod)));
  }
  call->Run(std::move(request));
}

}  // namespace steelyard::gateway
