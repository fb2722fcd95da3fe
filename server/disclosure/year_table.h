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
// of areas and months is summed without a look-up. Where a council is and what
// it is the register says. Immutable once built.
class YearTable {
 public:
  // Contributions outside `year`, or of a council not in `tree`, are left out.
  // `suppliers` is how many distinct supplier groups the rules ask for; no
  // more are kept of a council's month.
  YearTable(const AreaTree& tree, int year, std::span<const Contribution> contributions,
            int suppliers);

  // One council of the table.
  struct Row {
    uint16_t area = 0;
    uint16_t type = 0;
    uint32_t group = 0;
    std::array<Amount, 12> months{};
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
  void AddSupplier(size_t cell, uint32_t supplier_group);
  std::span<const uint32_t> SuppliersOf(size_t cell) const {
    return {supplier_groups_.data() + cell * suppliers_, supplier_counts_[cell]};
  }
  // Calls `add` with each council's row, amount and cells of `months`.
  template <typename AddOne>
  void ForEach(std::span<const uint16_t> areas, const model::Period& months, int type,
               AddOne add) const;

  model::Month start_;
  model::Month last_;
  size_t suppliers_;
  std::vector<Row> rows_;
  std::vector<uint8_t> supplier_counts_;             // row x month
  std::vector<uint32_t> supplier_groups_;            // row x month x suppliers_
  std::vector<std::vector<uint32_t>> rows_of_area_;  // by area
};

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_YEAR_TABLE_H_
