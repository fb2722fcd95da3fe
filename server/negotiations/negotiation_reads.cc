#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "server/negotiations/negotiation_proto.h"
#include "server/negotiations/negotiation_service.h"
#include "server/negotiations/pack_layout.h"
#include "server/negotiations/render.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::negotiations {
namespace {

namespace error = rpc::error;
using model::Negotiation;

// Newest first, then by id.
std::string ListKey(const Negotiation& n) {
  return absl::StrFormat("%019d/%s", std::numeric_limits<int64_t>::max() - n.create_unix_micros,
                         n.id);
}

std::string PackName(std::string_view negotiation, int32_t number) {
  return absl::StrFormat("%s/packs/%d", Av(negotiation), number);
}

struct FileKind {
  const char* ending;
  const char* media_type;
  std::string (*render)(const PackDocument&);
};

std::optional<FileKind> FileKindOf(v1::ExportPackRequest::Format format) {
  switch (format) {
    case v1::ExportPackRequest::HTML:
      return FileKind{"html", "text/html; charset=utf-8", RenderHtml};
    case v1::ExportPackRequest::MARKDOWN:
      return FileKind{"md", "text/markdown; charset=utf-8", RenderMarkdown};
    case v1::ExportPackRequest::CSV:
      return FileKind{"csv", "text/csv; charset=utf-8", RenderCsv};
    default:
      return std::nullopt;
  }
}

// Of `councils/x` or `areas/x`; the id if there is no such entry any more.
std::string DisplayNameOf(const std::string& name, const model::Registers& registers) {
  const std::string id = name.substr(name.find('/') + 1);
  if (const auto* council = registers.FindCouncil(id); council && name.starts_with("councils/")) {
    return council->display_name;
  }
  if (const auto* area = registers.FindArea(id); area && name.starts_with("areas/")) {
    return area->display_name;
  }
  return id;
}

}  // namespace

absl::StatusOr<Stored> NegotiationServiceImpl::Find(std::string_view name) const {
  ASSIGN_OR_RETURN(const std::string id, rpc::ParseNegotiation(name));
  ASSIGN_OR_RETURN(std::optional<Stored> stored, store_.Get(id));
  if (!stored) return error::NotFound(name);
  return *std::move(stored);
}

absl::Status NegotiationServiceImpl::DoGetNegotiation(const rpc::Caller& caller,
                                                      const v1::GetNegotiationRequest& request,
                                                      v1::Negotiation* reply) {
  ASSIGN_OR_RETURN(const Stored stored, Find(request.name()));
  ToProto(stored, ViewOf(stored.negotiation, caller), *ledger_.state()->registers, reply);
  return absl::OkStatus();
}

