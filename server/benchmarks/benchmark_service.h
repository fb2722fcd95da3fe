#ifndef STEELYARD_SERVER_BENCHMARKS_BENCHMARK_SERVICE_H_
#define STEELYARD_SERVER_BENCHMARKS_BENCHMARK_SERVICE_H_

#include <functional>
#include <vector>

#include "server/benchmarks/answerer.h"
#include "server/benchmarks/provider_answers.h"
#include "server/directory/directory.h"
#include "server/rpc/arena_messages.h"
#include "server/rpc/page_token.h"
#include "server/rpc/unary.h"
#include "steelyard/v1/benchmark_service.grpc.pb.h"
#include "storage/model/purchase.h"

namespace steelyard::benchmarks {

// Reads the newest facts of one council, product and currency over a period.
// All that a benchmark sees of the ledger: the composition root gives it, and
// this room cannot reach further.
using OwnRowsReader = std::function<absl::StatusOr<std::vector<model::PurchaseFact>>(
    model::CouncilNo, model::ProductNo, model::Currency, const model::Period&)>;

// Implements BenchmarkService over editions, and the caller's own rows where
// it asks for its position. Thread-safe; everything given must outlive it.
class BenchmarkServiceImpl final : public v1::BenchmarkService::CallbackService {
 public:
  BenchmarkServiceImpl(rpc::Unary& unary, directory::Directory& directory,
                       editions::EditionStore& editions, ProviderAnswers& providers,
                       const rpc::PageTokens& page_tokens, PolicySource policies,
                       OwnRowsReader own_rows);

  grpc::ServerUnaryReactor* GetPriceBenchmark(grpc::CallbackServerContext* context,
                                              const v1::GetPriceBenchmarkRequest* request,
                                              v1::PriceBenchmark* reply) override;
  grpc::ServerUnaryReactor* GetCouncilPosition(grpc::CallbackServerContext* context,
                                               const v1::GetCouncilPositionRequest* request,
                                               v1::CouncilPosition* reply) override;
  grpc::ServerUnaryReactor* ListSupplierScorecards(
      grpc::CallbackServerContext* context, const v1::ListSupplierScorecardsRequest* request,
      v1::ListSupplierScorecardsResponse* reply) override;
  grpc::ServerUnaryReactor* GetProviderBenchmark(grpc::CallbackServerContext* context,
                                                 const v1::GetProviderBenchmarkRequest* request,
                                                 v1::ProviderBenchmark* reply) override;
  grpc::ServerUnaryReactor* ListProviderPositions(
      grpc::CallbackServerContext* context, const v1::ListProviderPositionsRequest* request,
      v1::ListProviderPositionsResponse* reply) override;
  grpc::ServerUnaryReactor* CheckUplift(grpc::CallbackServerContext* context,
                                        const v1::CheckUpliftRequest* request,
                                        v1::UpliftCheck* reply) override;
  grpc::ServerUnaryReactor* GetProvision(grpc::CallbackServerContext* context,
                                         const v1::GetProvisionRequest* request,
                                         v1::Provision* reply) override;

 private:
  using ProviderMessages =
      rpc::ArenaMessages<v1::GetProviderBenchmarkRequest, v1::ProviderBenchmark>;

  absl::Status Price(const rpc::Caller& caller, const v1::GetPriceBenchmarkRequest& request,
                     v1::PriceBenchmark* reply);
  absl::Status Position(const rpc::Caller& caller, const v1::GetCouncilPositionRequest& request,
                        v1::CouncilPosition* reply);
  absl::Status Suppliers(const rpc::Caller& caller,
                         const v1::ListSupplierScorecardsRequest& request,
                         v1::ListSupplierScorecardsResponse* reply);
  // provider_methods.cc
  absl::Status Positions(const rpc::Caller& caller, const v1::ListProviderPositionsRequest& request,
                         v1::ListProviderPositionsResponse* reply);
  absl::Status Uplift(const rpc::Caller& caller, const v1::CheckUpliftRequest& request,
                      v1::UpliftCheck* reply);
  absl::Status Provision(const rpc::Caller& caller, const v1::GetProvisionRequest& request,
                         v1::Provision* reply);
  absl::StatusOr<Answer> Ask(const Question& question, const model::Registers& registers);

  rpc::Unary& unary_;
  directory::Directory& directory_;
  Answerer answerer_;
  editions::EditionStore& editions_;
  ProviderAnswers& providers_;
  const rpc::PageTokens& page_tokens_;
  const OwnRowsReader own_rows_;
  ProviderMessages provider_messages_;
};

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_BENCHMARK_SERVICE_H_
