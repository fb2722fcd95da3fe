#include "client/import/line_builder.h"

#include <algorithm>
#include <cstring>

#include "absl/numeric/int128.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

using steelyard::v1::Delivery;
using steelyard::v1::Purchase;
using steelyard::v1::Quality;

constexpr size_t kFoundCharacters = 200;
constexpr std::string_view kCount = "a whole number such as 100";

std::string ReasonNames() {
  std::vector<std::string> names;
  for (int i = 1; i < Quality::RejectReason_ARRAYSIZE; ++i) {
    std::string name = Quality::RejectReason_Name(static_cast<Quality::RejectReason>(i));
    absl::AsciiStrToLower(&name);
    names.push_back(absl::StrReplaceAll(name, {{"_", " "}}));
  }
  return OneOf(names);
}

}  // namespace

void LineBuilder::Build() {
  problems_.CheckStructure();
  if (row_.quotes != Row::Quotes::kNotClosed) {
    BuildOrder();
    BuildDeliveries();
    BuildQuality();
    problems_.CheckDamage(mapper_.used_for_);
  }
  for (Problem& problem : line_.problems) {
    problem.set_reference(Shown(line_.purchase.reference(), kFoundCharacters));
  }
}

void LineBuilder::BuildOrder() {
  Purchase& purchase = line_.purchase;
  line_.council = Text(Field::kCouncil);
  purchase.set_reference(Text(Field::kReference));
  purchase.set_product(Text(Field::kProduct));
  purchase.set_supplier(Text(Field::kSupplier));
  Date(Field::kOrderDate, &Purchase::mutable_order_date);
  Date(Field::kPromisedDate, &Purchase::mutable_promised_date);
  std::optional<int64_t> packs = Count(Field::kPacks);
  std::optional<int64_t> content = Count(Field::kPackContent);
  std::optional<int64_t> price = Amount(Field::kPackPrice);
  AtLeastOne(Field::kPacks, packs, "a whole number, 1 or more");
  AtLeastOne(Field::kPackContent, content, "a whole number, 1 or more");
  AtLeastOne(Field::kPackPrice, price, "a price above 0");
  purchase.set_packs(packs.value_or(0));
  purchase.set_pack_content(content.value_or(0));
  purchase.set_pack_price_micros(price.value_or(0));
  if (packs.has_value() && price.has_value()) {
    CheckTotal();
  }
  purchase.set_currency_code(absl::AsciiStrToUpper(Text(Field::kCurrencyCode)));
  if (const std::optional<int64_t> freight = Amount(Field::kFreight)) {
    purchase.set_freight_micros(*freight);
  }
  if (const std::optional<Cell> rate = Get(Field::kVatRate)) {
    const Source& source = mapper_.fields_[static_cast<int>(Field::kVatRate)]->source();
    const auto points = ParsePercent(rate->text, mapper_.profile_->numbers, source.fraction);
    if (points.ok() && *points >= 0 && *points <= 10'000) {
      purchase.set_vat_rate_basis_points(static_cast<int32_t>(*points));
    } else {
      problems_.Blame({"NUMBER_INVALID", "a rate in percent, 0 to 100"}, FieldName(Field::kVatRate),
                      *rate,
                      points.ok() ? "is not between 0 and 100 percent" : ClauseOf(points.status()));
    }
  }
  purchase.set_country_of_manufacture(absl::AsciiStrToUpper(Text(Field::kCountryOfManufacture)));
  if (const std::optional<bool> made = YesNo(Field::kMadeInUk)) {
    purchase.set_made_in_uk(*made);
  }
  purchase.set_price_confirmed(YesNo(Field::kPriceConfirmed).value_or(false));
}

void LineBuilder::BuildDeliveries() {
  for (const RowMapper::BoundDelivery& bound : mapper_.deliveries_) {
    const Cell date = bound.date.Get(row_);
    const Cell packs = bound.packs.Get(row_);
    if (date.text.empty() && (packs.text.empty() || !bound.own_packs)) {
      continue;  // nothing came
    }
    std::optional<int64_t> count;
    if (packs.text.empty()) {
      problems_.Missing(bound.packs_name, packs);
    } else {
      count = CountIn(packs, bound.packs_name);
    }
    if (date.text.empty() && count == 0) {
      continue;  // nothing came, in so many words
    }
    Delivery delivery;
    delivery.set_packs(count.value_or(0));
    if (date.text.empty()) {
      problems_.Missing(bound.date_name, date);
    } else if (problems_.ReadDate(date, bound.date_name, mapper_.profile_->dates,
                                  delivery.mutable_date()) &&
               count.has_value()) {
      *line_.purchase.add_deliveries() = std::move(delivery);
    }
  }
}

void LineBuilder::BuildQuality() {
  const std::optional<int64_t> accepted = Count(Field::kAcceptedPacks);
  const std::optional<int64_t> rejected = Count(Field::kRejectedPacks);
  const std::string standard = Text(Field::kStandard);
  const std::string certificate = Text(Field::kCertificate);
  Quality quality;
  if (accepted.has_value()) quality.set_accepted_packs(*accepted);
  if (rejected.has_value()) quality.set_rejected_packs(*rejected);
  quality.set_standard(standard);
  quality.set_certificate(certificate);
  if (const std::optional<Cell> reason = Get(Field::kRejectReason)) {
    const std::string name =
        absl::AsciiStrToUpper(absl::StrReplaceAll(Tidy(reason->text), {{" ", "_"}, {"-", "_"}}));
    Quality::RejectReason value;
    if (Quality::RejectReason_Parse(name, &value)) {
      quality.set_reject_reason(value);
    } else {
      problems_.Blame({"REASON_UNKNOWN", ReasonNames()}, FieldName(Field::kRejectReason), *reason,
                      absl::StrCat("is not a reason that is known; write ", ReasonNames()));
    }
  }
  if (quality.ByteSizeLong() > 0) {
    *line_.purchase.mutable_quality() = std::move(quality);
  }
}

