#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/str_format.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "server/spend/spend_proto.h"
#include "server/spend/spend_service.h"
#include "storage/base/checked.h"
#include "storage/base/status_macros.h"
#include "storage/codec/payment_codec.h"

namespace steelyard::spend {
namespace {

namespace error = rpc::error;

constexpr int32_t kTopCouncils = 20;

// The council or provider that a request names; nothing if it names none.
// NOT_FOUND for one that is not registered.
absl::StatusOr<std::optional<model::CouncilNo>> CouncilOf(const std::string& name,
                                                          const model::Registers& registers) {
  if (name.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseCouncil(name, "council"));
  const model::Council* council = registers.FindCouncil(id);
  if (council == nullptr) return error::NotFound(name);
  return std::optional(council->no);
}
absl::StatusOr<std::optional<model::ProviderNo>> ProviderOf(const std::string& name,
                                                            const model::Registers& registers) {
  if (name.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseProvider(name, "provider"));
  const model::Provider* provider = registers.FindProvider(id);
  if (provider == nullptr) return error::NotFound(name);
  return std::optional(provider->no);
}

// Keys of a page token that sort as the rows do.
std::string KeyOf(const SpendKey& key) {
  return absl::StrFormat("%05d %010d %05d", key.council.value, key.provider.value,
                         key.quarter.number);
}
std::string KeyOf(const Proposal& proposal) {
  // Larger sums come first, so they need smaller keys.
  const uint64_t down = static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) -
                        static_cast<uint64_t>(Saturate(proposal.name->sum.micros));
  return absl::StrFormat("%020d %s", down, proposal.name->key);
}

// One row of ListSpend.
struct Row {
  Sum published;
  std::optional<int64_t> submitted;
};

void ToProto(const SpendKey& key, const Row& row, const model::Registers& registers,
             Ownership& ownership, v1::SpendRow* out) {
  out->set_council(CouncilNameOf(key.council, registers));
  out->set_provider(ProviderNameOf(key.provider, registers));
  out->set_owner(ProviderNameOf(ownership.Last(key.provider, key.quarter), registers));
  rpc::ToProto(key.quarter, out->mutable_quarter());
  out->set_published_micros(Saturate(row.published.micros));
  out->set_payments(row.published.payments);
  out->set_credit_notes(row.published.credit_notes);
  if (row.submitted) out->set_submitted_micros(*row.submitted);
}

}  // namespace

absl::Status SpendServiceImpl::DoListPaymentSources(const rpc::Caller&,
                                                    const v1::ListPaymentSourcesRequest& request,
                                                    v1::ListPaymentSourcesResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  ASSIGN_OR_RETURN(const auto snapshot, book_.Current());
  ASSIGN_OR_RETURN(const auto council, CouncilOf(request.council(), snapshot->registers()));
  std::string last;
  for (const auto& source : snapshot->sources()) {
    if (council && source->council != *council) continue;
    const std::string key = codec::PaymentSourceId(source->council, source->source);
    if (key <= page.after) continue;
    if (reply->sources_size() == page.size) {
      reply->set_next_page_token(page_tokens_.Token(page, last));
      break;
    }
    last = key;
    ToProto(*source, snapshot->registers(), reply->add_sources());
  }
  return absl::OkStatus();
}

absl::Status SpendServiceImpl::DoListSpend(const rpc::Caller& caller,
                                           const v1::ListSpendRequest& request,
                                           v1::ListSpendResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  std::vector<rpc::FieldViolation> violations;
  const model::Period period = QuartersOf(request.from_quarter(), request.to_quarter(), violations);
  if (!violations.empty()) return error::InvalidFields(violations);
  ASSIGN_OR_RETURN(const auto snapshot, book_.Current());
  const model::Registers& registers = snapshot->registers();
  ASSIGN_OR_RETURN(const auto council, CouncilOf(request.council(), registers));
  ASSIGN_OR_RETURN(const auto provider, ProviderOf(request.provider(), registers));

  Ownership ownership(registers);
  const auto asked = [&](const SpendKey& key) {
    return period.Contains(key.quarter) && (!council || key.council == *council) &&
           (!provider || ownership.Within(key.provider, *provider, key.quarter));
  };
  std::map<SpendKey, Row> rows;
  for (const auto& [key, sum] : snapshot->spend()) {
    if (asked(key)) rows[key].published = sum;
  }
  if (caller.council.value != 0 && (!council || *council == caller.council)) {
    ASSIGN_OR_RETURN(const auto own, confidential_.submitted(caller.council, period));
    for (const SubmittedSpend& s : own) {
      const SpendKey key{caller.council, s.provider, s.quarter};
      if (!asked(key)) continue;
      std::optional<int64_t>& sum = rows[key].submitted;
      sum = SaturatingAdd(sum.value_or(0), s.micros);
    }
  }
  std::string last;
  for (const auto& [key, row] : rows) {
    std::string text = KeyOf(key);
    if (text <= page.after) continue;
    if (reply->rows_size() == page.size) {
      reply->set_next_page_token(page_tokens_.Token(page, last));
      break;
    }
    last = std::move(text);
    ToProto(key, row, registers, ownership, reply->add_rows());
  }
  AddReceipt(request, reply);
  return absl::OkStatus();
}

