#include "server/purchases/upload_reactor.h"

#include <chrono>
#include <utility>

#include "server/rpc/errors.h"
#include "server/rpc/server_options.h"
#include "server/rpc/to_grpc.h"
#include "server/rpc/unary.h"

namespace steelyard::purchases {
namespace {

constexpr char kMethod[] = "/steelyard.v1.PurchaseService/UploadPurchases";
// Chunks that may wait for the disk: enough to keep it busy.
constexpr int kMaxInFlight = 4;
constexpr absl::Duration kMaxChunkTime = absl::Seconds(60);

}  // namespace

UploadWatch::UploadWatch(rpc::Authorizer& authorizer, Clock& clock)
    : authorizer_(authorizer), clock_(clock), thread_([this] { Run(); }) {}

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

void UploadWatch::Add(UploadReactor* stream) {
  std::lock_guard lock(mutex_);
  streams_.insert(stream);
}

void UploadWatch::Remove(UploadReactor* stream) {
  std::lock_guard lock(mutex_);
  streams_.erase(stream);
}

void UploadWatch::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::seconds(1), [this] { return stopping_; })) {
    const absl::Time now = clock_.Now();
    for (UploadReactor* stream : streams_) stream->Inspect(now);
  }
}

UploadReactor::UploadReactor(grpc::CallbackServerContext* grpc_context,
                             const UploadContext& context)
    : grpc_context_(grpc_context), context_(context) {
  context_.watch.Add(this);
  absl::StatusOr<rpc::Caller> caller =
      context_.authorizer.Admit(kMethod, rpc::AuthorizationOf(*grpc_context));
  std::lock_guard lock(mutex_);
  if (!caller.ok()) {
    ending_ = true;
    end_status_ = caller.status();
    MaybeFinish();
    return;
  }
  caller_ = *std::move(caller);
  session_ =
      std::make_unique<UploadSession>(context_.ledger, context_.directory, context_.clock, caller_);
  ReadNext();
}

void UploadReactor::ReadNext() {
  if (ending_ || reads_done_ || reading_ || checking_ || in_flight_ >= kMaxInFlight) return;
  reading_ = true;
  waiting_since_ = context_.clock.Now();
  StartRead(&request_);
}

void UploadReactor::OnReadDone(bool ok) {
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

void UploadReactor::Process(rpc::Executor::Turn turn) {
  auto refuse = [this](absl::Status status) { Answered(std::move(status)); };
  const bool starts = request_.has_start() && claimed_.empty();
  if (turn != rpc::Executor::Turn::kRun) {
    refuse(turn == rpc::Executor::Turn::kStopping ? rpc::error::ShuttingDown()
                                                  : rpc::error::DeadlineExceeded());
  } else if (!context_.authorizer.StillValid(caller_)) {
    refuse(rpc::error::Unauthenticated());
  } else if (absl::Status owner = starts
                                      ? context_.authorizer.CheckOwner(caller_, kMethod, request_)
                                      : absl::OkStatus();
             !owner.ok()) {
    refuse(std::move(owner));
  } else if (const std::string key = request_.start().parent() + "/" + request_.start().upload_id();
             starts && !context_.watch.Claim(key)) {
    refuse(rpc::error::UploadInUse(request_.start().upload_id()));
  } else {
    if (starts) claimed_ = key;
    session_->Handle(request_, [this](auto response) { Answered(std::move(response)); });
  }
  std::lock_guard lock(mutex_);
  checking_ = false;
  ReadNext();
  MaybeFinish();
}

void UploadReactor::Answered(absl::StatusOr<v1::UploadPurchasesResponse> response) {
  std::lock_guard lock(mutex_);
  --in_flight_;
  if (!response.ok()) {
    if (!ending_) end_status_ = response.status();
    ending_ = true;
  } else {
    replies_.push_back(*std::move(response));
    if (reads_done_ && in_flight_ == 0) ending_ = true;
    WriteNext();
    ReadNext();
  }
  MaybeFinish();
}

void UploadReactor::WriteNext() {
  if (writing_ || replies_.empty() || finished_) return;
  writing_ = true;
  StartWrite(&replies_.front());
}

void UploadReactor::OnWriteDone(bool ok) {
  std::lock_guard lock(mutex_);
  writing_ = false;
  replies_.pop_front();
  if (!ok) {
    replies_.clear();
    ending_ = true;
  }
  WriteNext();
  MaybeFinish();
}

void UploadReactor::OnCancel() {
  std::lock_guard lock(mutex_);
  ending_ = true;
  replies_.resize(writing_ ? 1 : 0);
  MaybeFinish();
}

// Finish may be followed at once by OnDone, which deletes this: only when
// nothing else can still call in. A read under way is ended by Finish.
void UploadReactor::MaybeFinish() {
  if (!ending_ || finished_ || in_flight_ > 0 || checking_ || writing_ || !replies_.empty()) return;
  finished_ = true;
  Finish(rpc::ToGrpc(end_status_));
}

void UploadReactor::OnDone() {
  context_.watch.Remove(this);
  if (!claimed_.empty()) context_.watch.Release(claimed_);
  // Whoever called Finish still holds the lock: wait until it let go.
  { std::lock_guard lock(mutex_); }
  delete this;
}

void UploadReactor::Inspect(absl::Time now) {
  std::lock_guard lock(mutex_);
  if (finished_) return;
  const bool idle = now - waiting_since_ > rpc::kStreamIdleTimeout;
  const bool revoked = session_ != nullptr && !context_.authorizer.StillValid(caller_);
  if (idle || revoked) grpc_context_->TryCancel();
}

}  // namespace steelyard::purchases
