// What became of a council's submissions.

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/purchases/purchase_service.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/ledger/publication_log.h"

namespace steelyard::purchases {

absl::Status PurchaseServiceImpl::Receipt(const rpc::Caller&,
                                          const v1::GetSubmissionRequest& request,
                                          v1::Submission* reply) {
  ASSIGN_OR_RETURN(rpc::CouncilChild child, rpc::ParseSubmission(request.name()));
  ASSIGN_OR_RETURN(model::Council council,
                   lines::FindCouncil(ledger_, child.council, request.name()));
  ASSIGN_OR_RETURN(auto submission,
                   receipts_.FindSubmission(council.no, codec::UuidBytes(child.id)));
  if (!submission) return rpc::error::NotFound(request.name());
  lines::ToProto(council, *submission, reply);
  return absl::OkStatus();
}

absl::Status PurchaseServiceImpl::Receipts(const rpc::Caller&,
                                           const v1::ListSubmissionsRequest& request,
                                           v1::ListSubmissionsResponse* reply) {
  ASSIGN_OR_RETURN(model::Council council, lines::ParentCouncil(ledger_, request.parent()));
  ASSIGN_OR_RETURN(rpc::Page page, page_tokens_.Open(request));
  const auto size = static_cast<size_t>(page.size);
  ASSIGN_OR_RETURN(std::vector<model::Submission> submissions,
                   receipts_.Submissions(council.no, lines::Below(page), size + 1));
  const bool more = submissions.size() > size;
  if (more) submissions.pop_back();
  for (const model::Submission& s : submissions)
    lines::ToProto(council, s, reply->add_submissions());
  if (more) {
    reply->set_next_page_token(page_tokens_.Token(page, absl::StrCat(submissions.back().number)));
  }
  return absl::OkStatus();
}

absl::Status PurchaseServiceImpl::Publication(const rpc::Caller&,
                                              const v1::GetPublicationStatusRequest& request,
                                              v1::PublicationStatus* reply) {
  ASSIGN_OR_RETURN(std::string id, rpc::ParseCouncil(request.council(), "council"));
  ASSIGN_OR_RETURN(model::Council council, lines::FindCouncil(ledger_, id, request.council()));
  const ledger::PublicationLog log(ledger_.database());
  ASSIGN_OR_RETURN(ledger::PublishedHead head, log.Head());
  reply->set_edition(static_cast<int64_t>(head.edition));
  absl::flat_hash_map<codec::SeriesYear, ledger::Admitted> admitted;
  absl::Status failed;
  auto count = [&](const PurchaseLines::Line& line) {
    if (line.record.withdrawn) return false;
    reply->set_active_lines(reply->active_lines() + 1);
    if (line.record.sequence > head.sequence) {
      reply->set_queued_lines(reply->queued_lines() + 1);
      return false;
    }
    const model::Month month = model::Month::Of(line.content.order_date);
    const codec::SeriesYear series{line.content.product, line.content.currency,
                                   static_cast<int16_t>(month.year())};
    auto [it, added] = admitted.try_emplace(series);
    if (added) {
      absl::StatusOr<ledger::Admitted> read = log.ReadAdmitted(series);
      if (!read.ok()) {
        failed = read.status();
        return true;
      }
      it->second = *std::move(read);
    }
    if (it->second.Of(month, it->second.AreaOf(council.no, council.area)) >= line.record.sequence) {
      reply->set_published_lines(reply->published_lines() + 1);
    } else {
      reply->set_waiting_lines(reply->waiting_lines() + 1);
    }
    return false;
  };
  // Keeps nothing, so it looks at every line; stops at the first failure.
  RETURN_IF_ERROR(reads_.reader().List(council.no, "", 1, count).status());
  return failed;
}

}  // namespace steelyard::purchases
