#include "tests/server/disclosure/attacker.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tests/server/disclosure/linear_attack.h"

namespace steelyard::disclosure::testing {
namespace {

using model::Period;

// Index of the set of `sets` that has `one`.
template <typename Sets, typename One>
size_t Which(const Sets& sets, const One& one) {
  for (size_t i = 0; i < sets.size(); ++i) {
    if (std::find(sets[i].begin(), sets[i].end(), one) != sets[i].end()) return i;
  }
  return sets.size();
}

size_t WhichPeriod(const std::vector<Period>& periods, model::Month month) {
  for (size_t i = 0; i < periods.size(); ++i) {
    if (periods[i].Contains(month)) return i;
  }
  return periods.size();
}

// Councils that no equation tells apart share one column a stage (release) and
// month class.
class TableMaker {
 public:
  TableMaker(const AreaTree& tree, const std::vector<Release>& releases,
             int64_t Contribution::*measure)
      : tree_(tree), releases_(releases) {
    MakeColumns();
    MakeTruth(measure);
    for (size_t b = 0; b < tree.bodies().size(); ++b) table_.targets.push_back(TargetsOf(b));
  }

  const LinearTable& table() const { return table_; }

 private:
  // The equations of all releases from `stage` on that a purchase is part of.
  std::vector<size_t> EquationsOf(const AreaTree::Body& body, model::Month month, size_t stage) {
    std::vector<size_t> rows;
    for (size_t k = stage; k < releases_.size(); ++k) {
      const disclosure::Run* run = releases_[k].partition.FindRun(month);
      if (run == nullptr) continue;
      const std::string prefix =
          std::to_string(k) + "/" + std::to_string(run->period.first.number) + "/";
      rows.push_back(table_.Equation(prefix + "cell" +
                                     std::to_string(Which(run->blocks, body.area)) + "," +
                                     std::to_string(WhichPeriod(run->month_groups, month))));
      rows.push_back(table_.Equation(prefix + "row" + std::to_string(Which(run->rows, body.area))));
      if (run->type_groups.size() > 1) {
        rows.push_back(
            table_.Equation(prefix + "type" + std::to_string(Which(run->type_groups, body.type))));
      }
    }
    return rows;
  }

  void MakeColumns() {
    for (const AreaTree::Body& body : tree_.bodies()) {
      std::vector<size_t> signature;
      for (size_t stage = 0; stage < releases_.size(); ++stage) {
        for (int m = 1; m <= 12; ++m) {
          const model::Month month = *model::Month::FromYm(releases_[0].partition.year, m);
          std::vector<size_t> rows = EquationsOf(body, month, stage);
          if (rows.empty()) {
            signature.push_back(SIZE_MAX);
            continue;
          }
          signature.push_back(table_.Column(rows));
        }
      }
      std::set<size_t> mine(signature.begin(), signature.end());
      mine.erase(SIZE_MAX);
      table_.groups.push_back(body.group);
      table_.columns_of.push_back(std::move(mine));
      column_of_body_.push_back(std::move(signature));
    }
  }

  // What each council really has in each column: the first release, then what
  // was added.
  void MakeTruth(int64_t Contribution::*measure) {
    table_.truth.resize(tree_.bodies().size());
    const auto add = [&](const Contribution& c, size_t stage, double amount) {
      const size_t body = c.council.value - 1u;
      const size_t at = static_cast<size_t>(c.month.month() - 1);
      const size_t column = column_of_body_[body][stage * 12 + at];
      if (column != SIZE_MAX) table_.Add(body, column, amount);
    };
    for (size_t stage = 0; stage < releases_.size(); ++stage) {
      for (const Contribution& c : releases_[stage].contributions) {
        const auto amount = static_cast<double>(c.*measure);
        add(c, stage, amount);
        // Later stages hold only what was added.
        if (stage + 1 < releases_.size()) add(c, stage + 1, -amount);
      }
    }
  }

  // Sets of columns that make up a protected value of council `b`: its month
  // classes and its runs, of each stage and of all stages together.
  std::set<std::set<size_t>> TargetsOf(size_t b) const {
    std::set<std::set<size_t>> targets;
    for (size_t from = 0; from < releases_.size(); ++from) {
      for (size_t to = from; to < releases_.size(); ++to) {
        std::map<int, std::set<size_t>> of_run;
        for (size_t m = 0; m < 12; ++m) {
          std::set<size_t> of_month;
          const auto* run = releases_.back().partition.FindRun(
              *model::Month::FromYm(releases_[0].partition.year, static_cast<int>(m) + 1));
          for (size_t stage = from; stage <= to; ++stage) {
            const size_t column = column_of_body_[b][stage * 12 + m];
            if (column != SIZE_MAX) of_month.insert(column);
          }
          if (of_month.empty() || run == nullptr) continue;
          targets.insert(of_month);
          of_run[run->period.first.number].insert(of_month.begin(), of_month.end());
        }
        for (const auto& [start, columns] : of_run) targets.insert(columns);
      }
    }
    return targets;
  }

  const AreaTree& tree_;
  const std::vector<Release>& releases_;
  LinearTable table_;
  std::vector<std::vector<size_t>> column_of_body_;  // body -> stage x month
};

}  // namespace

std::vector<std::string> Attack(const AreaTree& tree, const std::vector<Release>& releases,
                                int p_percent, int64_t Contribution::*measure, size_t pairs) {
  return AttackTable(TableMaker(tree, releases, measure).table(), p_percent, pairs);
}

std::vector<std::string> AttackAsSupplier(const AreaTree& tree,
                                          const std::vector<Release>& releases, uint32_t supplier,
                                          int p_percent, int64_t Contribution::*measure) {
  std::vector<Release> others = releases;
  for (Release& release : others) {
    std::erase_if(release.contributions,
                  [&](const Contribution& c) { return c.supplier_group == supplier; });
  }
  return Attack(tree, others, p_percent, measure, kOutsiderAlone);
}

}  // namespace steelyard::disclosure::testing
