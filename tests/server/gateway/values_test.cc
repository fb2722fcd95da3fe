// What can be tried without a socket: sessions, limits, origins, figures.

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "server/gateway/metrics.h"
#include "server/gateway/origin.h"
#include "server/gateway/protocol.h"
#include "server/gateway/rate.h"
#include "server/gateway/sessions.h"
#include "tests/support/fake_clock.h"

namespace steelyard::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ValuesTest : public ::testing::Test {
 protected:
  testing::FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
};

TEST_F(ValuesTest, TheLongestIdleSessionOfATokenMakesRoom) {
  Sessions::Limits limits;
  limits.most_per_token = 3;
  limits.most = 4;
  Sessions sessions(clock_, limits);
  const std::string first = *sessions.Start("a");
  const std::string second = *sessions.Start("a");
  ASSERT_TRUE(sessions.Start("a").has_value());
  EXPECT_EQ(sessions.Find(first), "a");  // now the second is the longest idle
  ASSERT_TRUE(sessions.Start("a").has_value());
  EXPECT_EQ(sessions.Find(second), std::nullopt);
  EXPECT_EQ(sessions.Find(first), "a");
  ASSERT_TRUE(sessions.Start("b").has_value());
  EXPECT_EQ(sessions.Start("c"), std::nullopt);
  clock_.Advance(limits.idle);
  EXPECT_TRUE(sessions.Start("c").has_value());
  EXPECT_EQ(sessions.size(), 1u);
  EXPECT_EQ(sessions.Find(""), std::nullopt);
  EXPECT_EQ(sessions.Find(std::string(43, 'A')), std::nullopt);
}

TEST_F(ValuesTest, TriesAreForgottenSlowly) {
  TryLimit tries(clock_, {.burst = 2, .refill = absl::Seconds(10)});
  tries.Count("a");
  EXPECT_TRUE(tries.MayTry("a"));
  tries.Count("a");
  EXPECT_FALSE(tries.MayTry("a"));
  EXPECT_TRUE(tries.MayTry("b"));
  clock_.Advance(absl::Seconds(10));
  EXPECT_TRUE(tries.MayTry("a"));
}

TEST_F(ValuesTest, NoNumberOfAddressesKeepsAnotherOut) {
  TryLimit tries(clock_, {.burst = 2, .refill = absl::Seconds(10), .most_known = 100});
  for (int i = 0; i < 1000; ++i) {
    for (int n = 0; n < 3; ++n) tries.Count(absl::StrCat("a", i));
  }
  EXPECT_FALSE(tries.MayTry("a0"));
  EXPECT_TRUE(tries.MayTry("never seen"));
  // Who comes later is counted once those before are forgotten.
  clock_.Advance(absl::Seconds(40));
  for (int n = 0; n < 2; ++n) tries.Count("never seen");
  EXPECT_FALSE(tries.MayTry("never seen"));
}

TEST_F(ValuesTest, WhatIsUnderWayIsCounted) {
  InFlight in_flight(3, 2);
  EXPECT_EQ(in_flight.Enter("a"), InFlight::Answer::kTaken);
  EXPECT_EQ(in_flight.Enter("a"), InFlight::Answer::kTaken);
  EXPECT_EQ(in_flight.Enter("a"), InFlight::Answer::kTooManyOfCaller);
  EXPECT_EQ(in_flight.Enter("b"), InFlight::Answer::kTaken);
  EXPECT_EQ(in_flight.Enter("c"), InFlight::Answer::kTooMany);
  in_flight.Leave("a");
  EXPECT_EQ(in_flight.Enter("c"), InFlight::Answer::kTaken);
  for (const char* caller : {"a", "b", "c"}) in_flight.Leave(caller);
  in_flight.WaitEmpty();
  EXPECT_EQ(in_flight.count(), 0u);
}

