#ifndef STEELYARD_CLIENT_CLI_PAYMENT_PARTS_H_
#define STEELYARD_CLIENT_CLI_PAYMENT_PARTS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "steelyard/v1/spend_service.pb.h"

namespace steelyard::cli {

// Most that one request takes.
struct PartLimits {
  size_t payments = 20'000;
  size_t bytes = size_t{3} << 20;
};

// Payments that are sent under one name.
struct PaymentPart {
  std::string source;
  std::vector<v1::PublishedPayment> payments;
};

// The last part of a path, at most 64 characters of it, to name a file by.
std::string SourceName(const std::string& path);

// The payments under `source`, in one part if they fit; else one for each
// quarter, `source 2016-Q1`, and of a quarter that does not fit several,
// `source 2016-Q1 (2)`. So a corrected file sent again replaces what the first
// one held, part by part. `source` is shortened where the name would be longer
// than 64 characters.
std::vector<PaymentPart> SplitPayments(const std::string& source,
                                       std::vector<v1::PublishedPayment> payments,
                                       const PartLimits& limits = {});

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_PAYMENT_PARTS_H_
