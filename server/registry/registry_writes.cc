#include <string>
#include <utility>
#include <vector>

#include "server/directory/new_suppliers.h"
#include "server/registry/csv_table.h"
#include "server/registry/field_checker.h"
#include "server/registry/register_checks.h"
#include "server/registry/register_csv.h"
#include "server/registry/registry_proto.h"
#include "server/registry/registry_service.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

namespace error = rpc::error;
using directory::Resolver;
using ledger::PutRegisters;

// ALREADY_EXISTS if `text`, a name or company number, stands for a supplier.
absl::Status CheckFree(const Resolver& resolver, std::string_view text) {
  const auto taken = resolver.ResolveSupplier(text);
  if (!taken && !taken.ambiguous) return absl::OkStatus();
  const model::Supplier* supplier = resolver.registers().FindSupplier(taken.no);
  return error::AlreadyExists(
      "supplier", supplier == nullptr ? std::string(text) : rpc::SupplierName(supplier->id));
}

// The supplier to be registered, with an id made of its name.
absl::StatusOr<model::Supplier> NewSupplier(const v1::Supplier& described,
                                            const Resolver& resolver) {
  std::vector<model::Problem> problems;
  model::Supplier supplier = FromProto(described, resolver.registers(), problems);
  if (problems.empty() && resolver.SupplierKey(supplier.display_name).empty()) {
    return error::InvalidField("supplier.display_name", "give a name that holds letters or digits");
  }
  supplier.id = directory::NewSupplierId(resolver.registers(), supplier.display_name);
  model::Registers next = resolver.registers();
  next.Put(supplier);
  for (model::Problem& problem : CheckSuppliers(next, {{supplier.id, 0}})) {
    // Whose number is taken is told that it exists, not that it is wrong.
    if (problem.code != "COMPANY_NUMBER_TAKEN") problems.push_back(std::move(problem));
  }
  if (!problems.empty()) return error::Problems(problems, "supplier.");
  if (!supplier.company_number.empty()) {
    RETURN_IF_ERROR(CheckFree(resolver, supplier.company_number));
  }
  RETURN_IF_ERROR(CheckFree(resolver, supplier.display_name));
  return supplier;
}

// `from` as it is once merged into `into`. Errors are those of MergeSuppliers.
absl::StatusOr<model::Supplier> Merged(const v1::MergeSuppliersRequest& request,
                                       std::string_view from_id, std::string_view into_id,
                                       const model::Registers& registers) {
  const model::Supplier* from = registers.FindSupplier(from_id);
  if (from == nullptr) return error::NotFound(request.name());
  const model::Supplier* into = registers.FindSupplier(into_id);
  if (into == nullptr) return error::NotFound(request.into());
  if (!from->merged_into.empty()) return error::SupplierMerged(request.name());
  if (!into->merged_into.empty()) return error::SupplierMerged(request.into());
  model::Supplier merged = *from;
  merged.merged_into = into->id;
  model::Registers next = registers;
  next.Put(merged);
  if (OwnsItself(next, merged)) {
    return error::InvalidField(
        "into", "is owned by the supplier to give up; merge them the other way or load its owners");
  }
  return merged;
}

// Leaves the entries that a load adds or changes; counts them all.
template <typename Entry, typename Find>
void KeepChanged(std::vector<Entry>& entries, Find find, v1::LoadRegisterResponse& counts) {
  std::erase_if(entries, [&](const Entry& entry) {
    const Entry* registered = find(entry.id);
    if (registered == nullptr) {
      counts.set_created_entries(counts.created_entries() + 1);
    } else if (entry != *registered) {
      counts.set_updated_entries(counts.updated_entries() + 1);
    } else {
      counts.set_unchanged_entries(counts.unchanged_entries() + 1);
      return true;
    }
    return false;
  });
}

