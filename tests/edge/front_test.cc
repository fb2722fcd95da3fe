// All that callers speak, through one port of the shipped nginx.

#include "tests/edge/front.h"

#include <curl/curl.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "tests/edge/attacks.h"
#include "tests/edge/tls_client.h"
#include "tests/support/http_client.h"
#include "tests/support/needs.h"
#include "tests/support/test_server.h"

namespace steelyard::edge {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kGetCaller[] = "/steelyard.v1.AccessService/GetCaller";

class FrontTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!Front::HasNginx()) return;
    front_ = new Front;
    const std::string failed = front_->Start({});
    ASSERT_EQ(failed, "");
  }
  static void TearDownTestSuite() {
    delete front_;
    front_ = nullptr;
  }
  void SetUp() override {
    STEELYARD_NEEDS(Front::HasNginx(), "there is no nginx to test with: ./test installs it");
  }

  testing::HttpReply Ask(const std::string& method, const std::string& target,
                         const testing::HeaderList& headers = {}, const std::string& body = "",
                         std::string host = "") {
    const auto client = TlsClient::Connect(front_->address(), kHost, "http/1.1");
    if (client == nullptr) return {};
    if (host.empty()) host = front_->authority();
    return client->Ask(testing::RequestText(method, target, host, headers, body));
  }
  testing::HeaderList WithToken(const std::string& type) {
    return {{"Content-Type", type}, {"Authorization", "Bearer " + front_->steward()}};
  }
  std::unique_ptr<grpc::ClientContext> Context(const std::string& secret) {
    return testing::ContextOf(secret);
  }

  static Front* front_;
};

Front* FrontTest::front_ = nullptr;

TEST_F(FrontTest, OnePortSpeaksGrpcConnectGrpcWebAndPages) {
  v1::Token caller;
  const auto stub = v1::AccessService::NewStub(front_->Channel());
  const grpc::Status called = stub->GetCaller(Context(front_->steward()).get(), {}, &caller);
  ASSERT_TRUE(called.ok()) << called.error_message();
  EXPECT_EQ(caller.role(), v1::ROLE_STEWARD);

  const auto json = Ask("POST", kGetCaller, WithToken("application/json"), "{}");
  EXPECT_EQ(json.status, 200) << json.body;
  EXPECT_THAT(json.body, HasSubstr(caller.name()));
  const auto binary = Ask("POST", kGetCaller, WithToken("application/proto"));
  EXPECT_EQ(binary.body, caller.SerializeAsString());
  const std::string frame(5, '\0');
  for (const char* type : {"application/grpc-web", "application/grpc-web+proto"}) {
    const auto web = Ask("POST", kGetCaller, WithToken(type), frame);
    EXPECT_EQ(web.status, 200);
    EXPECT_THAT(web.body, HasSubstr(caller.SerializeAsString()));
    EXPECT_THAT(web.body, HasSubstr("grpc-status: 0"));
  }
  const auto page = Ask("GET", "/sign-in");
  EXPECT_EQ(page.status, 200);
  EXPECT_THAT(page.body, HasSubstr("<h1>Sign in</h1>"));
  EXPECT_THAT(page.Get("set-cookie"), HasSubstr("__Host-steelyard-form="));
  EXPECT_EQ(page.Get("strict-transport-security"), "max-age=31536000; includeSubDomains");
  EXPECT_EQ(page.Get("x-content-type-options"), "nosniff");
  EXPECT_THAT(page.Get("content-security-policy"), HasSubstr("default-src 'self'"));
  EXPECT_EQ(page.Get("server"), "nginx");
}

