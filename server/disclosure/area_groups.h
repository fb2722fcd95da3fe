#ifndef STEELYARD_SERVER_DISCLOSURE_AREA_GROUPS_H_
#define STEELYARD_SERVER_DISCLOSURE_AREA_GROUPS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "server/disclosure/area_tree.h"
#include "server/disclosure/partition.h"

namespace steelyard::disclosure {

// Splits leaves along the tree into groups of which each may stand alone.
class AreaGrouper {
 public:
  using Predicate = std::function<bool(const AreaGroup&)>;
  // Of two groups the smaller joins a rest that cannot stand alone.
  using Size = std::function<int64_t(const AreaGroup&)>;

  // `tree` must outlive the grouper.
  explicit AreaGrouper(const AreaTree& tree);

  // Tiles `leaves`. Top down: children of a node that may stand alone do so
  // and are split further; the others make one group, which the smallest
  // standing child joins until it may stand alone; if one child is left, the
  // others are handed down into it. One group, all of `leaves`, is returned
  // whatever the predicate says of it. Sorted by first leaf.
  std::vector<AreaGroup> Split(const AreaGroup& leaves, const Predicate& may_stand,
                               const Size& size) const;

 private:
  struct Job;
  void SplitNode(uint32_t node, AreaGroup rest, const Job& job,
                 std::vector<AreaGroup>& groups) const;

  const AreaTree& tree_;
  std::vector<AreaGroup> leaves_of_;  // by node
};

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_AREA_GROUPS_H_
