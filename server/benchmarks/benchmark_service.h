#ifndef STEELYARD_SERVER_BENCHMARKS_BENCHMARK_SERVICE_H_
#define STEELYARD_SERVER_BENCHMARKS_BENCHMARK_SERVICE_H_

#include <functional>
#include <vector>

#include "server/benchmarks/answerer.h"
#include "server/directory/directory.h"
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
                       editions::EditionStore& editions, PolicySource policies,
                       OwnRowsReader own_rows);

  grpc::ServerUnaryReactor* GetPriceBenchmark(grpc::CallbackServerContext* context,
                                              const v1::GetPriceBenchmarkRequest* request,
                                              v1::PriceBenchmark* reply) override;
  grpc::ServerUnaryReactor* GetCouncilPosition(grpc::CallbackServerContext* context,
                                               const v1::GetCouncilPositionRequest* request,
                                               v1::CouncilPosition* reply) override;

 private:
  absl::Status Price(const rpc::Caller& caller, const v1::GetPriceBenchmarkRequest& request,
                     v1::PriceBenchmark* reply);
  absl::Status Position(const rpc::Caller& caller, const v1::GetCouncilPositionRequest& request,
                        v1::CouncilPosition* reply);
  absl::StatusOr<Answer> Ask(const Question& question, const model::Registers& registers);

  rpc::Unary& unary_;
  directory::Directory& directory_;
  Answerer answerer_;
  editions::EditionStore& editions_;
  const OwnRowsReader own_rows_;
};

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_BENCHMARK_SERVICE_H_
