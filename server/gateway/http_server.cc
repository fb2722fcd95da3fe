// The one source that includes Beast and Asio: they cost half a minute.

#include "server/gateway/http_server.h"

#include <sys/socket.h>

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/gateway/http_text.h"
#include "storage/base/text.h"

namespace steelyard::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr size_t kReadAtOnce = 64 << 10;
constexpr size_t kDrainBytes = 256 << 10;
constexpr absl::Duration kDrainTime = absl::Seconds(2);
constexpr absl::Duration kAcceptAgain = absl::Milliseconds(100);

using Parser = http::request_parser<http::string_body>;

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
  asio::io_context io;
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

struct Piece {
  enum class Kind { kWhole, kBegin, kPart, kEnd } kind;
  HttpResponse response;  // body alone for a part
  std::function<void(bool)> done;
};

// One connection. All but the constructor runs on its strand.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Hub& hub, tcp::socket socket, std::string peer)
      : hub_(hub),
        peer_(std::move(peer)),
        stream_(std::move(socket)),
        wake_(stream_.get_executor(), asio::steady_timer::time_point::max()),
        buffer_(kReadAtOnce + hub.limits.max_header_bytes) {}

  ~Connection() {
    const std::lock_guard lock(hub_.mutex);
    hub_.connections.erase(this);
    const auto found = hub_.peers.find(peer_);
    if (found != hub_.peers.end() && --found->second == 0) hub_.peers.erase(found);
  }

  static asio::awaitable<void> Run(std::shared_ptr<Connection> self) {
    bool more = true;
    for (bool first = true; more && !self->gone_; first = false) {
      more = co_await self->ServeOne(first);
    }
    self->GiveBackBody();
    self->DropOutbox();
    beast::error_code ignored;
    self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    self->stream_.close();
  }

  void Take(Piece piece) {
    if (gone_) {
      if (piece.done) piece.done(false);
      return;
    }
    outbox_.push_back(std::move(piece));
    wake_.cancel();
  }

  void SetOnGone(std::function<void()> gone) {
    if (gone_) return gone();
    on_gone_ = std::move(gone);
  }

  void Abort() {
    Leave();
    stream_.cancel();
  }

  auto executor() { return stream_.get_executor(); }

 private:
  // Reads and answers one request. False if the connection is to end.
  asio::awaitable<bool> ServeOne(bool first) {
    Parser parser;
    parser.header_limit(static_cast<uint32_t>(hub_.limits.max_header_bytes));
    parser.body_limit(hub_.limits.max_body_bytes);
    const int status = co_await Read(parser, first);
    if (status != 0) {
      if (status > 0) co_await Refuse(status);
      co_return false;
    }
    const bool keep = parser.keep_alive();
    const unsigned version = parser.get().version();
    head_only_ = parser.get().method() == http::verb::head;
    HttpRequest request = ToRequest(std::move(parser.get()));
    hub_.handler.Handle(std::move(request), MakeExchange());
    const bool answered = co_await Answer(keep, version);
    GiveBackBody();
    co_return answered&& keep && !must_close_;
  }

  // 0 once a request is read; the status to refuse it with; -1 to say nothing.
  asio::awaitable<int> Read(Parser& parser, bool first) {
    if (buffer_.size() == 0) {
      Expire(first ? hub_.limits.header_timeout : hub_.limits.idle_timeout);
      auto [error, got] =
          co_await stream_.async_read_some(buffer_.prepare(kReadAtOnce / 16), kTuple);
      if (error) co_return -1;
      buffer_.commit(got);
    }
    Expire(hub_.limits.header_timeout);
    auto [error, read] = co_await http::async_read_header(stream_, buffer_, parser, kTuple);
    if (error) co_return StatusOf(error);
    const int refused = CheckHead(parser);
    if (refused != 0) co_return refused;
    if (parser.is_done()) co_return 0;
    Expire(hub_.limits.body_timeout);
    if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
      static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
      auto [failed, sent] = co_await asio::async_write(
          stream_, asio::buffer(kContinue.data(), kContinue.size()), kTuple);
      if (failed) co_return -1;
    }
    co_return co_await ReadBody(parser);
  }

  asio::awaitable<int> ReadBody(Parser& parser) {
    parser.eager(true);
    while (!parser.is_done()) {
      auto [error, read] = co_await http::async_read_some(stream_, buffer_, parser, kTuple);
      if (error) co_return StatusOf(error);
      const size_t held = parser.get().body().size();
      hub_.body_bytes += held - body_held_;
      body_held_ = held;
      if (hub_.body_bytes > hub_.limits.max_body_bytes_held) co_return 503;
    }
    co_return 0;
  }

  int CheckHead(const Parser& parser) const {
    const auto& head = parser.get();
    const auto count = std::distance(head.begin(), head.end());
    if (count > static_cast<std::ptrdiff_t>(hub_.limits.max_header_count)) return 431;
    // An encoding that ends in anything but chunks has no known length: what
    // follows could be taken for a request of its own.
    if (head.count(http::field::transfer_encoding) > 0 &&
        (!parser.chunked() || head.version() < 11)) {
      return 400;
    }
    const auto length = parser.content_length();
    if (length.has_value() && *length > hub_.limits.max_body_bytes) return 413;
    const auto expect = head[http::field::expect];
    if (!expect.empty() && !beast::iequals(expect, "100-continue")) return 417;
    return 0;
  }

  int StatusOf(const beast::error_code& error) {
    if (error == beast::error::timeout) {  // which has closed the connection
      ++hub_.timeouts;
      return -1;
    }
    if (error == http::error::header_limit) return 431;
    if (error == http::error::body_limit) return 413;
    if (error == http::error::end_of_stream || error == http::error::partial_message) return -1;
    const bool malformed = error.category() == http::make_error_code(http::error{}).category();
    return malformed ? 400 : -1;
  }

  HttpRequest ToRequest(http::request<http::string_body>&& message) {
    HttpRequest request;
    request.method = std::string(message.method_string());
    const std::string target(message.target());
    const size_t question = std::min(target.find('?'), target.size());
    request.path = target.substr(0, question);
    request.query = target.substr(std::min(question + 1, target.size()));
    for (const auto& field : message) {
      request.headers.emplace_back(absl::AsciiStrToLower(std::string(field.name_string())),
                                   std::string(field.value()));
    }
    request.body = std::move(message.body());
    request.peer = peer_;
    return request;
  }

  // Says why and ends; reads a little of what still comes, since closing on
  // unread bytes could take the answer away from the client.
  asio::awaitable<void> Refuse(int status) {
    ++hub_.bad;
    const std::string text = HeadText({status, {{"Content-Type", "text/plain"}}, ""},
                                      {.body_bytes = 0, .keep_alive = false});
    Expire(kDrainTime);
    auto [failed, sent] = co_await asio::async_write(stream_, asio::buffer(text), kTuple);
    if (failed) co_return;
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    buffer_.clear();
    for (size_t drained = 0; drained < kDrainBytes;) {
      auto [error, got] = co_await stream_.async_read_some(buffer_.prepare(kReadAtOnce), kTuple);
      if (error) co_return;
      drained += got;
    }
  }

  // Writes what the handler hands over until the answer is whole. False if the
  // client went away.
  asio::awaitable<bool> Answer(bool keep, unsigned version) {
    must_close_ = false;
    WatchPeer();
    bool whole = false;
    while (!whole) {
      while (outbox_.empty() && !gone_) co_await wake_.async_wait(kTuple);
      if (gone_) break;
      Piece piece = std::move(outbox_.front());
      outbox_.pop_front();
      whole = piece.kind == Piece::Kind::kWhole || piece.kind == Piece::Kind::kEnd;
      const std::string text = TextOf(piece, keep, version);
      Expire(hub_.limits.write_timeout + absl::Seconds(static_cast<int64_t>(text.size() >> 15)));
      auto [error, sent] = co_await asio::async_write(stream_, asio::buffer(text), kTuple);
      if (error == beast::error::timeout) ++hub_.timeouts;
      if (piece.done) piece.done(!error);
      if (error) Leave();
    }
    on_gone_ = nullptr;
    stream_.expires_never();
    watching_ = false;
    if (!gone_) stream_.socket().cancel();
    co_return !gone_;
  }

  std::string TextOf(Piece& piece, bool keep, unsigned version) {
    const bool chunked = version >= 11;
    switch (piece.kind) {
      case Piece::Kind::kWhole: {
        std::string text = HeadText(piece.response,
                                    {.body_bytes = piece.response.body.size(), .keep_alive = keep});
        if (!head_only_) text += piece.response.body;
        return text;
      }
      case Piece::Kind::kBegin: {
        if (!chunked) must_close_ = true;
        std::string text =
            HeadText(piece.response,
                     {.length = chunked ? Framing::Length::kChunked : Framing::Length::kUntilClose,
                      .keep_alive = keep && chunked});
        return text += chunked ? ChunkText(piece.response.body) : piece.response.body;
      }
      case Piece::Kind::kPart:
        return chunked ? ChunkText(piece.response.body) : std::move(piece.response.body);
      case Piece::Kind::kEnd:
        return chunked ? "0\r\n\r\n" : "";
    }
    return "";
  }

  // While an answer is awaited nothing is read, so the end of the connection
  // is looked for.
  void WatchPeer() {
    watching_ = true;
    stream_.socket().async_wait(
        tcp::socket::wait_read, [self = shared_from_this()](const beast::error_code& error) {
          if (error || !self->watching_) return;
          char byte;
          const ssize_t got =
              recv(self->stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
          if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) self->Leave();
        });
  }

  void Leave() {
    if (gone_) return;
    gone_ = true;
    wake_.cancel();
    DropOutbox();
    if (on_gone_) std::exchange(on_gone_, nullptr)();
  }

  void DropOutbox() {
    gone_ = true;
    for (Piece& piece : std::exchange(outbox_, {})) {
      if (piece.done) piece.done(false);
    }
  }

  void GiveBackBody() { hub_.body_bytes -= std::exchange(body_held_, 0); }

  void Expire(absl::Duration after) { stream_.expires_after(absl::ToChronoMilliseconds(after)); }

  std::shared_ptr<Exchange> MakeExchange();

  Hub& hub_;
  const std::string peer_;
  beast::tcp_stream stream_;
  asio::steady_timer wake_;
  beast::flat_buffer buffer_;
  std::deque<Piece> outbox_;
  std::function<void()> on_gone_;
  size_t body_held_ = 0;
  bool head_only_ = false;
  bool must_close_ = false;
  bool watching_ = false;
  bool gone_ = false;
};

