#ifndef STEELYARD_SERVER_LINES_LINE_WRITES_H_
#define STEELYARD_SERVER_LINES_LINE_WRITES_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "server/lines/line_reads.h"
#include "server/lines/refusals.h"
#include "storage/base/text.h"
#include "storage/ledger/resource.h"

namespace steelyard::lines {

inline constexpr int kMaxBatch = 500;
// Another writer may get in between reading a line and correcting it.
inline constexpr int kCorrectionTries = 3;

// The writes of one resource, as the contract has them for each: check
// everything, one commit, and the line as it stands then. `Traits` is that of
// LineReads and also has
//
//   static constexpr std::string_view kCreate, kBatchCreate, kUpdate, kWithdraw;  // methods
//   static constexpr std::string_view kField;     // the line in a request: "purchase"
//   static constexpr std::string_view kKeyField;  // what no two lines of a batch share
//   static constexpr std::string_view kWhat;      // "a purchase"
//   static const Proto& LineOf(const R&);         // of each request that has one
//   static Proto* LineOf(UploadLine&);
//   static bool IsMutable(const google::protobuf::FieldDescriptor&);  // by a correction
//   static absl::Status CheckReason(std::string_view);                // of a withdrawal
//
// Thread-safe; what it is given must outlive it.
template <typename Traits>
class LineWrites {
 public:
  using Proto = typename Traits::Proto;
  using Line = typename LineReads<Traits>::Line;

  LineWrites(const LineContext& context, const LineReads<Traits>& reads)
      : context_(context), ledger_(context.ledger), reads_(reads) {}

  template <typename Request>
  absl::Status Create(const rpc::Caller& caller, const Request& request, Proto* reply) const {
    RETURN_IF_ERROR(CheckRequestId(request.request_id()));
    ASSIGN_OR_RETURN(model::Council council, ParentCouncil(ledger_, request.parent()));
    ledger::CommitLines commit = Commit(caller, council, Traits::kCreate, request);
    ASSIGN_OR_RETURN(ledger::LineDraft draft, CheckOne(Traits::LineOf(request), council.no));
    const std::string name = Traits::Name(council.id, draft.reference);
    commit.lines.push_back(std::move(draft));
    absl::StatusOr<ledger::Outcome> done = ledger_.Execute(std::move(commit));
    if (!done.ok()) return Refusal(done.status(), name);
    return reads_.FillMade(council, done->request.lines.front(), reply);
  }

  template <typename Request, typename Reply>
  absl::Status BatchCreate(const rpc::Caller& caller, const Request& request, Reply* reply) const {
    RETURN_IF_ERROR(CheckRequestId(request.request_id()));
    if (request.requests_size() > kMaxBatch) {
      return rpc::error::InvalidField("requests", "give at most 500; Upload takes more");
    }
    ASSIGN_OR_RETURN(model::Council council, ParentCouncil(ledger_, request.parent()));
    ledger::CommitLines commit = Commit(caller, council, Traits::kBatchCreate, request);
    std::vector<rpc::FieldViolation> violations;
    google::protobuf::RepeatedPtrField<typename Traits::UploadLine> lines;
    for (int i = 0; i < request.requests_size(); ++i) {
      const auto& one = request.requests(i);
      const std::string at = absl::StrCat("requests[", i, "].");
      if (!one.parent().empty() && one.parent() != request.parent()) {
        violations.push_back({at + "parent", "must be empty or the batch's own"});
      }
      if (!one.request_id().empty() && one.request_id() != request.request_id()) {
        violations.push_back({at + "request_id", "must be empty or the batch's own"});
      }
      lines.Add()->set_row(i + 1);
      *Traits::LineOf(lines[i]) = Traits::LineOf(one);
    }
    LineBatch batch = Traits::Check(SettingOf(context_), lines, council.no);
    AddRepeats(batch.drafts, violations);
    if (!violations.empty()) return rpc::error::InvalidFields(violations);
    if (batch.drafts.size() != static_cast<size_t>(request.requests_size())) {
      return rpc::error::Problems(batch.problems,
                                  absl::StrCat("requests[#].", Av(Traits::kField), "."));
    }
    const std::vector<std::string> references = ReferencesOf(batch.drafts);
    commit.lines = std::move(batch.drafts);
    absl::StatusOr<ledger::Outcome> done = ledger_.Execute(std::move(commit));
    if (absl::IsAlreadyExists(done.status())) {
      ASSIGN_OR_RETURN(const std::string taken, FirstTaken(council, references, request.parent()));
      return Refusal(done.status(), taken);
    }
    if (!done.ok()) return Refusal(done.status(), request.parent());
    for (const codec::RequestRecord::Line& line : done->request.lines) {
      RETURN_IF_ERROR(reads_.FillMade(council, line, Traits::Add(*reply)));
    }
    lines::ToProto(council, done->submissions.front(), reply->mutable_submission());
    return absl::OkStatus();
  }

