#ifndef STEELYARD_SERVER_OUTCOMES_REPORT_CHECKER_H_
#define STEELYARD_SERVER_OUTCOMES_REPORT_CHECKER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/directory/resolver.h"
#include "steelyard/v1/outcome.pb.h"
#include "storage/model/outcome.h"
#include "storage/model/problem.h"

namespace steelyard::outcomes {

// A report after its check.
struct CheckedReport {
  // model::OutcomeReference; empty if it is not known what the report is about.
  std::string reference;
  // The report may be taken if it is there.
  std::optional<model::OutcomeContent> content;
  int warnings = 0;
};

// Checks outcome reports against the register, the coded lists and themselves,
// and says every problem of every report in words that a commissioner
// understands. A text that stands for nothing and looks like personal data is
// refused as such and not shown again. Checks one batch of reports: not
// thread-safe, cheap to make.
class ReportChecker {
 public:
  // `today` decides which quarters lie in the future; `min_cohort` is the
  // policy's.
  ReportChecker(std::shared_ptr<const directory::Resolver> resolver, model::Day today,
                int32_t min_cohort);

  // Checks one report of `council` (0: not known); adds to `problems`, each
  // with `row`.
  CheckedReport Check(int64_t row, model::CouncilNo council, const v1::OutcomeReport& report,
                      std::vector<model::Problem>& problems);

 private:
  class Report;
  friend class Report;

  // "Did you mean …?" for a name that stands for nobody, or nothing.
  const std::string& SuggestProvider(std::string_view text);

  std::shared_ptr<const directory::Resolver> resolver_;
  const model::Day today_;
  const int32_t min_cohort_;
  // Asking for suggestions looks at every name, so each text asks once.
  absl::flat_hash_map<std::string, std::string> hints_;
};

}  // namespace steelyard::outcomes

#endif  // STEELYARD_SERVER_OUTCOMES_REPORT_CHECKER_H_