class ConnectionExchange final : public Exchange {
 public:
  ConnectionExchange(std::shared_ptr<Gate> gate, std::weak_ptr<Connection> connection)
      : gate_(std::move(gate)), connection_(std::move(connection)) {}

  void Send(HttpResponse response) override {
    Hand({Piece::Kind::kWhole, std::move(response), nullptr});
  }
  void Begin(HttpResponse head) override { Hand({Piece::Kind::kBegin, std::move(head), nullptr}); }
  void Write(std::string part, std::function<void(bool)> done) override {
    if (part.empty()) return done(true);  // an empty chunk would end the answer
    Hand({Piece::Kind::kPart, {200, {}, std::move(part)}, std::move(done)});
  }
  void End() override { Hand({Piece::Kind::kEnd, {}, nullptr}); }

  void OnGone(std::function<void()> gone) override {
    const bool posted = Post([gone](Connection& c) { c.SetOnGone(gone); });
    if (!posted) gone();
  }

 private:
  void Hand(Piece piece) {
    auto shared = std::make_shared<Piece>(std::move(piece));
    const bool posted = Post([shared](Connection& c) { c.Take(std::move(*shared)); });
    if (!posted && shared->done) shared->done(false);
  }

  template <typename Work>
  bool Post(Work work) {
    const std::lock_guard lock(gate_->mutex);
    if (!gate_->open) return false;
    std::shared_ptr<Connection> connection = connection_.lock();
    if (connection == nullptr) return false;
    auto executor = connection->executor();
    asio::post(executor, [connection = std::move(connection), work] { work(*connection); });
    return true;
  }