// What loading the file would change and the reply to it, or nothing, and the
// problems, if it has errors.
std::optional<PutRegisters> Loaded(const v1::LoadRegisterRequest& request,
                                   const model::Registers& current,
                                   v1::LoadRegisterResponse& reply) {
  reply.Clear();
  RegisterLoad load = Parse(static_cast<Register>(request.register_()), request.csv(), current);
  const bool refused = model::HasError(load.problems);
  PutRegisters put;
  if (!refused) {
    KeepChanged(
        load.areas, [&](const auto& id) { return current.FindArea(id); }, reply);
    KeepChanged(
        load.councils, [&](const auto& id) { return current.FindCouncil(id); }, reply);
    KeepChanged(
        load.products, [&](const auto& id) { return current.FindProduct(id); }, reply);
    KeepChanged(
        load.suppliers, [&](const auto& id) { return current.FindSupplier(id); }, reply);
    KeepChanged(
        load.providers, [&](const auto& id) { return current.FindProvider(id); }, reply);
    put.areas = std::move(load.areas);
    put.councils = std::move(load.councils);
    put.products = std::move(load.products);
    put.suppliers = std::move(load.suppliers);
    put.providers = std::move(load.providers);
  }
  AddProblems(load.problems, kMaxLoadReplyBytes, &reply);
  if (refused) return std::nullopt;
  put.result = reply.SerializeAsString();
  return put;
}

}  // namespace

absl::Status RegistryServiceImpl::Show(const std::string& id, v1::Supplier* reply) const {
  const auto registers = ledger_.state()->registers;
  const model::Supplier* supplier = registers->FindSupplier(id);
  if (supplier == nullptr) return absl::DataLossError("a supplier that was saved is missing");
  ToProto(*supplier, *registers, reply);
  return absl::OkStatus();
}

absl::Status RegistryServiceImpl::DoCreateSupplier(const rpc::Caller& caller,
                                                   const v1::CreateSupplierRequest& request,
                                                   v1::Supplier* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(
      const std::string id,
      writer_.Execute(caller, key,
                      [&](const Resolver& resolver) -> absl::StatusOr<std::optional<PutRegisters>> {
                        PutRegisters put;
                        ASSIGN_OR_RETURN(model::Supplier supplier,
                                         NewSupplier(request.supplier(), resolver));
                        put.result = supplier.id;
                        put.suppliers.push_back(std::move(supplier));
                        return put;
                      }));
  return Show(id, reply);
}

absl::Status RegistryServiceImpl::DoMergeSuppliers(const rpc::Caller& caller,
                                                   const v1::MergeSuppliersRequest& request,
                                                   v1::Supplier* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(const std::string from, rpc::ParseSupplier(request.name()));
  ASSIGN_OR_RETURN(const std::string into, rpc::ParseSupplier(request.into(), "into"));
  if (from == into) return error::InvalidField("into", "must be another supplier");
  ASSIGN_OR_RETURN(
      const std::string id,
      writer_.Execute(caller, key,
                      [&](const Resolver& resolver) -> absl::StatusOr<std::optional<PutRegisters>> {
                        PutRegisters put;
                        ASSIGN_OR_RETURN(model::Supplier merged,
                                         Merged(request, from, into, resolver.registers()));
                        put.result = into;
                        put.suppliers.push_back(std::move(merged));
                        return put;
                      }));
  return Show(id, reply);
}

absl::Status RegistryServiceImpl::DoLoadRegister(const rpc::Caller& caller,
                                                 const v1::LoadRegisterRequest& request,
                                                 v1::LoadRegisterResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  if (!v1::LoadRegisterRequest::Register_IsValid(request.register_())) {
    return error::InvalidField("register",
                               "give AREAS, COUNCILS, PRODUCTS, SUPPLIERS or PROVIDERS");
  }
  if (request.csv().size() > kMaxCsvBytes) {
    return error::InvalidField("csv", "give at most 3 MiB; load a longer register in parts");
  }
  if (request.validate_only()) {
    Loaded(request, *ledger_.state()->registers, *reply);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(
      const std::string result,
      writer_.Execute(caller, key,
                      [&](const Resolver& resolver) -> absl::StatusOr<std::optional<PutRegisters>> {
                        return Loaded(request, resolver.registers(), *reply);
                      }));
  // What the first copy of the request was told; nothing if it was refused.
  if (!result.empty() && !reply->ParseFromString(result)) {
    return absl::DataLossError("the result of an earlier load cannot be read");
  }
  return absl::OkStatus();
}

}  // namespace steelyard::registry
