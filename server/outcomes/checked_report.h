#ifndef STEELYARD_SERVER_OUTCOMES_CHECKED_REPORT_H_
#define STEELYARD_SERVER_OUTCOMES_CHECKED_REPORT_H_

// One report under check; the work behind ReportChecker, split by subject.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/outcomes/report_checker.h"
#include "storage/base/text.h"

namespace steelyard::outcomes {

class ReportChecker::Report {
 public:
  Report(ReportChecker& checker, int64_t row, model::CouncilNo council,
         const v1::OutcomeReport& report, std::vector<model::Problem>& problems)
      : checker_(checker),
        row_(row),
        council_(council),
        report_(report),
        problems_(problems),
        first_problem_(problems.size()) {}

  CheckedReport Run();

 private:
  using Severity = model::Problem::Severity;

  // Whom and when it is about (report_checker.cc).
  void CheckProvider();
  void CheckService();
  void CheckQuarter();

  // What it says (report_figures.cc).
  void CheckPlacements();
  void CheckRatings();
  void CheckAmounts();
  void CheckSpend();
  void CheckSufficiency();
  void CheckIntention();
  void CheckPriorities();

  void Add(Severity severity, std::string_view code, std::string_view field, std::string_view found,
           std::string_view expected, std::string_view message);
  void Error(std::string_view code, std::string_view field, std::string_view found,
             std::string_view expected, std::string_view message) {
    Add(Severity::kError, code, field, found, expected, message);
  }
  // A text that stands for nothing: refused without being shown if it looks
  // like personal data, else with `code` and `message`.
  void Unknown(std::string_view code, std::string_view field, std::string_view text,
               std::string_view expected, std::string_view message);
  // Checks a whole number and says what is wrong with it.
  bool CheckCount(std::string_view field, std::string_view label, int64_t value, int64_t high);
  // An optional amount of money.
  void CheckAmount(std::string_view field, std::string_view label, bool given, int64_t micros,
                   int64_t high, std::optional<int64_t>& out);
  // Something that nobody can say who has no one placed.
  bool NeedsPlacements(std::string_view field, std::string_view label, std::string_view found);

  ReportChecker& checker_;
  const int64_t row_;
  const model::CouncilNo council_;
  const v1::OutcomeReport& report_;
  std::vector<model::Problem>& problems_;
  const size_t first_problem_;

  const model::Provider* provider_ = nullptr;
  bool has_service_ = false;
  bool has_quarter_ = false;
  model::OutcomeContent content_;
  bool failed_ = false;
  int warnings_ = 0;
};

// The ids of a coded list, for the words of a problem.
template <typename Codes>
std::string Ids(const Codes& codes) {
  return absl::StrJoin(
      codes, ", ", [](std::string* out, const auto& code) { absl::StrAppend(out, Av(code.id)); });
}

}  // namespace steelyard::outcomes

#endif  // STEELYARD_SERVER_OUTCOMES_CHECKED_REPORT_H_
