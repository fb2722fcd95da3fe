#include "server/auth/access_table.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace steelyard::auth {
namespace {

using enum model::Role;

constexpr Roles kAnyone = Roles::Of(kSubmitter, kReader, kAnalyst, kSteward, kAuditor);
constexpr Roles kBenchmarkers = Roles::Of(kSubmitter, kReader, kAnalyst, kSteward);
constexpr Roles kOverseers = Roles::Of(kSteward, kAuditor);
constexpr Roles kStewards = Roles::Of(kSteward);
// Rows are their council's alone; a steward does not read them either.
constexpr Roles kCouncil = Roles::Of(kSubmitter, kReader);
constexpr Roles kWriters = Roles::Of(kSubmitter);
// A steward sends files for bodies; what became of each is in the reply.
constexpr Roles kSenders = Roles::Of(kSubmitter, kSteward);

#define ACCESS(method) "/steelyard.v1.AccessService/" method
#define AUDIT(method) "/steelyard.v1.AuditService/" method
#define BENCHMARK(method) "/steelyard.v1.BenchmarkService/" method
#define CIRCLE(method) "/steelyard.v1.CircleService/" method
#define NEGOTIATION(method) "/steelyard.v1.NegotiationService/" method
#define OPERATIONS(method) "/steelyard.v1.OperationsService/" method
#define OUTCOME(method) "/steelyard.v1.OutcomeService/" method
#define PURCHASE(method) "/steelyard.v1.PurchaseService/" method
#define REGISTRY(method) "/steelyard.v1.RegistryService/" method
#define SPEND(method) "/steelyard.v1.SpendService/" method

constexpr Access kTable[] = {
    {ACCESS("CreateToken"), kStewards},
    // The proxy asks it before each call of gRPC (packaging/nginx).
    {ACCESS("GetCaller"), kAnyone, Owner::kNone, "", "", true},
    // An open rule must be safe when known.
    {ACCESS("GetPolicy"), kAnyone},
    {ACCESS("ListPolicies"), kAnyone},
    {ACCESS("ListTokens"), kOverseers},
    {ACCESS("PreviewPolicy"), kStewards},
    {ACCESS("RevokeToken"), kStewards},
    {ACCESS("RotateToken"), kStewards},
    {ACCESS("UpdatePolicy"), kStewards},

    {AUDIT("GetAuditCheckpoint"), kOverseers},
    {AUDIT("VerifyAudit"), kOverseers},

    {BENCHMARK("CheckUplift"), kBenchmarkers, Owner::kNone, "", "provider"},
    {BENCHMARK("GetCouncilPosition"), kCouncil, Owner::kOwn, "council", "council"},
    {BENCHMARK("GetPriceBenchmark"), kBenchmarkers},
    {BENCHMARK("GetProviderBenchmark"), kBenchmarkers},
    {BENCHMARK("GetProvision"), kBenchmarkers},
    {BENCHMARK("ListProviderPositions"), kBenchmarkers, Owner::kNone, "", "measure"},
    {BENCHMARK("ListSupplierScorecards"), kBenchmarkers},

    {CIRCLE("CloseCircle"), kWriters, Owner::kOwn, "council"},
    {CIRCLE("CreateCircle"), kWriters, Owner::kOwn, "parent"},
    {CIRCLE("GetCircle"), kAnyone, Owner::kNone, "", "name"},
    {CIRCLE("JoinCircle"), kWriters, Owner::kOwn, "council"},
    // Besides, the service records each member whose figures it shows.
    {CIRCLE("ListCircleFigures"), kCouncil, Owner::kNone, "", "parent"},
    {CIRCLE("ListCircles"), kAnyone},
    {CIRCLE("ListExposures"), kCouncil, Owner::kOwn, "parent", "parent"},
    {CIRCLE("ListLooks"), kCouncil, Owner::kOwn, "parent", "parent"},
    {CIRCLE("WithdrawCircleConsent"), kWriters, Owner::kOwn, "council"},

    {NEGOTIATION("CloseNegotiation"), kWriters, Owner::kOwn, "council"},
    {NEGOTIATION("CreateNegotiation"), kWriters, Owner::kOwn, "parent"},
    {NEGOTIATION("EndorsePosition"), kWriters, Owner::kOwn, "council"},
    {NEGOTIATION("ExportPack"), kBenchmarkers, Owner::kNone, "", "name"},
    {NEGOTIATION("GetNegotiation"), kBenchmarkers, Owner::kNone, "", "name"},
    {NEGOTIATION("GetPack"), kBenchmarkers, Owner::kNone, "", "name"},
    {NEGOTIATION("JoinNegotiation"), kWriters, Owner::kOwn, "council"},
    {NEGOTIATION("ListNegotiations"), kBenchmarkers, Owner::kNone, "", "provider"},
    {NEGOTIATION("ProposePosition"), kWriters, Owner::kOwn, "council"},
    {NEGOTIATION("RecordReply"), kWriters, Owner::kOwn, "council"},
    {NEGOTIATION("ReleasePack"), kWriters, Owner::kOwn, "council"},
    {NEGOTIATION("SendForReply"), kWriters, Owner::kOwn, "council"},
    {NEGOTIATION("WithdrawConsent"), kWriters, Owner::kOwn, "council"},

    {OPERATIONS("GetStatus"), kOverseers},
    {OPERATIONS("ListAuditEntries"), kOverseers},
    {OPERATIONS("Ping"), kAnyone},

    {OUTCOME("BatchCreateOutcomeReports"), kWriters, Owner::kOwn, "parent"},
    {OUTCOME("CreateOutcomeReport"), kWriters, Owner::kOwn, "parent"},
    {OUTCOME("GetOutcomeReport"), kCouncil, Owner::kOwn, "name", "name"},
    {OUTCOME("ListOutcomeReportVersions"), kCouncil, Owner::kOwn, "parent", "parent"},
    {OUTCOME("ListOutcomeReports"), kCouncil, Owner::kOwn, "parent", "parent"},
    {OUTCOME("UpdateOutcomeReport"), kWriters, Owner::kOwn, "outcome_report.name"},
    {OUTCOME("UploadOutcomeReports"), kSenders, Owner::kOwnOrAnySteward, "start.parent"},
    {OUTCOME("ValidateOutcomeReports"), kSenders, Owner::kOwnOrAnySteward, "parent"},
    {OUTCOME("WithdrawOutcomeReport"), kWriters, Owner::kOwn, "name"},

    {PURCHASE("BatchCreatePurchases"), kWriters, Owner::kOwn, "parent"},
    {PURCHASE("CreatePurchase"), kWriters, Owner::kOwn, "parent"},
    {PURCHASE("GetPublicationStatus"), kCouncil, Owner::kOwn, "council", "council"},
    {PURCHASE("GetPurchase"), kCouncil, Owner::kOwn, "name", "name"},
    {PURCHASE("GetSubmission"), kCouncil, Owner::kOwn, "name", "name"},
    {PURCHASE("ListPurchaseVersions"), kCouncil, Owner::kOwn, "parent", "parent"},
    {PURCHASE("ListPurchases"), kCouncil, Owner::kOwn, "parent", "parent"},
    {PURCHASE("ListSubmissions"), kCouncil, Owner::kOwn, "parent", "parent"},
    {PURCHASE("UpdatePurchase"), kWriters, Owner::kOwn, "purchase.name"},
    {PURCHASE("UploadPurchases"), kSenders, Owner::kOwnOrAnySteward, "start.parent"},
    {PURCHASE("ValidatePurchases"), kSenders, Owner::kOwnOrAnySteward, "parent"},
    {PURCHASE("WithdrawPurchase"), kWriters, Owner::kOwn, "name"},

    {REGISTRY("CreateProvider"), kStewards},
    {REGISTRY("CreateSupplier"), kSenders},
    {REGISTRY("GetArea"), kAnyone},
    {REGISTRY("GetCouncil"), kAnyone},
    {REGISTRY("GetEstablishment"), kAnyone},
    {REGISTRY("GetProduct"), kAnyone},
    {REGISTRY("GetProvider"), kAnyone},
    {REGISTRY("GetSupplier"), kAnyone},
    {REGISTRY("ImportEstablishments"), kStewards},
    {REGISTRY("ListAreas"), kAnyone},
    {REGISTRY("ListCodes"), kAnyone},
    {REGISTRY("ListCouncils"), kAnyone},
    {REGISTRY("ListEstablishments"), kAnyone},
    {REGISTRY("ListMeasures"), kAnyone},
    {REGISTRY("ListMergeProposals"), kOverseers},
    {REGISTRY("ListProducts"), kAnyone},
    {REGISTRY("ListProviders"), kAnyone},
    {REGISTRY("ListSuppliers"), kAnyone},
    {REGISTRY("LoadRegister"), kStewards},
    {REGISTRY("MergeSuppliers"), kStewards},
    {REGISTRY("SearchCouncils"), kAnyone},
    {REGISTRY("SearchProducts"), kAnyone},
    {REGISTRY("SearchProviders"), kAnyone},
    {REGISTRY("SearchSuppliers"), kAnyone},
    {REGISTRY("UpdateProvider"), kStewards},

    {SPEND("DecideName"), kStewards},
    {SPEND("ImportPayments"), kSenders, Owner::kOwnOrAnySteward, "parent"},
    {SPEND("ListNameDecisions"), kOverseers},
    {SPEND("ListNameProposals"), kOverseers},
    {SPEND("ListPaymentSources"), kBenchmarkers},
    {SPEND("ListSpend"), kBenchmarkers, Owner::kNone, "", "council"},
    {SPEND("ListTopSpendingCouncils"), kBenchmarkers, Owner::kNone, "", "provider"},
};

#undef ACCESS
#undef AUDIT
#undef BENCHMARK
#undef CIRCLE
#undef NEGOTIATION
#undef OPERATIONS
#undef OUTCOME
#undef PURCHASE
#undef REGISTRY
#undef SPEND

constexpr bool Before(const Access& a, const Access& b) { return a.method < b.method; }

static_assert(std::is_sorted(std::begin(kTable), std::end(kTable), Before),
              "FindAccess searches the table by halves");
static_assert(std::all_of(std::begin(kTable), std::end(kTable),
                          [](const Access& access) {
                            return (access.owner == Owner::kNone) == access.council_field.empty();
                          }),
              "an owner is found by its field");

}  // namespace

std::span<const Access> AccessTable() { return kTable; }

const Access* FindAccess(std::string_view method) {
  const Access* found =
      std::lower_bound(std::begin(kTable), std::end(kTable), Access{method, kAnyone}, Before);
  return found != std::end(kTable) && found->method == method ? found : nullptr;
}

std::string RefusalWords(const Roles& allowed, model::Role role) {
  static constexpr std::pair<model::Role, std::string_view> kNames[] = {
      {kSubmitter, "submitter"}, {kReader, "reader"},   {kAnalyst, "analyst"},
      {kSteward, "steward"},     {kAuditor, "auditor"},
  };
  std::vector<std::string> may;
  std::string_view own = "holder";
  for (const auto& [each, name] : kNames) {
    if (allowed.Has(each)) may.push_back(std::string(name) + "s");
    if (each == role) own = name;
  }
  std::string words = "This is for ";
  for (size_t i = 0; i < may.size(); ++i) {
    words += i == 0 ? "" : i + 1 == may.size() ? " and " : ", ";
    words += may[i];
  }
  return words + "; your token is " + (own == "analyst" || own == "auditor" ? "an " : "a ") +
         std::string(own) + "'s.";
}

}  // namespace steelyard::auth
