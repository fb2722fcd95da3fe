// What may go wrong with browsers: RELIABILITY section 3, "Web".

#include <set>
#include <span>

#include "absl/strings/str_cat.h"
#include "tests/server/gateway/harness.h"

namespace steelyard::gateway {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kGetCaller[] = "AccessService/GetCaller";

class WebTest : public GatewayTest {
 protected:
  std::string Reader() { return server_.MakeToken(v1::ROLE_READER, "councils/hck"); }
  // Ends a token through the API.
  void Revoke(const std::string& secret) {
    const std::string name = "tokens/" + secret.substr(4, 17);
    EXPECT_EQ(Call("AccessService/RevokeToken",
                   absl::StrCat(R"({"name":")", name, R"(","requestId":")", NewUuid(), R"("})"),
                   server_.steward())
                  .status,
              200);
  }
};

TEST_F(WebTest, APersonSignsInLooksAroundAndSignsOut) {
  EXPECT_EQ(Ask("GET", "/").Get("location"), "/sign-in");
  const HttpReply in = SignIn(Reader());
  ASSERT_EQ(in.status, 303);
  EXPECT_EQ(in.Get("location"), "/");
  const std::string session = CookieOf(in, "session");
  const HttpReply home = Ask("GET", "/", {{"Cookie", session}});
  EXPECT_EQ(home.status, 200);
  EXPECT_THAT(home.body, HasSubstr("councils/hck"));
  EXPECT_EQ(home.Get("cache-control"), "no-store");
  const HttpReply caller = CallFromPage(kGetCaller, "{}", session);
  EXPECT_EQ(caller.status, 200);
  EXPECT_THAT(caller.body, HasSubstr("ROLE_READER"));

  const std::string mark = "name=\"form\" value=\"";
  const size_t at = home.body.find(mark) + mark.size();
  const std::string form = home.body.substr(at, home.body.find('"', at) - at);
  HeaderList headers = FromOwnPageHeaders();
  headers.emplace_back("Cookie", session);
  headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  EXPECT_EQ(Ask("POST", "/sign-out", headers, "form=wrong").status, 403);
  EXPECT_EQ(CallFromPage(kGetCaller, "{}", session).status, 200);
  const HttpReply out = Ask("POST", "/sign-out", headers, "form=" + form);
  EXPECT_EQ(out.Get("location"), "/sign-in");
  EXPECT_THAT(out.Get("set-cookie"), HasSubstr("Max-Age=0"));
  EXPECT_EQ(CallFromPage(kGetCaller, "{}", session).status, 401);
  EXPECT_EQ(Ask("GET", "/", {{"Cookie", session}}).Get("location"), "/sign-in");
}

TEST_F(WebTest, CookiesAreBoundToThisHostAndOutOfScriptsReach) {
  const std::string secret = Reader();
  const HttpReply page = Ask("GET", "/sign-in");
  const HttpReply in = SignIn(secret);
  for (const HttpReply* reply : {&page, &in}) {
    for (const auto& [name, value] : reply->headers) {
      if (name != "set-cookie") continue;
      EXPECT_THAT(value, ::testing::StartsWith("__Host-steelyard-"));
      EXPECT_THAT(value, HasSubstr("; Path=/"));
      EXPECT_THAT(value, HasSubstr("; HttpOnly"));
      EXPECT_THAT(value, HasSubstr("; Secure"));
      EXPECT_THAT(value, HasSubstr("; SameSite=Strict"));
      EXPECT_THAT(value, Not(HasSubstr("Domain")));
      EXPECT_THAT(value, Not(HasSubstr(secret.substr(0, 20))));
    }
  }
  const std::string session = CookieOf(in, "session");
  EXPECT_THAT(session.substr(session.find('=') + 1), SizeIs(43));
}

TEST_F(WebTest, SigningInMakesANewSessionWhateverTheBrowserHeld) {
  const std::string first = Session(Reader());
  // An attacker's own, or made up: neither becomes the victim's.
  for (const std::string& planted :
       {first, std::string("__Host-steelyard-session=") + std::string(43, 'A')}) {
    const Form form = OpenForm();
    HeaderList headers = FromOwnPageHeaders();
    headers.emplace_back("Cookie", form.cookie + "; " + planted);
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    const HttpReply in = Ask("POST", "/sign-in", headers,
                             "form=" + form.token + "&next=%2F&token=" + server_.steward());
    ASSERT_EQ(in.status, 303);
    EXPECT_NE(CookieOf(in, "session"), planted);
    EXPECT_EQ(CallFromPage(kGetCaller, "{}", planted).status, 401);
  }
  std::set<std::string> all;
  for (int i = 0; i < 20; ++i) all.insert(Session(server_.steward()));
  EXPECT_THAT(all, SizeIs(20));
}

TEST_F(WebTest, SessionsEndWhenIdleWhenOldAndWithTheirToken) {
  const std::string secret = Reader();
  const std::string idle = Session(secret);
  clock_.Advance(options_.sessions.idle - absl::Seconds(1));
  EXPECT_EQ(CallFromPage(kGetCaller, "{}", idle).status, 200);
  clock_.Advance(options_.sessions.idle + absl::Seconds(1));
  EXPECT_EQ(CallFromPage(kGetCaller, "{}", idle).status, 401);

  const std::string old = Session(secret);
  const absl::Duration step = options_.sessions.idle / 2;
  for (absl::Duration t; t < options_.sessions.absolute - step; t += step) {
    clock_.Advance(step);
    ASSERT_EQ(CallFromPage(kGetCaller, "{}", old).status, 200) << t;
  }
  clock_.Advance(step);
  EXPECT_EQ(CallFromPage(kGetCaller, "{}", old).status, 401);

  const std::string revoked = Session(secret);
  EXPECT_EQ(CallFromPage(kGetCaller, "{}", revoked).status, 200);
  Revoke(secret);
  const HttpReply refused = CallFromPage(kGetCaller, "{}", revoked);
  EXPECT_EQ(refused.status, 401);
  EXPECT_THAT(refused.Get("set-cookie"), HasSubstr("Max-Age=0"));
  EXPECT_EQ(Ask("GET", "/", {{"Cookie", revoked}}).Get("location"), "/sign-in");
}

TEST_F(WebTest, OnlyAPageOfOursMayCallWithACookie) {
  const std::string session = Session(server_.steward());
  const std::string path = "/steelyard.v1.AccessService/GetCaller";
  const HeaderList good = {{"Cookie", session},
                           {"Content-Type", "application/json"},
                           {"Connect-Protocol-Version", "1"},
                           {"Origin", kOrigin},
                           {"Sec-Fetch-Site", "same-origin"}};
  EXPECT_EQ(Ask("POST", path, good, "{}").status, 200);
  const auto with = [&](const std::string& name, const std::string& value) {
    HeaderList changed = good;
    std::erase_if(changed, [&](const auto& h) { return h.first == name; });
    if (!value.empty()) changed.emplace_back(name, value);
    return changed;
  };
  EXPECT_EQ(Ask("POST", path, with("Origin", "https://evil.example"), "{}").status, 403);
  EXPECT_EQ(Ask("POST", path, with("Origin", "null"), "{}").status, 403);
  EXPECT_EQ(Ask("POST", path, with("Origin", "http://steelyard.example.gov.uk"), "{}").status, 403);
  EXPECT_EQ(Ask("POST", path, with("Origin", std::string(kOrigin) + ".evil.example"), "{}").status,
            403);
  EXPECT_EQ(Ask("POST", path, with("Sec-Fetch-Site", "cross-site"), "{}").status, 403);
  EXPECT_EQ(Ask("POST", path, with("Sec-Fetch-Site", "same-site"), "{}").status, 403);
  EXPECT_EQ(Ask("POST", path, with("Connect-Protocol-Version", ""), "{}").status, 403);
  // Either says enough by itself, none does not.
  EXPECT_EQ(Ask("POST", path, with("Origin", ""), "{}").status, 200);
  EXPECT_EQ(Ask("POST", path, with("Sec-Fetch-Site", ""), "{}").status, 200);
  HeaderList neither = with("Origin", "");
  std::erase_if(neither, [](const auto& h) { return h.first == "Sec-Fetch-Site"; });
  EXPECT_EQ(Ask("POST", path, neither, "{}").status, 403);
  // What a form of another site can send without asking.
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded",
                           "multipart/form-data; boundary=x", "text/plain;application/json"}) {
    EXPECT_EQ(Ask("POST", path, with("Content-Type", type), "{}").status, 415) << type;
  }
  EXPECT_EQ(Ask("GET", path + "?message={}&encoding=json", good).status, 405);
}

