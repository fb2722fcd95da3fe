#ifndef STEELYARD_CLIENT_CPP_TLS_H_
#define STEELYARD_CLIENT_CPP_TLS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/security/credentials.h"

namespace steelyard::client {

// Files of a TLS client, PEM; each may be empty.
struct TlsFiles {
  // Authorities that the server's certificate may be by; empty: the system's.
  std::string ca;
  // The machine's own certificate, with its chain, and its key: both or none.
  std::string certificate;
  std::string key;

  bool empty() const { return ca.empty() && certificate.empty() && key.empty(); }
};

// For ConnectionOptions::credentials. INVALID_ARGUMENT, in words for a person,
// for a file that cannot be read, and for a certificate without its key.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> TlsCredentials(const TlsFiles& files);

}  // namespace steelyard::client

#endif  // STEELYARD_CLIENT_CPP_TLS_H_
