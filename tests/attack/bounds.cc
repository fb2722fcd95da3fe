#include "tests/attack/bounds.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace steelyard::attack {
namespace {

double Of(const Shown::Amount& amount, Measure measure) {
  return measure == Measure::kSpend ? amount.spend : amount.units;
}

}  // namespace

Bounds::Bounds(const Country& country, int product, Measure measure,
               const std::vector<Release>& releases)
    : releases_(releases.size()) {
  AddCells(country, product, measure, releases);
  AddRows(product, measure, releases);
  std::map<std::vector<size_t>, size_t> column_of;
  for (Cell& cell : cells_) {
    std::vector<size_t> rows;
    for (size_t r = 0; r < drafts_.size(); ++r) {
      const Scope& scope = drafts_[r].scope;
      if ((scope.buyers >> cell.buyer & 1) != 0 && scope.first <= cell.month &&
          cell.month <= scope.last && (scope.suppliers >> cell.supplier & 1) != 0 &&
          cell.release <= drafts_[r].release) {
        rows.push_back(r);
      }
    }
    if (rows.empty()) continue;
    const auto [it, added] = column_of.try_emplace(std::move(rows), truth_.size());
    if (added) {
      truth_.push_back(0);
      rows_of_column_.push_back(it->first);
    }
    cell.column = it->second;
    truth_[cell.column] += cell.amount;
  }
  rows_.resize(drafts_.size());
  for (size_t c = 0; c < truth_.size(); ++c) {
    for (size_t r : rows_of_column_[c]) {
      rows_[r].columns.push_back(c);
      rows_[r].truth += truth_[c];
    }
  }
  for (size_t r = 0; r < rows_.size(); ++r) {
    rows_[r].low = drafts_[r].range.low;
    rows_[r].high = drafts_[r].range.high;
  }
  drafts_.clear();
}

void Bounds::AddCells(const Country& country, int product, Measure measure,
                      const std::vector<Release>& releases) {
  const auto at = static_cast<size_t>(product);
  const Shown& first = (*releases[0].shown)[at];
  for (size_t k = 0; k < releases.size(); ++k) {
    // What came with this one is in all that follow, too.
    int months = first.months;
    for (size_t j = k; j < releases.size(); ++j) months = std::min(months, releases[j].begun);
    for (size_t buyer = 0; buyer < country.buyers().size(); ++buyer) {
      for (int month = 0; month < months; ++month) {
        for (size_t supplier = 0; supplier < first.suppliers.size(); ++supplier) {
          const size_t index = first.Index(buyer, month, supplier);
          double amount = Of((*releases[k].shown)[at].amounts[index], measure);
          if (k > 0) amount -= Of((*releases[k - 1].shown)[at].amounts[index], measure);
          cells_.push_back({k, buyer, month, supplier, amount, kNoColumn});
        }
      }
    }
  }
}

void Bounds::AddRows(int product, Measure measure, const std::vector<Release>& releases) {
  for (size_t k = 0; k < releases.size(); ++k) {
    for (const auto& [scope, fact] : releases[k].facts->all()) {
      if (scope.product != product) continue;
      names_suppliers_ = names_suppliers_ || scope.suppliers != kAllSuppliers;
      drafts_.push_back({measure == Measure::kSpend ? fact.spend : fact.units, scope, k});
    }
  }
}

size_t Bounds::broken_rows() const {
  return static_cast<size_t>(std::count_if(rows_.begin(), rows_.end(), [](const Row& r) {
    const double tolerance = 1e-6 * (1 + std::abs(r.truth));
    return r.truth < r.low - tolerance || r.truth > r.high + tolerance;
  }));
}

bool OnlyAdds(const Shown& first, const Shown& second) {
  for (size_t i = 0; i < first.amounts.size(); ++i) {
    if (second.amounts[i].spend < first.amounts[i].spend - 1e-9 ||
        second.amounts[i].units < first.amounts[i].units) {
      return false;
    }
  }
  return true;
}

}  // namespace steelyard::attack
