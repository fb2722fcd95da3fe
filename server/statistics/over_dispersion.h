#ifndef STEELYARD_SERVER_STATISTICS_OVER_DISPERSION_H_
#define STEELYARD_SERVER_STATISTICS_OVER_DISPERSION_H_

// How much units differ beyond chance. Providers differ for many small reasons
// that no measure knows of; limits that allow for chance alone would call a
// third of them outliers.

#include <cstdint>
#include <span>

namespace steelyard::statistics {

// What keeps the outliers that a funnel is to find from widening its limits.
enum class Trim : uint8_t {
  kNone,
  kWinsorized,  // z-scores beyond the quantiles at 10 % and 90 % are moved there
  kTruncated,   // units in the lowest and the highest tenth are left out
};

struct OverDispersion {
  double phi = 0;     // mean square of the z-scores; 1 is what chance gives
  double tau2 = 0;    // variance between units, not negative, in squared units of Y
  int32_t units = 0;  // that it was worked out from
};

// From z-scores z_i = (Y_i - target) / s_i and the standard errors s_i > 0, one
// each a unit. With n units after the trim, w = 1 / s^2:
//   phi = sum z^2 / n,
//   tau2 = max(0, (n phi - (n - 1)) / (sum w - sum w^2 / sum w)).
// Winsorized at quantiles of type 7. Truncated as NHS Digital does for the
// SHMI: with r the rank (mean rank of ties), units with floor(10 r / (n + 1))
// of 1 to 8 are kept. No variance between fewer than two units.
// Source: Spiegelhalter, Statistics in Medicine 24 (2005), section 4;
// DerSimonian and Laird, Controlled Clinical Trials 7 (1986); NHS Digital, SHMI
// methodology; all as in the R package FunnelPlotR.
OverDispersion EstimateOverDispersion(std::span<const double> z,
                                      std::span<const double> standard_errors, Trim trim);

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_OVER_DISPERSION_H_
