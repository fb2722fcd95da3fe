#include "client/demo/files.h"

#include <array>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/demo/cells.h"

namespace steelyard::demo {
namespace {

enum Column {
  kCouncil,
  kReference,
  kProduct,
  kSupplier,
  kOrderDate,
  kPacks,
  kPackContent,
  kPackPrice,
  kCurrency,
  kVatRate,
  kFreight,
  kPromisedDate,
  kDeliveryDate,
  kDeliveredPacks,
  kDeliveryDate2,
  kDeliveredPacks2,
  kAccepted,
  kRejected,
  kRejectReason,
  kStandard,
  kCertificate,
  kCountry,
  kColumns,
};

using Row = std::array<std::string, kColumns>;

const Row& Headings() {
  static const auto* const headings = new Row{"Council",         "Reference",
                                              "Product",         "Supplier",
                                              "Order date",      "Packs",
                                              "Pack content",    "Pack price",
                                              "Currency",        "VAT rate",
                                              "Freight",         "Promised date",
                                              "Delivery date",   "Delivered packs",
                                              "Delivery date 2", "Delivered packs 2",
                                              "Accepted packs",  "Rejected packs",
                                              "Reject reason",   "Standard",
                                              "Certificate",     "Country of manufacture"};
  return *headings;
}

Row RowOf(const Line& line) {
  Row row;
  row[kCouncil] = line.council->id;
  row[kReference] = line.reference;
  row[kProduct] = line.good->id;
  row[kSupplier] = line.supplier->name;
  row[kOrderDate] = DateText(line.ordered);
  row[kPacks] = absl::StrCat(line.packs);
  row[kPackContent] = absl::StrCat(line.good->pack_content);
  row[kPackPrice] = Pounds(line.pack_pence);
  row[kCurrency] = "GBP";
  if (line.vat_percent >= 0) row[kVatRate] = absl::StrCat(line.vat_percent);
  if (line.freight_pence >= 0) row[kFreight] = Pounds(line.freight_pence);
  if (line.has_promise) row[kPromisedDate] = DateText(line.promised);
  for (size_t i = 0; i < line.receipts.size() && i < 2; ++i) {
    row[kDeliveryDate + 2 * i] = DateText(line.receipts[i].date);
    row[kDeliveredPacks + 2 * i] = absl::StrCat(line.receipts[i].packs);
  }
  if (line.accepted >= 0) row[kAccepted] = absl::StrCat(line.accepted);
  if (line.rejected >= 0) row[kRejected] = absl::StrCat(line.rejected);
  row[kRejectReason] = line.reject_reason;
  if (line.accepted >= 0) row[kStandard] = line.good->standard;
  row[kCertificate] = line.certificate;
  if (line.names_country) row[kCountry] = line.supplier->made_in;
  return row;
}

void WriteRow(std::ostream& out, const Row& row, Column first) {
  for (int c = first; c < kColumns; ++c) out << (c == first ? "" : ",") << Quoted(row[c]);
  out << "\n";
}

// Mistakes as they are made in practice.
using Mistake = void (*)(Row&);
constexpr char kFirstReference[] = "DEMO-ERR-001";
const Mistake kMistakes[] = {
    [](Row& r) { r[kOrderDate] = "31/02/2020"; },
    [](Row& r) { r[kOrderDate] = "04-05-20"; },
    [](Row& r) { r[kProduct] = "glove-nitrile-medium-blue"; },
    [](Row& r) { r[kSupplier] = "Nobody Has Heard Of Them Ltd"; },
    [](Row& r) { r[kPackContent] = "37"; },
    [](Row& r) { r[kPackPrice] += "00001"; },
    [](Row& r) {
      r[kPackPrice].insert(r[kPackPrice].size() - 3, "000");  // tenfold and far more
    },
    [](Row& r) { r[kReference] = kFirstReference; },
    [](Row& r) {
      r[kDeliveryDate] = "2019-01-01";
      r[kDeliveredPacks] = r[kPacks];
      r[kOrderDate] = "2020-06-15";
      r[kPromisedDate] = "2020-06-20";
    },
    [](Row& r) {
      r[kDeliveryDate] = r[kOrderDate];
      r[kDeliveredPacks] = r[kPacks];
      r[kDeliveryDate2] = r[kDeliveredPacks2] = "";
      r[kAccepted] = "0";
      r[kRejected] = absl::StrCat("9", r[kPacks]);
      r[kRejectReason] = "DAMAGED";
    },
    [](Row& r) { r[kPacks] = "-12"; },
    [](Row& r) { r[kPacks] = "lots"; },
    [](Row& r) { r[kPackPrice] = ""; },
    [](Row& r) { r[kVatRate] = "17.5"; },
    [](Row& r) { r[kOrderDate] = "2031-04-01"; },
    [](Row& r) { r[kCurrency] = "POUNDS"; },
    [](Row& r) { r[kRejectReason] = "did not like the colour"; },
    [](Row& r) { r[kCountry] = "Malaysia or thereabouts"; },
};

}  // namespace

void WriteSuppliers(std::ostream& out, const std::vector<Supplier>& suppliers) {
  out << "id,name,aliases,company_number,country_code,owners\n";
  for (const Supplier& s : suppliers) {
    out << s.id << "," << Quoted(s.name) << "," << Quoted(s.alias) << ",," << s.country << ","
        << Quoted(s.owners) << "\n";
  }
}

void WritePurchases(std::ostream& out, const std::vector<Line>& lines) {
  WriteRow(out, Headings(), kCouncil);
  for (const Line& line : lines) WriteRow(out, RowOf(line), kCouncil);
}

void WritePurchasesWithErrors(std::ostream& out, const std::vector<Line>& lines) {
  std::vector<Row> good;
  for (const Line& line : lines) {
    if (line.council->id == "ken" && line.ordered.year() == 2020) good.push_back(RowOf(line));
  }
  WriteRow(out, Headings(), kReference);
  if (good.empty()) return;
  // Two good lines before each bad one; references of their own, so that the
  // file can be sent after the others.
  size_t next = 0;
  const auto take = [&] {
    Row row = good[next++ % good.size()];
    row[kReference] = absl::StrFormat("DEMO-ERR-%03d", next);
    return row;
  };
  for (const Mistake make : kMistakes) {
    for (int i = 0; i < 2; ++i) WriteRow(out, take(), kReference);
    Row bad = take();
    make(bad);
    WriteRow(out, bad, kReference);
  }
}

}  // namespace steelyard::demo
