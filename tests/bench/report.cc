#include "tests/bench/report.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "storage/base/text.h"

namespace steelyard::bench {
namespace {

struct Figure {
  std::string_view key;
  std::string_view words;
  bool in_json = true;
};

// In the order of the JSON object.
constexpr Figure kFigures[] = {
    {"lines", "lines loaded"},
    {"empty_rpc_p50_us", "empty call, median, us"},
    {"empty_rpc_rps_16", "empty calls by 16 callers, a second"},
    {"benchmark_p50_us", "benchmark over 12 months, median, us"},
    {"benchmark_p99_us", "benchmark over 12 months, 99 of 100 within, us"},
    {"benchmark_hot_p50_us", "the same of the most bought product, median, us"},
    {"benchmark_rps_16", "benchmarks by 16 callers, a second"},
    {"trend_p50_us", "36 months by month, median, us"},
    {"region_p50_us", "a region by quarter, median, us"},
    {"savings_p50_us", "a council's position, median, us"},
    {"provider_p50_us", "a provider's benchmark, median, us"},
    {"upload_lines_per_s", "durable upload by one client, lines a second"},
    {"upload_16_lines_per_s", "durable upload by 16 clients, lines a second"},
    {"unary_write_rps_64", "single purchases by 64 callers, a second"},
    {"unary_write_p99_us", "single purchase, 99 of 100 within, us"},
    {"freshness_p99_ms", "ack until published, 99 of 100 within, ms"},
    {"benchmark_p99_under_upload_us", "benchmark during an upload, 99 of 100 within, us"},
    {"rss_mib", "memory of the server at most, MiB"},
    {"store_bytes_per_line", "store, bytes a line"},
    {"restart_ms", "start until the first answer, ms"},
    {"outcome_reports", "outcome reports loaded", false},
    {"outcome_reports_per_s", "durable upload of outcome reports, a second", false},
    {"outcome_publish_lag_ms", "end of that until all is published, ms", false},
    {"provider_span_ms", "first provider's benchmark of a span of time, ms", false},
    {"provider_first_p50_us", "a provider's benchmark not asked for before, median, us", false},
    {"provider_p99_us", "a provider's benchmark, 99 of 100 within, us", false},
    {"providers_shown_percent", "provider benchmarks that could show figures, %", false},
    {"registers_ms", "loading of the registers, ms", false},
    {"publish_lag_ms", "end of the load until all is published, ms", false},
    {"store_bytes_at_once_per_line", "store at the end of the load, bytes a line", false},
    {"benchmark_hot_first_p50_us", "most bought product, answers not asked for before, median, us",
     false},
    {"benchmarks_shown_percent", "benchmarks that could show figures, %", false},
    {"freshness_p50_ms", "ack until published, median, ms", false},
    {"upload_cpu_us", "server's processor time: line of the load, us", false},
    {"load_cpu_us", "  the same until all is published", false},
    {"empty_rpc_cpu_us", "  empty call", false},
    {"benchmark_cpu_us", "  benchmark", false},
    {"benchmark_hot_cpu_us", "  benchmark of the most bought product", false},
    {"trend_cpu_us", "  36 months by month", false},
    {"region_cpu_us", "  a region by quarter", false},
    {"savings_cpu_us", "  a council's position", false},
    {"provider_first_cpu_us", "  a provider's benchmark not asked for before", false},
    {"provider_cpu_us", "  a provider's benchmark", false},
    {"unary_write_cpu_us", "  single purchase, with what is published meanwhile", false},
};

struct Bar {
  std::string_view words;
  std::string_view key;
  std::string_view over;  // the figure it is divided by; empty for none
  double limit;
  bool at_least = false;
};

constexpr Bar kBars[] = {
    {"benchmark p50 / empty call p50, at most", "benchmark_p50_us", "empty_rpc_p50_us", 3},
    {"most bought product / benchmark p50, at most", "benchmark_hot_p50_us", "benchmark_p50_us",
     1.2},
    {"provider's benchmark p50 / empty call p50, at most", "provider_p50_us", "empty_rpc_p50_us",
     3},
    {"durable upload, lines a second, at least", "upload_lines_per_s", "", 50'000, true},
    {"published after the ack, ms, at most", "freshness_p99_ms", "", 5'000},
    {"memory, MiB, at most", "rss_mib", "", 1'024},
    {"store, bytes a line, at most", "store_bytes_per_line", "", 150},
    {"restart, ms, at most", "restart_ms", "", 2'000},
};

// Three digits that mean something, or all of a whole number.
std::string Number(double value) {
  const double size = std::fabs(value);
  return absl::StrFormat("%.*f", size >= 100 ? 0 : size >= 10 ? 1 : 2, value);
}

std::optional<double> Measured(const Report& report, const Bar& bar) {
  const auto value = report.Get(bar.key);
  if (!value || bar.over.empty()) return value;
  const auto over = report.Get(bar.over);
  if (!over || *over == 0) return std::nullopt;
  return *value / *over;
}

bool Met(const Bar& bar, double value) {
  return bar.at_least ? value >= bar.limit : value <= bar.limit;
}

}  // namespace

void Report::Set(std::string_view key, double value) { values_[std::string(key)] = value; }

std::optional<double> Report::Get(std::string_view key) const {
  const auto it = values_.find(std::string(key));
  if (it == values_.end()) return std::nullopt;
  return it->second;
}

std::string Report::Table() const {
  std::string text;
  for (const Figure& figure : kFigures) {
    const auto value = Get(figure.key);
    absl::StrAppendFormat(&text, "%-62s %14s\n", std::string(figure.words),
                          value ? Number(*value) : "-");
  }
  absl::StrAppendFormat(&text, "\n%-52s %14s %10s\n", "bar", "measured", "limit");
  for (const Bar& bar : kBars) {
    const auto value = Measured(*this, bar);
    absl::StrAppendFormat(&text, "%-62s %14s %10s  %s\n", std::string(bar.words),
                          value ? Number(*value) : "-", Number(bar.limit),
                          !value             ? "not measured"
                          : Met(bar, *value) ? "pass"
                                             : "MISS");
  }
  return text;
}

std::string Report::Json() const {
  std::string text = "{";
  for (const Figure& figure : kFigures) {
    if (!figure.in_json) continue;
    const auto value = Get(figure.key);
    absl::StrAppend(&text, text.size() == 1 ? "" : ",", "\"", Av(figure.key),
                    "\":", value ? Number(*value) : "null");
  }
  return text + "}";
}

bool Report::AllMet() const {
  for (const Bar& bar : kBars) {
    const auto value = Measured(*this, bar);
    if (value && !Met(bar, *value)) return false;
  }
  return true;
}

}  // namespace steelyard::bench
