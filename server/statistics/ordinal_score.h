#ifndef STEELYARD_SERVER_STATISTICS_ORDINAL_SCORE_H_
#define STEELYARD_SERVER_STATISTICS_ORDINAL_SCORE_H_

// Means of ratings on an ordered scale. A rating is a word with a rank; how far
// apart two words are is a choice that somebody has to make. The map from
// levels to numbers is that choice: whoever shows a mean names the map and its
// version beside it. "Other" is no level and has no number. Pure, thread-safe.

#include <cstdint>
#include <optional>
#include <span>

#include "server/statistics/estimate.h"

namespace steelyard::statistics {

struct Score {
  double mean = 0;
  double variance = 0;  // of single ratings, with n - 1; 0 for a single rating
  int64_t ratings = 0;
};

// From `counts` of ratings per level (>= 0) and the number of each level, in
// the same order: mean = sum c v / n, variance = sum c (v - mean)^2 / (n - 1).
// Nothing if there are no ratings.
std::optional<Score> ScoreOf(std::span<const int64_t> counts, std::span<const double> map);

// sum (n_i - 1) variance_i / sum (n_i - 1): what ratings of one unit differ by,
// from all units. 0 if none has two ratings.
double PooledVariance(std::span<const Score> scores);

// The mean with its standard error sqrt(variance / n). With its own variance a
// unit whose few ratings happen to agree looks certain; with the pooled one it
// does not, so that is what comparisons use.
Estimate ToEstimate(const Score& score, double variance);
inline Estimate ToEstimate(const Score& score) { return ToEstimate(score, score.variance); }

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_ORDINAL_SCORE_H_
