#include "client/demo/goods.h"

#include <array>
#include <cmath>

namespace steelyard::demo {
namespace {

// A family at its peak in the spring of 2020, and at the end of 2021.
struct Shape {
  std::string_view family;
  double peak_price;
  double late_price;
  double peak_orders;
  double peak_quantity;
  int peak_month;  // of the price; 15 is April 2020
};

// Prices of respirators rose by 166 %, of gowns by more than 1,200 %, of body
// bags by 1,310 % (National Audit Office, 2020). Nitrile gloves peaked later,
// in the winter of 2020. The rest is chosen so that an item costs about 2.2p
// on the mean in 2019 and about 39p from February to July 2020.
constexpr std::array<Shape, 12> kShapes = {{
    {"mask", 12.0, 2.2, 5.0, 26.0, 15},
    {"respirator", 2.66, 1.2, 5.0, 32.0, 15},
    {"nitrile", 4.2, 2.4, 1.3, 0.6, 23},
    {"vinyl", 3.0, 1.6, 1.2, 0.6, 16},
    {"surgical", 1.6, 1.2, 1.0, 1.0, 16},
    {"apron", 6.0, 1.5, 1.5, 0.8, 15},
    {"gown", 13.4, 2.0, 7.0, 46.0, 15},
    {"coverall", 3.2, 1.3, 5.0, 6.0, 15},
    {"eyes", 3.0, 1.1, 5.0, 20.0, 15},
    {"gel", 3.2, 1.0, 3.5, 2.5, 14},
    {"wipe", 2.2, 1.1, 2.0, 1.6, 15},
    {"bag", 14.1, 2.0, 4.0, 4.0, 15},
}};

const Shape& ShapeOf(std::string_view family) {
  for (const Shape& shape : kShapes) {
    if (shape.family == family) return shape;
  }
  return kShapes[0];
}

// From 1 before February 2020 up to `peak` in `peak_month`, three months
// there, then down to `late` with a half-life of five months.
double Along(double peak, double late, int peak_month, int month) {
  constexpr int kStart = 12;  // January 2020
  if (month <= kStart) return 1;
  if (month < peak_month) {
    return std::pow(peak, static_cast<double>(month - kStart) / (peak_month - kStart));
  }
  if (month <= peak_month + 3) return peak;
  return late + (peak - late) * std::pow(0.5, (month - peak_month - 3) / 5.0);
}

}  // namespace

Course CourseOf(std::string_view family, int month) {
  const Shape& shape = ShapeOf(family);
  // Everybody ordered in spring, also what got dear only later.
  return {Along(shape.peak_price, shape.late_price, shape.peak_month, month),
          Along(shape.peak_orders, 1 + (shape.peak_orders - 1) / 3, 14, month),
          Along(shape.peak_quantity, 1 + (shape.peak_quantity - 1) / 6, 14, month)};
}

const std::vector<Good>& Goods() {
  using S = Spread;
  static const auto* const goods = new std::vector<Good>{
      {"glove-exam-nitrile-s", "nitrile", 100, 0.0245, 60, 7, S::kCommon, true, "EN 455"},
      {"glove-exam-nitrile-m", "nitrile", 100, 0.0240, 110, 10, S::kCommon, true, "EN 455"},
      {"glove-exam-nitrile-l", "nitrile", 100, 0.0243, 100, 9, S::kCommon, true, "EN 455"},
      {"glove-exam-nitrile-xl", "nitrile", 100, 0.0250, 50, 5, S::kCommon, true, "EN 455"},
      {"glove-exam-nitrile-xs", "nitrile", 100, 0.0252, 20, 2, S::kSome, true, "EN 455"},
      {"glove-exam-vinyl-s", "vinyl", 100, 0.0152, 60, 4, S::kCommon, true, "EN 455"},
      {"glove-exam-vinyl-m", "vinyl", 100, 0.0150, 110, 8, S::kCommon, true, "EN 455"},
      {"glove-exam-vinyl-l", "vinyl", 100, 0.0151, 100, 7, S::kCommon, true, "EN 455"},
      {"glove-exam-vinyl-xl", "vinyl", 100, 0.0155, 50, 3, S::kSome, true, "EN 455"},
      {"glove-exam-latex-m", "vinyl", 100, 0.0260, 15, 1.5, S::kSome, true, "EN 455"},
      {"glove-exam-latex-l", "vinyl", 100, 0.0262, 15, 1.2, S::kSome, true, "EN 455"},
      {"glove-chemical-nitrile-m", "nitrile", 50, 0.1450, 6, 0.6, S::kSome, true, "EN ISO 374"},
      {"glove-chemical-nitrile-l", "nitrile", 50, 0.1480, 6, 0.6, S::kSome, true, "EN ISO 374"},
      {"glove-surgical-latex-7", "surgical", 50, 0.4200, 3, 0.5, S::kSome, true, "EN 455"},
      {"glove-surgical-latex-7-5", "surgical", 50, 0.4200, 4, 0.5, S::kSome, true, "EN 455"},
      {"glove-surgical-latex-8-5", "surgical", 50, 0.4350, 2, 3, S::kThreeBuyers, true, "EN 455"},
      {"apron-flat-pack-white", "apron", 100, 0.0142, 80, 7, S::kCommon, true, ""},
      {"apron-roll-white", "apron", 200, 0.0135, 45, 5, S::kCommon, true, ""},
      {"apron-roll-blue", "apron", 200, 0.0140, 30, 2.5, S::kSome, true, ""},
      {"apron-roll-green", "apron", 200, 0.0141, 20, 1.2, S::kSome, true, ""},
      {"apron-flat-pack-heavy", "apron", 100, 0.0420, 6, 0.6, S::kSome, true, ""},
      {"mask-type-ii-ear-loop", "mask", 50, 0.0310, 18, 2, S::kCommon, true, "EN 14683 type II"},
      {"mask-type-iir-ear-loop", "mask", 50, 0.0380, 24, 4, S::kCommon, true, "EN 14683 type IIR"},
      {"mask-type-iir-ties", "mask", 50, 0.0410, 9, 0.8, S::kSome, true, "EN 14683 type IIR"},
      {"mask-type-iir-visor", "mask", 25, 0.2400, 4.5, 0.4, S::kSome, true, "EN 14683 type IIR"},
      {"respirator-ffp2-unvalved", "respirator", 20, 0.6500, 6, 0.5, S::kSome, true, "EN 149"},
      {"respirator-ffp2-valved", "respirator", 10, 0.8800, 7.5, 0.4, S::kSome, true, "EN 149"},
      {"respirator-ffp3-unvalved", "respirator", 20, 1.3500, 6, 0.6, S::kCommon, true, "EN 149"},
      {"respirator-ffp3-valved", "respirator", 10, 1.6000, 7.5, 0.6, S::kSome, true, "EN 149"},
      {"respirator-half-mask-p3", "respirator", 1, 21.0, 7.5, 0.8, S::kOneSupplier, false,
       "EN 140"},
      {"gown-fluid-resistant", "gown", 10, 0.6800, 8, 0.5, S::kCommon, true, "EN 13795"},
      {"gown-isolation", "gown", 10, 0.4000, 8, 0.3, S::kSome, false, "EN 13795"},
      {"gown-surgical-standard", "gown", 1, 1.3000, 32, 0.2, S::kSome, true, "EN 13795"},
      {"gown-reusable", "coverall", 5, 9.5000, 1.0, 0.4, S::kOneSupplier, true, "EN 13795"},
      {"coverall-type-5-6", "coverall", 1, 2.4000, 8, 0.4, S::kSome, false, "EN ISO 13982"},
      {"coverall-infective-agents", "coverall", 1, 5.2000, 5, 0.2, S::kSome, true, "EN 14126"},
      {"visor-single-use", "eyes", 50, 0.4500, 2.4, 0.4, S::kCommon, true, "EN 166"},
      {"visor-reusable", "eyes", 10, 1.9000, 3, 0.3, S::kSome, true, "EN 166"},
      {"visor-lens", "eyes", 25, 0.4200, 3, 2.5, S::kThreeBuyers, true, "EN 166"},
      {"goggles-vented", "eyes", 10, 1.9500, 3, 0.3, S::kSome, true, "EN 166"},
      {"spectacles-safety", "eyes", 10, 1.1000, 3, 0.3, S::kSome, true, "EN 166"},
      {"hand-gel-pocket", "gel", 50, 0.0150, 60, 1, S::kSome, false, "EN 1500"},
      {"hand-gel-pump", "gel", 500, 0.0062, 60, 3, S::kCommon, false, "EN 1500"},
      {"hand-gel-cartridge", "gel", 1000, 0.0055, 40, 1.2, S::kSome, false, "EN 1500"},
      {"hand-gel-bulk", "gel", 5000, 0.0042, 8, 1.2, S::kSome, false, "EN 1500"},
      {"hand-foam-alcohol-free", "gel", 1000, 0.0075, 12, 0.6, S::kSome, false, "EN 1499"},
      {"wipe-disinfectant", "wipe", 200, 0.0125, 40, 4, S::kCommon, false, "EN 16615"},
      {"wipe-alcohol", "wipe", 100, 0.0180, 15, 1, S::kSome, false, "EN 16615"},
      {"wipe-hand", "wipe", 100, 0.0150, 15, 1, S::kSome, false, "EN 1500"},
      {"body-bag-standard", "bag", 1, 3.2000, 6, 0.15, S::kSome, false, ""},
      {"body-bag-heavy", "bag", 1, 7.5000, 3, 0.6, S::kOneDominant, false, ""},
      {"thermometer-infrared", "eyes", 1, 16.0, 4.5, 0.15, S::kSome, false, "EN ISO 80601-2-56"},
      {"thermometer-digital", "eyes", 1, 1.9000, 12, 4, S::kThreeBuyers, false,
       "EN ISO 80601-2-56"},
  };
  return *goods;
}

}  // namespace steelyard::demo
