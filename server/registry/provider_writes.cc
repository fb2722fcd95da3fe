#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/field_mask_util.h"
#include "server/directory/new_providers.h"
#include "server/registry/establishment_import.h"
#include "server/registry/field_checker.h"
#include "server/registry/provider_methods.h"
#include "server/registry/provider_proto.h"
#include "server/registry/register_checks.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

namespace error = rpc::error;
using directory::Resolver;
using google::protobuf::util::FieldMaskUtil;
using ledger::PutRegisters;

// ALREADY_EXISTS if `text`, a name or company number, stands for a provider
// other than `self`.
absl::Status CheckFree(const Resolver& resolver, std::string_view text, std::string_view self) {
  const auto taken = resolver.ResolveProvider(text);
  const model::Provider* provider = resolver.registers().FindProvider(taken.no);
  if (provider == nullptr && !taken.ambiguous) return absl::OkStatus();
  if (provider != nullptr && provider->id == self) return absl::OkStatus();
  return error::AlreadyExists(
      "provider", provider == nullptr ? std::string(text) : rpc::ProviderName(provider->id));
}

// The provider as `described`, if it may stand so. Its id is new or that of the
// one it replaces.
absl::StatusOr<model::Provider> Checked(const v1::Provider& described, std::string_view id,
                                        const Resolver& resolver) {
  std::vector<model::Problem> problems;
  model::Provider provider = FromProto(described, resolver.registers(), problems);
  if (problems.empty() && resolver.SupplierKey(provider.display_name).empty()) {
    return error::InvalidField("provider.display_name", "give a name that holds letters or digits");
  }
  provider.id = id.empty() ? directory::NewProviderId(resolver.registers(), provider.display_name)
                           : std::string(id);
  FieldChecker checker(problems);
  for (size_t i = 0; i < provider.aliases.size(); ++i) {
    checker.Want(CheckFree(resolver, provider.aliases[i], provider.id).ok(),
                 absl::StrCat("aliases[", i, "]"), provider.aliases[i],
                 {"NAME_TAKEN", "a name that stands for no other provider"});
  }
  model::Registers next = resolver.registers();
  next.Put(provider);
  for (model::Problem& problem : CheckProviders(next, {{provider.id, 0}})) {
    // Whose number is taken is told that it exists, not that it is wrong.
    if (problem.code != "COMPANY_NUMBER_TAKEN") problems.push_back(std::move(problem));
  }
  if (!problems.empty()) return error::Problems(problems, "provider.");
  if (!provider.company_number.empty()) {
    RETURN_IF_ERROR(CheckFree(resolver, provider.company_number, provider.id));
  }
  RETURN_IF_ERROR(CheckFree(resolver, provider.display_name, provider.id));
  return provider;
}

// `current` with the fields that the request changes.
absl::StatusOr<v1::Provider> Merged(const v1::UpdateProviderRequest& request,
                                    const v1::Provider& current) {
  google::protobuf::FieldMask mask = request.update_mask();
  if (mask.paths_size() == 0) {
    std::vector<const google::protobuf::FieldDescriptor*> set;
    v1::Provider::GetReflection()->ListFields(request.provider(), &set);
    for (const auto* field : set) {
      if (field->number() != v1::Provider::kNameFieldNumber) mask.add_paths(field->name());
    }
  }
  std::vector<rpc::FieldViolation> violations;
  for (int i = 0; i < mask.paths_size(); ++i) {
    const std::string& path = mask.paths(i);
    if (path != "name" && FieldMaskUtil::IsValidPath<v1::Provider>(path)) continue;
    violations.push_back(
        {absl::StrCat("update_mask.paths[", i, "]"),
         absl::StrCat("'", Printable(path, 80), "' is not a field of a provider that can change")});
  }
  if (!violations.empty()) return error::InvalidFields(violations);
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  v1::Provider merged = current;
  FieldMaskUtil::MergeMessageTo(request.provider(), mask, options, &merged);
  return merged;
}

