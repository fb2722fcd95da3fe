#include "client/cli/purchase_grids.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

using google::protobuf::RepeatedPtrField;

Cell Count(int64_t count) { return {CountWords(count), absl::StrCat(count)}; }

Cell PackPrice(const v1::Purchase& purchase) {
  const int64_t micros = purchase.pack_price_micros();
  return {MoneyWords(micros, purchase.currency_code(), micros % 10'000 == 0 ? 2 : 6),
          RawAmount(micros)};
}

Cell UnitPrice(const v1::Purchase& purchase, int decimals) {
  const int64_t micros = purchase.unit_price_micros();
  return {MoneyWords(micros, purchase.currency_code(), decimals), RawAmount(micros)};
}

std::string StateWords(const v1::Purchase& purchase) {
  return purchase.state() == v1::Purchase::WITHDRAWN ? "withdrawn" : "";
}

int DecimalsFor(const RepeatedPtrField<v1::Purchase>& purchases) {
  std::vector<int64_t> prices;
  for (const v1::Purchase& purchase : purchases) prices.push_back(purchase.unit_price_micros());
  return PriceDecimals(prices);
}

std::string DeliveryWords(const v1::Purchase& purchase) {
  return absl::StrJoin(
      purchase.deliveries(), "; ", [](std::string* out, const v1::Delivery& delivery) {
        absl::StrAppend(out, CountWords(delivery.packs()), " on ", DateWords(delivery.date()));
      });
}

std::string QualityWords(const v1::Quality& quality) {
  std::string words;
  if (quality.has_accepted_packs()) {
    absl::StrAppend(&words, CountWords(quality.accepted_packs()), " accepted");
  }
  if (quality.has_rejected_packs()) {
    absl::StrAppend(&words, words.empty() ? "" : ", ", CountWords(quality.rejected_packs()),
                    " rejected");
    if (quality.reject_reason() != v1::Quality::REJECT_REASON_UNSPECIFIED) {
      absl::StrAppend(&words, " (",
                      EnumWords(v1::Quality::RejectReason_Name(quality.reject_reason())), ")");
    }
  }
  return words;
}

}  // namespace

Grid GridOf(const RepeatedPtrField<v1::Purchase>& purchases) {
  Grid grid({{"Reference", "reference"},
             {"Ordered", "order_date"},
             {"Product", "product", GridColumn::kWrapped},
             {"Supplier", "supplier", GridColumn::kWrapped},
             {"Packs", "packs", GridColumn::kNumber},
             {"Of", "pack_content", GridColumn::kNumber},
             {"A pack", "pack_price", GridColumn::kNumber},
             {"A unit", "unit_price", GridColumn::kNumber},
             {"", "state"}});
  const int decimals = DecimalsFor(purchases);
  for (const v1::Purchase& p : purchases) {
    grid.Add({p.reference(),
              {DateWords(p.order_date()), RawDate(p.order_date())},
              LastPart(p.product()),
              LastPart(p.supplier()),
              Count(p.packs()),
              Count(p.pack_content()),
              PackPrice(p),
              UnitPrice(p, decimals),
              StateWords(p)});
  }
  return grid;
}

Grid VersionGrid(const RepeatedPtrField<v1::Purchase>& versions) {
  Grid grid({{"Version", "revision", GridColumn::kNumber},
             {"Made", "update_time"},
             {"Product", "product", GridColumn::kWrapped},
             {"Packs", "packs", GridColumn::kNumber},
             {"Of", "pack_content", GridColumn::kNumber},
             {"A pack", "pack_price", GridColumn::kNumber},
             {"", "state"},
             {"Submission", "submission", GridColumn::kWrapped}});
  for (const v1::Purchase& p : versions) {
    const std::string reason =
        p.withdraw_reason().empty() ? "" : absl::StrCat(": ", p.withdraw_reason());
    grid.Add({Count(p.revision()),
              {TimeWords(p.update_time()), RawTime(p.update_time())},
              LastPart(p.product()),
              Count(p.packs()),
              Count(p.pack_content()),
              PackPrice(p),
              StateWords(p) + reason,
              LastPart(p.submission())});
  }
  return grid;
}