  template <typename Request>
  absl::Status Update(const rpc::Caller& caller, const Request& request, Proto* reply) const {
    RETURN_IF_ERROR(CheckRequestId(request.request_id()));
    const Proto& asked = Traits::LineOf(request);
    const std::string& name = asked.name();
    ASSIGN_OR_RETURN(rpc::CouncilChild child,
                     Traits::Parse(name, absl::StrCat(Av(Traits::kField), ".name")));
    ASSIGN_OR_RETURN(model::Council council, FindCouncil(ledger_, child.council, name));
    absl::Status refused;
    for (int i = 0; i < kCorrectionTries; ++i) {
      ASSIGN_OR_RETURN(std::optional<Line> current, reads_.reader().Get(council.no, child.id));
      if (!current) return rpc::error::NotFound(name);
      ledger::CommitLines commit = Commit(caller, council, Traits::kUpdate, request);
      commit.rule = ledger::CommitLines::Rule::kExisting;
      // The ledger looks for an earlier use of the request id first, so a repeat
      // is answered although its etag is the old one by now.
      ASSIGN_OR_RETURN(commit.expected_revision,
                       ExpectedRevision(asked.etag(), current->record, name));
      if (!commit.expected_revision) commit.expected_revision = current->record.revision;
      ASSIGN_OR_RETURN(ledger::LineDraft draft, Correction(*current, request, council.no));
      commit.lines.push_back(std::move(draft));
      absl::StatusOr<ledger::Outcome> done = ledger_.Execute(std::move(commit));
      if (done.ok()) return reads_.FillMade(council, done->request.lines.front(), reply);
      refused = done.status();
      const bool raced = asked.etag().empty() && Sv(refused.message()) == ledger::kEtagMismatch;
      if (!raced) break;
    }
    return Refusal(refused, name);
  }

  template <typename Request>
  absl::Status Withdraw(const rpc::Caller& caller, const Request& request, Proto* reply) const {
    RETURN_IF_ERROR(CheckRequestId(request.request_id()));
    RETURN_IF_ERROR(CheckReason(request.reason()));
    RETURN_IF_ERROR(Traits::CheckReason(request.reason()));
    ASSIGN_OR_RETURN(rpc::CouncilChild child, Traits::Parse(request.name(), "name"));
    ASSIGN_OR_RETURN(model::Council council, FindCouncil(ledger_, child.council, request.name()));
    ASSIGN_OR_RETURN(std::optional<Line> current, reads_.reader().Get(council.no, child.id));
    if (!current) return rpc::error::NotFound(request.name());
    ledger::WithdrawLine withdraw;
    withdraw.meta = context_.Now(caller);
    withdraw.council = council.no;
    withdraw.request = codec::UuidBytes(request.request_id());
    withdraw.body_sha256 = BodyHash(Traits::kWithdraw, request);
    withdraw.reference = child.id;
    withdraw.reason = request.reason();
    withdraw.resource = Traits::kResource;
    ASSIGN_OR_RETURN(withdraw.expected_revision,
                     ExpectedRevision(request.etag(), current->record, request.name()));
    absl::StatusOr<ledger::Outcome> done = ledger_.Execute(std::move(withdraw));
    if (!done.ok()) return Refusal(done.status(), request.name());
    return reads_.FillMade(council, done->request.lines.front(), reply);
  }

 private:
  static absl::Status Refusal(const absl::Status& status, std::string_view name) {
    return FromLedger(status, Traits::kResource, name);
  }

  static std::vector<std::string> ReferencesOf(const std::vector<ledger::LineDraft>& drafts) {
    std::vector<std::string> references;
    for (const ledger::LineDraft& d : drafts) references.push_back(d.reference);
    return references;
  }

  // Two lines of a batch must not be the same one. Rows count from 1.
  static void AddRepeats(const std::vector<ledger::LineDraft>& drafts,
                         std::vector<rpc::FieldViolation>& violations) {
    absl::flat_hash_map<std::string_view, int64_t> first_at;
    for (const ledger::LineDraft& d : drafts) {
      auto [it, added] = first_at.try_emplace(d.reference, d.row);
      if (added) continue;
      violations.push_back({absl::StrCat("requests[", d.row - 1, "].", Av(Traits::kKeyField)),
                            absl::StrCat("is the same as in requests[", it->second - 1, "]")});
    }
  }

  template <typename Request>
  ledger::CommitLines Commit(const rpc::Caller& caller, const model::Council& council,
                             std::string_view method, const Request& request) const {
    ledger::CommitLines commit;
    commit.meta = context_.Now(caller);
    commit.council = council.no;
    commit.request = codec::UuidBytes(request.request_id());
    commit.body_sha256 = BodyHash(method, request);
    commit.resource = Traits::kResource;
    return commit;
  }

  // The draft of a line that is all right.
  absl::StatusOr<ledger::LineDraft> CheckOne(const Proto& line, model::CouncilNo council) const {
    google::protobuf::RepeatedPtrField<typename Traits::UploadLine> one;
    *Traits::LineOf(*one.Add()) = line;
    LineBatch batch = Traits::Check(SettingOf(context_), one, council);
    if (batch.drafts.empty()) {
      return rpc::error::Problems(batch.problems, absl::StrCat(Av(Traits::kField), "."));
    }
    return std::move(batch.drafts.front());
  }

  template <typename Request>
  absl::StatusOr<ledger::LineDraft> Correction(const Line& current, const Request& request,
                                               model::CouncilNo council) const {
    Proto merged;
    Traits::ToProto(current.content, current.reference, *ledger_.state()->registers, &merged);
    RETURN_IF_ERROR(MergeCorrection(request.update_mask(), Traits::LineOf(request),
                                    &Traits::IsMutable, Traits::kWhat, &merged));
    return CheckOne(merged, council);
  }

  // The first line of a batch that is there already, or `parent`.
  absl::StatusOr<std::string> FirstTaken(const model::Council& council,
                                         const std::vector<std::string>& references,
                                         const std::string& parent) const {
    for (const std::string& reference : references) {
      ASSIGN_OR_RETURN(const auto taken, reads_.reader().Get(council.no, reference));
      const bool returns = taken && taken->record.withdrawn && ledger::MayReturn(Traits::kResource);
      if (taken && !returns) return Traits::Name(council.id, reference);
    }
    return parent;
  }

  const LineContext context_;
  ledger::Ledger& ledger_;
  const LineReads<Traits>& reads_;
};

}  // namespace steelyard::lines

#endif  // STEELYARD_SERVER_LINES_LINE_WRITES_H_