TEST_F(WebTest, AFormOfAnotherSiteSignsNobodyIn) {
  const Form form = OpenForm();
  const std::string body = "form=" + form.token + "&token=" + server_.steward();
  const HeaderList type = {{"Content-Type", "application/x-www-form-urlencoded"}};
  const auto post = [&](HeaderList headers, const std::string& text) {
    headers.insert(headers.end(), type.begin(), type.end());
    return Ask("POST", "/sign-in", headers, text);
  };
  EXPECT_EQ(post({{"Cookie", form.cookie}, {"Origin", "https://evil.example"}}, body).status, 403);
  EXPECT_EQ(post({{"Cookie", form.cookie}}, body).status, 403);
  EXPECT_EQ(post({{"Origin", kOrigin}}, body).status, 403);
  EXPECT_EQ(post({{"Cookie", OpenForm().cookie}, {"Origin", kOrigin}}, body).status, 403);
  EXPECT_EQ(
      post({{"Cookie", form.cookie}, {"Origin", kOrigin}}, "token=" + server_.steward()).status,
      403);
  const HttpReply in = post({{"Cookie", form.cookie}, {"Origin", kOrigin}}, body);
  EXPECT_EQ(in.status, 303);
}

TEST_F(WebTest, AWrongTokenIsRefusedInTheSameWordsWhateverIsWrong) {
  options_.sign_in_failures.burst = 100;
  Open();
  const std::string revoked = Reader();
  Revoke(revoked);
  std::string changed = server_.steward();
  changed.back() = changed.back() == 'A' ? 'B' : 'A';
  std::string unknown = server_.steward();
  unknown[5] = unknown[5] == '0' ? '1' : '0';
  const std::string first = SignIn("nonsense").body;
  const auto blank = [](std::string page) {
    for (const std::string mark : {"name=\"form\" value=\""}) {
      const size_t at = page.find(mark) + mark.size();
      page.erase(at, page.find('"', at) - at);
    }
    return page;
  };
  for (const std::string& wrong : {std::string(), revoked, changed, unknown, std::string(500, 'x'),
                                   std::string("%00"), std::string("a%0d%0ab")}) {
    const HttpReply reply = SignIn(wrong);
    EXPECT_EQ(reply.status, 403);
    EXPECT_EQ(blank(reply.body), blank(first)) << wrong;
    EXPECT_EQ(CookieOf(reply, "session"), "");
    if (wrong.size() > 10) {
      EXPECT_THAT(reply.body, Not(HasSubstr(wrong)));
    }
  }
}

