#include "client/cpp/connection.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/support/channel_arguments.h"

namespace steelyard::client {
namespace {

std::shared_ptr<grpc::Channel> MakeChannel(const ConnectionOptions& options) {
  grpc::ChannelArguments arguments;
  // A restarted server should be found again within a second.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 2'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetMaxReceiveMessageSize(16 << 20);
  return grpc::CreateCustomChannel(
      options.address,
      options.credentials ? options.credentials : grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

absl::StatusOr<std::string> ReadTokenFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read the token file ", path));
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  absl::StripAsciiWhitespace(&text);
  const bool one_word = text.find_first_of(" \t\r\n") == std::string::npos;
  if (text.empty() || !one_word || text.size() > 4096) {
    return absl::InvalidArgumentError(
        absl::StrCat("the token file ", path, " should hold one token and nothing else"));
  }
  return text;
}

Connection::Connection(ConnectionOptions options)
    : options_(std::move(options)), channel_(MakeChannel(options_)) {}

Connection::Connection(std::shared_ptr<grpc::Channel> channel, ConnectionOptions options)
    : options_(std::move(options)), channel_(std::move(channel)) {}

absl::Status Connection::WaitUntilReady() const {
  if (channel_->WaitForConnected(absl::ToChronoTime(absl::Now() + options_.connect_timeout))) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(
      options_.credentials
          ? absl::StrCat("no server answers at ", options_.address,
                         " over TLS: the address is wrong, the server is not running, it does not "
                         "speak TLS, or its certificate is by an authority that --tls-ca does not "
                         "name")
          : absl::StrCat("no server answers at ", options_.address,
                         "; is the address right and the server running, and does it not want "
                         "--tls?"));
}

void Connection::Prepare(grpc::ClientContext& context, absl::Duration deadline) const {
  // A blocking call that fails fast never lets the channel reconnect, so every
  // call waits, and every call has an end.
  context.set_wait_for_ready(true);
  if (deadline != absl::InfiniteDuration()) {
    context.set_deadline(absl::ToChronoTime(absl::Now() + deadline));
  }
  if (!options_.token.empty()) {
    context.AddMetadata("authorization", absl::StrCat("Bearer ", options_.token));
  }
}

}  // namespace steelyard::client
