#include "tests/server/disclosure/attacker.h"

#include <glpk.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <tuple>

namespace steelyard::disclosure::testing {
namespace {

using model::Period;

// A linear programme with equations; bounds are found with the last basis.
class Programme {
 public:
  Programme(size_t rows, size_t columns) : problem_(glp_create_prob()), columns_(columns) {
    glp_init_smcp(&options_);
    options_.msg_lev = GLP_MSG_OFF;
    glp_add_rows(problem_, static_cast<int>(rows));
    glp_add_cols(problem_, static_cast<int>(columns));
  }
  Programme(const Programme&) = delete;
  Programme& operator=(const Programme&) = delete;
  ~Programme() { glp_delete_prob(problem_); }

  void SetColumn(size_t column, const std::vector<size_t>& rows) {
    std::vector<int> index{0};
    for (size_t row : rows) index.push_back(static_cast<int>(row) + 1);
    const std::vector<double> ones(index.size(), 1.0);
    glp_set_mat_col(problem_, static_cast<int>(column) + 1, static_cast<int>(rows.size()),
                    index.data(), ones.data());
  }
  void SetRow(size_t row, double value) {
    glp_set_row_bnds(problem_, static_cast<int>(row) + 1, GLP_FX, value, value);
  }
  void Open(size_t column, bool open) {
    glp_set_col_bnds(problem_, static_cast<int>(column) + 1, open ? GLP_LO : GLP_FX, 0, 0);
  }
  // The largest (or smallest) sum of `columns`.
  double Bound(const std::set<size_t>& columns, bool largest) {
    for (size_t c = 0; c < columns_; ++c) {
      glp_set_obj_coef(problem_, static_cast<int>(c) + 1, columns.contains(c) ? 1.0 : 0.0);
    }
    glp_set_obj_dir(problem_, largest ? GLP_MAX : GLP_MIN);
    if (glp_simplex(problem_, &options_) != 0) {
      glp_std_basis(problem_);
      if (glp_simplex(problem_, &options_) != 0) return -1;
    }
    if (glp_get_status(problem_) == GLP_UNBND) return 1e300;
    return glp_get_status(problem_) == GLP_OPT ? glp_get_obj_val(problem_) : -1;
  }

 private:
  glp_prob* problem_;
  glp_smcp options_;
  size_t columns_;
};

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
class Attacker {
 public:
  Attacker(const AreaTree& tree, const std::vector<Release>& releases, int p_percent,
           int64_t Contribution::*measure)
      : tree_(tree), releases_(releases), p_(p_percent) {
    MakeColumns();
    MakeTruth(measure);
  }

  std::vector<std::string> Run(size_t pairs) {
    Programme programme(equations_.size(), columns_.size());
    for (size_t c = 0; c < columns_.size(); ++c) programme.SetColumn(c, columns_[c]);
    std::set<uint32_t> groups{0};  // 0: nobody
    for (const AreaTree::Body& body : tree_.bodies()) groups.insert(body.group);
    std::vector<std::set<uint32_t>> coalitions;
    for (uint32_t a : groups) {
      for (uint32_t b : groups) {
        if (0 < a && a < b) coalitions.push_back({a, b});
      }
    }
    std::shuffle(coalitions.begin(), coalitions.end(), std::mt19937(1));
    coalitions.resize(std::min(coalitions.size(), pairs));
    for (uint32_t a : groups) coalitions.push_back({a});
    for (const auto& coalition : coalitions) {
      AttackAs(programme, coalition);
      if (found_.size() >= 10) break;
    }
    return found_;
  }

 private:
  // (release, atom) as text stands for an equation.
  size_t Equation(const std::string& name) {
    return equations_.try_emplace(name, equations_.size()).first->second;
  }

  // The equations of all releases from `stage` on that a purchase is part of.
  std::vector<size_t> EquationsOf(const AreaTree::Body& body, model::Month month, size_t stage) {
    std::vector<size_t> rows;
    for (size_t k = stage; k < releases_.size(); ++k) {
      const disclosure::Run* run = releases_[k].partition.FindRun(month);
      if (run == nullptr) continue;
      const std::string prefix =
          std::to_string(k) + "/" + std::to_string(run->period.first.number) + "/";
      rows.push_back(Equation(prefix + "cell" + std::to_string(Which(run->blocks, body.area)) +
                              "," + std::to_string(WhichPeriod(run->month_groups, month))));
      rows.push_back(Equation(prefix + "row" + std::to_string(Which(run->rows, body.area))));
      if (run->type_groups.size() > 1) {
        rows.push_back(
            Equation(prefix + "type" + std::to_string(Which(run->type_groups, body.type))));
      }
    }
    return rows;
  }

