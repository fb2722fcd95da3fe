#ifndef STEELYARD_CLIENT_CLI_PROVIDER_VIEW_H_
#define STEELYARD_CLIENT_CLI_PROVIDER_VIEW_H_

// How providers serve, as a commissioner reads it.

#include <cstddef>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "client/cli/grid.h"
#include "steelyard/v1/provider.pb.h"
#include "steelyard/v1/provider_benchmark.pb.h"

namespace steelyard::cli {

// Names for people: areas, providers, services, by resource name or id.
using DisplayNames = std::map<std::string, std::string>;

// A provider's, an owner's or everybody's benchmark with all its figures.
void PrintProvider(std::ostream& out, size_t width, const v1::ProviderBenchmark& benchmark,
                   const DisplayNames& names);

// Every provider in one measure: its interval, and a funnel drawn in letters.
void PrintPositions(std::ostream& out, size_t width,
                    const v1::ListProviderPositionsResponse& positions);

// A claimed rise beside what fees and outcomes did, and the draft reply.
void PrintUplift(std::ostream& out, size_t width, const v1::UpliftCheck& check);

// What each of `names` (`measures/{measure}`) asks, as far as `measures` has it.
void PrintDefinitions(std::ostream& out, size_t width, const std::vector<v1::Measure>& measures,
                      const std::vector<std::string>& names);

// Every figure, raw, for CSV: one measure of one cell a row (a row of cells
// without ratings has no measure); one provider a row; one figure a row.
Grid ProviderGrid(const v1::ProviderBenchmark& benchmark);
Grid PositionsGrid(const v1::ListProviderPositionsResponse& positions);
Grid UpliftGrid(const v1::UpliftCheck& check);

// The word for a place in a funnel. Where `few` providers set its limits, or
// they hold nearly every share, a place within them says nothing.
v1::StatusWord Judged(const v1::FunnelPosition& funnel, bool few);

// A funnel from 0 to `most` in `width` characters: `(` `[` the lower limits of
// 99.8% and 95%, `|` the middle, `]` `)` the upper limits, `●` the share.
std::string FunnelBar(const v1::FunnelPosition& funnel, double most, size_t width);

// Scores of 0 to 3 as bars of one character each.
std::string Sparkline(const std::vector<double>& scores);

// 4.2%, -1%, of hundredths of a percent, with a sign if `sign`.
std::string BasisPointWords(int64_t basis_points, bool sign = false);

// Gathers status words while they are printed, to explain each once below.
class WordList {
 public:
  // The word itself.
  std::string Use(const v1::StatusWord& word);
  // Each word with its scheme, its threshold and its meaning.
  void Print(std::ostream& out, size_t width) const;

 private:
  std::vector<v1::StatusWord> words_;
};

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_PROVIDER_VIEW_H_
