#include <charconv>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/directory/new_suppliers.h"
#include "server/registry/codes.h"
#include "server/registry/register_csv.h"
#include "server/registry/registry_proto.h"
#include "server/registry/registry_service.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "server/rpc/request_key.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

namespace error = rpc::error;

constexpr size_t kMaxNameBytes = 200;
constexpr size_t kMaxCsvBytes = size_t{3} << 20;
// Keeps a reply well below what clients take.
constexpr int kMaxProblems = 5000;

bool IsName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameBytes &&
         Printable(text, kMaxNameBytes * 4) == text;
}

// All that is wrong with a supplier somebody wants to add.
std::vector<rpc::FieldViolation> CheckSupplier(const v1::Supplier& supplier,
                                               const model::Registers& registers) {
  std::vector<rpc::FieldViolation> violations;
  if (!IsName(supplier.display_name())) {
    violations.push_back({"supplier.display_name", "give 1 to 200 printable characters"});
  }
  for (int i = 0; i < supplier.aliases_size(); ++i) {
    if (!IsName(supplier.aliases(i))) {
      violations.push_back({absl::StrCat("supplier.aliases[", i, "]"),
                            "give 1 to 200 printable characters"});
    }
  }
  if (!supplier.company_number().empty() && !IsCompanyNumber(supplier.company_number())) {
    violations.push_back({"supplier.company_number",
                          "give 8 characters: digits, or a prefix such as SC and digits"});
  }
  if (!supplier.country_code().empty() && !IsCountryCode(supplier.country_code())) {
    violations.push_back({"supplier.country_code", "give an ISO 3166 code such as GB"});
  }
  for (int i = 0; i < supplier.owners_size(); ++i) {
    const auto owner = rpc::ParseSupplier(supplier.owners(i).owner());
    if (!owner.ok() || registers.FindSupplier(*owner) == nullptr) {
      violations.push_back(
          {absl::StrCat("supplier.owners[", i, "].owner"), "give a registered supplier"});
    }
  }
  return violations;
}

model::Supplier FromProto(const v1::Supplier& supplier, const model::Registers& registers) {
  model::Supplier out;
  out.id = directory::NewSupplierId(registers, supplier.display_name());
  out.display_name = supplier.display_name();
  out.aliases.assign(supplier.aliases().begin(), supplier.aliases().end());
  out.company_number = supplier.company_number();
  out.country_code = supplier.country_code();
  for (const v1::Supplier::Owner& owner : supplier.owners()) {
    model::Ownership ownership;
    ownership.owner = *rpc::ParseSupplier(owner.owner());
    if (owner.has_start_date()) ownership.start_date = rpc::FromProto(owner.start_date());
    if (owner.has_end_date()) ownership.end_date = rpc::FromProto(owner.end_date());
    out.owners.push_back(std::move(ownership));
  }
  return out;
}

// Counts entries by whether they are new, change something, or neither.
struct Counts {
  int64_t created = 0;
  int64_t updated = 0;
  int64_t unchanged = 0;
};

// Leaves in `entries` what is new or differs.
template <typename Entry, typename Find>
void KeepChanges(std::vector<Entry>& entries, Find find, Counts& counts) {
  std::vector<Entry> kept;
  for (Entry& e : entries) {
    const Entry* now = find(e.id);
    if (now != nullptr && *now == e) {
      ++counts.unchanged;
      continue;
    }
    ++(now == nullptr ? counts.created : counts.updated);
    kept.push_back(std::move(e));
  }
  entries = std::move(kept);
}

Counts KeepChanges(RegisterLoad& load, const model::Registers& r) {
  Counts counts;
  KeepChanges(load.areas, [&](const std::string& id) { return r.FindArea(id); }, counts);
  KeepChanges(load.councils, [&](const std::string& id) { return r.FindCouncil(id); }, counts);
  KeepChanges(load.products, [&](const std::string& id) { return r.FindProduct(id); }, counts);
  KeepChanges(load.suppliers, [&](const std::string& id) { return r.FindSupplier(id); }, counts);
  return counts;
}

// Counts as they are kept with the request, for a repeat: "1 2 3".
std::string Encode(const Counts& c) {
  return absl::StrCat(c.created, " ", c.updated, " ", c.unchanged);
}

void SetCounts(std::string_view encoded, v1::LoadRegisterResponse* reply) {
  const std::vector<std::string> parts = absl::StrSplit(Av(encoded), ' ');
  auto number = [&](size_t i) {
    int64_t value = 0;
    if (i < parts.size()) {
      std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), value);
    }
    return value;
  };
  reply->set_created_entries(number(0));
  reply->set_updated_entries(number(1));
  reply->set_unchanged_entries(number(2));
}

void AddProblems(const std::vector<model::Problem>& problems, v1::LoadRegisterResponse* reply) {
  for (const model::Problem& p : problems) {
    if (reply->problems_size() == kMaxProblems) {
      model::Problem more;
      more.code = "MORE_PROBLEMS";
      more.expected = "a file with fewer problems";
      more.message = absl::StrCat(problems.size() - kMaxProblems,
                                  " more problems are not listed; mend these first.");
      rpc::ToProto(more, reply->add_problems());
      return;
    }
    rpc::ToProto(p, reply->add_problems());
  }
}

absl::StatusOr<RegisterLoad> Parse(const v1::LoadRegisterRequest& request,
                                   const model::Registers& registers) {
  switch (request.register_()) {
    case v1::LoadRegisterRequest::AREAS:
      return ParseAreas(request.csv(), registers);
    case v1::LoadRegisterRequest::COUNCILS:
      return ParseCouncils(request.csv(), registers);
    case v1::LoadRegisterRequest::PRODUCTS:
      return ParseProducts(request.csv(), registers);
    case v1::LoadRegisterRequest::SUPPLIERS:
      return ParseSuppliers(request.csv(), registers);
    default:
      return error::InvalidField("register", "give AREAS, COUNCILS, PRODUCTS or SUPPLIERS");
  }
}

}  // namespace

