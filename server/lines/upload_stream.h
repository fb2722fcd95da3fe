#ifndef STEELYARD_SERVER_LINES_UPLOAD_STREAM_H_
#define STEELYARD_SERVER_LINES_UPLOAD_STREAM_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpcpp/alarm.h"
#include "grpcpp/server_context.h"
#include "server/lines/upload_session.h"

namespace steelyard::lines {

class UploadStream;

// Most upload streams of one council, or of one token that is of no council, at
// a time.
inline constexpr int kMaxStreams = 8;

// Watches over the open upload streams: one upload has one stream at a time, a
// council has few, a stream that sends nothing for too long is ended, and so is
// one whose token was revoked. Thread-safe.
class UploadWatch {
 public:
  explicit UploadWatch(Clock& clock);
  ~UploadWatch();

  // False if another stream has this upload.
  bool Claim(const std::string& key);
  void Release(const std::string& key);

  // Counts a stream of `owner`; false, and it is not counted, if there are
  // kMaxStreams.
  bool Enter(const std::string& owner);
  void Leave(const std::string& owner);

  void Add(UploadStream* stream);
  void Remove(UploadStream* stream);

 private:
  void Run();

  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  absl::flat_hash_set<UploadStream*> streams_;
  absl::flat_hash_set<std::string> keys_;
  absl::flat_hash_map<std::string, int> open_;  // streams by owner; none is 0
  bool stopping_ = false;
  std::thread thread_;
};

// One stream of an upload, whatever its lines are; UploadReactor makes it one
// of a method. Reads a message only when the ones before it have been checked
// few wait for the disk and the client has read most of the answers, so that one
// who sends faster than that is held back instead of filling memory. gRPC calls
// may come on any thread.
class UploadStream {
 public:
  UploadStream(grpc::CallbackServerContext* grpc_context, const LineContext& context,
               model::Resource resource, std::string_view method);
  UploadStream(const UploadStream&) = delete;
  UploadStream& operator=(const UploadStream&) = delete;

  // For the watch: ends the stream if it was idle too long, its answers are not
  // read or its caller's token no longer stands.
  void Inspect(absl::Time now);

 protected:
  using Answer = UploadSession::Answer;
  using Reply = UploadSession::Reply;

  // What a derived stream does. BeginRead is followed by OnRead, BeginWrite by
  // OnWritten, BeginFinish by OnEnded, each at any time on any thread.
  virtual void BeginRead() = 0;
  virtual void BeginWrite(Answer answer) = 0;
  virtual void BeginFinish(const absl::Status& status) = 0;
  // The message that was read, and its start if it is one.
  virtual const google::protobuf::Message& message() const = 0;
  virtual const v1::UploadStart* start() const = 0;
  // Gives the message to the session.
  virtual void Handle(UploadSession& session, Reply reply) = 0;

  // Begins; the last thing that a derived constructor does.
  void Open();
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnCancelled();
  // Nothing is called any more after it: the stream may be deleted.
  void OnEnded();
  ~UploadStream() = default;

 private:
  // Checks the message that was read, on the executor.
  void Process(rpc::Executor::Turn turn);
  // Counts the message in the caller's quota; keeps the next one waiting if it
  // is ahead of it.
  absl::Status Pace();
  void OnPaused();
  // Takes the answer to one message; from any thread.
  void Answered(absl::StatusOr<Answer> answer);

  // These want the lock.
  void ReadNext();
  void WriteNext();
  void MaybeFinish();

  grpc::CallbackServerContext* const grpc_context_;
  const LineContext context_;
  const model::Resource resource_;
  const std::string method_;
  rpc::Caller caller_;
  std::unique_ptr<UploadSession> session_;
  std::string claimed_;
  std::string entered_;  // as whose it is counted

  std::mutex mutex_;
  std::deque<Answer> replies_;  // the first is gone while it is written
  size_t unread_bytes_ = 0;     // of replies_ and the one that is written
  size_t writing_bytes_ = 0;    // of the latter
  int in_flight_ = 0;           // messages read and not yet answered
  bool reading_ = false;        // a read is under way
  bool checking_ = false;       // the message is being worked on
  bool writing_ = false;
  bool pausing_ = false;  // the caller is ahead of its quota
  std::optional<grpc::Alarm> pause_;
  bool reads_done_ = false;
  bool ending_ = false;
  bool finished_ = false;
  absl::Status end_status_;
  absl::Time waiting_since_ = absl::InfiniteFuture();  // for the client to send
  absl::Time writing_since_ = absl::InfiniteFuture();  // and for it to read
};

}  // namespace steelyard::lines

#endif  // STEELYARD_SERVER_LINES_UPLOAD_STREAM_H_
