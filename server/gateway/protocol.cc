#include "server/gateway/protocol.h"

#include <algorithm>
#include <array>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "nlohmann/json.hpp"
#include "server/gateway/json_codec.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::gateway {
namespace {

using Wire = Protocol::Wire;
using Codec = Protocol::Codec;
using nlohmann::json;

constexpr size_t kFrameHead = 5;
constexpr uint8_t kCompressed = 0x01;
constexpr uint8_t kConnectEnd = 0x02;
constexpr uint8_t kGrpcWebEnd = 0x80;
// Browsers allow little more for all headers of an answer; here it is a body.
constexpr size_t kMaxDetailBytes = 64 << 10;

struct Code {
  std::string_view name;
  int http;
};
// By number of grpc::StatusCode; statuses as Connect maps them.
constexpr std::array<Code, 17> kCodes = {{{"ok", 200},
                                          {"canceled", 499},
                                          {"unknown", 500},
                                          {"invalid_argument", 400},
                                          {"deadline_exceeded", 504},
                                          {"not_found", 404},
                                          {"already_exists", 409},
                                          {"permission_denied", 403},
                                          {"resource_exhausted", 429},
                                          {"failed_precondition", 400},
                                          {"aborted", 409},
                                          {"out_of_range", 400},
                                          {"unimplemented", 501},
                                          {"internal", 500},
                                          {"unavailable", 503},
                                          {"data_loss", 500},
                                          {"unauthenticated", 401}}};

const Code& CodeOf(grpc::StatusCode code) {
  const auto number = static_cast<size_t>(code);
  return kCodes[number < kCodes.size() ? number : static_cast<size_t>(grpc::StatusCode::UNKNOWN)];
}

std::string Unpadded(std::string_view bytes) {
  std::string text = absl::Base64Escape(Av(bytes));
  while (!text.empty() && text.back() == '=') text.pop_back();
  return text;
}

std::string Frame(uint8_t flags, std::string_view message) {
  std::string frame;
  frame.reserve(kFrameHead + message.size());
  frame.push_back(static_cast<char>(flags));
  for (int shift = 24; shift >= 0; shift -= 8) {
    frame.push_back(static_cast<char>((message.size() >> shift) & 0xFF));
  }
  return frame.append(message);
}

// Each frame by itself in base64, padded: decoders begin anew at a padding.
std::string OnWire(const Protocol& protocol, std::string frame) {
  return protocol.wire == Wire::kGrpcWebText ? absl::Base64Escape(frame) : frame;
}

json ErrorJson(const grpc::Status& status) {
  json error = {{"code", CodeName(status.error_code())}};
  if (!status.error_message().empty()) error["message"] = status.error_message();
  google::rpc::Status rich;
  if (status.error_details().empty() || status.error_details().size() > kMaxDetailBytes ||
      !rich.ParseFromString(status.error_details())) {
    return error;
  }
  for (const auto& any : rich.details()) {
    json detail = {{"type", std::string(absl::StripPrefix(any.type_url(), "type.googleapis.com/"))},
                   {"value", Unpadded(any.value())}};
    const auto readable = ProtoToJson(any.type_url(), any.value());
    if (readable.ok()) detail["debug"] = json::parse(*readable, nullptr, false);
    error["details"].push_back(std::move(detail));
  }
  return error;
}

std::string Dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// grpc-message: percent-encoded, as gRPC over HTTP/2 has it.
std::string PercentEncode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte >= 0x20 && byte <= 0x7E && c != '%') {
      out.push_back(c);
    } else {
      absl::StrAppend(&out, "%", absl::Hex(byte, absl::kZeroPad2));
    }
  }
  return out;
}

absl::StatusOr<int64_t> Digits(std::string_view text, size_t most) {
  int64_t value = 0;
  const bool digits =
      !text.empty() && text.size() <= most &&
      std::all_of(text.begin(), text.end(), [](char c) { return '0' <= c && c <= '9'; });
  if (!digits || !absl::SimpleAtoi(Av(text), &value)) {
    return absl::InvalidArgumentError("the timeout is not written as the protocol asks");
  }
  return value;
}

// What grpc-web-text sent: base64, where a padding may end one part of it.
std::optional<std::string> DecodeText(std::string_view text) {
  std::string out;
  std::string part;
  while (!text.empty()) {
    size_t end = text.find('=');
    end = end == std::string_view::npos ? text.size() : end;
    while (end < text.size() && text[end] == '=') ++end;
    if (!absl::Base64Unescape(Av(text.substr(0, end)), &part)) return std::nullopt;
    out += part;
    text.remove_prefix(end);
  }
  return out;
}