  void MakeColumns() {
    std::map<std::vector<size_t>, size_t> column_of;
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
          auto [it, added] = column_of.try_emplace(rows, columns_.size());
          if (added) columns_.push_back(rows);
          signature.push_back(it->second);
        }
      }
      column_of_body_.push_back(std::move(signature));
    }
  }

  // What each council really has in each column: the first release, then what
  // was added.
  void MakeTruth(int64_t Contribution::*measure) {
    truth_.resize(tree_.bodies().size());
    const auto add = [&](const Contribution& c, size_t stage, double amount) {
      const size_t body = c.council.value - 1u;
      const size_t at = static_cast<size_t>(c.month.month() - 1);
      const size_t column = column_of_body_[body][stage * 12 + at];
      if (column != SIZE_MAX) truth_[body][column] += amount;
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

  void AttackAs(Programme& programme, const std::set<uint32_t>& coalition) {
    std::vector<double> value(equations_.size(), 0.0);
    std::vector<int> open(columns_.size(), 0);  // councils outside the coalition
    for (size_t b = 0; b < tree_.bodies().size(); ++b) {
      if (coalition.contains(tree_.bodies()[b].group)) continue;
      for (const auto& [column, amount] : truth_[b]) {
        for (size_t row : columns_[column]) value[row] += amount;
      }
      const std::set<size_t> mine(column_of_body_[b].begin(), column_of_body_[b].end());
      for (size_t column : mine) {
        if (column != SIZE_MAX) ++open[column];
      }
    }
    for (size_t row = 0; row < value.size(); ++row) programme.SetRow(row, value[row]);
    for (size_t c = 0; c < columns_.size(); ++c) programme.Open(c, open[c] > 0);

    // The same target columns give the same bounds: ask once.
    std::map<std::set<size_t>, double> most, least;
    for (size_t b = 0; b < tree_.bodies().size(); ++b) {
      if (coalition.contains(tree_.bodies()[b].group)) continue;
      for (const std::set<size_t>& target : TargetsOf(b)) {
        double truth = 0;
        bool alone = true;
        for (size_t column : target) {
          const auto it = truth_[b].find(column);
          if (it != truth_[b].end()) truth += it->second;
          alone = alone && open[column] == 1;
        }
        if (truth <= 0) continue;
        if (!most.contains(target)) most[target] = programme.Bound(target, true);
        Judge(b, coalition, truth, most[target], true);
        // Where another council is told apart by nothing, 0 is possible.
        if (!alone) continue;
        if (!least.contains(target)) least[target] = programme.Bound(target, false);
        Judge(b, coalition, truth, least[target], false);
      }
    }
  }

  // Sets of columns that make up a protected value of council `b`: its month
  // classes and its runs, of each stage and of all stages together.
  std::vector<std::set<size_t>> TargetsOf(size_t b) const {
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
    return {targets.begin(), targets.end()};
  }

  void Judge(size_t b, const std::set<uint32_t>& coalition, double truth, double bound,
             bool largest) {
    constexpr double kTolerance = 1e-6;
    const double limit = truth * (100 + (largest ? p_ : -p_)) / 100;
    const bool safe = largest ? bound > limit + kTolerance : bound < limit - kTolerance;
    if (safe && bound >= -kTolerance) return;
    std::string who;
    for (uint32_t group : coalition) who += " " + std::to_string(group);
    found_.push_back("council " + std::to_string(b + 1) + (largest ? " at most " : " at least ") +
                     std::to_string(bound) + ", truth " + std::to_string(truth) +
                     ", known to groups" + who);
  }

  const AreaTree& tree_;
  const std::vector<Release>& releases_;
  int p_;
  std::map<std::string, size_t> equations_;
  std::vector<std::vector<size_t>> columns_;         // equations of each column
  std::vector<std::vector<size_t>> column_of_body_;  // body -> stage x month
  std::vector<std::map<size_t, double>> truth_;      // body -> column -> amount
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> Attack(const AreaTree& tree, const std::vector<Release>& releases,
                                int p_percent, int64_t Contribution::*measure, size_t pairs) {
  return Attacker(tree, releases, p_percent, measure).Run(pairs);
}

}  // namespace steelyard::disclosure::testing