Grid DetailGrid(const v1::Purchase& p) {
  Grid grid({{"Field", "field"}, {"Value", "value", GridColumn::kWrapped}});
  const auto add = [&](const char* field, Cell value) {
    if (!value.text.empty() && value.text != kNone) grid.Add({field, std::move(value)});
  };
  add("reference", p.reference());
  add("product", LastPart(p.product()));
  add("supplier", LastPart(p.supplier()));
  add("ordered", {DateWords(p.order_date()), RawDate(p.order_date())});
  add("packs", Count(p.packs()));
  add("units in a pack", Count(p.pack_content()));
  add("price of a pack", PackPrice(p));
  add("price of a unit", UnitPrice(p, PriceDecimals({p.unit_price_micros()})));
  add("currency", p.currency_code());
  if (p.has_vat_rate_basis_points()) {
    add("VAT rate", PercentWords(p.vat_rate_basis_points() / 10'000.0));
  }
  if (p.has_freight_micros()) {
    add("freight",
        {MoneyWords(p.freight_micros(), p.currency_code(), 2), RawAmount(p.freight_micros())});
  }
  add("promised", {DateWords(p.promised_date()), RawDate(p.promised_date())});
  add("delivered", DeliveryWords(p));
  add("on receipt", QualityWords(p.quality()));
  add("standard", p.quality().standard());
  add("certificate", p.quality().certificate());
  add("made in", p.country_of_manufacture());
  if (p.has_made_in_uk()) add("made in the UK", p.made_in_uk() ? "yes" : "no");
  if (p.price_confirmed()) add("price confirmed", "yes");
  add("state", EnumWords(v1::Purchase::State_Name(p.state())));
  add("withdrawn because", p.withdraw_reason());
  add("version", absl::StrCat(p.revision()));
  add("first sent", {TimeWords(p.create_time()), RawTime(p.create_time())});
  add("last changed", {TimeWords(p.update_time()), RawTime(p.update_time())});
  add("submission", LastPart(p.submission()));
  add("etag", p.etag());
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::Submission>& submissions) {
  Grid grid({{"Receipt", "sequence", GridColumn::kNumber},
             {"Received", "create_time"},
             {"State", "state"},
             {"New", "created_lines", GridColumn::kNumber},
             {"Corrected", "corrected_lines", GridColumn::kNumber},
             {"Unchanged", "unchanged_lines", GridColumn::kNumber},
             {"Rejected", "rejected_lines", GridColumn::kNumber},
             {"Submission", "submission", GridColumn::kWrapped}});
  for (const v1::Submission& s : submissions) {
    grid.Add({s.sequence() == 0 ? Cell(std::string(kNone), "0") : Count(s.sequence()),
              {TimeWords(s.create_time()), RawTime(s.create_time())},
              EnumWords(v1::Submission::State_Name(s.state())),
              Count(s.created_lines()),
              Count(s.corrected_lines()),
              Count(s.unchanged_lines()),
              Count(s.rejected_lines()),
              LastPart(s.name())});
  }
  return grid;
}

Grid GridOf(const v1::PublicationStatus& status) {
  Grid grid({{"Lines", "lines", GridColumn::kNumber}, {"Where they are", "where"}});
  grid.Add({Count(status.active_lines()), {"in all", "active"}});
  grid.Add(
      {Count(status.published_lines()),
       {absl::StrCat("in edition ", CountWords(status.edition()), ", the newest"), "published"}});
  grid.Add({Count(status.queued_lines()), {"next in line, normally gone in seconds", "queued"}});
  grid.Add({Count(status.waiting_lines()),
            {"waiting until more councils report, so as not to show yours", "waiting"}});
  return grid;
}

}  // namespace steelyard::cli
