#include "server/disclosure/area_tree.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>

namespace steelyard::disclosure {
namespace {

constexpr int16_t kForever = std::numeric_limits<int16_t>::max();

model::Period LifeOf(const model::Council& council) {
  model::Period life{{0}, {kForever}};
  if (council.start_date) life.first = std::max(life.first, model::Month::Of(*council.start_date));
  if (council.end_date) life.last = model::Month::Of(*council.end_date);
  return life;
}

// The numbers of the areas below each area; 0 stands for the root. An area
// whose parents form a ring hangs from the root.
std::map<uint16_t, std::set<uint16_t>> ChildrenOf(const model::Registers& registers) {
  std::map<uint16_t, std::set<uint16_t>> children;
  children[0];
  for (const model::Area& area : registers.areas) {
    const model::Area* top = &area;
    size_t steps = 0;
    while (top != nullptr && top->parent && ++steps <= registers.areas.size()) {
      top = registers.FindArea(*top->parent);
    }
    const bool hangs = area.parent && registers.FindArea(*area.parent) != nullptr &&
                       steps <= registers.areas.size();
    children[hangs ? area.parent->value : 0].insert(area.no.value);
  }
  return children;
}

}  // namespace

AreaTree AreaTree::From(const model::Registers& registers) {
  AreaTree tree;
  std::map<std::string, uint16_t> type_of;
  std::set<uint16_t> homes;  // areas that councils are registered in
  for (const model::Council& council : registers.councils) {
    // A council of no known area hangs from the root.
    const bool known = registers.FindArea(council.area) != nullptr;
    Body body{council.no, known ? council.area.value : uint16_t{0}, 0,
              registers.ContributorOf(council.no).value, LifeOf(council)};
    auto type =
        type_of.try_emplace(council.authority_type, static_cast<uint16_t>(tree.types_.size()));
    if (type.second) tree.types_.push_back(council.authority_type);
    body.type = type.first->second;
    homes.insert(body.area);
    tree.bodies_.push_back(body);
  }

  const auto children = ChildrenOf(registers);
  std::set<uint16_t> leaves = homes;
  // Breadth first, so that a node's number is known before its children's.
  tree.nodes_.push_back(Node{});
  for (size_t i = 0; i < tree.nodes_.size(); ++i) {
    if (tree.nodes_[i].is_leaf) continue;
    const uint16_t area = tree.nodes_[i].area;
    const auto add = [&](uint16_t child, bool leaf) {
      tree.nodes_[i].children.push_back(static_cast<uint32_t>(tree.nodes_.size()));
      tree.nodes_.push_back(Node{leaf, child, {}});
    };
    if (homes.contains(area)) add(area, true);
    for (uint16_t child : children.at(area)) {
      const bool leaf = !children.contains(child);
      if (leaf) leaves.insert(child);
      add(child, leaf);
    }
  }
  tree.leaves_.assign(leaves.begin(), leaves.end());
  return tree;
}

const AreaTree::Body* AreaTree::Find(model::CouncilNo council) const {
  if (council.value == 0 || council.value > bodies_.size()) return nullptr;
  return &bodies_[council.value - 1];
}

}  // namespace steelyard::disclosure
