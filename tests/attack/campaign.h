#ifndef STEELYARD_TESTS_ATTACK_CAMPAIGN_H_
#define STEELYARD_TESTS_ATTACK_CAMPAIGN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/attack/attackers.h"
#include "tests/attack/country.h"
#include "tests/attack/questions.h"
#include "tests/attack/sides.h"

namespace steelyard::attack {

// The p of the policy.
inline constexpr int kPercent = 20;

// How much is asked of one country, and who attacks it.
struct CampaignOptions {
  CountrySize size;
  int random_questions = 100;  // of each release
  int positions = 20;
  int illegal = 20;
  bool councils = true;          // and outsiders attack
  bool suppliers = true;         // attack as well
  bool stop_when_found = false;  // for controls
};

struct CampaignCounts {
  int seeds = 0;
  int releases = 0;  // of which something was new
  int rows_of_releases = 0;
  int64_t answers = 0;
  int64_t facts = 0;
  int64_t contradictions = 0;
  int64_t broken_rows = 0;  // that the truth does not meet
  SideCounts sides;
  QuestionCounts questions;
  AttackCounts attack;
  AttackCounts suppliers;  // as those who sold
  CampaignCounts& operator+=(const CampaignCounts& o);
};

// Sends the country of `seed` to a server of its own step by step, asks before
// and after each, and attacks what each release says, what each two in a row
// say, and all in a row between which things only grew or only shrank.
CampaignCounts RunCampaign(uint64_t seed, const CampaignOptions& options);

// Whether long programmes are to be run in full.
bool FullLength();

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_CAMPAIGN_H_
