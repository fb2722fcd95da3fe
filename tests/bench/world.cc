#include "tests/bench/world.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

namespace steelyard::bench {
namespace {

using demo::Random;

constexpr uint64_t kSeed = 20'190'101;
constexpr double kZipf = 1.0;
// A line may be promised and delivered some months after the last order.
constexpr int kCalendarDays = 1'300;

struct AreaShare {
  std::string_view area;
  int bodies;
  std::string_view type;  // empty: as England outside London has them
};
constexpr AreaShare kAreas[] = {
    {"north-east", 12, ""},
    {"north-west", 40, ""},
    {"yorkshire-and-the-humber", 22, ""},
    {"east-midlands", 38, ""},
    {"west-midlands", 33, ""},
    {"east-of-england", 50, ""},
    {"london", 33, "london-borough"},
    {"south-east", 67, ""},
    {"south-west", 40, ""},
    {"scotland", 32, "scottish"},
    {"wales", 22, "welsh"},
    {"northern-ireland", 11, "northern-irish"},
};

struct TypeSize {
  std::string_view type;
  double size;
};
constexpr TypeSize kEnglish[] = {{"district", 0.5},    {"district", 0.5}, {"district", 0.5},
                                 {"district", 0.5},    {"district", 0.5}, {"district", 0.5},
                                 {"unitary", 1.8},     {"unitary", 1.8},  {"county", 3.0},
                                 {"metropolitan", 2.5}};
constexpr double kOtherSize = 1.5;

struct Kind {
  std::string_view product_class;
  std::string_view standard;
  double pounds;  // usual unit price
  int32_t pack_content;
};
constexpr Kind kKinds[] = {
    {"glove", "EN 455", 0.05, 100},        {"mask", "EN 14683", 0.10, 50},
    {"apron", "EN 13795", 0.04, 100},      {"hand-gel", "EN 1500", 0.01, 500},
    {"respirator", "EN 149", 0.90, 20},    {"wipe", "EN 14476", 0.02, 200},
    {"eye-protection", "EN 166", 1.2, 10}, {"gown", "EN 13795", 2.5, 10},
    {"coverall", "EN 14126", 4.0, 25},     {"body-bag", "", 6.0, 10}};

constexpr std::string_view kSyllables[] = {"ba",  "cor", "del", "fen", "gar", "hol", "kin", "lor",
                                           "mar", "nor", "pel", "ros", "sal", "tor", "ver", "wes"};
constexpr std::string_view kTrades[] = {"Medical", "Safety", "Supplies", "Hygiene", "Healthcare"};
constexpr std::string_view kMakers[] = {"CN", "CN", "CN", "MY", "GB", "GB", "TR", "TH"};

std::string Word(Random& random) {
  std::string word;
  for (int i = 0; i < 3; ++i) word += kSyllables[random.Below(std::size(kSyllables))];
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

// Turns weights into shares that add up to 1, each with those before it.
void SumUp(std::vector<double>& weights) {
  std::partial_sum(weights.begin(), weights.end(), weights.begin());
  const double total = weights.back();
  for (double& w : weights) w /= total;
}

int Draw(Random& random, const std::vector<double>& summed) {
  const auto it = std::upper_bound(summed.begin(), summed.end(), random.Share());
  return static_cast<int>(
      std::min<ptrdiff_t>(it - summed.begin(), static_cast<ptrdiff_t>(summed.size()) - 1));
}

std::vector<Body> MakeBodies() {
  std::vector<Body> bodies;
  for (const AreaShare& area : kAreas) {
    for (int i = 0; i < area.bodies; ++i) {
      const int number = static_cast<int>(bodies.size()) + 1;
      Body body;
      body.id = absl::StrFormat("bench-%03d", number);
      body.name = absl::StrFormat("Bench Body %03d", number);
      Random random = Random::For(kSeed, "body", body.id);
      const TypeSize& english = kEnglish[i % std::size(kEnglish)];
      body.area = area.area;
      body.type = area.type.empty() ? english.type : area.type;
      body.size = (area.type.empty() ? english.size : kOtherSize) * random.Around(0.6);
      body.price_level = random.Around(0.06);
      bodies.push_back(std::move(body));
    }
  }
  return bodies;
}

std::vector<Seller> MakeSellers() {
  std::vector<Seller> sellers;
  for (int i = 1; i <= World::kSellers; ++i) {
    Random random = Random::For(kSeed, "seller", absl::StrFormat("%04d", i));
    Seller seller;
    seller.id = absl::StrFormat("bench-s%04d", i);
    const std::string word = Word(random);
    seller.name = absl::StrFormat("%s %s %04d Ltd", word,
                                  std::string(kTrades[random.Below(std::size(kTrades))]), i);
    seller.company_number = absl::StrFormat("99%06d", i);
    seller.made_in = kMakers[random.Below(std::size(kMakers))];
    seller.lateness = 0.05 + 0.25 * random.Share();
    sellers.push_back(std::move(seller));
  }
  return sellers;
}

std::vector<Good> MakeGoods() {
  std::vector<Good> goods;
  for (int i = 0; i < World::kGoods; ++i) {
    Good good;
    good.id = absl::StrFormat("bench-p%04d", i + 1);
    good.name = absl::StrFormat("Bench Product %04d", i + 1);
    Random random = Random::For(kSeed, "good", good.id);
    const Kind& kind = kKinds[static_cast<size_t>(i) % std::size(kKinds)];
    good.product_class = kind.product_class;
    good.standard = kind.standard;
    good.pack_content = kind.pack_content;
    good.unit_micros = std::llround(kind.pounds * random.Around(0.5) * 1e6);
    const int count = random.Between(5, 10);
    while (static_cast<int>(good.sellers.size()) < count) {
      const int seller = random.Below(World::kSellers);
      if (std::find(good.sellers.begin(), good.sellers.end(), seller) == good.sellers.end()) {
        good.sellers.push_back(seller);
      }
    }
    goods.push_back(std::move(good));
  }
  return goods;
}

// March to June 2020: dear, late and full of wrong goods.
bool IsSpring2020(int month) { return month >= 14 && month <= 17; }

// How prices and orders went, against 2019.
double PriceCourse(int month) {
  if (month < 14) return 1;
  return IsSpring2020(month) ? 2.6 : 1.15 + 0.85 * std::exp(-(month - 17) / 5.0);
}
double OrderCourse(int month) {
  if (month < 14) return 1;
  return IsSpring2020(month) ? 2.2 : 1.4;
}

}  // namespace

World::World() : bodies_(MakeBodies()), goods_(MakeGoods()), sellers_(MakeSellers()) {
  for (int i = 1; i <= kGoods; ++i) popularity_.push_back(std::pow(i, -kZipf));
  SumUp(popularity_);
  for (int month = 0; month < kMonths; ++month) demand_.push_back(OrderCourse(month));
  SumUp(demand_);
  const absl::CivilDay first(2019, 1, 1);
  for (int day = 0; day < kCalendarDays; ++day) {
    const absl::CivilDay d = first + day;
    calendar_.push_back({static_cast<int16_t>(d.year()), static_cast<int8_t>(d.month()),
                         static_cast<int8_t>(d.day())});
  }
  for (int month = 0; month <= kMonths; ++month) {
    month_starts_.push_back(
        static_cast<int16_t>(absl::CivilDay(absl::CivilMonth(first) + month) - first));
  }
}

std::vector<int64_t> World::Shares(int64_t lines) const {
  std::vector<double> summed;
  for (const Body& body : bodies_) summed.push_back(body.size);
  SumUp(summed);
  std::vector<int64_t> shares;
  int64_t before = 0;
  for (const double share : summed) {
    const auto up_to = static_cast<int64_t>(std::llround(share * static_cast<double>(lines)));
    shares.push_back(up_to - before);
    before = up_to;
  }
  return shares;
}

std::vector<Line> World::Lines(int body, int batch, int64_t count) const {
  Random random = Random::For(kSeed + static_cast<uint64_t>(batch), "lines",
                              bodies_[static_cast<size_t>(body)].id);
  std::vector<Line> lines;
  lines.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) lines.push_back(MakeLine(random, body, batch));
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.ordered < b.ordered; });
  int32_t number = 0;
  for (Line& line : lines) line.number = ++number;
  return lines;
}

