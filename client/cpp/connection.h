#ifndef STEELYARD_CLIENT_CPP_CONNECTION_H_
#define STEELYARD_CLIENT_CPP_CONNECTION_H_

// A way to a Steelyard server.
//
//   Connection connection({.address = "127.0.0.1:7443", .token = token});
//   absl::StatusOr<v1::Product> product =
//       connection.Call(&v1::RegistryService::Stub::GetProduct, request);

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/cpp/errors.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/security/credentials.h"

namespace steelyard::client {

struct ConnectionOptions {
  // `host:port`, or `unix:/path`.
  std::string address = {};
  // Sent as `authorization: Bearer …`; empty sends none.
  std::string token = {};
  // Longest time that one call may take, waiting for the server included.
  absl::Duration deadline = absl::Seconds(60);
  // Longest time that WaitUntilReady waits.
  absl::Duration connect_timeout = absl::Seconds(10);
  // How the channel is protected; null is plain text, for the same machine.
  std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr;
};

// The secret in a token file: its text without white space around it.
// NOT_FOUND if there is no such file; INVALID_ARGUMENT if it is empty or holds
// more than one word.
absl::StatusOr<std::string> ReadTokenFile(const std::string& path);

// A channel with a token. Calls wait for a server that is being restarted, up
// to the deadline. Thread-safe.
class Connection {
 public:
  explicit Connection(ConnectionOptions options);
  // Over a channel that the caller made, such as an in-process one.
  Connection(std::shared_ptr<grpc::Channel> channel, ConnectionOptions options);

  // UNAVAILABLE, in words for a person, if the server cannot be reached within
  // the connect timeout.
  absl::Status WaitUntilReady() const;

  // Makes one unary call. Returns the server's status as ToStatus gives it.
  template <typename Stub, typename Request, typename Reply>
  absl::StatusOr<Reply> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                          Reply*),
                             const Request& request) const {
    grpc::ClientContext context;
    Prepare(context, options_.deadline);
    Stub stub(channel_);
    Reply reply;
    grpc::Status status = (stub.*method)(&context, request, &reply);
    if (!status.ok()) return ToStatus(status);
    return reply;
  }

  // Adds the token, wait-for-ready and the deadline to a call that is about to
  // start.
  void Prepare(grpc::ClientContext& context, absl::Duration deadline) const;

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const ConnectionOptions& options() const { return options_; }

 private:
  const ConnectionOptions options_;
  const std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace steelyard::client

#endif  // STEELYARD_CLIENT_CPP_CONNECTION_H_
