#include "client/cpp/upload_stream.h"

#include <chrono>
#include <utility>

namespace steelyard::client {

template <typename What>
UploadStream<What>::UploadStream(const Connection& connection) : stub_(connection.channel()) {
  connection.Prepare(context_, absl::InfiniteDuration());
  (stub_.async()->*What::kUpload)(&context_, this);
  // Sends come from the owner's thread, outside any reaction: without a hold
  // the stream may end between two of them and the next would hang.
  this->AddHold();
  this->StartRead(&reply_);
  this->StartCall();
}

template <typename What>
UploadStream<What>::~UploadStream() {
  context_.TryCancel();
  ReleaseHold();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return done_; });
}

template <typename What>
void UploadStream<What>::Send(const typename What::Request& message) {
  if (held_) this->StartWrite(&message);
}

template <typename What>
void UploadStream<What>::SendEnd() {
  if (held_) this->StartWritesDone();
  ReleaseHold();
}

template <typename What>
void UploadStream<What>::ReleaseHold() {
  if (std::exchange(held_, false)) this->RemoveHold();
}

template <typename What>
std::optional<typename UploadStream<What>::Event> UploadStream<What>::Next(absl::Duration wait) {
  const auto until = std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(wait);
  std::unique_lock lock(mutex_);
  while (changed_.wait_until(lock, until, [this] { return !events_.empty(); })) {
    Event event = std::move(events_.front());
    events_.pop_front();
    if (event.kind != Event::kEnding) return event;
    lock.unlock();
    ReleaseHold();  // may call OnDone, which takes the lock
    lock.lock();
  }
  return std::nullopt;
}

template <typename What>
void UploadStream<What>::Push(Event event) {
  // Notified under the lock: once done_ is seen the stream may be gone.
  std::lock_guard lock(mutex_);
  done_ = event.kind == Event::kDone;
  events_.push_back(std::move(event));
  changed_.notify_all();
}

template <typename What>
void UploadStream<What>::OnReadDone(bool ok) {
  if (!ok) return Push({Event::kEnding, {}, {}});
  Event event{Event::kReply, {}, {}};
  event.reply.Swap(&reply_);
  Push(std::move(event));
  this->StartRead(&reply_);
}

template <typename What>
void UploadStream<What>::OnWriteDone(bool ok) {
  if (ok) Push({Event::kSent, {}, {}});
}

template <typename What>
void UploadStream<What>::OnDone(const grpc::Status& status) {
  Push({Event::kDone, {}, status});
}

template class UploadStream<PurchaseUpload>;
template class UploadStream<OutcomeUpload>;

}  // namespace steelyard::client
