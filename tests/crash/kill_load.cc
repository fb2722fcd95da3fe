#include "tests/crash/kill_load.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/cpp/uploader.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "tests/crash/kill_lines.h"

namespace steelyard::crash {
namespace {

using Purchases = v1::PurchaseService::Stub;

constexpr int kMostTries = 100;
constexpr absl::Duration kCallTimeout = absl::Seconds(10);

// Whether a crash explains the answer, so that the same is sent again.
bool IsCutOff(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable ||
         status.code() == absl::StatusCode::kUnknown ||
         status.code() == absl::StatusCode::kDeadlineExceeded;
}

// The submission's id is that of the request that made it.
Commit CommitOf(const std::string& council, const std::string& id, v1::Purchase line) {
  Commit commit;
  commit.council = council;
  commit.submission = absl::StrCat(council, "/submissions/", id);
  commit.changes.push_back(std::move(line));
  return commit;
}

std::string NameOf(const std::string& council, const v1::Purchase& line) {
  return absl::StrCat(council, "/purchases/", line.reference());
}

client::UploadOptions OptionsOf(const std::string& council, const std::string& id,
                                const UploadPlan& plan, bool whole) {
  client::UploadOptions options;
  options.parent = council;
  options.upload_id = id;
  options.mode = whole ? v1::Submission::WHOLE : v1::Submission::VALID_LINES;
  options.max_chunk_lines = plan.chunk_lines;
  options.answer_timeout = kCallTimeout;
  options.give_up_after = 6 * kCallTimeout;
  return options;
}

client::LineSource SourceOf(const UploadPlan& plan) {
  return [&lines = plan.lines,
          next = size_t{0}](v1::UploadLine& line) mutable -> absl::StatusOr<bool> {
    if (next == lines.size()) return false;
    line = lines[next++];
    return true;
  };
}

}  // namespace

bool Gate::Pass() {
  std::unique_lock lock(mutex_);
  ++waiting_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return open_ || ending_; });
  --waiting_;
  return !ending_;
}

void Gate::Open() {
  std::lock_guard lock(mutex_);
  open_ = true;
  changed_.notify_all();
}

void Gate::Close() {
  std::lock_guard lock(mutex_);
  open_ = false;
}

void Gate::End() {
  std::lock_guard lock(mutex_);
  ending_ = true;
  changed_.notify_all();
}

bool Gate::WaitFor(int workers, absl::Duration longest) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, absl::ToChronoMilliseconds(longest),
                           [&] { return waiting_ == workers; });
}

std::string Load::NewWorker(const char* kind) const { return absl::StrCat(kind, workers()); }

void Load::AddValidLines(const Submitter& submitter) {
  threads_.emplace_back(&Load::Uploads, this, submitter, NewWorker("valid"), false);
}

void Load::AddWhole(const Submitter& submitter) {
  threads_.emplace_back(&Load::Uploads, this, submitter, NewWorker("whole"), true);
}

void Load::AddRequests(const Submitter& submitter) {
  threads_.emplace_back(&Load::Requests, this, submitter, NewWorker("single"));
}