TEST_F(WebTest, SigningInHasALimitForEachAddress) {
  const HeaderList one = {{"X-Real-IP", "192.0.2.1"}};
  for (int i = 0; i < options_.sign_in_failures.burst; ++i) {
    EXPECT_EQ(SignIn("wrong", one).status, 403);
  }
  EXPECT_EQ(SignIn("wrong", one).status, 429);
  EXPECT_EQ(SignIn(server_.steward(), one).status, 429);
  EXPECT_EQ(SignIn(server_.steward(), {{"X-Real-IP", "192.0.2.2"}}).status, 303);
  clock_.Advance(options_.sign_in_failures.refill * 2);
  EXPECT_EQ(SignIn(server_.steward(), one).status, 303);
}

TEST_F(WebTest, EveryAnswerTellsTheBrowserWhatItMayDo) {
  const std::string session = Session(server_.steward());
  const auto framed = [&](const std::string& method, const std::string& type,
                          const std::string& secret) {
    return Ask("POST", "/steelyard.v1." + method,
               {{"Content-Type", type}, {"Authorization", "Bearer " + secret}},
               std::string(5, '\0'));
  };
  const std::string upload = "PurchaseService/UploadPurchases";
  const HttpReply answers[] = {framed(kGetCaller, "application/grpc-web", server_.steward()),
                               framed(kGetCaller, "application/grpc-web-text", "wrong"),
                               framed(upload, "application/connect+proto", server_.steward()),
                               framed(upload, "application/grpc-web", "wrong"),
                               framed(upload, "application/json", "wrong"),
                               Ask("GET", "/sign-in"),
                               Ask("GET", "/"),
                               Ask("GET", "/", {{"Cookie", session}}),
                               Ask("GET", "/sign-in.css"),
                               Ask("GET", "/nothing-here"),
                               Ask("TRACE", "/"),
                               Call(kGetCaller, "{}", server_.steward()),
                               Call(kGetCaller, "{}", "wrong"),
                               Call("NoService/NoMethod", "{}", ""),
                               SignIn("wrong")};
  for (const HttpReply& reply : answers) {
    EXPECT_THAT(reply.Get("content-security-policy"),
                ::testing::AllOf(HasSubstr("default-src 'self'"), HasSubstr("form-action 'self'"),
                                 HasSubstr("frame-ancestors 'none'"), HasSubstr("base-uri 'none'"),
                                 Not(HasSubstr("unsafe"))));
    EXPECT_EQ(reply.Get("x-content-type-options"), "nosniff");
    EXPECT_EQ(reply.Get("x-frame-options"), "DENY");  // clickjacking, for old browsers
    EXPECT_EQ(reply.Get("referrer-policy"), "same-origin");
    EXPECT_EQ(reply.Get("cross-origin-opener-policy"), "same-origin");
    EXPECT_THAT(reply.Get("strict-transport-security"), HasSubstr("max-age=31536000"));
    EXPECT_THAT(reply.Get("cache-control"), AnyOf("no-store", "no-cache"));
    EXPECT_THAT(reply.Get("server"), IsEmpty());
  }
  EXPECT_EQ(Ask("GET", "/", {{"Cookie", session}}).Get("cache-control"), "no-store");
  for (const HttpReply& reply : std::span(answers).first(5)) {
    EXPECT_EQ(reply.Get("cache-control"), "no-store");
  }
  EXPECT_EQ(Call(kGetCaller, "{}", server_.steward()).Get("cache-control"), "no-store");
  options_.origins.clear();
  Open();
  const HttpReply plain = Ask("GET", "/sign-in", {{"Host", "127.0.0.1:8080"}});
  EXPECT_EQ(plain.status, 200);
  EXPECT_THAT(plain.Get("strict-transport-security"), IsEmpty());
}

