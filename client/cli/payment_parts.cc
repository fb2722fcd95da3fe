#include "client/cli/payment_parts.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

constexpr size_t kMostCharacters = 64;

// `text` without its last characters beyond `most`, or its first.
std::string FirstCharacters(const std::string& text, size_t most) {
  size_t characters = 0;
  size_t end = 0;
  for (; end < text.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (starts && characters++ == most) break;
  }
  return text.substr(0, end);
}

std::string Named(const std::string& source, const std::string& suffix) {
  return absl::StrCat(FirstCharacters(source, kMostCharacters - suffix.size()), suffix);
}

size_t BytesOf(const v1::PublishedPayment& payment) { return payment.ByteSizeLong() + 4; }

bool Fits(const std::vector<v1::PublishedPayment>& payments, const PartLimits& limits) {
  size_t bytes = 0;
  for (const v1::PublishedPayment& payment : payments) bytes += BytesOf(payment);
  return payments.size() <= limits.payments && bytes <= limits.bytes;
}

v1::Quarter QuarterOf(const v1::PublishedPayment& payment) {
  v1::Quarter quarter;
  quarter.set_year(payment.date().year());
  quarter.set_quarter((payment.date().month() + 2) / 3);
  return quarter;
}

// Cuts one quarter's payments where a part is full.
void AddParts(const std::string& source, const std::string& quarter,
              std::vector<v1::PublishedPayment> payments, const PartLimits& limits,
              std::vector<PaymentPart>& parts) {
  size_t bytes = 0;
  int number = 0;
  for (v1::PublishedPayment& payment : payments) {
    const size_t more = BytesOf(payment);
    const bool full = number > 0 && (parts.back().payments.size() == limits.payments ||
                                     bytes + more > limits.bytes);
    if (number == 0 || full) {
      ++number;
      bytes = 0;
      const std::string count = number == 1 ? "" : absl::StrCat(" (", number, ")");
      parts.push_back({Named(source, absl::StrCat(" ", quarter, count)), {}});
    }
    bytes += more;
    parts.back().payments.push_back(std::move(payment));
  }
}

}  // namespace

std::string SourceName(const std::string& path) {
  return FirstCharacters(path.substr(path.find_last_of("/\\") + 1), kMostCharacters);
}

std::vector<PaymentPart> SplitPayments(const std::string& source,
                                       std::vector<v1::PublishedPayment> payments,
                                       const PartLimits& limits) {
  std::vector<PaymentPart> parts;
  if (payments.empty()) return parts;
  if (Fits(payments, limits)) {
    parts.push_back({Named(source, ""), std::move(payments)});
    return parts;
  }
  std::map<std::string, std::vector<v1::PublishedPayment>> quarters;
  for (v1::PublishedPayment& payment : payments) {
    quarters[RawQuarter(QuarterOf(payment))].push_back(std::move(payment));
  }
  for (auto& [quarter, of_quarter] : quarters) {
    AddParts(source, quarter, std::move(of_quarter), limits, parts);
  }
  return parts;
}

}  // namespace steelyard::cli
