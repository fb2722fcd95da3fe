#ifndef STEELYARD_SERVER_DISCLOSURE_AREA_TREE_H_
#define STEELYARD_SERVER_DISCLOSURE_AREA_TREE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "storage/model/ids.h"
#include "storage/model/registers.h"
#include "storage/model/time.h"

namespace steelyard::disclosure {

// The registers as the disclosure rules need them: the tree of areas, who is
// registered where, and who counts as one contributor. Immutable once built;
// any thread may read it.
//
// A leaf is named by the number of its area, so leaves keep their names when
// areas are added. A council registered in an area that has areas below it
// counts in a leaf of that same number, a child of its own.
class AreaTree {
 public:
  // What the register says of one council.
  struct Body {
    model::CouncilNo council;
    uint16_t area = 0;   // leaf
    uint16_t type = 0;   // index into types()
    uint32_t group = 0;  // contributor group: related bodies share it, and so
                         // do a council and its successors, who hold its records
    model::Period life;  // months it could buy in
  };

  // A node with its children; a leaf has none and sets `leaf`.
  struct Node {
    bool is_leaf = false;
    uint16_t area = 0;               // number of the area
    std::vector<uint32_t> children;  // indices into nodes(), by area number
  };

  static AreaTree From(const model::Registers& registers);

  // Node 0 is the root over everything.
  const std::vector<Node>& nodes() const { return nodes_; }
  // All leaves, ascending.
  const std::vector<uint16_t>& leaves() const { return leaves_; }
  // Entry i is the council with number i + 1.
  const std::vector<Body>& bodies() const { return bodies_; }
  // Null for a number that is not registered.
  const Body* Find(model::CouncilNo council) const;

  // Authority types in the order of the first council that has each. Whoever
  // stores a type stores its name.
  const std::vector<std::string>& types() const { return types_; }

 private:
  std::vector<Node> nodes_;
  std::vector<uint16_t> leaves_;
  std::vector<Body> bodies_;
  std::vector<std::string> types_;
};

}  // namespace steelyard::disclosure

#endif  // STEELYARD_SERVER_DISCLOSURE_AREA_TREE_H_
