// Plants secrets and looks for them where none may be.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "steelyard/v1/benchmark_service.grpc.pb.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "tests/edge/front.h"
#include "tests/edge/h2.h"
#include "tests/edge/tls_client.h"
#include "tests/server/oidc/browser.h"
#include "tests/server/oidc/provider_process.h"
#include "tests/support/http_client.h"
#include "tests/support/needs.h"
#include "tests/support/test_server.h"

namespace steelyard::edge {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kPrice[] = "7654321987";
constexpr char kText[] = "planted words of somebody";

TEST(SecretsTest, TokensPricesAndWordsAreInNoLogFigureOrForeignAnswer) {
  STEELYARD_NEEDS(Front::HasNginx(), "there is no nginx to test with: ./test installs it");
  Front front;
  const std::string failed = front.Start({});
  ASSERT_EQ(failed, "");
  const std::string host = front.authority();
  std::string answers;  // of all that was refused
  const auto ask = [&](const std::string& method, const std::string& target,
                       testing::HeaderList headers, const std::string& body) {
    const auto client = TlsClient::Connect(front.address(), kHost, "http/1.1");
    if (client == nullptr) return testing::HttpReply{};
    auto reply = client->Ask(testing::RequestText(method, target, host, headers, body));
    if (reply.status >= 400) answers += reply.body;
    for (const auto& [name, value] : reply.headers) answers += value;
    return reply;
  };
  const auto call = [&](const std::string& method, const std::string& secret,
                        const std::string& body) {
    return ask("POST", "/steelyard.v1." + method,
               {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + secret}}, body);
  };
  const auto make = [&](const std::string& council) {
    const auto made = call("AccessService/CreateToken", front.steward(),
                           absl::StrCat(R"({"requestId":")", testing::NewUuid(),
                                        R"(","token":{"role":"ROLE_SUBMITTER","displayName":")",
                                        kText, R"(","council":"councils/)", council, R"("}})"));
    EXPECT_EQ(made.status, 200) << made.body;
    const size_t at = made.body.find("\"sty_") + 1;
    return made.body.substr(at, made.body.find('"', at) - at);
  };
  const std::string hackney = make("hck");
  const std::string camden = make("cmd");
  const std::string purchase = absl::StrCat(
      R"("purchase":{"reference":")", kText, R"(","product":"mask-type-iir-ear-loop","supplier":")",
      kText, R"(","orderDate":{"year":2024,"month":3,"day":14},"packs":"10","packContent":"50",)",
      R"("packPriceMicros":")", kPrice, R"("})");
  const auto create = [&](const std::string& council, const std::string& secret) {
    return call("PurchaseService/CreatePurchase", secret,
                absl::StrCat(R"({"parent":"councils/)", council, R"(","requestId":")",
                             testing::NewUuid(), "\",", purchase, "}"));
  };
  // Refused for its supplier: a word of one's own may come back to oneself.
  EXPECT_EQ(create("hck", hackney).status, 400);
  answers.clear();
  EXPECT_EQ(create("hck", camden).status, 404);
  EXPECT_EQ(create("hck", "sty_wrong" + hackney.substr(10)).status, 401);
  EXPECT_EQ(create("hck", front.steward()).status, 403);
  ask("GET", "/?token=" + hackney, {}, "");
  ask("GET", "/" + hackney, {}, "");
  ask("POST", "/sign-in", {{"Content-Type", "application/x-www-form-urlencoded"}},
      "token=" + hackney);
  ask("GET", "/sign-in", {{"Cookie", "__Host-steelyard-session=" + hackney}}, "");
  ask("POST", "/steelyard.v1.AccessService/GetCaller",
      {{"Content-Type", "application/json"}, {"Authorization", "Basic " + hackney}}, "{");
  for (const char byte : {'\xff', '\x80', '\t'}) {
    EXPECT_EQ(call("AccessService/GetCaller", hackney + byte + "x", "{}").status, 401);
  }
  v1::Token caller;
  const grpc::Status refused =
      v1::AccessService::NewStub(front.Channel())
          ->GetCaller(testing::ContextOf(hackney + "x").get(), {}, &caller);
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  answers += refused.error_message() + refused.error_details();

  const auto metrics = testing::Fetch(front.internal_address(), "GET", "/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_THAT(metrics.body, HasSubstr("steelyard_ledger_sequence"));
  EXPECT_THAT(front.server_log(), HasSubstr("serving"));
  // nginx logs the path of a request, where no secret belongs; hence the one
  // above that put it there is left out.
  std::string nginx = front.nginx_logs();
  for (size_t at; (at = nginx.find("\"GET /" + hackney)) != std::string::npos;) {
    nginx.erase(at, nginx.find('\n', at) - at);
  }
  for (const std::string& where : {front.server_log(), metrics.body, answers, nginx}) {
    for (const std::string& secret :
         {hackney.substr(22), camden.substr(22), front.steward().substr(22), std::string(kPrice),
          std::string(kText)}) {
      EXPECT_THAT(where, Not(HasSubstr(secret)));
    }
  }
  EXPECT_THAT(metrics.body, Not(HasSubstr("hck")));
  // No dump can hold them either.
  EXPECT_THAT(front.server().Limits(), ::testing::ContainsRegex("Max core file size +0 +0"));
}

