#include "client/cpp/tls.h"

#include <fstream>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace steelyard::client {
namespace {

absl::Status ReadPem(const std::string& path, std::string& out) {
  if (path.empty()) return absl::OkStatus();
  std::ifstream file(path, std::ios::binary);
  out.assign(std::istreambuf_iterator<char>(file), {});
  if (file.is_open() && out.find("-----BEGIN ") != std::string::npos) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("cannot read ", path, "; it should be a PEM file"));
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> TlsCredentials(const TlsFiles& files) {
  if (files.certificate.empty() != files.key.empty()) {
    return absl::InvalidArgumentError("a certificate and its key go together: say both");
  }
  grpc::SslCredentialsOptions options;
  for (const auto& [path, out] : {std::pair{&files.ca, &options.pem_root_certs},
                                  std::pair{&files.certificate, &options.pem_cert_chain},
                                  std::pair{&files.key, &options.pem_private_key}}) {
    if (absl::Status read = ReadPem(*path, *out); !read.ok()) return read;
  }
  return grpc::SslCredentials(options);
}

}  // namespace steelyard::client
