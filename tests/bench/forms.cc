#include "tests/bench/forms.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "storage/base/text.h"

namespace steelyard::bench {
namespace {

constexpr int64_t kMicrosPerPenny = 10'000;
constexpr int kVatPercent = 20;
// So wide that no price of the world is held back for confirmation.
constexpr int64_t kBandFactor = 10;

const Body& BodyOf(const World& w, const Line& l) {
  return w.bodies()[static_cast<size_t>(l.body)];
}
const Good& GoodOf(const World& w, const Line& l) { return w.goods()[static_cast<size_t>(l.good)]; }
const Seller& SellerOf(const World& w, const Line& l) {
  return w.sellers()[static_cast<size_t>(l.seller)];
}

std::string ReferenceOf(const Line& line) {
  return absl::StrCat("PO", line.batch, "-", absl::Dec(line.number, absl::kZeroPad6));
}

std::string CertificateOf(const Line& line) {
  return absl::StrCat("C", absl::Dec(line.certificate, absl::kZeroPad5));
}

void SetDate(const Date& date, google::type::Date* out) {
  out->set_year(date.year);
  out->set_month(date.month);
  out->set_day(date.day);
}

std::string Text(const Date& d) {
  return absl::StrFormat("%04d-%02d-%02d", d.year, d.month, d.day);
}
std::string Pounds(int64_t pence) { return absl::StrFormat("%d.%02d", pence / 100, pence % 100); }
std::string IfGiven(int64_t value) { return value < 0 ? "" : absl::StrCat(value); }

}  // namespace

std::string CouncilsCsv(const World& world) {
  std::string csv = "id,name,authority_type,area\n";
  for (const Body& b : world.bodies()) {
    absl::StrAppend(&csv, b.id, ",", b.name, ",", Av(b.type), ",", Av(b.area), "\n");
  }
  return csv;
}

std::string ProductsCsv(const World& world) {
  std::string csv =
      "id,name,product_class,base_unit,standard,vat_class,band_low_micros,band_high_micros,"
      "any_pack\n";
  for (const Good& g : world.goods()) {
    const std::string_view unit = g.product_class == "hand-gel" ? "milliliter" : "piece";
    absl::StrAppend(&csv, g.id, ",", g.name, ",", Av(g.product_class), ",", Av(unit), ",",
                    Av(g.standard), ",standard,", g.unit_micros / kBandFactor, ",",
                    g.unit_micros * kBandFactor, ",true\n");
  }
  return csv;
}

std::string SuppliersCsv(const World& world) {
  std::string csv = "id,name,company_number,country_code\n";
  for (const Seller& s : world.sellers()) {
    absl::StrAppend(&csv, s.id, ",", s.name, ",", s.company_number, ",GB\n");
  }
  return csv;
}

void ToPurchase(const World& world, const Line& line, v1::Purchase* out) {
  const Good& good = GoodOf(world, line);
  const Seller& seller = SellerOf(world, line);
  out->set_reference(ReferenceOf(line));
  out->set_product(good.id);
  out->set_supplier(seller.name);
  SetDate(world.DateOf(line.ordered), out->mutable_order_date());
  out->set_packs(line.packs);
  out->set_pack_content(good.pack_content);
  out->set_pack_price_micros(line.pack_pence * kMicrosPerPenny);
  out->set_currency_code("GBP");
  if (line.has_vat) out->set_vat_rate_basis_points(kVatPercent * 100);
  if (line.freight_pence >= 0) out->set_freight_micros(line.freight_pence * kMicrosPerPenny);
  if (line.promised >= 0) SetDate(world.DateOf(line.promised), out->mutable_promised_date());
  for (int i = 0; i < line.receipts; ++i) {
    v1::Delivery* delivery = out->add_deliveries();
    SetDate(world.DateOf(line.received[i].day), delivery->mutable_date());
    delivery->set_packs(line.received[i].packs);
  }
  if (line.accepted >= 0) {
    v1::Quality* quality = out->mutable_quality();
    quality->set_accepted_packs(line.accepted);
    quality->set_rejected_packs(line.rejected);
    quality->set_reject_reason(static_cast<v1::Quality::RejectReason>(line.reject_reason));
    if (line.has_standard) quality->set_standard(std::string(good.standard));
    if (line.certificate >= 0) quality->set_certificate(CertificateOf(line));
  }
  if (line.has_country) out->set_country_of_manufacture(std::string(seller.made_in));
}

void ToUploadLine(const World& world, const Line& line, int64_t row, v1::UploadLine* out) {
  out->set_row(row);
  out->set_council(BodyOf(world, line).id);
  ToPurchase(world, line, out->mutable_purchase());
}

void WriteCsvHeader(std::ostream& out) {
  out << "Council,Reference,Product,Supplier,Order date,Packs,Pack content,Pack price,Currency,"
         "VAT rate,Freight,Promised date,Delivery date,Delivered packs,Delivery date 2,"
         "Delivered packs 2,Accepted packs,Rejected packs,Reject reason,Standard,Certificate,"
         "Country of manufacture\n";
}

void WriteCsvLine(const World& world, const Line& line, std::ostream& out) {
  const Good& good = GoodOf(world, line);
  const Seller& seller = SellerOf(world, line);
  std::string row = absl::StrCat(BodyOf(world, line).id, ",", ReferenceOf(line), ",", good.id, ",",
                                 seller.name, ",", Text(world.DateOf(line.ordered)), ",");
  absl::StrAppend(&row, line.packs, ",", good.pack_content, ",", Pounds(line.pack_pence), ",GBP,",
                  line.has_vat ? absl::StrCat(kVatPercent) : "", ",",
                  line.freight_pence < 0 ? "" : Pounds(line.freight_pence), ",",
                  line.promised < 0 ? "" : Text(world.DateOf(line.promised)));
  for (int i = 0; i < 2; ++i) {
    const bool came = i < line.receipts;
    absl::StrAppend(&row, ",", came ? Text(world.DateOf(line.received[i].day)) : "", ",",
                    came ? absl::StrCat(line.received[i].packs) : "");
  }
  const auto reason = static_cast<v1::Quality::RejectReason>(line.reject_reason);
  absl::StrAppend(&row, ",", IfGiven(line.accepted), ",", IfGiven(line.rejected), ",",
                  line.reject_reason > 0 ? v1::Quality::RejectReason_Name(reason) : "", ",",
                  line.has_standard ? Av(good.standard) : "", ",",
                  line.certificate < 0 ? "" : CertificateOf(line), ",",
                  line.has_country ? Av(seller.made_in) : "", "\n");
  out << row;
}

}  // namespace steelyard::bench
