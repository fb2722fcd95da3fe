// What goes over real sockets, right and wrong.

#include "server/gateway/http_server.h"

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "tests/support/http_client.h"

namespace steelyard::gateway {
namespace {

using ::steelyard::testing::HttpConnection;
using ::steelyard::testing::HttpReply;
using ::steelyard::testing::RequestText;
using ::testing::HasSubstr;
using ::testing::Not;

// Echoes the body; /stream sends it in three parts, /hold keeps the exchange.
class Echo final : public Handler {
 public:
  void Handle(HttpRequest request, std::shared_ptr<Exchange> exchange) override {
    const std::lock_guard lock(mutex_);
    paths_.push_back(request.path);
    if (request.path == "/hold") {
      exchange->OnGone([this] { gone_ = true; });
      held_.push_back(std::move(exchange));
      return;
    }
    if (request.path == "/stream") {
      exchange->Begin({200, {}, request.body});
      exchange->Write(request.body, [exchange, body = request.body](bool) {
        exchange->Write(body, [exchange](bool) { exchange->End(); });
      });
      return;
    }
    HttpResponse response{200, {{"X-Peer", request.peer}}, request.body};
    response.headers.emplace_back("X-Echo", std::string(request.Get("x-echo")));
    exchange->Send(std::move(response));
  }

  std::vector<std::string> paths() {
    const std::lock_guard lock(mutex_);
    return paths_;
  }
  void AnswerHeld() {
    const std::lock_guard lock(mutex_);
    for (const auto& exchange : held_) exchange->Send({200, {}, "late"});
    held_.clear();
  }
  size_t held() {
    const std::lock_guard lock(mutex_);
    return held_.size();
  }
  bool gone() const { return gone_; }