// |total - packs x price| <= tolerance + packs x tolerance_per_pack.
void LineBuilder::CheckTotal() {
  if (!mapper_.profile_->total.has_value()) {
    return;
  }
  const TotalCheck& check = *mapper_.profile_->total;
  const std::string name = problems_.NameOf(static_cast<size_t>(mapper_.total_column_));
  const std::string_view text = CellAt(row_, mapper_.total_column_);
  const Cell cell{text, text, name};
  if (cell.text.empty()) {
    return;
  }
  const auto total = ParseDecimal(cell.text, mapper_.profile_->numbers, 6);
  if (!total.ok()) {
    problems_.Blame({"NUMBER_INVALID", kAmountExpected}, "", cell, ClauseOf(total.status()));
    return;
  }
  const absl::int128 packs = line_.purchase.packs();
  const absl::int128 product = packs * line_.purchase.pack_price_micros();
  const absl::int128 difference = product > *total ? product - *total : *total - product;
  if (difference <= check.tolerance_micros + packs * check.tolerance_per_pack_micros) {
    return;
  }
  const std::string sum = absl::StrCat(line_.purchase.packs(), " packs at ",
                                       MicrosText(line_.purchase.pack_price_micros()));
  problems_.Blame({"TOTAL_DIFFERS", sum}, FieldName(Field::kPackPrice), cell,
                  absl::StrCat("is not ", sum, "; correct the one that is wrong"));
  line_.problems.back().set_severity(check.reject ? Problem::ERROR : Problem::WARNING);
}

std::optional<Cell> LineBuilder::Get(Field field) {
  const std::optional<BoundSource>& source = mapper_.fields_[static_cast<int>(field)];
  if (!source.has_value()) {
    if (IsRequired(field)) {
      problems_.Add("VALUE_MISSING", FieldName(field), "", "a value",
                    absl::StrCat("The profile '", mapper_.profile_->name, "' gives no ",
                                 absl::StrReplaceAll(Av(FieldKey(field)), {{"_", " "}}),
                                 ", and a purchase needs one"));
    }
    return std::nullopt;
  }
  const Cell cell = source->Get(row_);
  if (!cell.text.empty()) {
    return cell;
  }
  if (IsRequired(field)) {
    problems_.Missing(FieldName(field), cell);
  }
  return std::nullopt;
}

std::string LineBuilder::Text(Field field) {
  const std::optional<Cell> cell = Get(field);
  return cell.has_value() ? Tidy(cell->text) : std::string();
}

std::optional<int64_t> LineBuilder::Amount(Field field) {
  const std::optional<Cell> cell = Get(field);
  if (!cell.has_value()) {
    return std::nullopt;
  }
  const BoundSource& bound = *mapper_.fields_[static_cast<int>(field)];
  const NumberStyle& style = mapper_.profile_->numbers;
  auto amount = ParseDecimal(cell->text, style, 6, bound.source().round);
  if (amount.ok() && bound.divides()) {
    const Cell divisor = bound.GetDivisor(row_);
    if (divisor.text.empty()) {
      problems_.Missing(FieldName(field), divisor);
      return std::nullopt;
    }
    const std::optional<int64_t> count = CountIn(divisor, FieldName(field));
    if (!count.has_value()) {
      return std::nullopt;
    }
    amount = Divide(*amount, *count, bound.source().round);
  }
  if (!amount.ok()) {
    problems_.Blame({"NUMBER_INVALID", kAmountExpected}, FieldName(field), *cell,
                    ClauseOf(amount.status()));
    return std::nullopt;
  }
  return *amount;
}

std::optional<int64_t> LineBuilder::Count(Field field) {
  const std::optional<Cell> cell = Get(field);
  return cell.has_value() ? CountIn(*cell, FieldName(field)) : std::nullopt;
}

std::optional<int64_t> LineBuilder::CountIn(const Cell& cell, std::string_view name) {
  const auto count = ParseCount(cell.text, mapper_.profile_->numbers);
  if (!count.ok()) {
    problems_.Blame({"NUMBER_INVALID", kCount}, name, cell, ClauseOf(count.status()));
    return std::nullopt;
  }
  return *count;
}

// On the wire 0 means that a value is missing, so a 0 in the file is refused
// here, where its cell is known.
void LineBuilder::AtLeastOne(Field field, std::optional<int64_t>& value,
                             std::string_view expected) {
  if (value.has_value() && *value < 1) {
    problems_.Blame(
        {"NUMBER_INVALID", expected}, FieldName(field),
        mapper_.fields_[static_cast<int>(field)]->Get(row_),
        absl::StrCat("is not ", Av(expected), *value < 0 ? "; leave credit notes out" : ""));
    value.reset();
  }
}

std::optional<bool> LineBuilder::YesNo(Field field) {
  const std::optional<Cell> cell = Get(field);
  if (!cell.has_value()) {
    return std::nullopt;
  }
  const auto value = ParseBool(cell->text);
  if (!value.ok()) {
    problems_.Blame({"YES_NO_INVALID", "yes or no"}, FieldName(field), *cell,
                    ClauseOf(value.status()));
    return std::nullopt;
  }
  return *value;
}

bool LineBuilder::Date(Field field, google::type::Date* (Purchase::*target)()) {
  const std::optional<Cell> cell = Get(field);
  google::type::Date date;
  if (!cell.has_value() ||
      !problems_.ReadDate(*cell, FieldName(field), mapper_.profile_->dates, &date)) {
    return false;
  }
  *(line_.purchase.*target)() = date;
  return true;
}

}  // namespace steelyard::importing
