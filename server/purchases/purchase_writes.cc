#include <charconv>
#include <utility>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/field_mask_util.h"
#include "server/purchases/purchase_proto.h"
#include "server/purchases/purchase_service.h"
#include "server/purchases/refusals.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::purchases {
namespace {

namespace error = rpc::error;
using google::protobuf::util::FieldMaskUtil;

constexpr int kMaxBatch = 500;
constexpr size_t kMaxReasonBytes = 200;
// Another writer may get in between reading a line and correcting it.
constexpr int kCorrectionTries = 3;

absl::Status CheckRequestId(std::string_view id) {
  if (model::IsUuid4(id)) return absl::OkStatus();
  return error::InvalidField("request_id", "give a UUID of version 4, the same for each repeat");
}

// What was asked, for telling a repeat from another use of the same id.
std::string BodyHash(std::string_view method, const google::protobuf::Message& request) {
  return Sha256(absl::StrCat(Av(method), "\n", request.SerializeAsString()));
}

model::Day DayOf(const ledger::Meta& meta) {
  return model::Day{static_cast<int32_t>(meta.unix_micros / 86'400'000'000)};
}

// The revision that an etag names, or 0.
uint32_t RevisionOf(std::string_view etag) {
  uint32_t revision = 0;
  if (etag.size() > 1) std::from_chars(etag.data() + 1, etag.data() + etag.size(), revision);
  return revision;
}

// Fields of a purchase that a correction may change.
bool IsMutable(const google::protobuf::FieldDescriptor& field) {
  using P = v1::Purchase;
  switch (field.number()) {
    case P::kProductFieldNumber:
    case P::kSupplierFieldNumber:
    case P::kOrderDateFieldNumber:
    case P::kPacksFieldNumber:
    case P::kPackContentFieldNumber:
    case P::kPackPriceMicrosFieldNumber:
    case P::kCurrencyCodeFieldNumber:
    case P::kVatRateBasisPointsFieldNumber:
    case P::kFreightMicrosFieldNumber:
    case P::kPromisedDateFieldNumber:
    case P::kDeliveriesFieldNumber:
    case P::kQualityFieldNumber:
    case P::kCountryOfManufactureFieldNumber:
    case P::kMadeInUkFieldNumber:
    case P::kPriceConfirmedFieldNumber:
      return true;
    default:
      return false;
  }
}

// The mask given, checked, or that of the fields that are set.
absl::StatusOr<google::protobuf::FieldMask> MaskOf(const v1::UpdatePurchaseRequest& request) {
  google::protobuf::FieldMask mask;
  const auto* descriptor = v1::Purchase::descriptor();
  if (request.update_mask().paths_size() == 0) {
    std::vector<const google::protobuf::FieldDescriptor*> set;
    v1::Purchase::GetReflection()->ListFields(request.purchase(), &set);
    for (const auto* field : set) {
      if (IsMutable(*field)) mask.add_paths(field->name());
    }
    return mask;
  }
  std::vector<rpc::FieldViolation> violations;
  for (int i = 0; i < request.update_mask().paths_size(); ++i) {
    const std::string& path = request.update_mask().paths(i);
    const auto* field = descriptor->FindFieldByName(path.substr(0, path.find('.')));
    if (field == nullptr || !IsMutable(*field) || !FieldMaskUtil::IsValidPath<v1::Purchase>(path)) {
      violations.push_back({absl::StrCat("update_mask.paths[", i, "]"),
                            absl::StrCat("'", Printable(path, 80),
                                         "' is not a field of a purchase that can be corrected")});
    }
  }
  if (!violations.empty()) return error::InvalidFields(violations);
  return request.update_mask();
}

// The first purchase of a batch that is there already, or the batch's parent.
absl::StatusOr<std::string> FirstTaken(const ledger::PurchaseReader& reader,
                                       const model::Council& council,
                                       const v1::BatchCreatePurchasesRequest& request) {
  for (const v1::CreatePurchaseRequest& one : request.requests()) {
    const std::string& reference = one.purchase().reference();
    ASSIGN_OR_RETURN(const auto taken, reader.Get(council.no, reference));
    if (taken) return rpc::PurchaseName(council.id, reference);
  }
  return request.parent();
}

}  // namespace

ledger::Meta PurchaseServiceImpl::Now(const rpc::Caller& caller) {
  return {absl::ToUnixMicros(upload_.clock.Now()), caller.token_id};
}

absl::Status PurchaseServiceImpl::Create(const rpc::Caller& caller,
                                         const v1::CreatePurchaseRequest& request,
                                         v1::Purchase* reply) {
  RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  ASSIGN_OR_RETURN(std::string id, rpc::ParseCouncil(request.parent(), "parent"));
  ASSIGN_OR_RETURN(model::Council council, FindCouncil(id, request.parent()));
  ledger::CommitLines commit;
  commit.meta = Now(caller);
  commit.council = council.no;
  commit.request = codec::UuidBytes(request.request_id());
  commit.body_sha256 = BodyHash("CreatePurchase", request);
  const model::Day today = DayOf(commit.meta);
  std::vector<model::Problem> problems;
  LineChecker checker(upload_.directory.Current(), today);
  const CheckedLine checked = checker.Check(0, council.no, request.purchase(), problems);
  if (!checked.content) return error::Problems(problems, "purchase.");
  commit.lines.push_back(
      ledger::MakeDraft(council.no, 0, request.purchase().reference(), *checked.content, today));
  absl::StatusOr<ledger::Outcome> done = ledger_.Execute(std::move(commit));
  const std::string name = rpc::PurchaseName(council.id, request.purchase().reference());
  if (!done.ok()) return FromLedger(done.status(), name);
  return FillRevision(council, done->request.lines.front(), reply);
}

absl::Status PurchaseServiceImpl::BatchCreate(const rpc::Caller& caller,
                                              const v1::BatchCreatePurchasesRequest& request,
                                              v1::BatchCreatePurchasesResponse* reply) {
  RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  if (request.requests_size() > kMaxBatch) {
    return error::InvalidField("requests", "give at most 500; Upload takes more");
  }
  ASSIGN_OR_RETURN(std::string id, rpc::ParseCouncil(request.parent(), "parent"));
  ASSIGN_OR_RETURN(model::Council council, FindCouncil(id, request.parent()));
  ledger::CommitLines commit;
  commit.meta = Now(caller);
  commit.council = council.no;
  commit.request = codec::UuidBytes(request.request_id());
  commit.body_sha256 = BodyHash("BatchCreatePurchases", request);
  google::protobuf::RepeatedPtrField<v1::UploadLine> lines;
  std::vector<rpc::FieldViolation> violations;
  absl::flat_hash_map<std::string, int> first_at;
  for (int i = 0; i < request.requests_size(); ++i) {
    const v1::CreatePurchaseRequest& one = request.requests(i);
    const std::string at = absl::StrCat("requests[", i, "].");
    if (!one.parent().empty() && one.parent() != request.parent()) {
      violations.push_back({at + "parent", "must be empty or the batch's own"});
    }
    if (!one.request_id().empty() && one.request_id() != request.request_id()) {
      violations.push_back({at + "request_id", "must be empty or the batch's own"});
    }
    if (auto [it, added] = first_at.try_emplace(one.purchase().reference(), i); !added) {
      violations.push_back({at + "purchase.reference",
                            absl::StrCat("is the same as in requests[", it->second, "]")});
    }
    v1::UploadLine* line = lines.Add();
    line->set_row(i + 1);
    *line->mutable_purchase() = one.purchase();
  }
  if (!violations.empty()) return error::InvalidFields(violations);
  LineBatch batch = CheckLines(upload_.directory.Current(), lines, council.no, DayOf(commit.meta));
  if (batch.drafts.size() != static_cast<size_t>(request.requests_size())) {
    return error::Problems(batch.problems, "requests[#].purchase.");
  }
  commit.lines = std::move(batch.drafts);
  absl::StatusOr<ledger::Outcome> done = ledger_.Execute(std::move(commit));
  if (absl::IsAlreadyExists(done.status())) {
    ASSIGN_OR_RETURN(const std::string taken, FirstTaken(reader_, council, request));
    return FromLedger(done.status(), taken);
  }
  if (!done.ok()) return FromLedger(done.status(), request.parent());
  for (const codec::RequestRecord::Line& line : done->request.lines) {
    RETURN_IF_ERROR(FillRevision(council, line, reply->add_purchases()));
  }
  ToProto(council, done->submissions.front(), reply->mutable_submission());
  return absl::OkStatus();
}

absl::StatusOr<ledger::LineDraft> PurchaseServiceImpl::Correction(
    const Line& current, const v1::UpdatePurchaseRequest& request, model::CouncilNo council) {
  ASSIGN_OR_RETURN(google::protobuf::FieldMask mask, MaskOf(request));
  const auto resolver = upload_.directory.Current();
  v1::Purchase merged;
  ToProto(current.content, resolver->registers(), &merged);
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(request.purchase(), mask, options, &merged);
  merged.set_reference(current.reference);
  const model::Day today =
      model::Day{static_cast<int32_t>(absl::ToUnixMicros(upload_.clock.Now()) / 86'400'000'000)};
  std::vector<model::Problem> problems;
  LineChecker checker(resolver, today);
  const CheckedLine checked = checker.Check(0, council, merged, problems);
  if (!checked.content) return error::Problems(problems, "purchase.");
  return ledger::MakeDraft(council, 0, current.reference, *checked.content, today);
}

absl::Status PurchaseServiceImpl::Update(const rpc::Caller& caller,
                                         const v1::UpdatePurchaseRequest& request,
                                         v1::Purchase* reply) {
  RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  const std::string& name = request.purchase().name();
  ASSIGN_OR_RETURN(rpc::CouncilChild child, rpc::ParsePurchase(name, "purchase.name"));
  ASSIGN_OR_RETURN(model::Council council, FindCouncil(child.council, name));
  const std::string& etag = request.purchase().etag();
  absl::Status refused;
  for (int i = 0; i < kCorrectionTries; ++i) {
    ASSIGN_OR_RETURN(std::optional<Line> current, reader_.Get(council.no, child.id));
    if (!current) return error::NotFound(name);
    ledger::CommitLines commit;
    commit.meta = Now(caller);
    commit.council = council.no;
    commit.request = codec::UuidBytes(request.request_id());
    commit.body_sha256 = BodyHash("UpdatePurchase", request);
    commit.rule = ledger::CommitLines::Rule::kExisting;
    // The ledger looks for an earlier use of the request id first, so a repeat
    // is answered although its etag is the old one by now.
    commit.expected_revision = etag.empty() ? current->record.revision : RevisionOf(etag);
    if (*commit.expected_revision == current->record.revision && !etag.empty() &&
        etag != EtagOf(current->record)) {
      return error::EtagMismatch(name);
    }
    ASSIGN_OR_RETURN(ledger::LineDraft draft, Correction(*current, request, council.no));
    commit.lines.push_back(std::move(draft));
    absl::StatusOr<ledger::Outcome> done = ledger_.Execute(std::move(commit));
    if (done.ok()) return FillRevision(council, done->request.lines.front(), reply);
    refused = done.status();
    const bool raced = etag.empty() && Sv(refused.message()) == ledger::kEtagMismatch;
    if (!raced) break;
  }
  return FromLedger(refused, name);
}

absl::Status PurchaseServiceImpl::Withdraw(const rpc::Caller& caller,
                                           const v1::WithdrawPurchaseRequest& request,
                                           v1::Purchase* reply) {
  RETURN_IF_ERROR(CheckRequestId(request.request_id()));
  if (request.reason().size() > kMaxReasonBytes ||
      Printable(request.reason(), kMaxReasonBytes * 4) != request.reason()) {
    return error::InvalidField("reason", "give at most 200 printable characters");
  }
  ASSIGN_OR_RETURN(rpc::CouncilChild child, rpc::ParsePurchase(request.name()));
  ASSIGN_OR_RETURN(model::Council council, FindCouncil(child.council, request.name()));
  ASSIGN_OR_RETURN(std::optional<Line> current, reader_.Get(council.no, child.id));
  if (!current) return error::NotFound(request.name());
  ledger::WithdrawLine withdraw;
  withdraw.meta = Now(caller);
  withdraw.council = council.no;
  withdraw.request = codec::UuidBytes(request.request_id());
  withdraw.body_sha256 = BodyHash("WithdrawPurchase", request);
  withdraw.reference = child.id;
  withdraw.reason = request.reason();
  if (!request.etag().empty()) {
    withdraw.expected_revision = RevisionOf(request.etag());
    if (*withdraw.expected_revision == current->record.revision &&
        request.etag() != EtagOf(current->record)) {
      return error::EtagMismatch(request.name());
    }
  }
  absl::StatusOr<ledger::Outcome> done = ledger_.Execute(std::move(withdraw));
  if (!done.ok()) return FromLedger(done.status(), request.name());
  return FillRevision(council, done->request.lines.front(), reply);
}

}  // namespace steelyard::purchases
