#ifndef STEELYARD_SERVER_PUBLISHER_PLACING_H_
#define STEELYARD_SERVER_PUBLISHER_PLACING_H_

#include <optional>

#include "server/disclosure/area_tree.h"
#include "storage/ledger/admitted.h"
#include "storage/model/registers.h"

namespace steelyard::publisher {

// The tree by which a series and year is published: each council that was
// registered when something was shown is where it was then, whatever the register says now.
// Nothing if the register says the same, so that its own tree will do.
std::optional<disclosure::AreaTree> TreeAsPlaced(const model::Registers& registers,
                                                 const ledger::Admitted& admitted);

// Remembers where every council is that is registered at a release, whether or
// not anything of it is shown: how far a cell is shown says so of all who are in
// it, and whoever came into it later would come unlooked at.
void PlaceAll(const disclosure::AreaTree& tree, ledger::Admitted& admitted);

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_PLACING_H_