Line World::MakeLine(Random& random, int body, int batch) const {
  const int month = Draw(random, demand_);
  const bool spring = IsSpring2020(month);
  const Body& buyer = bodies_[static_cast<size_t>(body)];
  Line line;
  line.body = body;
  line.batch = batch;
  line.good = Draw(random, popularity_);
  line.seller = SellerOf(random, body, line.good);
  const size_t m = static_cast<size_t>(month);
  line.ordered = static_cast<int16_t>(month_starts_[m] +
                                      random.Below(month_starts_[m + 1] - month_starts_[m]));
  const Good& good = goods_[static_cast<size_t>(line.good)];
  line.packs =
      std::max(1, static_cast<int>(std::lround(20 * std::sqrt(buyer.size) * random.Around(0.9))));
  const double unit = static_cast<double>(good.unit_micros) * PriceCourse(month) *
                      buyer.price_level * random.Around(spring ? 0.30 : 0.10);
  line.pack_pence = std::max<int64_t>(1, std::llround(unit * good.pack_content / 10'000));
  line.has_vat = random.Chance(0.85);
  if (random.Chance(0.10)) line.freight_pence = 500 + 50 * random.Below(60);
  line.has_country = random.Chance(0.7);
  if (random.Chance(0.9)) AddDelivery(random, spring, line);
  return line;
}

// Bodies stay with one or two of a good's sellers, but bought anywhere at times.
int World::SellerOf(Random& random, int body, int good) const {
  const std::vector<int>& sellers = goods_[static_cast<size_t>(good)].sellers;
  const int count = static_cast<int>(sellers.size());
  if (random.Chance(0.2)) return sellers[static_cast<size_t>(random.Below(count))];
  Random habit(static_cast<uint64_t>(body) * kGoods + static_cast<uint64_t>(good));
  const int usual = habit.Below(count);
  const int second = habit.Below(count);
  return sellers[static_cast<size_t>(random.Chance(0.75) ? usual : second)];
}

void World::AddDelivery(Random& random, bool spring, Line& line) const {
  const int promised = random.Between(3, 12) + (spring ? 4 : 0);
  line.promised = static_cast<int16_t>(line.ordered + promised);
  if (random.Chance(spring ? 0.04 : 0.004)) return;  // never came
  const double lateness = spring ? 0.5 : sellers_[static_cast<size_t>(line.seller)].lateness;
  const int taken = random.Chance(lateness) ? promised + random.Between(1, spring ? 40 : 9)
                                            : random.Between(std::max(1, promised - 5), promised);
  const bool in_parts = line.packs > 4 && random.Chance(spring ? 0.30 : 0.06);
  const int first = in_parts ? random.Between(1, line.packs - 1) : line.packs;
  int came = first;
  line.received[line.receipts++] = {static_cast<int16_t>(line.ordered + taken), first};
  if (in_parts && random.Chance(0.85)) {
    came = line.packs;
    const int later = line.ordered + taken + random.Between(2, 21);
    line.received[line.receipts++] = {static_cast<int16_t>(later), line.packs - first};
  }
  if (!random.Chance(0.75)) return;
  line.rejected = 0;
  if (random.Chance(spring ? 0.09 : 0.012)) {
    line.rejected = random.Chance(0.4) ? came : random.Between(1, came);
    line.reject_reason = static_cast<int8_t>(random.Between(1, 5));
  }
  line.accepted = came - line.rejected;
  const bool has_standard = !goods_[static_cast<size_t>(line.good)].standard.empty();
  line.has_standard = has_standard && random.Chance(0.5);
  if (line.has_standard && random.Chance(0.3)) line.certificate = random.Below(100'000);
}

}  // namespace steelyard::bench
