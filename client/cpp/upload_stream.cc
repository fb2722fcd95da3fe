#include "client/cpp/upload_stream.h"

#include <chrono>
#include <utility>

namespace steelyard::client {

UploadStream::UploadStream(const Connection& connection) : stub_(connection.channel()) {
  connection.Prepare(context_, absl::InfiniteDuration());
  stub_.async()->UploadPurchases(&context_, this);
  // Sends come from the owner's thread, outside any reaction: without a hold
  // the stream may end between two of them and the next would hang.
  AddHold();
  StartRead(&reply_);
  StartCall();
}

UploadStream::~UploadStream() {
  context_.TryCancel();
  ReleaseHold();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return done_; });
}

void UploadStream::Send(const v1::UploadPurchasesRequest& message) {
  if (held_) StartWrite(&message);
}

void UploadStream::SendEnd() {
  if (held_) StartWritesDone();
  ReleaseHold();
}

void UploadStream::ReleaseHold() {
  if (std::exchange(held_, false)) RemoveHold();
}

std::optional<UploadStream::Event> UploadStream::Next(absl::Duration wait) {
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

void UploadStream::Push(Event event) {
  // Notified under the lock: once done_ is seen the stream may be gone.
  std::lock_guard lock(mutex_);
  done_ = event.kind == Event::kDone;
  events_.push_back(std::move(event));
  changed_.notify_all();
}

void UploadStream::OnReadDone(bool ok) {
  if (!ok) return Push({Event::kEnding, {}, {}});
  Event event{Event::kReply, {}, {}};
  event.reply.Swap(&reply_);
  Push(std::move(event));
  StartRead(&reply_);
}

void UploadStream::OnWriteDone(bool ok) {
  if (ok) Push({Event::kSent, {}, {}});
}

void UploadStream::OnDone(const grpc::Status& status) { Push({Event::kDone, {}, status}); }

}  // namespace steelyard::client
