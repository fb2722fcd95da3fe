#ifndef STEELYARD_SERVER_PUBLISHER_OUTCOME_FACETS_H_
#define STEELYARD_SERVER_PUBLISHER_OUTCOME_FACETS_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "server/disclosure/facet_rules.h"
#include "storage/model/outcome.h"

namespace steelyard::publisher {

// A report in an atom, and the contributor that made it.
struct AtomReport {
  const model::OutcomeFact* fact = nullptr;
  uint32_t group = 0;
};

// A report that an atom would have otherwise than it was shown; null where it
// was, or would be, without it.
struct ReportChange {
  const model::OutcomeFact* before = nullptr;
  const model::OutcomeFact* after = nullptr;
  uint32_t group = 0;
};

// Puts reports before the facet rules, one facet (number as editions::Facet) at
// a time. Not thread-safe.
class FacetJudge {
 public:
  explicit FacetJudge(const disclosure::Rules& rules)
      : answers_(rules), gone_(rules), amounts_(rules), silent_(rules) {}

  // Whether the facet of these reports together may be shown.
  bool Safe(size_t facet, std::span<const AtomReport> reports);

  // Whether nothing in the facet changes.
  static bool Unmoved(size_t facet, std::span<const ReportChange> changes);
  // Whether what changes in the facet may be known.
  bool SafeMovement(size_t facet, std::span<const ReportChange> changes);

 private:
  void Clear();
  disclosure::AnswerTally answers_;  // what is said, or what was added
  disclosure::AnswerTally gone_;     // what was taken away
  disclosure::AmountTally amounts_;
  disclosure::AmountTally silent_;  // placements of those who do not say
};

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_OUTCOME_FACETS_H_