absl::StatusOr<CircleSpend> SpendServiceImpl::InCircle(const rpc::Caller& caller,
                                                       std::string_view negotiation,
                                                       model::ProviderNo provider,
                                                       const model::Period& quarters) const {
  CircleSpend circle;
  if (caller.council.value == 0) return circle;
  ASSIGN_OR_RETURN(const auto members,
                   confidential_.circle(negotiation, caller.council, provider, quarters));
  for (const model::CouncilNo member : members) {
    ASSIGN_OR_RETURN(circle[member], confidential_.submitted(member, quarters));
  }
  return circle;
}

absl::Status SpendServiceImpl::RecordLooks(const rpc::Caller& caller, std::string_view negotiation,
                                           const v1::ListTopSpendingCouncilsResponse& reply,
                                           const model::Registers& registers) const {
  // Packs ask for sums as nobody in particular.
  if (caller.token_id.empty()) return absl::OkStatus();
  const model::Council* viewer = registers.FindCouncil(caller.council);
  for (const v1::TopSpender& spender : reply.spenders()) {
    const std::string id = spender.council().substr(spender.council().find('/') + 1);
    if (!spender.has_submitted_micros() || viewer == nullptr || id == viewer->id) continue;
    RETURN_IF_ERROR(confidential_.looked(caller, "ListTopSpendingCouncils",
                                         rpc::LookName(id, negotiation, viewer->id)));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ListTopSpendingCouncilsResponse> SpendServiceImpl::TopSpendingCouncils(
    const rpc::Caller& caller, const v1::ListTopSpendingCouncilsRequest& request) {
  v1::ListTopSpendingCouncilsResponse reply;
  RETURN_IF_ERROR(DoListTopSpendingCouncils(caller, request, &reply));
  return reply;
}

absl::Status SpendServiceImpl::DoListTopSpendingCouncils(
    const rpc::Caller& caller, const v1::ListTopSpendingCouncilsRequest& request,
    v1::ListTopSpendingCouncilsResponse* reply) {
  std::vector<rpc::FieldViolation> violations;
  const model::Period period = QuartersOf(request.from_quarter(), request.to_quarter(), violations);
  if (!violations.empty()) return error::InvalidFields(violations);
  ASSIGN_OR_RETURN(const int32_t size, rpc::PageSize(request.page_size(), kTopCouncils));
  ASSIGN_OR_RETURN(const auto snapshot, book_.Current());
  const model::Registers& registers = snapshot->registers();
  ASSIGN_OR_RETURN(const auto provider, ProviderOf(request.provider(), registers));
  CircleSpend circle;
  if (!request.negotiation().empty()) {
    ASSIGN_OR_RETURN(const std::string id,
                     rpc::ParseNegotiation(request.negotiation(), "negotiation"));
    ASSIGN_OR_RETURN(circle, InCircle(caller, id, *provider, period));
  }
  const TopSpending top = RankSpenders(snapshot->spend(), registers, *provider, period, circle);
  const size_t shown = std::min(top.spenders.size(), static_cast<size_t>(size));
  for (size_t i = 0; i < shown; ++i) {
    spend::ToProto(top.spenders[i], registers, reply->add_spenders());
  }
  RETURN_IF_ERROR(RecordLooks(caller, request.negotiation(), *reply, registers));
  reply->set_known_total_micros(Saturate(top.total));
  reply->set_known_councils(top.known_councils);
  AddReceipt(request, reply);
  return absl::OkStatus();
}

absl::Status SpendServiceImpl::DoListNameProposals(const rpc::Caller&,
                                                   const v1::ListNameProposalsRequest& request,
                                                   v1::ListNameProposalsResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  ASSIGN_OR_RETURN(const auto snapshot, book_.Current());
  std::string last;
  for (const Proposal& proposal : snapshot->proposals()) {
    std::string key = KeyOf(proposal);
    if (key <= page.after) continue;
    if (reply->proposals_size() == page.size) {
      reply->set_next_page_token(page_tokens_.Token(page, last));
      break;
    }
    last = std::move(key);
    spend::ToProto(proposal, snapshot->registers(), reply->add_proposals());
  }
  return absl::OkStatus();
}

absl::Status SpendServiceImpl::DoListNameDecisions(const rpc::Caller&,
                                                   const v1::ListNameDecisionsRequest& request,
                                                   v1::ListNameDecisionsResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  ASSIGN_OR_RETURN(const auto snapshot, book_.Current());
  const Decisions& decisions = snapshot->decisions();
  for (auto it = decisions.upper_bound(page.after); it != decisions.end(); ++it) {
    if (reply->decisions_size() == page.size) {
      reply->set_next_page_token(page_tokens_.Token(page, std::prev(it)->first));
      break;
    }
    spend::ToProto(it->second, reply->add_decisions());
  }
  return absl::OkStatus();
}

}  // namespace steelyard::spend
