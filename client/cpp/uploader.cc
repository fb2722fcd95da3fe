#include "client/cpp/uploader.h"

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cpp/upload_stream.h"
#include "google/protobuf/arena.h"

namespace steelyard::client {
namespace {

template <typename What>
using SourceOf = std::function<absl::StatusOr<bool>(typename What::Line& line)>;

// Some lines with the memory they live in, which is used again.
template <typename What>
struct Chunk {
  using Request = typename What::Request;

  explicit Chunk(const google::protobuf::ArenaOptions& options) : arena(options) {}

  void Begin(int64_t index) {
    arena.Reset();
    request = google::protobuf::Arena::CreateMessage<Request>(&arena);
    request->mutable_chunk()->set_index(index);
    bytes = 0;
  }
  int lines() const { return request->chunk().lines_size(); }

  google::protobuf::Arena arena;
  Request* request = nullptr;
  size_t bytes = 0;
};

// Cuts the source into chunks: the same ones for the same lines and limits,
// which resuming relies on.
template <typename What>
class Chunker {
 public:
  Chunker(const UploadOptions& options, const SourceOf<What>& source)
      : options_(options), source_(source) {}

  bool at_end() const { return at_end_ && !carried_.has_value(); }

  // Fills the chunk; leaves it empty at the end of the source.
  absl::Status Fill(Chunk<What>& chunk) {
    auto& lines = *chunk.request->mutable_chunk();
    if (carried_.has_value()) {
      chunk.bytes += carried_->ByteSizeLong();
      lines.add_lines()->Swap(&*carried_);
      carried_.reset();
    }
    while (!at_end_ && lines.lines_size() < options_.max_chunk_lines) {
      typename What::Line& line = *lines.add_lines();
      absl::StatusOr<bool> more = source_(line);
      if (!more.ok() || !*more) {
        lines.mutable_lines()->RemoveLast();
        at_end_ = true;
        if (!more.ok()) return more.status();
        break;
      }
      constexpr size_t kTagAndLength = 5;
      const size_t bytes = line.ByteSizeLong() + kTagAndLength;
      if (chunk.bytes + bytes > options_.max_chunk_bytes && lines.lines_size() > 1) {
        carried_.emplace().Swap(&line);
        lines.mutable_lines()->RemoveLast();
        break;
      }
      chunk.bytes += bytes;
    }
    return absl::OkStatus();
  }

 private:
  const UploadOptions& options_;
  const SourceOf<What>& source_;
  std::optional<typename What::Line> carried_;  // did not fit the chunk before
  bool at_end_ = false;
};

// One upload over as many streams as it takes. Used by one thread.
template <typename What>
class Uploader {
 public:
  using Stream = UploadStream<What>;
  using Request = typename What::Request;
  using Response = typename What::Response;

  Uploader(const Connection& connection, const UploadOptions& options, const SourceOf<What>& source)
      : connection_(connection), options_(options), chunker_(options, source) {
    memory_options_.start_block_size = 256 * 1024;
    memory_options_.max_block_size = 1024 * 1024;
    v1::UploadStart& start = *start_.mutable_start();
    start.set_parent(options.parent);
    start.set_upload_id(options.upload_id);
    start.set_mode(options.mode);
    start.set_validate_only(options.validate_only);
    start.set_add_suppliers(options.add_suppliers);
  }

  absl::StatusOr<v1::UploadFinished> Run();

 private:
  absl::Status RunStream();
  absl::Status Build();
  absl::Status SendNext(Stream& stream);
  absl::Status TakeReply(Response& reply);
  absl::Status TakeStarted(const v1::UploadStarted& started);
  absl::Status TakeAck(const v1::UploadChunkAck& ack);
  void PopAcknowledged();
  int64_t built() const { return acknowledged_ + static_cast<int64_t>(window_.size()); }
  bool can_build() const {
    return !chunker_.at_end() && static_cast<int>(window_.size()) < options_.chunks_in_flight;
  }

  const Connection& connection_;
  const UploadOptions& options_;
  Chunker<What> chunker_;
  google::protobuf::ArenaOptions memory_options_;

  // Chunks `acknowledged_` to built(), oldest first.
  std::deque<std::unique_ptr<Chunk<What>>> window_;
  std::vector<std::unique_ptr<Chunk<What>>> spare_;
  int64_t acknowledged_ = 0;
  int64_t server_has_ = 0;  // chunks that it has, which are sent once more
  UploadProgress progress_;
  bool progressed_ = false;

  // Of the stream that is open.
  Request start_;
  Request finish_;
  int64_t next_ = 0;  // chunk to send next
  bool started_ = false;
  bool sending_ = false;
  bool finishing_ = false;
  std::deque<Response> replies_;  // not looked at yet
  std::optional<v1::UploadFinished> finished_;
};

// Whether the same request may do better on a new stream.
bool MayTryAgain(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kUnknown:  // a stream cut off in the middle
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
      return true;
    case absl::StatusCode::kAborted:  // the server has not missed the old stream yet
      return ErrorReason(status) == "UPLOAD_IN_USE";
    default:
      return false;
  }
}

// Waits longer each time, with some chance, so that many clients of a server
// that comes back do not come all at once.
class Backoff {
 public:
  absl::Duration Next() {
    wait_ = std::min(wait_ * 1.6, absl::Seconds(5));
    return wait_ * std::uniform_real_distribution<double>(0.8, 1.2)(random_);
  }
  void Reset() { wait_ = absl::Milliseconds(100); }

