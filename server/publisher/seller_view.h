#ifndef STEELYARD_SERVER_PUBLISHER_SELLER_VIEW_H_
#define STEELYARD_SERVER_PUBLISHER_SELLER_VIEW_H_

#include <cstdint>
#include <span>

#include "server/disclosure/area_tree.h"
#include "server/disclosure/safety.h"
#include "storage/editions/block.h"
#include "storage/model/purchase.h"
#include "storage/model/registers.h"

namespace steelyard::publisher {

// Cuts a run's lines up by supplier. Who is named is settled when the run's
// sellers are first shown; from then on a supplier stays in its group, and the
// figures move on when what moved may be shown, all at once, or stay as they
// were. docs/disclosure.md, "Suppliers by name". Not thread-safe; the arguments
// must outlive it.
class SellerView {
 public:
  SellerView(const model::Registers& registers, const disclosure::AreaTree& tree,
             const disclosure::Rules& rules)
      : registers_(registers), tree_(tree), rules_(rules) {}

  // Sets the sellers of `run` from all its `lines` as they are shown from now
  // on. `shown` is the run as it was, or null. Whether they differ from those.
  bool Renew(std::span<const model::PurchaseFact* const> lines, const editions::Run* shown,
             editions::Run& run) const;

 private:
  const model::Registers& registers_;
  const disclosure::AreaTree& tree_;
  const disclosure::Rules rules_;
};

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_SELLER_VIEW_H_
