// The contract over Connect, binary and JSON, and over gRPC-Web.

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "nlohmann/json.hpp"
#include "steelyard/v1/access_service.pb.h"
#include "steelyard/v1/purchase_service.pb.h"
#include "steelyard/v1/registry_service.pb.h"
#include "tests/server/gateway/harness.h"

namespace steelyard::gateway {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string Frame(const std::string& message, char flags = 0) {
  std::string frame(1, flags);
  for (int shift = 24; shift >= 0; shift -= 8) {
    frame.push_back(static_cast<char>(message.size() >> shift));
  }
  return frame + message;
}

struct Part {
  int flags;
  std::string message;
};
std::vector<Part> Parts(const std::string& body) {
  std::vector<Part> parts;
  for (size_t at = 0; at + 5 <= body.size();) {
    size_t size = 0;
    for (int i = 1; i <= 4; ++i) size = size << 8 | static_cast<uint8_t>(body[at + i]);
    parts.push_back({static_cast<uint8_t>(body[at]), body.substr(at + 5, size)});
    at += 5 + size;
  }
  return parts;
}

class ApiTest : public GatewayTest {
 protected:
  HttpReply Post(const std::string& method, const std::string& type, const std::string& body,
                 HeaderList headers = {}) {
    headers.emplace_back("Content-Type", type);
    headers.emplace_back("Authorization", "Bearer " + server_.steward());
    return Ask("POST", "/steelyard.v1." + method, headers, body);
  }
};

TEST_F(ApiTest, TheSameAnswerOnEveryWay) {
  v1::GetCouncilRequest request;
  request.set_name("councils/hck");
  const std::string method = "RegistryService/GetCouncil";
  const std::string bytes = request.SerializeAsString();
  for (int i = 0; i < 20; ++i) {  // an answer must not depend on who is quicker
    const HttpReply binary = Post(method, "application/proto", bytes);
    ASSERT_EQ(binary.status, 200);
    EXPECT_EQ(binary.Get("content-type"), "application/proto");
    v1::Council council;
    ASSERT_TRUE(council.ParseFromString(binary.body));
    EXPECT_EQ(council.name(), "councils/hck");

    const HttpReply text =
        Post(method, "application/json; charset=utf-8", R"({"name":"councils/hck"})");
    ASSERT_EQ(text.status, 200);
    v1::Council from_json;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(text.body, &from_json).ok());
    EXPECT_EQ(from_json.SerializeAsString(), council.SerializeAsString());

    const HttpReply web = Post(method, "application/grpc-web+proto", Frame(bytes));
    ASSERT_EQ(web.status, 200);
    ASSERT_THAT(Parts(web.body), SizeIs(2));
    EXPECT_EQ(Parts(web.body)[0].message, binary.body);
    EXPECT_EQ(Parts(web.body)[1].flags, 0x80);
    EXPECT_THAT(Parts(web.body)[1].message, StartsWith("grpc-status: 0\r\n"));

    const HttpReply encoded =
        Post(method, "application/grpc-web-text", absl::Base64Escape(Frame(bytes)));
    std::string first;
    const size_t length = (binary.body.size() + 5 + 2) / 3 * 4;
    ASSERT_TRUE(absl::Base64Unescape(encoded.body.substr(0, length), &first));
    EXPECT_EQ(Parts(first)[0].message, binary.body);
  }
}

TEST_F(ApiTest, EveryMethodOfTheContractIsReached) {
  const std::string root = std::getenv("STEELYARD_SOURCE_DIR");
  int methods = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root + "/proto/steelyard/v1")) {
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(
        "steelyard/v1/" + entry.path().filename().string());
    if (!absl::EndsWith(entry.path().string(), "_service.proto")) continue;
    ASSERT_NE(file, nullptr) << entry.path();
    for (int i = 0; i < file->service(0)->method_count(); ++i, ++methods) {
      const auto* method = file->service(0)->method(i);
      const bool stream = method->client_streaming() || method->server_streaming();
      const HttpReply reply =
          Ask("POST", "/" + file->service(0)->full_name() + "/" + method->name(),
              {{"Content-Type", stream ? "application/connect+json" : "application/json"}},
              stream ? Frame("{}") : "{}");
      EXPECT_EQ(reply.status, stream ? 200 : 401) << method->full_name();
      EXPECT_THAT(reply.body, HasSubstr("\"unauthenticated\"")) << method->full_name();
    }
  }
  EXPECT_GE(methods, 80);
}

