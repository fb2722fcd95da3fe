#ifndef STEELYARD_STORAGE_MODEL_PAYMENT_H_
#define STEELYARD_STORAGE_MODEL_PAYMENT_H_

// What is kept of the payments that councils publish by law, and what people
// decided of the names in them. Plain values.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/model/ids.h"
#include "storage/model/time.h"

namespace steelyard::model {

// Limits of one source: its sum fits int64.
inline constexpr int64_t kMaxPaymentMicros = 400'000'000'000'000;  // 400 million pounds
inline constexpr size_t kMaxPayments = 20'000;

// Payments under one name in one quarter.
struct QuarterPayments {
  Month quarter;             // its first month
  int64_t payments = 0;      // credit notes included
  int64_t credit_notes = 0;  // those below 0
  int64_t micros = 0;        // their sum, in millionths of a pound
  friend bool operator==(const QuarterPayments&, const QuarterPayments&) = default;
};

// Payments under one name as published, and one company number.
struct PaidName {
  std::string name;
  std::string company_number;             // empty if the file has none
  std::vector<QuarterPayments> quarters;  // by quarter, one each
  friend bool operator==(const PaidName&, const PaidName&) = default;
};

// One published file: nothing else of it is kept.
struct PaymentSource {
  CouncilNo council;
  std::string source;           // what names it, unique within the council
  std::vector<PaidName> names;  // by name and number
  friend bool operator==(const PaymentSource&, const PaymentSource&) = default;
};

// Whose a supplier name is.
struct NameDecision {
  std::string supplier_name;  // as it was decided
  std::string provider;       // id; empty: nobody's
  std::string decided_by;     // token id
  friend bool operator==(const NameDecision&, const NameDecision&) = default;
};

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_PAYMENT_H_
