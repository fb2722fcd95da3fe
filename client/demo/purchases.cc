#include "client/demo/purchases.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "client/demo/random.h"

namespace steelyard::demo {
namespace {

constexpr int kFirstYear = 2019;

absl::CivilMonth MonthOf(int month) { return absl::CivilMonth(kFirstYear, 1) + month; }

// March to June 2020: late, short, dear and full of wrong goods.
bool IsSpring2020(int month) { return month >= 14 && month <= 17; }

// Whether the council buys the good at all.
bool Buys(const Good& good, const Council& council, uint64_t seed) {
  Random random = Random::For(seed, good.id, council.id);
  switch (good.spread) {
    case Spread::kCommon:
      return random.Chance(0.85);
    case Spread::kThreeBuyers:
      return council.id == "ken" || council.id == "man" || council.id == "bst";
    default:
      return random.Chance(0.28);
  }
}

// One council that buys nearly all of a good.
bool Dominates(const Good& good, const Council& council) {
  return good.spread == Spread::kOneDominant && council.id == "bir";
}

class Generator {
 public:
  Generator(uint64_t seed, const std::vector<Council>& councils,
            const std::vector<Supplier>& suppliers)
      : seed_(seed), councils_(councils), suppliers_(suppliers) {
    for (const Good& good : Goods()) sellers_.push_back(SellersOf(good, suppliers, seed));
  }

  std::vector<Line> Make(int lines) {
    double expected = 0;
    ForEachCell([&](const Council&, size_t, int, double orders) { expected += orders; });
    const double scale = lines / expected;
    std::vector<Line> all;
    ForEachCell([&](const Council& council, size_t good, int month, double orders) {
      Random random =
          Random::For(seed_, absl::StrFormat("%s/%d", Text(council.id), month), Goods()[good].id);
      const int count = random.Count(std::min(orders * scale, 40.0));
      for (int i = 0; i < count; ++i) all.push_back(MakeLine(random, council, good, month));
    });
    Number(all);
    return all;
  }

 private:
  static std::string Text(std::string_view text) { return std::string(text); }

  // Calls `visit` with how many lines to expect, before scaling.
  template <typename Visit>
  void ForEachCell(const Visit& visit) const {
    for (const Council& council : councils_) {
      for (size_t g = 0; g < Goods().size(); ++g) {
        const Good& good = Goods()[g];
        if (!Buys(good, council, seed_) && !Dominates(good, council)) continue;
        for (int month = 0; month < kMonths; ++month) {
          if (!Reports(council, month)) continue;
          visit(council, g, month,
                good.orders * std::sqrt(council.size) * CourseOf(good.family, month).orders);
        }
      }
    }
  }

  Line MakeLine(Random& random, const Council& council, size_t g, int month) const {
    const Good& good = Goods()[g];
    const Course course = CourseOf(good.family, month);
    Line line;
    line.council = &council;
    line.good = &good;
    line.supplier = &suppliers_[Seller(random, council, g, month)];
    const absl::CivilDay first(MonthOf(month));
    const auto days = static_cast<int>(absl::CivilDay(MonthOf(month) + 1) - first);
    line.ordered = first + random.Below(days);
    const double dominant = Dominates(good, council) ? 90 : 1;
    line.packs =
        std::max<int64_t>(1, std::llround(good.packs * std::sqrt(council.size) * course.quantity *
                                          dominant * random.Around(0.6)));
    const double noise = IsSpring2020(month) ? 0.30 : 0.07;
    const double unit = good.price * course.price * council.price_level *
                        line.supplier->price_level * random.Around(noise);
    line.pack_pence = std::max<int64_t>(1, std::llround(unit * good.pack_content * 100));
    AddTax(random, line);
    if (random.Chance(0.10)) line.freight_pence = 500 + 50 * random.Below(60);
    line.names_country = random.Chance(0.7);
    if (random.Chance(council.records_delivery)) AddDelivery(random, month, line);
    return line;
  }