// Its answers are encoded in an arena, and kept.
TEST_F(ApiTest, AnAnswerFromAnArenaComesThroughEachTime) {
  const std::string question =
      R"({"service":"childrens-homes","fromQuarter":{"year":2024,"quarter":1},)"
      R"("toQuarter":{"year":2024,"quarter":4}})";
  const std::string secret = server_.MakeToken(v1::ROLE_ANALYST);
  for (int i = 0; i < 20; ++i) {
    const HttpReply reply = Call("BenchmarkService/GetProviderBenchmark", question, secret);
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_EQ(json::parse(reply.body)["service"], "childrens-homes");
  }
}

TEST_F(ApiTest, ARefusalSaysTheSameOnEveryWay) {
  const std::string method = "RegistryService/GetCouncil";
  const HttpReply reply = Post(method, "application/json", R"({"name":"councils/zzz"})");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.Get("content-type"), "application/json");
  const json error = json::parse(reply.body);
  EXPECT_EQ(error["code"], "not_found");
  EXPECT_THAT(error["message"].get<std::string>(), HasSubstr("councils/zzz"));
  std::set<std::string> types;
  for (const json& detail : error["details"]) {
    types.insert(detail["type"]);
    if (detail["type"] != "google.rpc.ErrorInfo") continue;
    EXPECT_EQ(detail["debug"]["reason"], "NOT_FOUND");
    std::string value = detail["value"];
    EXPECT_THAT(value, Not(HasSubstr("=")));
    while (value.size() % 4 != 0) value += '=';
    std::string bytes;
    ASSERT_TRUE(absl::Base64Unescape(value, &bytes));
    google::rpc::ErrorInfo info;
    ASSERT_TRUE(info.ParseFromString(bytes));
    EXPECT_EQ(info.domain(), "steelyard.v1");
  }
  EXPECT_THAT(types, ::testing::Contains("google.rpc.ErrorInfo"));

  v1::GetCouncilRequest request;
  request.set_name("councils/zzz");
  const HttpReply binary = Post(method, "application/proto", request.SerializeAsString());
  EXPECT_EQ(binary.status, 404);
  EXPECT_EQ(binary.body, reply.body);  // errors are JSON there too

  const HttpReply web = Post(method, "application/grpc-web", Frame(request.SerializeAsString()));
  EXPECT_EQ(web.status, 200);
  ASSERT_THAT(Parts(web.body), SizeIs(1));
  EXPECT_THAT(Parts(web.body)[0].message, HasSubstr("grpc-status: 5\r\n"));
  EXPECT_THAT(Parts(web.body)[0].message, HasSubstr("grpc-message: "));
  EXPECT_THAT(Parts(web.body)[0].message, HasSubstr("grpc-status-details-bin: "));
}

TEST_F(ApiTest, EachCodeHasItsStatus) {
  const struct {
    const char* method;
    const char* body;
    int status;
    const char* code;
  } cases[] = {
      {"AccessService/CreateToken", "{}", 400, "invalid_argument"},
      {"AccessService/GetCaller", R"({"nonsense":1})", 400, "invalid_argument"},
      {"AccessService/GetCaller", "{", 400, "invalid_argument"},
      {"AccessService/GetCaller", "[]", 400, "invalid_argument"},
      {"RegistryService/ListCouncils", R"({"pageSize":"many"})", 400, "invalid_argument"},
      {"RegistryService/ListCouncils", R"({"pageSize":-1})", 400, "invalid_argument"},
      {"RegistryService/GetCouncil", R"({"name":"councils/zzz"})", 404, "not_found"},
      {"PurchaseService/ListPurchases", R"({"parent":"councils/hck"})", 403, "permission_denied"},
      {"NoService/NoMethod", "{}", 404, "unimplemented"},
      {"AccessService/NoMethod", "{}", 404, "unimplemented"},
  };
  for (const auto& c : cases) {
    const HttpReply reply = Call(c.method, c.body, server_.steward());
    EXPECT_EQ(reply.status, c.status) << c.method << c.body << reply.body;
    EXPECT_EQ(json::parse(reply.body)["code"], c.code) << reply.body;
  }
  const HttpReply nobody = Call("AccessService/GetCaller", "{}", "");
  EXPECT_EQ(nobody.status, 401);
  EXPECT_EQ(nobody.Get("www-authenticate"), "Bearer");
  // The only ways to it are the contract's: health, reflection and others are not.
  for (const char* path :
       {"/grpc.health.v1.Health/Check", "/google.rpc.Nothing/At", "/steelyard.v1.",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "/steelyard.v1.AccessService.GetCaller", "/steelyard.v1.AccessService/"}) {
    EXPECT_THAT(Ask("POST", path, {{"Content-Type", "application/json"}}, "{}").status,
                ::testing::AnyOf(404, 405))
        << path;
  }
}

