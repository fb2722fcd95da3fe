#include "server/disclosure/area_groups.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace steelyard::disclosure {
namespace {

AreaGroup Both(const AreaGroup& a, const AreaGroup& b) {
  AreaGroup both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

AreaGroup Either(const AreaGroup& a, const AreaGroup& b) {
  AreaGroup either;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(either));
  return either;
}

}  // namespace

struct AreaGrouper::Job {
  const AreaGroup& leaves;
  const Predicate& may_stand;
  const Size& size;
};

AreaGrouper::AreaGrouper(const AreaTree& tree) : tree_(tree), leaves_of_(tree.nodes().size()) {
  // Children come after their parent.
  for (size_t i = leaves_of_.size(); i-- > 0;) {
    const AreaTree::Node& node = tree.nodes()[i];
    if (node.is_leaf) leaves_of_[i] = {node.area};
    for (uint32_t child : node.children) {
      leaves_of_[i] = Either(leaves_of_[i], leaves_of_[child]);
    }
  }
}

std::vector<AreaGroup> AreaGrouper::Split(const AreaGroup& leaves, const Predicate& may_stand,
                                          const Size& size) const {
  std::vector<AreaGroup> groups;
  if (leaves_of_.empty()) return groups;
  SplitNode(0, {}, Job{leaves, may_stand, size}, groups);
  std::sort(groups.begin(), groups.end());
  return groups;
}

// `rest`: leaves from elsewhere that must go into some group below `node`.
void AreaGrouper::SplitNode(uint32_t node, AreaGroup rest, const Job& job,
                            std::vector<AreaGroup>& groups) const {
  struct Child {
    int64_t size;
    uint32_t node;
    AreaGroup leaves;
  };
  const auto push = [&](const AreaGroup& group) {
    if (!group.empty()) groups.push_back(group);
  };
  const AreaGroup all = Either(Both(leaves_of_[node], job.leaves), rest);
  if (tree_.nodes()[node].is_leaf) return push(all);

  std::vector<Child> standing;
  size_t inhabited = 0;
  for (uint32_t child : tree_.nodes()[node].children) {
    AreaGroup leaves = Both(leaves_of_[child], job.leaves);
    if (leaves.empty()) continue;
    ++inhabited;
    if (job.may_stand(leaves)) {
      const int64_t size = job.size(leaves);
      standing.push_back({size, child, std::move(leaves)});
    } else {
      rest = Either(rest, leaves);
    }
  }
  if (standing.empty()) {
    // A single child is no choice: look below it.
    if (inhabited != 1) return push(all);
    for (uint32_t child : tree_.nodes()[node].children) {
      const AreaGroup leaves = Both(leaves_of_[child], job.leaves);
      if (leaves.empty()) continue;
      AreaGroup carried;
      std::set_difference(all.begin(), all.end(), leaves.begin(), leaves.end(),
                          std::back_inserter(carried));
      return SplitNode(child, std::move(carried), job, groups);
    }
  }
  std::sort(standing.begin(), standing.end(), [](const Child& a, const Child& b) {
    return std::tie(a.size, a.node) < std::tie(b.size, b.node);
  });
  size_t next = 0;
  while (!rest.empty() && next + 1 < standing.size() && !job.may_stand(rest)) {
    rest = Either(rest, standing[next++].leaves);
  }
  const bool hand_down = !rest.empty() && next + 1 == standing.size() && !job.may_stand(rest);
  if (!hand_down) push(rest);
  for (size_t i = next; i < standing.size(); ++i) {
    SplitNode(standing[i].node, hand_down ? rest : AreaGroup{}, job, groups);
  }
}

}  // namespace steelyard::disclosure
