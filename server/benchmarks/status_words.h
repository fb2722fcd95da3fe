#ifndef STEELYARD_SERVER_BENCHMARKS_STATUS_WORDS_H_
#define STEELYARD_SERVER_BENCHMARKS_STATUS_WORDS_H_

// The one place that makes words such as `above expected`, `Good` or `common
// cause`. A word never leaves without its scheme, the threshold that gave it
// and what it means, so that nobody has to guess what somebody else's colour
// stood for. Schemes are named with a version: another threshold is another
// scheme. All pure, all thread-safe.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "server/statistics/control_chart.h"
#include "server/statistics/funnel.h"
#include "steelyard/v1/provider.pb.h"

namespace steelyard::benchmarks {

// `funnel-95-998`: where a share lies in its funnel. `what` is what is counted,
// for example `ratings below target`; more of it is taken to be worse.
v1::StatusWord FunnelWord(statistics::Position position, std::string_view what);

// `mean-level-1`: the level, or the levels, that a mean score from `lower` to
// `upper` (its 95 % interval, 0 to 3) may stand for. A score belongs to the
// level whose number in the map even-steps-1 is nearest.
v1::StatusWord LevelWord(double lower, double upper);

// `xmr-making-data-count`: whether the newest point of a chart of mean scores,
// of which more is better, is a signal, and in which direction. `values` are
// the chart's, not empty.
v1::StatusWord ChartWord(const statistics::XmrChart& chart, std::span<const double> values);

// `change-95`: whether a change of a mean score is more than chance; `lower` to
// `upper` is its 95 % interval.
v1::StatusWord ChangeWord(double lower, double upper);

// `uplift-50`: a claimed rise beside the rises of fees, all in hundredths of a
// percent; those that cannot be shown are left out.
v1::StatusWord UpliftWord(int64_t claimed, std::optional<int64_t> provider_rise,
                          std::optional<int64_t> all_rise);
// How near two rises must be to count as one.
inline constexpr int64_t kUpliftMargin = 50;

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_STATUS_WORDS_H_
