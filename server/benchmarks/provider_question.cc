#include "server/benchmarks/provider_question.h"

#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "server/benchmarks/question.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::benchmarks {
namespace {

namespace error = rpc::error;

constexpr std::string_view kWrongQuarter =
    "give a year from 2000 to 2100 and a quarter from 1 to 4";
constexpr int32_t kMostClaimed = 10'000;

// Gathers what is wrong with a question.
class Checks {
 public:
  void Add(std::string_view field, std::string_view text) {
    violations_.push_back({std::string(field), std::string(text)});
  }

  // First month of a quarter; nothing after a violation.
  std::optional<model::Month> Quarter(std::string_view field, const v1::Quarter& quarter) {
    const auto month = rpc::FromProto(quarter);
    if (!month) Add(field, kWrongQuarter);
    return month;
  }

  // Whole quarters; meaningless after a violation.
  model::Period Quarters(const v1::Quarter& from, const v1::Quarter& to) {
    const auto first = Quarter("from_quarter", from);
    const auto last = Quarter("to_quarter", to);
    if (!first || !last) return {};
    if (*first > *last) {
      Add("to_quarter", "must not be before from_quarter");
    } else if ((last->number - first->number) / 3 >= kMaxQuarters) {
      Add("to_quarter", absl::StrCat("ask for at most ", kMaxQuarters, " quarters at once"));
    }
    return {*first, last->Plus(2)};
  }

  uint64_t Edition(int64_t edition) {
    if (edition < 0) Add("edition", "give 0 for the newest, or an edition's number");
    return edition < 0 ? 0 : static_cast<uint64_t>(edition);
  }

  absl::Status Done() const {
    return violations_.empty() ? absl::OkStatus() : error::InvalidFields(violations_);
  }

 private:
  std::vector<rpc::FieldViolation> violations_;
};

absl::StatusOr<model::Service> FindService(const std::string& id) {
  const auto service = model::ParseService(id);
  if (!service) return error::NotFound("service", Printable(id));
  return *service;
}

absl::StatusOr<model::ProviderNo> FindProvider(const std::string& text,
                                               const directory::Resolver& resolver) {
  const auto found = resolver.ResolveProvider(text);
  if (found.ambiguous) {
    return error::InvalidField(
        "provider", absl::StrCat("`", Printable(text),
                                 "` stands for more than one provider; give the id of one"));
  }
  if (!found) return error::NotFound("provider", Printable(text));
  return found.no;
}

absl::StatusOr<model::Measure> FindMeasure(std::string_view text) {
  constexpr std::string_view kCollection = "measures/";
  const std::string_view id =
      text.starts_with(kCollection) ? text.substr(kCollection.size()) : text;
  const auto measure = model::ParseMeasure(id);
  if (!measure) return error::NotFound("measure", Printable(text));
  return *measure;
}

}  // namespace

absl::StatusOr<ProviderQuestion> ParseQuestion(const v1::GetProviderBenchmarkRequest& request,
                                               const directory::Resolver& resolver) {
  ProviderQuestion q;
  Checks checks;
  q.quarters = checks.Quarters(request.from_quarter(), request.to_quarter());
  q.edition = checks.Edition(request.edition());
  std::string area_id;
  if (!request.area().empty()) {
    const auto parsed = rpc::ParseArea(request.area(), "area");
    if (parsed.ok()) area_id = *parsed;
    if (!parsed.ok()) checks.Add("area", "must be a name of the form `areas/{area}`");
  }
  RETURN_IF_ERROR(checks.Done());

  ASSIGN_OR_RETURN(q.service, FindService(request.service()));
  if (!request.provider().empty()) {
    ASSIGN_OR_RETURN(q.provider, FindProvider(request.provider(), resolver));
  }
  if (!area_id.empty()) {
    const model::Registers& registers = resolver.registers();
    const model::Area* area = registers.FindArea(area_id);
    if (area == nullptr) return error::NotFound(request.area());
    q.areas = LeavesUnder(registers, area->no);
    q.everywhere = !area->parent.has_value();
  }
  return q;
}

absl::StatusOr<PositionsQuestion> ParseQuestion(const v1::ListProviderPositionsRequest& request) {
  PositionsQuestion q;
  Checks checks;
  q.quarters = checks.Quarters(request.from_quarter(), request.to_quarter());
  q.edition = checks.Edition(request.edition());
  RETURN_IF_ERROR(checks.Done());
  ASSIGN_OR_RETURN(q.service, FindService(request.service()));
  ASSIGN_OR_RETURN(q.measure, FindMeasure(request.measure()));
  return q;
}

absl::StatusOr<UpliftQuestion> ParseQuestion(const v1::CheckUpliftRequest& request,
                                             const directory::Resolver& resolver) {
  UpliftQuestion q;
  Checks checks;
  q.claimed = request.claimed_rise_basis_points();
  if (q.claimed < 1 || q.claimed > kMostClaimed) {
    checks.Add("claimed_rise_basis_points",
               "give hundredths of a percent from 1 to 10,000: 750 is 7.5 %");
  }
  const auto base = checks.Quarter("base_quarter", request.base_quarter());
  const auto current = checks.Quarter("current_quarter", request.current_quarter());
  if (base && current) {
    q.base = QuarterOf(*base);
    q.current = QuarterOf(*current);
    if (*current <= *base) {
      checks.Add("current_quarter", "must be later than base_quarter");
    } else if ((current->number - base->number) / 3 >= kMaxQuarters) {
      checks.Add("current_quarter",
                 absl::StrCat("must be less than ", kMaxQuarters, " quarters after base_quarter"));
    }
  }
  q.edition = checks.Edition(request.edition());
  RETURN_IF_ERROR(checks.Done());
  ASSIGN_OR_RETURN(q.service, FindService(request.service()));
  ASSIGN_OR_RETURN(q.provider, FindProvider(request.provider(), resolver));
  return q;
}

absl::StatusOr<ProvisionQuestion> ParseQuestion(const v1::GetProvisionRequest& request,
                                                const directory::Resolver& resolver) {
  ProvisionQuestion q;
  const auto day = rpc::FromProto(request.date());
  if (!day) return error::InvalidField("date", "give a day of the calendar");
  q.day = *day;
  if (!request.service().empty()) {
    ASSIGN_OR_RETURN(q.service, FindService(request.service()));
  }
  if (!request.provider().empty()) {
    ASSIGN_OR_RETURN(q.provider, FindProvider(request.provider(), resolver));
  }
  return q;
}

void QuartersToProto(const model::Period& quarters, v1::Quarter* from, v1::Quarter* to) {
  rpc::ToProto(quarters.first, from);
  rpc::ToProto(quarters.last.QuarterStart(), to);
}

}  // namespace steelyard::benchmarks
