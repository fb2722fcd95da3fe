#include "server/registry/provider_proto.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/registry/cell_rules.h"
#include "server/registry/codes.h"
#include "server/registry/field_checker.h"
#include "server/registry/provider_rules.h"
#include "server/rpc/names.h"

namespace steelyard::registry {
namespace {

constexpr Expectation kOwner = {"PROVIDER_UNKNOWN",
                                "the name of a registered provider such as providers/caretech"};

std::string_view RegistrationWord(model::Registration registration) {
  switch (registration) {
    case model::Registration::kActive:
      return "active";
    case model::Registration::kSuspended:
      return "suspended";
    case model::Registration::kResigned:
      return "resigned";
    case model::Registration::kCancelled:
      return "cancelled";
  }
  return "";
}

void AddCodes(std::string_view list, std::span<const model::Code> codes,
              v1::ListCodesResponse* out) {
  for (const model::Code& code : codes) {
    v1::ListCodesResponse::Code* c = out->add_codes();
    c->set_list(std::string(list));
    c->set_code(std::string(code.id));
    c->set_display_name(std::string(code.display_name));
    c->set_meaning(std::string(code.meaning));
  }
}

}  // namespace

void ToProto(const model::Provider& provider, const model::Registers&, v1::Provider* out) {
  out->set_name(rpc::ProviderName(provider.id));
  out->set_display_name(provider.display_name);
  out->mutable_aliases()->Add(provider.aliases.begin(), provider.aliases.end());
  out->set_company_number(provider.company_number);
  for (const model::Service service : provider.services) {
    out->add_services(std::string(model::CodeOf(service).id));
  }
  out->set_sector(provider.sector);
  for (const model::ProviderOwnership& o : provider.owners) {
    v1::Provider::Owner* owner = out->add_owners();
    owner->set_owner(rpc::ProviderName(o.owner));
    SetPeriod(o.start_date, o.end_date, owner);
  }
}

void ToProto(const model::Establishment& establishment, const model::Registers& registers,
             v1::Establishment* out) {
  out->set_name(rpc::EstablishmentName(establishment.id));
  out->set_display_name(establishment.display_name);
  if (establishment.service) {
    out->set_service(std::string(model::CodeOf(*establishment.service).id));
  }
  out->set_provision_type(establishment.provision_type);
  if (const model::Council* council = registers.FindCouncil(establishment.council)) {
    out->set_council(rpc::CouncilName(council->id));
  }
  if (const model::Area* area = registers.FindArea(establishment.area)) {
    out->set_area(rpc::AreaName(area->id));
  }
  out->set_sector(establishment.sector);
  for (const model::EstablishmentRecord& r : establishment.records) {
    v1::Establishment::Record* record = out->add_records();
    rpc::ToProto(r.as_of, record->mutable_as_of_date());
    if (const model::Provider* provider = registers.FindProvider(r.provider)) {
      record->set_provider(rpc::ProviderName(provider->id));
    }
    record->set_places(r.places);
    record->set_registration_status(std::string(RegistrationWord(r.registration)));
  }
  for (const model::EstablishmentJudgement& j : establishment.judgements) {
    v1::Establishment::Judgement* judgement = out->add_judgements();
    rpc::ToProto(j.date, judgement->mutable_date());
    judgement->set_level(static_cast<v1::Establishment::Judgement::Level>(j.judgement));
  }
}

void ToProto(const model::MeasureCode& measure, v1::Measure* out) {
  out->set_name(rpc::MeasureName(measure.code.id));
  out->set_display_name(std::string(measure.code.display_name));
  out->set_definition(std::string(measure.code.meaning));
  out->set_guidance(std::string(measure.guidance));
  out->set_scale(std::string(model::kLevelScale));
  const auto levels = model::Levels();
  for (size_t i = 0; i < levels.size(); ++i) {
    v1::Measure::Level* level = out->add_levels();
    level->set_number(static_cast<int32_t>(i + 1));
    level->set_display_name(std::string(levels[i].display_name));
    level->set_meaning(std::string(levels[i].meaning));
    if (i < model::kRankCount) level->set_score(model::ScoreOf(static_cast<model::Level>(i + 1)));
  }
  out->set_score_map(std::string(model::kScoreMap));
}

void CodesToProto(v1::ListCodesResponse* out) {
  AddCodes("service", model::Services(), out);
  AddCodes("priority", model::Priorities(), out);
  AddCodes("intention", model::Intentions(), out);
}

model::Provider FromProto(const v1::Provider& provider, const model::Registers& registers,
                          std::vector<model::Problem>& problems) {
  FieldChecker checker(problems);
  model::Provider out;
  out.display_name = provider.display_name();
  checker.Name("display_name", out.display_name);
  out.aliases = checker.Aliases(provider.aliases());
  out.company_number = provider.company_number();
  checker.Want(out.company_number.empty() || IsCompanyNumber(out.company_number), "company_number",
               out.company_number, kCompanyNumber);
  for (int i = 0; i < provider.services_size(); ++i) {
    const auto service = model::ParseService(provider.services(i));
    checker.Want(service.has_value(), absl::StrCat("services[", i, "]"), provider.services(i),
                 kService);
    if (service) out.services.push_back(*service);
  }
  out.services = InOrder(std::move(out.services));
  out.sector = provider.sector();
  checker.Want(out.sector.empty() || IsSector(out.sector), "sector", out.sector, kSector);
  const auto find = [&](std::string_view owner) -> const model::Provider* {
    const absl::StatusOr<std::string> id = rpc::ParseProvider(owner);
    return id.ok() ? registers.FindProvider(*id) : nullptr;
  };
  out.owners = checker.Owners<model::ProviderOwnership>(provider.owners(), find, kOwner);
  return out;
}

}  // namespace steelyard::registry
