#include "server/negotiations/pack_composer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "server/negotiations/negotiation_proto.h"
#include "server/negotiations/pack_changes.h"
#include "server/rpc/convert.h"
#include "server/rpc/names.h"
#include "server/rpc/request_key.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::negotiations {
namespace {

using model::CouncilNo;
using model::Negotiation;
using model::Registers;

constexpr int32_t kShownSpenders = 20;
constexpr int32_t kAllSpenders = 500;  // more than there are councils

v1::ListTopSpendingCouncilsRequest SpendRequest(const v1::Negotiation& n, int32_t size) {
  v1::ListTopSpendingCouncilsRequest request;
  request.set_provider(n.provider());
  *request.mutable_from_quarter() = n.from_quarter();
  *request.mutable_to_quarter() = n.to_quarter();
  request.set_page_size(size);
  return request;
}

// How many councils are in one list and not in the other.
size_t Difference(const std::vector<CouncilNo>& a, const std::vector<CouncilNo>& b) {
  const absl::flat_hash_set<CouncilNo> in_a(a.begin(), a.end());
  const absl::flat_hash_set<CouncilNo> in_b(b.begin(), b.end());
  size_t both = 0;
  for (const CouncilNo council : in_a) both += in_b.contains(council) ? 1 : 0;
  return in_a.size() + in_b.size() - 2 * both;
}

model::Day LastDayOf(model::Month quarter) {
  const model::Month next = quarter.Plus(3);
  return model::Day{model::Day::FromCivil(absl::CivilDay(next.year(), next.month(), 1)).number - 1};
}

}  // namespace

bool MaySumSubmitted(const Negotiation& n, const std::vector<CouncilNo>& contributors) {
  if (contributors.size() < static_cast<size_t>(n.quorum)) return false;
  const auto hides = [&](const std::vector<CouncilNo>& known) {
    if (known.empty()) return true;
    const size_t apart = Difference(known, contributors);
    return apart == 0 || apart >= static_cast<size_t>(model::kMinQuorum);
  };
  return std::all_of(n.sent_sums.begin(), n.sent_sums.end(), hides) &&
         std::all_of(n.packs.begin(), n.packs.end(),
                     [&](const model::ReleasedPack& pack) { return hides(pack.submitted_by); });
}

std::string ContentHash(const v1::Pack& pack) {
  v1::Pack content = pack;
  content.mutable_receipt()->clear_content_sha256();
  return rpc::Fingerprint(content, {});
}

absl::Status PackComposer::AddServices(const Negotiation& n, v1::Pack& pack) const {
  if (!sources_.benchmark) return absl::OkStatus();
  v1::GetProviderBenchmarkRequest request;
  *request.mutable_from_quarter() = pack.negotiation().from_quarter();
  *request.mutable_to_quarter() = pack.negotiation().to_quarter();
  if (n.state == model::NegotiationState::kWithProvider) request.set_edition(n.reply->edition);
  for (const model::Service code : n.services) {
    v1::Pack::Service* service = pack.add_services();
    service->set_service(std::string(model::CodeOf(code).id));
    service->set_display_name(std::string(model::CodeOf(code).display_name));
    // Nothing was published when the draft was sent: the provider saw no
    // outcomes, so its pack has none.
    if (n.state == model::NegotiationState::kWithProvider && n.reply->edition == 0) continue;
    request.set_service(service->service());
    request.set_provider(pack.negotiation().provider());
    ASSIGN_OR_RETURN(*service->mutable_benchmark(), sources_.benchmark(request));
    // Whatever follows is of the edition that answered first.
    const v1::Receipt& receipt = service->benchmark().receipt();
    request.set_edition(receipt.edition());
    request.clear_provider();
    ASSIGN_OR_RETURN(*service->mutable_all(), sources_.benchmark(request));
    pack.mutable_receipt()->set_edition(receipt.edition());
    pack.mutable_receipt()->set_policy_version(receipt.policy_version());
  }
  return absl::OkStatus();
}