TEST_F(ApiTest, HeadersOfTheProtocolsAreHeldToIt) {
  const std::string method = "AccessService/GetCaller";
  EXPECT_EQ(Post(method, "application/json", "{}", {{"Connect-Protocol-Version", "2"}}).status,
            400);
  EXPECT_EQ(Post(method, "application/json", "{}", {{"Connect-Protocol-Version", "1"}}).status,
            200);
  EXPECT_EQ(Post(method, "application/json", "{}", {{"Connect-Timeout-Ms", "5000"}}).status, 200);
  EXPECT_EQ(Post(method, "application/json", "{}", {{"Connect-Timeout-Ms", "0"}}).status, 504);
  for (const char* bad : {"-1", "1.5", "x", "", "12345678901"}) {
    EXPECT_EQ(Post(method, "application/json", "{}", {{"Connect-Timeout-Ms", bad}}).status, 400)
        << bad;
  }
  for (const char* bad : {"5", "S", "x5S", "123456789S"}) {
    EXPECT_THAT(Parts(Post(method, "application/grpc-web", Frame(""), {{"grpc-timeout", bad}}).body)
                    .back()
                    .message,
                HasSubstr("grpc-status: 3"))
        << bad;
  }
  const HttpReply soon = Post(method, "application/grpc-web", Frame(""), {{"grpc-timeout", "10S"}});
  EXPECT_THAT(Parts(soon.body).back().message, HasSubstr("grpc-status: 0"));
  // A small body must not become a large message.
  EXPECT_EQ(Post(method, "application/json", "{}", {{"Content-Encoding", "gzip"}}).status, 501);
  EXPECT_EQ(Post(method, "application/json", "{}", {{"Content-Encoding", "identity"}}).status, 200);
  const HttpReply packed = Post(method, "application/grpc-web", Frame("", 1));
  EXPECT_THAT(Parts(packed.body).back().message, HasSubstr("grpc-status: 12"));
  EXPECT_EQ(Post(method, "application/grpc", Frame("")).status, 415);
  EXPECT_EQ(Post(method, "application/connect+json", Frame("{}")).status, 415);
  EXPECT_EQ(Post("PurchaseService/UploadPurchases", "application/json", "{}").status, 415);
}

// gRPC ends the process for metadata that are not visible ASCII.
TEST_F(ApiTest, ACredentialThatIsNoHeaderOfGrpcIsAWrongTokenLikeAnyOther) {
  const std::string path = "/steelyard.v1.AccessService/GetCaller";
  const HeaderList type = {{"Content-Type", "application/json"}};
  const HttpReply wrong = Call("AccessService/GetCaller", "{}", "wrong");
  ASSERT_EQ(wrong.status, 401);
  const auto refused = [&](HeaderList headers) {
    headers.insert(headers.end(), type.begin(), type.end());
    const HttpReply reply = Ask("POST", path, headers, "{}");
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(reply.body, wrong.body);
  };
  const std::string good = "Bearer " + server_.steward();
  refused({{"Authorization", "Bearer x\xff"}});
  refused({{"Authorization", good}, {"Authorization", good}});
  refused({{"Authorization", good + std::string(4 << 10, ' ') + "x"}});
  for (int byte = 1; byte < 256; ++byte) {
    if (byte == '\r' || byte == '\n' || (byte >= 0x20 && byte <= 0x7E)) continue;
    const std::string odd = std::string("x") + static_cast<char>(byte) + "y";
    HeaderList headers = {{"Authorization", "Bearer " + odd}};
    headers.insert(headers.end(), type.begin(), type.end());
    // What no header may hold at all is refused by the parser already.
    EXPECT_THAT(Ask("POST", path, headers, "{}").status, ::testing::AnyOf(400, 401)) << byte;
  }
  for (const char byte : {'\x80', '\xff', '\t'}) {
    refused({{"Authorization", std::string("Bearer x") + byte + "y"}});
  }
  // A trace that nobody could follow is no reason to refuse a call.
  for (const std::string& trace :
       {std::string("00-\xff\x80"), std::string("00-\t"), std::string(65, '0'), std::string("zz"),
        std::string("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")}) {
    EXPECT_EQ(
        Call("AccessService/GetCaller", "{}", server_.steward(), {{"traceparent", trace}}).status,
        200)
        << trace;
  }
}

