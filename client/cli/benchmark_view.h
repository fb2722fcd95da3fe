#ifndef STEELYARD_CLIENT_CLI_BENCHMARK_VIEW_H_
#define STEELYARD_CLIENT_CLI_BENCHMARK_VIEW_H_

// Benchmarks as a procurement lead reads them.

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "client/cli/grid.h"
#include "steelyard/v1/benchmark_service.pb.h"

namespace steelyard::cli {

// Names for people of what a benchmark speaks of.
struct BenchmarkNames {
  std::string product;                       // display name
  std::string council;                       // display name, of a position
  std::map<std::string, std::string> areas;  // resource name to display name
};

// What a cell is for, in words, for example
// `shown for Apr–Jun 2020: the nearest period that is safe to show`.
std::string AnswerWords(const v1::PriceCell& cell, const BenchmarkNames& names);

// A benchmark of one cell with all its figures, or of more in a table.
void PrintBenchmark(std::ostream& out, size_t width, const v1::PriceBenchmark& benchmark,
                    const BenchmarkNames& names);

// Medians in the order of time, with how they changed.
void PrintTrend(std::ostream& out, size_t width, const v1::PriceBenchmark& benchmark,
                const BenchmarkNames& names);

// A council's own figures beside the benchmark, and what to do.
void PrintPosition(std::ostream& out, size_t width, const v1::CouncilPosition& position,
                   const BenchmarkNames& names);

// What a council could have saved, one product a row, most first; `title` says
// whose and when.
void PrintSavings(std::ostream& out, size_t width, const std::string& title,
                  const std::vector<v1::CouncilPosition>& positions,
                  const std::map<std::string, std::string>& product_names);

// Suppliers by name, beside one another.
void PrintScorecards(std::ostream& out, size_t width,
                     const v1::ListSupplierScorecardsResponse& reply,
                     const std::string& product_name);

// Every figure of every cell, one cell a row, for CSV.
Grid BenchmarkGrid(const v1::PriceBenchmark& benchmark);
Grid ScorecardGrid(const v1::ListSupplierScorecardsResponse& reply);
Grid PositionGrid(const std::vector<v1::CouncilPosition>& positions);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_BENCHMARK_VIEW_H_