// The change that an import makes and the reply to it, or nothing, and the
// problems, if it has errors.
std::optional<PutRegisters> Imported(EstablishmentImport import,
                                     v1::ImportEstablishmentsResponse& reply) {
  reply.Clear();
  const bool refused = model::HasError(import.problems);
  if (!refused) {
    reply.set_created_establishments(import.created_establishments);
    reply.set_updated_establishments(import.updated_establishments);
    reply.set_unchanged_establishments(import.unchanged_establishments);
    reply.set_created_providers(import.created_providers);
  }
  AddProblems(import.problems, kMaxLoadReplyBytes, &reply);
  if (refused) return std::nullopt;
  PutRegisters put;
  put.providers = std::move(import.providers);
  put.establishments = std::move(import.establishments);
  put.result = reply.SerializeAsString();
  return put;
}

}  // namespace

absl::Status ProviderMethods::Show(const std::string& id, v1::Provider* reply) const {
  const auto registers = ledger_.state()->registers;
  const model::Provider* provider = registers->FindProvider(id);
  if (provider == nullptr) return absl::DataLossError("a provider that was saved is missing");
  ToProto(*provider, *registers, reply);
  return absl::OkStatus();
}

absl::Status ProviderMethods::CreateProvider(const rpc::Caller& caller,
                                             const v1::CreateProviderRequest& request,
                                             v1::Provider* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  const auto change = [&](const Resolver& resolver) -> absl::StatusOr<std::optional<PutRegisters>> {
    PutRegisters put;
    ASSIGN_OR_RETURN(model::Provider provider, Checked(request.provider(), "", resolver));
    put.result = provider.id;
    put.providers.push_back(std::move(provider));
    return put;
  };
  ASSIGN_OR_RETURN(const std::string id, writer_.Execute(caller, key, change));
  return Show(id, reply);
}

absl::Status ProviderMethods::UpdateProvider(const rpc::Caller& caller,
                                             const v1::UpdateProviderRequest& request,
                                             v1::Provider* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::ParseProvider(request.provider().name(), "provider.name"));
  const auto change = [&](const Resolver& resolver) -> absl::StatusOr<std::optional<PutRegisters>> {
    const model::Registers& registers = resolver.registers();
    const model::Provider* current = registers.FindProvider(id);
    if (current == nullptr) return error::NotFound(request.provider().name());
    v1::Provider described;
    ToProto(*current, registers, &described);
    ASSIGN_OR_RETURN(described, Merged(request, described));
    PutRegisters put;
    ASSIGN_OR_RETURN(model::Provider provider, Checked(described, id, resolver));
    put.result = id;
    put.providers.push_back(std::move(provider));
    return put;
  };
  ASSIGN_OR_RETURN(const std::string changed, writer_.Execute(caller, key, change));
  return Show(changed, reply);
}

absl::Status ProviderMethods::ImportEstablishments(const rpc::Caller& caller,
                                                   const v1::ImportEstablishmentsRequest& request,
                                                   v1::ImportEstablishmentsResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  const auto as_of = rpc::FromProto(request.as_of_date());
  if (!as_of || *as_of > Today()) {
    return error::InvalidField("as_of_date", "give the day of the register, today at the latest");
  }
  if (request.rows_size() > kMaxEstablishmentRows) {
    return error::InvalidField("rows", "give at most 10,000 rows");
  }
  const auto change = [&](const Resolver& resolver) -> absl::StatusOr<std::optional<PutRegisters>> {
    ASSIGN_OR_RETURN(EstablishmentImport import, ReadEstablishments(*as_of, request, resolver));
    return Imported(std::move(import), *reply);
  };
  if (request.validate_only()) return change(*directory_.Current()).status();
  ASSIGN_OR_RETURN(const std::string result, writer_.Execute(caller, key, change));
  // What the first copy of the request was told; nothing if it was refused.
  if (!result.empty() && !reply->ParseFromString(result)) {
    return absl::DataLossError("the result of an earlier import cannot be read");
  }
  return absl::OkStatus();
}

}  // namespace steelyard::registry
