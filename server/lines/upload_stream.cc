#include "server/lines/upload_stream.h"

#include <chrono>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/rpc/errors.h"
#include "server/rpc/server_options.h"
#include "server/rpc/unary.h"
#include "storage/base/status_macros.h"

namespace steelyard::lines {
namespace {

// Chunks that may wait for the disk: enough to keep it busy.
constexpr int kMaxInFlight = 4;
constexpr absl::Duration kMaxChunkTime = absl::Seconds(60);
// Answers that may wait for the client to read: with those in flight they are
// all that a stream holds. One is some bytes, or some MiB if every line of its
// chunk has problems.
constexpr size_t kMaxUnread = 8;
constexpr size_t kMaxUnreadBytes = 1 << 20;
// Longest that the client may take to read one of them.
constexpr absl::Duration kMaxWriteTime = absl::Seconds(60);

size_t BytesOf(const UploadSession::Answer& answer) {
  return std::visit([](const auto& a) { return a.ByteSizeLong(); }, answer);
}

}  // namespace

UploadWatch::UploadWatch(Clock& clock) : clock_(clock), thread_([this] { Run(); }) {}

UploadWatch::~UploadWatch() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

bool UploadWatch::Claim(const std::string& key) {
  std::lock_guard lock(mutex_);
  return keys_.insert(key).second;
}

void UploadWatch::Release(const std::string& key) {
  std::lock_guard lock(mutex_);
  keys_.erase(key);
}

bool UploadWatch::Enter(const std::string& owner) {
  std::lock_guard lock(mutex_);
  int& open = open_[owner];
  if (open == kMaxStreams) return false;
  ++open;
  return true;
}

void UploadWatch::Leave(const std::string& owner) {
  std::lock_guard lock(mutex_);
  if (--open_[owner] == 0) open_.erase(owner);
}

void UploadWatch::Add(UploadStream* stream) {
  std::lock_guard lock(mutex_);
  streams_.insert(stream);
}

void UploadWatch::Remove(UploadStream* stream) {
  std::lock_guard lock(mutex_);
  streams_.erase(stream);
}

void UploadWatch::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
    const absl::Time now = clock_.Now();
    for (UploadStream* stream : streams_) stream->Inspect(now);
  }
}

UploadStream::UploadStream(grpc::CallbackServerContext* grpc_context, const LineContext& context,
                           model::Resource resource, std::string_view method)
    : grpc_context_(grpc_context), context_(context), resource_(resource), method_(method) {}

void UploadStream::Open() {
  context_.watch.Add(this);
  absl::StatusOr<rpc::Caller> caller =
      context_.authorizer.Admit(method_, rpc::AuthorizationOf(*grpc_context_));
  absl::Status admitted = caller.status();
  if (caller.ok()) {
    caller_ = *std::move(caller);
    const bool council = caller_.council.value != 0;
    const std::string owner =
        council ? absl::StrCat("council ", caller_.council.value) : caller_.token_id;
    if (context_.watch.Enter(owner)) {
      entered_ = owner;
    } else {
      admitted = rpc::error::TooManyUploads(council ? "Your council" : "This token", kMaxStreams);
    }
  }
  std::lock_guard lock(mutex_);
  if (!admitted.ok()) {
    ending_ = true;
    end_status_ = std::move(admitted);
    MaybeFinish();
    return;
  }
  session_ = std::make_unique<UploadSession>(context_, resource_, caller_);
  ReadNext();
}

void UploadStream::ReadNext() {
  if (ending_ || reads_done_ || reading_ || checking_ || pausing_) return;
  if (in_flight_ >= kMaxInFlight) return;
  if (replies_.size() >= kMaxUnread || unread_bytes_ >= kMaxUnreadBytes) return;
  reading_ = true;
  waiting_since_ = context_.clock.Now();
  BeginRead();
}

void UploadStream::OnRead(bool ok) {
  {
    std::lock_guard lock(mutex_);
    reading_ = false;
    waiting_since_ = absl::InfiniteFuture();
    if (!ok) {
      reads_done_ = true;
      ending_ = ending_ || in_flight_ == 0;
      MaybeFinish();
      return;
    }
    checking_ = true;
    ++in_flight_;
  }
  const absl::Time deadline = context_.clock.Now() + kMaxChunkTime;
  if (!context_.executor.Submit(deadline, [this](rpc::Executor::Turn turn) { Process(turn); })) {
    Answered(rpc::error::Overloaded());
    std::lock_guard lock(mutex_);
    checking_ = false;
    MaybeFinish();
  }
}

