#ifndef STEELYARD_TESTS_SUPPORT_HTTP_CLIENT_H_
#define STEELYARD_TESTS_SUPPORT_HTTP_CLIENT_H_

// HTTP/1.1 by hand, so that tests can send what no library would.

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace steelyard::testing {

struct HttpReply {
  int status = 0;  // 0: the connection ended without a whole answer
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;                                          // with chunks put together

  // The values of a header, joined by ", "; empty if there is none.
  std::string Get(const std::string& name) const;
};

// One TCP connection. Not thread-safe.
class HttpConnection {
 public:
  // To HOST:PORT, from the loopback address `from` if one is given. Ends the
  // test program if it cannot.
  explicit HttpConnection(const std::string& address, const std::string& from = "");
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // False if the other end has closed.
  bool Send(const std::string& bytes);
  // Reads one answer; waits so many seconds at most for each part of it.
  HttpReply Read(bool of_head = false, int seconds = 30);
  // Whether the other end closes within so many seconds without sending more.
  bool Closed(int seconds);
  // Bytes that came and were not part of an answer yet.
  const std::string& rest() const { return buffer_; }
  // Closes at once, as a client does that dies.
  void Reset();

 private:
  bool Fill(int seconds);
  std::optional<std::string> Line(int seconds);
  bool Take(size_t size, std::string& out, int seconds);

  int socket_ = -1;
  std::string buffer_;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// The text of a request, with Host and Content-Length unless they are given.
std::string RequestText(const std::string& method, const std::string& target,
                        const std::string& host, const HeaderList& headers,
                        const std::string& body = "");

// One request on a connection of its own.
HttpReply Fetch(const std::string& address, const std::string& method, const std::string& target,
                const HeaderList& headers = {}, const std::string& body = "");

}  // namespace steelyard::testing

#endif  // STEELYARD_TESTS_SUPPORT_HTTP_CLIENT_H_
