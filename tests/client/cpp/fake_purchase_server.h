#ifndef STEELYARD_TESTS_CLIENT_CPP_FAKE_PURCHASE_SERVER_H_
#define STEELYARD_TESTS_CLIENT_CPP_FAKE_PURCHASE_SERVER_H_

// A server of the upload protocol that keeps what it acknowledged, and fails
// when it is told to. Its chunks survive Stop and Start, as on disk.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cpp/connection.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"

namespace steelyard::client {

class FakePurchaseServer final : public v1::PurchaseService::Service {
 public:
  using Stream = grpc::ServerReaderWriter<v1::UploadPurchasesResponse, v1::UploadPurchasesRequest>;

  // Answers on a socket in `folder`, so that it can come back where it was.
  explicit FakePurchaseServer(const std::string& folder)
      : address_(absl::StrCat("unix:", folder, "/server")) {
    Start();
  }
  ~FakePurchaseServer() override { Stop(); }

  void Start() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address_, grpc::InsecureServerCredentials());
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  void Stop() {
    if (server_ == nullptr) return;
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    server_.reset();
  }

  ConnectionOptions options() const { return {.address = address_, .token = "sesame"}; }

  // Breaks the stream once when this chunk was kept, before it is acknowledged.
  void LoseAckOf(int64_t chunk) { Set(lose_ack_of_, chunk); }
  // Breaks the stream once when this chunk came, before it is kept.
  void BreakAt(int64_t chunk) { Set(break_at_, chunk); }
  // Forgets every upload when it next breaks, as for a validation.
  void ForgetOnBreak() { forget_on_break_ = true; }
  // Says nothing to the next stream that starts.
  void BeSilentOnce() { silent_once_ = true; }
  // Refuses every stream.
  void Refuse(grpc::Status status) { refusal_ = status; }

  std::vector<std::string> references() {
    std::lock_guard lock(mutex_);
    return references_;
  }
  int streams() {
    std::lock_guard lock(mutex_);
    return streams_;
  }
  std::string authorization() {
    std::lock_guard lock(mutex_);
    return authorization_;
  }
  size_t largest_chunk_bytes() {
    std::lock_guard lock(mutex_);
    return largest_chunk_bytes_;
  }

  grpc::Status UploadPurchases(grpc::ServerContext* context, Stream* stream) override {
    v1::UploadPurchasesRequest request;
    v1::UploadPurchasesResponse reply;
    if (!stream->Read(&request)) return grpc::Status::OK;
    {
      std::lock_guard lock(mutex_);
      ++streams_;
      authorization_.clear();
      if (auto it = context->client_metadata().find("authorization");
          it != context->client_metadata().end()) {
        authorization_ = std::string(it->second.data(), it->second.size());
      }
      if (refusal_.has_value()) return *refusal_;
      if (silent_once_) {
        silent_once_ = false;
      } else {
        reply.mutable_started()->set_next_chunk(chunks_);
      }
    }
    if (!reply.has_started()) {
      stream->Read(&request);  // until the client goes
      return grpc::Status::CANCELLED;
    }
    stream->Write(reply);
    while (stream->Read(&request)) {
      grpc::Status status = Take(request, reply);
      if (!status.ok()) return status;
      stream->Write(reply);
    }
    return grpc::Status::OK;
  }

 private:
  void Set(std::optional<int64_t>& fault, int64_t chunk) {
    std::lock_guard lock(mutex_);
    fault = chunk;
  }

  static void AddProblem(const v1::UploadLine& line,
                         google::protobuf::RepeatedPtrField<v1::Problem>& problems) {
    if (!absl::StrContains(line.purchase().reference(), "bad")) return;
    v1::Problem& problem = *problems.Add();
    problem.set_row(line.row());
    problem.set_severity(v1::Problem::ERROR);
  }

  grpc::Status Break() {
    if (forget_on_break_) chunks_ = 0;
    return {grpc::StatusCode::UNAVAILABLE, "cut"};
  }

  grpc::Status Take(const v1::UploadPurchasesRequest& request, v1::UploadPurchasesResponse& reply) {
    std::lock_guard lock(mutex_);
    if (request.has_finish()) {
      if (request.finish().chunks() != chunks_) {
        return {grpc::StatusCode::INVALID_ARGUMENT, "chunks are missing"};
      }
      v1::Submission& total = *reply.mutable_finished()->mutable_total();
      total.set_received_lines(static_cast<int64_t>(references_.size()));
      return grpc::Status::OK;
    }
    const v1::UploadChunk& chunk = request.chunk();
    const bool again = chunk.index() < chunks_;
    if (chunk.index() > chunks_) return {grpc::StatusCode::INVALID_ARGUMENT, "out of order"};
    if (again && chunk.SerializeAsString() != kept_[static_cast<size_t>(chunk.index())]) {
      return {grpc::StatusCode::ABORTED, "begun with other lines"};
    }
    if (break_at_ == chunk.index()) {
      break_at_.reset();
      return Break();
    }
    largest_chunk_bytes_ = std::max(largest_chunk_bytes_, request.ByteSizeLong());
    reply.mutable_chunk()->clear_problems();
    for (const v1::UploadLine& line : chunk.lines()) {
      if (!again) references_.push_back(line.purchase().reference());
      AddProblem(line, *reply.mutable_chunk()->mutable_problems());
    }
    if (!again) {
      ++chunks_;
      kept_.push_back(chunk.SerializeAsString());
    }
    if (lose_ack_of_ == chunk.index()) {
      lose_ack_of_.reset();
      return Break();
    }
    reply.mutable_chunk()->set_index(chunk.index());
    reply.mutable_chunk()->set_received_lines(static_cast<int64_t>(references_.size()));
    return grpc::Status::OK;
  }

  const std::string address_;
  std::unique_ptr<grpc::Server> server_;
  std::mutex mutex_;
  int64_t chunks_ = 0;
  std::vector<std::string> kept_;  // bytes of each chunk
  std::vector<std::string> references_;
  int streams_ = 0;
  std::string authorization_;
  size_t largest_chunk_bytes_ = 0;
  std::optional<int64_t> lose_ack_of_, break_at_;
  bool forget_on_break_ = false;
  bool silent_once_ = false;
  std::optional<grpc::Status> refusal_;
};

}  // namespace steelyard::client

#endif  // STEELYARD_TESTS_CLIENT_CPP_FAKE_PURCHASE_SERVER_H_
