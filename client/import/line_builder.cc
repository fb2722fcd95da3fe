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
constexpr size_t kMessageCharacters = 60;
constexpr std::string_view kAmount = "an amount such as 12.50, with at most 6 decimals";
constexpr std::string_view kCount = "a whole number such as 100";

std::string_view Message(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

// Whether the text lost a character on its way, or holds a NUL.
bool IsDamaged(std::string_view text) {
  return text.find('\0') != std::string_view::npos ||
         text.find(kReplacement) != std::string_view::npos;
}

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
  CheckStructure();
  if (row_.quotes != Row::Quotes::kNotClosed) {
    BuildOrder();
    BuildDeliveries();
    BuildQuality();
    CheckDamage();
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
      Blame({"NUMBER_INVALID", "a rate in percent, 0 to 100"}, FieldName(Field::kVatRate), *rate,
            points.ok() ? "is not between 0 and 100 percent" : Message(points.status()));
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
      Missing(bound.packs_name, packs);
    } else {
      count = CountIn(packs, bound.packs_name);
    }
    if (date.text.empty() && count == 0) {
      continue;  // nothing came, in so many words
    }
    Delivery delivery;
    delivery.set_packs(count.value_or(0));
    if (date.text.empty()) {
      Missing(bound.date_name, date);
    } else if (DateIn(date, bound.date_name, delivery.mutable_date()) && count.has_value()) {
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
      Blame({"REASON_UNKNOWN", ReasonNames()}, FieldName(Field::kRejectReason), *reason,
            absl::StrCat("is not a reason that is known; write ", ReasonNames()));
    }
  }
  if (quality.ByteSizeLong() > 0) {
    *line_.purchase.mutable_quality() = std::move(quality);
  }
}

void LineBuilder::CheckStructure() {
  if (row_.quotes != Row::Quotes::kGood) {
    const std::string name = NameOf(row_.bad_cell);
    Add("QUOTES_INVALID", "", row_.cells[row_.bad_cell], "each quotation mark inside a cell twice",
        row_.quotes == Row::Quotes::kNotClosed
            ? absl::StrCat("A quotation mark is opened in ", name,
                           " and never closed, so the rest of the file belongs to it; close it, or "
                           "double it if it is meant")
            : absl::StrCat(name,
                           " goes on after its closing quotation mark; double each quotation mark "
                           "that is meant"));
  }
  const size_t width = mapper_.headings_.size();
  if (width == 0 || row_.cells.size() <= width) {
    return;
  }
  const auto extra =
      std::find_if(row_.cells.begin() + static_cast<std::ptrdiff_t>(width), row_.cells.end(),
                   [](std::string_view cell) { return !Trim(cell).empty(); });
  if (extra != row_.cells.end()) {
    Add("ROW_TOO_WIDE", "", *extra, absl::StrCat("at most ", width, " cells"),
        absl::StrCat("The row has ", row_.cells.size(), " cells and the header has ", width,
                     "; put a cell that holds the separator in quotation marks"));
  }
}

void LineBuilder::CheckDamage() {
  for (size_t i = 0; i < row_.cells.size(); ++i) {
    if (!IsDamaged(row_.cells[i])) {
      continue;
    }
    const bool used = i < mapper_.used_for_.size() && !mapper_.used_for_[i].empty();
    Problem& problem = Add(
        "TEXT_DAMAGED", used ? std::string_view(mapper_.used_for_[i]) : "", row_.cells[i],
        "text without characters that are lost",
        absl::StrCat(NameOf(i), " is '", Shown(row_.cells[i], kMessageCharacters),
                     "', which holds a character that cannot be read; type it again, or save the "
                     "file as UTF-8"));
    problem.set_severity(used ? Problem::ERROR : Problem::WARNING);
  }
}

