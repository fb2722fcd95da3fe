#include "tests/server/gateway/harness.h"

#include <algorithm>

namespace steelyard::gateway {

GatewayTest::GatewayTest() {
  options_.address = "127.0.0.1:0";
  options_.internal_address = "127.0.0.1:0";
  options_.origins = {kOrigin};
  Open();
}

void GatewayTest::Open() {
  gateway_.reset();
  auto started = Gateway::Start(options_, {.channel = server_.channel(),
                                           .clock = clock_,
                                           .sign_in = sign_in_,
                                           .healthy = [this] { return healthy_; },
                                           .figures = [] { return std::vector<Figure>{}; }});
  ASSERT_TRUE(started.ok()) << started.status();
  gateway_ = *std::move(started);
}

HttpReply GatewayTest::Ask(const std::string& method, const std::string& target, HeaderList headers,
                           const std::string& body) {
  const bool has_host =
      std::any_of(headers.begin(), headers.end(), [](const auto& h) { return h.first == "Host"; });
  if (!has_host) headers.insert(headers.begin(), {"Host", kHost});
  return testing::Fetch(gateway_->address(), method, target, headers, body);
}

HttpReply GatewayTest::Call(const std::string& method, const std::string& json,
                            const std::string& secret, HeaderList headers) {
  headers.emplace_back("Content-Type", "application/json");
  if (!secret.empty()) headers.emplace_back("Authorization", "Bearer " + secret);
  return Ask("POST", "/steelyard.v1." + method, headers, json);
}

HttpReply GatewayTest::CallFromPage(const std::string& method, const std::string& json,
                                    const std::string& cookie, HeaderList headers) {
  headers.emplace_back("Content-Type", "application/json");
  headers.emplace_back("Connect-Protocol-Version", "1");
  headers.emplace_back("Cookie", cookie);
  for (const auto& header : FromOwnPageHeaders()) headers.push_back(header);
  return Ask("POST", "/steelyard.v1." + method, headers, json);
}

GatewayTest::Form GatewayTest::OpenForm() {
  const HttpReply page = Ask("GET", "/sign-in");
  const std::string mark = "name=\"form\" value=\"";
  const size_t at = page.body.find(mark);
  EXPECT_NE(at, std::string::npos) << page.body;
  const size_t start = at + mark.size();
  return {CookieOf(page, "form"), page.body.substr(start, page.body.find('"', start) - start)};
}

HttpReply GatewayTest::SignIn(const std::string& secret, HeaderList more) {
  const Form form = OpenForm();
  for (const auto& header : FromOwnPageHeaders()) more.push_back(header);
  more.emplace_back("Cookie", form.cookie);
  more.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  return Ask("POST", "/sign-in", more, "form=" + form.token + "&next=%2F&token=" + secret);
}

std::string GatewayTest::CookieOf(const HttpReply& reply, const std::string& what) {
  const std::string start = "__Host-steelyard-" + what + "=";
  for (const auto& [name, value] : reply.headers) {
    if (name != "set-cookie" || value.compare(0, start.size(), start) != 0) continue;
    const std::string pair = value.substr(0, value.find(';'));
    return pair.size() == start.size() ? "" : pair;
  }
  return "";
}

std::string GatewayTest::Session(const std::string& secret) {
  const HttpReply reply = SignIn(secret);
  EXPECT_EQ(reply.status, 303) << reply.body;
  return CookieOf(reply, "session");
}

HeaderList FromOwnPageHeaders() { return {{"Origin", kOrigin}, {"Sec-Fetch-Site", "same-origin"}}; }

}  // namespace steelyard::gateway
