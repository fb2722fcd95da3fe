#ifndef STEELYARD_SERVER_GATEWAY_CONNECTION_H_
#define STEELYARD_SERVER_GATEWAY_CONNECTION_H_

// What http_server.cc and connection.cc share: only they include Beast and
// Asio, which cost half a minute.

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "server/gateway/http.h"
#include "server/gateway/http_server.h"

namespace steelyard::gateway {

class Connection;

// Closed once the server has stopped: an exchange that outlives it finds so.
struct Gate {
  std::mutex mutex;
  bool open = true;
};

// What the connections of one server share. Thread-safe.
struct Hub {
  Hub(const HttpLimits& asked, Handler& answers) : limits(asked), handler(answers) {}

  const HttpLimits limits;
  Handler& handler;
  boost::asio::io_context io;
  const std::shared_ptr<Gate> gate = std::make_shared<Gate>();
  std::atomic<size_t> body_bytes{0};
  std::atomic<int64_t> accepted{0};
  std::atomic<int64_t> refused{0};
  std::atomic<int64_t> bad{0};
  std::atomic<int64_t> timeouts{0};
  std::mutex mutex;
  bool stopping = false;
  std::map<Connection*, std::weak_ptr<Connection>> connections;
  std::map<std::string, size_t> peers;
};

// What a handler has handed over and is yet to be written.
struct Piece {
  enum class Kind { kWhole, kBegin, kPart, kEnd } kind;
  HttpResponse response;  // body alone for a part
  std::function<void(bool)> done;
};

// One connection. All but the constructor runs on its strand.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Hub& hub, boost::asio::ip::tcp::socket socket, std::string peer);
  ~Connection();

  // Serves one request after the other until either side has had enough.
  static boost::asio::awaitable<void> Run(std::shared_ptr<Connection> self);

  // Writes a piece of the answer under way when its turn comes.
  void Take(Piece piece);
  // Calls `gone` once the client has left, at once if it already has.
  void SetOnGone(std::function<void()> gone);
  // Breaks off what is under way.
  void Abort();

  auto executor() { return stream_.get_executor(); }

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  // Reads and answers one request. False if the connection is to end.
  boost::asio::awaitable<bool> ServeOne(bool first);

  // 0 once a request is read; the status to refuse it with; -1 to say nothing.
  boost::asio::awaitable<int> Read(Parser& parser, bool first);
  boost::asio::awaitable<int> ReadBody(Parser& parser);
  int CheckHead(const Parser& parser) const;
  int StatusOf(const boost::beast::error_code& error);
  HttpRequest ToRequest(boost::beast::http::request<boost::beast::http::string_body>&& message);

  // Says why and ends; reads a little of what still comes, since closing on
  // unread bytes could take the answer away from the client.
  boost::asio::awaitable<void> Refuse(int status);

  // Writes what the handler hands over until the answer is whole. False if the
  // client went away.
  boost::asio::awaitable<bool> Answer(bool keep, unsigned version);

  std::string TextOf(Piece& piece, bool keep, unsigned version);

  // While an answer is awaited nothing is read, so the end of the connection
  // is looked for.
  void WatchPeer();

  void Leave();
  void DropOutbox();
  void GiveBackBody() { hub_.body_bytes -= std::exchange(body_held_, 0); }
  void Expire(absl::Duration after) { stream_.expires_after(absl::ToChronoMilliseconds(after)); }

  std::shared_ptr<Exchange> MakeExchange();

  Hub& hub_;
  const std::string peer_;
  boost::beast::tcp_stream stream_;
  boost::asio::steady_timer wake_;
  boost::beast::flat_buffer buffer_;
  std::deque<Piece> outbox_;
  std::function<void()> on_gone_;
  size_t body_held_ = 0;
  bool head_only_ = false;
  bool must_close_ = false;
  bool watching_ = false;
  bool gone_ = false;
};

}  // namespace steelyard::gateway

#endif  // STEELYARD_SERVER_GATEWAY_CONNECTION_H_
