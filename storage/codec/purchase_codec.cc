#include "storage/codec/purchase_codec.h"

#include "absl/status/status.h"
#include "storage/base/bytes.h"

// content  := flags:varint product:varint supplier:varint order_day:signed
//             packs:varint pack_content:varint price:varint currency:fixed16
//             [vat:varint] [freight:varint] [promised:signed, days after order]
//             [n:varint (days after order:signed packs:varint) x n]
//             [accepted:varint] [rejected:varint] [reason:varint]
//             [standard:text] [certificate:text] [country:text]
//             each bracket only if its flag is set
// fact     := flags:varint supplier:varint sequence:varint unit_price:varint
//             units:varint spend:varint packs:varint
//             [delivered:varint lead:signed] [looked_at:varint rejected:varint]

namespace steelyard::codec {
namespace {

using model::PurchaseContent;
using model::PurchaseFact;

enum ContentFlag : uint64_t {
  kVat = 1 << 0,
  kFreight = 1 << 1,
  kPromised = 1 << 2,
  kDeliveries = 1 << 3,
  kAccepted = 1 << 4,
  kRejected = 1 << 5,
  kReason = 1 << 6,
  kStandard = 1 << 7,
  kCertificate = 1 << 8,
  kCountry = 1 << 9,
  kMadeInUkKnown = 1 << 10,
  kMadeInUk = 1 << 11,
  kPriceConfirmed = 1 << 12,
};

enum FactFlag : uint64_t {
  kHasDeliveryData = 1 << 0,
  kDue = 1 << 1,
  kOnTimeInFull = 1 << 2,
  kCame = 1 << 3,
  kLookedAt = 1 << 4,
};

uint64_t FlagsOf(const PurchaseContent& c) {
  uint64_t flags = 0;
  auto set = [&](bool on, uint64_t flag) { flags |= on ? flag : 0; };
  set(c.vat_basis_points.has_value(), kVat);
  set(c.freight_micros.has_value(), kFreight);
  set(c.promised_date.has_value(), kPromised);
  set(!c.deliveries.empty(), kDeliveries);
  set(c.accepted_packs.has_value(), kAccepted);
  set(c.rejected_packs.has_value(), kRejected);
  set(c.reject_reason != model::RejectReason::kUnspecified, kReason);
  set(!c.standard.empty(), kStandard);
  set(!c.certificate.empty(), kCertificate);
  set(!c.country_of_manufacture.empty(), kCountry);
  set(c.made_in_uk.has_value(), kMadeInUkKnown);
  set(c.made_in_uk.value_or(false), kMadeInUk);
  set(c.price_confirmed, kPriceConfirmed);
  return flags;
}

absl::Status Damaged(const char* what) {
  return absl::DataLossError(std::string("damaged ") + what + " record");
}

}  // namespace

std::string EncodeContent(const PurchaseContent& c) {
  ByteWriter w;
  w.Reserve(64);
  const uint64_t flags = FlagsOf(c);
  w.Varint(flags).Varint(c.product.value).Varint(c.supplier.value).Signed(c.order_date.number);
  w.Varint(static_cast<uint64_t>(c.packs)).Varint(static_cast<uint64_t>(c.pack_content));
  w.Varint(static_cast<uint64_t>(c.pack_price_micros)).Fixed16(c.currency.number());
  if (flags & kVat) w.Varint(static_cast<uint64_t>(*c.vat_basis_points));
  if (flags & kFreight) w.Varint(static_cast<uint64_t>(*c.freight_micros));
  if (flags & kPromised) w.Signed(c.promised_date->number - c.order_date.number);
  if (flags & kDeliveries) {
    w.Varint(c.deliveries.size());
    for (const model::Delivery& d : c.deliveries) {
      w.Signed(d.date.number - c.order_date.number).Varint(static_cast<uint64_t>(d.packs));
    }
  }
  if (flags & kAccepted) w.Varint(static_cast<uint64_t>(*c.accepted_packs));
  if (flags & kRejected) w.Varint(static_cast<uint64_t>(*c.rejected_packs));
  if (flags & kReason) w.Varint(static_cast<uint64_t>(c.reject_reason));
  if (flags & kStandard) w.Text(c.standard);
  if (flags & kCertificate) w.Text(c.certificate);
  if (flags & kCountry) w.Text(c.country_of_manufacture);
  return std::move(w).str();
}

absl::StatusOr<PurchaseContent> DecodeContent(std::string_view bytes) {
  ByteReader r(bytes);
  PurchaseContent c;
  const uint64_t flags = r.Varint();
  auto day = [&] { return model::Day{static_cast<int32_t>(c.order_date.number + r.Signed())}; };
  auto number = [&] { return static_cast<int64_t>(r.Varint()); };
  c.product.value = static_cast<uint32_t>(r.Varint());
  c.supplier.value = static_cast<uint32_t>(r.Varint());
  c.order_date.number = static_cast<int32_t>(r.Signed());
  c.packs = number();
  c.pack_content = number();
  c.pack_price_micros = number();
  c.currency = model::Currency::FromNumber(r.Fixed16());
  if (flags & kVat) c.vat_basis_points = static_cast<int32_t>(r.Varint());
  if (flags & kFreight) c.freight_micros = number();
  if (flags & kPromised) c.promised_date = day();
  if (flags & kDeliveries) {
    const uint64_t count = r.Varint();
    for (uint64_t i = 0; i < count && r.ok(); ++i) {
      const model::Day date = day();
      c.deliveries.push_back({date, number()});
    }
  }
  if (flags & kAccepted) c.accepted_packs = number();
  if (flags & kRejected) c.rejected_packs = number();
  if (flags & kReason) c.reject_reason = static_cast<model::RejectReason>(r.Varint());
  if (flags & kStandard) c.standard = r.Text();
  if (flags & kCertificate) c.certificate = r.Text();
  if (flags & kCountry) c.country_of_manufacture = r.Text();
  if (flags & kMadeInUkKnown) c.made_in_uk = (flags & kMadeInUk) != 0;
  c.price_confirmed = (flags & kPriceConfirmed) != 0;
  // The encoder never writes these, and arithmetic downstream relies on it.
  if (!r.Finished() || c.packs < 1 || c.packs > model::kMaxPacks || c.pack_content < 1 ||
      c.pack_content > model::kMaxPackContent || c.pack_price_micros < 1 ||
      c.pack_price_micros > model::kMaxPackPriceMicros) {
    return Damaged("purchase content");
  }
  return c;
}

std::string EncodeFact(const PurchaseFact& f) {
  ByteWriter w;
  w.Reserve(32);
  uint64_t flags = 0;
  if (f.has_delivery_data) flags |= kHasDeliveryData;
  if (f.due) flags |= kDue;
  if (f.on_time_in_full) flags |= kOnTimeInFull;
  if (f.lead_days >= 0) flags |= kCame;
  if (f.looked_at_packs > 0) flags |= kLookedAt;
  w.Varint(flags).Varint(f.supplier.value).Varint(f.sequence);
  w.Varint(static_cast<uint64_t>(f.unit_price_micros)).Varint(static_cast<uint64_t>(f.units));
  w.Varint(static_cast<uint64_t>(f.spend_micros)).Varint(static_cast<uint64_t>(f.packs));
  if (flags & kCame) w.Varint(static_cast<uint64_t>(f.delivered_packs)).Signed(f.lead_days);
  if (flags & kLookedAt) {
    w.Varint(static_cast<uint64_t>(f.looked_at_packs));
    w.Varint(static_cast<uint64_t>(f.rejected_packs));
  }
  return std::move(w).str();
}

absl::Status DecodeFact(std::string_view bytes, PurchaseFact& f) {
  ByteReader r(bytes);
  auto number = [&] { return static_cast<int64_t>(r.Varint()); };
  const uint64_t flags = r.Varint();
  f.supplier.value = static_cast<uint32_t>(r.Varint());
  f.sequence = r.Varint();
  f.unit_price_micros = number();
  f.units = number();
  f.spend_micros = number();
  f.packs = number();
  f.delivered_packs = 0;
  f.lead_days = -1;
  if (flags & kCame) {
    f.delivered_packs = number();
    f.lead_days = static_cast<int32_t>(r.Signed());
  }
  f.looked_at_packs = 0;
  f.rejected_packs = 0;
  if (flags & kLookedAt) {
    f.looked_at_packs = number();
    f.rejected_packs = number();
  }
  f.has_delivery_data = (flags & kHasDeliveryData) != 0;
  f.due = (flags & kDue) != 0;
  f.on_time_in_full = (flags & kOnTimeInFull) != 0;
  if (!r.Finished() || f.units < 0 || f.spend_micros < 0 || f.unit_price_micros < 0) {
    return Damaged("fact");
  }
  return absl::OkStatus();
}

}  // namespace steelyard::codec
