#include "server/lines/upload_session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/lines/receipts.h"
#include "server/lines/refusals.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::lines {
namespace {

namespace error = rpc::error;
using Answer = UploadSession::Answer;

constexpr int kMaxChunkLines = 2000;

void AddProblems(const std::vector<model::Problem>& problems,
                 google::protobuf::RepeatedPtrField<v1::Problem>* out) {
  out->Reserve(static_cast<int>(problems.size()));
  for (const model::Problem& p : problems) rpc::ToProto(p, out->Add());
}

}  // namespace

absl::StatusOr<Answer> UploadSession::Start(const v1::UploadStart& start) {
  if (!key_.empty()) return error::InvalidField("start", "an upload is started once in a stream");
  if (!model::IsUuid4(start.upload_id())) {
    return error::InvalidField("start.upload_id", "give a UUID of version 4");
  }
  if (!v1::Submission::Mode_IsValid(start.mode())) {
    return error::InvalidField("start.mode", "give WHOLE or VALID_LINES");
  }
  if (start.parent() != rpc::kAllCouncils) {
    ASSIGN_OR_RETURN(std::string id, rpc::ParseCouncil(start.parent(), "start.parent"));
    const model::Council* council = context_.ledger.state()->registers->FindCouncil(id);
    if (council == nullptr) return error::NotFound(start.parent());
    scope_ = council->no;
  }
  start_ = start;
  id_ = codec::UuidBytes(start.upload_id());
  v1::UploadStarted started;
  if (start.validate_only()) {
    key_ = start.parent() + "/" + start.upload_id() + "/validate";
    return started;
  }
  ledger::OpenUpload open{Now(),
                          scope_,
                          id_,
                          Sha256(start.SerializeAsString()),
                          start.mode() == v1::Submission::VALID_LINES
                              ? model::SubmissionMode::kValidLines
                              : model::SubmissionMode::kWhole,
                          resource_};
  absl::StatusOr<ledger::Outcome> opened = context_.ledger.Execute(std::move(open));
  if (!opened.ok()) return FromLedger(opened.status(), resource_, start.parent());
  key_ = start.parent() + "/" + start.upload_id();
  started.set_next_chunk(opened->upload.next_chunk);
  return started;
}

absl::Status UploadSession::CheckOpen() const {
  if (key_.empty()) {
    return error::InvalidField("start", "the first message must start the upload");
  }
  if (finished_) return error::InvalidField("chunk", "the upload was finished before");
  return absl::OkStatus();
}

absl::StatusOr<Answer> UploadSession::PreviewChunk(int64_t index, LineBatch batch) {
  if (index != next_chunk_) {
    return error::InvalidField("chunk.index", "chunks must come in order, each once");
  }
  ++next_chunk_;
  if (absl::Status added = preview_.Add(batch); !added.ok()) {
    if (Sv(added.message()) != ledger::kUploadTooLarge) return added;
    return error::InvalidField("chunk.lines",
                               absl::StrCat("at most ", ledger::kMaxWholeLines,
                                            " lines are checked in one go; check the file in "
                                            "several parts"));
  }
  v1::UploadChunkAck ack;
  ack.set_index(index);
  ack.set_received_lines(preview_.counts().received());
  ack.set_rejected_lines(preview_.counts().rejected);
  AddProblems(batch.problems, ack.mutable_problems());
  return ack;
}

void UploadSession::Chunk(int64_t index, int lines, const google::protobuf::Message& sent,
                          const Check& check, Reply reply) {
  if (absl::Status open = CheckOpen(); !open.ok()) return reply(std::move(open));
  if (lines == 0 || lines > kMaxChunkLines) {
    return reply(error::InvalidField("chunk.lines", "give 1 to 2,000 lines in a chunk"));
  }
  if (index < 0 || index > UINT32_MAX) {
    return reply(
        error::InvalidField("chunk.index", "give 0 for the first chunk, then one more each"));
  }
  absl::StatusOr<LineBatch> batch = check();
  if (!batch.ok()) return reply(batch.status());
  if (start_.validate_only()) return reply(PreviewChunk(index, *std::move(batch)));

  ledger::AppendChunk append;
  append.meta = Now();
  append.scope = scope_;
  append.id = id_;
  append.index = static_cast<uint32_t>(index);
  append.lines = std::move(batch->drafts);
  append.refused = std::move(batch->refused);
  append.sent_sha256 = Sha256(sent.SerializeAsString());
  const bool whole = start_.mode() != v1::Submission::VALID_LINES;
  context_.ledger.committer().Submit(
      std::move(append),
      [reply = std::move(reply), problems = std::move(batch->problems), index, whole, name = key_,
       resource = resource_](absl::StatusOr<ledger::Outcome> outcome) mutable {
        if (!outcome.ok()) return reply(FromLedger(outcome.status(), resource, name));
        AddConflicts(resource, outcome->lines, problems);
        v1::UploadChunkAck ack;
        ack.set_index(index);
        const codec::UploadState& state = outcome->upload;
        ack.set_received_lines(state.total.received() + static_cast<int64_t>(state.staged));
        ack.set_rejected_lines(state.total.rejected);
        if (!whole) ack.set_ledger_sequence(static_cast<int64_t>(outcome->sequence));
        AddProblems(problems, ack.mutable_problems());
        reply(Answer(std::move(ack)));
      });
}

void UploadSession::Finish(const v1::UploadFinish& finish, Reply reply) {
  if (absl::Status open = CheckOpen(); !open.ok()) return reply(std::move(open));
  finished_ = true;
  if (finish.chunks() < 0 || finish.chunks() > UINT32_MAX) {
    return reply(error::InvalidField("finish.chunks", "give the number of chunks sent"));
  }
  if (start_.validate_only()) {
    v1::UploadFinished finished;
    ToProto(preview_.counts(), finished.mutable_total());
    return reply(Answer(std::move(finished)));
  }
  ledger::FinishUpload command{Now(), scope_, id_, static_cast<uint32_t>(finish.chunks())};
  context_.ledger.committer().Submit(
      std::move(command),
      [this, reply = std::move(reply), name = key_](absl::StatusOr<ledger::Outcome> outcome) {
        if (!outcome.ok()) return reply(FromLedger(outcome.status(), resource_, name));
        const auto registers = context_.ledger.state()->registers;
        v1::UploadFinished finished;
        for (const model::Submission& s : outcome->submissions) {
          if (const model::Council* council = registers->FindCouncil(s.council)) {
            ToProto(*council, s, finished.add_submissions());
          }
        }
        v1::Submission* total = finished.mutable_total();
        ToProto(outcome->upload.total, total);
        total->set_mode(static_cast<v1::Submission::Mode>(outcome->upload.mode));
        total->set_state(static_cast<v1::Submission::State>(outcome->upload.state));
        std::vector<model::Problem> problems;
        AddConflicts(resource_, outcome->lines, problems);
        AddProblems(problems, finished.mutable_problems());
        finished.set_ledger_sequence(static_cast<int64_t>(outcome->sequence));
        reply(Answer(std::move(finished)));
      });
}

}  // namespace steelyard::lines