absl::Status PackComposer::AddSpend(const Negotiation& n, const Registers& registers,
                                    const PackOrder& order, ComposedPack& out) const {
  if (!sources_.top_spenders) return absl::OkStatus();
  v1::Pack& pack = out.pack;
  v1::ListTopSpendingCouncilsRequest shown = SpendRequest(pack.negotiation(), kShownSpenders);
  if (order.member) shown.set_negotiation(rpc::NegotiationName(n.id));
  ASSIGN_OR_RETURN(*pack.mutable_top_spenders(),
                   sources_.top_spenders(order.member.value_or(rpc::Caller()), shown));

  // The sums are the circle's own: asked for as its lead asks.
  rpc::Caller lead;
  lead.role = model::Role::kSubmitter;
  lead.council = n.link_authority;
  v1::ListTopSpendingCouncilsRequest all = SpendRequest(pack.negotiation(), kAllSpenders);
  all.set_negotiation(rpc::NegotiationName(n.id));
  ASSIGN_OR_RETURN(const auto spenders, sources_.top_spenders(lead, all));
  absl::flat_hash_map<std::string, CouncilNo> members;
  for (const CouncilNo member : n.ActiveMembers()) {
    const model::Council* council = registers.FindCouncil(member);
    if (council != nullptr) members.emplace(rpc::CouncilName(council->id), member);
  }
  int64_t published = 0;
  int64_t submitted = 0;
  std::vector<CouncilNo> contributors;
  for (const v1::TopSpender& spender : spenders.spenders()) {
    const auto member = members.find(spender.council());
    if (member == members.end()) continue;
    published += spender.published_micros();
    if (!spender.has_submitted_micros()) continue;
    submitted += spender.submitted_micros();
    contributors.push_back(member->second);
  }
  pack.set_members_published_micros(published);
  if (MaySumSubmitted(n, contributors)) {
    pack.set_members_submitted_micros(submitted);
    out.submitted_by = std::move(contributors);
  }
  return absl::OkStatus();
}

absl::Status PackComposer::AddProvision(const Negotiation& n, v1::Pack& pack) const {
  if (!sources_.provision) return absl::OkStatus();
  v1::GetProvisionRequest request;
  request.set_provider(pack.negotiation().provider());
  if (n.services.size() == 1) {
    request.set_service(std::string(model::CodeOf(n.services.front()).id));
  }
  rpc::ToProto(LastDayOf(n.to_quarter), request.mutable_date());
  ASSIGN_OR_RETURN(*pack.mutable_provision(), sources_.provision(request));
  return absl::OkStatus();
}

absl::StatusOr<ComposedPack> PackComposer::Compose(const Negotiation& n, const Registers& registers,
                                                   const PackOrder& order) const {
  ComposedPack out;
  v1::Pack& pack = out.pack;
  ToPackProto(n, registers, pack.mutable_negotiation());
  if (order.number > 0) {
    pack.mutable_negotiation()->set_state(v1::Negotiation::RELEASED);
    pack.mutable_negotiation()->mutable_reply()->set_draft_sha256(HexOf(n.reply->draft_sha256));
  }
  pack.set_number(order.number);
  rpc::MicrosToProto(order.unix_micros, pack.mutable_make_time());
  if (const model::Provider* provider = registers.FindProvider(n.provider)) {
    pack.set_provider_display_name(provider->display_name);
  }
  pack.mutable_receipt()->set_method_version(kPackMethod);
  RETURN_IF_ERROR(AddServices(n, pack));
  RETURN_IF_ERROR(AddSpend(n, registers, order, out));
  RETURN_IF_ERROR(AddProvision(n, pack));
  if (order.before != nullptr) {
    for (v1::Pack::Change& change : ChangesBetween(*order.before, pack)) {
      *pack.add_changes() = std::move(change);
    }
  }
  if (order.sent != nullptr) {
    for (v1::Pack::Change& change : ChangesBetween(*order.sent, pack)) {
      *pack.add_changes_since_draft() = std::move(change);
    }
  }
  pack.mutable_receipt()->set_content_sha256(HexOf(ContentHash(pack)));
  return out;
}

}  // namespace steelyard::negotiations
