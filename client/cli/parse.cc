#include "client/cli/parse.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/civil_time.h"
#include "client/import/numbers.h"
#include "client/import/status_macros.h"

namespace steelyard::cli {
namespace {

// All digits, at most four of them; -1 for anything else.
int SmallNumber(std::string_view text) {
  if (text.empty() || text.size() > 4) return -1;
  int number = 0;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

v1::Month MakeMonth(int year, int month) {
  v1::Month result;
  result.set_year(year);
  result.set_month(month);
  return result;
}

bool IsYear(int year) { return year >= 2000 && year <= 2100; }

// A year, a quarter or a month, as its first and last month.
absl::StatusOr<std::pair<v1::Month, v1::Month>> ParseSpan(const std::string& text) {
  const int year = SmallNumber(std::string_view(text).substr(0, 4));
  if (IsYear(year) && text.size() == 4) {
    return std::make_pair(MakeMonth(year, 1), MakeMonth(year, 12));
  }
  const bool quarter = text.size() == 7 && (text[5] == 'Q' || text[5] == 'q') && text[6] >= '1' &&
                       text[6] <= '4' && text[4] == '-';
  if (IsYear(year) && quarter) {
    const int last = (text[6] - '0') * 3;
    return std::make_pair(MakeMonth(year, last - 2), MakeMonth(year, last));
  }
  ASSIGN_OR_RETURN(const v1::Month month, ParseMonth(text));
  return std::make_pair(month, month);
}

using importing::NumberStyle;
using Setter = std::function<absl::Status(const std::string&, v1::Purchase&)>;

Setter Text(void (v1::Purchase::*set)(const std::string&)) {
  return [set](const std::string& value, v1::Purchase& purchase) {
    (purchase.*set)(value);
    return absl::OkStatus();
  };
}

// A decimal number times 10^scale; `units` 0 takes whole numbers.
Setter Number(int scale, std::function<void(v1::Purchase&, int64_t)> set) {
  return [scale, set](const std::string& value, v1::Purchase& purchase) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t number, importing::ParseDecimal(value, NumberStyle(), scale));
    set(purchase, number);
    return absl::OkStatus();
  };
}

Setter Date(google::type::Date* (v1::Purchase::*mutable_date)()) {
  return [mutable_date](const std::string& value, v1::Purchase& purchase) -> absl::Status {
    ASSIGN_OR_RETURN(*(purchase.*mutable_date)(), ParseDate(value));
    return absl::OkStatus();
  };
}

Setter YesOrNo(void (v1::Purchase::*set)(bool)) {
  return [set](const std::string& value, v1::Purchase& purchase) -> absl::Status {
    ASSIGN_OR_RETURN(const bool yes, importing::ParseBool(value));
    (purchase.*set)(yes);
    return absl::OkStatus();
  };
}

absl::Status SetRejectReason(const std::string& value, v1::Purchase& purchase) {
  std::string name = absl::AsciiStrToUpper(value);
  for (char& c : name) c = c == ' ' || c == '-' ? '_' : c;
  v1::Quality::RejectReason reason;
  if (!v1::Quality::RejectReason_Parse(name, &reason)) {
    return absl::InvalidArgumentError(
        "is no reason; say wrong product, damaged, certificate, failed test, expired, recalled or "
        "other");
  }
  purchase.mutable_quality()->set_reject_reason(reason);
  return absl::OkStatus();
}

// 2020-04-03:100;2020-04-09:50 is two deliveries; nothing is none.
absl::Status SetDeliveries(const std::string& value, v1::Purchase& purchase) {
  for (const auto part : absl::StrSplit(value, ';', absl::SkipWhitespace())) {
    const std::vector<std::string> sides = absl::StrSplit(part, ':');
    int64_t packs = 0;
    if (sides.size() != 2 || !absl::SimpleAtoi(sides[1], &packs)) {
      return absl::InvalidArgumentError("should read like 2020-04-03:100;2020-04-09:50");
    }
    v1::Delivery& delivery = *purchase.add_deliveries();
    ASSIGN_OR_RETURN(*delivery.mutable_date(), ParseDate(sides[0]));
    delivery.set_packs(packs);
  }
  return absl::OkStatus();
}

struct FieldToSet {
  const char* path;  // in the mask
  Setter set;
};

const std::map<std::string, FieldToSet>& Fields() {
  using P = v1::Purchase;
  const auto quality_text = [](void (v1::Quality::*set)(const std::string&)) {
    return [set](const std::string& value, P& purchase) {
      (purchase.mutable_quality()->*set)(value);
      return absl::OkStatus();
    };
  };
  static const auto* const fields = new std::map<std::string, FieldToSet>{
      {"product", {"product", Text(&P::set_product<const std::string&>)}},
      {"supplier", {"supplier", Text(&P::set_supplier<const std::string&>)}},
      {"order_date", {"order_date", Date(&P::mutable_order_date)}},
      {"packs", {"packs", Number(0, [](P& p, int64_t n) { p.set_packs(n); })}},
      {"pack_content", {"pack_content", Number(0, [](P& p, int64_t n) { p.set_pack_content(n); })}},
      {"pack_price",
       {"pack_price_micros", Number(6, [](P& p, int64_t n) { p.set_pack_price_micros(n); })}},
      {"currency", {"currency_code", Text(&P::set_currency_code<const std::string&>)}},
      {"vat_rate",
       {"vat_rate_basis_points", Number(2,
                                        [](P& p, int64_t n) {
                                          p.set_vat_rate_basis_points(static_cast<int32_t>(
                                              std::min<int64_t>(n, INT32_MAX)));
                                        })}},
      {"freight", {"freight_micros", Number(6, [](P& p, int64_t n) { p.set_freight_micros(n); })}},
      {"promised_date", {"promised_date", Date(&P::mutable_promised_date)}},
      {"deliveries", {"deliveries", &SetDeliveries}},
      {"accepted_packs",
       {"quality.accepted_packs",
        Number(0, [](P& p, int64_t n) { p.mutable_quality()->set_accepted_packs(n); })}},
      {"rejected_packs",
       {"quality.rejected_packs",
        Number(0, [](P& p, int64_t n) { p.mutable_quality()->set_rejected_packs(n); })}},
      {"reject_reason", {"quality.reject_reason", &SetRejectReason}},
      {"standard",
       {"quality.standard", quality_text(&v1::Quality::set_standard<const std::string&>)}},
      {"certificate",
       {"quality.certificate", quality_text(&v1::Quality::set_certificate<const std::string&>)}},
      {"country_of_manufacture",
       {"country_of_manufacture", Text(&P::set_country_of_manufacture<const std::string&>)}},
      {"made_in_uk", {"made_in_uk", YesOrNo(&P::set_made_in_uk)}},
      {"price_confirmed", {"price_confirmed", YesOrNo(&P::set_price_confirmed)}},
  };
  return *fields;
}

}  // namespace

