#include "server/outcomes/outcome_lines.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/outcomes/outcome_proto.h"
#include "server/outcomes/report_checker.h"
#include "server/privacy/personal_data.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::outcomes {

namespace error = rpc::error;

void OutcomeLines::ToProto(const Content& content, std::string_view,
                           const model::Registers& registers, Proto* out) {
  outcomes::ToProto(content, registers, out);
}

lines::LineBatch OutcomeLines::Check(const lines::Setting& setting, const Lines& lines,
                                     model::CouncilNo scope) {
  ReportChecker checker(setting.resolver, setting.today, setting.policy.min_cohort);
  lines::LineBatch batch;
  batch.drafts.reserve(static_cast<size_t>(lines.size()));
  lines::RefusedCounter refused;
  for (const UploadLine& line : lines) {
    const model::CouncilNo council =
        scope.value != 0 ? scope
                         : lines::CouncilOf(*setting.resolver, line.council(), line.row(), "",
                                            "reports", batch.problems);
    CheckedReport checked =
        checker.Check(line.row(), council, line.outcome_report(), batch.problems);
    const bool other =
        scope.value != 0 &&
        lines::NamesOther(*setting.resolver, scope, line.council(), line.row(), "", batch.problems);
    const bool taken = checked.content.has_value() && council.value != 0 && !other;
    if (taken) {
      batch.drafts.push_back(ledger::MakeDraft(council, line.row(), std::move(checked.reference),
                                               *checked.content, setting.today));
    }
    refused.Add(council, taken, checked.warnings);
  }
  batch.refused = refused.Counts();
  return batch;
}

absl::Status OutcomeLines::CheckStart(const v1::UploadStart& start) {
  if (!start.add_suppliers()) return absl::OkStatus();
  return error::InvalidField("start.add_suppliers",
                             "must not be set: outcome reports name registered providers");
}

absl::StatusOr<lines::LineBatch> OutcomeLines::CheckChunk(const lines::LineContext& context,
                                                          const lines::UploadSession& session,
                                                          const UploadChunk& chunk) {
  return Check(lines::SettingOf(context), chunk.lines(), session.scope());
}

bool OutcomeLines::IsMutable(const google::protobuf::FieldDescriptor& field) {
  using R = v1::OutcomeReport;
  switch (field.number()) {
    case R::kPlacementsFieldNumber:
    case R::kRatingsFieldNumber:
    case R::kSpendMicrosFieldNumber:
    case R::kCurrencyCodeFieldNumber:
    case R::kWeeklyFeeMicrosFieldNumber:
    case R::kWeeklyExtrasMicrosFieldNumber:
    case R::kUnplannedEndingsFieldNumber:
    case R::kReferralsFieldNumber:
    case R::kOffersFieldNumber:
    case R::kNearestOfferMetersFieldNumber:
    case R::kNoAlternativeFieldNumber:
    case R::kIntentionFieldNumber:
    case R::kPrioritiesFieldNumber:
      return true;
    default:
      return false;
  }
}

absl::Status OutcomeLines::CheckReason(std::string_view reason) {
  const auto kind = privacy::FindPersonalData(reason, privacy::Dates::kOfBirth);
  if (!kind) return absl::OkStatus();
  return error::InvalidField(
      "reason", absl::StrCat("holds what looks like ", Av(*kind),
                             ", which is not kept; say why without naming or numbering a person"));
}

absl::StatusOr<std::function<bool(const OutcomeLines::Line&)>> OutcomeLines::FilterOf(
    const v1::ListOutcomeReportsRequest& request, const directory::Resolver& resolver) {
  std::optional<model::ProviderNo> provider;
  std::optional<model::Service> service;
  std::optional<model::Month> from;
  std::optional<model::Month> to;
  std::vector<rpc::FieldViolation> violations;
  if (!request.provider().empty()) {
    provider = resolver.ResolveProvider(request.provider()).no;
    if (provider->value == 0) violations.push_back({"provider", "no such provider"});
  }
  if (!request.service().empty()) {
    service = model::ParseService(request.service());
    if (!service) violations.push_back({"service", "no such kind of service"});
  }
  if (request.has_from_quarter()) {
    from = rpc::FromProto(request.from_quarter());
    if (!from) violations.push_back({"from_quarter", "give a quarter from 2000-Q1 to 2100-Q4"});
  }
  if (request.has_to_quarter()) {
    to = rpc::FromProto(request.to_quarter());
    if (!to) violations.push_back({"to_quarter", "give a quarter from 2000-Q1 to 2100-Q4"});
  }
  if (!violations.empty()) return error::InvalidFields(violations);
  return [=, show_withdrawn = request.show_withdrawn()](const Line& line) {
    const model::OutcomeContent& c = line.content;
    return (show_withdrawn || !line.record.withdrawn) && (!provider || c.provider == *provider) &&
           (!service || c.service == *service) && (!from || c.quarter >= *from) &&
           (!to || c.quarter <= *to);
  };
}

}  // namespace steelyard::outcomes
