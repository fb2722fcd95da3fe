#include "server/purchases/purchase_proto.h"

#include "absl/strings/str_cat.h"
#include "server/rpc/convert.h"
#include "server/rpc/names.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/text.h"
#include "storage/codec/keys.h"

namespace steelyard::purchases {

std::string EtagOf(const codec::LineRecord& record) {
  ByteWriter sum;
  sum.Fixed32(Crc32c(codec::EncodeLine(record)));
  return absl::StrCat("\"", record.revision, "-", HexOf(sum.str()), "\"");
}

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

void ToProto(const model::Council& council, const ledger::PurchaseReader::Line& line,
             const model::Registers& registers, const model::Submission& created,
             const model::Submission& updated, v1::Purchase* out) {
  ToProto(line.content, registers, out);
  out->set_name(rpc::PurchaseName(council.id, line.reference));
  rpc::MicrosToProto(created.create_unix_micros, out->mutable_create_time());
  rpc::MicrosToProto(updated.create_unix_micros, out->mutable_update_time());
  out->set_etag(EtagOf(line.record));
  out->set_reference(line.reference);
  out->set_state(line.record.withdrawn ? v1::Purchase::WITHDRAWN : v1::Purchase::ACTIVE);
  out->set_withdraw_reason(line.record.withdraw_reason);
  out->set_revision(static_cast<int32_t>(line.record.revision));
  out->set_submission(rpc::SubmissionName(council.id, codec::UuidText(updated.id)));
}

void ToProto(const model::LineCounts& counts, v1::Submission* out) {
  out->set_received_lines(counts.received());
  out->set_created_lines(counts.created);
  out->set_corrected_lines(counts.corrected);
  out->set_unchanged_lines(counts.unchanged);
  out->set_rejected_lines(counts.rejected);
  out->set_warnings(counts.warnings);
}

void ToProto(const model::Council& council, const model::Submission& s, v1::Submission* out) {
  out->set_name(rpc::SubmissionName(council.id, codec::UuidText(s.id)));
  rpc::MicrosToProto(s.create_unix_micros, out->mutable_create_time());
  rpc::MicrosToProto(s.update_unix_micros, out->mutable_update_time());
  out->set_mode(static_cast<v1::Submission::Mode>(s.mode));
  out->set_state(static_cast<v1::Submission::State>(s.state));
  ToProto(s.counts, out);
  out->set_sequence(static_cast<int64_t>(s.sequence));
  out->set_content_sha256(HexOf(s.content_sha256));
  out->set_running_sha256(HexOf(s.running_sha256));
}

}  // namespace steelyard::purchases
