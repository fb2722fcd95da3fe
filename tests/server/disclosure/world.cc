#include "tests/server/disclosure/world.h"

#include <cmath>

namespace steelyard::disclosure::testing {

RandomWorld::RandomWorld(unsigned seed, int councils, int used_months)
    : random(seed), months(used_months) {
  std::vector<std::string> leaves;
  world.Area("land");
  const int nations = 1 + Roll(3);
  for (int n = 0; n < nations; ++n) {
    const std::string nation = "n" + std::to_string(n);
    world.Area(nation, "land");
    const int regions = Roll(4);
    if (regions == 0) leaves.push_back(nation);
    for (int r = 0; r < regions; ++r) {
      leaves.push_back(nation + "r" + std::to_string(r));
      world.Area(leaves.back(), nation);
    }
  }
  const int types = 2 + Roll(3);
  for (int c = 0; c < councils; ++c) {
    const int leaf = Roll(static_cast<int>(leaves.size()));
    // Mostly one type a region, sometimes any.
    const int type = Roll(10) < 6 ? leaf % types : Roll(types);
    world.Council(leaves[static_cast<size_t>(leaf)], "t" + std::to_string(type),
                  Roll(12) == 0 ? "g" + std::to_string(Roll(3)) : "");
  }
  tree = world.Tree();
}

std::vector<Contribution> RandomWorld::Purchases(int chance_percent) {
  std::lognormal_distribution<double> size(3.0, 0.7);
  std::lognormal_distribution<double> price(1.0, 0.3);
  std::vector<Contribution> all;
  for (const AreaTree::Body& body : tree.bodies()) {
    const double scale = size(random);
    for (int m = 1; m <= months; ++m) {
      if (Roll(100) >= chance_percent) continue;
      const auto units = static_cast<int64_t>(1 + scale * (1 + Roll(3)));
      const auto spend = static_cast<int64_t>(1 + static_cast<double>(units) * price(random));
      // The first supplier sells most.
      all.push_back(Buys(tree, body.council, m, spend, units, std::max(0, Roll(12) - 6)));
    }
  }
  return all;
}

}  // namespace steelyard::disclosure::testing
