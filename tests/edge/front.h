#ifndef STEELYARD_TESTS_EDGE_FRONT_H_
#define STEELYARD_TESTS_EDGE_FRONT_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "steelyard/v1/access_service.pb.h"
#include "tests/edge/process.h"
#include "tests/support/temp_dir.h"

namespace steelyard::edge {

// The host that the shipped configuration names.
inline constexpr char kHost[] = "steelyard.example.gov.uk";

// The real server behind the real nginx, which has the shipped configuration
// but for addresses and folders, and a certificate made for the occasion. All
// on loopback ports of its own. Ends with the object.
class Front {
 public:
  struct Options {
    int open_files = 0;  // most that the server may have open; 0 for its own
    // Of an OpenID provider, and where it sends browsers back to; empty for none.
    std::string oidc_issuer = {};
    std::string oidc_return = {};
    std::string oidc_client_secret = {};
  };

  // Whether there is an nginx to test with.
  static bool HasNginx();

  // Empty if all runs, else what does not.
  std::string Start(const Options& options);

  // HOST:PORT of nginx, and what a browser writes as origin.
  const std::string& address() const { return address_; }
  std::string origin() const;
  std::string authority() const { return origin().substr(8); }
  // A channel through nginx that trusts its certificate.
  std::shared_ptr<grpc::Channel> Channel() const;
  const std::string& steward() const { return steward_; }
  // Makes a token of councils/hck through the front and returns its secret;
  // empty if it is refused.
  std::string MakeToken(v1::Role role) const;
  // Of the server's gRPC port, behind nginx.
  const std::string& grpc_address() const { return grpc_; }
  const std::string& internal_address() const { return internal_; }
  std::string server_log() const { return ReadFile(dir_ / "server.log"); }
  // All that nginx wrote, whatever the file.
  std::string nginx_logs() const;

  const Process& server() const { return server_; }
  const Process& nginx() const { return nginx_; }
  bool ServerRuns() { return server_.Running(); }
  void StopServer() { server_.Stop(); }

 private:
  std::string StartServer(const Options& options);
  std::string WriteConfiguration();
  std::string StartNginx();

  testing::TempDir dir_;
  std::string address_;
  std::string grpc_;
  std::string portal_;
  std::string internal_;
  std::string steward_;
  Process server_;
  Process nginx_;
};

}  // namespace steelyard::edge

#endif  // STEELYARD_TESTS_EDGE_FRONT_H_
