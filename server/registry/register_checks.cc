#include "server/registry/register_checks.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/registry/codes.h"
#include "server/registry/entry_checks.h"
#include "server/registry/row_reader.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

using model::Problem;
using model::Registers;

void CheckDates(const std::optional<model::Day>& start, const std::optional<model::Day>& end,
                int64_t line, std::vector<Problem>& problems) {
  if (start && end && *end < *start) {
    problems.push_back(CellProblem(line, "end_date", end->ToString(), kDateOrder));
  }
}

// Whether the successors of `council` lead back to it.
bool SucceedsItself(const Registers& next, const model::Council& council) {
  absl::flat_hash_set<std::string> seen;
  std::vector<std::string> open = council.successors;
  while (!open.empty()) {
    const std::string id = std::move(open.back());
    open.pop_back();
    if (id == council.id) return true;
    const model::Council* successor = next.FindCouncil(id);
    if (successor == nullptr || !seen.insert(id).second) continue;
    open.insert(open.end(), successor->successors.begin(), successor->successors.end());
  }
  return false;
}

void CheckPacks(const model::Product& p, int64_t line, std::vector<Problem>& problems) {
  if (p.packs.empty() && !p.any_pack) {
    problems.push_back(CellProblem(line, "packs", "",
                                   {"PACKS_MISSING", "the usual packs, or true in \"any_pack\""}));
  }
  for (size_t i = 1; i < p.packs.size(); ++i) {
    const int64_t inner = p.packs[i - 1].base_units;
    const int64_t outer = p.packs[i].base_units;
    if (outer <= inner || outer % inner != 0) {
      problems.push_back(CellProblem(line, "packs", absl::StrCat(outer),
                                     {"PACKS_ORDER",
                                      "packs from the inside out, each a whole "
                                      "number of the one before"}));
    }
  }
}

}  // namespace

bool OwnsItself(const Registers& registers, const model::Supplier& supplier) {
  // One that was merged belongs to the other for good, as in
  // Registers::UltimateOwner.
  const auto owners_of = [](const model::Supplier& s) {
    return s.merged_into.empty() ? s.owners
                                 : std::vector<model::Ownership>{{s.merged_into, {}, {}}};
  };
  const auto find = [&](std::string_view id) { return registers.FindSupplier(id); };
  return LeadsBack(supplier, supplier.id, {}, kMaxChain, owners_of, find);
}

std::vector<Problem> CheckAreas(const Registers& next, const LinesById& lines) {
  std::vector<Problem> problems;
  for (const model::Area& area : next.areas) {
    const auto line = lines.find(area.id);
    if (line == lines.end()) continue;
    int steps = 0;
    const model::Area* up = &area;
    while (up != nullptr && up->parent && steps <= kMaxChain) {
      up = next.FindArea(*up->parent);
      ++steps;
    }
    if (steps > kMaxChain) {
      problems.push_back(CellProblem(line->second, "parent", next.FindArea(*area.parent)->id,
                                     {"AREA_RING", "an area that is not part of this one"}));
    }
  }
  return problems;
}

std::vector<Problem> CheckCouncils(const Registers& next, const LinesById& lines) {
  std::vector<Problem> problems;
  Claims claims(lines, problems);
  for (const model::Council& c : next.councils) {
    claims.Claim(c.id, "gss_code", c.gss_code, "GSS_CODE_TAKEN");
    for (const std::string& code : c.former_gss_codes) {
      claims.Claim(c.id, "former_gss_codes", code, "GSS_CODE_TAKEN");
    }
    const auto line = lines.find(c.id);
    if (line == lines.end()) continue;
    CheckDates(c.start_date, c.end_date, line->second, problems);
    for (const std::string& successor : c.successors) {
      if (next.FindCouncil(successor) != nullptr) continue;
      problems.push_back(CellProblem(line->second, "successors", successor,
                                     {"COUNCIL_UNKNOWN",
                                      "councils that are registered or in "
                                      "this file"}));
    }
    if (SucceedsItself(next, c)) {
      problems.push_back(
          CellProblem(line->second, "successors", c.successors.front(),
                      {"SUCCESSOR_RING", "councils that this one does not succeed"}));
    }
  }
  return problems;
}

std::vector<Problem> CheckProducts(const Registers& next, const LinesById& lines) {
  std::vector<Problem> problems;
  Claims claims(lines, problems);
  for (const model::Product& p : next.products) {
    for (const std::string& gtin : p.gtins) claims.Claim(p.id, "gtins", gtin, "GTIN_TAKEN");
    const auto line = lines.find(p.id);
    if (line == lines.end()) continue;
    CheckDates(p.start_date, p.end_date, line->second, problems);
    CheckPacks(p, line->second, problems);
    if (p.band_high_micros < p.band_low_micros) {
      problems.push_back(CellProblem(line->second, "band_high_micros",
                                     absl::StrCat(p.band_high_micros),
                                     {"BAND_ORDER", "a price of at least \"band_low_micros\""}));
    }
    if (!p.cpv_code.empty() && !HasUsualCpvCheckDigit(p.cpv_code)) {
      problems.push_back(CellProblem(line->second, "cpv_code", p.cpv_code,
                                     {"CPV_CHECK_DIGIT",
                                      "the code as the list has it (its last "
                                      "digit is unusual)"}));
      problems.back().severity = Problem::Severity::kWarning;
    }
  }
  return problems;
}

std::vector<Problem> CheckSuppliers(const Registers& next, const LinesById& lines) {
  constexpr Expectation kUnknown = {"SUPPLIER_UNKNOWN",
                                    "suppliers that are registered or in this file"};
  const auto find = [&](std::string_view id) { return next.FindSupplier(id); };
  std::vector<Problem> problems;
  Claims claims(lines, problems);
  bool apart = true;
  for (const model::Supplier& s : next.suppliers) {
    if (s.merged_into.empty()) {
      claims.Claim(s.id, "company_number", s.company_number, "COMPANY_NUMBER_TAKEN");
    }
    const auto line = lines.find(s.id);
    if (line != lines.end()) apart &= CheckOwners(s, line->second, kUnknown, find, problems);
  }
  if (apart) {
    CheckOwnerRings(
        next.suppliers, lines, "supplier",
        [&](const model::Supplier& s) { return OwnsItself(next, s); }, problems);
  }
  return problems;
}

}  // namespace steelyard::registry