// Lines of twelve councils, enough for a figure that may be shown, of packs that
// cost about £7,654.32.
void UploadPrices(const Front& front) {
  const auto context = testing::ContextOf(front.steward());
  const auto stub = v1::PurchaseService::NewStub(front.Channel());
  const auto stream = stub->UploadPurchases(context.get());
  v1::UploadPurchasesRequest request;
  v1::UploadPurchasesResponse reply;
  request.mutable_start()->set_parent("councils/-");
  request.mutable_start()->set_upload_id(testing::NewUuid());
  request.mutable_start()->set_mode(v1::Submission::VALID_LINES);
  request.mutable_start()->set_add_suppliers(true);
  EXPECT_TRUE(stream->Write(request) && stream->Read(&reply));
  request.mutable_chunk()->set_index(0);
  int row = 0;
  for (const char* council :
       {"hck", "cmd", "isl", "lbh", "swk", "nwm", "twh", "eal", "man", "liv", "bol", "bur"}) {
    for (const char* supplier : {"Acme Ltd", "Bolt Ltd", "Crane Ltd"}) {
      v1::UploadLine* line = request.mutable_chunk()->add_lines();
      line->set_row(++row);
      line->set_council(council);
      v1::Purchase& purchase = *line->mutable_purchase();
      purchase.set_reference(absl::StrCat("L", row));
      purchase.set_product("mask-type-iir-ear-loop");
      purchase.set_supplier(supplier);
      purchase.mutable_order_date()->set_year(2024);
      purchase.mutable_order_date()->set_month(3);
      purchase.mutable_order_date()->set_day(14);
      purchase.set_packs(40 + row);
      purchase.set_pack_content(50);
      purchase.set_pack_price_micros(7'654'320'000 + row);
      purchase.set_price_confirmed(true);
    }
  }
  EXPECT_TRUE(stream->Write(request) && stream->Read(&reply));
  request.mutable_finish()->set_chunks(1);
  EXPECT_TRUE(stream->Write(request) && stream->Read(&reply));
  EXPECT_EQ(reply.finished().total().created_lines(), row) << reply.ShortDebugString();
  EXPECT_TRUE(stream->WritesDone());
  EXPECT_TRUE(stream->Finish().ok());
}

TEST(SecretsTest, AStoredPriceIsInNoLogOrFigureThoughItIsPublished) {
  STEELYARD_NEEDS(Front::HasNginx(), "there is no nginx to test with: ./test installs it");
  Front front;
  const std::string failed = front.Start({});
  ASSERT_EQ(failed, "");
  UploadPrices(front);
  v1::GetPriceBenchmarkRequest question;
  question.set_product("mask-type-iir-ear-loop");
  question.mutable_from_month()->set_year(2024);
  question.mutable_from_month()->set_month(1);
  question.mutable_to_month()->set_year(2024);
  question.mutable_to_month()->set_month(12);
  const auto stub = v1::BenchmarkService::NewStub(front.Channel());
  const std::string analyst = front.MakeToken(v1::ROLE_READER);
  v1::PriceBenchmark answer;
  for (int i = 0; i < 600 && answer.ShortDebugString().find("micros") == std::string::npos; ++i) {
    absl::SleepFor(absl::Milliseconds(50));
    answer.Clear();
    stub->GetPriceBenchmark(testing::ContextOf(analyst).get(), question, &answer);
  }
  // It is there to be found.
  EXPECT_THAT(answer.ShortDebugString(), HasSubstr("micros"));
  const auto metrics = testing::Fetch(front.internal_address(), "GET", "/metrics");
  for (const std::string& where : {front.server_log(), front.nginx_logs(), metrics.body}) {
    EXPECT_THAT(where, Not(HasSubstr("765432")));
    EXPECT_THAT(where, Not(HasSubstr("7654.3")));
    EXPECT_THAT(where, Not(HasSubstr("Crane")));
  }
}

TEST(SecretsTest, NeitherTheClientsSecretNorACodeOfTheProviderIsInALog) {
  STEELYARD_NEEDS(Front::HasNginx(), "there is no nginx to test with: ./test installs it");
  STEELYARD_NEEDS_OPENID_PROVIDER();
  constexpr char kReturn[] = "http://127.0.0.1:8080/sign-in/openid/return";
  constexpr char kClientSecret[] = "a secret: with +signs&";
  oidc::ProviderProcess provider("one");
  ASSERT_NE(provider.issuer(), "");
  Front front;
  const std::string failed = front.Start({.oidc_issuer = provider.issuer(),
                                          .oidc_return = kReturn,
                                          .oidc_client_secret = kClientSecret});
  ASSERT_EQ(failed, "");
  const auto get = [&](const std::string& target, const std::string& cookie) {
    const auto client = TlsClient::Connect(front.address(), kHost, "http/1.1");
    testing::HeaderList headers;
    if (!cookie.empty()) headers.emplace_back("Cookie", cookie);
    return client->Ask(testing::RequestText("GET", target, front.authority(), headers));
  };
  std::vector<std::string> secrets = {kClientSecret, "with+%2Bsigns", "with%20%2Bsigns"};
  std::string refused;
  // One who comes in, one who may do nothing; each comes a second time, in vain.
  for (const char* person : {"anna", "emil"}) {
    const auto begun = get("/sign-in/openid", "");
    ASSERT_EQ(begun.status, 303) << front.server_log();
    const std::string state = begun.Get("set-cookie").substr(0, begun.Get("set-cookie").find(';'));
    const std::string back =
        oidc::Browser().Visit(begun.Get("location") + "&login_hint=" + person, kReturn);
    const std::string query = back.substr(back.find('?') + 1);
    const size_t at = query.find("code=") + 5;
    secrets.push_back(query.substr(at, query.find('&', at) - at));
    ASSERT_GT(secrets.back().size(), 20u) << back;
    secrets.push_back(state.substr(state.find('=') + 1));
    const auto in = get("/sign-in/openid/return?" + query, state);
    EXPECT_EQ(in.status, person[0] == 'a' ? 200 : 403);
    refused += get("/sign-in/openid/return?" + query, state).body;
  }
  const auto metrics = testing::Fetch(front.internal_address(), "GET", "/metrics");
  EXPECT_THAT(front.server_log(), HasSubstr("sign_in_refused"));
  for (const std::string& where : {front.server_log(), front.nginx_logs(), metrics.body, refused}) {
    for (const std::string& secret : secrets) EXPECT_THAT(where, Not(HasSubstr(secret)));
  }
}

// What follows `?` may be a code or a token, of a link or of an OpenID provider.
TEST(SecretsTest, NoLogOfNginxHoldsAQueryWhateverGoesWrong) {
  STEELYARD_NEEDS(Front::HasNginx(), "there is no nginx to test with: ./test installs it");
  Front front;
  const std::string failed = front.Start({});
  ASSERT_EQ(failed, "");
  const auto ask = [&](const std::string& method, const std::string& path,
                       const testing::HeaderList& headers = {}) {
    const auto client = TlsClient::Connect(front.address(), kHost, "http/1.1");
    if (client == nullptr) return 0;
    return client
        ->Ask(testing::RequestText(method, path + "?token=planted&code=planted", front.authority(),
                                   headers))
        .status;
  };
  int refused = 0;
  for (int i = 0; i < 100; ++i) refused += ask("GET", "/sign-in") == 429 ? 1 : 0;
  EXPECT_GT(refused, 0);
  EXPECT_EQ(ask("POST", "/large", {{"Content-Length", "5000000"}}), 413);
  EXPECT_EQ(ask("GET", "/header", {{"X-Large", std::string(20 << 10, 'a')}}), 400);

  // More at once than one address may have.
  const std::string block = h2::Block({{":method", "POST"},
                                       {":scheme", "https"},
                                       {":authority", front.authority()},
                                       {":path", "/at-once?token=planted"}});
  std::vector<std::unique_ptr<TlsClient>> clients;
  for (int i = 0; i < 2; ++i) {
    clients.push_back(TlsClient::Connect(front.address(), kHost, "h2", "127.0.0.91:0"));
    ASSERT_NE(clients.back(), nullptr);
    std::string frames = h2::Preface();
    for (uint32_t stream = 1; stream < 90; stream += 2) {
      frames += h2::Frame(h2::kHeaders, h2::kEndHeaders, stream, block);
    }
    EXPECT_TRUE(clients.back()->Write(frames, absl::Now() + absl::Seconds(5)));
  }
  const auto logged = [&](const std::string& line) {
    for (int i = 0; i < 500 && front.nginx_logs().find(line) == std::string::npos; ++i) {
      absl::SleepFor(absl::Milliseconds(10));
    }
    return front.nginx_logs().find(line) != std::string::npos;
  };
  EXPECT_TRUE(logged("/at-once HTTP/2.0\" 429"));

  front.StopServer();
  EXPECT_EQ(ask("GET", "/server-away"), 502);
  v1::Token caller;
  const grpc::Status away = v1::AccessService::NewStub(front.Channel())
                                ->GetCaller(testing::ContextOf("planted").get(), {}, &caller);
  EXPECT_EQ(away.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(logged("/server-away HTTP/1.1\" 502"));
  EXPECT_THAT(front.nginx_logs(), Not(HasSubstr("planted")));
}

}  // namespace
}  // namespace steelyard::edge
