#include "server/benchmarks/shown.h"

#include "server/statistics/proportion.h"
#include "server/statistics/rounding.h"
#include "storage/base/checked.h"
#include "storage/base/hash.h"
#include "storage/base/text.h"

namespace steelyard::benchmarks {

int64_t ShownTotal(absl::int128 value, const model::Policy& policy) {
  return statistics::RoundToBase(Saturate(value), policy.total_rounding_basis_points);
}

int64_t ShownPrice(int64_t value, const model::Policy& policy) {
  return statistics::RoundToBase(value, policy.price_rounding_basis_points);
}

void ToProto(int64_t count, int64_t of, const model::Policy& policy, v1::Proportion* out) {
  if (of <= 0) return;
  const auto interval =
      statistics::WilsonInterval(static_cast<double>(count), static_cast<double>(of));
  out->set_value(ThreePlaces(static_cast<double>(count) / static_cast<double>(of)));
  out->set_lower(ThreePlaces(interval.low));
  out->set_upper(ThreePlaces(interval.high));
  out->set_denominator(ShownTotal(of, policy));
}

void FillReceipt(std::string_view bytes, uint64_t edition, std::string_view method_version,
                 int64_t policy_version, v1::Receipt* receipt) {
  receipt->set_edition(static_cast<int64_t>(edition));
  receipt->set_method_version(std::string(method_version));
  receipt->set_policy_version(policy_version);
  receipt->set_content_sha256(HexOf(Sha256(bytes)));
}

}  // namespace steelyard::benchmarks
