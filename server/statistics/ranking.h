#ifndef STEELYARD_SERVER_STATISTICS_RANKING_H_
#define STEELYARD_SERVER_STATISTICS_RANKING_H_

// How sure a rank is. A league table shows one order; these say how often each
// unit would lie where, if what is known of all units were drawn again. Pure,
// thread-safe.
// Source: Goldstein and Spiegelhalter, League Tables and Their Limitations,
// JRSS A 159 (1996); Lockwood, Louis and McCaffrey (2002) for the percentiles.

#include <cstdint>
#include <span>
#include <vector>

#include "server/statistics/estimate.h"

namespace steelyard::statistics {

struct RankingOptions {
  bool higher_is_better = true;
  int32_t draws = 1'000;  // 1 to 65,535; a chance is then right to about 1.5 points
  // Part of the method: another seed is another version of the figures.
  uint64_t seed = 20'050'321;
};

struct RankChance {
  double best_quarter = 0;   // chance of being in it, 0 to 1
  double worst_quarter = 0;  // likewise
  double median_rank = 0;    // rank 1 is the best; halves are possible
  // 95 % of the draws lie at or between these; type 7, rounded outwards.
  int32_t low_rank = 0;
  int32_t high_rank = 0;
};

// One for each of `units` (at most 65,535, finite), from independent normal draws
// with their values and standard errors; equal draws are put in random order. A
// quarter is the number of units over 4, rounded down, and at least one unit.
// The same input gives the same output on every machine. 300 units and 1,000
// draws take some 8 ms.
std::vector<RankChance> RankChances(std::span<const Estimate> units,
                                    const RankingOptions& options = {});

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_RANKING_H_
