// Walks every method of the contract as every role, on its own council, on
// another's and on `councils/-`, and holds what the server says against the
// one table of access.

#include <cstdio>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "gtest/gtest.h"
#include "server/auth/access_table.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "storage/base/text.h"
#include "tests/support/test_server.h"

namespace steelyard::app {
namespace {

using auth::Access;
using auth::Owner;
using grpc::StatusCode;
using model::Role;
using testing::ContextOf;
using testing::NewUuid;

constexpr char kLine[] =
    "product: 'FRSM' supplier: 'acme' order_date { year: 2024 month: 1 day: 1 } packs: 1"
    " pack_content: 50 pack_price_micros: 6000000";

// A request of each method that would be done if the caller may do it. $C is
// the council, $L a good line, $S the id of its first submission.
struct Sample {
  const char* method;
  const char* request;
};
constexpr Sample kSamples[] = {
    {"CreateToken", "token { role: ROLE_ANALYST display_name: 'x' } request_id: '$U'"},
    {"GetCaller", ""},
    {"GetPolicy", ""},
    {"ListTokens", ""},
    {"RevokeToken", "name: 'tokens/none' request_id: '$U'"},
    {"UpdatePolicy", "policy { version: 99 } request_id: '$U'"},
    {"GetCouncilPosition",
     "council: 'councils/$C' benchmark { product: 'FRSM' from_month { year: 2024 month: 1 }"
     " to_month { year: 2024 month: 2 } }"},
    {"GetPriceBenchmark",
     "product: 'FRSM' from_month { year: 2024 month: 1 } to_month { year: 2024 month: 2 }"},
    {"GetStatus", ""},
    {"ListAuditEntries", ""},
    {"Ping", ""},
    {"BatchCreatePurchases",
     "parent: 'councils/$C' request_id: '$U' requests { purchase { reference: 'B1' $L } }"},
    {"CreatePurchase", "parent: 'councils/$C' request_id: '$U' purchase { reference: 'C1' $L }"},
    {"GetPublicationStatus", "council: 'councils/$C'"},
    {"GetPurchase", "name: 'councils/$C/purchases/A1'"},
    {"GetSubmission", "name: 'councils/$C/submissions/$S'"},
    {"ListPurchaseVersions", "parent: 'councils/$C/purchases/A1'"},
    {"ListPurchases", "parent: 'councils/$C'"},
    {"ListSubmissions", "parent: 'councils/$C'"},
    {"UpdatePurchase", "purchase { name: 'councils/$C/purchases/A1' packs: 2 } request_id: '$U'"},
    {"UploadPurchases", "start { parent: 'councils/$C' upload_id: '$U' }"},
    {"ValidatePurchases",
     "parent: 'councils/$C' lines { council: 'hck' purchase { reference: 'D1' $L } }"},
    {"WithdrawPurchase", "name: 'councils/$C/purchases/A1' reason: 'x' request_id: '$U'"},
    {"CreateSupplier", "supplier { display_name: '$U' } request_id: '$U'"},
    {"GetArea", "name: 'areas/london'"},
    {"GetCouncil", "name: 'councils/hck'"},
    {"GetProduct", "name: 'products/mask-type-iir-ear-loop'"},
    {"GetSupplier", "name: 'suppliers/acme'"},
    {"ListAreas", ""},
    {"ListCouncils", ""},
    {"ListMergeProposals", ""},
    {"ListProducts", ""},
    {"ListSuppliers", ""},
    {"LoadRegister", "register: SUPPLIERS csv: 'id,name' request_id: '$U'"},
    {"MergeSuppliers", "name: 'suppliers/none' into: 'suppliers/acme' request_id: '$U'"},
    {"SearchCouncils", "query: 'x'"},
    {"SearchProducts", "query: 'x'"},
    {"SearchSuppliers", "query: 'x'"},
};

// Somebody who calls: with a role, or with no token at all.
struct Who {
  std::string name;
  std::optional<Role> role;
  std::string secret;
};

enum class Target { kOwn, kOther, kAll };

class AccessMatrix : public ::testing::Test {
 protected:
  AccessMatrix() {
    Do("/steelyard.v1.RegistryService/LoadRegister", server_.steward(),
       "register: SUPPLIERS csv: 'id,name\\nacme,Acme Ltd\\n' request_id: '$U'");
    for (const char* council : {"hck", "cmd"}) {
      const std::string secret =
          server_.MakeToken(v1::ROLE_SUBMITTER, absl::StrCat("councils/", council));
      EXPECT_TRUE(Do("/steelyard.v1.PurchaseService/CreatePurchase", secret,
                     absl::StrReplaceAll("parent: 'councils/$C' request_id: '$S'"
                                         " purchase { reference: 'A1' $L }",
                                         {{"$C", council}}))
                      .ok());
    }
    who_ = {{"nobody", std::nullopt, ""},
            {"submitter", Role::kSubmitter, server_.MakeToken(v1::ROLE_SUBMITTER, "councils/hck")},
            {"reader", Role::kReader, server_.MakeToken(v1::ROLE_READER, "councils/hck")},
            {"analyst", Role::kAnalyst, server_.MakeToken(v1::ROLE_ANALYST)},
            {"steward", Role::kSteward, server_.MakeToken(v1::ROLE_STEWARD)},
            {"auditor", Role::kAuditor, server_.MakeToken(v1::ROLE_AUDITOR)}};
  }

