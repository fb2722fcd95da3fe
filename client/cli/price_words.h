#ifndef STEELYARD_CLIENT_CLI_PRICE_WORDS_H_
#define STEELYARD_CLIENT_CLI_PRICE_WORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "steelyard/v1/benchmark_service.pb.h"

namespace steelyard::cli {

// The prices of one benchmark in words: all per the same unit, which is a
// piece, a pair or, where the base unit is a milliliter, a litre; and all with
// the same number of decimals.
class PriceWords {
 public:
  // `own` holds more prices that will be shown.
  explicit PriceWords(const v1::PriceBenchmark& benchmark, const std::vector<int64_t>& own = {});

  // £0.0412, of millionths a base unit.
  std::string operator()(int64_t micros) const;
  // £12,345.
  std::string Total(int64_t micros) const;
  // `3,400,000 pieces`, of base units.
  std::string Units(int64_t base_units) const;
  int64_t WholeUnits(int64_t base_units) const { return base_units / base_units_; }
  // `piece`.
  const std::string& unit() const { return unit_; }

 private:
  int64_t Scaled(int64_t micros) const;

  std::string unit_;
  int64_t base_units_ = 1;  // in a unit
  std::string currency_;
  int decimals_;
};

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_PRICE_WORDS_H_