TEST_F(ApiTest, BrokenFramesAreRefused) {
  for (const std::string& body :
       {std::string(), std::string("\0\0\0", 3), Frame("abc").substr(0, 7),
        std::string("\0\xff\xff\xff\xff", 5), Frame("", 2), Frame("", 4), Frame("") + Frame(""),
        Frame("\xff\xff\xff")}) {
    const HttpReply reply = Post("AccessService/GetCaller", "application/grpc-web", body);
    EXPECT_EQ(reply.status, 200);
    ASSERT_THAT(Parts(reply.body), Not(::testing::IsEmpty()));
    EXPECT_THAT(Parts(reply.body).back().message, Not(HasSubstr("grpc-status: 0\r\n")));
  }
  const HttpReply text = Post("AccessService/GetCaller", "application/grpc-web-text", "?!");
  EXPECT_EQ(text.status, 200);
  // Bytes go through untouched, so gRPC says what it thinks of them.
  EXPECT_THAT(Post("AccessService/GetCaller", "application/proto", "\xff\xff\xff").status,
              ::testing::AnyOf(500, 501));
}

// An upload over HTTP/1.1: all of it goes in, then all replies come.
TEST_F(ApiTest, AStreamGoesInWholeAndComesOutMessageByMessage) {
  const std::string submitter = server_.MakeToken(v1::ROLE_SUBMITTER, "councils/hck");
  const std::string line =
      R"({"row":"2","purchase":{"reference":"A1","product":"mask-type-iir-ear-loop",
          "supplier":"Acme Ltd","orderDate":{"year":2024,"month":3,"day":14},"packs":"10",
          "packContent":"50","packPriceMicros":"6000000"}})";
  const std::vector<std::string> messages = {
      absl::StrCat(R"({"start":{"parent":"councils/hck","uploadId":")", NewUuid(),
                   R"(","addSuppliers":true}})"),
      absl::StrCat(R"({"chunk":{"index":"0","lines":[)", line, "]}}"),
      R"({"finish":{"chunks":"1"}})"};
  std::string body;
  for (const std::string& message : messages) body += Frame(message);
  const HeaderList headers = {{"Content-Type", "application/connect+json"},
                              {"Authorization", "Bearer " + submitter}};
  const HttpReply reply =
      Ask("POST", "/steelyard.v1.PurchaseService/UploadPurchases", headers, body);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Get("content-type"), "application/connect+json");
  const std::vector<Part> parts = Parts(reply.body);
  ASSERT_THAT(parts, SizeIs(4)) << reply.body;
  EXPECT_TRUE(json::parse(parts[0].message).contains("started"));
  EXPECT_EQ(json::parse(parts[1].message)["chunk"]["receivedLines"], "1");
  EXPECT_EQ(json::parse(parts[2].message)["finished"]["total"]["createdLines"], "1");
  EXPECT_EQ(parts[3].flags, 2);
  EXPECT_EQ(parts[3].message, "{}");

  const HttpReply refused = Ask("POST", "/steelyard.v1.PurchaseService/UploadPurchases",
                                {{"Content-Type", "application/connect+json"}}, body);
  EXPECT_EQ(refused.status, 200);
  ASSERT_THAT(Parts(refused.body), SizeIs(1));
  EXPECT_EQ(json::parse(Parts(refused.body)[0].message)["error"]["code"], "unauthenticated");
}

TEST_F(ApiTest, AnotherCouncilsRecordAndAMissingOneLookTheSame) {
  const std::string hackney = server_.MakeToken(v1::ROLE_SUBMITTER, "councils/hck");
  const auto of = [&](const std::string& name) {
    const HttpReply reply =
        Call("PurchaseService/GetPurchase", absl::StrCat(R"({"name":")", name, R"("})"), hackney);
    EXPECT_EQ(reply.status, 404);
    return json::parse(reply.body)["code"].get<std::string>();
  };
  EXPECT_EQ(of("councils/cmd/purchases/A1"), of("councils/hck/purchases/A1"));
}

TEST_F(ApiTest, ManyCallersAtOnceGetTheirOwnAnswers) {
  const std::vector<std::string> councils = {"hck", "cmd", "ken", "ess"};
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      HttpConnection connection(gateway_->address());
      for (int i = 0; i < 50; ++i) {
        const std::string name = "councils/" + councils[static_cast<size_t>(t + i) % 4];
        connection.Send(testing::RequestText("POST", "/steelyard.v1.RegistryService/GetCouncil",
                                             kHost,
                                             {{"Content-Type", "application/json"},
                                              {"Authorization", "Bearer " + server_.steward()}},
                                             R"({"name":")" + name + "\"}"));
        const HttpReply reply = connection.Read();
        if (reply.status == 200 && reply.body.find("\"" + name + "\"") != std::string::npos)
          ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 400);
}

