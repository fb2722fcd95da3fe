#include "tests/attack/campaign.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <memory>

#include "absl/strings/str_cat.h"
#include "tests/attack/bounds.h"
#include "tests/attack/facts.h"
#include "tests/attack/session.h"
#include "tests/attack/shown.h"

namespace steelyard::attack {
namespace {

// Lines of one commit, the most that may be: a step is one, if it can.
constexpr size_t kChunk = 2'000;

// What one release said, and the truth behind it.
struct Learnt {
  std::string what;
  int begun = 0;  // months
  std::unique_ptr<Facts> facts;
  std::vector<Shown> shown;
};

class Campaign {
 public:
  Campaign(uint64_t seed, const CampaignOptions& options)
      : seed_(seed),
        options_(options),
        registered_(session_.Councils()),
        areas_(session_.Areas()),
        country_(seed, options.size, registered_) {
    session_.LoadRegister(v1::LoadRegisterRequest::COUNCILS, country_.CouncilsCsv(registered_));
    session_.LoadRegister(v1::LoadRegisterRequest::SUPPLIERS, Country::SuppliersCsv());
  }

  CampaignCounts Run() {
    counts_.seeds = 1;
    for (const Step& step : country_.steps()) {
      Send(step);
      Learn(step);
      AttackLast();
      if (Done()) return counts_;
    }
    AttackRows();
    return counts_;
  }

 private:
  bool Done() const {
    return options_.stop_when_found && counts_.attack.within + counts_.suppliers.within > 0;
  }

  void Send(const Step& step) {
    if (!step.lines.empty()) session_.Upload(step.lines, kChunk);
    for (const Step::Withdrawal& w : step.withdrawals) session_.Withdraw(w.council, w.reference);
    session_.WaitPublished();
  }

  void Learn(const Step& step) {
    Learnt& learnt = releases_.emplace_back();
    learnt.what = step.what;
    learnt.begun = step.begun;
    learnt.facts = std::make_unique<Facts>(country_, areas_);
    demo::Random random = demo::Random::For(seed_, "questions", step.what);
    Interrogation ask(session_, country_, areas_, *learnt.facts);
    ask.AskGrid();
    ask.AskRandom(random, options_.random_questions);
    ask.AskSuppliers(scorecards_);
    ask.AskPositions(random, options_.positions);
    ask.AskIllegal(random, options_.illegal);
    ask.AskAgain(memory_);
    ask.Remember(random, options_.positions, memory_);
    counts_.questions += ask.counts();
    counts_.answers += learnt.facts->answers();
    counts_.facts += static_cast<int64_t>(learnt.facts->all().size());
    counts_.contradictions += learnt.facts->contradictions();
    session_.WhileStopped(
        [&](const std::string& data_dir) { learnt.shown = ReadShown(data_dir, country_); });
    counts_.sides += CheckSides(country_, *learnt.facts, learnt.shown);
  }

  // The newest release by itself, and with the one before it.
  void AttackLast() {
    for (int product = 0; product < options_.size.products; ++product) {
      const Learnt* last = &releases_.back();
      const Learnt* before = releases_.size() > 1 ? &releases_[releases_.size() - 2] : nullptr;
      if (before != nullptr && Direction(product, *before, *last) == Way::kSame) continue;
      ++counts_.releases;
      Attack(product, {last});
      if (before != nullptr) AttackRow(product, {before, last});
    }
  }

  // All releases between which a product only grew, or only shrank, at once.
  void AttackRows() {
    for (int product = 0; product < options_.size.products; ++product) {
      for (size_t from = 0, next = 0; from < releases_.size(); from = next) {
        std::vector<const Learnt*> row{&releases_[from]};
        Way way = Way::kSame;
        for (next = from + 1; next < releases_.size(); ++next) {
          const Way step = Direction(product, *row.back(), releases_[next]);
          if (step == Way::kSame) continue;
          if (step == Way::kMixed || (way != Way::kSame && step != way)) break;
          way = step;
          row.push_back(&releases_[next]);
        }
        if (row.size() > 2) AttackRow(product, row);
        // The end of one row is the beginning of the next.
        if (next < releases_.size() && next > from + 1) --next;
      }
    }
  }

  // Where some went up and some down nobody can tell which.
  void AttackRow(int product, std::vector<const Learnt*> row) {
    const Way way = Direction(product, *row[0], *row[1]);
    if (way == Way::kMixed) return;
    if (way == Way::kDown) std::reverse(row.begin(), row.end());
    ++counts_.rows_of_releases;
    Attack(product, row);
  }

  enum class Way { kSame, kUp, kDown, kMixed };
  static Way Direction(int product, const Learnt& a, const Learnt& b) {
    const auto at = static_cast<size_t>(product);
    const bool up = OnlyAdds(a.shown[at], b.shown[at]);
    const bool down = OnlyAdds(b.shown[at], a.shown[at]);
    if (up && down) return Way::kSame;
    return up ? Way::kUp : down ? Way::kDown : Way::kMixed;
  }

  void Attack(int product, const std::vector<const Learnt*>& row) {
    std::vector<Release> releases;
    std::string name;
    for (const Learnt* learnt : row) {
      releases.push_back({learnt->facts.get(), &learnt->shown, learnt->begun});
      absl::StrAppend(&name, " | ", learnt->what);
    }
    for (Measure measure : {Measure::kSpend, Measure::kUnits}) {
      if (Done()) return;
      const Bounds bounds(country_, product, measure, releases);
      counts_.broken_rows += static_cast<int64_t>(bounds.broken_rows());
      const std::string what =
          absl::StrCat("seed ", seed_, measure == Measure::kSpend ? " spend" : " units", name);
      if (options_.councils) {
        counts_.attack +=
            attack::Attack(country_, bounds, Who::kOutsiderAndCouncils, kPercent, what);
      }
      if (!options_.suppliers) continue;
      counts_.suppliers += attack::Attack(country_, bounds, Who::kSuppliers, kPercent, what);
    }
  }

  const uint64_t seed_;
  const CampaignOptions options_;
  Session session_;
  const std::vector<v1::Council> registered_;
  const std::vector<v1::Area> areas_;
  const Country country_;
  std::deque<Learnt> releases_;
  Memory memory_;
  Scorecards scorecards_;
  CampaignCounts counts_;
};

}  // namespace

CampaignCounts& CampaignCounts::operator+=(const CampaignCounts& o) {
  seeds += o.seeds;
  releases += o.releases;
  rows_of_releases += o.rows_of_releases;
  answers += o.answers;
  facts += o.facts;
  contradictions += o.contradictions;
  broken_rows += o.broken_rows;
  sides += o.sides;
  questions += o.questions;
  attack += o.attack;
  suppliers += o.suppliers;
  return *this;
}

CampaignCounts RunCampaign(uint64_t seed, const CampaignOptions& options) {
  return Campaign(seed, options).Run();
}

bool FullLength() { return std::getenv("STEELYARD_FULL") != nullptr; }

}  // namespace steelyard::attack
