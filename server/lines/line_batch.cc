#include "server/lines/line_batch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/codec/keys.h"
#include "storage/ledger/line_reader.h"
#include "storage/ledger/resource.h"

namespace steelyard::lines {
namespace {

// The words of a conflict, by resource.
struct ConflictWords {
  std::string_view field;
  std::string_view repeated_code;
  std::string_view repeated_expected;
  std::string_view subject;  // begins a sentence, before the quoted reference
  std::string_view repeated;
};

const ConflictWords& WordsOf(model::Resource resource) {
  static constexpr ConflictWords kPurchases = {
      "reference", "REFERENCE_REPEATED", "each reference once", "Reference",
      "stands on an earlier row with other content; give each line its own reference."};
  static constexpr ConflictWords kOutcomes = {
      "", "REPORT_REPEATED", "one report for each provider, service and quarter", "Report",
      "stands on an earlier row with other content; give one row for each provider, service and "
      "quarter."};
  return resource == model::Resource::kPurchases ? kPurchases : kOutcomes;
}

}  // namespace

void RefusedCounter::Add(model::CouncilNo council, bool taken, int warnings) {
  if (taken && warnings == 0) return;
  ledger::Refused& r = refused_[council];
  r.council = council;
  r.rejected += taken ? 0 : 1;
  r.warnings += warnings;
}

std::vector<ledger::Refused> RefusedCounter::Counts() const {
  std::vector<ledger::Refused> counts;
  for (const auto& [council, r] : refused_) counts.push_back(r);
  return counts;
}

model::CouncilNo CouncilOf(const directory::Resolver& resolver, std::string_view text, int64_t row,
                           std::string_view reference, std::string_view did,
                           std::vector<model::Problem>& problems) {
  const auto found = resolver.ResolveCouncil(text);
  if (found) return found.no;
  const std::string shown = Printable(text, 80);
  model::Problem p;
  p.row = row;
  p.reference = Printable(reference, 64);
  p.field = "council";
  p.found = Printable(text);
  if (text.empty()) {
    p.code = "COUNCIL_MISSING";
    p.expected = absl::StrCat("the council that ", Av(did));
    p.message = absl::StrCat("Council is missing; each line must name the council that ", Av(did),
                             ", by its code or name.");
  } else if (found.ambiguous) {
    p.code = "COUNCIL_AMBIGUOUS";
    p.expected = "one council of the register";
    p.message =
        absl::StrCat("Council '", shown, "' stands for more than one council; give its code.");
  } else {
    std::string hint;
    for (model::CouncilNo no : resolver.SuggestCouncils(text)) {
      const model::Council* c = resolver.registers().FindCouncil(no);
      absl::StrAppend(&hint, hint.empty() ? " Did you mean '" : " or '", c->display_name, "' (",
                      c->id, ")");
    }
    if (!hint.empty()) hint += "?";
    p.code = "COUNCIL_UNKNOWN";
    p.expected = "a council of the register";
    p.message =
        absl::StrCat("Council '", shown, "' is not registered; give its code or name.", hint);
  }
  problems.push_back(std::move(p));
  return {};
}

bool NamesOther(const directory::Resolver& resolver, model::CouncilNo scope, std::string_view text,
                int64_t row, std::string_view reference, std::vector<model::Problem>& problems) {
  if (text.empty()) return false;
  const auto found = resolver.ResolveCouncil(text);
  if (!found || found.no == scope) return false;
  const model::Council* own = resolver.registers().FindCouncil(scope);
  model::Problem p;
  p.row = row;
  p.reference = Printable(reference, 64);
  p.field = "council";
  p.found = Printable(text);
  p.code = "COUNCIL_OTHER";
  p.expected = absl::StrCat("'", own->display_name, "' (", own->id, ") or nothing");
  p.message = absl::StrCat("Council '", Printable(text, 80), "' is not '", own->display_name, "' (",
                           own->id,
                           "), for which this is sent; take the line out, or have it sent for the "
                           "council that it names.");
  problems.push_back(std::move(p));
  return true;
}

void AddConflicts(model::Resource resource, const std::vector<ledger::LineOutcome>& outcomes,
                  std::vector<model::Problem>& problems) {
  const ConflictWords& words = WordsOf(resource);
  for (const ledger::LineOutcome& o : outcomes) {
    if (!o.rejected()) continue;
    model::Problem p;
    p.row = o.row;
    p.reference = Printable(o.reference, 64);
    p.field = std::string(words.field);
    p.found = p.reference;
    if (o.kind == ledger::LineOutcome::Kind::kDuplicate) {
      p.code = std::string(words.repeated_code);
      p.expected = std::string(words.repeated_expected);
      p.message = absl::StrCat(Av(words.subject), " '", p.reference, "' ", Av(words.repeated));
    } else {
      p.code = "LINE_WITHDRAWN";
      p.expected = "a line that was not withdrawn";
      p.message = absl::StrCat(Av(words.subject), " '", p.reference,
                               "' was withdrawn before; send the line under a new reference.");
    }
    problems.push_back(std::move(p));
  }
}

absl::Status Preview::Add(LineBatch& batch) {
  if (seen_.size() + batch.drafts.size() > ledger::kMaxWholeLines) {
    return absl::FailedPreconditionError(ledger::kUploadTooLarge);
  }
  std::vector<ledger::LineName> names;
  names.reserve(batch.drafts.size());
  for (const ledger::LineDraft& d : batch.drafts) names.push_back({d.council, d.reference});
  ASSIGN_OR_RETURN(const auto records, ledger::FindRecords(database_, resource_, names));
  std::vector<ledger::LineOutcome> conflicts;
  for (size_t i = 0; i < records.size(); ++i) {
    const ledger::LineDraft& d = batch.drafts[i];
    const std::optional<codec::LineRecord>& prior = records[i];
    const std::string hash = Sha256(d.content).substr(0, 16);
    auto [it, first] = seen_.try_emplace(codec::LineKey(d.council, d.reference), hash);
    using Kind = ledger::LineOutcome::Kind;
    if (prior && prior->withdrawn && !ledger::MayReturn(resource_)) {
      conflicts.push_back({Kind::kWithdrawn, d.row, 0, d.reference});
    } else if (!first && it->second != hash) {
      conflicts.push_back({Kind::kDuplicate, d.row, 0, d.reference});
    } else if (!first || (prior && !prior->withdrawn && prior->content == d.content)) {
      ++counts_.unchanged;
    } else if (prior) {
      ++counts_.corrected;
    } else {
      ++counts_.created;
    }
  }
  counts_.rejected += static_cast<int64_t>(conflicts.size());
  for (const ledger::Refused& r : batch.refused) {
    counts_.rejected += r.rejected;
    counts_.warnings += r.warnings;
  }
  AddConflicts(resource_, conflicts, batch.problems);
  return absl::OkStatus();
}

}  // namespace steelyard::lines
