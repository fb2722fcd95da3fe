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
           const std::vector<AreaGroup>& rows, const Rules& rules, Kind kind);

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
  // The councils of a row and a type.
  struct Part {
    Slice bought;
    // Distinct contributor groups that lived through the run; no more than
    // matter are kept.
    std::vector<uint32_t> living;
    bool present = false;  // one lived in some of the run, or bought
  };
  // Some parts together.
  struct Sum {
    Tally tally;
    std::vector<uint32_t> living;
    bool present = false;
    void Clear();
  };

  bool Good(const Sum& sum) const;
  std::optional<Failure> CheckType(const std::vector<TypeGroup>& groups, size_t group);
  std::optional<Failure> CheckCut(const std::vector<TypeGroup>& groups, uint32_t types);
  // Adds the parts of `row` in `types` to `sum`.
  void Collect(const std::vector<TypeGroup>& groups, size_t row, uint32_t types, Sum& sum) const;

  const Rules rules_;
  Kind kind_;
  size_t rows_;
  size_t types_;
  std::vector<Part> parts_;     // row x type
  Sum cut_, inside_, outside_;  // room for sums, used again and again
};

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_CUT_CHECK_H_
