#include "storage/editions/delivery.h"

namespace steelyard::editions {

void DeliveryTotals::Add(const model::PurchaseFact& fact) {
  due_lines += fact.due ? 1 : 0;
  on_time_lines += fact.due && fact.on_time_in_full ? 1 : 0;
  if (fact.has_delivery_data) {
    ordered_packs += fact.packs;
    delivered_packs += fact.delivered_packs;
  }
  looked_at_packs += fact.looked_at_packs;
  rejected_packs += fact.rejected_packs;
}

void DeliveryTotals::Add(const DeliveryTotals& other) {
  for (const DeliveryFacet& facet : kDeliveryFacets) {
    this->*facet.of += other.*facet.of;
    this->*facet.part += other.*facet.part;
  }
}

size_t DeliveryView::weight() const {
  size_t sum = rows.capacity() * sizeof(DeliveryTotals) +
               sellers.capacity() * sizeof(SellerDelivery) + said.capacity() * sizeof(DeliverySum);
  for (const auto& group : areas) {
    sum += sizeof(group) + group.capacity() * sizeof(model::AreaNo);
  }
  return sum;
}

}  // namespace steelyard::editions
