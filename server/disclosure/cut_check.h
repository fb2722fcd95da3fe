#ifndef STEELYARD_SERVER_DISCLOSURE_CUT_CHECK_H_
#define STEELYARD_SERVER_DISCLOSURE_CUT_CHECK_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "server/disclosure/area_tree.h"
#include "server/disclosure/partition.h"
#include "server/disclosure/safety.h"
#include "server/disclosure/year_table.h"

namespace steelyard::disclosure {

// Rows and type groups of one run are two margins of one table. This finds
// every figure that subtracting the one from the other would give, and tells
// whether it might be shown. docs/disclosure.md, "Rows and types".
class CutCheck {
 public:
  // Figures must be safe where councils are registered. Movements must be safe
  // or none.
  enum class Kind { kFigures, kMovements };

  // The arguments must outlive the check.
  CutCheck(const AreaTree& tree, const YearTable& table, const model::Period& run,
           const std::vector<AreaGroup>& rows, const model::Policy& policy, Kind kind);

  // What is not safe: the councils of `rows` whose type group is in `bad`,
  // found through the set `types` of type groups (bits by position).
  struct Failure {
    uint32_t types = 0;
    uint32_t bad = 0;
    std::vector<size_t> rows;
  };

  // The first failure, smaller sets first; nothing if all is well. At most 31
  // type groups; time grows with 2^groups. One group has nothing to fail.
  std::optional<Failure> FirstFailure(const std::vector<TypeGroup>& groups);

 private:
  // Who could have bought in a row: distinct contributor groups, at most
  // kRobust of them, that lived through the run.
  struct Part {
    Tally tally;
    std::vector<uint32_t> living;
    bool present = false;  // a council lived in some of the run, or bought
  };

  bool Good(const Tally& tally, bool present) const;
  std::optional<Failure> CheckType(const std::vector<TypeGroup>& groups, size_t group);
  std::optional<Failure> CheckCut(const std::vector<TypeGroup>& groups, uint32_t types);
  // Whether type group by type group the parts of `row` are in `types`; adds up.
  void Collect(const std::vector<TypeGroup>& groups, size_t row, uint32_t types, Part& sum) const;

  const model::Policy& policy_;
  Kind kind_;
  size_t rows_;
  size_t types_;
  std::vector<Part> parts_;  // row x type
};

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_CUT_CHECK_H_