  // Calls a method with a request given as text.
  grpc::Status Do(const std::string& method, const std::string& secret, const std::string& text) {
    const std::string name = absl::StrReplaceAll(method.substr(1), {{"/", "."}});
    const auto* descriptor =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
    EXPECT_NE(descriptor, nullptr) << name;
    std::unique_ptr<google::protobuf::Message> request(
        google::protobuf::MessageFactory::generated_factory()
            ->GetPrototype(descriptor->input_type())
            ->New());
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        absl::StrReplaceAll(text, {{"$U", NewUuid()}, {"$S", submission_}, {"$L", kLine}}),
        request.get()))
        << text;
    const auto context = ContextOf(secret);
    if (descriptor->client_streaming()) {
      return Stream(*context, static_cast<v1::UploadPurchasesRequest&>(*request));
    }
    const grpc::Slice slice(request->SerializeAsString());
    const grpc::ByteBuffer bytes(&slice, 1);
    grpc::ByteBuffer reply;
    std::promise<grpc::Status> done;
    grpc::GenericStub stub(server_.channel());
    stub.UnaryCall(context.get(), method, grpc::StubOptions(), &bytes, &reply,
                   [&](grpc::Status status) { done.set_value(std::move(status)); });
    return done.get_future().get();
  }

  // Starts an upload and ends it.
  grpc::Status Stream(grpc::ClientContext& context, const v1::UploadPurchasesRequest& start) {
    v1::PurchaseService::Stub stub(server_.channel());
    const auto stream = stub.UploadPurchases(&context);
    v1::UploadPurchasesResponse response;
    stream->Write(start);
    if (stream->Read(&response)) {
      v1::UploadPurchasesRequest finish;
      finish.mutable_finish();
      stream->Write(finish);
      stream->Read(&response);
    }
    stream->WritesDone();
    return stream->Finish();
  }

  // Whether `code` is what the table says of the call.
  static bool AsTold(const Access& access, const Who& who, Target target, StatusCode code) {
    if (!who.role) return code == StatusCode::UNAUTHENTICATED;
    if (!access.roles.Has(*who.role)) return code == StatusCode::PERMISSION_DENIED;
    if (access.owner == Owner::kNone) {
      return code != StatusCode::UNAUTHENTICATED && code != StatusCode::PERMISSION_DENIED;
    }
    const bool any = access.owner == Owner::kOwnOrAnySteward && *who.role == Role::kSteward;
    if (any || target == Target::kOwn) return code == StatusCode::OK;
    // `councils/-/purchases/A1` is no name at all.
    return code == StatusCode::NOT_FOUND ||
           (target == Target::kAll && code == StatusCode::INVALID_ARGUMENT);
  }

  testing::TestServer server_;
  const std::string submission_ = NewUuid();
  std::vector<Who> who_;
};

TEST_F(AccessMatrix, EveryMethodAsEveryRoleOnEveryCouncilIsAsTheTableSays) {
  int cells = 0;
  for (const Access& access : auth::AccessTable()) {
    const std::string method(access.method);
    const Sample* sample = nullptr;
    for (const Sample& s : kSamples) {
      if (method.substr(method.rfind('/') + 1) == s.method) sample = &s;
    }
    ASSERT_NE(sample, nullptr) << "no request to try " << method << " with";
    for (const Who& who : who_) {
      for (const Target target : {Target::kOwn, Target::kOther, Target::kAll}) {
        if (access.owner == Owner::kNone && target != Target::kOwn) continue;
        const char* council = target == Target::kOwn     ? "hck"
                              : target == Target::kOther ? "cmd"
                                                         : "-";
        const grpc::Status status =
            Do(method, who.secret, absl::StrReplaceAll(sample->request, {{"$C", council}}));
        EXPECT_TRUE(AsTold(access, who, target, status.error_code()))
            << method << " as " << who.name << " on councils/" << council << ": code "
            << status.error_code() << ", " << status.error_message();
        ++cells;
      }
    }
  }
  EXPECT_EQ(std::size(kSamples), auth::AccessTable().size());
  std::printf("%d access matrix cells\n", cells);
}

}  // namespace
}  // namespace steelyard::app