// An address ends up in logs, histories and referrers.
TEST_F(WebTest, ATokenInAnAddressIsNoToken) {
  const std::string secret = server_.steward();
  const std::string session = Session(secret);
  const std::string value = session.substr(session.find('=') + 1);
  for (const std::string& query :
       {"token=" + secret, "access_token=" + secret, "authorization=Bearer%20" + secret,
        "session=" + value, session}) {
    const std::string call = "/steelyard.v1.AccessService/GetCaller?" + query;
    EXPECT_EQ(Ask("POST", call, {{"Content-Type", "application/json"}}, "{}").status, 401);
    EXPECT_EQ(Ask("GET", "/?" + query).Get("location"), "/sign-in");
    const HttpReply page = Ask("GET", "/sign-in?" + query);
    EXPECT_EQ(CookieOf(page, "session"), "");
    EXPECT_THAT(page.body, Not(HasSubstr(secret)));
    const Form form = OpenForm();
    HeaderList headers = FromOwnPageHeaders();
    headers.emplace_back("Cookie", form.cookie);
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    EXPECT_EQ(Ask("POST", "/sign-in?" + query, headers, "form=" + form.token + "&token=x").status,
              403);
  }
}

TEST_F(WebTest, NoOtherSiteIsAllowedIn) {
  const HeaderList from = {{"Origin", "https://evil.example"},
                           {"Access-Control-Request-Method", "POST"},
                           {"Access-Control-Request-Headers", "authorization"}};
  const std::string path = "/steelyard.v1.AccessService/GetCaller";
  for (const HttpReply& reply : {Ask("OPTIONS", path, from), Ask("POST", path, from, "{}"),
                                 Ask("GET", "/sign-in", from), Ask("OPTIONS", "/", from)}) {
    for (const auto& [name, value] : reply.headers) {
      EXPECT_THAT(name, Not(::testing::StartsWith("access-control-")));
      EXPECT_THAT(value, Not(HasSubstr("evil.example")));
    }
  }
  EXPECT_EQ(Ask("OPTIONS", path, from).status, 405);
}