absl::Status CheckUncompressed(const HttpRequest& request) {
  for (const std::string_view name :
       {"content-encoding", "connect-content-encoding", "grpc-encoding"}) {
    const bool plain = request.Count(name) == 0 || request.Get(name) == "identity";
    if (!plain) return absl::UnimplementedError("send messages uncompressed");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> Unframe(std::string_view body, size_t max_messages) {
  std::vector<std::string> messages;
  while (!body.empty()) {
    if (body.size() < kFrameHead) return absl::InvalidArgumentError("a message is cut short");
    const auto byte = [&](size_t i) {
      return static_cast<uint32_t>(static_cast<uint8_t>(body[i]));
    };
    const uint32_t size = byte(1) << 24 | byte(2) << 16 | byte(3) << 8 | byte(4);
    if (byte(0) == kCompressed) return absl::UnimplementedError("send messages uncompressed");
    if (byte(0) != 0) return absl::InvalidArgumentError("a message has a flag that none has");
    if (size > body.size() - kFrameHead) {
      return absl::InvalidArgumentError("a message is cut short");
    }
    if (messages.size() == max_messages) return absl::InvalidArgumentError("too many messages");
    messages.emplace_back(body.substr(kFrameHead, size));
    body.remove_prefix(kFrameHead + size);
  }
  return messages;
}

}  // namespace

std::optional<Protocol> ProtocolOf(std::string_view media_type) {
  static constexpr struct {
    std::string_view type;
    Protocol protocol;
  } kTypes[] = {
      {"application/proto", {Wire::kConnectUnary, Codec::kProto}},
      {"application/json", {Wire::kConnectUnary, Codec::kJson}},
      {"application/connect+proto", {Wire::kConnectStream, Codec::kProto}},
      {"application/connect+json", {Wire::kConnectStream, Codec::kJson}},
      {"application/grpc-web", {Wire::kGrpcWeb, Codec::kProto}},
      {"application/grpc-web+proto", {Wire::kGrpcWeb, Codec::kProto}},
      {"application/grpc-web+json", {Wire::kGrpcWeb, Codec::kJson}},
      {"application/grpc-web-text", {Wire::kGrpcWebText, Codec::kProto}},
      {"application/grpc-web-text+proto", {Wire::kGrpcWebText, Codec::kProto}},
  };
  for (const auto& known : kTypes) {
    if (known.type == media_type) return known.protocol;
  }
  return std::nullopt;
}

std::string MediaTypeOf(const Protocol& protocol) {
  const std::string codec = protocol.codec == Codec::kJson ? "json" : "proto";
  switch (protocol.wire) {
    case Wire::kConnectUnary:
      return "application/" + codec;
    case Wire::kConnectStream:
      return "application/connect+" + codec;
    case Wire::kGrpcWeb:
      return "application/grpc-web+" + codec;
    case Wire::kGrpcWebText:
      return "application/grpc-web-text+" + codec;
  }
  return "";
}

std::string_view LabelOf(const Protocol& protocol) {
  if (protocol.is_grpc_web()) return "grpc-web";
  return protocol.codec == Codec::kJson ? "connect-json" : "connect-proto";
}

absl::StatusOr<std::optional<absl::Duration>> TimeoutOf(const HttpRequest& request,
                                                        const Protocol& protocol) {
  const std::string_view name = protocol.is_grpc_web() ? "grpc-timeout" : "connect-timeout-ms";
  if (request.Count(name) == 0) return std::nullopt;
  std::string_view text = request.Get(name);
  if (!protocol.is_grpc_web()) {
    ASSIGN_OR_RETURN(const int64_t millis, Digits(text, 10));
    return absl::Milliseconds(millis);
  }
  constexpr std::string_view kUnits = "HMSmun";
  constexpr absl::Duration (*kMake[])(int64_t) = {absl::Hours,        absl::Minutes,
                                                  absl::Seconds,      absl::Milliseconds,
                                                  absl::Microseconds, absl::Nanoseconds};
  const size_t unit = text.empty() ? std::string_view::npos : kUnits.find(text.back());
  if (unit == std::string_view::npos) return Digits("", 0).status();
  ASSIGN_OR_RETURN(const int64_t value, Digits(text.substr(0, text.size() - 1), 8));
  return kMake[unit](value);
}

absl::StatusOr<std::vector<std::string>> MessagesOf(const HttpRequest& request,
                                                    const Protocol& protocol, size_t max_messages) {
  RETURN_IF_ERROR(CheckUncompressed(request));
  if (protocol.wire == Wire::kConnectUnary) return std::vector<std::string>{request.body};
  if (protocol.wire != Wire::kGrpcWebText) return Unframe(request.body, max_messages);
  const std::optional<std::string> body = DecodeText(request.body);
  if (!body.has_value()) return absl::InvalidArgumentError("the body is not base64");
  return Unframe(*body, max_messages);
}

std::string MessageFrame(const Protocol& protocol, std::string_view message) {
  return OnWire(protocol, Frame(0, message));
}

std::string EndFrame(const Protocol& protocol, const grpc::Status& status) {
  if (!protocol.is_grpc_web()) {
    json end = json::object();
    if (!status.ok()) end["error"] = ErrorJson(status);
    return Frame(kConnectEnd, Dump(end));
  }
  std::string trailers =
      absl::StrCat("grpc-status: ", static_cast<int>(status.error_code()), "\r\n");
  if (!status.error_message().empty()) {
    absl::StrAppend(&trailers, "grpc-message: ", PercentEncode(status.error_message()), "\r\n");
  }
  if (!status.error_details().empty()) {
    absl::StrAppend(&trailers, "grpc-status-details-bin: ", Unpadded(status.error_details()),
                    "\r\n");
  }
  return OnWire(protocol, Frame(kGrpcWebEnd, trailers));
}

std::string ConnectError(const grpc::Status& status) { return Dump(ErrorJson(status)); }

int HttpStatusOf(grpc::StatusCode code) { return CodeOf(code).http; }

std::string_view CodeName(grpc::StatusCode code) { return CodeOf(code).name; }

}  // namespace steelyard::gateway