absl::StatusOr<std::optional<codec::RequestRecord>> RegistryServiceImpl::Earlier(
    const rpc::RequestKey& key) const {
  auto earlier = ledger_.FindRequest(key.id, key.body_sha256);
  if (absl::IsAborted(earlier.status())) return error::RequestIdReused();
  return earlier;
}

absl::StatusOr<std::string> RegistryServiceImpl::Change(const rpc::Caller& caller,
                                                        const google::protobuf::Message& request,
                                                        ledger::PutRegisters put) {
  ASSIGN_OR_RETURN(rpc::RequestKey key, rpc::ReadRequestKey(request));
  put.meta = {absl::ToUnixMicros(clock_.Now()), caller.token_id};
  put.request = key.id;
  put.body_sha256 = key.body_sha256;
  absl::StatusOr<ledger::Outcome> done = ledger_.Execute(std::move(put));
  if (done.ok()) return done->request.result;
  if (absl::IsAborted(done.status())) return error::RequestIdReused();
  return done.status();
}

absl::Status RegistryServiceImpl::DoCreateSupplier(const rpc::Caller& caller,
                                                   const v1::CreateSupplierRequest& request,
                                                   v1::Supplier* reply) {
  ASSIGN_OR_RETURN(rpc::RequestKey key, rpc::ReadRequestKey(request));
  const auto resolver = directory_.Current();
  const model::Registers& registers = resolver->registers();
  const std::vector<rpc::FieldViolation> violations = CheckSupplier(request.supplier(), registers);
  if (!violations.empty()) return error::InvalidFields(violations);
  ledger::PutRegisters put;
  put.suppliers.push_back(FromProto(request.supplier(), registers));
  put.result = put.suppliers.front().id;

  const std::string& number = request.supplier().company_number();
  auto taken = resolver->ResolveSupplier(number.empty() ? request.supplier().display_name()
                                                        : number);
  if (!taken && !number.empty()) {
    taken = resolver->ResolveSupplier(request.supplier().display_name());
  }
  std::string id;
  if (taken || taken.ambiguous) {
    // A repeat finds what its first use made.
    ASSIGN_OR_RETURN(auto earlier, Earlier(key));
    if (!earlier) return error::AlreadyExists("supplier", request.supplier().display_name());
    id = earlier->result;
  } else {
    ASSIGN_OR_RETURN(id, Change(caller, request, std::move(put)));
  }
  const auto newest = ledger_.state()->registers;
  const model::Supplier* made = newest->FindSupplier(id);
  if (made == nullptr) return absl::DataLossError("a supplier that was made is missing");
  ToProto(*made, *newest, reply);
  return absl::OkStatus();
}

absl::Status RegistryServiceImpl::DoMergeSuppliers(const rpc::Caller& caller,
                                                   const v1::MergeSuppliersRequest& request,
                                                   v1::Supplier* reply) {
  ASSIGN_OR_RETURN(rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(std::string from, rpc::ParseSupplier(request.name()));
  ASSIGN_OR_RETURN(std::string into, rpc::ParseSupplier(request.into(), "into"));
  const auto registers = ledger_.state()->registers;
  const model::Supplier* given_up = registers->FindSupplier(from);
  const model::Supplier* stays = registers->FindSupplier(into);
  if (given_up == nullptr) return error::NotFound(request.name());
  if (stays == nullptr) return error::NotFound(request.into());
  if (from == into) return error::InvalidField("into", "must be another supplier");
  ASSIGN_OR_RETURN(auto earlier, Earlier(key));
  if (!earlier) {
    if (!given_up->merged_into.empty()) return error::SupplierMerged(request.name());
    if (!stays->merged_into.empty()) return error::SupplierMerged(request.into());
    ledger::PutRegisters put;
    put.suppliers.push_back(*given_up);
    put.suppliers.front().merged_into = into;
    put.result = into;
    RETURN_IF_ERROR(Change(caller, request, std::move(put)).status());
  }
  const auto newest = ledger_.state()->registers;
  ToProto(*newest->FindSupplier(into), *newest, reply);
  return absl::OkStatus();
}

absl::Status RegistryServiceImpl::DoLoadRegister(const rpc::Caller& caller,
                                                 const v1::LoadRegisterRequest& request,
                                                 v1::LoadRegisterResponse* reply) {
  ASSIGN_OR_RETURN(rpc::RequestKey key, rpc::ReadRequestKey(request));
  if (request.csv().size() > kMaxCsvBytes) {
    return error::InvalidField("csv", "give at most 3 MiB; send a longer register in parts");
  }
  ASSIGN_OR_RETURN(auto earlier, Earlier(key));
  if (earlier) {
    SetCounts(earlier->result, reply);
    return absl::OkStatus();
  }
  const auto registers = ledger_.state()->registers;
  ASSIGN_OR_RETURN(RegisterLoad load, Parse(request, *registers));
  AddProblems(load.problems, reply);
  if (model::HasError(load.problems)) return absl::OkStatus();
  const Counts counts = KeepChanges(load, *registers);
  std::string result = Encode(counts);
  if (!request.validate_only()) {
    ledger::PutRegisters put;
    put.areas = std::move(load.areas);
    put.councils = std::move(load.councils);
    put.products = std::move(load.products);
    put.suppliers = std::move(load.suppliers);
    put.result = result;
    ASSIGN_OR_RETURN(result, Change(caller, request, std::move(put)));
  }
  SetCounts(result, reply);
  return absl::OkStatus();
}

}  // namespace steelyard::registry
