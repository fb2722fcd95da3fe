#ifndef STEELYARD_SERVER_PURCHASES_CHECKED_LINE_H_
#define STEELYARD_SERVER_PURCHASES_CHECKED_LINE_H_

// One line under check; the work behind LineChecker, split by subject.

#include <string>
#include <string_view>
#include <vector>

#include "server/purchases/line_checker.h"

namespace steelyard::purchases {

class LineChecker::Line {
 public:
  Line(LineChecker& checker, int64_t row, model::CouncilNo council, const v1::Purchase& line,
       std::vector<model::Problem>& problems)
      : checker_(checker), row_(row), council_(council), line_(line), problems_(problems) {}

  CheckedLine Run();

 private:
  using Severity = model::Problem::Severity;

  // What was ordered, and from whom (line_order.cc).
  void CheckReference();
  void CheckProduct();
  void CheckSupplier();
  void CheckOrderDate();
  void CheckAmounts();
  void CheckPackContent();
  void CheckVat();
  void CheckPriceBand();

  // What came, and how good it was (line_delivery.cc).
  void CheckPromise();
  void CheckDeliveries();
  void CheckQuality();
  void CheckOrigin();
  bool CheckText(std::string_view field, std::string_view text, int max_bytes);

  void Add(Severity severity, std::string_view code, std::string_view field, std::string_view found,
           std::string_view expected, std::string_view message);
  void Error(std::string_view code, std::string_view field, std::string_view found,
             std::string_view expected, std::string_view message) {
    Add(Severity::kError, code, field, found, expected, message);
  }
  // Checks a required whole number and says what is wrong with it.
  bool CheckRange(std::string_view field, std::string_view label, int64_t value, int64_t low,
                  int64_t high);
  // The date of a field, or nothing and a problem.
  std::optional<model::Day> CheckDate(std::string_view field, std::string_view label,
                                      const google::type::Date& date);

  LineChecker& checker_;
  const int64_t row_;
  const model::CouncilNo council_;
  const v1::Purchase& line_;
  std::vector<model::Problem>& problems_;

  const model::Product* product_ = nullptr;
  bool has_order_date_ = false;
  bool amounts_ok_ = false;
  model::PurchaseContent content_;
  bool failed_ = false;
  int warnings_ = 0;
};

// 12.345 for 12,345,000 micros: no needless zeros, at least two places.
std::string MoneyText(int64_t micros);

}  // namespace steelyard::purchases

#endif  // STEELYARD_SERVER_PURCHASES_CHECKED_LINE_H_
