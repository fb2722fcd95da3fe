#include "server/auth/access_table.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "steelyard/v1/access_service.pb.h"
#include "steelyard/v1/audit_service.pb.h"
#include "steelyard/v1/benchmark_service.pb.h"
#include "steelyard/v1/circle_service.pb.h"
#include "steelyard/v1/negotiation_service.pb.h"
#include "steelyard/v1/operations_service.pb.h"
#include "steelyard/v1/outcome_service.pb.h"
#include "steelyard/v1/purchase_service.pb.h"
#include "steelyard/v1/registry_service.pb.h"
#include "steelyard/v1/spend_service.pb.h"
#include "storage/base/text.h"

namespace steelyard::auth {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using model::Role;

constexpr Role kRoles[] = {Role::kSubmitter, Role::kReader, Role::kAnalyst, Role::kSteward,
                           Role::kAuditor};

std::string FullName(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

// Every method of every service of the contract.
std::vector<const MethodDescriptor*> AllMethods() {
  const google::protobuf::FileDescriptor* files[] = {
      v1::GetCallerRequest::descriptor()->file(),
      v1::VerifyAuditRequest::descriptor()->file(),
      v1::PriceBenchmark::descriptor()->file(),
      v1::Circle::descriptor()->file(),
      v1::Negotiation::descriptor()->file(),
      v1::PingRequest::descriptor()->file(),
      v1::ListOutcomeReportsRequest::descriptor()->file(),
      v1::UploadStart::descriptor()->file(),
      v1::GetAreaRequest::descriptor()->file(),
      v1::ListSpendRequest::descriptor()->file()};
  std::vector<const MethodDescriptor*> methods;
  for (const auto* file : files) {
    EXPECT_EQ(file->service_count(), 1) << file->name();
    for (int i = 0; i < file->service(0)->method_count(); ++i) {
      methods.push_back(file->service(0)->method(i));
    }
  }
  return methods;
}

const FieldDescriptor* FieldAt(const Descriptor& type, std::string_view path) {
  const size_t dot = path.find('.');
  const FieldDescriptor* field = type.FindFieldByName(std::string(path.substr(0, dot)));
  if (field == nullptr || dot == std::string_view::npos) return field;
  return FieldAt(*field->message_type(), path.substr(dot + 1));
}

TEST(AccessTableTest, EveryMethodOfTheContractHasAnEntryAndNothingElseHas) {
  std::set<std::string> expected, actual;
  for (const MethodDescriptor* method : AllMethods()) expected.insert(FullName(*method));
  for (const Access& access : AccessTable()) actual.emplace(access.method);
  EXPECT_EQ(actual, expected);
  EXPECT_EQ(actual.size(), AccessTable().size());
}

TEST(AccessTableTest, EveryEntryIsFoundAndUnknownMethodsAreNot) {
  for (const Access& access : AccessTable()) EXPECT_EQ(FindAccess(access.method), &access);
  for (const char* unknown :
       {"", "/", "/steelyard.v1.PurchaseService/", "/zzz", "/a",
        "steelyard.v1.PurchaseService/GetPurchase", "/steelyard.v1.PurchaseService/GetPurchaseX"}) {
    EXPECT_EQ(FindAccess(unknown), nullptr) << unknown;
  }
}

TEST(AccessTableTest, EveryOwnerFieldIsAStringOfTheRequest) {
  for (const MethodDescriptor* method : AllMethods()) {
    const Access* access = FindAccess(FullName(*method));
    ASSERT_NE(access, nullptr) << FullName(*method);
    if (access->owner == Owner::kNone) continue;
    const FieldDescriptor* field = FieldAt(*method->input_type(), access->council_field);
    ASSERT_NE(field, nullptr) << access->method << " " << access->council_field;
    EXPECT_EQ(field->type(), FieldDescriptor::TYPE_STRING);
    EXPECT_FALSE(field->is_repeated());
  }
}

// Whatever is of one council says whose: no method about rows may slip into
// the table without an owner.
TEST(AccessTableTest, EveryMethodOfRowsAndThePositionHaveAnOwner) {
  for (const Access& access : AccessTable()) {
    const bool rows = access.method.starts_with("/steelyard.v1.PurchaseService/") ||
                      access.method.starts_with("/steelyard.v1.OutcomeService/") ||
                      access.method.ends_with("/GetCouncilPosition");
    if (!rows) continue;
    EXPECT_NE(access.owner, Owner::kNone) << access.method;
  }
}

// Whoever can be shown a council's own rows or figures leaves a trace.
TEST(AccessTableTest, EveryLookAtOwnDataIsPutOnRecordByAFieldOfTheRequest) {
  for (const MethodDescriptor* method : AllMethods()) {
    const Access* access = FindAccess(FullName(*method));
    ASSERT_NE(access, nullptr) << FullName(*method);
    const std::string& name = method->name();
    const bool reads = name.starts_with("Get") || name.starts_with("List") ||
                       name.starts_with("Export") || name.starts_with("Check");
    if (reads && access->owner == Owner::kOwn) {
      EXPECT_NE(access->looked_at, "") << name;
    }
    if (access->looked_at.empty()) continue;
    EXPECT_TRUE(reads) << name;
    const FieldDescriptor* field = FieldAt(*method->input_type(), access->looked_at);
    ASSERT_NE(field, nullptr) << name << " " << access->looked_at;
    EXPECT_EQ(field->type(), FieldDescriptor::TYPE_STRING);
  }
}

TEST(AccessTableTest, OnlyACouncilsOwnPeopleReadRows) {
  for (const Access& access : AccessTable()) {
    if (access.owner != Owner::kOwn) continue;
    EXPECT_FALSE(access.roles.Has(Role::kSteward)) << access.method;
    EXPECT_FALSE(access.roles.Has(Role::kAnalyst)) << access.method;
    EXPECT_FALSE(access.roles.Has(Role::kAuditor)) << access.method;
  }
}

// The whole table once more, as the contract's role descriptions read, written
// down independently: submitter, reader, analyst, steward, auditor.
TEST(AccessTableTest, GrantsExactlyWhatTheRolesSay) {
  const std::vector<std::pair<std::string, std::string>> grants = {
      {"AccessService/CreateToken", "...S."},
      {"AccessService/GetCaller", "WRASU"},
      {"AccessService/GetPolicy", "WRASU"},
      {"AccessService/ListPolicies", "WRASU"},
      {"AccessService/ListTokens", "...SU"},
      {"AccessService/PreviewPolicy", "...S."},
      {"AccessService/RevokeToken", "...S."},
      {"AccessService/RotateToken", "...S."},
      {"AccessService/UpdatePolicy", "...S."},
      {"AuditService/GetAuditCheckpoint", "...SU"},
      {"AuditService/VerifyAudit", "...SU"},
      {"BenchmarkService/CheckUplift", "WRAS."},
      {"BenchmarkService/GetCouncilPosition", "WR..."},
      {"BenchmarkService/GetPriceBenchmark", "WRAS."},
      {"BenchmarkService/GetProviderBenchmark", "WRAS."},
      {"BenchmarkService/GetProvision", "WRAS."},
      {"BenchmarkService/ListProviderPositions", "WRAS."},
      {"BenchmarkService/ListSupplierScorecards", "WRAS."},
      {"CircleService/CloseCircle", "W...."},
      {"CircleService/CreateCircle", "W...."},
      {"CircleService/GetCircle", "WRASU"},
      {"CircleService/JoinCircle", "W...."},
      {"CircleService/ListCircleFigures", "WR..."},
      {"CircleService/ListCircles", "WRASU"},
      {"CircleService/ListExposures", "WR..."},
      {"CircleService/ListLooks", "WR..."},
      {"CircleService/WithdrawCircleConsent", "W...."},
      {"NegotiationService/CloseNegotiation", "W...."},
      {"NegotiationService/CreateNegotiation", "W...."},
      {"NegotiationService/EndorsePosition", "W...."},
      {"NegotiationService/ExportPack", "WRAS."},
      {"NegotiationService/GetNegotiation", "WRAS."},
      {"NegotiationService/GetPack", "WRAS."},
      {"NegotiationService/JoinNegotiation", "W...."},
      {"NegotiationService/ListNegotiations", "WRAS."},
      {"NegotiationService/ProposePosition", "W...."},
      {"NegotiationService/RecordReply", "W...."},
      {"NegotiationService/ReleasePack", "W...."},
      {"NegotiationService/SendForReply", "W...."},
      {"NegotiationService/WithdrawConsent", "W...."},
      {"OperationsService/GetStatus", "...SU"},
      {"OperationsService/ListAuditEntries", "...SU"},
      {"OperationsService/Ping", "WRASU"},
      {"OutcomeService/BatchCreateOutcomeReports", "W...."},
      {"OutcomeService/CreateOutcomeReport", "W...."},
      {"OutcomeService/GetOutcomeReport", "WR..."},
      {"OutcomeService/ListOutcomeReportVersions", "WR..."},
      {"OutcomeService/ListOutcomeReports", "WR..."},
      {"OutcomeService/UpdateOutcomeReport", "W...."},
      {"OutcomeService/UploadOutcomeReports", "W..S."},
      {"OutcomeService/ValidateOutcomeReports", "W..S."},
      {"OutcomeService/WithdrawOutcomeReport", "W...."},
      {"PurchaseService/BatchCreatePurchases", "W...."},
      {"PurchaseService/CreatePurchase", "W...."},
      {"PurchaseService/GetPublicationStatus", "WR..."},
      {"PurchaseService/GetPurchase", "WR..."},
      {"PurchaseService/GetSubmission", "WR..."},
      {"PurchaseService/ListPurchaseVersions", "WR..."},
      {"PurchaseService/ListPurchases", "WR..."},
      {"PurchaseService/ListSubmissions", "WR..."},
      {"PurchaseService/UpdatePurchase", "W...."},
      {"PurchaseService/UploadPurchases", "W..S."},
      {"PurchaseService/ValidatePurchases", "W..S."},
      {"PurchaseService/WithdrawPurchase", "W...."},
      {"RegistryService/CreateProvider", "...S."},
      {"RegistryService/CreateSupplier", "W..S."},
      {"RegistryService/GetArea", "WRASU"},
      {"RegistryService/GetCouncil", "WRASU"},
      {"RegistryService/GetEstablishment", "WRASU"},
      {"RegistryService/GetProduct", "WRASU"},
      {"RegistryService/GetProvider", "WRASU"},
      {"RegistryService/GetSupplier", "WRASU"},
      {"RegistryService/ImportEstablishments", "...S."},
      {"RegistryService/ListAreas", "WRASU"},
      {"RegistryService/ListCodes", "WRASU"},
      {"RegistryService/ListCouncils", "WRASU"},
      {"RegistryService/ListEstablishments", "WRASU"},
      {"RegistryService/ListMeasures", "WRASU"},
      {"RegistryService/ListMergeProposals", "...SU"},
      {"RegistryService/ListProducts", "WRASU"},
      {"RegistryService/ListProviders", "WRASU"},
      {"RegistryService/ListSuppliers", "WRASU"},
      {"RegistryService/LoadRegister", "...S."},
      {"RegistryService/MergeSuppliers", "...S."},
      {"RegistryService/SearchCouncils", "WRASU"},
      {"RegistryService/SearchProducts", "WRASU"},
      {"RegistryService/SearchProviders", "WRASU"},
      {"RegistryService/SearchSuppliers", "WRASU"},
      {"RegistryService/UpdateProvider", "...S."},
      {"SpendService/DecideName", "...S."},
      {"SpendService/ImportPayments", "W..S."},
      {"SpendService/ListNameDecisions", "...SU"},
      {"SpendService/ListNameProposals", "...SU"},
      {"SpendService/ListPaymentSources", "WRAS."},
      {"SpendService/ListSpend", "WRAS."},
      {"SpendService/ListTopSpendingCouncils", "WRAS."},
  };
  EXPECT_EQ(grants.size(), AccessTable().size());
  for (const auto& [method, granted] : grants) {
    const Access* access = FindAccess("/steelyard.v1." + method);
    ASSERT_NE(access, nullptr) << method;
    std::string actual;
    for (size_t i = 0; i < std::size(kRoles); ++i) {
      actual += access->roles.Has(kRoles[i]) ? "WRASU"[i] : '.';
    }
    EXPECT_EQ(actual, granted) << method;
  }
}

TEST(AccessTableTest, ARefusalSaysWhoMayAndWhoAsked) {
  using enum model::Role;
  EXPECT_EQ(RefusalWords(Roles::Of(kSubmitter), kSteward),
            "This is for submitters; your token is a steward's.");
  EXPECT_EQ(RefusalWords(Roles::Of(kSubmitter, kReader, kSteward), kAuditor),
            "This is for submitters, readers and stewards; your token is an auditor's.");
}

}  // namespace
}  // namespace steelyard::auth
