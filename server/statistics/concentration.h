#ifndef STEELYARD_SERVER_STATISTICS_CONCENTRATION_H_
#define STEELYARD_SERVER_STATISTICS_CONCENTRATION_H_

// The Herfindahl-Hirschman index of a market: the sum of squared percentage
// shares, 0 to 10,000. Shares are those of ultimate owners; by legal entity it
// would come out too low. It describes and decides nothing: the Competition and
// Markets Authority dropped its thresholds of 1,000 and 2,000 in March 2021.
// Pure, thread-safe. Source: Hirschman, American Economic Review 54 (1964).

#include <cstdint>
#include <span>

namespace steelyard::statistics {

// From what each owner holds (places, homes, spend), not negative; 0 if nobody
// holds anything.
double HerfindahlIndex(std::span<const int64_t> holdings);

// From percentages of the whole, 0 to 100. If some owners are missing it is a
// floor: the least that the index can be.
double HerfindahlFloor(std::span<const double> percent_shares);

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_CONCENTRATION_H_
