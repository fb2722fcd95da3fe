#include "tests/attack/report.h"

#include <cstdio>

namespace steelyard::attack {
namespace {

void PrintLine(const std::string& name, const char* what, int64_t count) {
  std::printf("attack: %-20s %-32s %10lld\n", name.c_str(), what, static_cast<long long>(count));
}

void PrintAttack(const std::string& name, const AttackCounts& counts) {
  PrintLine(name, "constraints in all systems", counts.rows);
  PrintLine(name, "attackers in all systems", counts.attackers);
  PrintLine(name, "protected values x attackers", counts.values);
  PrintLine(name, "linear programmes solved", counts.programmes);
  PrintLine(name, "values within p%", counts.within);
  PrintLine(name, "of these exact", counts.exact);
  for (const std::string& found : counts.found) {
    std::printf("attack: %-20s found: %s\n", name.c_str(), found.c_str());
  }
}

}  // namespace

void PrintCampaign(const std::string& name, const CampaignCounts& counts) {
  const auto line = [&](const char* what, int64_t count) { PrintLine(name, what, count); };
  line("seeds", counts.seeds);
  line("releases attacked", counts.releases);
  line("pairs of releases attacked", counts.pairs_of_releases);
  line("queries", counts.questions.queries);
  line("of which illegal, all refused", counts.questions.refused);
  line("answers with figures", counts.answers);
  line("distinct facts", counts.facts);
  PrintAttack(name, counts.attack);
  if (counts.suppliers.attackers > 0) PrintAttack(name + " (suppliers)", counts.suppliers);
  std::fflush(stdout);
}

}  // namespace steelyard::attack
