#include "server/spend/spend_proto.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/rpc/convert.h"
#include "server/rpc/names.h"
#include "storage/base/checked.h"
#include "storage/base/hash.h"
#include "storage/base/text.h"

namespace steelyard::spend {
namespace {

// Names of one file, all spellings together, and whose they are.
struct FileName {
  std::string name;  // as found first
  v1::MatchedName::Match match = v1::MatchedName::NONE;
  model::ProviderNo provider;
  Sum sum;
};

v1::MatchedName::Match MatchOf(Found found) {
  switch (found) {
    case Found::kNumber:
      return v1::MatchedName::NUMBER;
    case Found::kName:
      return v1::MatchedName::NAME;
    case Found::kDecided:
      return v1::MatchedName::DECIDED;
    case Found::kNobody:
    case Found::kUnknown:
      break;
  }
  return v1::MatchedName::NONE;
}

// Those that are matched or may be, largest sum first.
std::vector<FileName> NamesOf(const CheckedPayments& checked, const Snapshot& snapshot) {
  std::map<std::pair<std::string, model::ProviderNo>, FileName> names;
  for (const model::PaidName& paid : checked.names) {
    const Whose whose =
        FindOwner(snapshot.names(), snapshot.decisions(), paid.name, paid.company_number);
    if (whose.found == Found::kNobody) continue;
    FileName& name = names[{snapshot.names().Key(paid.name), whose.provider}];
    if (name.name.empty()) {
      name.name = paid.name;
      name.match = MatchOf(whose.found);
      name.provider = whose.provider;
    }
    for (const model::QuarterPayments& q : paid.quarters) name.sum.Add(q);
  }
  std::vector<FileName> listed;
  for (auto& [key, name] : names) {
    if (name.match == v1::MatchedName::NONE) {
      const auto candidates = snapshot.names().Propose(name.name);
      if (candidates.empty()) continue;
      name.match = v1::MatchedName::PROPOSED;
      name.provider = candidates.front().provider;
    }
    listed.push_back(std::move(name));
  }
  std::stable_sort(listed.begin(), listed.end(), [](const FileName& a, const FileName& b) {
    return a.sum.micros > b.sum.micros;
  });
  return listed;
}

// Adds problems as long as there is room, then how many were left out.
void AddProblems(const std::vector<model::Problem>& problems, size_t room,
                 v1::ImportPaymentsResponse* out) {
  size_t left_out = 0;
  for (const model::Problem& problem : problems) {
    v1::Problem shown;
    rpc::ToProto(problem, &shown);
    const size_t bytes = shown.ByteSizeLong() + 8;
    if (left_out > 0 || bytes > room) {
      ++left_out;
      continue;
    }
    room -= bytes;
    *out->add_problems() = std::move(shown);
  }
  if (left_out == 0) return;
  model::Problem last;
  last.severity = model::Problem::Severity::kWarning;
  last.code = "PROBLEMS_LEFT_OUT";
  last.message = absl::StrCat(left_out, " more problems are not shown; mend these and send again.");
  rpc::ToProto(last, out->add_problems());
}

}  // namespace

model::Period QuartersOf(const v1::Quarter& from, const v1::Quarter& to,
                         std::vector<rpc::FieldViolation>& violations) {
  constexpr char kExpected[] = "Must be a quarter from 2000-Q1 to 2100-Q4.";
  const auto first = rpc::FromProto(from);
  const auto last = rpc::FromProto(to);
  if (!first) violations.push_back({"from_quarter", kExpected});
  if (!last) violations.push_back({"to_quarter", kExpected});
  if (!first || !last) return {};
  if (*last < *first) violations.push_back({"to_quarter", "Must not be before from_quarter."});
  return {*first, last->Plus(2)};
}

std::string ProviderNameOf(model::ProviderNo provider, const model::Registers& registers) {
  const model::Provider* entry = registers.FindProvider(provider);
  return entry == nullptr ? "" : rpc::ProviderName(entry->id);
}

std::string CouncilNameOf(model::CouncilNo council, const model::Registers& registers) {
  const model::Council* entry = registers.FindCouncil(council);
  return entry == nullptr ? "" : rpc::CouncilName(entry->id);
}

void ToProto(const model::PaymentSource& source, const model::Registers& registers,
             v1::PaymentSource* out) {
  out->set_council(CouncilNameOf(source.council, registers));
  out->set_source(source.source);
  int64_t payments = 0;
  model::Period quarters{source.names.front().quarters.front().quarter, {}};
  for (const model::PaidName& name : source.names) {
    for (const model::QuarterPayments& q : name.quarters) {
      payments += q.payments;
      quarters.first = std::min(quarters.first, q.quarter);
      quarters.last = std::max(quarters.last, q.quarter);
    }
  }
  out->set_payments(payments);
  rpc::ToProto(quarters.first, out->mutable_from_quarter());
  rpc::ToProto(quarters.last, out->mutable_to_quarter());
}

void ToProto(const Spender& spender, const model::Registers& registers, v1::TopSpender* out) {
  out->set_rank(spender.rank);
  out->set_council(CouncilNameOf(spender.council, registers));
  if (const model::Council* council = registers.FindCouncil(spender.council)) {
    out->set_council_display_name(council->display_name);
  }
  out->set_published_micros(Saturate(spender.published));
  out->set_share_of_known(spender.share_of_known);
  if (spender.submitted) out->set_submitted_micros(Saturate(*spender.submitted));
}

void ToProto(const Proposal& proposal, const model::Registers& registers, v1::NameProposal* out) {
  out->set_supplier_name(proposal.name->name);
  for (const directory::NameCandidate& candidate : proposal.candidates) {
    out->add_candidates(ProviderNameOf(candidate.provider, registers));
  }
  out->set_similarity(proposal.candidates.front().likeness);
  out->set_payments(proposal.name->sum.payments);
  out->set_amount_micros(Saturate(proposal.name->sum.micros));
}

void ToProto(const model::NameDecision& decision, v1::NameDecision* out) {
  out->set_supplier_name(decision.supplier_name);
  if (!decision.provider.empty()) out->set_provider(rpc::ProviderName(decision.provider));
  out->set_decided_by(rpc::TokenName(decision.decided_by));
}

void ToProto(const CheckedPayments& checked, const std::vector<model::Problem>& warnings,
             const Snapshot& snapshot, v1::ImportPaymentsResponse* out) {
  out->set_received_payments(checked.kept + checked.refused);
  out->set_kept_payments(checked.kept);
  out->set_refused_payments(checked.refused);
  out->set_credit_notes(checked.credit_notes);
  Sum matched;
  size_t room = kMaxReplyBytes;
  for (const FileName& name : NamesOf(checked, snapshot)) {
    if (name.match != v1::MatchedName::PROPOSED) matched.Add(name.sum);
    v1::MatchedName shown;
    shown.set_supplier_name(name.name);
    shown.set_provider(ProviderNameOf(name.provider, snapshot.registers()));
    shown.set_match(name.match);
    shown.set_payments(name.sum.payments);
    shown.set_amount_micros(Saturate(name.sum.micros));
    const size_t bytes = shown.ByteSizeLong() + 8;
    if (bytes > room) continue;
    room -= bytes;
    *out->add_names() = std::move(shown);
  }
  out->set_matched_payments(matched.payments);
  out->set_matched_amount_micros(Saturate(matched.micros));
  std::vector<model::Problem> problems = warnings;
  problems.insert(problems.end(), checked.problems.begin(), checked.problems.end());
  AddProblems(problems, room, out);
}

void FillReceipt(std::string_view bytes, v1::Receipt* out) {
  out->set_method_version(std::string(kMethodVersion));
  out->set_content_sha256(HexOf(Sha256(bytes)));
}

}  // namespace steelyard::spend