TEST_F(ApiTest, CallsBeyondACapAreRefusedAtOnce) {
  options_.max_calls_of_caller = 0;
  Open();
  EXPECT_EQ(Call("AccessService/GetCaller", "{}", server_.steward()).status, 429);
  options_.max_calls = 0;
  Open();
  const HttpReply busy = Call("AccessService/GetCaller", "{}", server_.steward());
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.Get("retry-after"), "1");
}

TEST_F(ApiTest, DeepAndLargeJsonIsRefusedQuickly) {
  const std::string deep(100'000, '[');
  const std::string objects = [] {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "{\"a\":";
    return text;
  }();
  for (const std::string& body : {deep, "{\"name\":" + deep, objects,
                                  "{\"unknown\":" + deep + std::string(100'000, ']') + "}"}) {
    EXPECT_EQ(Call("RegistryService/GetCouncil", body, server_.steward()).status, 400);
  }
  EXPECT_EQ(Call("RegistryService/GetCouncil",
                 "{\"name\":\"" + std::string((4 << 20) + 1, 'a') + "\"}", server_.steward())
                .status,
            413);
}

TEST_F(ApiTest, ALargeBodyIsDecodedForCallersAlone) {
  const std::string method = "RegistryService/GetCouncil";
  const std::string broken(17 << 10, '[');
  EXPECT_EQ(Call(method, broken, "").status, 401);  // not 400: nobody looked at it
  EXPECT_EQ(Call(method, broken, "wrong").status, 401);
  EXPECT_EQ(Call(method, broken, server_.steward()).status, 400);
  EXPECT_EQ(Call(method, broken.substr(0, 100), "").status, 400);
  const std::string session = Session(server_.steward());
  EXPECT_EQ(CallFromPage(method, broken, session).status, 400);
  const HttpReply stream = Ask("POST", "/steelyard.v1.PurchaseService/UploadPurchases",
                               {{"Content-Type", "application/connect+json"}}, Frame(broken));
  EXPECT_THAT(stream.body, HasSubstr("\"unauthenticated\""));

  std::string lines = R"({"name":"councils/hck")" + std::string(20 << 10, ' ');
  EXPECT_EQ(Call(method, lines + "}", server_.steward()).status, 200);
  lines = "{\"lines\":[{}";
  while (lines.size() < (4 << 20) - 8) lines += ",{}";
  lines += "]}";
  EXPECT_EQ(Call(method, lines, "").status, 401);
  const HttpReply many = Call(method, lines, server_.steward());
  EXPECT_EQ(many.status, 400);
  EXPECT_THAT(json::parse(many.body)["message"].get<std::string>(),
              HasSubstr("may hold 200000; send less at once"));
}

TEST_F(ApiTest, MetricsCountByMethodAndNameNobody) {
  Call("RegistryService/GetCouncil", R"({"name":"councils/hck"})", server_.steward());
  Call("RegistryService/GetCouncil", R"({"name":"councils/zzz"})", server_.steward());
  Call("No<Service>/councils-hck", "{}", server_.steward());
  const auto internal = [&](const std::string& path) {
    return testing::Fetch(gateway_->internal_address(), "GET", path);
  };
  const HttpReply reply = internal("/metrics");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.Get("content-type"), HasSubstr("version=0.0.4"));
  EXPECT_THAT(reply.body,
              HasSubstr("steelyard_gateway_calls_total{protocol=\"connect-json\",method=\"/"
                        "steelyard.v1.RegistryService/GetCouncil\",code=\"not_found\"} 1\n"));
  EXPECT_THAT(reply.body, HasSubstr("steelyard_gateway_sessions 0\n"));
  for (const char* secret : {"hck", "zzz", "sty_", "Bearer", "No<Service>", "127.0.0.1"}) {
    EXPECT_THAT(reply.body, Not(HasSubstr(secret)));
  }
  EXPECT_EQ(internal("/healthz").status, 200);
  EXPECT_EQ(Ask("GET", "/healthz").status, 404);  // not on the open side
  healthy_ = false;
  EXPECT_EQ(internal("/healthz").status, 503);
  EXPECT_EQ(Ask("GET", "/healthz", {{"Host", "anything"}}).status, 421);
  EXPECT_EQ(internal("/steelyard.v1.AccessService/GetCaller").status, 404);
  EXPECT_EQ(Ask("GET", "/metrics").status, 404);  // not on the open side
}

}  // namespace
}  // namespace steelyard::gateway
