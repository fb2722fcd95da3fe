#include "server/purchases/purchase_proto.h"

#include "server/rpc/convert.h"
#include "server/rpc/names.h"

namespace steelyard::purchases {

void ToProto(const model::PurchaseContent& c, const model::Registers& registers,
             v1::Purchase* out) {
  if (const model::Product* p = registers.FindProduct(c.product)) {
    out->set_product(rpc::ProductName(p->id));
  }
  if (const model::Supplier* s = registers.FindSupplier(c.supplier)) {
    out->set_supplier(rpc::SupplierName(s->id));
  }
  rpc::ToProto(c.order_date, out->mutable_order_date());
  out->set_packs(c.packs);
  out->set_pack_content(c.pack_content);
  out->set_pack_price_micros(c.pack_price_micros);
  out->set_currency_code(c.currency.code());
  if (c.vat_basis_points) out->set_vat_rate_basis_points(*c.vat_basis_points);
  if (c.freight_micros) out->set_freight_micros(*c.freight_micros);
  if (c.promised_date) rpc::ToProto(*c.promised_date, out->mutable_promised_date());
  for (const model::Delivery& d : c.deliveries) {
    v1::Delivery* delivery = out->add_deliveries();
    rpc::ToProto(d.date, delivery->mutable_date());
    delivery->set_packs(d.packs);
  }
  const bool looked_at = c.accepted_packs || c.rejected_packs || !c.standard.empty() ||
                         !c.certificate.empty() ||
                         c.reject_reason != model::RejectReason::kUnspecified;
  if (looked_at) {
    v1::Quality* quality = out->mutable_quality();
    if (c.accepted_packs) quality->set_accepted_packs(*c.accepted_packs);
    if (c.rejected_packs) quality->set_rejected_packs(*c.rejected_packs);
    quality->set_reject_reason(static_cast<v1::Quality::RejectReason>(c.reject_reason));
    quality->set_standard(c.standard);
    quality->set_certificate(c.certificate);
  }
  out->set_country_of_manufacture(c.country_of_manufacture);
  if (c.made_in_uk) out->set_made_in_uk(*c.made_in_uk);
  out->set_price_confirmed(c.price_confirmed);
  out->set_unit_price_micros(c.unit_price_micros());
}

}  // namespace steelyard::purchases
