#ifndef STEELYARD_SERVER_LINES_UPLOAD_SESSION_H_
#define STEELYARD_SERVER_LINES_UPLOAD_SESSION_H_

#include <cstdint>
#include <functional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "server/lines/context.h"
#include "server/lines/line_batch.h"
#include "steelyard/v1/purchase_service.pb.h"

namespace steelyard::lines {

// One stream's part of an upload: takes its messages in order and answers
// each. What is kept is the ledger's, so another stream can go on where this
// one broke off. Calls must not overlap.
class UploadSession {
 public:
  using Answer = std::variant<v1::UploadStarted, v1::UploadChunkAck, v1::UploadFinished>;
  // May be called on another thread, after the call has returned; the answers
  // of several calls come in the order of the calls.
  using Reply = std::function<void(absl::StatusOr<Answer>)>;
  using Check = std::function<absl::StatusOr<LineBatch>()>;

  UploadSession(const LineContext& context, model::Resource resource, rpc::Caller caller)
      : context_(context),
        resource_(resource),
        caller_(std::move(caller)),
        preview_(context.ledger, resource) {}

  // Errors are those that UploadPurchases documents.
  absl::StatusOr<Answer> Start(const v1::UploadStart& start);
  // `check` makes the lines of chunk `index`, `lines` many, into a batch; `sent`
  // is the chunk.
  void Chunk(int64_t index, int lines, const google::protobuf::Message& sent, const Check& check,
             Reply reply);
  void Finish(const v1::UploadFinish& finish, Reply reply);

  // Of a started upload.
  const v1::UploadStart& start() const { return start_; }
  model::CouncilNo scope() const { return scope_; }  // 0: each line names its council
  ledger::Meta Now() const { return context_.Now(caller_); }

 private:
  // What is out of place at a chunk or a finish.
  absl::Status CheckOpen() const;
  absl::StatusOr<Answer> PreviewChunk(int64_t index, LineBatch batch);

  const LineContext context_;
  const model::Resource resource_;
  const rpc::Caller caller_;

  std::string key_;  // empty before the start
  v1::UploadStart start_;
  model::CouncilNo scope_;
  std::string id_;
  bool finished_ = false;
  Preview preview_;         // validation only
  int64_t next_chunk_ = 0;  // validation only
};

}  // namespace steelyard::lines

#endif  // STEELYARD_SERVER_LINES_UPLOAD_SESSION_H_
