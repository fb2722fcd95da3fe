#include "server/publisher/placing.h"

#include <algorithm>

namespace steelyard::publisher {

std::optional<disclosure::AreaTree> TreeAsPlaced(const model::Registers& registers,
                                                 const ledger::Admitted& admitted) {
  const auto moved = [&](const auto& entry) {
    const auto& [council, place] = entry;
    if (council.value == 0 || council.value > registers.councils.size()) return false;
    const model::Council& now = registers.councils[council.value - 1u];
    return now.area != place.area || now.authority_type != place.authority_type;
  };
  if (std::none_of(admitted.places.begin(), admitted.places.end(), moved)) return std::nullopt;
  model::Registers as_placed = registers;
  for (const auto& entry : admitted.places) {
    if (!moved(entry)) continue;
    model::Council& council = as_placed.councils[entry.first.value - 1u];
    council.area = entry.second.area;
    council.authority_type = entry.second.authority_type;
  }
  return disclosure::AreaTree::From(as_placed);
}

void PlaceAll(const disclosure::AreaTree& tree, ledger::Admitted& admitted) {
  for (const disclosure::AreaTree::Body& body : tree.bodies()) {
    admitted.places.try_emplace(body.council,
                                ledger::Admitted::Place{{body.area}, tree.types()[body.type]});
  }
}

}  // namespace steelyard::publisher
