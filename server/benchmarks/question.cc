#include "server/benchmarks/question.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/strings/str_cat.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::benchmarks {
namespace {

namespace error = rpc::error;

std::vector<model::Period> Cut(const model::Period& period, v1::Granularity granularity) {
  const int step = granularity == v1::GRANULARITY_MONTH     ? 1
                   : granularity == v1::GRANULARITY_QUARTER ? 3
                                                            : 0;
  if (step == 0) return {period};
  std::vector<model::Period> segments;
  model::Month at = step == 1 ? period.first : period.first.QuarterStart();
  for (; at <= period.last; at = at.Plus(step)) {
    segments.push_back({std::max(at, period.first), std::min(at.Plus(step - 1), period.last)});
  }
  return segments;
}

bool HasChildren(const model::Registers& registers, model::AreaNo area) {
  return std::any_of(registers.areas.begin(), registers.areas.end(),
                     [&](const model::Area& a) { return a.parent == area; });
}

}  // namespace

std::vector<model::AreaNo> LeavesUnder(const model::Registers& registers, model::AreaNo area) {
  std::vector<model::AreaNo> leaves{area};
  for (size_t i = 0; i < leaves.size(); ++i) {
    for (const model::Area& a : registers.areas) {
      if (a.parent == leaves[i]) leaves.push_back(a.no);
    }
  }
  std::sort(leaves.begin(), leaves.end());
  return leaves;
}

std::vector<std::string> NameAreas(const model::Registers& registers,
                                   const std::vector<model::AreaNo>& leaves) {
  const absl::btree_set<model::AreaNo> wanted(leaves.begin(), leaves.end());
  std::vector<std::string> names;
  // An area is named if all under it is wanted and it is not under one that
  // was named already. Areas without a parent come first.
  std::vector<model::AreaNo> open;
  for (const model::Area& a : registers.areas) {
    if (!a.parent) open.push_back(a.no);
  }
  for (size_t i = 0; i < open.size(); ++i) {
    const std::vector<model::AreaNo> under = LeavesUnder(registers, open[i]);
    const bool all = std::all_of(under.begin(), under.end(), [&](model::AreaNo no) {
      // Areas that only hold other areas carry no councils of their own.
      return wanted.contains(no) || HasChildren(registers, no);
    });
    const bool any = std::any_of(under.begin(), under.end(),
                                 [&](model::AreaNo no) { return wanted.contains(no); });
    if (all && any) {
      names.push_back(rpc::AreaName(registers.FindArea(open[i])->id));
      continue;
    }
    for (const model::Area& a : registers.areas) {
      if (a.parent == open[i]) open.push_back(a.no);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> NameCovered(const model::Registers& registers,
                                     const std::vector<model::AreaNo>& leaves) {
  if (!leaves.empty()) return NameAreas(registers, leaves);
  std::vector<std::string> names;
  for (const model::Area& area : registers.areas) {
    if (!area.parent) names.push_back(rpc::AreaName(area.id));
  }
  return names;
}

absl::StatusOr<Question> ParseQuestion(const v1::GetPriceBenchmarkRequest& request,
                                       const directory::Resolver& resolver,
                                       std::string_view prefix) {
  Question q;
  std::vector<rpc::FieldViolation> violations;
  auto violation = [&](std::string_view field, std::string_view text) {
    violations.push_back({absl::StrCat(Av(prefix), Av(field)), std::string(text)});
  };
  const model::Registers& registers = resolver.registers();
  const std::string code = request.currency_code().empty() ? "GBP" : request.currency_code();
  if (const auto currency = model::Currency::Parse(code)) {
    q.currency = *currency;
  } else {
    violation("currency_code", "give an ISO 4217 code of three capital letters, such as GBP");
  }
  const auto from = rpc::FromProto(request.from_month());
  const auto to = rpc::FromProto(request.to_month());
  if (!from) violation("from_month", "give a year from 2000 to 2100 and a month from 1 to 12");
  if (!to) violation("to_month", "give a year from 2000 to 2100 and a month from 1 to 12");
  if (from && to && *from > *to) violation("to_month", "must not be before from_month");
  if (from && to && to->number - from->number >= kMaxMonths) {
    violation("to_month", absl::StrCat("ask for at most ", kMaxMonths, " months at once"));
  }
  if (!v1::Granularity_IsValid(request.granularity())) {
    violation("granularity", "give one of the values of Granularity");
  }
  if (!request.area().empty() && !request.authority_type().empty()) {
    violation("authority_type", "ask for an area or for a kind of authority, not both");
  }
  if (request.edition() < 0) violation("edition", "give 0 for the newest, or an edition's number");
  if (!violations.empty()) return error::InvalidFields(violations);

  q.period = {*from, *to};
  q.segments = Cut(q.period, request.granularity());
  q.edition = static_cast<uint64_t>(request.edition());
  q.product = resolver.ResolveProduct(request.product()).no;
  if (q.product.value == 0) return error::NotFound("product", Printable(request.product()));
  if (!request.area().empty()) {
    ASSIGN_OR_RETURN(std::string id,
                     rpc::ParseArea(request.area(), absl::StrCat(Av(prefix), "area")));
    const model::Area* area = registers.FindArea(id);
    if (area == nullptr) return error::NotFound(request.area());
    q.areas = LeavesUnder(registers, area->no);
    q.everywhere = !area->parent.has_value();
  }
  if (!request.authority_type().empty()) {
    q.authority_type = request.authority_type();
    if (std::none_of(
            registers.councils.begin(), registers.councils.end(),
            [&](const model::Council& c) { return c.authority_type == q.authority_type; })) {
      return error::NotFound("authority type", Printable(q.authority_type));
    }
  }
  return q;
}

}  // namespace steelyard::benchmarks