// |total - packs x price| <= tolerance + packs x tolerance_per_pack.
void LineBuilder::CheckTotal() {
  if (!mapper_.profile_->total.has_value()) {
    return;
  }
  const TotalCheck& check = *mapper_.profile_->total;
  const std::string name = NameOf(static_cast<size_t>(mapper_.total_column_));
  const std::string_view text = CellAt(row_, mapper_.total_column_);
  const Cell cell{text, text, name};
  if (cell.text.empty()) {
    return;
  }
  const auto total = ParseDecimal(cell.text, mapper_.profile_->numbers, 6);
  if (!total.ok()) {
    Blame({"NUMBER_INVALID", kAmount}, "", cell, Message(total.status()));
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
  Blame({"TOTAL_DIFFERS", sum}, FieldName(Field::kPackPrice), cell,
        absl::StrCat("is not ", sum, "; correct the one that is wrong"));
  line_.problems.back().set_severity(check.reject ? Problem::ERROR : Problem::WARNING);
}

std::optional<Cell> LineBuilder::Get(Field field) {
  const std::optional<BoundSource>& source = mapper_.fields_[static_cast<int>(field)];
  if (!source.has_value()) {
    if (IsRequired(field)) {
      Add("VALUE_MISSING", FieldName(field), "", "a value",
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
    Missing(FieldName(field), cell);
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
      Missing(FieldName(field), divisor);
      return std::nullopt;
    }
    const std::optional<int64_t> count = CountIn(divisor, FieldName(field));
    if (!count.has_value()) {
      return std::nullopt;
    }
    amount = Divide(*amount, *count, bound.source().round);
  }
  if (!amount.ok()) {
    Blame({"NUMBER_INVALID", kAmount}, FieldName(field), *cell, Message(amount.status()));
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
    Blame({"NUMBER_INVALID", kCount}, name, cell, Message(count.status()));
    return std::nullopt;
  }
  return *count;
}

// On the wire 0 means that a value is missing, so a 0 in the file is refused
// here, where its cell is known.
void LineBuilder::AtLeastOne(Field field, std::optional<int64_t>& value,
                             std::string_view expected) {
  if (value.has_value() && *value < 1) {
    Blame({"NUMBER_INVALID", expected}, FieldName(field),
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
    Blame({"YES_NO_INVALID", "yes or no"}, FieldName(field), *cell, Message(value.status()));
    return std::nullopt;
  }
  return *value;
}

bool LineBuilder::Date(Field field, google::type::Date* (Purchase::*target)()) {
  const std::optional<Cell> cell = Get(field);
  google::type::Date date;
  if (!cell.has_value() || !DateIn(*cell, FieldName(field), &date)) {
    return false;
  }
  *(line_.purchase.*target)() = date;
  return true;
}

bool LineBuilder::DateIn(const Cell& cell, std::string_view name, google::type::Date* date) {
  const auto day = ParseDate(cell.text, mapper_.profile_->dates);
  if (!day.ok()) {
    std::vector<std::string> formats;
    for (const DateFormat& format : mapper_.profile_->dates.formats) {
      formats.push_back(format.text());
    }
    Blame({"DATE_INVALID", absl::StrCat("a day written as ", OneOf(formats))}, name, cell,
          Message(day.status()));
    return false;
  }
  date->set_year(day->year);
  date->set_month(day->month);
  date->set_day(day->day);
  return true;
}

void LineBuilder::Blame(const Fault& fault, std::string_view field, const Cell& cell,
                        std::string_view clause) {
  Add(fault.code, field, cell.found, fault.expected,
      absl::StrCat(Av(cell.name), " is '", Shown(cell.found, kMessageCharacters), "', which ",
                   Av(clause)));
}

void LineBuilder::Missing(std::string_view field, const Cell& cell) {
  Add("VALUE_MISSING", field, cell.found, "a value",
      cell.found.empty()
          ? absl::StrCat(Av(cell.name), " is empty, and the purchase needs it")
          : absl::StrCat(Av(cell.name), " is '", Shown(cell.found, kMessageCharacters),
                         "', which stands for nothing, and the purchase needs it"));
}

LineBuilder::Problem& LineBuilder::Add(std::string_view code, std::string_view field,
                                       std::string_view found, std::string_view expected,
                                       std::string_view message) {
  Problem& problem = line_.problems.emplace_back();
  problem.set_row(row_.line);
  problem.set_field(std::string(field));
  problem.set_found(Shown(found, kFoundCharacters));
  problem.set_expected(std::string(expected));
  problem.set_severity(Problem::ERROR);
  problem.set_code(std::string(code));
  problem.set_message(absl::StrCat("Row ", row_.line, ": ", Av(message), "."));
  return problem;
}

std::string LineBuilder::NameOf(size_t column) const {
  const std::vector<std::string>& headings = mapper_.headings_;
  return column < headings.size() && !Trim(headings[column]).empty()
             ? std::string(Trim(headings[column]))
             : absl::StrCat("column ", column + 1);
}

}  // namespace steelyard::importing
