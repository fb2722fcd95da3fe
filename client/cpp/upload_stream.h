#ifndef STEELYARD_CLIENT_CPP_UPLOAD_STREAM_H_
#define STEELYARD_CLIENT_CPP_UPLOAD_STREAM_H_

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "absl/time/time.h"
#include "client/cpp/connection.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/client_callback.h"
#include "steelyard/v1/outcome_service.grpc.pb.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"

namespace steelyard::client {

// What can be uploaded, in the words of the contract.
struct PurchaseUpload {
  using Service = v1::PurchaseService;
  using Request = v1::UploadPurchasesRequest;
  using Response = v1::UploadPurchasesResponse;
  using Line = v1::UploadLine;
  static constexpr auto kUpload = &Service::Stub::async::UploadPurchases;
};
struct OutcomeUpload {
  using Service = v1::OutcomeService;
  using Request = v1::UploadOutcomeReportsRequest;
  using Response = v1::UploadOutcomeReportsResponse;
  using Line = v1::OutcomeLine;
  static constexpr auto kUpload = &Service::Stub::async::UploadOutcomeReports;
};

// One stream of an upload. What happens on gRPC's threads is put in a queue, so
// that its owner, one thread, decides everything in one place.
template <typename What>
class UploadStream final
    : private grpc::ClientBidiReactor<typename What::Request, typename What::Response> {
 public:
  using Response = typename What::Response;

  struct Event {
    enum Kind { kReply, kSent, kEnding, kDone };  // kEnding never leaves Next
    Kind kind;
    Response reply;       // of kReply
    grpc::Status status;  // of kDone, which comes once, last
  };

  explicit UploadStream(const Connection& connection);
  UploadStream(const UploadStream&) = delete;
  UploadStream& operator=(const UploadStream&) = delete;
  // Ends the stream if it is open, and waits for it.
  ~UploadStream() override;

  // Sends a message, which must live until kSent or kDone. One at a time. Does
  // nothing once the server has ended the stream.
  void Send(const typename What::Request& message);
  // Says that there is nothing more to send.
  void SendEnd();
  // What happened next; nothing if nothing did within `wait`.
  std::optional<Event> Next(absl::Duration wait);

 private:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  void Push(Event event);
  void ReleaseHold();

  typename What::Service::Stub stub_;
  grpc::ClientContext context_;
  Response reply_;
  bool held_ = true;  // by the owner's thread
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Event> events_;  // guarded by mutex_
  bool done_ = false;         // guarded by mutex_
};

}  // namespace steelyard::client

#endif  // STEELYARD_CLIENT_CPP_UPLOAD_STREAM_H_
