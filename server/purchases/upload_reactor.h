#ifndef STEELYARD_SERVER_PURCHASES_UPLOAD_REACTOR_H_
#define STEELYARD_SERVER_PURCHASES_UPLOAD_REACTOR_H_

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/support/server_callback.h"
#include "server/purchases/upload_session.h"
#include "server/rpc/authorizer.h"
#include "server/rpc/executor.h"

namespace steelyard::purchases {

class UploadReactor;

// Watches over the open upload streams: one upload has one stream at a time,
// a stream that sends nothing for too long is ended, and so is one whose token
// was revoked. Thread-safe.
class UploadWatch {
 public:
  UploadWatch(rpc::Authorizer& authorizer, Clock& clock);
  ~UploadWatch();

  // False if another stream has this upload.
  bool Claim(const std::string& key);
  void Release(const std::string& key);

  void Add(UploadReactor* stream);
  void Remove(UploadReactor* stream);

 private:
  void Run();

  rpc::Authorizer& authorizer_;
  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  absl::flat_hash_set<UploadReactor*> streams_;
  absl::flat_hash_set<std::string> keys_;
  bool stopping_ = false;
  std::thread thread_;
};

// What every upload stream works with; outlives them all.
struct UploadContext {
  ledger::Ledger& ledger;
  directory::Directory& directory;
  Clock& clock;
  rpc::Authorizer& authorizer;
  rpc::Executor& executor;
  UploadWatch& watch;
};

// One UploadPurchases stream. Reads a message only when the ones before it
// have been checked and few wait for the disk, so that a fast sender is held
// back instead of filling memory. Deletes itself when done.
class UploadReactor final
    : public grpc::ServerBidiReactor<v1::UploadPurchasesRequest, v1::UploadPurchasesResponse> {
 public:
  UploadReactor(grpc::CallbackServerContext* grpc_context, const UploadContext& context);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

  // For the watch: ends the stream if it was idle too long or its caller's
  // token no longer stands.
  void Inspect(absl::Time now);

 private:
  // Checks the message that was read, on the executor.
  void Process(rpc::Executor::Turn turn);
  // Takes the answer to one message; from any thread.
  void Answered(absl::StatusOr<v1::UploadPurchasesResponse> response);
  // Ends the stream with `status` once nothing is under way any more.
  void End(absl::Status status);

  // These want the lock.
  void ReadNext();
  void WriteNext();
  void MaybeFinish();

  grpc::CallbackServerContext* const grpc_context_;
  const UploadContext context_;
  rpc::Caller caller_;
  std::unique_ptr<UploadSession> session_;
  std::string claimed_;

  std::mutex mutex_;
  v1::UploadPurchasesRequest request_;
  std::deque<v1::UploadPurchasesResponse> replies_;
  int in_flight_ = 0;      // messages read and not yet answered
  bool reading_ = false;   // a read is under way
  bool checking_ = false;  // `request_` is being worked on
  bool writing_ = false;
  bool reads_done_ = false;
  bool ending_ = false;
  bool finished_ = false;
  absl::Status end_status_;
  absl::Time waiting_since_ = absl::InfiniteFuture();
};

}  // namespace steelyard::purchases

#endif  // STEELYARD_SERVER_PURCHASES_UPLOAD_REACTOR_H_