TEST_F(ValuesTest, OriginsAreHttpsOrThisMachine) {
  EXPECT_TRUE(Origins::Parse({"https://a.example", "https://b.example:8443/"}).ok());
  EXPECT_TRUE(Origins::Parse({"http://localhost:8080"}).ok());
  for (const char* bad : {"http://a.example", "a.example", "https://", "https://a.example/path",
                          "https://a b", "ftp://a.example", "", "http://127.evil.example"}) {
    EXPECT_FALSE(Origins::Parse({bad}).ok()) << bad;
  }
  const auto origin_of = [](const Origins& origins, const std::string& host) {
    HttpRequest request;
    request.headers = {{"host", host}};
    return origins.Of(request);
  };
  const Origins none = *Origins::Parse({});
  EXPECT_TRUE(origin_of(none, "localhost:8080").has_value());
  EXPECT_TRUE(origin_of(none, "[::1]:8080").has_value());
  EXPECT_FALSE(origin_of(none, "rebound.example:8080").has_value());
  const Origins one = *Origins::Parse({"https://A.Example"});
  EXPECT_EQ(origin_of(one, "a.example")->text(), "https://a.example");
  EXPECT_FALSE(origin_of(one, "localhost").has_value());
}

TEST_F(ValuesTest, OnlyAProxySaysWhoCalls) {
  HttpRequest request;
  request.peer = "127.0.0.1";
  request.headers = {{"x-real-ip", "192.0.2.7"}};
  EXPECT_EQ(CallerAddress(request, {true, true, ""}), "192.0.2.7");
  EXPECT_EQ(CallerAddress(request, Origin{}), "127.0.0.1");
  // All of a /64 is one caller's.
  request.headers = {{"x-real-ip", "2001:db8:1:2:3:4:5:6"}};
  EXPECT_EQ(CallerAddress(request, {true, true, ""}), "2001:db8:1:2::/64");
  request.headers = {{"x-real-ip", "::ffff:192.0.2.7"}};
  EXPECT_EQ(CallerAddress(request, {true, true, ""}), "192.0.2.7");
  request.headers = {{"x-real-ip", "somebody"}};
  EXPECT_EQ(CallerAddress(request, {true, true, ""}), "127.0.0.1");
}

TEST_F(ValuesTest, FormsAndCookiesAreReadStrictly) {
  EXPECT_EQ(FormValue("a=1&b=x%20y+z&c=", "b"), "x y z");
  EXPECT_EQ(FormValue("a=1&a=2", "a"), "");
  EXPECT_EQ(FormValue("a=%0", "a"), "");
  EXPECT_EQ(FormValue("a=%00", "a"), "");
  EXPECT_EQ(FormValue("", "a"), "");
  HttpRequest request;
  request.headers = {{"cookie", "a=1; b=2"}, {"cookie", "c=3"}};
  EXPECT_EQ(CookieValue(request, "b"), "2");
  EXPECT_EQ(CookieValue(request, "c"), "3");
  request.headers.push_back({"cookie", "b=4"});
  EXPECT_EQ(CookieValue(request, "b"), "");  // two: one of them was planted
  EXPECT_EQ(CookieValue(request, "d"), "");
}

TEST_F(ValuesTest, MetricsAreInPrometheusFormat) {
  Metrics metrics;
  metrics.CountCall("grpc-web", "/a/B", "ok", absl::Milliseconds(3));
  metrics.CountCall("grpc-web", "/a/B", "ok", absl::Seconds(60));
  metrics.CountPage(404);
  const std::string text = metrics.Text({{"x_total", "An X.", 7}, {"y", "A Y.", 0.5}});
  EXPECT_THAT(
      text,
      HasSubstr(
          "steelyard_gateway_calls_total{protocol=\"grpc-web\",method=\"/a/B\",code=\"ok\"} 2"));
  EXPECT_THAT(text,
              HasSubstr("steelyard_gateway_call_seconds_bucket{method=\"/a/B\",le=\"0.005\"} 1"));
  EXPECT_THAT(text,
              HasSubstr("steelyard_gateway_call_seconds_bucket{method=\"/a/B\",le=\"+Inf\"} 2"));
  EXPECT_THAT(text, HasSubstr("steelyard_gateway_pages_total{status=\"404\"} 1"));
  EXPECT_THAT(text, HasSubstr("# TYPE x_total counter\nx_total 7\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE y gauge\ny 0.5\n"));
}

TEST_F(ValuesTest, MessagesOfAreNeverMoreThanAsked) {
  HttpRequest request;
  const std::string empty_message(5, '\0');
  for (int i = 0; i < 11; ++i) request.body += empty_message;
  const Protocol stream{Protocol::Wire::kConnectStream, Protocol::Codec::kProto};
  EXPECT_TRUE(MessagesOf(request, stream, 11).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(MessagesOf(request, stream, 10).status()));
}

}  // namespace
}  // namespace steelyard::gateway
