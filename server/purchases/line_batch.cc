#include "server/purchases/line_batch.h"

#include <utility>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/codec/keys.h"

namespace steelyard::purchases {
namespace {

model::Problem LineProblem(const v1::UploadLine& line, std::string code, std::string field,
                           std::string_view found, std::string expected, std::string message) {
  model::Problem p;
  p.row = line.row();
  p.reference = Printable(line.purchase().reference(), 64);
  p.field = std::move(field);
  p.found = Printable(found);
  p.expected = std::move(expected);
  p.code = std::move(code);
  p.message = std::move(message);
  return p;
}

// The council a line names, or 0 and a problem.
model::CouncilNo CouncilOf(const directory::Resolver& resolver, const v1::UploadLine& line,
                           std::vector<model::Problem>& problems) {
  const auto found = resolver.ResolveCouncil(line.council());
  if (found) return found.no;
  const std::string shown = Printable(line.council(), 80);
  if (line.council().empty()) {
    problems.push_back(LineProblem(line, "COUNCIL_MISSING", "council", "",
                                   "the council that bought",
                                   "Council is missing; each line must name the council that "
                                   "bought, by its code or name."));
  } else if (found.ambiguous) {
    problems.push_back(LineProblem(
        line, "COUNCIL_AMBIGUOUS", "council", line.council(), "one council of the register",
        absl::StrCat("Council '", shown, "' stands for more than one council; give its code.")));
  } else {
    std::string hint;
    for (model::CouncilNo no : resolver.SuggestCouncils(line.council())) {
      const model::Council* c = resolver.registers().FindCouncil(no);
      absl::StrAppend(&hint, hint.empty() ? " Did you mean '" : " or '", c->display_name, "' (",
                      c->id, ")");
    }
    if (!hint.empty()) hint += "?";
    problems.push_back(LineProblem(
        line, "COUNCIL_UNKNOWN", "council", line.council(), "a council of the register",
        absl::StrCat("Council '", shown, "' is not registered; give its code or name.", hint)));
  }
  return {};
}

}  // namespace

LineBatch CheckLines(const std::shared_ptr<const directory::Resolver>& resolver,
                     const google::protobuf::RepeatedPtrField<v1::UploadLine>& lines,
                     model::CouncilNo scope, model::Day today) {
  LineBatch batch;
  batch.drafts.reserve(static_cast<size_t>(lines.size()));
  LineChecker checker(resolver, today);
  absl::btree_map<model::CouncilNo, ledger::Refused> refused;
  for (const v1::UploadLine& line : lines) {
    const model::CouncilNo council =
        scope.value != 0 ? scope : CouncilOf(*resolver, line, batch.problems);
    const CheckedLine checked = checker.Check(line.row(), council, line.purchase(), batch.problems);
    const bool taken = checked.content.has_value() && council.value != 0;
    if (taken) {
      batch.drafts.push_back(ledger::MakeDraft(council, line.row(), line.purchase().reference(),
                                               *checked.content, today));
    }
    if (!taken || checked.warnings > 0) {
      ledger::Refused& r = refused[council];
      r.council = council;
      r.rejected += taken ? 0 : 1;
      r.warnings += checked.warnings;
    }
  }
  for (const auto& [council, r] : refused) batch.refused.push_back(r);
  batch.unknown_suppliers = checker.unknown_suppliers();
  return batch;
}

void AddConflicts(const std::vector<ledger::LineOutcome>& outcomes,
                  std::vector<model::Problem>& problems) {
  for (const ledger::LineOutcome& o : outcomes) {
    if (!o.rejected()) continue;
    model::Problem p;
    p.row = o.row;
    p.reference = Printable(o.reference, 64);
    p.field = "reference";
    p.found = p.reference;
    if (o.kind == ledger::LineOutcome::Kind::kDuplicate) {
      p.code = "REFERENCE_REPEATED";
      p.expected = "each reference once";
      p.message = absl::StrCat("Reference '", p.reference,
                               "' stands on an earlier row with other content; give each line its "
                               "own reference.");
    } else {
      p.code = "LINE_WITHDRAWN";
      p.expected = "a line that was not withdrawn";
      p.message = absl::StrCat("Reference '", p.reference,
                               "' was withdrawn before; send the line under a new reference.");
    }
    problems.push_back(std::move(p));
  }
}

absl::Status Preview::Add(LineBatch& batch) {
  std::vector<ledger::LineName> names;
  names.reserve(batch.drafts.size());
  for (const ledger::LineDraft& d : batch.drafts) names.push_back({d.council, d.reference});
  ASSIGN_OR_RETURN(const auto records, reader_.Find(names));
  std::vector<ledger::LineOutcome> conflicts;
  for (size_t i = 0; i < records.size(); ++i) {
    const ledger::LineDraft& d = batch.drafts[i];
    const std::optional<codec::LineRecord>& prior = records[i];
    const std::string hash = Sha256(d.content).substr(0, 16);
    auto [it, first] = seen_.try_emplace(codec::LineKey(d.council, d.reference), hash);
    using Kind = ledger::LineOutcome::Kind;
    if (prior && prior->withdrawn) {
      conflicts.push_back({Kind::kWithdrawn, d.row, 0, d.reference});
    } else if (!first && it->second != hash) {
      conflicts.push_back({Kind::kDuplicate, d.row, 0, d.reference});
    } else if (!first || (prior && prior->content == d.content)) {
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
  AddConflicts(conflicts, batch.problems);
  return absl::OkStatus();
}

}  // namespace steelyard::purchases
