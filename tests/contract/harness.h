#ifndef STEELYARD_TESTS_CONTRACT_HARNESS_H_
#define STEELYARD_TESTS_CONTRACT_HARNESS_H_

// What contract tests share. They know the wire and nothing behind it:
// generated headers and the test server only.

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/message.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/client_context.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "steelyard/v1/audit_service.grpc.pb.h"
#include "steelyard/v1/benchmark_service.grpc.pb.h"
#include "steelyard/v1/circle_service.grpc.pb.h"
#include "steelyard/v1/negotiation_service.grpc.pb.h"
#include "steelyard/v1/operations_service.grpc.pb.h"
#include "steelyard/v1/outcome_service.grpc.pb.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "steelyard/v1/registry_service.grpc.pb.h"
#include "steelyard/v1/spend_service.grpc.pb.h"
#include "tests/support/test_server.h"

namespace steelyard::contract {

using ::steelyard::testing::ContextOf;
using ::steelyard::testing::NewUuid;
using ::steelyard::testing::TestServer;
using ::steelyard::testing::TestServerOptions;

using Access = v1::AccessService::Stub;
using Audit = v1::AuditService::Stub;
using Benchmarks = v1::BenchmarkService::Stub;
using Circles = v1::CircleService::Stub;
using Negotiations = v1::NegotiationService::Stub;
using Operations = v1::OperationsService::Stub;
using Outcomes = v1::OutcomeService::Stub;
using Purchases = v1::PurchaseService::Stub;
using Registry = v1::RegistryService::Stub;
using Spend = v1::SpendService::Stub;

// Adds what `text`, a text proto, says; `$uuid` in it becomes a fresh UUID.
// Text that does not fit the message ends the program.
void Merge(std::string text, google::protobuf::Message& message);

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  Merge(text, message);
  return message;
}

template <typename Reply>
struct Answer {
  grpc::Status status;
  Reply reply;
};

// One caller of the server.
class Client {
 public:
  Client(std::shared_ptr<grpc::Channel> channel, std::string secret)
      : channel_(std::move(channel)), secret_(std::move(secret)) {}

  template <typename Stub, typename Request, typename Reply>
  Answer<Reply> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                     const std::type_identity_t<Request>& request) const {
    Answer<Reply> answer;
    Stub stub(channel_);
    answer.status = (stub.*method)(ContextOf(secret_).get(), request, &answer.reply);
    return answer;
  }
  // The same with the request as text.
  template <typename Stub, typename Request, typename Reply>
  Answer<Reply> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                     const std::string& text) const {
    return Call(method, Parse<Request>(text));
  }

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const std::string& secret() const { return secret_; }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::string secret_;
};

// One UploadPurchases stream.
class Upload {
 public:
  explicit Upload(const Client& client);
  ~Upload();

  // Sends one message and waits for its reply; nothing if the stream ended.
  std::optional<v1::UploadPurchasesResponse> Exchange(const v1::UploadPurchasesRequest& request);
  std::optional<v1::UploadPurchasesResponse> Start(const std::string& text);
  std::optional<v1::UploadPurchasesResponse> Chunk(int64_t index,
                                                   const std::vector<v1::Purchase>& lines,
                                                   int64_t first_row = 1);
  std::optional<v1::UploadPurchasesResponse> Finish(int64_t chunks);
  // Sends without waiting for the reply; false if the stream ended.
  bool Send(const v1::UploadPurchasesRequest& request) { return stream_->Write(request); }
  std::optional<v1::UploadPurchasesResponse> Read();
  // Breaks the connection off as a client does that dies.
  void Cancel() { context_->TryCancel(); }
  // Ends the stream, if the server has not, and says how it ended.
  grpc::Status End();

 private:
  std::unique_ptr<grpc::ClientContext> context_;
  Purchases stub_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::UploadPurchasesRequest, v1::UploadPurchasesResponse>>
      stream_;
  bool ended_ = false;
};

v1::UploadPurchasesRequest ChunkOf(int64_t index, const std::vector<v1::Purchase>& lines,
                                   int64_t first_row = 1);

// 10 packs of 50 masks of Acme at 6.00, ordered on 14 March 2024: 0.12 each.
v1::Purchase Line(const std::string& reference, const std::string& changes = "");
// `count` of them with references `prefix`0, `prefix`1, ...
std::vector<v1::Purchase> Lines(int count, const std::string& prefix = "A");

template <typename Detail>
std::optional<Detail> DetailOf(const grpc::Status& status) {
  google::rpc::Status details;
  Detail detail;
  if (!details.ParseFromString(status.error_details())) return std::nullopt;
  for (const auto& any : details.details()) {
    if (any.UnpackTo(&detail)) return detail;
  }
  return std::nullopt;
}
// Of its ErrorInfo; empty if it has none.
std::string ReasonOf(const grpc::Status& status);
// Of its BadRequest, each "field REASON: description".
std::vector<std::string> ViolationsOf(const grpc::Status& status);
// Each "row 7 field CODE: message", with a ? or ! behind the code of a warning
// or a question.
std::vector<std::string> WordsOf(const google::protobuf::RepeatedPtrField<v1::Problem>& problems);

// An answer that is a refusal with this code and reason.
MATCHER_P2(Fails, code, reason, "") {
  const grpc::Status& status = arg.status;
  *result_listener << "code " << status.error_code() << " reason " << ReasonOf(status) << ": "
                   << status.error_message();
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  return status.error_code() == code && ReasonOf(status) == reason && info.has_value() &&
         info->domain() == "steelyard.v1";
}
MATCHER(Succeeds, "") {
  *result_listener << "code " << arg.status.error_code() << ": " << arg.status.error_message();
  return arg.status.ok();
}

// A server with two councils' tokens and three suppliers: acme, bolt, crane.
class ContractTest : public ::testing::Test {
 protected:
  ContractTest();

  // A caller with a new token of that role.
  Client As(v1::Role role, const std::string& council = "");
  // The number of the council's active lines.
  int64_t ActiveLines(const Client& council, const std::string& name);

  TestServer server_;
  Client steward_;
  Client hackney_;  // submitters
  Client camden_;
};

inline constexpr char kHackney[] = "councils/hck";
inline constexpr char kCamden[] = "councils/cmd";

}  // namespace steelyard::contract

#endif  // STEELYARD_TESTS_CONTRACT_HARNESS_H_