TEST_F(WebTest, NoOtherHostIsServed) {
  for (const char* host : {"evil.example", "127.0.0.1", "localhost:8080", "", "a b",
                           "steelyard.example.gov.uk.evil.example", "steelyard.example.gov.uk:444",
                           "evil.example/steelyard.example.gov.uk"}) {
    const HttpReply reply = Ask("GET", "/sign-in", {{"Host", host}});
    EXPECT_EQ(reply.status, 421) << host;
    EXPECT_THAT(reply.body, Not(HasSubstr("form")));
  }
  EXPECT_EQ(Ask("GET", "/sign-in", {{"Host", kHost}, {"host", "evil.example"}}).status, 421);
  EXPECT_EQ(Ask("GET", "/sign-in", {{"Host", "Steelyard.Example.GOV.UK"}}).status, 200);
  const HttpReply spoofed = Ask("GET", "/", {{"X-Forwarded-Host", "evil.example"}});
  EXPECT_EQ(spoofed.Get("location"), "/sign-in");
}

TEST_F(WebTest, SigningInLeadsToNoOtherSite) {
  for (const std::string next :
       {"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
        "evil.example", "/a%0d%0aSet-Cookie:%20x=y", "/%00", "%2F%2Fevil.example"}) {
    const Form form = OpenForm();
    HeaderList headers = FromOwnPageHeaders();
    headers.emplace_back("Cookie", form.cookie);
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    const HttpReply in =
        Ask("POST", "/sign-in", headers,
            "form=" + form.token + "&next=" + next + "&token=" + server_.steward());
    EXPECT_EQ(in.status, 303);
    EXPECT_EQ(in.Get("location"), "/") << next;
    EXPECT_THAT(Ask("GET", "/sign-in?next=" + next).body, HasSubstr("name=\"next\" value=\"/\""));
  }
  const HttpReply page = Ask("GET", "/sign-in?next=%2Fa%3Fb%3D%22%3E%3Cscript%3E");
  EXPECT_THAT(page.body, HasSubstr("value=\"/a?b=&quot;&gt;&lt;script&gt;\""));
}

TEST_F(WebTest, MethodsThatNobodyNeedsAreRefused) {
  for (const char* method : {"TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND", "get"}) {
    const HttpReply reply = Ask(method, "/", {{"X-Secret", "echo-me"}});
    EXPECT_EQ(reply.status, 405) << method;
    EXPECT_THAT(reply.Get("allow"), HasSubstr("GET"));
    EXPECT_THAT(reply.body, Not(HasSubstr("echo-me")));
  }
  EXPECT_EQ(Ask("POST", "/").status, 405);
  const HttpReply head = Ask("HEAD", "/sign-in");
  EXPECT_EQ(head.status, 200);
}

TEST_F(WebTest, TextsOfATokenAreNoMarkup) {
  const HttpReply made = Call(
      "AccessService/CreateToken",
      absl::StrCat(
          R"({"requestId":")", NewUuid(),
          R"(","token":{"role":"ROLE_ANALYST","displayName":"<img src=x onerror=alert(1)>"}})"),
      server_.steward());
  ASSERT_EQ(made.status, 200) << made.body;
  const size_t at = made.body.find("sty_");
  const std::string secret = made.body.substr(at, made.body.find('"', at) - at);
  const HttpReply home = Ask("GET", "/", {{"Cookie", Session(secret)}});
  EXPECT_THAT(home.body, HasSubstr("&lt;img src=x onerror=alert(1)&gt;"));
  EXPECT_THAT(home.body, Not(HasSubstr("<img")));
}

}  // namespace
}  // namespace steelyard::gateway
