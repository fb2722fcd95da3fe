#ifndef STEELYARD_TESTS_SERVER_DISCLOSURE_LINEAR_ATTACK_H_
#define STEELYARD_TESTS_SERVER_DISCLOSURE_LINEAR_ATTACK_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace steelyard::disclosure::testing {

// Published sums as linear equations over what councils might have (>= 0).
// Amounts of one council that no equation tells apart, and councils that none
// tells apart, share a column.
struct LinearTable {
  // Makes or finds an equation or a column.
  size_t Equation(const std::string& name);
  size_t Column(const std::vector<size_t>& equations);
  // What a council really has in a column.
  void Add(size_t council, size_t column, double amount) { truth[council][column] += amount; }

  std::map<std::string, size_t> equations;
  std::map<std::vector<size_t>, size_t> column_of;
  std::vector<std::vector<size_t>> columns;  // equations of each
  // By council:
  std::vector<uint32_t> groups;              // contributor; from 1
  std::vector<std::set<size_t>> columns_of;  // where it may have something
  std::vector<std::map<size_t, double>> truth;
  std::vector<std::set<std::set<size_t>>> targets;  // columns that make up a protected value
};

// Which bounds must be off by p%.
enum class Sides { kBoth, kBelow };

// A number of pairs: nobody attacks but an outsider.
inline constexpr size_t kOutsiderAlone = SIZE_MAX - 1;

// Bounds each council's protected values by linear programming: as an outsider,
// as every council, and as `pairs` pairs of them (every pair if there are no
// more). Returns one line for every bound that comes closer than p% to the
// truth; stops at the tenth.
std::vector<std::string> AttackTable(const LinearTable& table, int p_percent,
                                     size_t pairs = SIZE_MAX, Sides sides = Sides::kBoth);

}  // namespace steelyard::disclosure::testing

#endif  // STEELYARD_TESTS_SERVER_DISCLOSURE_LINEAR_ATTACK_H_
