#include "server/registry/field_checker.h"

#include "server/registry/cell_rules.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

// What a problem takes in the reply beside its own bytes.
constexpr size_t kFieldBytes = 6;
// Room for the problem that says what was left out.
constexpr size_t kLeftOutBytes = 512;

}  // namespace

bool IsReadableName(std::string_view text) {
  return IsName(text) && Printable(text, kMaxNameBytes * 4) == text && text.front() != ' ' &&
         text.back() != ' ';
}

void FieldChecker::Report(std::string_view field, std::string_view found,
                          const Expectation& expectation) {
  problems_.push_back(CellProblem(0, field, found, expectation));
}

void FieldChecker::Want(bool good, std::string_view field, std::string_view found,
                        const Expectation& expectation) {
  if (!good) Report(field, found, expectation);
}

void FieldChecker::Name(std::string_view field, std::string_view name) {
  Want(IsReadableName(name), field, name, kName);
}

std::vector<std::string> FieldChecker::Aliases(
    const google::protobuf::RepeatedPtrField<std::string>& aliases) {
  size_t bytes = 0;
  for (int i = 0; i < aliases.size(); ++i) {
    Name(absl::StrCat("aliases[", i, "]"), aliases[i]);
    bytes += aliases[i].size() + 1;
  }
  Want(bytes <= kMaxCellBytes, "aliases", absl::StrCat(bytes, " bytes"),
       {"CELL_TOO_LONG", "at most 1,000 bytes in all"});
  return {aliases.begin(), aliases.end()};
}

std::optional<model::Day> FieldChecker::Date(bool given, const google::type::Date& date,
                                             std::string_view field) {
  if (!given) return std::nullopt;
  const std::optional<model::Day> day = rpc::FromProto(date);
  if (!day) Report(field, absl::StrCat(date.year(), "-", date.month(), "-", date.day()), kDay);
  return day;
}

std::vector<v1::Problem> ListProblems(const std::vector<model::Problem>& problems,
                                      size_t max_bytes) {
  std::vector<v1::Problem> out;
  size_t bytes = kLeftOutBytes;
  size_t shown = 0;
  for (; shown < problems.size(); ++shown) {
    v1::Problem problem;
    rpc::ToProto(problems[shown], &problem);
    bytes += problem.ByteSizeLong() + kFieldBytes;
    if (bytes > max_bytes) break;
    out.push_back(std::move(problem));
  }
  if (shown == problems.size()) return out;
  const std::vector<model::Problem> rest(problems.begin() + static_cast<ptrdiff_t>(shown),
                                         problems.end());
  model::Problem more;
  more.code = "PROBLEMS_LEFT_OUT";
  more.found = absl::StrCat(rest.size(), " more problems");
  more.expected = "fewer problems than one reply can hold";
  if (!model::HasError(rest)) more.severity = model::Problem::Severity::kWarning;
  more.message = absl::StrCat(rest.size(),
                              " more problems are not listed; mend those that are and load the "
                              "file again.");
  rpc::ToProto(more, &out.emplace_back());
  return out;
}

}  // namespace steelyard::registry
