#include "server/purchases/line_checker.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "server/purchases/checked_line.h"
#include "server/rpc/convert.h"
#include "storage/base/text.h"

namespace steelyard::purchases {
namespace {

template <typename No, typename Find>
std::string Hint(const std::vector<No>& suggestions, Find find) {
  std::vector<std::string> names;
  for (const No& no : suggestions) {
    if (const auto* entry = find(no)) {
      names.push_back(absl::StrCat("'", entry->display_name, "' (", entry->id, ")"));
    }
  }
  return names.empty() ? "" : " Did you mean " + absl::StrJoin(names, " or ") + "?";
}

}  // namespace

LineChecker::LineChecker(std::shared_ptr<const directory::Resolver> resolver, model::Day today)
    : resolver_(std::move(resolver)), today_(today) {}

CheckedLine LineChecker::Check(int64_t row, model::CouncilNo council, const v1::Purchase& line,
                               std::vector<model::Problem>& problems) {
  return Line(*this, row, council, line, problems).Run();
}

const std::string& LineChecker::SuggestProduct(std::string_view text) {
  auto [it, added] = product_hints_.try_emplace(std::string(text));
  if (added) {
    const model::Registers& r = resolver_->registers();
    it->second = Hint(resolver_->SuggestProducts(text),
                      [&](model::ProductNo no) { return r.FindProduct(no); });
  }
  return it->second;
}

const std::string& LineChecker::SuggestSupplier(std::string_view text) {
  auto [it, added] = supplier_hints_.try_emplace(std::string(text));
  if (added) {
    const model::Registers& r = resolver_->registers();
    it->second = Hint(resolver_->SuggestSuppliers(text),
                      [&](model::SupplierNo no) { return r.FindSupplier(no); });
    unknown_suppliers_.emplace_back(text);
  }
  return it->second;
}

std::string MoneyText(int64_t micros) {
  std::string text = absl::StrFormat("%d.%06d", micros / 1'000'000, micros % 1'000'000);
  const size_t least = text.size() - 4;
  while (text.size() > least && text.back() == '0') text.pop_back();
  return text;
}

CheckedLine LineChecker::Line::Run() {
  CheckReference();
  CheckProduct();
  CheckSupplier();
  CheckOrderDate();
  CheckAmounts();
  CheckPackContent();
  CheckVat();
  CheckPriceBand();
  CheckPromise();
  CheckDeliveries();
  CheckQuality();
  CheckOrigin();
  CheckedLine checked;
  checked.warnings = warnings_;
  if (!failed_) checked.content = std::move(content_);
  return checked;
}

void LineChecker::Line::Add(Severity severity, std::string_view code, std::string_view field,
                            std::string_view found, std::string_view expected,
                            std::string_view message) {
  model::Problem p;
  p.row = row_;
  p.reference = Printable(line_.reference(), 64);
  p.field = std::string(field);
  p.found = Printable(found);
  p.expected = std::string(expected);
  p.severity = severity;
  p.code = std::string(code);
  p.message = std::string(message);
  problems_.push_back(std::move(p));
  if (severity == Severity::kWarning) {
    ++warnings_;
  } else {
    failed_ = true;
  }
}

bool LineChecker::Line::CheckRange(std::string_view field, std::string_view label, int64_t value,
                                   int64_t low, int64_t high) {
  if (value >= low && value <= high) return true;
  const std::string expected = absl::StrCat("a whole number from ", low, " to ", high);
  Error("NUMBER_OUT_OF_RANGE", field, absl::StrCat(value), expected,
        absl::StrCat(Av(label), " is ", value, "; give ", expected, "."));
  return false;
}

std::optional<model::Day> LineChecker::Line::CheckDate(std::string_view field,
                                                       std::string_view label,
                                                       const google::type::Date& date) {
  const std::optional<model::Day> day = rpc::FromProto(date);
  const model::Day first = *model::Day::FromYmd(2000, 1, 1);
  const model::Day last = *model::Day::FromYmd(2100, 12, 31);
  if (day && *day >= first && *day <= last) return day;
  const std::string found =
      absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
  Error(
      "DATE_INVALID", field, found, "a day in the calendar from 2000 on",
      absl::StrCat(Av(label), " is ", found, ", which is not a day in the calendar from 2000 on."));
  return std::nullopt;
}

}  // namespace steelyard::purchases