 private:
  std::mutex mutex_;
  std::vector<std::string> paths_;
  std::vector<std::shared_ptr<Exchange>> held_;
  std::atomic<bool> gone_{false};
};

template <typename Condition>
bool Eventually(Condition condition) {
  for (int i = 0; i < 1000; ++i) {
    if (condition()) return true;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return false;
}

class HttpServerTest : public ::testing::Test {
 protected:
  void Serve(const HttpLimits& limits) {
    auto started = HttpServer::Start("127.0.0.1:0", limits, echo_);
    ASSERT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
  }
  void SetUp() override { Serve(limits_); }

  const std::string& address() { return server_->address(); }
  // The status that raw bytes get on a connection of their own.
  HttpReply Raw(const std::string& bytes) {
    HttpConnection connection(address());
    connection.Send(bytes);
    return connection.Read();
  }

  HttpLimits limits_;
  Echo echo_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersSeveralRequestsOnOneConnection) {
  HttpConnection connection(address());
  for (const std::string body : {"one", "", "three"}) {
    ASSERT_TRUE(connection.Send(RequestText("POST", "/x", address(), {}, body)));
    const HttpReply reply = connection.Read();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, body);
    EXPECT_EQ(reply.Get("connection"), "keep-alive");
    EXPECT_EQ(reply.Get("x-peer"), "127.0.0.1");
  }
}

TEST_F(HttpServerTest, AnswersRequestsThatCameTogetherInTheirOrder) {
  HttpConnection connection(address());
  std::string all;
  for (int i = 0; i < 20; ++i) all += RequestText("POST", "/x", address(), {}, absl::StrCat(i));
  ASSERT_TRUE(connection.Send(all));
  for (int i = 0; i < 20; ++i) EXPECT_EQ(connection.Read().body, absl::StrCat(i));
}

TEST_F(HttpServerTest, TakesARequestByteByByte) {
  HttpConnection connection(address());
  for (const char c : RequestText("POST", "/x", address(), {{"X-Echo", "b"}}, "body")) {
    ASSERT_TRUE(connection.Send(std::string(1, c)));
  }
  const HttpReply reply = connection.Read();
  EXPECT_EQ(reply.body, "body");
  EXPECT_EQ(reply.Get("x-echo"), "b");
}

TEST_F(HttpServerTest, TakesAndSendsChunks) {
  HttpConnection connection(address());
  connection.Send(
      "POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nTrailer: t\r\n\r\n");
  const HttpReply reply = connection.Read();
  EXPECT_EQ(reply.Get("transfer-encoding"), "chunked");
  EXPECT_EQ(reply.body, "abcdefgabcdefgabcdefg");
  EXPECT_THAT(reply.Get("content-length"), "");
}

TEST_F(HttpServerTest, EndsTheConnectionForOldClients) {
  HttpConnection connection(address());
  connection.Send("POST /stream HTTP/1.0\r\nContent-Length: 2\r\n\r\nab");
  const HttpReply reply = connection.Read();
  EXPECT_EQ(reply.body, "ababab");
  EXPECT_EQ(reply.Get("transfer-encoding"), "");
  EXPECT_EQ(reply.Get("content-length"), "");
}

TEST_F(HttpServerTest, AnswersHeadWithoutABody) {
  HttpConnection connection(address());
  connection.Send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + RequestText("POST", "/x", "a", {}, "z"));
  EXPECT_EQ(connection.Read(true).status, 200);
  EXPECT_EQ(connection.Read().body, "z");
}

TEST_F(HttpServerTest, AsksForABodyThatWaitsToBeAsked) {
  HttpConnection connection(address());
  connection.Send(
      "POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(connection.Read().status, 100);
  connection.Send("ok");
  EXPECT_EQ(connection.Read().body, "ok");
  EXPECT_EQ(Raw("POST /x HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 2\r\n\r\n").status,
            417);
}

TEST_F(HttpServerTest, RefusesWhatTwoServersCouldReadInTwoWays) {
  const std::string rest = "Host: a\r\n";
  const std::string smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::string headers : {
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
           "Content-Length: 5\r\nContent-Length: 6\r\n",
           "Content-Length: +5\r\n",
           "Content-Length: 5, 6\r\n",
           "Content-Length: -1\r\n",
           "Content-Length: 99999999999999999999\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked, identity\r\n",
           "Transfer-Encoding: xchunked\r\n",
           "Transfer-Encoding: gzip\r\n",
           "Transfer-Encoding : chunked\r\n",
       }) {
    const int status = Raw("POST /x HTTP/1.1\r\n" + rest + headers + "\r\n" + smuggled).status;
    EXPECT_THAT(status, ::testing::AnyOf(400, 413)) << headers;
  }
  EXPECT_EQ(Raw("POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + smuggled).status, 400);
  EXPECT_THAT(echo_.paths(), Not(::testing::Contains("/smuggled")));
}

TEST_F(HttpServerTest, RefusesWhatIsNoHttp) {
  for (const std::string& bytes : {
           std::string("\r\n\r\n\r\nnonsense\r\n\r\n"),
           std::string("GET\r\n\r\n"),
           std::string("GET /x\r\n\r\n"),
           std::string("GET /x HTTP/9.9\r\n\r\n"),
           std::string("GET /x HTTP/1.1\nHost: a\n\n"),
           std::string("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
           std::string("GET /\0x HTTP/1.1\r\nHost: a\r\n\r\n", 29),
           std::string("GET /x HTTP/1.1\r\nNo colon\r\n\r\n"),
           std::string("GET /x HTTP/1.1\r\nX-Echo: a\0b\r\n\r\n", 32),
           std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "tls\r\n\r\n",
           std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
       }) {
    EXPECT_EQ(Raw(bytes).status, 400) << bytes;
  }
  EXPECT_TRUE(echo_.paths().empty());
}

TEST_F(HttpServerTest, ItsOwnRefusalsAreAsStrictAsAnyAnswer) {
  for (const std::string& request :
       {std::string("nonsense\r\n\r\n"),
        std::string("POST /x HTTP/1.1\r\nContent-Length: 4194305\r\n\r\n"),
        std::string("GET /x HTTP/1.1\r\nExpect: wonders\r\n\r\n"),
        "GET /" + std::string(20 << 10, 'a') + " HTTP/1.1\r\n\r\n"}) {
    const HttpReply reply = Raw(request);
    EXPECT_GE(reply.status, 400);
    EXPECT_EQ(reply.Get("cache-control"), "no-store");
    EXPECT_EQ(reply.Get("x-content-type-options"), "nosniff");
    EXPECT_THAT(reply.Get("content-security-policy"), ::testing::HasSubstr("default-src 'self'"));
  }
}

TEST_F(HttpServerTest, RefusesTooMuchOfAnything) {
  const std::string start = "GET /x HTTP/1.1\r\nHost: a\r\n";
  std::string many = start;
  for (int i = 0; i < 100; ++i) absl::StrAppend(&many, "X-", i, ": 1\r\n");
  EXPECT_EQ(Raw(many + "\r\n").status, 431);
  EXPECT_EQ(Raw(start + "X-Long: " + std::string(20 << 10, 'a') + "\r\n\r\n").status, 431);
  EXPECT_EQ(Raw("GET /" + std::string(20 << 10, 'a') + " HTTP/1.1\r\n\r\n").status, 431);
  EXPECT_EQ(Raw("POST /x HTTP/1.1\r\nContent-Length: 4194305\r\n\r\n").status, 413);
  const std::string chunk =
      absl::StrCat(absl::Hex(1 << 20), "\r\n", std::string(1 << 20, 'b'), "\r\n");
  std::string chunked = "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 5; ++i) chunked += chunk;
  EXPECT_EQ(Raw(chunked).status, 413);
  EXPECT_TRUE(echo_.paths().empty());
  EXPECT_GE(server_->counts().bad_requests, 5);

  HttpConnection most(address());
  most.Send(RequestText("POST", "/x", "a", {}, std::string(4 << 20, 'c')));
  EXPECT_EQ(most.Read().body.size(), size_t{4} << 20);
}

TEST_F(HttpServerTest, TellsTheHandlerThatAClientWentAway) {
  auto connection = std::make_unique<HttpConnection>(address());
  connection->Send(RequestText("GET", "/hold", address(), {}));
  ASSERT_TRUE(Eventually([&] { return echo_.held() == 1; }));
  connection->Reset();
  EXPECT_TRUE(Eventually([&] { return echo_.gone(); }));
  echo_.AnswerHeld();  // and nothing happens
  EXPECT_EQ(Raw(RequestText("GET", "/x", address(), {})).status, 200);
}

TEST_F(HttpServerTest, StopsWhileRequestsAreUnderWay) {
  HttpConnection connection(address());
  connection.Send(RequestText("GET", "/hold", address(), {}));
  ASSERT_TRUE(Eventually([&] { return echo_.held() == 1; }));
  server_->Stop();
  EXPECT_TRUE(connection.Closed(5));
  EXPECT_TRUE(echo_.gone());
  echo_.AnswerHeld();
  server_.reset();
}

TEST_F(HttpServerTest, TellsLoopbackFromWhatLooksLikeIt) {
  for (const char* own : {"127.0.0.1:80", "127.9.9.9:0", "localhost:8080", "[::1]:443"}) {
    EXPECT_TRUE(IsLoopbackAddress(own)) << own;
  }
  for (const char* other : {"0.0.0.0:80", "127.evil.example:80", "127.0.0.1.evil.example:80", "",
                            "[::]:80", "localhost.evil.example:1", "10.0.0.1:127", "127.0.0.1",
                            "127.0.0.1:http", "127.0.0.1:99999", "[::ffff:10.0.0.1]:1"}) {
    EXPECT_FALSE(IsLoopbackAddress(other)) << other;
  }
  EXPECT_FALSE(HttpServer::Start("nonsense", limits_, echo_).ok());
  EXPECT_TRUE(absl::IsUnavailable(HttpServer::Start(address(), limits_, echo_).status()));
}

// Waits that are short enough for a test.
class ImpatientServerTest : public HttpServerTest {
 protected:
  void SetUp() override {
    limits_.header_timeout = absl::Milliseconds(300);
    limits_.body_timeout = absl::Milliseconds(300);
    limits_.idle_timeout = absl::Milliseconds(500);
    limits_.write_timeout = absl::Milliseconds(300);
    limits_.max_connections = 6;
    limits_.max_connections_per_peer = 4;
    limits_.max_body_bytes_held = 1 << 20;
    Serve(limits_);
  }
  // Sends a byte now and then, and says after how long the other end closed.
  absl::Duration Drip(const std::string& start) {
    HttpConnection connection(address());
    const absl::Time begin = absl::Now();
    connection.Send(start);
    while (absl::Now() - begin < absl::Seconds(20) && !connection.Closed(0)) {
      if (!connection.Send("a")) break;
      absl::SleepFor(absl::Milliseconds(50));
    }
    return absl::Now() - begin;
  }
};

TEST_F(ImpatientServerTest, EndsSlowHeadersBodiesAndReaders) {
  EXPECT_LT(Drip("GET /x HTTP/1.1\r\nX-Slow: "), absl::Seconds(5));
  EXPECT_LT(Drip("POST /x HTTP/1.1\r\nContent-Length: 1000\r\n\r\n"), absl::Seconds(5));
  EXPECT_LT(Drip("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n"),
            absl::Seconds(5));
  HttpConnection reader(address());  // asks, and takes nothing
  const std::string half(512 << 10, 'e');
  const std::string asks = RequestText("POST", "/x", "a", {}, half);
  for (int i = 0; i < 40 && reader.Send(asks); ++i) continue;
  EXPECT_TRUE(Eventually([&] { return server_->counts().connections == 0; }));
  HttpConnection silent(address());
  EXPECT_TRUE(silent.Closed(5));
  HttpConnection idle(address());
  idle.Send(RequestText("GET", "/x", "a", {}));
  EXPECT_EQ(idle.Read().status, 200);
  EXPECT_TRUE(idle.Closed(5));
  EXPECT_GE(server_->counts().timeouts, 3);
}

TEST_F(ImpatientServerTest, CapsConnectionsInAllAndOfOnePeer) {
  std::vector<std::unique_ptr<HttpConnection>> open;
  for (int i = 0; i < 4; ++i) {
    open.push_back(std::make_unique<HttpConnection>(address(), "127.0.0.2:0"));
    open.back()->Send(RequestText("GET", "/hold", "a", {}));
  }
  ASSERT_TRUE(Eventually([&] { return echo_.held() == 4; }));
  HttpConnection fifth(address(), "127.0.0.2:0");
  const HttpReply no_room = fifth.Read();
  EXPECT_EQ(no_room.status, 503);
  EXPECT_EQ(no_room.Get("cache-control"), "no-store");
  HttpConnection other(address(), "127.0.0.3:0");
  other.Send(RequestText("GET", "/x", "a", {}));
  EXPECT_EQ(other.Read().status, 200);
  HttpConnection another(address(), "127.0.0.4:0");
  another.Send(RequestText("GET", "/hold", "a", {}));
  ASSERT_TRUE(Eventually([&] { return echo_.held() == 5; }));
  HttpConnection beyond(address(), "127.0.0.5:0");
  const HttpReply refused = beyond.Read();
  EXPECT_THAT(refused.status, ::testing::AnyOf(503, 0));
  EXPECT_GE(server_->counts().refused_connections, 2);
  open.clear();
  EXPECT_TRUE(Eventually([&] { return server_->counts().connections <= 2; }));
  EXPECT_EQ(Raw(RequestText("GET", "/x", "a", {})).status, 200);
}

TEST_F(ImpatientServerTest, CapsTheBodiesThatItHolds) {
  const std::string big(700 << 10, 'd');
  HttpConnection first(address());
  first.Send(RequestText("POST", "/hold", "a", {}, big));
  ASSERT_TRUE(Eventually([&] { return echo_.held() == 1; }));
  EXPECT_EQ(Raw(RequestText("POST", "/x", "a", {}, big)).status, 503);
  echo_.AnswerHeld();
  EXPECT_EQ(first.Read().body, "late");
  // The answer is out a moment before the body is given up.
  EXPECT_TRUE(
      Eventually([&] { return Raw(RequestText("POST", "/x", "a", {}, big)).status == 200; }));
}

}  // namespace
}  // namespace steelyard::gateway
