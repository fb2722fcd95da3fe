#include "server/registry/register_checks.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/registry/codes.h"
#include "server/registry/row_reader.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

using model::Problem;
using model::Registers;

// Longest chain of areas, successors or owners that is followed; beyond it is
// taken for a ring.
constexpr int kMaxChain = 16;

constexpr int32_t kFirstDay = std::numeric_limits<int32_t>::min();
constexpr int32_t kLastDay = std::numeric_limits<int32_t>::max();

constexpr Expectation kDateOrder = {"DATE_ORDER", "a day on or after the first day"};

// Finds codes that two entries carry: the first to claim one keeps it.
class Claims {
 public:
  Claims(const LinesById& lines, std::vector<Problem>& problems)
      : lines_(lines), problems_(problems) {}

  void Claim(const std::string& id, std::string_view column, const std::string& code,
             std::string_view problem) {
    if (code.empty()) return;
    const auto [it, first] = owner_.try_emplace(code, id);
    if (first || it->second == id) return;
    // Report the one of the two that the file brings.
    const bool mine = lines_.contains(id);
    const auto line = lines_.find(mine ? id : it->second);
    if (line == lines_.end()) return;
    const std::string& other = mine ? it->second : id;
    problems_.push_back(
        CellProblem(line->second, column, code,
                    {problem, absl::StrCat("a code that \"", other, "\" does not have already")}));
  }

 private:
  const LinesById& lines_;
  std::vector<Problem>& problems_;
  absl::flat_hash_map<std::string, std::string> owner_;
};

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

struct Days {
  int32_t first = kFirstDay;
  int32_t last = kLastDay;
};

Days DaysOf(const model::Ownership& o) {
  return {o.start_date ? o.start_date->number : kFirstDay,
          o.end_date ? o.end_date->number : kLastDay};
}

// Whether on some of `days` the owners of `supplier` lead back to `start`. Each
// day has one owner at most, so the ways to follow stay few. One that was
// merged belongs to the other for good, as in Registers::UltimateOwner.
bool LeadsBack(const Registers& next, const model::Supplier& supplier, std::string_view start,
               Days days, int steps) {
  std::vector<model::Ownership> owners = supplier.owners;
  if (!supplier.merged_into.empty()) owners = {{supplier.merged_into, {}, {}}};
  for (const model::Ownership& o : owners) {
    const Days own = DaysOf(o);
    const Days both = {std::max(days.first, own.first), std::min(days.last, own.last)};
    if (both.first > both.last) continue;
    if (o.owner == start) return true;
    const model::Supplier* owner = next.FindSupplier(o.owner);
    if (owner != nullptr && steps > 0 && LeadsBack(next, *owner, start, both, steps - 1)) {
      return true;
    }
  }
  return false;
}

// Returns whether each day has one owner at most.
bool CheckOwners(const Registers& next, const model::Supplier& s, int64_t line,
                 std::vector<Problem>& problems) {
  bool apart = true;
  for (size_t i = 0; i < s.owners.size(); ++i) {
    const model::Ownership& o = s.owners[i];
    const Days days = DaysOf(o);
    if (days.last < days.first) {
      problems.push_back(CellProblem(line, "owners", o.owner, kDateOrder));
    }
    if (next.FindSupplier(o.owner) == nullptr) {
      problems.push_back(CellProblem(line, "owners", o.owner,
                                     {"SUPPLIER_UNKNOWN",
                                      "suppliers that are registered or in "
                                      "this file"}));
    }
    for (size_t j = 0; j < i; ++j) {
      const Days before = DaysOf(s.owners[j]);
      if (before.first <= days.last && days.first <= before.last) {
        problems.push_back(
            CellProblem(line, "owners", o.owner, {"OWNERS_OVERLAP", "one owner for each day"}));
        apart = false;
        break;
      }
    }
  }
  return apart;
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
  return LeadsBack(registers, supplier, supplier.id, {}, kMaxChain);
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
  std::vector<Problem> problems;
  Claims claims(lines, problems);
  bool apart = true;
  for (const model::Supplier& s : next.suppliers) {
    if (s.merged_into.empty()) {
      claims.Claim(s.id, "company_number", s.company_number, "COMPANY_NUMBER_TAKEN");
    }
    const auto line = lines.find(s.id);
    if (line != lines.end()) apart &= CheckOwners(next, s, line->second, problems);
  }
  for (const model::Supplier& s : next.suppliers) {
    const auto line = lines.find(s.id);
    if (!apart || line == lines.end() || !OwnsItself(next, s)) continue;
    problems.push_back(
        CellProblem(line->second, "owners", s.owners.empty() ? "" : s.owners.front().owner,
                    {"OWNER_RING", "owners that this supplier does not own itself"}));
  }
  return problems;
}

}  // namespace steelyard::registry
