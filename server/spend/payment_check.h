#ifndef STEELYARD_SERVER_SPEND_PAYMENT_CHECK_H_
#define STEELYARD_SERVER_SPEND_PAYMENT_CHECK_H_

// What is wrong with published payments, and what is kept of the others. Pure
// functions, thread-safe.

#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/repeated_ptr_field.h"
#include "steelyard/v1/spend_service.pb.h"
#include "storage/model/payment.h"
#include "storage/model/problem.h"

namespace steelyard::spend {

inline constexpr size_t kMaxNameCharacters = 200;
inline constexpr size_t kMaxSourceCharacters = 64;

// Whether `text` is 1 to `most` characters of valid UTF-8 without control
// characters.
bool IsText(std::string_view text, size_t most);

struct CheckedPayments {
  // By name, company number and quarter. Council and source are not set.
  std::vector<model::PaidName> names;
  int64_t kept = 0;
  int64_t refused = 0;
  int64_t credit_notes = 0;
  std::vector<model::Problem> problems;  // by payment, in the order sent
};

// Checks each payment and sums up those without an error. A day after `today`
// is refused.
//
// Codes: DATE_INVALID, DATE_IN_FUTURE, NAME_MISSING, NAME_INVALID,
// AMOUNT_MISSING, AMOUNT_TOO_LARGE; as a warning COMPANY_NUMBER_INVALID, which
// is then not used.
CheckedPayments CheckPayments(
    const google::protobuf::RepeatedPtrField<v1::PublishedPayment>& payments, model::Day today);

// What two sources of a council have of the same names in the same quarters.
struct CommonSums {
  size_t names = 0;  // names in quarters that are in both
  size_t equal = 0;  // those of them with the very same payments and sum
};
CommonSums Compare(const model::PaymentSource& source, const model::PaymentSource& other);

}  // namespace steelyard::spend

#endif  // STEELYARD_SERVER_SPEND_PAYMENT_CHECK_H_
