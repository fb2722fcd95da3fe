#ifndef STEELYARD_TESTS_EDGE_TLS_CLIENT_H_
#define STEELYARD_TESTS_EDGE_TLS_CLIENT_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "tests/support/http_client.h"

namespace steelyard::edge {

// Bytes over TLS, for those who write protocols by hand. Trusts anybody. Not
// thread-safe.
class TlsClient {
 public:
  // To HOST:PORT, from the loopback address `from` if one is given, with the
  // protocol named ("h2", "http/1.1"). Null if it cannot.
  static std::unique_ptr<TlsClient> Connect(const std::string& address, const std::string& host,
                                            const std::string& protocol,
                                            const std::string& from = "");
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  // Sends all of it, throwing away what comes meanwhile. False if the other
  // end has closed or takes nothing more until then.
  bool Write(const std::string& bytes, absl::Time until);
  // Throws away what has come. False if the other end has closed.
  bool Drain();

  // Sends one request of HTTP/1.1 and reads its answer; status 0 if there is
  // none within five seconds.
  testing::HttpReply Ask(const std::string& request);

 private:
  struct Parts;
  explicit TlsClient(std::unique_ptr<Parts> parts);

  // Some of what came: empty after `until`, nothing at the end.
  bool ReadSome(std::string& out, absl::Time until);

  std::unique_ptr<Parts> parts_;
};

}  // namespace steelyard::edge

#endif  // STEELYARD_TESTS_EDGE_TLS_CLIENT_H_
