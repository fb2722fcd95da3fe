#include "tests/crash/kill_lines.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace steelyard::crash {
namespace {

struct Good {
  const char* id;
  int pack_content;
  int low_pence;  // a pack's price
  int high_pence;
};
constexpr std::array<Good, 3> kGoods = {{{"mask-type-iir-ear-loop", 50, 300, 2000},
                                         {"apron-flat-pack-white", 100, 200, 1500},
                                         {"apron-roll-white", 200, 400, 3000}}};
constexpr std::array<const char*, 3> kSuppliers = {"acme", "bolt", "crane"};

constexpr int kMinLines = 50;
constexpr int kMaxLines = 400;
constexpr int kMinChunk = 10;
constexpr int kMaxChunk = 100;

void SetDate(int day, google::type::Date* date) {
  date->set_year(2024);
  date->set_month(3 + day / 28);
  date->set_day(1 + day % 28);
}

}  // namespace

const char kSuppliersCsv[] =
    "id,name,company_number\n"
    "acme,Acme Supplies Ltd,01234567\n"
    "bolt,Bolt Medical PLC,\n"
    "crane,Crane Safety Ltd,\n";

Lines::Lines(demo::Random random, std::string council, std::string worker)
    : random_(random), council_(std::move(council)), worker_(std::move(worker)) {}

std::string Lines::NewUuid() {
  const uint64_t high = random_.Next();
  const uint64_t low = random_.Next();
  return absl::StrFormat("%08x-%04x-4%03x-%04x-%012x", high >> 32, high >> 16 & 0xffff,
                         high & 0xfff, 0x8000 | (low >> 48 & 0x3fff), low & 0xffffffffffff);
}

v1::Purchase Lines::Fill(const std::string& reference) {
  v1::Purchase line;
  const Good& good = kGoods[random_.Below(kGoods.size())];
  line.set_reference(reference);
  line.set_product(absl::StrCat("products/", good.id));
  line.set_supplier(absl::StrCat("suppliers/", kSuppliers[random_.Below(kSuppliers.size())]));
  const int ordered = random_.Below(28);
  SetDate(ordered, line.mutable_order_date());
  SetDate(ordered + random_.Below(28), line.mutable_promised_date());
  line.set_pack_content(good.pack_content);
  line.set_pack_price_micros(int64_t{random_.Between(good.low_pence, good.high_pence)} * 10'000);
  line.set_currency_code("GBP");
  line.set_vat_rate_basis_points(2000);
  line.set_freight_micros(int64_t{random_.Below(5'000)} * 10'000);
  int64_t delivered = 0;
  for (int i = random_.Between(1, 3), day = ordered; i > 0; --i) {
    v1::Delivery* delivery = line.add_deliveries();
    SetDate(day += random_.Between(1, 9), delivery->mutable_date());
    delivery->set_packs(random_.Between(1, 500));
    delivered += delivery->packs();
  }
  line.set_packs(delivered + random_.Below(100));
  line.mutable_quality()->set_accepted_packs(delivered - 1);
  line.mutable_quality()->set_rejected_packs(1);
  line.mutable_quality()->set_reject_reason(v1::Quality::DAMAGED);
  line.mutable_quality()->set_standard("EN 14683 type IIR");
  line.mutable_quality()->set_certificate(absl::StrCat(worker_, " version ", ++versions_));
  line.set_country_of_manufacture("GB");
  line.set_made_in_uk(true);
  line.set_state(v1::Purchase::ACTIVE);
  return line;
}

v1::Purchase Lines::New() {
  return sent_.emplace_back(Fill(absl::StrCat(worker_, "-", ++number_)));
}

v1::Purchase& Lines::Pick() {
  std::swap(sent_[random_.Between(used_, there() - 1)], sent_[used_]);
  return sent_[used_++];
}

v1::Purchase Lines::Correction() {
  v1::Purchase& line = Pick();
  used_ = 0;
  return line = Fill(line.reference());
}

v1::Purchase Lines::GiveUp() {
  std::swap(Pick(), sent_.back());
  used_ = 0;
  v1::Purchase line = std::move(sent_.back());
  sent_.pop_back();
  return line;
}

v1::Purchase Lines::Bad() {
  v1::Purchase line = Fill(absl::StrCat(worker_, "-bad-", ++number_));
  line.set_product("products/none-such");
  return line;
}

Commit Lines::NewCommit(Commit::Kind kind, const std::string& id) const {
  Commit commit;
  commit.kind = kind;
  commit.council = council_;
  commit.submission = absl::StrCat(council_, "/submissions/", id);
  return commit;
}

void Lines::Append(const v1::Purchase& line, UploadPlan& plan) {
  v1::UploadLine& added = plan.lines.emplace_back();
  added.set_row(static_cast<int64_t>(plan.lines.size()));
  *added.mutable_purchase() = line;
}

// A line with new content: a new one or, the more lines there are the more
// often, a correction.
void Lines::Change(Commit& commit, UploadPlan& plan) {
  constexpr double kManyLines = 8'000;
  v1::Purchase line;
  if (used_ < there() && random_.Chance(0.2 + 0.75 * std::min(1.0, there() / kManyLines))) {
    v1::Purchase& earlier = Pick();
    line = earlier = Fill(earlier.reference());
  } else {
    line = New();
    std::swap(sent_.back(), sent_[used_++]);
  }
  Append(line, plan);
  commit.changes.push_back(std::move(line));
}

UploadPlan Lines::ValidLines(const std::string& id) {
  UploadPlan plan;
  plan.chunk_lines = random_.Between(kMinChunk, kMaxChunk);
  const int count = random_.Between(kMinLines, kMaxLines);
  used_ = 0;
  while (static_cast<int>(plan.lines.size()) < count) {
    Commit chunk = NewCommit(Commit::kChunk, id);
    Change(chunk, plan);  // so that each chunk leaves a trace
    for (int i = 1; i < plan.chunk_lines && static_cast<int>(plan.lines.size()) < count; ++i) {
      if (random_.Chance(0.03)) {
        Append(Bad(), plan);
        ++chunk.rejected;
      } else if (used_ < there() && random_.Chance(0.1)) {
        Append(Pick(), plan);
        ++chunk.unchanged;
      } else {
        Change(chunk, plan);
      }
    }
    plan.commits.push_back(std::move(chunk));
    plan.ends.push_back(static_cast<int64_t>(plan.lines.size()));
  }
  plan.commits.push_back(NewCommit(Commit::kFinish, id));
  used_ = 0;
  return plan;
}

UploadPlan Lines::Whole(const std::string& id) {
  UploadPlan plan;
  plan.chunk_lines = random_.Between(kMinChunk, kMaxChunk);
  const int count = random_.Between(kMinLines, kMaxLines);
  used_ = 0;
  if (random_.Chance(0.16)) {
    Commit refusal = NewCommit(Commit::kRefusal, id);
    const int bad_at = random_.Below(count);
    for (int i = 0; i < count; ++i) {
      Append(i == bad_at ? Bad() : Fill(absl::StrCat(worker_, "-refused-", ++number_)), plan);
    }
    refusal.rejected = 1;
    plan.commits.push_back(std::move(refusal));
  } else {
    Commit whole = NewCommit(Commit::kWhole, id);
    for (int i = 0; i < count; ++i) Change(whole, plan);
    plan.commits.push_back(std::move(whole));
  }
  used_ = 0;
  return plan;
}

}  // namespace steelyard::crash
