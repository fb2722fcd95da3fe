#ifndef STEELYARD_SERVER_PUBLISHER_DELIVERY_RENEWAL_H_
#define STEELYARD_SERVER_PUBLISHER_DELIVERY_RENEWAL_H_

#include <span>
#include <vector>

#include "server/disclosure/area_tree.h"
#include "server/disclosure/partition.h"
#include "server/disclosure/safety.h"
#include "storage/editions/block.h"
#include "storage/model/purchase.h"
#include "storage/model/registers.h"

namespace steelyard::publisher {

// Decides what a run of months shows of deliveries, facet by facet. Which rows
// and which suppliers show one is settled when it is first shown, so that what
// is not shown stays hidden among others; from then on their figures move on
// when what moved may be shown, or stay as they were. docs/disclosure.md,
// "Deliveries". Not thread-safe; the arguments must outlive it.
class DeliveryRenewal {
 public:
  DeliveryRenewal(const model::Registers& registers, const disclosure::AreaTree& tree,
                  const disclosure::Rules& rules)
      : registers_(registers), tree_(tree), rules_(rules) {}

  // Sets the deliveries of `run`, whose rows and sellers are set, from all its
  // `lines` as they are shown from now on. `shown` is the run as it was, or null.
  // Whether they differ from those.
  bool Renew(std::span<const model::PurchaseFact* const> lines, const editions::Run* shown,
             editions::Run& run) const;

 private:
  const model::Registers& registers_;
  const disclosure::AreaTree& tree_;
  const disclosure::Rules rules_;
};

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_DELIVERY_RENEWAL_H_
