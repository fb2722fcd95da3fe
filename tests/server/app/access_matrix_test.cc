// Walks every method of the contract as every role, on its own council, on
// another's and on `councils/-`, and holds what the server says against the
// one table of access.

#include <cstdio>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"
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

constexpr char kReport[] = "provider: 'waterland' service: 'childrens-homes' placements: 8";
constexpr char kReportId[] = "waterland.childrens-homes.2024-q1";

// A request of each method that gets as far as its own checks if the caller may
// call it. $C is the council, $L a good line, $S the id of its first submission,
// $R most of a good report, $O the id of its first one.
struct Sample {
  const char* method;
  const char* request;
};
constexpr Sample kSamples[] = {
    {"CreateToken", "token { role: ROLE_ANALYST display_name: 'x' } request_id: '$U'"},
    {"GetCaller", ""},
    {"GetPolicy", ""},
    {"ListPolicies", ""},
    {"ListTokens", ""},
    {"PreviewPolicy", "product: 'products/none'"},
    {"RevokeToken", "name: 'tokens/none' request_id: '$U'"},
    {"RotateToken", "name: 'tokens/none' request_id: '$U'"},
    {"UpdatePolicy", "policy { version: 99 } request_id: '$U'"},
    {"GetAuditCheckpoint", ""},
    {"VerifyAudit", ""},
    {"CheckUplift", "provider: 'providers/none'"},
    {"GetCouncilPosition",
     "council: 'councils/$C' benchmark { product: 'FRSM' from_month { year: 2024 month: 1 }"
     " to_month { year: 2024 month: 2 } }"},
    {"GetPriceBenchmark",
     "product: 'FRSM' from_month { year: 2024 month: 1 } to_month { year: 2024 month: 2 }"},
    {"GetProviderBenchmark", "provider: 'providers/none'"},
    {"GetProvision", ""},
    {"ListProviderPositions", "service: 'none'"},
    {"ListSupplierScorecards",
     "product: 'FRSM' from_month { year: 2024 month: 1 } to_month { year: 2024 month: 2 }"},
    {"CloseCircle", "name: 'circles/none' council: 'councils/$C' request_id: '$U'"},
    {"CreateCircle", "parent: 'councils/$C'"},
    {"GetCircle", "name: 'circles/none'"},
    {"JoinCircle",
     "name: 'circles/none' council: 'councils/$C' terms_sha256: 'x' request_id: '$U'"},
    {"ListCircleFigures", "parent: 'circles/none'"},
    {"ListCircles", ""},
    {"ListExposures", "parent: 'councils/$C'"},
    {"ListLooks", "parent: 'councils/$C'"},
    {"WithdrawCircleConsent", "name: 'circles/none' council: 'councils/$C' request_id: '$U'"},
    {"CloseNegotiation", "name: 'negotiations/none' council: 'councils/$C'"},
    {"CreateNegotiation", "parent: 'councils/$C'"},
    {"EndorsePosition", "name: 'negotiations/none' council: 'councils/$C'"},
    {"ExportPack", "name: 'negotiations/none' format: CSV"},
    {"GetNegotiation", "name: 'negotiations/none'"},
    {"GetPack", "name: 'negotiations/none'"},
    {"JoinNegotiation", "name: 'negotiations/none' council: 'councils/$C'"},
    {"ListNegotiations", ""},
    {"ProposePosition", "name: 'negotiations/none' council: 'councils/$C'"},
    {"RecordReply", "name: 'negotiations/none' council: 'councils/$C'"},
    {"ReleasePack", "name: 'negotiations/none' council: 'councils/$C'"},
    {"SendForReply", "name: 'negotiations/none' council: 'councils/$C'"},
    {"WithdrawConsent", "name: 'negotiations/none' council: 'councils/$C'"},
    {"GetStatus", ""},
    {"ListAuditEntries", ""},
    {"Ping", ""},
    {"BatchCreateOutcomeReports",
     "parent: 'councils/$C' request_id: '$U' requests { outcome_report { $R quarter { year: 2024"
     " quarter: 2 } } }"},
    {"CreateOutcomeReport",
     "parent: 'councils/$C' request_id: '$U' outcome_report { $R quarter { year: 2024 quarter: 3 }"
     " }"},
    {"GetOutcomeReport", "name: 'councils/$C/outcomeReports/$O'"},
    {"ListOutcomeReportVersions", "parent: 'councils/$C/outcomeReports/$O'"},
    {"ListOutcomeReports", "parent: 'councils/$C'"},
    {"UpdateOutcomeReport",
     "outcome_report { name: 'councils/$C/outcomeReports/$O' placements: 9 } request_id: '$U'"},
    {"UploadOutcomeReports", "start { parent: 'councils/$C' upload_id: '$U' }"},
    {"ValidateOutcomeReports",
     "parent: 'councils/$C' lines { council: 'hck' outcome_report { $R quarter { year: 2024"
     " quarter: 4 } } }"},
    {"WithdrawOutcomeReport", "name: 'councils/$C/outcomeReports/$O' reason: 'x' request_id: '$U'"},
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
    {"CreateProvider", ""},
    {"GetEstablishment", "name: 'establishments/none'"},
    {"GetProvider", "name: 'providers/none'"},
    {"ImportEstablishments", ""},
    {"ListCodes", ""},
    {"ListEstablishments", ""},
    {"ListMeasures", ""},
    {"ListProviders", ""},
    {"SearchProviders", "query: 'x'"},
    {"UpdateProvider", ""},
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
    {"DecideName", ""},
    {"ImportPayments", "parent: 'councils/$C'"},
    {"ListNameDecisions", ""},
    {"ListNameProposals", ""},
    {"ListPaymentSources", ""},
    {"ListSpend", ""},
    {"ListTopSpendingCouncils", ""},
};

