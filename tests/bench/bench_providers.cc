#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/request_id.h"
#include "client/cpp/uploader.h"
#include "steelyard/v1/benchmark_service.grpc.pb.h"
#include "storage/base/status_macros.h"
#include "tests/bench/bench.h"
#include "tests/bench/loading.h"
#include "tests/bench/providers.h"

namespace steelyard::bench {

absl::Status Bench::MeasureProviders() {
  Care care;
  if (short_form()) care = {.providers = 30, .bodies = 40, .quarters = 4};
  RETURN_IF_ERROR(LoadRegister(*steward_, v1::LoadRegisterRequest::PROVIDERS, ProvidersCsv(care)));

  client::UploadOptions options;
  options.parent = "councils/-";
  options.upload_id = client::RequestId();
  options.mode = v1::Submission::VALID_LINES;
  std::string first_problem;
  options.on_problem = [&](const v1::Problem& problem) {
    if (first_problem.empty()) first_problem = problem.message();
  };
  int64_t given = 0;
  const absl::Time start = absl::Now();
  ASSIGN_OR_RETURN(const v1::UploadFinished finished,
                   client::UploadOutcomes(*steward_, options, [&](v1::OutcomeLine& line) {
                     if (given == care.reports()) return false;
                     ToOutcomeLine(world_, care, given++, &line);
                     return true;
                   }));
  const absl::Time end = absl::Now();
  if (finished.total().created_lines() != care.reports()) {
    return absl::InternalError(absl::StrCat(finished.total().created_lines(), " of ",
                                            care.reports(), " reports were taken; ",
                                            first_problem));
  }
  report_.Set("outcome_reports", static_cast<double>(care.reports()));
  report_.Set("outcome_reports_per_s",
              static_cast<double>(care.reports()) / absl::ToDoubleSeconds(end - start));
  RETURN_IF_ERROR(WaitPublished());
  report_.Set("outcome_publish_lag_ms", absl::ToDoubleMilliseconds(absl::Now() - end));

  // The first question of a span of time works out what all its providers are
  // held against; the others find it.
  const auto ask = [&](int64_t i) {
    return steward_->Call(&v1::BenchmarkService::Stub::GetProviderBenchmark, ProviderOf(care, i));
  };
  const absl::Time first = absl::Now();
  RETURN_IF_ERROR(ask(0).status());
  report_.Set("provider_span_ms", absl::ToDoubleMilliseconds(absl::Now() - first));
  int64_t shown = 0;
  int64_t asked = 0;
  const int64_t providers = care.providers;
  RETURN_IF_ERROR(MeasureOne("provider_first", 2 * providers, [&](int64_t i) {
    absl::StatusOr<v1::ProviderBenchmark> reply = ask(i + 1);
    ++asked;
    shown += reply.ok() && reply->whole().has_figures() ? 1 : 0;
    return reply.status();
  }));
  // What was asked before is kept until its blocks change, once a quarter.
  RETURN_IF_ERROR(MeasureOne("provider", 4 * providers,
                             [&](int64_t i) { return ask(1 + i % (2 * providers)).status(); }));
  report_.Set("providers_shown_percent",
              100.0 * static_cast<double>(shown) / static_cast<double>(asked));
  return absl::OkStatus();
}

}  // namespace steelyard::bench