absl::StatusOr<google::type::Date> ParseDate(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, '-');
  google::type::Date date;
  if (parts.size() == 3 && parts[0].size() == 4) {
    const int year = SmallNumber(parts[0]);
    const int month = SmallNumber(parts[1]);
    const int day = SmallNumber(parts[2]);
    const absl::CivilDay civil(year, month, day);
    if (year >= 1900 && year <= 2200 && civil.year() == year && civil.month() == month &&
        civil.day() == day) {
      date.set_year(year);
      date.set_month(month);
      date.set_day(day);
      return date;
    }
  }
  return absl::InvalidArgumentError("is not a day; write it as 2020-04-03");
}

absl::StatusOr<v1::Month> ParseMonth(const std::string& text) {
  if (text.size() == 7 && text[4] == '-') {
    const int year = SmallNumber(std::string_view(text).substr(0, 4));
    const int month = SmallNumber(std::string_view(text).substr(5));
    if (IsYear(year) && month >= 1 && month <= 12) return MakeMonth(year, month);
  }
  return absl::InvalidArgumentError(
      "is not a month of the years 2000 to 2100; write it as 2020-04");
}

absl::StatusOr<std::pair<v1::Month, v1::Month>> ParsePeriod(const std::string& text) {
  const size_t dots = text.find("..");
  const auto first = ParseSpan(text.substr(0, dots));
  const auto last = dots == std::string::npos ? first : ParseSpan(text.substr(dots + 2));
  if (!first.ok() || !last.ok()) {
    return absl::InvalidArgumentError(
        "is not a period of the years 2000 to 2100; write it as 2020, 2020-Q2, 2020-04 or "
        "2020-04..2021-03");
  }
  const auto number = [](const v1::Month& m) { return m.year() * 12 + m.month(); };
  if (number(first->first) > number(last->second)) {
    return absl::InvalidArgumentError("ends before it begins");
  }
  return std::make_pair(first->first, last->second);
}