void UploadStream::Process(rpc::Executor::Turn turn) {
  auto refuse = [this](absl::Status status) { Answered(std::move(status)); };
  const v1::UploadStart* begun = start();
  const bool starts = begun != nullptr && claimed_.empty();
  const std::string key = starts ? begun->parent() + "/" + begun->upload_id() : "";
  if (turn != rpc::Executor::Turn::kRun) {
    refuse(turn == rpc::Executor::Turn::kStopping ? rpc::error::ShuttingDown()
                                                  : rpc::error::DeadlineExceeded());
  } else if (!context_.authorizer.StillValid(caller_)) {
    refuse(rpc::error::Unauthenticated());
  } else if (absl::Status paced = Pace(); !paced.ok()) {
    refuse(std::move(paced));
  } else if (absl::Status owner = starts
                                      ? context_.authorizer.CheckOwner(caller_, method_, message())
                                      : absl::OkStatus();
             !owner.ok()) {
    refuse(std::move(owner));
  } else if (starts && !context_.watch.Claim(key)) {
    refuse(rpc::error::UploadInUse(begun->upload_id()));
  } else {
    if (starts) claimed_ = key;
    Handle(*session_, [this](auto answer) { Answered(std::move(answer)); });
  }
  std::lock_guard lock(mutex_);
  checking_ = false;
  ReadNext();
  MaybeFinish();
}

absl::Status UploadStream::Pace() {
  if (start() != nullptr) return absl::OkStatus();  // paid for when it was admitted
  ASSIGN_OR_RETURN(const absl::Duration wait, context_.authorizer.Pace(caller_));
  if (wait <= absl::ZeroDuration()) return absl::OkStatus();
  std::lock_guard lock(mutex_);
  pausing_ = true;
  // A new one each time: the one before may not have returned from its call.
  pause_.emplace().Set(absl::ToChronoTime(absl::Now() + wait), [this](bool) { OnPaused(); });
  return absl::OkStatus();
}

void UploadStream::OnPaused() {
  std::lock_guard lock(mutex_);
  pausing_ = false;
  ReadNext();
  MaybeFinish();
}

void UploadStream::Answered(absl::StatusOr<Answer> answer) {
  std::lock_guard lock(mutex_);
  --in_flight_;
  if (!answer.ok()) {
    if (!ending_) end_status_ = answer.status();
    ending_ = true;
  } else {
    unread_bytes_ += BytesOf(*answer);
    replies_.push_back(*std::move(answer));
    if (reads_done_ && in_flight_ == 0) ending_ = true;
    WriteNext();
    ReadNext();
  }
  MaybeFinish();
}

void UploadStream::WriteNext() {
  if (writing_ || replies_.empty() || finished_) return;
  writing_ = true;
  writing_since_ = context_.clock.Now();
  writing_bytes_ = BytesOf(replies_.front());
  BeginWrite(std::move(replies_.front()));
  replies_.pop_front();
}

void UploadStream::OnWritten(bool ok) {
  std::lock_guard lock(mutex_);
  writing_ = false;
  writing_since_ = absl::InfiniteFuture();
  unread_bytes_ -= writing_bytes_;
  if (!ok) {
    replies_.clear();
    ending_ = true;
  }
  WriteNext();
  ReadNext();
  MaybeFinish();
}

void UploadStream::OnCancelled() {
  std::lock_guard lock(mutex_);
  ending_ = true;
  replies_.clear();
  MaybeFinish();
}

// Finishing may be followed at once by OnEnded, after which this is deleted:
// only when nothing else can still call in. A read under way is ended by it.
void UploadStream::MaybeFinish() {
  if (!ending_ || finished_ || in_flight_ > 0 || checking_ || writing_ || !replies_.empty()) return;
  if (pausing_) return pause_->Cancel();
  finished_ = true;
  BeginFinish(end_status_);
}

void UploadStream::OnEnded() {
  context_.watch.Remove(this);
  if (!claimed_.empty()) context_.watch.Release(claimed_);
  if (!entered_.empty()) context_.watch.Leave(entered_);
  // Whoever began the finish still holds the lock: wait until it let go.
  std::lock_guard lock(mutex_);
}

void UploadStream::Inspect(absl::Time now) {
  std::lock_guard lock(mutex_);
  if (finished_) return;
  const bool idle =
      now - waiting_since_ > rpc::kStreamIdleTimeout || now - writing_since_ > kMaxWriteTime;
  const bool revoked = session_ != nullptr && !context_.authorizer.StillValid(caller_);
  if (idle || revoked) grpc_context_->TryCancel();
}

}  // namespace steelyard::lines