void Load::Finish() {
  gate_.End();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

std::vector<std::string> Load::refusals() const {
  std::lock_guard lock(mutex_);
  return refusals_;
}

void Load::Refused(const absl::Status& status) {
  {
    std::lock_guard lock(mutex_);
    refusals_.push_back(status.ToString());
  }
  while (gate_.Pass()) absl::SleepFor(absl::Milliseconds(1));  // is still waited for
}

void Load::Uploads(const Submitter& submitter, const std::string& worker, bool whole) {
  Lines lines(demo::Random::For(seed_, worker), submitter.council, worker);
  while (gate_.Pass()) {
    const std::string id = lines.NewUuid();
    UploadPlan plan = whole ? lines.Whole(id) : lines.ValidLines(id);
    std::vector<size_t> commits;
    for (Commit& commit : plan.commits) commits.push_back(oracle_.Begin(std::move(commit)));
    client::UploadOptions options = OptionsOf(submitter.council, id, plan, whole);
    options.on_progress = [&](const client::UploadProgress& progress) {
      for (size_t i = 0; i < plan.ends.size(); ++i) {
        if (plan.ends[i] <= progress.acknowledged_lines) oracle_.Acknowledge(commits[i]);
      }
    };
    options.on_retry = [&](const absl::Status&, absl::Duration) {
      ++cut_off_;
      gate_.Pass();
    };
    // Every third client gives up with the server and begins anew, as another
    // process would.
    if (lines.random().Chance(0.33)) options.give_up_after = absl::ZeroDuration();
    absl::StatusOr<v1::UploadFinished> finished;
    for (int i = 0; i < kMostTries && !abandoned_; ++i) {
      finished = Upload(*submitter.connection, options, SourceOf(plan));
      if (finished.ok() || options.give_up_after > absl::ZeroDuration()) break;
      const bool in_use = finished.status().code() == absl::StatusCode::kAborted;
      if (!in_use && !IsCutOff(finished.status())) break;
      options.on_retry(finished.status(), absl::ZeroDuration());
      if (in_use) absl::SleepFor(absl::Milliseconds(20));
    }
    if (!finished.ok()) return Refused(finished.status());
    oracle_.Acknowledge(commits.back());
    for (const v1::Submission& s : finished->submissions()) oracle_.AcknowledgeReceipt(s);
  }
}

template <typename Request, typename Method>
bool Load::Send(const Submitter& submitter, Method method, const Request& request, size_t commit,
                bool twice) {
  std::optional<v1::Purchase> first;
  for (int i = 0; i < kMostTries && !abandoned_; ++i) {
    absl::StatusOr<v1::Purchase> reply = submitter.connection->Call(method, request);
    if (!reply.ok()) {
      if (!IsCutOff(reply.status())) return Refused(reply.status()), false;
      ++cut_off_;
      gate_.Pass();
      continue;
    }
    oracle_.Acknowledge(commit);
    if (first.has_value() && first->SerializeAsString() != reply->SerializeAsString()) {
      Refused(absl::DataLossError(absl::StrCat("a repeat was answered ", reply->ShortDebugString(),
                                               ", before ", first->ShortDebugString())));
      return false;
    }
    if (first.has_value() || !twice) return true;
    first = *std::move(reply);
  }
  Refused(absl::DeadlineExceededError("a request is cut off time and again"));
  return false;
}

void Load::Requests(const Submitter& submitter, const std::string& worker) {
  Lines lines(demo::Random::For(seed_, worker), submitter.council, worker);
  for (bool going = true; going && gate_.Pass();) {
    const std::string id = lines.NewUuid();
    const bool twice = lines.random().Chance(0.1);
    const double kind = lines.there() == 0 ? 0 : lines.random().Share();
    v1::Purchase line = kind < 0.6 ? lines.New() : kind < 0.9 ? lines.Correction() : lines.GiveUp();
    if (kind >= 0.9) {
      line.set_state(v1::Purchase::WITHDRAWN);
      line.set_withdraw_reason("ordered twice");
    }
    const size_t commit = oracle_.Begin(CommitOf(submitter.council, id, line));
    if (kind < 0.6) {
      v1::CreatePurchaseRequest request;
      request.set_parent(submitter.council);
      request.set_request_id(id);
      *request.mutable_purchase() = std::move(line);
      going = Send(submitter, &Purchases::CreatePurchase, request, commit, twice);
    } else if (kind < 0.9) {
      v1::UpdatePurchaseRequest request;
      request.set_request_id(id);
      line.set_name(NameOf(submitter.council, line));
      *request.mutable_purchase() = std::move(line);
      going = Send(submitter, &Purchases::UpdatePurchase, request, commit, twice);
    } else {
      v1::WithdrawPurchaseRequest request;
      request.set_request_id(id);
      request.set_name(NameOf(submitter.council, line));
      request.set_reason(line.withdraw_reason());
      going = Send(submitter, &Purchases::WithdrawPurchase, request, commit, twice);
    }
  }
}

}  // namespace steelyard::crash
