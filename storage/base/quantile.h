#ifndef STEELYARD_STORAGE_BASE_QUANTILE_H_
#define STEELYARD_STORAGE_BASE_QUANTILE_H_

// Quantiles of type 7: with x_0 <= .. <= x_{n-1} and h = (n - 1) q,
//   Q(q) = x_floor(h) + (h - floor(h)) (x_{floor(h)+1} - x_floor(h)).
// Source: Hyndman and Fan, Sample Quantiles in Statistical Packages, The
// American Statistician 50 (1996), definition 7; the default of R and NumPy.
// q is given in basis points, 0 to 10,000: 2,500 is the lower quartile.

#include <cstdint>
#include <span>
#include <vector>

namespace steelyard {

// A quantile as the two neighbours it lies between.
template <typename T>
struct Bracket {
  T lower{};
  T upper{};
  int32_t upper_weight = 0;  // in basis points, below 10,000

  // The quantile, rounded half to even to a whole number; exact if T is whole.
  int64_t Rounded() const;
  double Real() const;
  // For whole T: the whole numbers next to it. A whole value is at or below the
  // quantile if it is at most Floor(), at or above it if at least Ceiling().
  int64_t Floor() const;
  int64_t Ceiling() const;

  friend bool operator==(const Bracket&, const Bracket&) = default;
};

// The quantile of `sorted`, which ascends and is not empty.
template <typename T>
Bracket<T> SortedQuantile(std::span<const T> sorted, int32_t basis_points);

// The quantiles of all values of `arrays` taken together, one for each of
// `basis_points`. Each array ascends; one may be empty, all may not. Nothing
// is merged: the cost grows with the number of arrays and the logarithm of
// their lengths.
template <typename T>
std::vector<Bracket<T>> UnionQuantiles(std::span<const std::span<const T>> arrays,
                                       std::span<const int32_t> basis_points);

// Defined for int64_t, int32_t and double.

}  // namespace steelyard

#endif  // STEELYARD_STORAGE_BASE_QUANTILE_H_
