#ifndef STEELYARD_TESTS_BENCH_WORLD_H_
#define STEELYARD_TESTS_BENCH_WORLD_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/demo/random.h"

namespace steelyard::bench {

// A body that buys, in the place of a council.
struct Body {
  std::string id;
  std::string name;
  std::string_view area;
  std::string_view type;
  double size = 0;         // share of all lines, before scaling
  double price_level = 0;  // about 1
};

struct Good {
  std::string id;
  std::string name;
  std::string_view product_class;
  std::string_view standard;
  int64_t unit_micros = 0;  // what a unit usually costs
  int32_t pack_content = 0;
  std::vector<int> sellers;  // 5 to 10, as indices of suppliers; the first sell most
};

struct Seller {
  std::string id;
  std::string name;
  std::string company_number;
  std::string_view made_in;  // ISO 3166-1
  double lateness = 0;       // share of orders that come late
};

struct Date {
  int16_t year = 0;
  int8_t month = 0;
  int8_t day = 0;
};

// One line before it is written in any form. Indices are the world's; days
// count from 1 January 2019; -1 is "not given" in every field that may lack.
struct Line {
  struct Receipt {
    int16_t day = 0;
    int32_t packs = 0;
  };

  int32_t body = 0;
  int32_t good = 0;
  int32_t seller = 0;
  int32_t batch = 0;   // part of the reference: batches never meet
  int32_t number = 0;  // of the body's lines in the batch, from 1
  int16_t ordered = 0;
  int16_t promised = -1;
  int32_t packs = 0;
  int64_t pack_pence = 0;
  int32_t freight_pence = -1;
  bool has_vat = false;
  bool has_country = false;
  bool has_standard = false;
  int8_t receipts = 0;
  Receipt received[2];
  int32_t accepted = -1;
  int32_t rejected = -1;
  int8_t reject_reason = 0;  // as v1::Quality.RejectReason
  int32_t certificate = -1;
};

// The made-up country that the bench loads: 400 bodies over the shipped areas
// and kinds of authority, 1,000 products whose popularity falls as Zipf's law
// says, 5,000 suppliers, 36 months from January 2019. The same on every
// machine. Immutable and thread-safe.
class World {
 public:
  static constexpr int kBodies = 400;
  static constexpr int kGoods = 1'000;
  static constexpr int kSellers = 5'000;
  static constexpr int kMonths = 36;

  World();

  // By id; the goods also from the most bought to the least.
  const std::vector<Body>& bodies() const { return bodies_; }
  const std::vector<Good>& goods() const { return goods_; }
  const std::vector<Seller>& sellers() const { return sellers_; }

  // How many of `lines` lines each body sends; they add up to `lines`.
  std::vector<int64_t> Shares(int64_t lines) const;

  // `count` lines of one body, by day of order. Lines of another batch are
  // other lines with other references.
  std::vector<Line> Lines(int body, int batch, int64_t count) const;

  // A day counted from 1 January 2019.
  const Date& DateOf(int day) const { return calendar_[static_cast<size_t>(day)]; }

 private:
  Line MakeLine(demo::Random& random, int body, int batch) const;
  void AddDelivery(demo::Random& random, bool spring, Line& line) const;
  int SellerOf(demo::Random& random, int body, int good) const;

  std::vector<Body> bodies_;
  std::vector<Good> goods_;
  std::vector<Seller> sellers_;
  std::vector<double> popularity_;  // of goods, summed up to 1
  std::vector<double> demand_;      // of months, summed up to 1
  std::vector<Date> calendar_;
  std::vector<int16_t> month_starts_;  // one more than there are months
};

}  // namespace steelyard::bench

#endif  // STEELYARD_TESTS_BENCH_WORLD_H_
