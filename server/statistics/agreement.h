#ifndef STEELYARD_SERVER_STATISTICS_AGREEMENT_H_
#define STEELYARD_SERVER_STATISTICS_AGREEMENT_H_

// Do raters (councils) say the same of a unit (a provider)? From counts of
// ratings per level alone: who gave which is not needed. Levels count as names
// here; two that lie side by side disagree as much as the two ends. Pure,
// thread-safe. Source: Fleiss, Measuring nominal scale agreement among many
// raters, Psychological Bulletin 76 (1971).

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace steelyard::statistics {

// The share of pairs of raters who agree about one unit,
//   P = (sum n_k^2 - n) / (n (n - 1)),
// 0 to 1; nothing with fewer than two ratings.
std::optional<double> Agreement(std::span<const int64_t> counts);

// (mean P - E) / (1 - E) with E = sum p_k^2 and p_k the share of all ratings
// at level k: 1 is full agreement, 0 what chance gives. `units` holds counts
// per level, all in the same order. Units with fewer than two ratings do not
// count; units may have different numbers of raters, each counts once in the
// mean of P. Nothing without such units, or if all ratings are the same.
std::optional<double> FleissKappa(std::span<const std::vector<int64_t>> units);

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_AGREEMENT_H_
