#include "server/negotiations/negotiation_proto.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/negotiations/moves.h"
#include "server/privacy/text_rules.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::negotiations {
namespace {

using model::CouncilNo;
using model::Negotiation;
using model::Registers;

constexpr int kMaxQuarters = 40;

std::string CouncilNameOf(CouncilNo no, const Registers& registers) {
  const model::Council* council = registers.FindCouncil(no);
  return council == nullptr ? "" : rpc::CouncilName(council->id);
}

// What everybody may know.
void AddHead(const Negotiation& n, const Registers& registers, v1::Negotiation* out) {
  out->set_name(rpc::NegotiationName(n.id));
  if (const model::Provider* provider = registers.FindProvider(n.provider)) {
    out->set_provider(rpc::ProviderName(provider->id));
  }
  out->set_title(n.title);
  for (const model::Service service : n.services) {
    out->add_services(std::string(model::CodeOf(service).id));
  }
  out->set_link_authority(CouncilNameOf(n.link_authority, registers));
  out->set_state(static_cast<v1::Negotiation::State>(n.state));
  out->set_member_count(static_cast<int32_t>(n.ActiveMembers().size()));
}

void AddTerms(const Negotiation& n, v1::Negotiation* out) {
  rpc::ToProto(n.from_quarter, out->mutable_from_quarter());
  rpc::ToProto(n.to_quarter, out->mutable_to_quarter());
  out->set_quorum(n.quorum);
}

void AddPosition(const model::Position& position, const Registers& registers,
                 v1::Negotiation* out) {
  v1::Negotiation::Position* added = out->add_positions();
  added->set_number(position.number);
  added->set_text(position.text);
  added->set_proposed_by(CouncilNameOf(position.proposed_by, registers));
  for (const CouncilNo council : position.endorsed_by) {
    added->add_endorsed_by(CouncilNameOf(council, registers));
  }
}

void AddReply(const model::ProviderReply& reply, v1::Negotiation* out) {
  v1::Negotiation::Reply* added = out->mutable_reply();
  rpc::MicrosToProto(reply.send_unix_micros, added->mutable_send_time());
  rpc::MicrosToProto(reply.due_unix_micros, added->mutable_due_time());
  if (reply.reply_unix_micros != 0) {
    rpc::MicrosToProto(reply.reply_unix_micros, added->mutable_reply_time());
    added->set_text(reply.text);
  }
}

void AddPacks(const Negotiation& n, v1::Negotiation* out) {
  for (const model::ReleasedPack& pack : n.packs) {
    v1::Negotiation::ReleasedPack* added = out->add_packs();
    added->set_number(pack.number);
    rpc::MicrosToProto(pack.release_unix_micros, added->mutable_release_time());
    added->set_edition(pack.edition);
    added->set_content_sha256(HexOf(pack.content_sha256));
  }
}

}  // namespace

View ViewOf(const Negotiation& negotiation, const rpc::Caller& caller) {
  if (caller.role == model::Role::kAnalyst || caller.role == model::Role::kSteward) {
    return View::kOverseer;
  }
  return negotiation.IsMember(caller.council) ? View::kMember : View::kOutside;
}

void ToProto(const Stored& stored, View view, const Registers& registers, v1::Negotiation* out) {
  const Negotiation& n = stored.negotiation;
  AddHead(n, registers, out);
  if (view == View::kOutside) return;
  AddTerms(n, out);
  out->set_etag(stored.etag);
  rpc::MicrosToProto(n.create_unix_micros, out->mutable_create_time());
  rpc::MicrosToProto(n.update_unix_micros, out->mutable_update_time());
  for (const model::Consent& m : n.members) {
    v1::Negotiation::Member* added = out->add_members();
    added->set_council(CouncilNameOf(m.council, registers));
    rpc::MicrosToProto(m.consent_unix_micros, added->mutable_consent_time());
    if (!m.active()) rpc::MicrosToProto(m.withdraw_unix_micros, added->mutable_withdraw_time());
  }
  for (const model::Position& position : n.positions) AddPosition(position, registers, out);
  if (n.reply) {
    AddReply(*n.reply, out);
    out->mutable_reply()->set_draft_sha256(HexOf(n.reply->draft_sha256));
  }
  AddPacks(n, out);
}

void ToPackProto(const Negotiation& n, const Registers& registers, v1::Negotiation* out) {
  AddHead(n, registers, out);
  AddTerms(n, out);
  for (const CouncilNo council : n.ActiveMembers()) {
    out->add_members()->set_council(CouncilNameOf(council, registers));
  }
  for (const model::Position& position : PackPositions(n)) AddPosition(position, registers, out);
  // Without the draft's hash, which the draft itself cannot hold.
  if (n.state == model::NegotiationState::kWithProvider) AddReply(*n.reply, out);
  AddPacks(n, out);
}

absl::StatusOr<Negotiation> FromProto(const v1::Negotiation& wanted, const Registers& registers) {
  std::vector<rpc::FieldViolation> violations;
  Negotiation n;
  privacy::CheckText("negotiation.title", wanted.title(), kMaxTitleCharacters, privacy::Lines::kOne,
                     violations);
  n.title = wanted.title();
  for (int i = 0; i < wanted.services_size(); ++i) {
    if (const auto service = model::ParseService(wanted.services(i))) {
      n.services.push_back(*service);
    } else {
      violations.push_back({absl::StrCat("negotiation.services[", i, "]"),
                            absl::StrCat("'", Printable(wanted.services(i), 80),
                                         "' is no kind of service; ListCodes has them all")});
    }
  }
  std::sort(n.services.begin(), n.services.end());
  n.services.erase(std::unique(n.services.begin(), n.services.end()), n.services.end());
  const auto from = rpc::FromProto(wanted.from_quarter());
  const auto to = rpc::FromProto(wanted.to_quarter());
  if (!from) violations.push_back({"negotiation.from_quarter", "give a quarter, 2000 to 2100"});
  if (!to) violations.push_back({"negotiation.to_quarter", "give a quarter, 2000 to 2100"});
  if (from && to) {
    const int quarters = (to->number - from->number) / 3 + 1;
    if (quarters < 1) {
      violations.push_back({"negotiation.to_quarter", "lies before the first quarter"});
    } else if (quarters > kMaxQuarters) {
      violations.push_back(
          {"negotiation.to_quarter",
           absl::StrCat("give at most ", kMaxQuarters, " quarters; there are ", quarters)});
    }
    n.from_quarter = *from;
    n.to_quarter = *to;
  }
  if (wanted.quorum() != 0) n.quorum = wanted.quorum();
  if (n.quorum < model::kMinQuorum || n.quorum > model::kMaxQuorum) {
    violations.push_back({"negotiation.quorum",
                          absl::StrCat("Must be ", model::kMinQuorum, " to ", model::kMaxQuorum,
                                       ", or left out for ", model::kDefaultQuorum, ".")});
  }
  const auto provider_id = rpc::ParseProvider(wanted.provider(), "negotiation.provider");
  if (!provider_id.ok()) {
    violations.push_back({"negotiation.provider", "Must be a name such as `providers/keys`."});
  }
  if (!violations.empty()) return rpc::error::InvalidFields(violations);
  const model::Provider* provider = registers.FindProvider(*provider_id);
  if (provider == nullptr) return rpc::error::NotFound(wanted.provider());
  n.provider = provider->no;
  return n;
}

}  // namespace steelyard::negotiations
