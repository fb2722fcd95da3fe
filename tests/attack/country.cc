#include "tests/attack/country.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"

namespace steelyard::attack {
namespace {

using demo::Random;

constexpr const char* kProducts[] = {"mask-type-iir-ear-loop", "mask-type-ii-ear-loop"};
// The last two belong to one owner.
constexpr const char* kSuppliers[] = {"acme", "bolt", "crane", "drake", "ember", "ember-north"};
constexpr int kSupplierCount = 6;
constexpr const char* kRest = "all send the rest";
constexpr const char* kClosedOn = "2023-12-31";

std::string Bare(const std::string& name) { return name.substr(name.rfind('/') + 1); }

}  // namespace

Country::Country(uint64_t seed, const CountrySize& size, const std::vector<v1::Council>& registered)
    : seed_(seed), size_(size), products_(kProducts, kProducts + size.products) {
  Random random = Random::For(seed, "country");
  PickBuyers(random, registered);
  std::vector<size_t> early, all;
  for (size_t b = 0; b < buyers_.size(); ++b) {
    all.push_back(b);
    if (!buyers_[b].newcomer) early.push_back(b);
  }
  const int begun = size.months * 3 / 4;
  for (int month = 0; size.monthly && month < begun; ++month) {
    Send(early, month, month, absl::StrCat("most councils send month ", month + 1));
    if (month > 0) SendLate(month - 1);
    steps_.back().begun = month + 1;
  }
  if (!size.monthly) Send(early, 0, begun - 1, "most councils send the first months");
  SendAlone();
  SendSixth();
  Send(all, begun, size.months - 1, kRest);
  std::vector<size_t> late;
  for (size_t b : all) {
    if (random.Chance(0.6)) late.push_back(b);
  }
  Send(late, 0, size.months - 1, "late lines");
  Correct(true);
  Correct(false);
  WithdrawAlone();
  int months = size.monthly ? 0 : begun;
  for (Step& step : steps_) {
    months = std::max(months, step.begun);
    if (step.what == kRest) months = size.months;
    step.begun = months;
  }
}

void Country::PickBuyers(Random& random, const std::vector<v1::Council>& registered) {
  // Areas differ in how many of their councils take part.
  std::vector<const v1::Council*> open;
  for (const v1::Council& c : registered) open.push_back(&c);
  const auto keep = [&](const v1::Council& c) {
    return Random::For(seed_, "area", c.area()).Share() + 0.05;
  };
  std::set<const v1::Council*> picked;
  while (static_cast<int>(picked.size()) < size_.buyers) {
    const v1::Council* c = open[static_cast<size_t>(random.Below(static_cast<int>(open.size())))];
    if (random.Chance(keep(*c))) picked.insert(c);
  }
  std::map<std::string, std::string> hubs;  // of related bodies, by area and type
  for (const v1::Council& c : registered) {
    if (!picked.contains(&c)) continue;
    Buyer buyer{Bare(c.name()), c.display_name(), Bare(c.area()), c.authority_type(), "", 1, 1,
                false};
    buyer.size = random.Around(1.0);
    buyer.habit = random.Chance(0.3) ? 0.25 : 0.9;
    buyer.newcomer = random.Chance(0.12);
    if (random.Chance(0.1)) {
      std::string& group = hubs[buyer.area + buyer.type];
      if (group.empty()) group = absl::StrCat("hub-", buyer.id);
      buyer.group = group;
    }
    buyers_.push_back(std::move(buyer));
  }
  // One has about half of all that its area buys.
  Buyer& dominant = buyers_[static_cast<size_t>(random.Below(static_cast<int>(buyers_.size())))];
  double others = 0;
  for (const Buyer& b : buyers_) {
    if (b.area == dominant.area && b.id != dominant.id) others += b.size * b.habit;
  }
  dominant.size = std::max(dominant.size, 0.8 * others);
  dominant.habit = 1;
}

v1::UploadLine Country::MakeLine(Random& random, size_t buyer, int product, int month) {
  const Buyer& b = buyers_[buyer];
  v1::UploadLine line;
  line.set_council(b.id);
  v1::Purchase& p = *line.mutable_purchase();
  p.set_reference(absl::StrCat("L", references_++));
  p.set_product(products_[static_cast<size_t>(product)]);
  // Some areas buy from one supplier only.
  const bool single = Random::For(seed_, "single", b.area).Chance(0.25);
  Random habit = Random::For(seed_, "supplier", single ? b.area : b.id);
  const int usual = habit.Below(kSupplierCount);
  p.set_supplier(kSuppliers[single || random.Chance(0.6) ? usual : random.Below(kSupplierCount)]);
  p.mutable_order_date()->set_year(kFirstYear + month / 12);
  p.mutable_order_date()->set_month(month % 12 + 1);
  p.mutable_order_date()->set_day(random.Between(1, 28));
  p.set_packs(std::max<int64_t>(1, std::llround(100 * b.size * random.Around(0.5))));
  p.set_pack_content(50);
  p.set_pack_price_micros(std::llround(600 * random.Around(0.2)) * 10'000);
  p.set_price_confirmed(true);
  return line;
}

void Country::Buy(Random& random, size_t buyer, int month, Step& step) {
  for (int product = 0; product < size_.products; ++product) {
    if (!random.Chance(buyers_[buyer].habit)) continue;
    const int lines = random.Chance(0.3) ? 2 : 1;
    for (int i = 0; i < lines; ++i) {
      step.lines.push_back(MakeLine(random, buyer, product, month));
      sent_.push_back(step.lines.back());
    }
  }
}

void Country::Send(const std::vector<size_t>& buyers, int first, int last,
                   const std::string& what) {
  Random random = Random::For(seed_, what);
  Step& step = steps_.emplace_back();
  step.what = what;
  const double share = what == "late lines" ? 0.3 : 1;
  for (size_t buyer : buyers) {
    for (int month = first; month <= last; ++month) {
      if (random.Chance(share)) Buy(random, buyer, month, step);
    }
  }
}

// Adds to the last step what one council forgot.
void Country::SendLate(int month) {
  Random random = Random::For(seed_, "late", absl::StrCat(month));
  const auto buyer = static_cast<size_t>(random.Below(static_cast<int>(buyers_.size())));
  v1::UploadLine line = MakeLine(random, buyer, 0, month);
  steps_.back().lines.push_back(line);
  sent_.push_back(line);
}

void Country::SendAlone() {
  std::vector<size_t> newcomers;
  for (size_t b = 0; b < buyers_.size() && newcomers.empty(); ++b) {
    if (buyers_[b].newcomer) newcomers.push_back(b);
  }
  if (newcomers.empty()) newcomers.push_back(0);
  Send(newcomers, 0, size_.months * 3 / 4 - 1, "one newcomer alone");
}

void Country::SendSixth() {
  Random random = Random::For(seed_, "sixth");
  Step& step = steps_.emplace_back();
  step.what = "five small ones and a large one";
  for (int i = 0; i < 6; ++i) {
    const auto buyer = static_cast<size_t>(random.Below(static_cast<int>(buyers_.size())));
    for (int month = 0; month < 3; ++month) {
      v1::UploadLine line = MakeLine(random, buyer, 0, month);
      line.mutable_purchase()->set_packs(i < 5 ? 1 : 300);
      step.lines.push_back(line);
      sent_.push_back(line);
    }
  }
}

void Country::Correct(bool up) {
  Random random = Random::For(seed_, up ? "up" : "down");
  Step& step = steps_.emplace_back();
  step.what = up ? "corrections upwards" : "corrections downwards and withdrawals";
  std::vector<v1::UploadLine> kept;
  for (v1::UploadLine& line : sent_) {
    v1::Purchase& p = *line.mutable_purchase();
    if (!up && random.Chance(0.01)) {
      step.withdrawals.push_back({line.council(), p.reference()});
      continue;
    }
    if (random.Chance(0.4) && p.packs() > 4) {
      p.set_packs(up ? p.packs() + p.packs() / 3 : p.packs() - p.packs() / 4);
      step.lines.push_back(line);
    }
    kept.push_back(line);
  }
  sent_ = std::move(kept);
}

void Country::WithdrawAlone() {
  Random random = Random::For(seed_, "alone");
  Step& step = steps_.emplace_back();
  step.what = "one withdraws alone";
  const std::string who =
      sent_[static_cast<size_t>(random.Below(static_cast<int>(sent_.size())))].council();
  for (const v1::UploadLine& line : sent_) {
    if (line.council() != who || step.withdrawals.size() >= 12) continue;
    step.withdrawals.push_back({line.council(), line.purchase().reference()});
  }
}

std::string Country::CouncilsCsv(const std::vector<v1::Council>& registered) const {
  std::string csv = "id,name,authority_type,area,end_date,related_group\n";
  for (const v1::Council& c : registered) {
    const std::string id = Bare(c.name());
    const auto buyer =
        std::find_if(buyers_.begin(), buyers_.end(), [&](const Buyer& b) { return b.id == id; });
    const bool buys = buyer != buyers_.end();
    absl::StrAppend(&csv, id, ",\"", c.display_name(), "\",", c.authority_type(), ",",
                    Bare(c.area()), ",", buys ? "" : kClosedOn, ",", buys ? buyer->group : "",
                    "\n");
  }
  return csv;
}

std::string Country::SuppliersCsv() {
  std::string csv = "id,name,owners\n";
  for (const char* supplier : kSuppliers) {
    absl::StrAppend(&csv, supplier, ",", supplier, " Ltd,",
                    std::string(supplier) == "ember-north" ? "ember@.." : "", "\n");
  }
  return csv;
}

std::vector<std::string> Country::SupplierGroups() {
  return {kSuppliers, kSuppliers + kSupplierCount - 1};
}

}  // namespace steelyard::attack
