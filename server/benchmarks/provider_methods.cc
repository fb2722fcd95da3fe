// The methods of BenchmarkService that are about providers.

#include <charconv>
#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/benchmarks/benchmark_service.h"
#include "server/benchmarks/provision.h"
#include "storage/base/status_macros.h"

namespace steelyard::benchmarks {

grpc::ServerUnaryReactor* BenchmarkServiceImpl::GetProviderBenchmark(
    grpc::CallbackServerContext* context, const v1::GetProviderBenchmarkRequest* request,
    v1::ProviderBenchmark* reply) {
  return unary_.Handle(
      context, request, reply, {"/steelyard.v1.BenchmarkService/GetProviderBenchmark"},
      [this, context](const rpc::Caller&, const v1::GetProviderBenchmarkRequest& asked,
                      v1::ProviderBenchmark*) -> absl::Status {
        ASSIGN_OR_RETURN(auto benchmark, providers_.Benchmark(asked, *directory_.Current()));
        ProviderMessages::Share(*context, std::move(benchmark));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* BenchmarkServiceImpl::ListProviderPositions(
    grpc::CallbackServerContext* context, const v1::ListProviderPositionsRequest* request,
    v1::ListProviderPositionsResponse* reply) {
  return unary_.Handle(context, request, reply,
                       {"/steelyard.v1.BenchmarkService/ListProviderPositions"},
                       std::bind_front(&BenchmarkServiceImpl::Positions, this));
}

grpc::ServerUnaryReactor* BenchmarkServiceImpl::CheckUplift(grpc::CallbackServerContext* context,
                                                            const v1::CheckUpliftRequest* request,
                                                            v1::UpliftCheck* reply) {
  return unary_.Handle(context, request, reply, {"/steelyard.v1.BenchmarkService/CheckUplift"},
                       std::bind_front(&BenchmarkServiceImpl::Uplift, this));
}

grpc::ServerUnaryReactor* BenchmarkServiceImpl::GetProvision(grpc::CallbackServerContext* context,
                                                             const v1::GetProvisionRequest* request,
                                                             v1::Provision* reply) {
  return unary_.Handle(context, request, reply, {"/steelyard.v1.BenchmarkService/GetProvision"},
                       std::bind_front(&BenchmarkServiceImpl::Provision, this));
}

absl::Status BenchmarkServiceImpl::Positions(const rpc::Caller&,
                                             const v1::ListProviderPositionsRequest& request,
                                             v1::ListProviderPositionsResponse* reply) {
  ASSIGN_OR_RETURN(const rpc::Page page, page_tokens_.Open(request));
  // A key is the edition that the first page was read from and the last
  // provider shown, `17/acorn-care`: a list goes on in its own edition.
  uint64_t edition = 0;
  const size_t slash = page.after.find('/');
  std::string after;
  if (slash != std::string::npos) {
    std::from_chars(page.after.data(), page.after.data() + slash, edition);
    after = page.after.substr(slash + 1);
  }
  ASSIGN_OR_RETURN(PositionsPage found,
                   providers_.Positions(request, *directory_.Current(), edition, page.size, after));
  *reply = std::move(found.reply);
  if (!found.last.empty()) {
    reply->set_next_page_token(
        page_tokens_.Token(page, absl::StrCat(found.edition, "/", found.last)));
  }
  return absl::OkStatus();
}

absl::Status BenchmarkServiceImpl::Uplift(const rpc::Caller&, const v1::CheckUpliftRequest& request,
                                          v1::UpliftCheck* reply) {
  ASSIGN_OR_RETURN(*reply, providers_.Uplift(request, *directory_.Current()));
  return absl::OkStatus();
}

absl::Status BenchmarkServiceImpl::Provision(const rpc::Caller&,
                                             const v1::GetProvisionRequest& request,
                                             v1::Provision* reply) {
  const auto resolver = directory_.Current();
  ASSIGN_OR_RETURN(const ProvisionQuestion question, ParseQuestion(request, *resolver));
  *reply = ProvisionOf(question, resolver->registers());
  return absl::OkStatus();
}

}  // namespace steelyard::benchmarks
