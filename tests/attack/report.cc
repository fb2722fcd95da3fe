#include "tests/attack/report.h"

#include <algorithm>
#include <cstdio>

namespace steelyard::attack {
namespace {

constexpr size_t kMostPrinted = 10;

void PrintLine(const std::string& name, const char* what, int64_t count) {
  std::printf("attack: %-20s %-40s %10lld\n", name.c_str(), what, static_cast<long long>(count));
}

void PrintAttack(const std::string& name, const AttackCounts& counts) {
  PrintLine(name, "constraints in all systems", counts.rows);
  PrintLine(name, "attackers in all systems", counts.attackers);
  PrintLine(name, "protected values x attackers", counts.values);
  PrintLine(name, "linear programmes solved", counts.programmes);
  PrintLine(name, "values within p%", counts.within);
  PrintLine(name, "values exact but for rounding", counts.exact);
  for (size_t i = 0; i < std::min(counts.found.size(), kMostPrinted); ++i) {
    std::printf("attack: %-20s found: %s\n", name.c_str(), counts.found[i].c_str());
  }
}

}  // namespace

void PrintCampaign(const std::string& name, const CampaignCounts& counts) {
  const auto line = [&](const char* what, int64_t count) { PrintLine(name, what, count); };
  line("seeds", counts.seeds);
  line("releases attacked", counts.releases);
  line("rows of releases attacked", counts.rows_of_releases);
  line("queries", counts.questions.queries);
  line("illegal queries refused", counts.questions.refused);
  line("answers with figures", counts.answers);
  line("distinct facts", counts.facts);
  line("answers of former editions asked again", counts.questions.asked_again);
  line("figures and quantiles checked for sides", counts.sides.checked);
  line("figures or quantiles of too few", counts.sides.exposed);
  line("scorecards of suppliers learnt", counts.questions.scorecards);
  PrintAttack(name, counts.attack);
  if (counts.suppliers.attackers > 0) PrintAttack(name + " (suppliers)", counts.suppliers);
  std::fflush(stdout);
}

}  // namespace steelyard::attack
