#include "server/spend/payment_check.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/directory/payment_names.h"
#include "server/rpc/convert.h"
#include "storage/base/checked.h"
#include "storage/base/text.h"

namespace steelyard::spend {
namespace {

using model::Problem;

constexpr int kFirstYear = 2000;  // the first that quarters are counted from

std::string DateText(const google::type::Date& date) {
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

// Checks one payment.
class Checker {
 public:
  Checker(const v1::PublishedPayment& payment, std::vector<Problem>& problems)
      : payment_(payment), problems_(problems) {}

  // The quarter, if there is one.
  std::optional<model::Month> Quarter(model::Day today) {
    if (!payment_.has_date()) {
      Add("DATE_INVALID", "date", "", "the day of the payment",
          "The payment has no date; give the day on which it was paid");
      return std::nullopt;
    }
    const std::optional<model::Day> day = rpc::FromProto(payment_.date());
    const std::string found = DateText(payment_.date());
    if (!day || day->civil().year() < kFirstYear) {
      Add("DATE_INVALID", "date", found, "a day from 2000 on",
          absl::StrCat("The date is '", found, "', which is no day from 2000 on; correct it"));
      return std::nullopt;
    }
    if (*day > today) {
      Add("DATE_IN_FUTURE", "date", found, absl::StrCat("a day up to ", today.ToString()),
          absl::StrCat("The date is '", found,
                       "', which is still to come; were day and month "
                       "mixed up?"));
      return std::nullopt;
    }
    return model::Month::Of(*day).QuarterStart();
  }

  bool Name() {
    const std::string& name = payment_.supplier_name();
    const std::string shown = Printable(name);
    if (shown.find_first_not_of(' ') == std::string::npos) {
      Add("NAME_MISSING", "supplier_name", shown, "the supplier's name",
          "The payment names no supplier; give the name as published");
      return false;
    }
    if (!IsText(name, kMaxNameCharacters)) {
      Add("NAME_INVALID", "supplier_name", shown, "1 to 200 printable characters",
          absl::StrCat("The supplier's name is '", Av(shown),
                       "', which is too long or holds a character that cannot be printed; "
                       "correct it"));
      return false;
    }
    return true;
  }

  bool Amount() {
    const int64_t amount = payment_.amount_micros();
    if (amount == 0) {
      Add("AMOUNT_MISSING", "amount_micros", "0", "an amount other than 0",
          "The payment has no amount, or 0; leave it out or give what was paid");
      return false;
    }
    if (amount > model::kMaxPaymentMicros || amount < -model::kMaxPaymentMicros) {
      Add("AMOUNT_TOO_LARGE", "amount_micros", absl::StrCat(amount / 1'000'000),
          "at most 400 million pounds",
          absl::StrCat("The amount is ", amount / 1'000'000,
                       " pounds, more than 400 million; check the unit"));
      return false;
    }
    return true;
  }

  std::string CompanyNumber() {
    if (payment_.company_number().empty()) return "";
    std::string number = directory::NormalCompanyNumber(payment_.company_number());
    if (number.empty()) {
      const std::string shown = Printable(payment_.company_number());
      Add("COMPANY_NUMBER_INVALID", "company_number", shown,
          "8 characters such as 01234567 or SC123456",
          absl::StrCat("The company number is '", Av(shown),
                       "', which is none; the name alone is looked at"));
      problems_.back().severity = Problem::Severity::kWarning;
    }
    return number;
  }

 private:
  void Add(const char* code, const char* field, std::string found, std::string expected,
           const std::string& message) {
    Problem problem;
    problem.row = payment_.row();
    problem.reference = Printable(payment_.supplier_name());
    problem.field = field;
    problem.found = std::move(found);
    problem.expected = std::move(expected);
    problem.code = code;
    problem.message = absl::StrCat("Row ", payment_.row(), ": ", message, ".");
    problems_.push_back(std::move(problem));
  }

  const v1::PublishedPayment& payment_;
  std::vector<Problem>& problems_;
};

using Sums = std::map<std::pair<std::string_view, model::Month>, std::pair<int64_t, int64_t>>;

// Payments and their sum, by name and quarter.
Sums SumsOf(const model::PaymentSource& source) {
  Sums sums;
  for (const model::PaidName& name : source.names) {
    for (const model::QuarterPayments& q : name.quarters) {
      auto& [payments, micros] = sums[{name.name, q.quarter}];
      payments += q.payments;
      micros = SaturatingAdd(micros, q.micros);
    }
  }
  return sums;
}

}  // namespace

bool IsText(std::string_view text, size_t most) {
  if (!IsUtf8(text)) return false;
  size_t characters = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) return false;
    characters += (byte & 0xC0) != 0x80 ? 1 : 0;
  }
  return characters >= 1 && characters <= most;
}

CheckedPayments CheckPayments(
    const google::protobuf::RepeatedPtrField<v1::PublishedPayment>& payments, model::Day today) {
  CheckedPayments checked;
  std::map<std::pair<std::string, std::string>, std::map<model::Month, model::QuarterPayments>>
      sums;
  for (const v1::PublishedPayment& payment : payments) {
    Checker checker(payment, checked.problems);
    // Each is asked, so that every problem is told.
    const std::optional<model::Month> quarter = checker.Quarter(today);
    const bool name = checker.Name();
    const bool amount = checker.Amount();
    const std::string number = checker.CompanyNumber();
    if (!quarter || !name || !amount) {
      ++checked.refused;
      continue;
    }
    const int credit = payment.amount_micros() < 0 ? 1 : 0;
    model::QuarterPayments& sum = sums[{payment.supplier_name(), number}][*quarter];
    sum.quarter = *quarter;
    sum.payments += 1;
    sum.credit_notes += credit;
    sum.micros += payment.amount_micros();
    checked.credit_notes += credit;
    ++checked.kept;
  }
  for (const auto& [name, quarters] : sums) {
    model::PaidName paid{name.first, name.second, {}};
    for (const auto& [quarter, sum] : quarters) paid.quarters.push_back(sum);
    checked.names.push_back(std::move(paid));
  }
  return checked;
}

CommonSums Compare(const model::PaymentSource& source, const model::PaymentSource& other) {
  const Sums others = SumsOf(other);
  CommonSums common;
  for (const auto& [key, sum] : SumsOf(source)) {
    const auto it = others.find(key);
    if (it == others.end()) continue;
    ++common.names;
    common.equal += it->second == sum ? 1 : 0;
  }
  return common;
}

}  // namespace steelyard::spend
