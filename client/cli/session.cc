#include "client/cli/session.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cpp/errors.h"
#include "google/protobuf/util/json_util.h"
#include "steelyard/v1/access_service.grpc.pb.h"

namespace steelyard::cli {

absl::StatusOr<const client::Connection*> Session::Connect() {
  if (connection_ != nullptr) return connection_.get();
  client::ConnectionOptions options;
  options.address = options_.server;
  options.deadline = absl::Seconds(options_.timeout_seconds);
  options.connect_timeout = absl::Seconds(std::min(options_.timeout_seconds, 10.0));
  if (options_.use_tls || !options_.tls.empty()) {
    auto credentials = client::TlsCredentials(options_.tls);
    if (!credentials.ok()) return credentials.status();
    options.credentials = *std::move(credentials);
  }
  // A machine may show its certificate instead.
  if (!options_.token_file.empty()) {
    absl::StatusOr<std::string> token = client::ReadTokenFile(options_.token_file);
    if (!token.ok()) return token.status();
    options.token = *std::move(token);
  } else if (options_.tls.certificate.empty()) {
    return absl::InvalidArgumentError(
        "no token: say --token-file FILE, or set STEELYARD_TOKEN_FILE to where it is");
  }
  auto connection = std::make_unique<client::Connection>(std::move(options));
  if (absl::Status status = connection->WaitUntilReady(); !status.ok()) return status;
  connection_ = std::move(connection);
  return connection_.get();
}

absl::StatusOr<std::string> Session::CouncilName(std::string_view given) {
  if (!given.empty()) {
    council_ = ResourceName("councils", absl::AsciiStrToLower(std::string(given)));
    return council_;
  }
  absl::StatusOr<v1::Token> caller =
      Call(&v1::AccessService::Stub::GetCaller, v1::GetCallerRequest());
  if (!caller.ok()) return caller.status();
  if (caller->council().empty()) {
    return absl::InvalidArgumentError(
        "which council? Your token is not of one: say --council CODE, for example --council ken; "
        "`steelyard registry search councils kent` finds codes");
  }
  return caller->council();
}

absl::Status Session::Explain(const absl::Status& status) {
  if (status.code() != absl::StatusCode::kNotFound || council_.empty()) return status;
  const std::string resource = client::ErrorResource(status);
  if (resource != council_ && resource.rfind(council_ + "/", 0) != 0) return status;
  const auto caller = Call(&v1::AccessService::Stub::GetCaller, v1::GetCallerRequest());
  if (!caller.ok() || caller->council().empty() || caller->council() == council_) return status;
  return absl::NotFoundError(absl::StrCat("your token acts for ", caller->council(), "; ", council_,
                                          " is not yours or does not exist"));
}

void Session::Print(const google::protobuf::Message& reply, const Grid& grid) {
  switch (format()) {
    case Format::kJson:
      return PrintJson(reply);
    case Format::kCsv:
      return grid.PrintCsv(terminal_.out);
    case Format::kTable:
      if (grid.rows() == 0) return Say("Nothing found.");
      return grid.Print(terminal_.out, terminal_.width);
  }
}

void Session::PrintJson(const google::protobuf::Message& message) {
  terminal_.out << JsonOf(message);
}

void Session::Say(std::string_view line) {
  if (format() == Format::kTable) terminal_.out << line << "\n";
}

void Session::SayWrapped(std::string_view text) {
  if (format() == Format::kTable) PrintParagraphs(terminal_.out, terminal_.width, text);
}

std::string JsonOf(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) json = "{}\n";
  return json;
}

std::string ResourceName(std::string_view collection, std::string_view given) {
  if (given.find('/') != std::string_view::npos) return std::string(given);
  return std::string(collection) + "/" + std::string(given);
}

std::string PurchaseName(std::string_view council, std::string_view reference) {
  if (reference.substr(0, 9) == "councils/") return std::string(reference);
  std::string name = std::string(council) + "/purchases/";
  for (const char c : reference) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
        std::string_view("._~-").find(c) != std::string_view::npos) {
      name += c;
    } else {
      absl::StrAppendFormat(&name, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return name;
}

}  // namespace steelyard::cli
