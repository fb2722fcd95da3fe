#ifndef STEELYARD_SERVER_RPC_TLS_H_
#define STEELYARD_SERVER_RPC_TLS_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace grpc {
class ServerCredentials;
}

namespace steelyard::rpc {

// Files of a TLS server, PEM. They are looked at again every minute, so that a
// renewed certificate is used without a restart.
struct TlsFiles {
  std::string certificate;  // with its chain
  std::string key;
  // Authorities whose client certificates are good; empty: none is asked for.
  std::string client_ca;
  // Whether a client without a certificate is refused; needs `client_ca`.
  bool require_client_certificate = false;

  // Plain text: nothing is asked for.
  bool empty() const {
    return certificate.empty() && key.empty() && client_ca.empty() && !require_client_certificate;
  }
};

// INVALID_ARGUMENT, in words for the operator, if files are missing, cannot be
// read, hold no PEM, or the key is not that of the certificate.
absl::Status CheckTlsFiles(const TlsFiles& files);

// Credentials for AddListeningPort. Errors are those of CheckTlsFiles.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MakeTlsCredentials(const TlsFiles& files);

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_TLS_H_
