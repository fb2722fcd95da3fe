#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "server/spend/payment_check.h"
#include "server/spend/spend_proto.h"
#include "server/spend/spend_service.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/codec/payment_codec.h"
#include "storage/ledger/documents.h"

namespace steelyard::spend {
namespace {

namespace error = rpc::error;

// Others may write the same document in between.
constexpr int kTries = 20;
// Fewer sums than this, or than half of those that could be, are the same by
// chance: what is paid every month stands in the files of two months.
constexpr size_t kLeastEqual = 3;

absl::Status FromLedger(const absl::Status& status) {
  if (Sv(status.message()) == ledger::kRequestIdReused) return error::RequestIdReused();
  switch (status.code()) {
    case absl::StatusCode::kResourceExhausted:
      return error::StoreReadOnly();
    case absl::StatusCode::kUnavailable:
      return error::OutcomeUnknown();
    default:
      return status;
  }
}

// Warns of payments that were sent under another name too: they would count
// twice.
std::vector<model::Problem> WarnOfOverlaps(const model::PaymentSource& source,
                                           const Snapshot& snapshot) {
  std::vector<model::Problem> warnings;
  for (const auto& other : snapshot.sources()) {
    if (other->council != source.council || other->source == source.source) continue;
    const CommonSums common = Compare(source, *other);
    if (common.equal < kLeastEqual || common.equal * 2 < common.names) continue;
    model::Problem warning;
    warning.severity = model::Problem::Severity::kWarning;
    warning.field = "source";
    warning.found = other->source;
    warning.expected = "each payment in one source";
    warning.code = "SOURCE_OVERLAPS";
    warning.message =
        absl::StrCat("Of ", common.names, " names paid in the same quarters as in '",
                     Av(Printable(other->source)), "' ", common.equal,
                     " have the very same payments, which count twice; if it is the same "
                     "file, send it under that name.");
    warnings.push_back(std::move(warning));
  }
  return warnings;
}

}  // namespace

absl::StatusOr<bool> SpendServiceImpl::Write(const rpc::Caller& caller, const rpc::RequestKey& key,
                                             ledger::PutDocument document) {
  const ledger::DocumentReader reader(ledger_.database());
  document.meta = {absl::ToUnixMicros(clock_.Now()), caller.token_id};
  document.request = key.id;
  document.body_sha256 = key.body_sha256;
  for (int i = 0; i < kTries; ++i) {
    ASSIGN_OR_RETURN(const auto newest, reader.Get(document.kind, document.id));
    if (newest && newest->bytes == document.bytes) {
      // A repeat is told what the first was told.
      const auto earlier = ledger_.FindRequest(key.id, key.body_sha256);
      if (!earlier.ok()) return FromLedger(earlier.status());
      return !earlier->has_value();
    }
    document.expected_revision = newest ? newest->revision : 0;
    const auto done = ledger_.Execute(document);
    if (done.ok()) return false;
    if (Sv(done.status().message()) != ledger::kEtagMismatch) return FromLedger(done.status());
  }
  return error::Overloaded();
}

absl::StatusOr<bool> SpendServiceImpl::Keep(const rpc::Caller& caller, const rpc::RequestKey& key,
                                            const model::PaymentSource& source) {
  ledger::PutDocument document;
  document.kind = codec::DocumentKind::kPaymentSource;
  document.id = codec::PaymentSourceId(source.council, source.source);
  document.bytes = codec::EncodePaymentSource(source);
  document.action = "ImportPayments";
  document.resource =
      CouncilNameOf(source.council, *ledger_.state()->registers) + " " + source.source;
  return Write(caller, key, std::move(document));
}

absl::Status SpendServiceImpl::DoImportPayments(const rpc::Caller& caller,
                                                const v1::ImportPaymentsRequest& request,
                                                v1::ImportPaymentsResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(const std::string council_id, rpc::ParseCouncil(request.parent(), "parent"));
  std::vector<rpc::FieldViolation> violations;
  if (!IsText(request.source(), kMaxSourceCharacters)) {
    violations.push_back({"source", "Must be 1 to 64 printable characters."});
  }
  if (static_cast<size_t>(request.payments_size()) > model::kMaxPayments) {
    violations.push_back(
        {"payments", "At most 20,000 at a time; send a longer file as several sources."});
  }
  if (!violations.empty()) return error::InvalidFields(violations);
  ASSIGN_OR_RETURN(const auto snapshot, book_.Current());
  const model::Council* council = snapshot->registers().FindCouncil(council_id);
  if (council == nullptr) return error::NotFound(request.parent());

  const model::Day today =
      model::Day::FromCivil(absl::ToCivilDay(clock_.Now(), absl::UTCTimeZone()));
  const CheckedPayments checked = CheckPayments(request.payments(), today);
  model::PaymentSource source{council->no, request.source(), checked.names};
  ToProto(checked, WarnOfOverlaps(source, *snapshot), *snapshot, reply);
  // A file of which nothing can be kept must not take the place of one that
  // could.
  if (request.validate_only() || checked.kept == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool unchanged, Keep(caller, key, source));
  reply->set_unchanged(unchanged);
  return absl::OkStatus();
}

absl::Status SpendServiceImpl::DoDecideName(const rpc::Caller& caller,
                                            const v1::DecideNameRequest& request,
                                            v1::NameDecision* reply) {
  ASSIGN_OR_RETURN(const rpc::RequestKey key, rpc::ReadRequestKey(request));
  ASSIGN_OR_RETURN(const auto snapshot, book_.Current());
  const std::string name_key = snapshot->names().Key(request.supplier_name());
  if (!IsText(request.supplier_name(), kMaxNameCharacters) || name_key.empty()) {
    return error::InvalidField("supplier_name",
                               "Must be 1 to 200 printable characters with letters or digits.");
  }
  model::NameDecision decision{request.supplier_name(), "", caller.token_id};
  if (!request.provider().empty()) {
    ASSIGN_OR_RETURN(decision.provider, rpc::ParseProvider(request.provider(), "provider"));
    if (snapshot->registers().FindProvider(decision.provider) == nullptr) {
      return error::NotFound(request.provider());
    }
  }
  ledger::PutDocument document;
  document.kind = codec::DocumentKind::kNameDecision;
  document.id = codec::NameDecisionId(name_key);
  document.bytes = codec::EncodeNameDecision(decision);
  document.action = "DecideName";
  document.resource =
      absl::StrCat(decision.provider.empty() ? "nobody" : rpc::ProviderName(decision.provider), " ",
                   Av(Printable(request.supplier_name())));
  const auto written = Write(caller, key, std::move(document));
  RETURN_IF_ERROR(written.status());
  ToProto(decision, reply);
  return absl::OkStatus();
}

}  // namespace steelyard::spend
