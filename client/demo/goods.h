#ifndef STEELYARD_CLIENT_DEMO_GOODS_H_
#define STEELYARD_CLIENT_DEMO_GOODS_H_

#include <string_view>
#include <vector>

namespace steelyard::demo {

// Who buys a product.
enum class Spread {
  kCommon,       // most councils
  kSome,         // one council in four
  kThreeBuyers,  // three councils only
  kOneDominant,  // some councils, of which one buys nearly all
  kOneSupplier,  // some councils, all from one supplier
};

// A product of the shipped catalogue and how the demonstration buys it.
struct Good {
  std::string_view id;
  std::string_view family;  // which course of prices and demand it follows
  int pack_content;         // base units in a usual pack
  double price;             // of a base unit in 2019, pounds without VAT
  double packs;             // in a usual order of a middling council in 2019
  double orders;            // how often it is ordered in 2019, against others
  Spread spread;
  bool zero_rated;  // from 1 May to 31 October 2020 (SI 2020/458)
  std::string_view standard;
};
const std::vector<Good>& Goods();

// How a family of goods went, against 2019.
struct Course {
  double price = 1;     // of a unit
  double orders = 1;    // how many lines
  double quantity = 1;  // in a line
};
// `month` counts from January 2019, which is 0, to December 2021, 35.
Course CourseOf(std::string_view family, int month);

inline constexpr int kMonths = 36;

}  // namespace steelyard::demo

#endif  // STEELYARD_CLIENT_DEMO_GOODS_H_
