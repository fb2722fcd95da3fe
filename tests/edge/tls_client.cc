#include "tests/edge/tls_client.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"

namespace steelyard::edge {
namespace {

constexpr absl::Duration kMaxConnect = absl::Seconds(5);
constexpr absl::Duration kMaxAnswer = absl::Seconds(5);

sockaddr_in AddressOf(const std::string& address) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  const size_t colon = address.rfind(':');
  if (colon != std::string::npos) {
    in.sin_port = htons(static_cast<uint16_t>(std::atoi(address.c_str() + colon + 1)));
  }
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &in.sin_addr);
  return in;
}

SSL_CTX* Context() {
  static SSL_CTX* const context = [] {
    SSL_CTX* made = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(made, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    return made;
  }();
  return context;
}

int LeftMillis(absl::Time until) {
  return static_cast<int>(
      std::clamp<int64_t>(absl::ToInt64Milliseconds(until - absl::Now()), 0, 1000));
}

}  // namespace

struct TlsClient::Parts {
  int socket = -1;
  SSL* tls = nullptr;

  ~Parts() {
    if (tls != nullptr) SSL_free(tls);
    if (socket >= 0) close(socket);
  }
  // Waits until the socket is ready for what TLS wants; false at `until`, or
  // if the connection has ended.
  bool Wait(int result, absl::Time until) const {
    const int wanted = SSL_get_error(tls, result);
    if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) return false;
    const short both = POLLIN | POLLOUT;
    pollfd ready{socket, static_cast<short>(wanted == SSL_ERROR_WANT_READ ? POLLIN : both), 0};
    while (absl::Now() < until) {
      if (poll(&ready, 1, LeftMillis(until)) > 0) return true;
    }
    return false;
  }
};

TlsClient::TlsClient(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TlsClient::~TlsClient() = default;

std::unique_ptr<TlsClient> TlsClient::Connect(const std::string& address, const std::string& host,
                                              const std::string& protocol,
                                              const std::string& from) {
  auto parts = std::make_unique<Parts>();
  parts->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (!from.empty()) {
    const sockaddr_in own = AddressOf(from);
    bind(parts->socket, reinterpret_cast<const sockaddr*>(&own), sizeof(own));
  }
  const sockaddr_in to = AddressOf(address);
  if (connect(parts->socket, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
    return nullptr;
  }
  const int one = 1;
  setsockopt(parts->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  fcntl(parts->socket, F_SETFL, O_NONBLOCK);
  parts->tls = SSL_new(Context());
  SSL_set_fd(parts->tls, parts->socket);
  SSL_set_tlsext_host_name(parts->tls, host.c_str());
  const std::string alpn = std::string(1, static_cast<char>(protocol.size())) + protocol;
  SSL_set_alpn_protos(parts->tls, reinterpret_cast<const unsigned char*>(alpn.data()),
                      static_cast<unsigned>(alpn.size()));
  const absl::Time until = absl::Now() + kMaxConnect;
  for (int done; (done = SSL_connect(parts->tls)) != 1;) {
    if (!parts->Wait(done, until)) return nullptr;
  }
  return std::unique_ptr<TlsClient>(new TlsClient(std::move(parts)));
}

bool TlsClient::Write(const std::string& bytes, absl::Time until) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const int n =
        SSL_write(parts_->tls, bytes.data() + sent, static_cast<int>(bytes.size() - sent));
    if (n > 0) {
      sent += static_cast<size_t>(n);
    } else if (!parts_->Wait(n, until)) {
      return false;
    }
    if (!Drain()) return false;
  }
  return true;
}

bool TlsClient::Drain() {
  char thrown[16 << 10];
  int n;
  while ((n = SSL_read(parts_->tls, thrown, sizeof(thrown))) > 0) continue;
  const int error = SSL_get_error(parts_->tls, n);
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

bool TlsClient::ReadSome(std::string& out, absl::Time until) {
  char part[16 << 10];
  while (true) {
    const int n = SSL_read(parts_->tls, part, sizeof(part));
    if (n > 0) {
      out.append(part, static_cast<size_t>(n));
      return true;
    }
    if (!parts_->Wait(n, until)) return false;
  }
}

testing::HttpReply TlsClient::Ask(const std::string& request) {
  testing::HttpReply reply;
  const absl::Time until = absl::Now() + kMaxAnswer;
  size_t sent = 0;
  while (sent < request.size()) {
    const int n =
        SSL_write(parts_->tls, request.data() + sent, static_cast<int>(request.size() - sent));
    if (n > 0) {
      sent += static_cast<size_t>(n);
    } else if (!parts_->Wait(n, until)) {
      return reply;
    }
  }
  std::string text;
  size_t end;
  while ((end = text.find("\r\n\r\n")) == std::string::npos) {
    if (!ReadSome(text, until)) return reply;
  }
  size_t length = 0;
  for (size_t at = text.find("\r\n"); at < end;) {
    const size_t next = text.find("\r\n", at + 2);
    const std::string line = text.substr(at + 2, next - at - 2);
    const size_t colon = std::min(line.find(": "), line.size());
    reply.headers.emplace_back(absl::AsciiStrToLower(line.substr(0, colon)),
                               line.substr(std::min(colon + 2, line.size())));
    at = next;
  }
  const bool chunked = reply.Get("transfer-encoding") == "chunked";
  length = static_cast<size_t>(std::atoi(reply.Get("content-length").c_str()));
  const auto whole = [&] {
    return chunked ? text.ends_with("0\r\n\r\n") : text.size() >= end + 4 + length;
  };
  while (!whole()) {
    if (!ReadSome(text, until)) return reply;
  }
  reply.body = text.substr(end + 4);
  reply.status = std::atoi(text.substr(9, 3).c_str());
  return reply;
}

}  // namespace steelyard::edge
