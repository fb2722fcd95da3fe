#include "tests/server/disclosure/linear_attack.h"

#include <glpk.h>

#include <algorithm>
#include <random>

namespace steelyard::disclosure::testing {
namespace {

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

class Attacker {
 public:
  Attacker(const LinearTable& table, int p_percent, Sides sides)
      : table_(table), p_(p_percent), sides_(sides) {}

  std::vector<std::string> Run(size_t pairs) {
    Programme programme(table_.equations.size(), table_.columns.size());
    for (size_t c = 0; c < table_.columns.size(); ++c) programme.SetColumn(c, table_.columns[c]);
    std::set<uint32_t> groups(table_.groups.begin(), table_.groups.end());
    if (pairs == kOutsiderAlone) groups.clear();
    groups.insert(0);  // nobody
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
  void AttackAs(Programme& programme, const std::set<uint32_t>& coalition) {
    std::vector<double> value(table_.equations.size(), 0.0);
    std::vector<int> open(table_.columns.size(), 0);  // councils outside the coalition
    for (size_t b = 0; b < table_.groups.size(); ++b) {
      if (coalition.contains(table_.groups[b])) continue;
      for (const auto& [column, amount] : table_.truth[b]) {
        for (size_t row : table_.columns[column]) value[row] += amount;
      }
      for (size_t column : table_.columns_of[b]) ++open[column];
    }
    for (size_t row = 0; row < value.size(); ++row) programme.SetRow(row, value[row]);
    for (size_t c = 0; c < table_.columns.size(); ++c) programme.Open(c, open[c] > 0);

    // The same target columns give the same bounds: ask once.
    std::map<std::set<size_t>, double> most, least;
    for (size_t b = 0; b < table_.groups.size(); ++b) {
      if (coalition.contains(table_.groups[b])) continue;
      for (const std::set<size_t>& target : table_.targets[b]) {
        double truth = 0;
        bool alone = true;
        for (size_t column : target) {
          const auto it = table_.truth[b].find(column);
          if (it != table_.truth[b].end()) truth += it->second;
          alone = alone && open[column] == 1;
        }
        if (truth <= 0) continue;
        if (sides_ == Sides::kBoth) {
          if (!most.contains(target)) most[target] = programme.Bound(target, true);
          Judge(b, coalition, truth, most[target], true);
        }
        // Where another council is told apart by nothing, 0 is possible.
        if (!alone) continue;
        if (!least.contains(target)) least[target] = programme.Bound(target, false);
        Judge(b, coalition, truth, least[target], false);
      }
    }
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

  const LinearTable& table_;
  int p_;
  Sides sides_;
  std::vector<std::string> found_;
};

}  // namespace

size_t LinearTable::Equation(const std::string& name) {
  return equations.try_emplace(name, equations.size()).first->second;
}

size_t LinearTable::Column(const std::vector<size_t>& of_equations) {
  const auto [it, added] = column_of.try_emplace(of_equations, columns.size());
  if (added) columns.push_back(of_equations);
  return it->second;
}

std::vector<std::string> AttackTable(const LinearTable& table, int p_percent, size_t pairs,
                                     Sides sides) {
  return Attacker(table, p_percent, sides).Run(pairs);
}

}  // namespace steelyard::disclosure::testing