// Somebody who calls: with a role, or with no token at all.
struct Who {
  std::string name;
  std::optional<Role> role;
  std::string secret;
};

// Whose rows are named.
enum class Target { kOwn, kOther, kNobodys, kAll, kNoName };
constexpr std::pair<Target, const char*> kTargets[] = {{Target::kOwn, "hck"},
                                                       {Target::kOther, "cmd"},
                                                       {Target::kNobodys, "zzz"},
                                                       {Target::kAll, "-"},
                                                       {Target::kNoName, "HCK"}};

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
      EXPECT_TRUE(Do("/steelyard.v1.OutcomeService/CreateOutcomeReport", secret,
                     absl::StrReplaceAll("parent: 'councils/$C' request_id: '$U' outcome_report {"
                                         " $R quarter { year: 2024 quarter: 1 } }",
                                         {{"$C", council}}))
                      .ok());
    }
    const std::string revoked = server_.MakeToken(v1::ROLE_SUBMITTER, "councils/hck");
    EXPECT_TRUE(Do("/steelyard.v1.AccessService/RevokeToken", server_.steward(),
                   absl::StrCat("name: 'tokens/", revoked.substr(4, 17), "' request_id: '$U'"))
                    .ok());
    std::string forged = server_.steward();
    forged.back() = forged.back() == 'A' ? 'B' : 'A';
    who_ = {{"nobody", std::nullopt, ""},
            {"somebody revoked", std::nullopt, revoked},
            {"a forger", std::nullopt, forged},
            {"somebody of an unsigned JWT", std::nullopt, "eyJhbGciOiJub25lIn0.e30."},
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
        absl::StrReplaceAll(text, {{"$U", NewUuid()},
                                   {"$S", submission_},
                                   {"$L", kLine},
                                   {"$R", kReport},
                                   {"$O", kReportId}}),
        request.get()))
        << text;
    const auto context = ContextOf(secret);
    const grpc::Slice slice(request->SerializeAsString());
    const grpc::ByteBuffer bytes(&slice, 1);
    if (descriptor->client_streaming()) return Stream(*context, method, bytes);
    grpc::ByteBuffer reply;
    std::promise<grpc::Status> done;
    grpc::GenericStub stub(server_.channel());
    stub.UnaryCall(context.get(), method, grpc::StubOptions(), &bytes, &reply,
                   [&](grpc::Status status) { done.set_value(std::move(status)); });
    return done.get_future().get();
  }

  // Starts an upload, of whatever kind, and ends it by sending no more.
  grpc::Status Stream(grpc::ClientContext& context, const std::string& method,
                      const grpc::ByteBuffer& start) {
    struct Reactor : grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
      void OnReadDone(bool ok) override {
        if (ok) StartWritesDone();
      }
      void OnDone(const grpc::Status& status) override { done.set_value(status); }
      grpc::ByteBuffer reply;
      std::promise<grpc::Status> done;
    } reactor;
    grpc::GenericStub stub(server_.channel());
    stub.PrepareBidiStreamingCall(&context, method, grpc::StubOptions(), &reactor);
    reactor.StartWrite(&start);
    reactor.StartRead(&reactor.reply);
    reactor.StartCall();
    return reactor.done.get_future().get();
  }

  // Whether `code` is what the table says of the call.
  static bool AsTold(const Access& access, const Who& who, Target target, StatusCode code) {
    if (!who.role) return code == StatusCode::UNAUTHENTICATED;
    if (!access.roles.Has(*who.role)) return code == StatusCode::PERMISSION_DENIED;
    if (access.owner == Owner::kNone) {
      return code != StatusCode::UNAUTHENTICATED && code != StatusCode::PERMISSION_DENIED;
    }
    // A name that is none is said before whose it is.
    if (target == Target::kNoName) return code == StatusCode::INVALID_ARGUMENT;
    const bool any = access.owner == Owner::kOwnOrAnySteward && *who.role == Role::kSteward;
    if (any || target == Target::kOwn) {
      // It got as far as the method itself, whatever that says of the request.
      return code == StatusCode::OK || code == StatusCode::INVALID_ARGUMENT ||
             (code == StatusCode::NOT_FOUND && (any || IsOfMissing(access.method)));
    }
    // `councils/-/purchases/A1` is no name at all.
    return code == StatusCode::NOT_FOUND ||
           (target == Target::kAll && code == StatusCode::INVALID_ARGUMENT);
  }

  // Methods whose request names something that is not there.
  static bool IsOfMissing(std::string_view method) {
    return method.find("Negotiation") != std::string_view::npos ||
           method.find("Circle") != std::string_view::npos;
  }

  testing::TestServer server_;
  const std::string submission_ = NewUuid();
  std::vector<Who> who_;
};

