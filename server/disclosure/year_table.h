#ifndef STEELYARD_SERVER_DISCLOSURE_YEAR_TABLE_H_
#define STEELYARD_SERVER_DISCLOSURE_YEAR_TABLE_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "server/disclosure/area_tree.h"
#include "server/disclosure/safety.h"
#include "storage/model/time.h"

namespace steelyard::disclosure {

// One year's contributions as a dense council x month table, so that any set
// of areas and months is summed without a look-up. Where a council was and what
// it was the contributions say: of a council that moved there may be two rows.
// Immutable once built.
class YearTable {
 public:
  // Contributions outside `year`, or of a council not in `tree`, are left out.
  YearTable(const AreaTree& tree, int year, std::span<const Contribution> contributions);

  // One council of the table.
  struct Row {
    uint16_t area = 0;
    uint16_t type = 0;
    // Its sales of month m are those from [m] to [m + 1].
    std::array<uint32_t, 13> months{};
  };

  // Adds what the councils of `areas` bought in `months` to `tally`; only those
  // of `type` if it is not negative.
  void AddTo(Tally& tally, std::span<const uint16_t> areas, const model::Period& months,
             int type = -1) const;

  // Adds what the councils of `areas` bought in `months` to the slice of their
  // type.
  void AddTo(std::span<Slice> by_type, std::span<const uint16_t> areas,
             const model::Period& months) const;

  // Whether any council of `area`, and of `type` if it is not negative, has
  // anything in `month`.
  bool Has(model::Month month, uint16_t area, int type = -1) const;

  // Whether anybody has anything in `months` of the year.
  bool Has(const model::Period& months) const;

  // The last month with anything in it; the month before the year if none.
  model::Month last() const { return last_; }

 private:
  // What `row` bought in `months`.
  std::span<const Sale> SalesOf(const Row& row, const model::Period& months) const;
  // Calls `add` with each council's row and its sales of `months`, if any.
  template <typename AddOne>
  void ForEach(std::span<const uint16_t> areas, const model::Period& months, int type,
               AddOne add) const;

  model::Month start_;
  model::Month last_;
  std::vector<Row> rows_;
  Slice sales_;                                      // by row and month
  std::vector<std::vector<uint32_t>> rows_of_area_;  // by area
};

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_YEAR_TABLE_H_