TEST_F(FrontTest, ErrorsComeThroughOnEveryWay) {
  v1::Token caller;
  const auto stub = v1::AccessService::NewStub(front_->Channel());
  const grpc::Status called = stub->GetCaller(Context("sty_wrong").get(), {}, &caller);
  EXPECT_EQ(called.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_FALSE(called.error_details().empty());
  const auto json = Ask("POST", kGetCaller, {{"Content-Type", "application/json"}}, "{}");
  EXPECT_EQ(json.status, 401);
  EXPECT_THAT(json.body, HasSubstr("\"unauthenticated\""));
  EXPECT_EQ(Ask("GET", "/nothing").status, 404);
  EXPECT_EQ(Ask("TRACE", "/").status, 405);
  EXPECT_EQ(Ask("GET", "/metrics").status, 404);
}

// nginx refuses them by itself: nobody may notice.
TEST_F(FrontTest, AWrongTokenIsRefusedInTheServersOwnWords) {
  const auto direct = v1::AccessService::NewStub(
      grpc::CreateChannel(front_->grpc_address(), grpc::InsecureChannelCredentials()));
  const auto through = v1::AccessService::NewStub(front_->Channel());
  for (const char* secret : {"sty_wrong", "", "x"}) {
    v1::Token caller;
    const grpc::Status theirs = direct->GetCaller(Context(secret).get(), {}, &caller);
    const grpc::Status ours = through->GetCaller(Context(secret).get(), {}, &caller);
    EXPECT_EQ(ours.error_code(), theirs.error_code());
    EXPECT_EQ(ours.error_message(), theirs.error_message());
    EXPECT_EQ(ours.error_details(), theirs.error_details());
  }
  EXPECT_EQ(Ask("POST", "/steelyard-caller", WithToken("application/proto")).status, 404);
}

// 150 calls that go on without end, as many as would take every connection that
// nginx may have to the server.
TEST_F(FrontTest, SlowCallsWithoutATokenKeepNobodyOut) {
  std::atomic<int64_t> begun{0};
  std::thread flood([&] {
    begun = SlowGrpcBodies({front_->address(), "", absl::Now() + absl::Seconds(4)});
  });
  absl::SleepFor(absl::Seconds(1));
  const auto stub = v1::AccessService::NewStub(front_->Channel());
  for (int i = 0; i < 20; ++i) {
    v1::Token caller;
    const grpc::Status called = stub->GetCaller(Context(front_->steward()).get(), {}, &caller);
    EXPECT_TRUE(called.ok()) << i << ": " << called.error_message();
  }
  flood.join();
  EXPECT_GE(begun, 150);
}

TEST_F(FrontTest, ConnectIsSpokenOverHttp2) {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 curl_easy_cleanup);
  const auto list = [](std::initializer_list<std::string> texts) {
    curl_slist* made = nullptr;
    for (const std::string& text : texts) made = curl_slist_append(made, text.c_str());
    return std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>(made, curl_slist_free_all);
  };
  const auto headers =
      list({"Content-Type: application/json", "Authorization: Bearer " + front_->steward()});
  const auto hosts = list({front_->authority() + ":127.0.0.1"});
  std::string body;
  curl_easy_setopt(curl.get(), CURLOPT_URL, (front_->origin() + kGetCaller).c_str());
  curl_easy_setopt(curl.get(), CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2_0);
  curl_easy_setopt(curl.get(), CURLOPT_RESOLVE, hosts.get());
  curl_easy_setopt(curl.get(), CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, "{}");
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(
      curl.get(), CURLOPT_WRITEFUNCTION, +[](char* bytes, size_t size, size_t count, void* out) {
        static_cast<std::string*>(out)->append(bytes, size * count);
        return size * count;
      });
  ASSERT_EQ(curl_easy_perform(curl.get()), CURLE_OK);
  long status = 0;
  long version = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl.get(), CURLINFO_HTTP_VERSION, &version);
  EXPECT_EQ(status, 200);
  EXPECT_EQ(version, CURL_HTTP_VERSION_2_0);
  EXPECT_THAT(body, HasSubstr("ROLE_STEWARD"));
}

