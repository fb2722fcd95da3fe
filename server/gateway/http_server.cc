#include "server/gateway/http_server.h"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/gateway/connection.h"
#include "server/gateway/http_text.h"
#include "server/gateway/origin.h"

namespace steelyard::gateway {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr absl::Duration kAcceptAgain = absl::Milliseconds(100);

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
      std::vector<Header> headers = SecurityHeaders(Origin{});
      headers.emplace_back("Retry-After", "1");
      const std::string text = HeadText({503, std::move(headers), ""}, {.keep_alive = false});
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
