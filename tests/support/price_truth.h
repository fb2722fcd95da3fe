#ifndef STEELYARD_TESTS_SUPPORT_PRICE_TRUTH_H_
#define STEELYARD_TESTS_SUPPORT_PRICE_TRUTH_H_

// What a price benchmark must say, worked out anew from lines: slow, plain and
// without a line of the product's own arithmetic.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "steelyard/v1/access_service.pb.h"
#include "steelyard/v1/benchmark_service.pb.h"

namespace steelyard::testing {

// One line as it was sent.
struct BoughtLine {
  std::string council;
  int month = 0;  // year x 12 + month - 1, of the order
  int64_t packs = 0;
  int64_t pack_content = 0;
  int64_t pack_price_micros = 0;
  int order_day = 0;                                // days are whole numbers that count up
  std::optional<int> promised_day;                  // one that has passed
  std::vector<std::pair<int, int64_t>> deliveries;  // day, packs
  int64_t accepted_packs = 0;
  int64_t rejected_packs = 0;

  int64_t units() const { return packs * pack_content; }
  // Pack price over content, half to even.
  int64_t unit_price() const;
};

// Spend over units of some lines, in micros, half to even.
int64_t MeanPrice(const std::vector<const BoughtLine*>& lines);

// `value` as it is shown: half to even to the smallest of 1, 2, 5, 10, 20, ..
// that is at least `basis_points` of it.
int64_t Shown(int64_t value, int basis_points);

// The figures of one cell that holds exactly `lines`, which are of councils
// that are not related. A quantile is set where at least min_councils councils
// lie at or on either side of it.
v1::PriceFigures TrueFigures(const std::vector<const BoughtLine*>& lines, const v1::Policy& policy);

// Takes the shares of deliveries that are not shown out of `truth`.
void HideShares(const v1::PriceFigures& shown, v1::PriceFigures* truth);

}  // namespace steelyard::testing

#endif  // STEELYARD_TESTS_SUPPORT_PRICE_TRUTH_H_