TEST_F(FrontTest, AnUploadIsAcknowledgedWhileItGoesOn) {
  const auto channel = front_->Channel();
  const auto context = Context(front_->MakeToken(v1::ROLE_SUBMITTER));
  const auto stub = v1::PurchaseService::NewStub(channel);
  const auto stream = stub->UploadPurchases(context.get());
  v1::UploadPurchasesRequest request;
  v1::UploadPurchasesResponse reply;
  request.mutable_start()->set_parent("councils/hck");
  request.mutable_start()->set_upload_id(testing::NewUuid());
  request.mutable_start()->set_mode(v1::Submission::VALID_LINES);
  ASSERT_TRUE(stream->Write(request));
  ASSERT_TRUE(stream->Read(&reply));
  EXPECT_TRUE(reply.has_started());
  for (int i = 0; i < 8; ++i) {  // beyond what one request of HTTP may hold
    request.mutable_chunk()->set_index(i);
    request.mutable_chunk()->clear_lines();
    for (int row = 0; row < 1000; ++row) {
      auto* line = request.mutable_chunk()->add_lines();
      line->set_row(i * 1000 + row);
      line->mutable_purchase()->set_reference(absl::StrCat(i, "-", row, std::string(700, 'x')));
    }
    ASSERT_TRUE(stream->Write(request)) << i;
    ASSERT_TRUE(stream->Read(&reply)) << i;
    EXPECT_EQ(reply.chunk().received_lines(), (i + 1) * 1000);
  }
  context->TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(FrontTest, APersonSignsInAndThePageCallsWithTheCookie) {
  const auto page = Ask("GET", "/sign-in");
  const std::string cookie = page.Get("set-cookie").substr(0, page.Get("set-cookie").find(';'));
  const std::string mark = "name=\"form\" value=\"";
  const size_t at = page.body.find(mark) + mark.size();
  const std::string form = page.body.substr(at, page.body.find('"', at) - at);
  const auto in = Ask("POST", "/sign-in",
                      {{"Content-Type", "application/x-www-form-urlencoded"},
                       {"Origin", front_->origin()},
                       {"Cookie", cookie}},
                      "form=" + form + "&next=%2F&token=" + front_->steward());
  ASSERT_EQ(in.status, 303) << in.body;
  EXPECT_EQ(in.Get("location"), "/");
  const std::string session = in.Get("set-cookie").substr(0, in.Get("set-cookie").find(';'));
  testing::HeaderList headers = {{"Content-Type", "application/json"},
                                 {"Connect-Protocol-Version", "1"},
                                 {"Cookie", session},
                                 {"Origin", front_->origin()}};
  EXPECT_EQ(Ask("POST", kGetCaller, headers, "{}").status, 200);
  headers.back().second = "https://evil.example";
  EXPECT_EQ(Ask("POST", kGetCaller, headers, "{}").status, 403);
}

TEST_F(FrontTest, LimitsAreThoseOfTheShippedFile) {
  EXPECT_EQ(Ask("GET", "/sign-in", {}, "", "evil.example").status, 421);
  EXPECT_EQ(Ask("POST", kGetCaller, WithToken("application/json"),
                "\"" + std::string(1 << 20, 'a') + "\"")
                .status,
            400);  // whole, and no message
  EXPECT_EQ(
      Ask("POST", kGetCaller, {{"Content-Type", "application/json"}, {"Content-Length", "5000000"}})
          .status,
      413);
  const auto large = Ask("GET", "/sign-in", {{"X-Large", std::string(20 << 10, 'a')}});
  EXPECT_EQ(large.status, 400);
  EXPECT_EQ(large.Get("strict-transport-security"), "max-age=31536000; includeSubDomains");
  // What only a proxy may say is not believed from outside.
  EXPECT_EQ(Ask("GET", "/sign-in", {{"X-Real-IP", "192.0.2.1"}, {"X-Forwarded-Host", "a.example"}})
                .status,
            200);
}

TEST_F(FrontTest, EveryWayToSignInHasItsLimit) {
  // 60 a minute and 60 at once, whichever way.
  const auto refused = [&](const std::string& target) {
    int count = 0;
    for (int i = 0; i < 80; ++i) {
      const auto client = TlsClient::Connect(front_->address(), kHost, "http/1.1", "127.0.0.90:0");
      const auto reply = client->Ask(testing::RequestText("GET", target, front_->authority(), {}));
      count += reply.status == 429 ? 1 : 0;
    }
    return count;
  };
  EXPECT_GT(refused("/sign-in/openid/return"), 5);
  EXPECT_GT(refused("/sign-in/openid"), 70);
  EXPECT_EQ(refused("/sign-in.css"), 0);
}

// Last, since it stops the server.
TEST_F(FrontTest, WithoutAServerCallersAreTold) {
  front_->StopServer();
  const auto stub = v1::AccessService::NewStub(front_->Channel());
  v1::Token caller;
  const grpc::Status called = stub->GetCaller(Context(front_->steward()).get(), {}, &caller);
  EXPECT_EQ(called.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(called.error_message(), HasSubstr("try again"));
  const auto page = Ask("GET", "/sign-in");
  EXPECT_EQ(page.status, 502);
  EXPECT_THAT(page.Get("strict-transport-security"), Not(::testing::IsEmpty()));
}

}  // namespace
}  // namespace steelyard::edge
