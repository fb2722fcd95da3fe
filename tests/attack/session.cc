#include "tests/attack/session.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "steelyard/v1/registry_service.grpc.pb.h"

namespace steelyard::attack {
namespace {

using testing::ContextOf;
using testing::NewUuid;

void Require(bool ok, const std::string& what) {
  if (ok) return;
  std::fprintf(stderr, "attack: %s\n", what.c_str());
  std::abort();
}

void Require(const grpc::Status& status, const std::string& what) {
  Require(status.ok(), absl::StrCat(what, ": ", status.error_message()));
}

}  // namespace

Session::Session()
    : benchmarks_(v1::BenchmarkService::NewStub(server_.channel())),
      analyst_(server_.MakeToken(v1::ROLE_ANALYST)) {}

std::vector<v1::Council> Session::Councils() const {
  auto stub = v1::RegistryService::NewStub(server_.channel());
  std::vector<v1::Council> councils;
  v1::ListCouncilsRequest request;
  request.set_page_size(500);
  do {
    v1::ListCouncilsResponse reply;
    Require(stub->ListCouncils(ContextOf(server_.steward()).get(), request, &reply),
            "ListCouncils");
    councils.insert(councils.end(), reply.councils().begin(), reply.councils().end());
    request.set_page_token(reply.next_page_token());
  } while (!request.page_token().empty());
  return councils;
}

std::vector<v1::Area> Session::Areas() const {
  auto stub = v1::RegistryService::NewStub(server_.channel());
  v1::ListAreasRequest request;
  request.set_page_size(500);
  v1::ListAreasResponse reply;
  Require(stub->ListAreas(ContextOf(server_.steward()).get(), request, &reply), "ListAreas");
  return {reply.areas().begin(), reply.areas().end()};
}

std::vector<v1::Product> Session::Products() const {
  auto stub = v1::RegistryService::NewStub(server_.channel());
  v1::ListProductsRequest request;
  request.set_page_size(500);
  v1::ListProductsResponse reply;
  Require(stub->ListProducts(ContextOf(server_.steward()).get(), request, &reply), "ListProducts");
  return {reply.products().begin(), reply.products().end()};
}

void Session::LoadRegister(v1::LoadRegisterRequest::Register which, const std::string& csv) const {
  v1::LoadRegisterRequest request;
  request.set_register_(which);
  request.set_csv(csv);
  request.set_request_id(NewUuid());
  v1::LoadRegisterResponse reply;
  Require(v1::RegistryService::NewStub(server_.channel())
              ->LoadRegister(ContextOf(server_.steward()).get(), request, &reply),
          "LoadRegister");
}

void Session::Upload(const std::vector<v1::UploadLine>& lines, size_t chunk) const {
  auto stub = v1::PurchaseService::NewStub(server_.channel());
  auto context = ContextOf(server_.steward());
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(10));
  auto stream = stub->UploadPurchases(context.get());
  const auto exchange = [&](const v1::UploadPurchasesRequest& request) {
    stream->Write(request);
    v1::UploadPurchasesResponse reply;
    if (!stream->Read(&reply)) Require(stream->Finish(), "UploadPurchases");
    return reply;
  };
  v1::UploadPurchasesRequest start;
  start.mutable_start()->set_parent("councils/-");
  start.mutable_start()->set_upload_id(NewUuid());
  start.mutable_start()->set_mode(v1::Submission::VALID_LINES);
  exchange(start);
  int64_t chunks = 0;
  for (size_t at = 0; at < lines.size(); at += chunk, ++chunks) {
    v1::UploadPurchasesRequest request;
    request.mutable_chunk()->set_index(chunks);
    const size_t end = std::min(at + chunk, lines.size());
    for (size_t i = at; i < end; ++i) {
      v1::UploadLine* line = request.mutable_chunk()->add_lines();
      *line = lines[i];
      line->set_row(static_cast<int64_t>(i) + 1);
    }
    const v1::UploadPurchasesResponse reply = exchange(request);
    Require(reply.chunk().rejected_lines() == 0,
            absl::StrCat("lines were refused: ", reply.chunk().ShortDebugString()));
  }
  v1::UploadPurchasesRequest finish;
  finish.mutable_finish()->set_chunks(chunks);
  exchange(finish);
  stream->WritesDone();
  Require(stream->Finish(), "UploadPurchases");
}

void Session::Withdraw(const std::string& council, const std::string& reference) {
  v1::WithdrawPurchaseRequest request;
  request.set_name(absl::StrCat("councils/", council, "/purchases/", reference));
  request.set_reason("cancelled");
  request.set_request_id(NewUuid());
  v1::Purchase reply;
  Require(v1::PurchaseService::NewStub(server_.channel())
              ->WithdrawPurchase(ContextOf(SecretOf(council)).get(), request, &reply),
          "WithdrawPurchase");
}

int Session::SetMinCouncils(int min_councils) const {
  auto stub = v1::AccessService::NewStub(server_.channel());
  v1::Policy policy;
  Require(stub->GetPolicy(ContextOf(server_.steward()).get(), v1::GetPolicyRequest(), &policy),
          "GetPolicy");
  const int before = policy.min_councils();
  v1::UpdatePolicyRequest request;
  *request.mutable_policy() = policy;
  request.mutable_policy()->set_min_councils(min_councils);
  request.set_request_id(NewUuid());
  Require(stub->UpdatePolicy(ContextOf(server_.steward()).get(), request, &policy), "UpdatePolicy");
  return before;
}

void Session::WhileStopped(const std::function<void(const std::string& data_dir)>& use) {
  server_.Stop();
  use(server_.data_dir());
  server_.Restart();
  benchmarks_ = v1::BenchmarkService::NewStub(server_.channel());
}

const std::string& Session::SecretOf(const std::string& council) {
  std::string& secret = secrets_[council];
  if (secret.empty()) secret = server_.MakeToken(v1::ROLE_SUBMITTER, "councils/" + council);
  return secret;
}

grpc::Status Session::Ask(const std::string& secret, const v1::GetPriceBenchmarkRequest& request,
                          v1::PriceBenchmark* reply) const {
  return benchmarks_->GetPriceBenchmark(ContextOf(secret).get(), request, reply);
}

grpc::Status Session::AskSuppliers(const std::string& secret,
                                   const v1::ListSupplierScorecardsRequest& request,
                                   v1::ListSupplierScorecardsResponse* reply) const {
  return benchmarks_->ListSupplierScorecards(ContextOf(secret).get(), request, reply);
}

grpc::Status Session::AskPosition(const std::string& secret,
                                  const v1::GetCouncilPositionRequest& request,
                                  v1::CouncilPosition* reply) const {
  return benchmarks_->GetCouncilPosition(ContextOf(secret).get(), request, reply);
}

}  // namespace steelyard::attack