absl::StatusOr<std::pair<v1::Quarter, v1::Quarter>> ParseQuarters(const std::string& text) {
  const auto period = ParsePeriod(text);
  if (!period.ok() || period->first.month() % 3 != 1 || period->second.month() % 3 != 0) {
    return absl::InvalidArgumentError(
        "is not a time of whole quarters, 2000 to 2100; write it as 2022, 2022-Q1 or "
        "2022-Q1..2024-Q4");
  }
  const auto quarter_of = [](const v1::Month& month) {
    v1::Quarter quarter;
    quarter.set_year(month.year());
    quarter.set_quarter((month.month() + 2) / 3);
    return quarter;
  };
  return std::make_pair(quarter_of(period->first), quarter_of(period->second));
}

absl::StatusOr<v1::Quarter> ParseQuarter(const std::string& text) {
  const auto quarters = ParseQuarters(text);
  if (!quarters.ok() || quarters->first.quarter() != quarters->second.quarter() ||
      quarters->first.year() != quarters->second.year()) {
    return absl::InvalidArgumentError(
        "is not a quarter of the years 2000 to 2100; write it as 2022-Q1");
  }
  return quarters->first;
}

absl::StatusOr<int64_t> ParsePercent(const std::string& text) {
  std::string number = text;
  if (absl::EndsWith(number, "%")) number.pop_back();
  const auto points = importing::ParseDecimal(number, NumberStyle(), 2);
  if (!points.ok()) {
    return absl::InvalidArgumentError("is not a percentage; write it as 7.5% or 7.25");
  }
  return *points;
}

absl::Status ParseAssignment(const std::string& text, v1::Purchase& purchase,
                             google::protobuf::FieldMask& mask) {
  const size_t equals = text.find('=');
  const std::string field = text.substr(0, equals);
  const auto found = Fields().find(field);
  if (equals == std::string::npos || found == Fields().end()) {
    return absl::InvalidArgumentError(
        "'" + text + "' sets no field; write FIELD=VALUE with one of " + FieldsToSet());
  }
  const std::string value = text.substr(equals + 1);
  mask.add_paths(found->second.path);
  // An empty value takes the field away.
  if (value.empty()) return absl::OkStatus();
  if (absl::Status status = found->second.set(value, purchase); !status.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(field, ": '", value, "' ", status.message()));
  }
  return absl::OkStatus();
}

std::string FieldsToSet() {
  return absl::StrJoin(Fields(), ", ",
                       [](std::string* out, const auto& entry) { out->append(entry.first); });
}

std::string LowerWord(const std::string& text) { return absl::AsciiStrToLower(text); }

std::string NotOneOf(const std::string& text, const std::vector<std::string>& names) {
  return absl::StrCat("'", text, "' is not one of ", absl::StrJoin(names, ", "));
}

std::function<std::string(std::string&)> OneOf(const std::vector<std::string>& names) {
  return [names](std::string& text) -> std::string {
    const std::string word = LowerWord(text);
    if (std::find(names.begin(), names.end(), word) == names.end()) return NotOneOf(text, names);
    text = word;
    return "";
  };
}

std::function<std::string(const std::string&)> WholeNumber(int64_t least, int64_t most) {
  return [least, most](const std::string& text) -> std::string {
    int64_t number = 0;
    if (absl::SimpleAtoi(text, &number) && number >= least && number <= most) return "";
    return most == INT32_MAX
               ? absl::StrCat("'", text, "' is not a whole number from ", least, " on")
               : absl::StrCat("'", text, "' is not a whole number from ", least, " to ", most);
  };
}

std::function<std::string(const std::string&)> ZeroOrMore() { return WholeNumber(0, INT32_MAX); }

}  // namespace steelyard::cli
