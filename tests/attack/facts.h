#ifndef STEELYARD_TESTS_ATTACK_FACTS_H_
#define STEELYARD_TESTS_ATTACK_FACTS_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "steelyard/v1/benchmark_service.pb.h"
#include "steelyard/v1/registry.pb.h"
#include "tests/attack/country.h"

namespace steelyard::attack {

struct Range {
  double low = 0;
  double high = 0;
};

// What a rounded figure says: the values that are shown as `shown` where the
// rounding unit is the least of 1, 2, 5, 10, ... that is `basis_points` of the
// value or more. The rule is public.
Range RangeOf(int64_t shown, int basis_points);

// What an answer says of sums over councils, suppliers and months.
struct Fact {
  Range spend;  // pounds
  Range units;
};

inline constexpr uint64_t kAllSuppliers = ~uint64_t{0};

// Which purchases a fact is of.
struct Scope {
  int product = 0;
  uint64_t buyers = 0;  // bits
  int first = 0;        // months from the country's first
  int last = 0;
  uint64_t suppliers = kAllSuppliers;  // bits
  friend auto operator<=>(const Scope&, const Scope&) = default;
};

// All that was learnt of one release. Answers about the same purchases are one
// fact, as narrow as they make it.
class Facts {
 public:
  Facts(const Country& country, const std::vector<v1::Area>& areas);

  // Learns what every cell of a reply says. `suppliers` are those whom the
  // question named.
  void Learn(int product, const v1::PriceBenchmark& reply, uint64_t suppliers = kAllSuppliers);

  // What figures say of the purchases that they are of.
  void Learn(const Scope& scope, const v1::PriceFigures& figures);

  const std::map<Scope, Fact>& all() const { return facts_; }
  // The figures as they were shown, once for each scope; those of a part of the
  // period, which are no facts, left out.
  const std::map<Scope, v1::PriceFigures>& figures() const { return figures_; }
  int64_t answers() const { return answers_; }  // cells with figures
  // Answers of the same purchases that cannot both be true.
  int64_t contradictions() const { return contradictions_; }

 private:
  uint64_t BuyersOf(const v1::PriceCell& cell) const;

  const Country& country_;
  std::map<std::string, std::string> parents_;  // of areas, by name
  std::map<Scope, Fact> facts_;
  std::map<Scope, v1::PriceFigures> figures_;
  int64_t answers_ = 0;
  int64_t contradictions_ = 0;
};

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_FACTS_H_
