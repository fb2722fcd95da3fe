#include "tests/server/disclosure/linear_attack.h"

#include <algorithm>
#include <random>

#include "tests/support/linear_programme.h"

namespace steelyard::disclosure::testing {
namespace {

using ::steelyard::testing::LinearProgramme;

class Attacker {
 public:
  Attacker(const LinearTable& table, int p_percent, Sides sides)
      : table_(table), p_(p_percent), sides_(sides) {}

  std::vector<std::string> Run(size_t pairs) {
    LinearProgramme programme(table_.equations.size(), table_.columns.size());
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
  void AttackAs(LinearProgramme& programme, const std::set<uint32_t>& coalition) {
    std::vector<double> value(table_.equations.size(), 0.0);
    std::vector<int> open(table_.columns.size(), 0);  // councils outside the coalition
    for (size_t b = 0; b < table_.groups.size(); ++b) {
      if (coalition.contains(table_.groups[b])) continue;
      for (const auto& [column, amount] : table_.truth[b]) {
        for (size_t row : table_.columns[column]) value[row] += amount;
      }
      for (size_t column : table_.columns_of[b]) ++open[column];
    }
    for (size_t row = 0; row < value.size(); ++row) programme.BoundRow(row, value[row], value[row]);
    for (size_t c = 0; c < table_.columns.size(); ++c) {
      programme.BoundColumn(c, 0, open[c] > 0 ? LinearProgramme::kInfinity : 0);
    }

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
          if (!most.contains(target)) most[target] = Bound(programme, target, true);
          Judge(b, coalition, truth, most[target], true);
        }
        // Where another council is told apart by nothing, 0 is possible.
        if (!alone) continue;
        if (!least.contains(target)) least[target] = Bound(programme, target, false);
        Judge(b, coalition, truth, least[target], false);
      }
    }
  }

  // -1 if the solver found none.
  static double Bound(LinearProgramme& programme, const std::set<size_t>& target, bool largest) {
    switch (programme.Solve({target.begin(), target.end()}, largest)) {
      case LinearProgramme::Result::kFound:
        return programme.value();
      case LinearProgramme::Result::kUnbounded:
        return 1e300;
      case LinearProgramme::Result::kNone:
        break;
    }
    return -1;
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