 private:
  absl::Duration wait_ = absl::Milliseconds(100);
  std::minstd_rand random_{std::random_device{}()};
};

template <typename What>
absl::StatusOr<v1::UploadFinished> Uploader<What>::Run() {
  Backoff backoff;
  absl::Time last_progress = absl::Now();
  while (true) {
    absl::Status status = RunStream();
    if (status.ok()) return *std::move(finished_);
    if (!MayTryAgain(status)) return status;
    if (std::exchange(progressed_, false)) {
      last_progress = absl::Now();
      backoff.Reset();
    }
    const absl::Duration wait = backoff.Next();
    if (absl::Now() + wait - last_progress > options_.give_up_after) return status;
    if (options_.on_retry) options_.on_retry(status, wait);
    absl::SleepFor(wait);
  }
}

template <typename What>
absl::Status Uploader<What>::RunStream() {
  started_ = finishing_ = false;
  sending_ = true;
  replies_.clear();
  Stream stream(connection_);
  stream.Send(start_);
  while (!finished_.has_value()) {
    if (can_build()) {
      if (absl::Status status = Build(); !status.ok()) return status;
    }
    if (absl::Status status = SendNext(stream); !status.ok()) return status;
    std::optional<typename Stream::Event> event =
        stream.Next(can_build() ? absl::ZeroDuration() : options_.answer_timeout);
    if (!event.has_value()) {
      if (can_build()) continue;
      return absl::UnavailableError("the server stopped answering");
    }
    if (event->kind == Stream::Event::kDone) {
      return event->status.ok() ? absl::UnavailableError("the server ended the upload too early")
                                : ToStatus(event->status);
    }
    if (event->kind == Stream::Event::kReply) replies_.push_back(std::move(event->reply));
    if (event->kind == Stream::Event::kSent) sending_ = false;
    // A reply may overtake the word that its request was sent, and taking it
    // would free that request.
    while (!sending_ && !replies_.empty()) {
      if (absl::Status status = TakeReply(replies_.front()); !status.ok()) return status;
      replies_.pop_front();
    }
  }
  stream.SendEnd();
  return absl::OkStatus();
}

template <typename What>
absl::Status Uploader<What>::Build() {
  if (spare_.empty()) spare_.push_back(std::make_unique<Chunk<What>>(memory_options_));
  std::unique_ptr<Chunk<What>> chunk = std::move(spare_.back());
  spare_.pop_back();
  chunk->Begin(built());
  if (absl::Status status = chunker_.Fill(*chunk); !status.ok()) return status;
  (chunk->lines() > 0 ? static_cast<void>(window_.push_back(std::move(chunk)))
                      : spare_.push_back(std::move(chunk)));
  return absl::OkStatus();
}

template <typename What>
absl::Status Uploader<What>::SendNext(Stream& stream) {
  if (!started_ || sending_ || finishing_) return absl::OkStatus();
  if (next_ < built()) {
    sending_ = true;
    stream.Send(*window_[next_++ - acknowledged_]->request);
  } else if (chunker_.at_end()) {
    if (built() < server_has_) {
      return absl::FailedPreconditionError(
          "the server already has more lines of this upload than there are here; "
          "is this the file it was begun with?");
    }
    sending_ = finishing_ = true;
    finish_.mutable_finish()->set_chunks(built());
    stream.Send(finish_);
  }
  return absl::OkStatus();
}

template <typename What>
absl::Status Uploader<What>::TakeReply(Response& reply) {
  switch (reply.step_case()) {
    case Response::kStarted:
      return TakeStarted(reply.started());
    case Response::kChunk:
      return TakeAck(reply.chunk());
    case Response::kFinished:
      progressed_ = true;
      for (const v1::Problem& problem : reply.finished().problems()) {
        if (options_.on_problem) options_.on_problem(problem);
      }
      finished_ = std::move(*reply.mutable_finished());
      return absl::OkStatus();
    default:
      return absl::InternalError("the server's answer makes no sense to this program");
  }
}

template <typename What>
absl::Status Uploader<What>::TakeStarted(const v1::UploadStarted& started) {
  if (started.next_chunk() < acknowledged_) {
    return absl::FailedPreconditionError(
        "the server no longer knows of this upload; begin it again");
  }
  started_ = true;
  server_has_ = started.next_chunk();
  // What the server has, it gets again: it finds out whether these are the
  // lines it was begun with, and says what is wrong with them.
  next_ = acknowledged_;
  return absl::OkStatus();
}

template <typename What>
absl::Status Uploader<What>::TakeAck(const v1::UploadChunkAck& ack) {
  if (ack.index() != acknowledged_ || next_ <= acknowledged_) {
    return absl::InternalError(
        absl::StrCat("the server acknowledged chunk ", ack.index(), " out of turn"));
  }
  progress_.rejected_lines = ack.rejected_lines();
  progress_.ledger_sequence = ack.ledger_sequence();
  for (const v1::Problem& problem : ack.problems()) {
    if (options_.on_problem) options_.on_problem(problem);
  }
  PopAcknowledged();
  return absl::OkStatus();
}

template <typename What>
void Uploader<What>::PopAcknowledged() {
  progressed_ = true;
  progress_.acknowledged_lines += window_.front()->lines();
  spare_.push_back(std::move(window_.front()));
  window_.pop_front();
  ++acknowledged_;
  if (options_.on_progress) options_.on_progress(progress_);
}

}  // namespace

absl::StatusOr<v1::UploadFinished> Upload(const Connection& connection,
                                          const UploadOptions& options, const LineSource& source) {
  return Uploader<PurchaseUpload>(connection, options, source).Run();
}

absl::StatusOr<v1::UploadFinished> UploadOutcomes(const Connection& connection,
                                                  const UploadOptions& options,
                                                  const OutcomeSource& source) {
  return Uploader<OutcomeUpload>(connection, options, source).Run();
}

}  // namespace steelyard::client