  // Councils stay with one or two suppliers, but bought anywhere in spring.
  int Seller(Random& random, const Council& council, size_t g, int month) const {
    const std::vector<int>& sellers = sellers_[g];
    if (random.Chance(IsSpring2020(month) ? 0.5 : 0.08)) {
      return sellers[random.Below(static_cast<int>(sellers.size()))];
    }
    Random habit = Random::For(seed_, council.id, Goods()[g].id);
    const int usual = habit.Below(static_cast<int>(sellers.size()));
    const int second = habit.Below(static_cast<int>(sellers.size()));
    return sellers[random.Chance(0.75) ? usual : second];
  }

  static void AddTax(Random& random, Line& line) {
    if (random.Chance(0.12)) return;
    const bool zero = line.good->zero_rated && line.ordered >= absl::CivilDay(2020, 5, 1) &&
                      line.ordered <= absl::CivilDay(2020, 10, 31);
    line.vat_percent = zero ? 0 : 20;
  }

  static void AddDelivery(Random& random, int month, Line& line) {
    const bool spring = IsSpring2020(month);
    const int promised_days = random.Between(3, 12) + (spring ? 4 : 0);
    line.has_promise = random.Chance(0.93);
    line.promised = line.ordered + promised_days;
    const bool late = random.Chance(spring ? 0.55 : line.supplier->lateness);
    const int taken = late ? promised_days + random.Between(1, spring ? 40 : 9)
                           : random.Between(std::max(1, promised_days - 5), promised_days);
    if (random.Chance(spring ? 0.04 : 0.004)) return;  // never came
    const bool in_parts = line.packs > 4 && random.Chance(spring ? 0.30 : 0.06);
    const int64_t first =
        in_parts ? 1 + random.Below(static_cast<int>(line.packs) - 1) : line.packs;
    line.receipts.push_back({line.ordered + taken, first});
    if (in_parts && random.Chance(0.85)) {
      line.receipts.push_back({line.ordered + taken + random.Between(2, 21), line.packs - first});
    }
    AddQuality(random, spring, line);
  }

  static void AddQuality(Random& random, bool spring, Line& line) {
    if (!random.Chance(0.75)) return;
    int64_t came = 0;
    for (const Receipt& receipt : line.receipts) came += receipt.packs;
    line.rejected = 0;
    if (random.Chance(spring ? 0.09 : 0.012)) {
      const char* const reasons[] = {"CERTIFICATE", "FAILED_TEST", "WRONG_PRODUCT", "DAMAGED",
                                     "EXPIRED"};
      line.rejected = random.Chance(0.4) ? came : 1 + random.Below(static_cast<int>(came));
      line.reject_reason = reasons[random.Below(spring ? 5 : 4)];
    }
    line.accepted = came - line.rejected;
    if (!line.good->standard.empty() && random.Chance(0.5)) {
      line.certificate = absl::StrFormat("DEMO-C%05d", random.Below(100'000));
    }
  }

  // Orders each council's lines by day and gives them references.
  static void Number(std::vector<Line>& lines) {
    std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
      return a.council == b.council ? a.ordered < b.ordered : a.council < b.council;
    });
    int number = 0;
    const Council* council = nullptr;
    for (Line& line : lines) {
      if (line.council != council) number = 0;
      council = line.council;
      line.reference = absl::StrFormat("DEMO-%02d-%05d", line.ordered.year() % 100, ++number);
    }
  }

  const uint64_t seed_;
  const std::vector<Council>& councils_;
  const std::vector<Supplier>& suppliers_;
  std::vector<std::vector<int>> sellers_;
};

}  // namespace

std::vector<Line> MakePurchases(uint64_t seed, int lines, const std::vector<Council>& councils,
                                const std::vector<Supplier>& suppliers) {
  return Generator(seed, councils, suppliers).Make(lines);
}

}  // namespace steelyard::demo
