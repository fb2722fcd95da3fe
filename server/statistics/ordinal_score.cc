#include "server/statistics/ordinal_score.h"

#include <algorithm>
#include <cmath>

namespace steelyard::statistics {

std::optional<Score> ScoreOf(std::span<const int64_t> counts, std::span<const double> map) {
  const size_t levels = std::min(counts.size(), map.size());
  Score score;
  double sum = 0;
  for (size_t i = 0; i < levels; ++i) {
    score.ratings += counts[i];
    sum += static_cast<double>(counts[i]) * map[i];
  }
  if (score.ratings <= 0) return std::nullopt;
  score.mean = sum / static_cast<double>(score.ratings);
  if (score.ratings == 1) return score;
  double squares = 0;
  for (size_t i = 0; i < levels; ++i) {
    squares += static_cast<double>(counts[i]) * (map[i] - score.mean) * (map[i] - score.mean);
  }
  score.variance = squares / static_cast<double>(score.ratings - 1);
  return score;
}

double PooledVariance(std::span<const Score> scores) {
  double squares = 0;
  double freedom = 0;
  for (const Score& score : scores) {
    if (score.ratings < 2) continue;
    const auto degrees = static_cast<double>(score.ratings - 1);
    squares += degrees * score.variance;
    freedom += degrees;
  }
  return freedom > 0 ? squares / freedom : 0;
}

Estimate ToEstimate(const Score& score, double variance) {
  return {score.mean, std::sqrt(variance / static_cast<double>(score.ratings))};
}

}  // namespace steelyard::statistics
