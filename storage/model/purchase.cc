#include "storage/model/purchase.h"

#include <algorithm>

#include "storage/base/checked.h"

namespace steelyard::model {

int64_t PurchaseContent::unit_price_micros() const {
  return Saturate(DivideHalfEven(pack_price_micros, pack_content));
}

PurchaseFact FactOf(const PurchaseContent& content, Day received) {
  PurchaseFact fact;
  fact.month = Month::Of(content.order_date);
  fact.supplier = content.supplier;
  fact.units = content.units();
  fact.spend_micros = Saturate(content.spend_micros());
  fact.unit_price_micros = content.unit_price_micros();
  fact.packs = content.packs;
  int64_t delivered = 0;
  int64_t in_time = 0;
  for (const Delivery& d : content.deliveries) {
    delivered = std::min(content.packs, delivered + d.packs);
    if (content.promised_date && d.date <= *content.promised_date) {
      in_time = std::min(content.packs, in_time + d.packs);
    }
    const int32_t lead = d.date.number - content.order_date.number;
    if (fact.lead_days < 0 || lead < fact.lead_days) fact.lead_days = lead;
  }
  const bool overdue = content.promised_date && *content.promised_date < received;
  fact.has_delivery_data = !content.deliveries.empty() || overdue;
  fact.delivered_packs = delivered;
  fact.due = content.promised_date && fact.has_delivery_data;
  fact.rejected_packs = content.rejected_packs.value_or(0);
  fact.looked_at_packs = content.accepted_packs.value_or(0) + fact.rejected_packs;
  fact.on_time_in_full = fact.due && in_time >= content.packs && fact.rejected_packs == 0;
  return fact;
}

}  // namespace steelyard::model