TEST_F(AccessMatrix, EveryMethodAsEveryRoleOnEveryCouncilIsAsTheTableSays) {
  int cells = 0;
  std::set<std::string> unserved;
  for (const Access& access : auth::AccessTable()) {
    const std::string method(access.method);
    const Sample* sample = nullptr;
    for (const Sample& s : kSamples) {
      if (method.substr(method.rfind('/') + 1) == s.method) sample = &s;
    }
    ASSERT_NE(sample, nullptr) << "no request to try " << method << " with";
    for (const Who& who : who_) {
      for (const auto& [target, council] : kTargets) {
        if (access.owner == Owner::kNone && target != Target::kOwn) continue;
        const grpc::Status status =
            Do(method, who.secret, absl::StrReplaceAll(sample->request, {{"$C", council}}));
        if (status.error_code() == StatusCode::UNIMPLEMENTED) {
          unserved.insert(method);
          continue;
        }
        EXPECT_TRUE(AsTold(access, who, target, status.error_code()))
            << method << " as " << who.name << " on councils/" << council << ": code "
            << status.error_code() << ", " << status.error_message();
        ++cells;
      }
    }
  }
  EXPECT_EQ(std::size(kSamples), auth::AccessTable().size());
  EXPECT_THAT(unserved, ::testing::IsEmpty()) << "in the contract, but served by nobody";
  EXPECT_GE(cells, 1'000);
  std::printf("%d access matrix cells\n", cells);
}

}  // namespace
}  // namespace steelyard::app
