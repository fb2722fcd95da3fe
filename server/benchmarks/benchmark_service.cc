#include "server/benchmarks/benchmark_service.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/benchmarks/position.h"
#include "server/benchmarks/price_figures.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"

namespace steelyard::benchmarks {

namespace error = rpc::error;

BenchmarkServiceImpl::BenchmarkServiceImpl(rpc::Unary& unary, directory::Directory& directory,
                                           editions::EditionStore& editions, PolicySource policies,
                                           OwnRowsReader own_rows)
    : unary_(unary),
      directory_(directory),
      answerer_(editions, std::move(policies)),
      editions_(editions),
      own_rows_(std::move(own_rows)) {}

grpc::ServerUnaryReactor* BenchmarkServiceImpl::GetPriceBenchmark(
    grpc::CallbackServerContext* context, const v1::GetPriceBenchmarkRequest* request,
    v1::PriceBenchmark* reply) {
  return unary_.Handle(context, request, reply,
                       {"/steelyard.v1.BenchmarkService/GetPriceBenchmark"},
                       std::bind_front(&BenchmarkServiceImpl::Price, this));
}

grpc::ServerUnaryReactor* BenchmarkServiceImpl::GetCouncilPosition(
    grpc::CallbackServerContext* context, const v1::GetCouncilPositionRequest* request,
    v1::CouncilPosition* reply) {
  return unary_.Handle(context, request, reply,
                       {"/steelyard.v1.BenchmarkService/GetCouncilPosition"},
                       std::bind_front(&BenchmarkServiceImpl::Position, this));
}

absl::StatusOr<Answer> BenchmarkServiceImpl::Ask(const Question& question,
                                                 const model::Registers& registers) {
  if (question.edition > editions_.newest()) {
    return error::NotFound("edition", absl::StrCat(question.edition));
  }
  return answerer_.Ask(question, registers);
}

absl::Status BenchmarkServiceImpl::Price(const rpc::Caller&,
                                         const v1::GetPriceBenchmarkRequest& request,
                                         v1::PriceBenchmark* reply) {
  const auto resolver = directory_.Current();
  ASSIGN_OR_RETURN(Question question, ParseQuestion(request, *resolver));
  ASSIGN_OR_RETURN(Answer answer, Ask(question, resolver->registers()));
  ToProto(question, answer, resolver->registers(), reply);
  SetReceipt(request, answer, reply);
  return absl::OkStatus();
}

absl::Status BenchmarkServiceImpl::Position(const rpc::Caller& caller,
                                            const v1::GetCouncilPositionRequest& request,
                                            v1::CouncilPosition* reply) {
  const auto resolver = directory_.Current();
  const model::Registers& registers = resolver->registers();
  ASSIGN_OR_RETURN(std::string id, rpc::ParseCouncil(request.council(), "council"));
  const model::Council* council = registers.FindCouncil(id);
  if (council == nullptr) return error::NotFound(request.council());
  ASSIGN_OR_RETURN(Question question, ParseQuestion(request.benchmark(), *resolver, "benchmark."));
  ASSIGN_OR_RETURN(Answer answer, Ask(question, registers));
  reply->set_council(rpc::CouncilName(council->id));
  ToProto(question, answer, registers, reply->mutable_benchmark());
  SetReceipt(request.benchmark(), answer, reply->mutable_benchmark());

  model::Period all = question.period;
  for (const Tile& tile : answer.tiles) {
    all.first = std::min(all.first, tile.answered.first);
    all.last = std::max(all.last, tile.answered.last);
  }
  // The caller's own council, whatever the request names: they are the same,
  // or the access table has refused it.
  ASSIGN_OR_RETURN(std::vector<model::PurchaseFact> own,
                   own_rows_(caller.council, question.product, question.currency, all));
  for (size_t i = 0; i < answer.tiles.size(); ++i) {
    const bool available = answer.available[i];
    const model::Period& period = available ? answer.tiles[i].answered : answer.tiles[i].asked;
    std::vector<model::PurchaseFact> within;
    std::copy_if(own.begin(), own.end(), std::back_inserter(within),
                 [&](const model::PurchaseFact& f) { return period.Contains(f.month); });
    const int64_t least = answer.policy.min_councils + RelatedExcess(answer.figures[i], registers);
    SetOwnFigures(within,
                  available ? &reply->benchmark().cells(static_cast<int>(i)).figures() : nullptr,
                  available ? &answer.figures[i] : nullptr, answer.policy, least, question.currency,
                  reply->add_own());
  }
  return absl::OkStatus();
}

}  // namespace steelyard::benchmarks