  const std::shared_ptr<Gate> gate_;
  const std::weak_ptr<Connection> connection_;
};

std::shared_ptr<Exchange> Connection::MakeExchange() {
  return std::make_shared<ConnectionExchange>(hub_.gate, weak_from_this());
}

// Adds a connection, or says that there are too many.
std::shared_ptr<Connection> Admit(Hub& hub, tcp::socket socket) {
  beast::error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return nullptr;
  std::string peer = remote.address().to_string();
  {
    const std::lock_guard lock(hub.mutex);
    if (hub.stopping) return nullptr;
    size_t& of_peer = hub.peers[peer];
    if (hub.connections.size() >= hub.limits.max_connections ||
        of_peer >= hub.limits.max_connections_per_peer) {
      if (of_peer == 0) hub.peers.erase(peer);
      ++hub.refused;
      const std::string text = HeadText({503, {{"Retry-After", "1"}}, ""}, {.keep_alive = false});
      (void)!send(socket.native_handle(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      return nullptr;
    }
    ++of_peer;
  }
  auto connection = std::make_shared<Connection>(hub, std::move(socket), std::move(peer));
  bool stopping = false;
  {
    const std::lock_guard lock(hub.mutex);
    hub.connections[connection.get()] = connection;
    stopping = hub.stopping;
  }
  if (stopping) connection = nullptr;
  return connection;
}

asio::awaitable<void> Accept(Hub& hub, tcp::acceptor& acceptor) {
  asio::steady_timer pause(acceptor.get_executor());
  while (acceptor.is_open()) {
    auto [error, socket] = co_await acceptor.async_accept(asio::make_strand(hub.io), kTuple);
    if (error == asio::error::operation_aborted || !acceptor.is_open()) co_return;
    if (error) {  // out of files, most likely: others will end
      pause.expires_after(absl::ToChronoMilliseconds(kAcceptAgain));
      co_await pause.async_wait(kTuple);
      continue;
    }
    ++hub.accepted;
    auto connection = Admit(hub, std::move(socket));
    if (connection == nullptr) continue;
    auto executor = connection->executor();
    asio::co_spawn(executor, Connection::Run(std::move(connection)), asio::detached);
  }
}

}  // namespace

struct HttpServer::Impl {
  Impl(const HttpLimits& limits, Handler& handler)
      : hub(limits, handler), acceptor(asio::make_strand(hub.io)) {}

  Hub hub;
  tcp::acceptor acceptor;
  std::string address;
  std::vector<std::thread> threads;
};

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& address,
                                                              const HttpLimits& limits,
                                                              Handler& handler) {
  const std::optional<HostPort> parsed = ParseHostPort(address);
  if (!parsed.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat("'", address, "' is not ADDRESS:PORT"));
  }
  auto impl = std::make_unique<Impl>(limits, handler);
  beast::error_code error;
  const auto ip =
      asio::ip::make_address(parsed->host == "localhost" ? "127.0.0.1" : parsed->host, error);
  if (error) {
    return absl::InvalidArgumentError(absl::StrCat("'", address, "' is not ADDRESS:PORT"));
  }
  const tcp::endpoint endpoint(ip, parsed->port);
  impl->acceptor.open(endpoint.protocol(), error);
  if (!error) impl->acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) impl->acceptor.bind(endpoint, error);
  if (!error) impl->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, " (", error.message(), ")"));
  }
  const std::string host = ip.is_v6() ? absl::StrCat("[", ip.to_string(), "]") : ip.to_string();
  impl->address = absl::StrCat(host, ":", impl->acceptor.local_endpoint().port());
  asio::co_spawn(impl->acceptor.get_executor(), Accept(impl->hub, impl->acceptor), asio::detached);
  for (int i = 0; i < limits.threads; ++i) {
    impl->threads.emplace_back([&io = impl->hub.io] { io.run(); });
  }
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { Stop(); }

void HttpServer::Stop() {
  asio::post(impl_->acceptor.get_executor(), [this] { impl_->acceptor.close(); });
  std::vector<std::shared_ptr<Connection>> open;  // let go outside of the lock
  {
    const std::lock_guard lock(impl_->hub.mutex);
    impl_->hub.stopping = true;
    for (const auto& [key, weak] : impl_->hub.connections) {
      if (auto connection = weak.lock()) open.push_back(std::move(connection));
    }
  }
  for (const auto& connection : std::exchange(open, {})) {
    asio::post(connection->executor(), [connection] { connection->Abort(); });
  }
  for (std::thread& thread : impl_->threads) thread.join();
  impl_->threads.clear();
  const std::lock_guard lock(impl_->hub.gate->mutex);
  impl_->hub.gate->open = false;
}

const std::string& HttpServer::address() const { return impl_->address; }

HttpCounts HttpServer::counts() const {
  Hub& hub = impl_->hub;
  const std::lock_guard lock(hub.mutex);
  return {static_cast<int64_t>(hub.connections.size()), hub.accepted, hub.refused, hub.bad,
          hub.timeouts};
}

}  // namespace steelyard::gateway
