#include <algorithm>
#include <charconv>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/purchases/purchase_proto.h"
#include "server/purchases/purchase_service.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/ledger/publication_log.h"

namespace steelyard::purchases {
namespace {

namespace error = rpc::error;

constexpr int kMaxValidateLines = 2000;

// What a list is narrowed to.
struct Filter {
  std::optional<model::ProductNo> product;
  std::optional<model::SupplierNo> supplier;
  std::optional<model::Day> from;
  std::optional<model::Day> to;
  bool show_withdrawn = false;

  bool Keeps(const ledger::PurchaseReader::Line& line) const {
    const model::PurchaseContent& c = line.content;
    return (show_withdrawn || !line.record.withdrawn) && (!product || c.product == *product) &&
           (!supplier || c.supplier == *supplier) && (!from || c.order_date >= *from) &&
           (!to || c.order_date <= *to);
  }
};

absl::StatusOr<Filter> FilterOf(const v1::ListPurchasesRequest& request,
                                const directory::Resolver& resolver) {
  Filter filter;
  std::vector<rpc::FieldViolation> violations;
  filter.show_withdrawn = request.show_withdrawn();
  if (!request.product().empty()) {
    filter.product = resolver.ResolveProduct(request.product()).no;
    if (filter.product->value == 0) violations.push_back({"product", "no such product"});
  }
  if (!request.supplier().empty()) {
    filter.supplier = resolver.ResolveSupplier(request.supplier()).no;
    if (filter.supplier->value == 0) violations.push_back({"supplier", "no such supplier"});
  }
  if (request.has_order_date_from()) {
    filter.from = rpc::FromProto(request.order_date_from());
    if (!filter.from) violations.push_back({"order_date_from", "not a day in the calendar"});
  }
  if (request.has_order_date_to()) {
    filter.to = rpc::FromProto(request.order_date_to());
    if (!filter.to) violations.push_back({"order_date_to", "not a day in the calendar"});
  }
  if (!violations.empty()) return error::InvalidFields(violations);
  return filter;
}

// The number that a page begins below; 0 for the first page.
uint32_t Below(const rpc::Page& page) {
  uint32_t below = 0;
  std::from_chars(page.after.data(), page.after.data() + page.after.size(), below);
  return below;
}

}  // namespace

absl::Status PurchaseServiceImpl::Validate(const rpc::Caller&,
                                           const v1::ValidatePurchasesRequest& request,
                                           v1::ValidatePurchasesResponse* reply) {
  if (request.lines_size() > kMaxValidateLines) {
    return error::InvalidField("lines", "give at most 2,000 lines; Upload takes more");
  }
  model::CouncilNo scope;
  if (request.parent() != rpc::kAllCouncils) {
    ASSIGN_OR_RETURN(std::string id, rpc::ParseCouncil(request.parent(), "parent"));
    ASSIGN_OR_RETURN(model::Council council, FindCouncil(id, request.parent()));
    scope = council.no;
  }
  const auto today =
      model::Day{static_cast<int32_t>(absl::ToUnixMicros(upload_.clock.Now()) / 86'400'000'000)};
  LineBatch batch = CheckLines(upload_.directory.Current(), request.lines(), scope, today);
  Preview preview(ledger_);
  RETURN_IF_ERROR(preview.Add(batch));
  for (const model::Problem& p : batch.problems) rpc::ToProto(p, reply->add_problems());
  ToProto(preview.counts(), reply->mutable_total());
  return absl::OkStatus();
}

absl::Status PurchaseServiceImpl::Get(const rpc::Caller&, const v1::GetPurchaseRequest& request,
                                      v1::Purchase* reply) {
  ASSIGN_OR_RETURN(rpc::CouncilChild child, rpc::ParsePurchase(request.name()));
  ASSIGN_OR_RETURN(model::Council council, FindCouncil(child.council, request.name()));
  ASSIGN_OR_RETURN(std::optional<Line> line, reader_.Get(council.no, child.id));
  if (!line) return error::NotFound(request.name());
  return Fill(council, *line, reply);
}

absl::Status PurchaseServiceImpl::List(const rpc::Caller&, const v1::ListPurchasesRequest& request,
                                       v1::ListPurchasesResponse* reply) {
  ASSIGN_OR_RETURN(std::string id, rpc::ParseCouncil(request.parent(), "parent"));
  ASSIGN_OR_RETURN(model::Council council, FindCouncil(id, request.parent()));
  ASSIGN_OR_RETURN(rpc::Page page, page_tokens_.Open(request));
  ASSIGN_OR_RETURN(Filter filter, FilterOf(request, *upload_.directory.Current()));
  const auto size = static_cast<size_t>(page.size);
  ASSIGN_OR_RETURN(std::vector<Line> lines,
                   reader_.List(council.no, page.after, size + 1,
                                [&](const Line& line) { return filter.Keeps(line); }));
  const bool more = lines.size() > size;
  if (more) lines.pop_back();
  for (const Line& line : lines) RETURN_IF_ERROR(Fill(council, line, reply->add_purchases()));
  if (more) reply->set_next_page_token(page_tokens_.Token(page, lines.back().reference));
  return absl::OkStatus();
}

absl::Status PurchaseServiceImpl::Versions(const rpc::Caller&,
                                           const v1::ListPurchaseVersionsRequest& request,
                                           v1::ListPurchaseVersionsResponse* reply) {
  ASSIGN_OR_RETURN(rpc::CouncilChild child, rpc::ParsePurchase(request.parent(), "parent"));
  ASSIGN_OR_RETURN(model::Council council, FindCouncil(child.council, request.parent()));
  ASSIGN_OR_RETURN(rpc::Page page, page_tokens_.Open(request));
  const auto size = static_cast<size_t>(page.size);
  ASSIGN_OR_RETURN(std::vector<Line> lines,
                   reader_.Versions(council.no, child.id, Below(page), size + 1));
  if (lines.empty()) return error::NotFound(request.parent());
  const bool more = lines.size() > size;
  if (more) lines.pop_back();
  for (const Line& line : lines) RETURN_IF_ERROR(Fill(council, line, reply->add_purchases()));
  if (more) {
    reply->set_next_page_token(
        page_tokens_.Token(page, absl::StrCat(lines.back().record.revision)));
  }
  return absl::OkStatus();
}

absl::Status PurchaseServiceImpl::Receipt(const rpc::Caller&,
                                          const v1::GetSubmissionRequest& request,
                                          v1::Submission* reply) {
  ASSIGN_OR_RETURN(rpc::CouncilChild child, rpc::ParseSubmission(request.name()));
  ASSIGN_OR_RETURN(model::Council council, FindCouncil(child.council, request.name()));
  ASSIGN_OR_RETURN(auto submission,
                   receipts_.FindSubmission(council.no, codec::UuidBytes(child.id)));
  if (!submission) return error::NotFound(request.name());
  ToProto(council, *submission, reply);
  return absl::OkStatus();
}

absl::Status PurchaseServiceImpl::Receipts(const rpc::Caller&,
                                           const v1::ListSubmissionsRequest& request,
                                           v1::ListSubmissionsResponse* reply) {
  ASSIGN_OR_RETURN(std::string id, rpc::ParseCouncil(request.parent(), "parent"));
  ASSIGN_OR_RETURN(model::Council council, FindCouncil(id, request.parent()));
  ASSIGN_OR_RETURN(rpc::Page page, page_tokens_.Open(request));
  const auto size = static_cast<size_t>(page.size);
  ASSIGN_OR_RETURN(std::vector<model::Submission> submissions,
                   receipts_.Submissions(council.no, Below(page), size + 1));
  const bool more = submissions.size() > size;
  if (more) submissions.pop_back();
  for (const model::Submission& s : submissions) ToProto(council, s, reply->add_submissions());
  if (more) {
    reply->set_next_page_token(page_tokens_.Token(page, absl::StrCat(submissions.back().number)));
  }
  return absl::OkStatus();
}

absl::Status PurchaseServiceImpl::Publication(const rpc::Caller&,
                                              const v1::GetPublicationStatusRequest& request,
                                              v1::PublicationStatus* reply) {
  ASSIGN_OR_RETURN(std::string id, rpc::ParseCouncil(request.council(), "council"));
  ASSIGN_OR_RETURN(model::Council council, FindCouncil(id, request.council()));
  const ledger::PublicationLog log(ledger_.database());
  ASSIGN_OR_RETURN(ledger::PublishedHead head, log.Head());
  reply->set_edition(static_cast<int64_t>(head.edition));
  absl::flat_hash_map<codec::SeriesYear, ledger::Admitted> admitted;
  absl::Status failed;
  auto count = [&](const Line& line) {
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
    if (it->second.Of(month, council.area) >= line.record.sequence) {
      reply->set_published_lines(reply->published_lines() + 1);
    } else {
      reply->set_waiting_lines(reply->waiting_lines() + 1);
    }
    return false;
  };
  // Keeps nothing, so it looks at every line; stops at the first failure.
  RETURN_IF_ERROR(reader_.List(council.no, "", 1, count).status());
  return failed;
}

}  // namespace steelyard::purchases
