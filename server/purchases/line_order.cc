// What was ordered, and from whom.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "server/purchases/checked_line.h"
#include "storage/base/checked.h"
#include "storage/base/text.h"

namespace steelyard::purchases {
namespace {

// Sums over every line of the country stay far within 128 bits, and over one
// figure within 63.
constexpr int64_t kMaxSpendMicros = 1'000'000'000'000'000;  // 1,000 million
constexpr int64_t kMaxUnits = 1'000'000'000'000;

// SI 2020/458: six classes of PPE were zero-rated from 1 May to 31 Oct 2020.
const model::Day kZeroRateFrom = *model::Day::FromYmd(2020, 5, 1);
const model::Day kZeroRateTo = *model::Day::FromYmd(2020, 10, 31);
const model::Day kStandardRateFrom = *model::Day::FromYmd(2011, 1, 4);
constexpr int kStandardRate = 2000;

// A price so far off the product's band asks for confirmation.
constexpr int64_t kBandFactor = 10;

std::string PackLevels(const model::Product& product) {
  std::vector<std::string> levels;
  for (const model::PackLevel& l : product.packs) {
    levels.push_back(absl::StrCat(l.base_units, " (", l.display_name, ")"));
  }
  return absl::StrJoin(levels, " or ");
}

std::string_view UnitName(model::BaseUnit unit) {
  switch (unit) {
    case model::BaseUnit::kPiece:
      return "pieces";
    case model::BaseUnit::kPair:
      return "pairs";
    case model::BaseUnit::kMilliliter:
      return "millilitres";
  }
  return "units";
}

}  // namespace

void LineChecker::Line::CheckReference() {
  const std::string& reference = line_.reference();
  if (reference.empty()) {
    Error("REFERENCE_MISSING", "reference", "", "your own reference of the line",
          "Reference is missing; give your own reference of the line, such as order and line "
          "number.");
    return;
  }
  if (!CheckText("reference", reference, model::kMaxReferenceBytes)) return;
  if (reference.front() == ' ' || reference.back() == ' ') {
    Error("REFERENCE_INVALID", "reference", reference, "no space at either end",
          "Reference begins or ends with a space; remove it.");
  }
}

void LineChecker::Line::CheckProduct() {
  const std::string& text = line_.product();
  if (text.empty()) {
    Error("PRODUCT_MISSING", "product", "", "a product of the catalogue",
          "Product is missing; give a product of the catalogue by its id, GTIN or name.");
    return;
  }
  const auto found = checker_.resolver_->ResolveProduct(text);
  if (found) {
    content_.product = found.no;
    product_ = checker_.resolver_->registers().FindProduct(found.no);
    return;
  }
  const std::string shown = Printable(text, 80);
  if (found.ambiguous) {
    Error("PRODUCT_AMBIGUOUS", "product", text, "one product of the catalogue",
          absl::StrCat("Product '", shown, "' stands for more than one product; give its id.",
                       checker_.SuggestProduct(text)));
  } else {
    Error("PRODUCT_UNKNOWN", "product", text, "a product of the catalogue",
          absl::StrCat("Product '", shown, "' is not in the catalogue; give its id, GTIN or name.",
                       checker_.SuggestProduct(text)));
  }
}

void LineChecker::Line::CheckSupplier() {
  const std::string& text = line_.supplier();
  if (text.empty()) {
    Error("SUPPLIER_MISSING", "supplier", "", "a registered supplier",
          "Supplier is missing; give a registered supplier by its id, company number or name.");
    return;
  }
  const auto found = checker_.resolver_->ResolveSupplier(text);
  if (found) {
    content_.supplier = found.no;
    return;
  }
  const std::string shown = Printable(text, 80);
  if (found.ambiguous) {
    Error("SUPPLIER_AMBIGUOUS", "supplier", text, "one registered supplier",
          absl::StrCat("Supplier '", shown,
                       "' stands for more than one supplier; give its company number.",
                       checker_.SuggestSupplier(text)));
  } else {
    Error("SUPPLIER_UNKNOWN", "supplier", text, "a registered supplier",
          absl::StrCat("Supplier '", shown,
                       "' is not registered; give its id, company number or registered name, or "
                       "have new suppliers added.",
                       checker_.SuggestSupplier(text)));
  }
}

void LineChecker::Line::CheckOrderDate() {
  if (!line_.has_order_date()) {
    Error("DATE_MISSING", "order_date", "", "the day of the order",
          "Order date is missing; give the day on which the order was placed.");
    return;
  }
  const std::optional<model::Day> day = CheckDate("order_date", "Order date", line_.order_date());
  if (!day) return;
  content_.order_date = *day;
  has_order_date_ = true;
  if (*day > checker_.today_) {
    Error("DATE_IN_FUTURE", "order_date", day->ToString(), "today or earlier",
          absl::StrCat("Order date ", day->ToString(),
                       " is in the future; give the day on which "
                       "the order was placed."));
  }
  const model::Council* council = checker_.resolver_->registers().FindCouncil(council_);
  if (council != nullptr && council->end_date && *day > *council->end_date) {
    Error("COUNCIL_CLOSED", "order_date", day->ToString(),
          "a day up to " + council->end_date->ToString(),
          absl::StrCat(council->display_name, " ended on ", council->end_date->ToString(),
                       "; send later orders for the council that took over."));
  }
  if (product_ == nullptr) return;
  if ((product_->start_date && *day < *product_->start_date) ||
      (product_->end_date && *day > *product_->end_date)) {
    Add(Severity::kWarning, "PRODUCT_NOT_CURRENT", "order_date", day->ToString(),
        "a day on which the product is in the catalogue",
        absl::StrCat("'", product_->display_name, "' was not in the catalogue on ", day->ToString(),
                     "; check product and date."));
  }
}

void LineChecker::Line::CheckAmounts() {
  bool ok = CheckRange("packs", "Packs", line_.packs(), 1, model::kMaxPacks);
  ok &= CheckRange("pack_content", "Pack content", line_.pack_content(), 1, model::kMaxPackContent);
  if (line_.pack_price_micros() == 0) {
    Error("PRICE_MISSING", "pack_price_micros", "0", "the price of one pack without VAT",
          "Pack price is 0 or missing; give the price of one pack without VAT and freight.");
    ok = false;
  } else {
    ok &= CheckRange("pack_price_micros", "Pack price in millionths", line_.pack_price_micros(), 1,
                     model::kMaxPackPriceMicros);
  }
  const std::string& code = line_.currency_code().empty() ? "GBP" : line_.currency_code();
  if (const auto currency = model::Currency::Parse(code)) {
    content_.currency = *currency;
  } else {
    Error("CURRENCY_INVALID", "currency_code", code, "an ISO 4217 code such as GBP",
          absl::StrCat("Currency is '", Printable(code, 20),
                       "'; give three capital letters such "
                       "as GBP."));
  }
  if (line_.has_freight_micros() &&
      CheckRange("freight_micros", "Freight in millionths", line_.freight_micros(), 0,
                 model::kMaxFreightMicros)) {
    content_.freight_micros = line_.freight_micros();
  }
  content_.price_confirmed = line_.price_confirmed();
  if (!ok) return;
  content_.packs = line_.packs();
  content_.pack_content = line_.pack_content();
  content_.pack_price_micros = line_.pack_price_micros();
  if (content_.spend_micros() > kMaxSpendMicros || content_.units() > kMaxUnits) {
    const int64_t spend = Saturate(content_.spend_micros());
    Error("LINE_TOO_LARGE", "packs", absl::StrCat(content_.packs),
          "a line worth at most 1,000,000,000 and of at most 1,000,000,000,000 units",
          absl::StrCat("The line is worth ", MoneyText(spend), " for ", content_.units(),
                       " units, more than any council buys at once; check packs, pack content and "
                       "price."));
    return;
  }
  amounts_ok_ = true;
}

void LineChecker::Line::CheckPackContent() {
  if (!amounts_ok_ || product_ == nullptr || product_->any_pack || product_->packs.empty()) return;
  // A pack of another size is fine if it fills, or is filled by, a usual one.
  const int64_t content = content_.pack_content;
  for (const model::PackLevel& l : product_->packs) {
    if (l.base_units > 0 && (content % l.base_units == 0 || l.base_units % content == 0)) return;
  }
  const std::string expected = PackLevels(*product_);
  Error("PACK_CONTENT_MISMATCH", "pack_content", absl::StrCat(content), expected,
        absl::StrCat("Pack content is ", content, " ", Av(UnitName(product_->base_unit)), ", but '",
                     product_->display_name, "' comes in packs of ", expected, "; give the ",
                     Av(UnitName(product_->base_unit)), " in one pack."));
}

void LineChecker::Line::CheckVat() {
  if (!line_.has_vat_rate_basis_points()) return;
  const int32_t rate = line_.vat_rate_basis_points();
  if (!CheckRange("vat_rate_basis_points", "VAT rate in hundredths of a percent", rate, 0,
                  10'000)) {
    return;
  }
  content_.vat_basis_points = rate;
  if (product_ == nullptr || !has_order_date_ || content_.currency != model::Currency::Gbp() ||
      content_.order_date < kStandardRateFrom) {
    return;
  }
  const bool zero_rated = product_->vat_class == "ppe-zero-2020" &&
                          content_.order_date >= kZeroRateFrom &&
                          content_.order_date <= kZeroRateTo;
  const int32_t right = zero_rated ? 0 : kStandardRate;
  if (rate == right) return;
  const std::string found = absl::StrFormat("%g %%", rate / 100.0);
  const std::string expected = absl::StrFormat("%g %%", right / 100.0);
  Add(Severity::kWarning, "VAT_RATE_UNEXPECTED", "vat_rate_basis_points", found, expected,
      absl::StrCat("VAT rate is ", found, ", but '", product_->display_name, "' ordered on ",
                   content_.order_date.ToString(), " bears ", expected,
                   "; check that the price excludes VAT."));
}

void LineChecker::Line::CheckPriceBand() {
  if (!amounts_ok_ || product_ == nullptr || product_->band_high_micros == 0 ||
      content_.currency != model::Currency::Gbp() || content_.price_confirmed) {
    return;
  }
  const int64_t price = content_.unit_price_micros();
  const bool high = price / kBandFactor > product_->band_high_micros;
  const bool low = price < product_->band_low_micros / kBandFactor;
  if (!high && !low) return;
  const std::string expected = absl::StrCat("£", MoneyText(product_->band_low_micros), " to £",
                                            MoneyText(product_->band_high_micros), " a unit");
  Add(Severity::kConfirm, "PRICE_UNUSUAL", "pack_price_micros", "£" + MoneyText(price) + " a unit",
      expected,
      absl::StrCat("Price is £", MoneyText(price), " a unit, more than ten times ",
                   high ? "above" : "below", " the usual ", expected, " for '",
                   product_->display_name,
                   "'; check packs, pack content and price, or confirm it by setting "
                   "price_confirmed."));
}

}  // namespace steelyard::purchases
