#include "tests/attack/campaign.h"

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

// What one release said, and the truth behind it.
struct Learnt {
  std::string what;
  std::unique_ptr<Facts> facts;
  std::vector<Shown> shown;
  Release release() const { return {facts.get(), &shown}; }
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
      Learn(step.what);
      AttackLast();
      if (Done()) break;
    }
    return counts_;
  }

 private:
  bool Done() const { return options_.stop_when_found && counts_.attack.within > 0; }

  void Send(const Step& step) {
    if (!step.lines.empty()) session_.Upload(step.lines, step.lines.size());
    for (const Step::Withdrawal& w : step.withdrawals) session_.Withdraw(w.council, w.reference);
    session_.WaitPublished();
  }

  void Learn(const std::string& what) {
    Learnt& learnt = releases_.emplace_back();
    learnt.what = what;
    learnt.facts = std::make_unique<Facts>(country_, areas_);
    demo::Random random = demo::Random::For(seed_, "questions", what);
    Interrogation ask(session_, country_, areas_, *learnt.facts);
    ask.AskGrid();
    ask.AskRandom(random, options_.random_questions);
    ask.AskPositions(random, options_.positions);
    ask.AskIllegal(random, options_.illegal);
    counts_.questions += ask.counts();
    counts_.answers += learnt.facts->answers();
    counts_.facts += static_cast<int64_t>(learnt.facts->all().size());
    counts_.contradictions += learnt.facts->contradictions();
    session_.WhileStopped(
        [&](const std::string& data_dir) { learnt.shown = ReadShown(data_dir, country_); });
  }

  static bool Same(const Shown& a, const Shown& b) { return OnlyAdds(a, b) && OnlyAdds(b, a); }

  // The newest release by itself, and with those before it.
  void AttackLast() {
    const Learnt& last = releases_.back();
    for (int product = 0; product < options_.size.products; ++product) {
      const auto at = static_cast<size_t>(product);
      const size_t count = releases_.size();
      if (count > 1 && Same(releases_[count - 2].shown[at], last.shown[at])) continue;
      ++counts_.releases;
      Attack(product, last, nullptr);
      if (count > 1) AttackPair(product, releases_[count - 2], last);
      if (count > 2) AttackPair(product, releases_.front(), last);
    }
  }

  void AttackPair(int product, const Learnt& first, const Learnt& second) {
    const auto at = static_cast<size_t>(product);
    // Where some went up and some down nobody can tell which.
    if (OnlyAdds(first.shown[at], second.shown[at])) {
      ++counts_.pairs_of_releases;
      Attack(product, first, &second);
    } else if (OnlyAdds(second.shown[at], first.shown[at])) {
      ++counts_.pairs_of_releases;
      Attack(product, second, &first);
    }
  }

  void Attack(int product, const Learnt& less, const Learnt* more) {
    const Release greater = more == nullptr ? Release() : more->release();
    for (Measure measure : {Measure::kSpend, Measure::kUnits}) {
      if (Done()) return;
      const Bounds bounds(country_, product, measure, less.release(),
                          more == nullptr ? nullptr : &greater);
      counts_.broken_rows += static_cast<int64_t>(bounds.broken_rows());
      const std::string what =
          absl::StrCat("seed ", seed_, ", ", measure == Measure::kSpend ? "spend" : "units", ", ",
                       less.what, more == nullptr ? "" : absl::StrCat(" | ", more->what));
      counts_.attack += attack::Attack(country_, bounds, Who::kOutsiderAndCouncils, kPercent, what);
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
  CampaignCounts counts_;
};

}  // namespace

CampaignCounts& CampaignCounts::operator+=(const CampaignCounts& o) {
  seeds += o.seeds;
  releases += o.releases;
  pairs_of_releases += o.pairs_of_releases;
  answers += o.answers;
  facts += o.facts;
  contradictions += o.contradictions;
  broken_rows += o.broken_rows;
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
