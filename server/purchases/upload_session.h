#ifndef STEELYARD_SERVER_PURCHASES_UPLOAD_SESSION_H_
#define STEELYARD_SERVER_PURCHASES_UPLOAD_SESSION_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "server/directory/directory.h"
#include "server/purchases/line_batch.h"
#include "server/rpc/authorizer.h"
#include "steelyard/v1/purchase_service.pb.h"
#include "storage/base/clock.h"
#include "storage/ledger/ledger.h"

namespace steelyard::purchases {

// One stream's part of an upload: takes its messages in order and answers
// each. What is kept is the ledger's, so another stream can go on where this
// one broke off. Calls of Handle must not overlap.
class UploadSession {
 public:
  using Response = v1::UploadPurchasesResponse;
  // May be called on another thread, after Handle has returned; the answers
  // of several calls come in the order of the calls.
  using Reply = std::function<void(absl::StatusOr<Response>)>;

  UploadSession(ledger::Ledger& ledger, directory::Directory& directory, Clock& clock,
                rpc::Caller caller);

  // Errors are those that UploadPurchases documents.
  void Handle(const v1::UploadPurchasesRequest& request, Reply reply);

  // Key of the upload, the same for each stream of it; empty before its start.
  const std::string& key() const { return key_; }

 private:
  absl::StatusOr<Response> Start(const v1::UploadStart& start);
  void Chunk(const v1::UploadChunk& chunk, Reply reply);
  void Finish(const v1::UploadFinish& finish, Reply reply);

  absl::StatusOr<LineBatch> Check(const v1::UploadChunk& chunk);
  // Registers those of `names` that stand for no supplier yet.
  absl::Status AddSuppliers(const std::vector<std::string>& names);
  absl::StatusOr<Response> PreviewChunk(const v1::UploadChunk& chunk, LineBatch batch);
  ledger::Meta Now();

  ledger::Ledger& ledger_;
  directory::Directory& directory_;
  Clock& clock_;
  const rpc::Caller caller_;

  std::string key_;
  v1::UploadStart start_;
  model::CouncilNo scope_;  // 0: each line names its council
  std::string id_;
  bool finished_ = false;
  Preview preview_;         // validation only
  int64_t next_chunk_ = 0;  // validation only
};

}  // namespace steelyard::purchases

#endif  // STEELYARD_SERVER_PURCHASES_UPLOAD_SESSION_H_