absl::Status NegotiationServiceImpl::DoListNegotiations(const rpc::Caller& caller,
                                                        const v1::ListNegotiationsRequest& request,
                                                        v1::ListNegotiationsResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  const auto registers = ledger_.state()->registers;
  model::ProviderNo provider;
  if (!request.provider().empty()) {
    ASSIGN_OR_RETURN(const std::string id, rpc::ParseProvider(request.provider(), "provider"));
    const model::Provider* found = registers->FindProvider(id);
    if (found == nullptr) return error::NotFound(request.provider());
    provider = found->no;
  }
  ASSIGN_OR_RETURN(const std::vector<Stored> all, store_.List());
  std::vector<std::pair<std::string, const Stored*>> rest;
  for (const Stored& stored : all) {
    if (provider.value != 0 && stored.negotiation.provider != provider) continue;
    std::string key = ListKey(stored.negotiation);
    if (key > page.after) rest.emplace_back(std::move(key), &stored);
  }
  std::sort(rest.begin(), rest.end());
  const size_t shown = std::min(rest.size(), static_cast<size_t>(page.size));
  for (size_t i = 0; i < shown; ++i) {
    const Stored& stored = *rest[i].second;
    ToProto(stored, ViewOf(stored.negotiation, caller), *registers, reply->add_negotiations());
  }
  if (shown < rest.size()) {
    reply->set_next_page_token(page_tokens_.Token(page, rest[shown - 1].first));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Pack> NegotiationServiceImpl::ReadKept(std::string_view id, uint32_t revision,
                                                          std::string_view content_sha256) const {
  ASSIGN_OR_RETURN(const Stored version, store_.GetRevision(id, revision));
  v1::Pack pack;
  if (!pack.ParseFromString(version.negotiation.pack_bytes) ||
      ContentHash(pack) != content_sha256) {
    return absl::DataLossError("a pack that was kept is not what it was");
  }
  return pack;
}

absl::StatusOr<v1::Pack> NegotiationServiceImpl::ReadPack(const Stored& stored,
                                                          int32_t number) const {
  const Negotiation& n = stored.negotiation;
  if (number < 1 || static_cast<size_t>(number) > n.packs.size()) {
    return error::NotFound("pack", PackName(rpc::NegotiationName(n.id), number));
  }
  const model::ReleasedPack& released = n.packs[static_cast<size_t>(number) - 1];
  return ReadKept(n.id, released.revision, released.content_sha256);
}

absl::StatusOr<std::optional<v1::Pack>> NegotiationServiceImpl::LastPack(
    const Stored& stored) const {
  const size_t count = stored.negotiation.packs.size();
  if (count == 0) return std::nullopt;
  ASSIGN_OR_RETURN(v1::Pack pack, ReadPack(stored, static_cast<int32_t>(count)));
  return pack;
}

absl::StatusOr<ComposedPack> NegotiationServiceImpl::ComposeNow(
    const Stored& stored, int32_t number, int64_t now, std::optional<rpc::Caller> member) const {
  ASSIGN_OR_RETURN(const std::optional<v1::Pack> before, LastPack(stored));
  const Negotiation& n = stored.negotiation;
  PackOrder order;
  order.number = number;
  order.unix_micros = now;
  std::optional<v1::Pack> sent;
  if (n.state == model::NegotiationState::kWithProvider) {
    if (number == 0) order.unix_micros = n.reply->send_unix_micros;
    if (n.reply->revision != 0) {
      ASSIGN_OR_RETURN(sent, ReadKept(n.id, n.reply->revision, n.reply->draft_sha256));
      order.sent = &*sent;
    }
  }
  order.member = std::move(member);
  order.before = before ? &*before : nullptr;
  return composer_.Compose(n, *ledger_.state()->registers, order);
}

absl::StatusOr<v1::Pack> NegotiationServiceImpl::PackFor(const rpc::Caller& caller,
                                                         std::string_view name, int32_t number,
                                                         bool file) const {
  if (number < 0) return error::InvalidField("pack", "give a pack's number, or 0 for the draft");
  ASSIGN_OR_RETURN(const Stored stored, Find(name));
  const View view = ViewOf(stored.negotiation, caller);
  if (view == View::kOutside) return error::NotAMember(name);
  if (number > 0) return ReadPack(stored, number);
  if (view == View::kOverseer) {
    return error::NotAMember(name,
                             "Only members see the draft; give the number of a released pack.");
  }
  if (stored.negotiation.state == model::NegotiationState::kClosed) {
    return error::NotYet(name, {{"NEGOTIATION_CLOSED",
                                 "This negotiation has ended, so there is no draft; packs that "
                                 "were released are there under their numbers."}});
  }
  ASSIGN_OR_RETURN(ComposedPack composed,
                   ComposeNow(stored, 0, absl::ToUnixMicros(clock_.Now()),
                              file ? std::nullopt : std::optional<rpc::Caller>(caller)));
  return std::move(composed.pack);
}

absl::Status NegotiationServiceImpl::DoGetPack(const rpc::Caller& caller,
                                               const v1::GetPackRequest& request, v1::Pack* reply) {
  ASSIGN_OR_RETURN(*reply, PackFor(caller, request.name(), request.pack(), false));
  return absl::OkStatus();
}

absl::Status NegotiationServiceImpl::DoExportPack(const rpc::Caller& caller,
                                                  const v1::ExportPackRequest& request,
                                                  v1::ExportPackResponse* reply) {
  const auto kind = FileKindOf(request.format());
  if (!kind) return error::InvalidField("format", "Must be HTML, MARKDOWN or CSV.");
  ASSIGN_OR_RETURN(const v1::Pack pack, PackFor(caller, request.name(), request.pack(), true));
  const auto registers = ledger_.state()->registers;
  const PackDocument document =
      Layout(pack, [&](const std::string& name) { return DisplayNameOf(name, *registers); });
  const std::string id = request.name().substr(request.name().find('/') + 1);
  reply->set_file_name(pack.number() == 0
                           ? absl::StrFormat("%s-draft.%s", id, kind->ending)
                           : absl::StrFormat("%s-pack-%d.%s", id, pack.number(), kind->ending));
  reply->set_media_type(kind->media_type);
  reply->set_content(kind->render(document));
  return absl::OkStatus();
}

}  // namespace steelyard::negotiations
