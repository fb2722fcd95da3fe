#ifndef STEELYARD_SERVER_LINES_LINE_READS_H_
#define STEELYARD_SERVER_LINES_LINE_READS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/lines/line_batch.h"
#include "server/lines/line_requests.h"
#include "server/lines/receipts.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/codec/keys.h"
#include "storage/ledger/line_reader.h"
#include "storage/ledger/receipt_reader.h"

namespace steelyard::lines {

inline constexpr int kMaxValidateLines = 2000;

// The reads of one resource, as the contract has them for each. `Traits` says
// what its lines are:
//
//   using Proto;       // the line on the wire
//   using Content;     // and in the store
//   using UploadLine;  // one line of an upload
//   static constexpr model::Resource kResource;
//   static std::string Name(std::string_view council, std::string_view reference);
//   static absl::StatusOr<rpc::CouncilChild> Parse(std::string_view name, std::string_view field);
//   // What a council said, without what the server adds.
//   static void ToProto(const Content&, std::string_view reference, const model::Registers&,
//                       Proto*);
//   static Proto* Add(R&);  // to a list, of each reply that has one
//   // Checks lines of council `scope`, or, if that is 0, of the one that each names.
//   static LineBatch Check(const Setting&, const RepeatedPtrField<UploadLine>&,
//                          model::CouncilNo scope);
//   // Tells which lines a list shows. INVALID_ARGUMENT.
//   static absl::StatusOr<std::function<bool(const Line&)>> FilterOf(
//       const R&, const directory::Resolver&);
//
// Thread-safe; what it is given must outlive it.
template <typename Traits>
class LineReads {
 public:
  using Proto = typename Traits::Proto;
  using Reader = ledger::LineReader<typename Traits::Content>;
  using Line = typename Reader::Line;

  LineReads(const LineContext& context, const rpc::PageTokens& page_tokens)
      : context_(context),
        page_tokens_(page_tokens),
        reader_(context.ledger.database()),
        receipts_(context.ledger.database()) {}

  const Reader& reader() const { return reader_; }

  template <typename Request, typename Reply>
  absl::Status Validate(const rpc::Caller&, const Request& request, Reply* reply) const {
    if (request.lines_size() > kMaxValidateLines) {
      return rpc::error::InvalidField("lines", "give at most 2,000 lines; Upload takes more");
    }
    model::CouncilNo scope;
    if (request.parent() != rpc::kAllCouncils) {
      ASSIGN_OR_RETURN(model::Council council, ParentCouncil(context_.ledger, request.parent()));
      scope = council.no;
    }
    LineBatch batch = Traits::Check(SettingOf(context_), request.lines(), scope);
    Preview preview(context_.ledger, Traits::kResource);
    RETURN_IF_ERROR(preview.Add(batch));
    for (const model::Problem& p : batch.problems) rpc::ToProto(p, reply->add_problems());
    lines::ToProto(preview.counts(), reply->mutable_total());
    return absl::OkStatus();
  }

  template <typename Request>
  absl::Status Get(const rpc::Caller&, const Request& request, Proto* reply) const {
    ASSIGN_OR_RETURN(rpc::CouncilChild child, Traits::Parse(request.name(), "name"));
    ASSIGN_OR_RETURN(model::Council council,
                     FindCouncil(context_.ledger, child.council, request.name()));
    ASSIGN_OR_RETURN(std::optional<Line> line, reader_.Get(council.no, child.id));
    if (!line) return rpc::error::NotFound(request.name());
    return Fill(council, *line, reply);
  }

  template <typename Request, typename Reply>
  absl::Status List(const rpc::Caller&, const Request& request, Reply* reply) const {
    ASSIGN_OR_RETURN(model::Council council, ParentCouncil(context_.ledger, request.parent()));
    ASSIGN_OR_RETURN(rpc::Page page, page_tokens_.Open(request));
    ASSIGN_OR_RETURN(const auto keep, Traits::FilterOf(request, *context_.directory.Current()));
    const auto size = static_cast<size_t>(page.size);
    ASSIGN_OR_RETURN(std::vector<Line> found, reader_.List(council.no, page.after, size + 1, keep));
    return FillPage(
        council, page, std::move(found), [](const Line& line) { return line.reference; }, reply);
  }

  template <typename Request, typename Reply>
  absl::Status Versions(const rpc::Caller&, const Request& request, Reply* reply) const {
    ASSIGN_OR_RETURN(rpc::CouncilChild child, Traits::Parse(request.parent(), "parent"));
    ASSIGN_OR_RETURN(model::Council council,
                     FindCouncil(context_.ledger, child.council, request.parent()));
    ASSIGN_OR_RETURN(rpc::Page page, page_tokens_.Open(request));
    const auto size = static_cast<size_t>(page.size);
    ASSIGN_OR_RETURN(std::vector<Line> found,
                     reader_.Versions(council.no, child.id, Below(page), size + 1));
    if (found.empty()) return rpc::error::NotFound(request.parent());
    return FillPage(
        council, page, std::move(found),
        [](const Line& line) { return absl::StrCat(line.record.revision); }, reply);
  }

  // Fills in a stored version with the times of its submissions.
  absl::Status Fill(const model::Council& council, const Line& line, Proto* out) const {
    ASSIGN_OR_RETURN(auto made, receipts_.GetSubmission(council.no, line.record.first_submission));
    ASSIGN_OR_RETURN(auto changed, receipts_.GetSubmission(council.no, line.record.submission));
    if (!made || !changed) return absl::DataLossError("a submission's record is missing");
    Traits::ToProto(line.content, line.reference, *context_.ledger.state()->registers, out);
    out->set_name(Traits::Name(council.id, line.reference));
    rpc::MicrosToProto(made->create_unix_micros, out->mutable_create_time());
    rpc::MicrosToProto(changed->create_unix_micros, out->mutable_update_time());
    out->set_etag(EtagOf(line.record));
    out->set_state(line.record.withdrawn ? Proto::WITHDRAWN : Proto::ACTIVE);
    out->set_withdraw_reason(line.record.withdraw_reason);
    out->set_revision(static_cast<int32_t>(line.record.revision));
    out->set_submission(rpc::SubmissionName(council.id, codec::UuidText(changed->id)));
    return absl::OkStatus();
  }

  // The version that a request made when it was first done.
  absl::Status FillMade(const model::Council& council, const codec::RequestRecord::Line& made,
                        Proto* out) const {
    ASSIGN_OR_RETURN(auto line, reader_.GetRevision(council.no, made.reference, made.revision));
    if (!line) return absl::DataLossError("a version of a line is missing");
    return Fill(council, *line, out);
  }

 private:
  // `found` holds one line more than the page if another page follows.
  template <typename Key, typename Reply>
  absl::Status FillPage(const model::Council& council, const rpc::Page& page,
                        std::vector<Line> found, Key key, Reply* reply) const {
    const bool more = found.size() > static_cast<size_t>(page.size);
    if (more) found.pop_back();
    for (const Line& line : found) RETURN_IF_ERROR(Fill(council, line, Traits::Add(*reply)));
    if (more) reply->set_next_page_token(page_tokens_.Token(page, key(found.back())));
    return absl::OkStatus();
  }

  const LineContext context_;
  const rpc::PageTokens& page_tokens_;
  const Reader reader_;
  const ledger::ReceiptReader receipts_;
};

}  // namespace steelyard::lines

#endif  // STEELYARD_SERVER_LINES_LINE_READS_H_
