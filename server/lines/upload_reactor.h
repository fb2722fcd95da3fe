#ifndef STEELYARD_SERVER_LINES_UPLOAD_REACTOR_H_
#define STEELYARD_SERVER_LINES_UPLOAD_REACTOR_H_

#include <utility>

#include "grpcpp/support/server_callback.h"
#include "server/lines/upload_stream.h"
#include "server/rpc/errors.h"
#include "server/rpc/to_grpc.h"

namespace steelyard::lines {

// An UploadStream of one method. `Traits` says what its lines are:
//
//   using UploadRequest, UploadResponse, UploadChunk;  // messages
//   static constexpr model::Resource kResource;
//   static constexpr std::string_view kUploadMethod;
//   // INVALID_ARGUMENT for options that it does not know.
//   static absl::Status CheckStart(const v1::UploadStart&);
//   static absl::StatusOr<LineBatch> CheckChunk(const LineContext&, const UploadSession&,
//                                               const UploadChunk&);
//
// Deletes itself when done.
template <typename Traits>
class UploadReactor final : public grpc::ServerBidiReactor<typename Traits::UploadRequest,
                                                           typename Traits::UploadResponse>,
                            private UploadStream {
 public:
  UploadReactor(grpc::CallbackServerContext* grpc_context, const LineContext& context)
      : UploadStream(grpc_context, context, Traits::kResource, Traits::kUploadMethod),
        context_(context) {
    Open();
  }

  void OnReadDone(bool ok) override { OnRead(ok); }
  void OnWriteDone(bool ok) override { OnWritten(ok); }
  void OnCancel() override { OnCancelled(); }
  void OnDone() override {
    OnEnded();
    delete this;
  }

 private:
  void BeginRead() override { this->StartRead(&request_); }
  void BeginWrite(Answer answer) override {
    response_.Clear();
    std::visit([this](auto& a) { Set(std::move(a)); }, answer);
    this->StartWrite(&response_);
  }
  void BeginFinish(const absl::Status& status) override { this->Finish(rpc::ToGrpc(status)); }

  const google::protobuf::Message& message() const override { return request_; }
  const v1::UploadStart* start() const override {
    return request_.has_start() ? &request_.start() : nullptr;
  }

  void Handle(UploadSession& session, Reply reply) override {
    using Step = typename Traits::UploadRequest::StepCase;
    switch (request_.step_case()) {
      case Step::kStart:
        if (absl::Status known = Traits::CheckStart(request_.start()); !known.ok()) {
          return reply(std::move(known));
        }
        return reply(session.Start(request_.start()));
      case Step::kChunk: {
        const auto& chunk = request_.chunk();
        return session.Chunk(
            chunk.index(), chunk.lines_size(), chunk,
            [&] { return Traits::CheckChunk(context_, session, chunk); }, std::move(reply));
      }
      case Step::kFinish:
        return session.Finish(request_.finish(), std::move(reply));
      case Step::STEP_NOT_SET:
        return reply(
            rpc::error::InvalidField("step", "a message holds a start, a chunk or a finish"));
    }
  }

  void Set(v1::UploadStarted step) { *response_.mutable_started() = std::move(step); }
  void Set(v1::UploadChunkAck step) { *response_.mutable_chunk() = std::move(step); }
  void Set(v1::UploadFinished step) { *response_.mutable_finished() = std::move(step); }

  const LineContext context_;
  typename Traits::UploadRequest request_;
  typename Traits::UploadResponse response_;
};

}  // namespace steelyard::lines

#endif  // STEELYARD_SERVER_LINES_UPLOAD_REACTOR_H_
