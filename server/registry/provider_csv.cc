// The register of providers as a file.

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "server/registry/entry_checks.h"
#include "server/registry/provider_rules.h"
#include "server/registry/register_csv.h"
#include "server/registry/register_reading.h"

namespace steelyard::registry {
namespace {

void ReadProvider(RowReader& row, model::Provider& p) {
  row.Required("name", p.display_name, ParseName, kName);
  row.List("aliases", p.aliases, ParseName, kName);
  row.Optional("company_number", p.company_number, Checked<IsCompanyNumber>, kCompanyNumber);
  row.List("services", p.services, model::ParseService, kService);
  p.services = InOrder(std::move(p.services));
  row.Optional("sector", p.sector, Checked<IsSector>, kSector);
  row.List("owners", p.owners, ParseOwnership<model::ProviderOwnership>, kOwners);
}

}  // namespace

std::vector<model::Service> InOrder(std::vector<model::Service> services) {
  std::sort(services.begin(), services.end());
  services.erase(std::unique(services.begin(), services.end()), services.end());
  return services;
}

bool IsSector(std::string_view text) {
  return text == "private" || text == "voluntary" || text == "local-authority" || text == "health";
}

std::vector<model::Problem> CheckProviders(const model::Registers& next, const LinesById& lines) {
  constexpr Expectation kUnknown = {"PROVIDER_UNKNOWN",
                                    "providers that are registered or in this file"};
  const auto find = [&](std::string_view id) { return next.FindProvider(id); };
  const auto owners_of = [](const model::Provider& p) -> const auto& { return p.owners; };
  std::vector<model::Problem> problems;
  Claims claims(lines, problems);
  bool apart = true;
  for (const model::Provider& p : next.providers) {
    claims.Claim(p.id, "company_number", p.company_number, "COMPANY_NUMBER_TAKEN");
    const auto line = lines.find(p.id);
    if (line != lines.end()) apart &= CheckOwners(p, line->second, kUnknown, find, problems);
  }
  if (apart) {
    CheckOwnerRings(
        next.providers, lines, "provider",
        [&](const model::Provider& p) {
          return LeadsBack(p, p.id, {}, kMaxChain, owners_of, find);
        },
        problems);
  }
  return problems;
}

RegisterLoad ParseProviders(std::string_view csv, const model::Registers& current) {
  auto reading = ReadRows<model::Provider>(
      csv, {{"id", "name"}, {"aliases", "company_number", "services", "sector", "owners"}}, current,
      Room<uint32_t>(current.providers.size()),
      [&](std::string_view id) { return current.FindProvider(id); },
      [](RowReader& row, model::Provider& p) { ReadProvider(row, p); });
  RegisterLoad load;
  load.problems = AllProblems(reading, CheckProviders(reading.next, reading.lines));
  load.providers = std::move(reading.entries);
  return load;
}

}  // namespace steelyard::registry
