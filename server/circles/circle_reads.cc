#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "server/circles/circle_proto.h"
#include "server/circles/circle_service.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"

namespace steelyard::circles {
namespace {

namespace error = rpc::error;
using model::Circle;
using model::CouncilNo;

// A circle may change while its figures are read.
constexpr int kTries = 20;
// Entries of the audit looked at for one page, however few are looks.
constexpr size_t kMostLooked = 50'000;

// Newest first, then by id.
std::string ListKey(const Circle& circle) {
  return absl::StrFormat(
      "%019d/%s", std::numeric_limits<int64_t>::max() - circle.create_unix_micros, circle.id);
}

// The first `size` of the keyed entries after `after`, in the order of their
// keys.
template <typename Entry>
std::vector<std::pair<std::string, Entry>> PageOf(std::vector<std::pair<std::string, Entry>> keyed,
                                                  const rpc::Page& page, bool& more) {
  std::erase_if(keyed, [&](const auto& entry) { return entry.first <= page.after; });
  std::sort(keyed.begin(), keyed.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto size = static_cast<size_t>(page.size);
  more = keyed.size() > size;
  if (more) keyed.resize(size);
  return keyed;
}

}  // namespace

absl::Status CircleServiceImpl::DoGetCircle(const rpc::Caller& caller,
                                            const v1::GetCircleRequest& request,
                                            v1::Circle* reply) {
  ASSIGN_OR_RETURN(const Stored stored, Find(request.name()));
  ToProto(stored, ViewOf(stored.circle, caller), caller.council, Now(), *ledger_.state()->registers,
          reply);
  return absl::OkStatus();
}

absl::Status CircleServiceImpl::DoListCircles(const rpc::Caller& caller,
                                              const v1::ListCirclesRequest& request,
                                              v1::ListCirclesResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  ASSIGN_OR_RETURN(const std::vector<Stored> all, store_.List());
  std::vector<std::pair<std::string, const Stored*>> keyed;
  for (const Stored& stored : all) {
    if (request.joined() && !stored.circle.IsMember(caller.council)) continue;
    keyed.emplace_back(ListKey(stored.circle), &stored);
  }
  bool more = false;
  const auto shown = PageOf(std::move(keyed), page, more);
  const auto registers = ledger_.state()->registers;
  const int64_t now = Now();
  for (const auto& [key, stored] : shown) {
    ToProto(*stored, ViewOf(stored->circle, caller), caller.council, now, *registers,
            reply->add_circles());
  }
  if (more) reply->set_next_page_token(page_tokens_.Token(page, shown.back().first));
  return absl::OkStatus();
}

absl::Status CircleServiceImpl::RecordLooks(const rpc::Caller& caller, const Circle& circle,
                                            const std::vector<CouncilNo>& councils,
                                            const model::Registers& registers) const {
  const std::string& viewer = registers.FindCouncil(caller.council)->id;
  for (const CouncilNo shown : councils) {
    // Its own are no secret to it; that it looked at the circle is on record.
    if (shown == caller.council) continue;
    RETURN_IF_ERROR(sources_.looked(
        caller, "ListCircleFigures",
        rpc::LookName(registers.FindCouncil(shown)->id, rpc::CircleName(circle.id), viewer)));
  }
  sources_.write_looks();
  return absl::OkStatus();
}

absl::Status CircleServiceImpl::DoListCircleFigures(const rpc::Caller& caller,
                                                    const v1::ListCircleFiguresRequest& request,
                                                    v1::ListCircleFiguresResponse* reply) {
  for (int i = 0; i < kTries; ++i) {
    ASSIGN_OR_RETURN(const Stored stored, Find(request.parent(), "parent"));
    RETURN_IF_ERROR(CheckSees(stored.circle, caller.council, Now()));
    ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
    const auto registers = ledger_.state()->registers;
    ASSIGN_OR_RETURN(const FigureQuestion question,
                     ParseQuestion(request, stored.circle, *registers));
    ASSIGN_OR_RETURN(FigurePage figures,
                     ListFigures(question, stored.circle.terms, *registers, sources_.rows,
                                 page.after, static_cast<size_t>(page.size)));
    // Whoever withdrew while this was read is not shown any more.
    ASSIGN_OR_RETURN(const Stored newest, Find(request.parent(), "parent"));
    if (newest.revision != stored.revision) continue;
    RETURN_IF_ERROR(RecordLooks(caller, stored.circle, figures.councils, *registers));
    for (v1::CircleFigure& figure : figures.figures) *reply->add_figures() = std::move(figure);
    if (figures.more) reply->set_next_page_token(page_tokens_.Token(page, figures.last_key));
    return absl::OkStatus();
  }
  return error::Overloaded();
}

absl::Status CircleServiceImpl::DoListExposures(const rpc::Caller&,
                                                const v1::ListExposuresRequest& request,
                                                v1::ListExposuresResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  ASSIGN_OR_RETURN(const CouncilNo council, FindCouncil(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const std::vector<Stored> circles, store_.List());
  ASSIGN_OR_RETURN(std::vector<Exposure> all, sources_.negotiated(council));
  const int64_t now = Now();
  for (const Stored& stored : circles) {
    for (Exposure& exposure : ExposuresOf(stored.circle, council, now)) {
      all.push_back(std::move(exposure));
    }
  }
  const auto registers = ledger_.state()->registers;
  std::vector<std::pair<std::string, const Exposure*>> keyed;
  for (const Exposure& exposure : all) {
    if (exposure.shared.end_unix_micros != 0 && !request.show_ended()) continue;
    keyed.emplace_back(KeyOf(exposure, *registers), &exposure);
  }
  bool more = false;
  const auto shown = PageOf(std::move(keyed), page, more);
  for (const auto& [key, exposure] : shown) ToProto(*exposure, *registers, reply->add_exposures());
  if (more) reply->set_next_page_token(page_tokens_.Token(page, shown.back().first));
  return absl::OkStatus();
}

absl::Status CircleServiceImpl::DoListLooks(const rpc::Caller&, const v1::ListLooksRequest& request,
                                            v1::ListLooksResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  const std::string& council = request.parent();
  RETURN_IF_ERROR(FindCouncil(council, "parent").status());
  std::optional<codec::AuditPlace> stopped;
  ASSIGN_OR_RETURN(
      const std::vector<model::AuditEntry> entries,
      audit_.List(
          codec::DecodeAuditKey(page.after).value_or(codec::AuditPlace{}),
          static_cast<size_t>(page.size),
          [&](const model::AuditEntry& entry) { return LookOf(entry, council).has_value(); },
          kMostLooked, &stopped));
  for (const model::AuditEntry& entry : entries) {
    if (auto look = LookOf(entry, council)) *reply->add_looks() = *std::move(look);
  }
  if (stopped) {
    reply->set_next_page_token(
        page_tokens_.Token(page, codec::AuditKey(stopped->sequence, stopped->index)));
  }
  return absl::OkStatus();
}

}  // namespace steelyard::circles
