#include "server/benchmarks/funnel_figures.h"

#include <cmath>

#include "server/benchmarks/shown.h"
#include "server/benchmarks/status_words.h"

namespace steelyard::benchmarks {
namespace {

double MillionthPlaces(double value) { return std::round(value * 1e6) / 1e6; }

}  // namespace

void SetFunnel(int64_t count, int64_t of, double target, double tau2,
               const statistics::Limits& limits, std::string_view what, v1::FunnelPosition* out) {
  const auto trials = static_cast<double>(of);
  const double share = static_cast<double>(count) / trials;
  out->set_ratings(of);
  out->set_below_target(count);
  out->set_share(ThreePlaces(share));
  out->set_target(ThreePlaces(target));
  out->set_lower_95(ThreePlaces(limits.at95.low));
  out->set_upper_95(ThreePlaces(limits.at95.high));
  out->set_lower_998(ThreePlaces(limits.at998.low));
  out->set_upper_998(ThreePlaces(limits.at998.high));
  const double distance = std::asin(std::sqrt(share)) - std::asin(std::sqrt(target));
  out->set_z(ThreePlaces(distance / std::sqrt(0.25 / trials + tau2)));
  out->set_tau_squared(MillionthPlaces(tau2));
  *out->mutable_status() = FunnelWord(statistics::PositionOf(share, limits), what);
}

}  // namespace steelyard::benchmarks
