#include "client/demo/outcomes.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "client/demo/random.h"

namespace steelyard::demo {
namespace {

constexpr int kSmallestCohort = 5;
constexpr double kWeeksInQuarter = 13;

// How one council stands to one provider, for as long as it uses it.
struct Relation {
  double severity = 0;  // of its ratings
  double fee = 1;       // against the provider's usual
  double placements = 0;
  bool locked_in = false;
  bool tells_extras = false;
};

Relation Relate(Random& random, const Council& council, const Provider& provider,
                const ServiceKind& service) {
  Relation relation;
  relation.severity = 0.35 * random.Normal();
  relation.fee = provider.fee_level * random.Around(0.07);
  relation.placements = service.placements * std::sqrt(council.size) * random.Around(0.4);
  relation.locked_in = random.Chance(provider.sufficiency < 0.8 ? 0.55 : 0.2);
  relation.tells_extras = random.Chance(0.4);
  return relation;
}

int LevelOf(double latent) {
  if (latent > 0.1) return 1;
  if (latent > -0.75) return 2;
  return latent > -1.7 ? 3 : 4;
}

std::string_view IntentionOf(Random& random, double quality, bool locked_in) {
  const double mood = quality + 0.5 * random.Normal();
  if (random.Chance(0.12)) return "undecided";
  if (mood > 0 || (locked_in && mood > -0.4)) return "stay";
  if (mood > -0.6) return "reduce";
  return random.Chance(0.6) ? "move-to-smaller-local" : "bring-in-house";
}

std::string PrioritiesOf(Random& random, double quality, double fee_growth) {
  std::vector<std::string_view> wanted;
  if (fee_growth > 0.06) wanted.push_back("fee-restraint");
  if (quality < -0.3) wanted.push_back("safeguarding-practice");
  if (random.Chance(0.6)) wanted.push_back("local-sufficiency");
  if (quality < 0.2 && random.Chance(0.6)) wanted.push_back("workforce-stability");
  if (random.Chance(0.4)) wanted.push_back("fee-transparency");
  if (random.Chance(0.3)) wanted.push_back("placement-stability");
  if (random.Chance(0.25)) wanted.push_back("outcome-reporting");
  if (wanted.size() > 1 && random.Chance(0.4)) std::swap(wanted[0], wanted[1]);
  wanted.resize(std::min<size_t>(wanted.size(), 5));
  std::string text;
  for (const std::string_view code : wanted) {
    absl::StrAppend(&text, text.empty() ? "" : ";", std::string(code));
  }
  return text;
}

Report Make(Random& random, const Council& council, const Provider& provider,
            const ServiceKind& service, const Relation& relation, int quarter) {
  Report report;
  report.council = &council;
  report.provider = &provider;
  report.service = &service;
  report.quarter = quarter;
  report.placements = static_cast<int>(std::lround(relation.placements * random.Around(0.1)));
  const bool fell = provider.falls_from >= 0 && quarter >= provider.falls_from;
  const double quality = provider.quality - (fell ? 0.5 : 0);
  for (size_t m = 0; m < report.levels.size(); ++m) {
    if (!random.Chance(0.93)) continue;
    // Value is what people grumble about; safeguarding fell most.
    const double measure = (m == 7 ? -0.3 : 0) - (fell && m == 0 ? 0.4 : 0);
    report.levels[m] =
        LevelOf(0.55 + quality + measure + relation.severity + 0.5 * random.Normal());
  }
  const double fee = service.weekly_fee * relation.fee *
                     std::pow(1 + provider.fee_growth, quarter / 4.0) * random.Around(0.01);
  report.fee_pence = std::llround(fee * 100);
  if (relation.tells_extras) {
    report.extras_pence = std::llround(report.fee_pence * 0.08 * random.Share());
  }
  report.spend_pence =
      static_cast<int64_t>(std::llround(static_cast<double>(report.fee_pence) * report.placements *
                                        kWeeksInQuarter * (0.86 + 0.14 * random.Share())));
  report.endings =
      std::min(report.placements, random.Count(report.placements * std::exp(-2.9 - 0.5 * quality)));
  report.referrals = 1 + random.Count(2 + relation.placements / 4);
  for (int r = 0; r < report.referrals; ++r) {
    report.offers += random.Chance(std::min(0.9, 0.42 * provider.sufficiency)) ? 1 : 0;
  }
  if (report.offers > 0) {
    report.nearest_offer_km = 4 + static_cast<int>(38 * random.Around(0.7));
  }
  if (random.Chance(0.9)) report.no_alternative = relation.locked_in ? 1 : 0;
  if (random.Chance(0.85)) report.intention = IntentionOf(random, quality, relation.locked_in);
  report.priorities = PrioritiesOf(random, quality, provider.fee_growth);
  return report;
}

bool ReportsOutcomes(const Council& council, int quarter) {
  switch (council.participation) {
    case Participation::kNever:
      return false;
    case Participation::kAlways:
    case Participation::kQuarterly:
      return true;
    case Participation::kSinceSpring2020:
      return quarter >= 3;
    case Participation::kOneMonth:
      return quarter == kOutcomeQuarters - 1;
  }
  return false;
}

}  // namespace

std::vector<Report> MakeReports(uint64_t seed, const std::vector<Council>& councils,
                                const std::vector<Provider>& providers) {
  std::vector<Report> reports;
  for (const Council& council : councils) {
    if (!council.childrens_services) continue;
    for (const Provider& provider : providers) {
      Random random = Random::For(seed, council.id, provider.id);
      const bool cast = council.id == "ken" && provider.id == "demo-harbour-oak-homes";
      if (!random.Chance(provider.popularity) && !cast) continue;
      for (const ServiceKind* service : provider.services) {
        const Relation relation = Relate(random, council, provider, *service);
        for (int quarter = 0; quarter < kOutcomeQuarters; ++quarter) {
          const Report report = Make(random, council, provider, *service, relation, quarter);
          if (report.placements < kSmallestCohort || !ReportsOutcomes(council, quarter)) continue;
          reports.push_back(report);
        }
      }
    }
  }
  return reports;
}

std::string QuarterText(int quarter) {
  return absl::StrCat(kFirstOutcomeYear + quarter / 4, "-Q", quarter % 4 + 1);
}

}  // namespace steelyard::demo
