#include "server/gateway/metrics.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "storage/base/text.h"

namespace steelyard::gateway {
namespace {

void Describe(std::string& text, std::string_view name, std::string_view type,
              std::string_view help) {
  absl::StrAppend(&text, "# HELP ", Av(name), " ", Av(help), "\n# TYPE ", Av(name), " ", Av(type),
                  "\n");
}

}  // namespace

void Metrics::CountCall(std::string_view protocol, std::string_view method, std::string_view code,
                        absl::Duration took) {
  const double seconds = absl::ToDoubleSeconds(took);
  size_t bucket = 0;
  while (bucket < kBounds.size() && seconds > kBounds[bucket]) ++bucket;
  const std::lock_guard lock(mutex_);
  ++calls_[{std::string(protocol), std::string(method), std::string(code)}];
  Times& times = times_[std::string(method)];
  ++times.buckets[bucket];
  times.seconds += seconds;
}

void Metrics::CountPage(int status) {
  const std::lock_guard lock(mutex_);
  ++pages_[status];
}

std::string Metrics::Text(const std::vector<Figure>& figures) const {
  std::string text;
  const std::lock_guard lock(mutex_);
  Describe(text, "steelyard_gateway_calls_total", "counter", "Calls answered by the gateway.");
  for (const auto& [labels, count] : calls_) {
    absl::StrAppendFormat(
        &text, "steelyard_gateway_calls_total{protocol=\"%s\",method=\"%s\",code=\"%s\"} %d\n",
        std::get<0>(labels), std::get<1>(labels), std::get<2>(labels), count);
  }
  Describe(text, "steelyard_gateway_call_seconds", "histogram", "How long calls took.");
  for (const auto& [method, times] : times_) {
    int64_t sum = 0;
    for (size_t i = 0; i < times.buckets.size(); ++i) {
      sum += times.buckets[i];
      const std::string bound = i < kBounds.size() ? absl::StrCat(kBounds[i]) : "+Inf";
      absl::StrAppendFormat(&text,
                            "steelyard_gateway_call_seconds_bucket{method=\"%s\",le=\"%s\"} %d\n",
                            method, bound, sum);
    }
    absl::StrAppendFormat(&text, "steelyard_gateway_call_seconds_sum{method=\"%s\"} %g\n", method,
                          times.seconds);
    absl::StrAppendFormat(&text, "steelyard_gateway_call_seconds_count{method=\"%s\"} %d\n", method,
                          sum);
  }
  Describe(text, "steelyard_gateway_pages_total", "counter", "Pages and refusals, by status.");
  for (const auto& [status, count] : pages_) {
    absl::StrAppendFormat(&text, "steelyard_gateway_pages_total{status=\"%d\"} %d\n", status,
                          count);
  }
  for (const Figure& figure : figures) {
    Describe(text, figure.name, absl::EndsWith(figure.name, "_total") ? "counter" : "gauge",
             figure.help);
    absl::StrAppendFormat(&text, "%s %.15g\n", figure.name, figure.value);
  }
  return text;
}

}  // namespace steelyard::gateway
