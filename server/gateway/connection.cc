#include "server/gateway/connection.h"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <cerrno>
#include <utility>

#include "absl/strings/ascii.h"
#include "server/gateway/http_text.h"
#include "server/gateway/origin.h"

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

}  // namespace

Connection::Connection(Hub& hub, tcp::socket socket, std::string peer)
    : hub_(hub),
      peer_(std::move(peer)),
      stream_(std::move(socket)),
      wake_(stream_.get_executor(), asio::steady_timer::time_point::max()),
      buffer_(kReadAtOnce + hub.limits.max_header_bytes) {}

Connection::~Connection() {
  const std::lock_guard lock(hub_.mutex);
  hub_.connections.erase(this);
  const auto found = hub_.peers.find(peer_);
  if (found != hub_.peers.end() && --found->second == 0) hub_.peers.erase(found);
}

asio::awaitable<void> Connection::Run(std::shared_ptr<Connection> self) {
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

void Connection::Take(Piece piece) {
  if (gone_) {
    if (piece.done) piece.done(false);
    return;
  }
  outbox_.push_back(std::move(piece));
  wake_.cancel();
}

void Connection::SetOnGone(std::function<void()> gone) {
  if (gone_) return gone();
  on_gone_ = std::move(gone);
}

void Connection::Abort() {
  Leave();
  stream_.cancel();
}

asio::awaitable<bool> Connection::ServeOne(bool first) {
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

asio::awaitable<int> Connection::Read(Parser& parser, bool first) {
  if (buffer_.size() == 0) {
    Expire(first ? hub_.limits.header_timeout : hub_.limits.idle_timeout);
    auto [error, got] = co_await stream_.async_read_some(buffer_.prepare(kReadAtOnce / 16), kTuple);
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

asio::awaitable<int> Connection::ReadBody(Parser& parser) {
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

int Connection::CheckHead(const Parser& parser) const {
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

int Connection::StatusOf(const beast::error_code& error) {
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

HttpRequest Connection::ToRequest(http::request<http::string_body>&& message) {
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

asio::awaitable<void> Connection::Refuse(int status) {
  ++hub_.bad;
  std::vector<Header> headers = SecurityHeaders(Origin{});
  headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
  const std::string text = HeadText({status, std::move(headers), ""}, {.keep_alive = false});
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

asio::awaitable<bool> Connection::Answer(bool keep, unsigned version) {
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

std::string Connection::TextOf(Piece& piece, bool keep, unsigned version) {
  const bool chunked = version >= 11;
  switch (piece.kind) {
    case Piece::Kind::kWhole: {
      std::string text =
          HeadText(piece.response, {.body_bytes = piece.response.body.size(), .keep_alive = keep});
      if (!head_only_) text += piece.response.body;
      return text;
    }
    case Piece::Kind::kBegin: {
      if (!chunked) must_close_ = true;
      std::string text = HeadText(piece.response, {.length = chunked ? Framing::Length::kChunked
                                                                     : Framing::Length::kUntilClose,
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

void Connection::WatchPeer() {
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

void Connection::Leave() {
  if (gone_) return;
  gone_ = true;
  wake_.cancel();
  DropOutbox();
  if (on_gone_) std::exchange(on_gone_, nullptr)();
}

void Connection::DropOutbox() {
  gone_ = true;
  for (Piece& piece : std::exchange(outbox_, {})) {
    if (piece.done) piece.done(false);
  }
}

std::shared_ptr<Exchange> Connection::MakeExchange() {
  return std::make_shared<ConnectionExchange>(hub_.gate, weak_from_this());
}

}  // namespace steelyard::gateway
