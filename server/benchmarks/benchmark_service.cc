#include "server/benchmarks/benchmark_service.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/benchmarks/position.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"

namespace steelyard::benchmarks {

namespace error = rpc::error;

BenchmarkServiceImpl::BenchmarkServiceImpl(rpc::Unary& unary, directory::Directory& directory,
                                           editions::EditionStore& editions,
                                           ProviderAnswers& providers,
                                           const rpc::PageTokens& page_tokens,
                                           PolicySource policies, OwnRowsReader own_rows)
    : unary_(unary),
      directory_(directory),
      answerer_(editions, std::move(policies)),
      editions_(editions),
      providers_(providers),
      page_tokens_(page_tokens),
      own_rows_(std::move(own_rows)) {
  SetMessageAllocatorFor_GetProviderBenchmark(&provider_messages_);
}

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

grpc::ServerUnaryReactor* BenchmarkServiceImpl::ListSupplierScorecards(
    grpc::CallbackServerContext* context, const v1::ListSupplierScorecardsRequest* request,
    v1::ListSupplierScorecardsResponse* reply) {
  return unary_.Handle(context, request, reply,
                       {"/steelyard.v1.BenchmarkService/ListSupplierScorecards"},
                       std::bind_front(&BenchmarkServiceImpl::Suppliers, this));
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
  ToProto(request, answer, reply);
  return absl::OkStatus();
}

absl::Status BenchmarkServiceImpl::Suppliers(const rpc::Caller&,
                                             const v1::ListSupplierScorecardsRequest& request,
                                             v1::ListSupplierScorecardsResponse* reply) {
  const auto resolver = directory_.Current();
  v1::GetPriceBenchmarkRequest asked;
  asked.set_product(request.product());
  asked.set_currency_code(request.currency_code());
  if (request.has_from_month()) *asked.mutable_from_month() = request.from_month();
  if (request.has_to_month()) *asked.mutable_to_month() = request.to_month();
  asked.set_edition(request.edition());
  ASSIGN_OR_RETURN(const Question question, ParseQuestion(asked, *resolver));
  if (question.edition > editions_.newest()) {
    return error::NotFound("edition", absl::StrCat(question.edition));
  }
  return answerer_.AskSuppliers(request, question, resolver->registers(), reply);
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
  ToProto(request.benchmark(), answer, reply->mutable_benchmark());

  model::Period all = question.period;
  for (const AnswerCell& cell : answer.body->cells) {
    all.first = std::min(all.first, cell.period.first);
    all.last = std::max(all.last, cell.period.last);
  }
  // The caller's own council, whatever the request names: they are the same,
  // or the access table has refused it.
  ASSIGN_OR_RETURN(std::vector<model::PurchaseFact> own,
                   own_rows_(caller.council, question.product, question.currency, all));
  for (size_t i = 0; i < answer.body->cells.size(); ++i) {
    const AnswerCell& cell = answer.body->cells[i];
    std::vector<model::PurchaseFact> within;
    std::copy_if(own.begin(), own.end(), std::back_inserter(within),
                 [&](const model::PurchaseFact& f) { return cell.period.Contains(f.month); });
    const v1::PriceCell& shown = reply->benchmark().cells(static_cast<int>(i));
    SetOwnFigures(within, cell, cell.available ? &shown.figures() : nullptr, answer.body->policy,
                  question.currency, reply->add_own());
  }
  return absl::OkStatus();
}

}  // namespace steelyard::benchmarks
