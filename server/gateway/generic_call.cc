#include "server/gateway/generic_call.h"

#include <atomic>
#include <utility>

#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/client_callback.h"

namespace steelyard::gateway {
namespace {

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

std::string FromBuffer(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

class BidiCall final : public GenericCall,
                       public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  BidiCall(const std::shared_ptr<grpc::Channel>& channel, CallSpec spec, Events events)
      : stub_(channel), spec_(std::move(spec)), events_(std::move(events)) {}

  void Start(std::shared_ptr<BidiCall> self) {
    self_ = std::move(self);
    for (const auto& [name, value] : spec_.metadata) context_.AddMetadata(name, value);
    context_.set_deadline(absl::ToChronoTime(absl::Now() + spec_.timeout));
    stub_.PrepareBidiStreamingCall(&context_, spec_.path, {}, this);
    // Resume starts reads from other threads, which gRPC allows only under a hold.
    AddHold();
    // Both before the call: in process, an answer that comes before it is read
    // for, together with its status, would be dropped (gRPC 1.51, inproc).
    StartRead(&reply_);
    WriteNext();
    StartCall();
  }

  void Resume() override { StartRead(&reply_); }
  void Cancel() override { context_.TryCancel(); }

  void OnWriteDone(bool ok) override {
    if (ok) WriteNext();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return RemoveHold();
    std::string message = FromBuffer(reply_);
    reply_.Clear();
    events_.on_message(self_, std::move(message));
  }

  void OnDone(const grpc::Status& status) override {
    events_.on_done(status);
    events_ = {};
    self_.reset();
  }

 private:
  void WriteNext() {
    if (next_ == spec_.messages.size()) {
      if (!std::exchange(closed_, true)) StartWritesDone();
      return;
    }
    request_ = ToBuffer(spec_.messages[next_]);
    std::string().swap(spec_.messages[next_]);
    ++next_;
    if (next_ < spec_.messages.size()) return StartWrite(&request_);
    closed_ = true;
    StartWriteLast(&request_, {});
  }

  grpc::GenericStub stub_;
  CallSpec spec_;
  Events events_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer reply_;
  size_t next_ = 0;
  bool closed_ = false;
  std::shared_ptr<BidiCall> self_;
};

}  // namespace

std::shared_ptr<GenericCall> StartCall(const std::shared_ptr<grpc::Channel>& channel, CallSpec spec,
                                       GenericCall::Events events) {
  auto call = std::make_shared<BidiCall>(channel, std::move(spec), std::move(events));
  call->Start(call);
  return call;
}

}  // namespace steelyard::gateway
