#include "server/purchases/upload_session.h"

#include <utility>

#include "absl/time/time.h"
#include "server/directory/new_suppliers.h"
#include "server/purchases/purchase_proto.h"
#include "server/purchases/refusals.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::purchases {
namespace {

namespace error = rpc::error;
using Response = UploadSession::Response;

constexpr int kMaxChunkLines = 2000;
// Other uploads may add suppliers in between, perhaps the same ones.
constexpr int kSupplierTries = 50;

model::Day DayOf(int64_t unix_micros) {
  return model::Day{static_cast<int32_t>(unix_micros / 86'400'000'000)};
}

void AddProblems(const std::vector<model::Problem>& problems,
                 google::protobuf::RepeatedPtrField<v1::Problem>* out) {
  out->Reserve(static_cast<int>(problems.size()));
  for (const model::Problem& p : problems) rpc::ToProto(p, out->Add());
}

}  // namespace

UploadSession::UploadSession(ledger::Ledger& ledger, directory::Directory& directory, Clock& clock,
                             rpc::Caller caller)
    : ledger_(ledger),
      directory_(directory),
      clock_(clock),
      caller_(std::move(caller)),
      preview_(ledger) {}

ledger::Meta UploadSession::Now() { return {absl::ToUnixMicros(clock_.Now()), caller_.token_id}; }

void UploadSession::Handle(const v1::UploadPurchasesRequest& request, Reply reply) {
  using Step = v1::UploadPurchasesRequest::StepCase;
  const bool started = !key_.empty();
  switch (request.step_case()) {
    case Step::kStart:
      reply(started ? error::InvalidField("start", "an upload is started once in a stream")
                    : Start(request.start()));
      return;
    case Step::kChunk:
    case Step::kFinish:
      if (!started) {
        reply(error::InvalidField("start", "the first message must start the upload"));
      } else if (finished_) {
        reply(error::InvalidField("chunk", "the upload was finished before"));
      } else if (request.has_chunk()) {
        Chunk(request.chunk(), std::move(reply));
      } else {
        Finish(request.finish(), std::move(reply));
      }
      return;
    case Step::STEP_NOT_SET:
      reply(error::InvalidField("step", "a message holds a start, a chunk or a finish"));
      return;
  }
}

absl::StatusOr<Response> UploadSession::Start(const v1::UploadStart& start) {
  if (!model::IsUuid4(start.upload_id())) {
    return error::InvalidField("start.upload_id", "give a UUID of version 4");
  }
  if (!v1::Submission::Mode_IsValid(start.mode())) {
    return error::InvalidField("start.mode", "give WHOLE or VALID_LINES");
  }
  if (start.parent() != rpc::kAllCouncils) {
    ASSIGN_OR_RETURN(std::string id, rpc::ParseCouncil(start.parent(), "start.parent"));
    const model::Council* council = ledger_.state()->registers->FindCouncil(id);
    if (council == nullptr) return error::NotFound(start.parent());
    scope_ = council->no;
  }
  start_ = start;
  id_ = codec::UuidBytes(start.upload_id());
  Response response;
  if (start.validate_only()) {
    key_ = start.parent() + "/" + start.upload_id() + "/validate";
    response.mutable_started()->set_next_chunk(0);
    return response;
  }
  ledger::OpenUpload open{Now(), scope_, id_, Sha256(start.SerializeAsString()),
                          start.mode() == v1::Submission::VALID_LINES
                              ? model::SubmissionMode::kValidLines
                              : model::SubmissionMode::kWhole};
  absl::StatusOr<ledger::Outcome> opened = ledger_.Execute(std::move(open));
  if (!opened.ok()) return FromLedger(opened.status(), start.parent());
  key_ = start.parent() + "/" + start.upload_id();
  response.mutable_started()->set_next_chunk(opened->upload.next_chunk);
  return response;
}

absl::StatusOr<LineBatch> UploadSession::Check(const v1::UploadChunk& chunk) {
  if (chunk.lines_size() == 0 || chunk.lines_size() > kMaxChunkLines) {
    return error::InvalidField("chunk.lines", "give 1 to 2,000 lines in a chunk");
  }
  if (chunk.index() < 0 || chunk.index() > UINT32_MAX) {
    return error::InvalidField("chunk.index", "give 0 for the first chunk, then one more each");
  }
  const model::Day today = DayOf(absl::ToUnixMicros(clock_.Now()));
  LineBatch batch = CheckLines(directory_.Current(), chunk.lines(), scope_, today);
  if (!start_.add_suppliers() || batch.unknown_suppliers.empty()) return batch;
  if (start_.validate_only()) {
    // They would be added: what is left is checked as if they were there.
    const auto resolver = directory_.Current();
    auto registers = std::make_shared<model::Registers>(resolver->registers());
    for (model::Supplier& s : directory::NewSuppliers(*resolver, batch.unknown_suppliers)) {
      registers->Put(std::move(s));
    }
    ASSIGN_OR_RETURN(auto with_added,
                     directory::Resolver::Build(std::move(registers), resolver.get()));
    return CheckLines(with_added, chunk.lines(), scope_, today);
  }
  RETURN_IF_ERROR(AddSuppliers(batch.unknown_suppliers));
  return CheckLines(directory_.Current(), chunk.lines(), scope_, today);
}

absl::Status UploadSession::AddSuppliers(const std::vector<std::string>& names) {
  for (int i = 0; i < kSupplierTries; ++i) {
    const auto resolver = directory_.Current();
    ledger::PutRegisters put;
    put.suppliers = directory::NewSuppliers(*resolver, names);
    if (put.suppliers.empty()) return absl::OkStatus();
    put.meta = Now();
    put.expected_version = resolver->registers().version;
    const absl::Status done = ledger_.Execute(std::move(put)).status();
    if (Sv(done.message()) != ledger::kRegistersChanged) {
      return done.ok() ? done : FromLedger(done, "suppliers/-");
    }
  }
  return error::Overloaded();
}

absl::StatusOr<Response> UploadSession::PreviewChunk(const v1::UploadChunk& chunk,
                                                     LineBatch batch) {
  if (chunk.index() != next_chunk_) {
    return error::InvalidField("chunk.index", "chunks must come in order, each once");
  }
  ++next_chunk_;
  RETURN_IF_ERROR(preview_.Add(batch));
  Response response;
  v1::UploadChunkAck* ack = response.mutable_chunk();
  ack->set_index(chunk.index());
  ack->set_received_lines(preview_.counts().received());
  ack->set_rejected_lines(preview_.counts().rejected);
  AddProblems(batch.problems, ack->mutable_problems());
  return response;
}

void UploadSession::Chunk(const v1::UploadChunk& chunk, Reply reply) {
  absl::StatusOr<LineBatch> batch = Check(chunk);
  if (!batch.ok()) return reply(batch.status());
  if (start_.validate_only()) return reply(PreviewChunk(chunk, *std::move(batch)));

  ledger::AppendChunk append;
  append.meta = Now();
  append.scope = scope_;
  append.id = id_;
  append.index = static_cast<uint32_t>(chunk.index());
  append.lines = std::move(batch->drafts);
  append.refused = std::move(batch->refused);
  const bool whole = start_.mode() != v1::Submission::VALID_LINES;
  ledger_.committer().Submit(
      std::move(append),
      [reply = std::move(reply), problems = std::move(batch->problems), index = chunk.index(),
       whole, name = key_](absl::StatusOr<ledger::Outcome> outcome) mutable {
        if (!outcome.ok()) return reply(FromLedger(outcome.status(), name));
        AddConflicts(outcome->lines, problems);
        Response response;
        v1::UploadChunkAck* ack = response.mutable_chunk();
        ack->set_index(index);
        const codec::UploadState& state = outcome->upload;
        ack->set_received_lines(state.total.received() + static_cast<int64_t>(state.staged));
        ack->set_rejected_lines(state.total.rejected);
        if (!whole) ack->set_ledger_sequence(static_cast<int64_t>(outcome->sequence));
        AddProblems(problems, ack->mutable_problems());
        reply(std::move(response));
      });
}

void UploadSession::Finish(const v1::UploadFinish& finish, Reply reply) {
  finished_ = true;
  if (finish.chunks() < 0 || finish.chunks() > UINT32_MAX) {
    return reply(error::InvalidField("finish.chunks", "give the number of chunks sent"));
  }
  if (start_.validate_only()) {
    Response response;
    ToProto(preview_.counts(), response.mutable_finished()->mutable_total());
    return reply(std::move(response));
  }
  ledger::FinishUpload command{Now(), scope_, id_, static_cast<uint32_t>(finish.chunks())};
  ledger_.committer().Submit(std::move(command), [this, reply = std::move(reply), name = key_](
                                                     absl::StatusOr<ledger::Outcome> outcome) {
    if (!outcome.ok()) return reply(FromLedger(outcome.status(), name));
    const auto registers = ledger_.state()->registers;
    Response response;
    v1::UploadFinished* finished = response.mutable_finished();
    for (const model::Submission& s : outcome->submissions) {
      if (const model::Council* council = registers->FindCouncil(s.council)) {
        ToProto(*council, s, finished->add_submissions());
      }
    }
    v1::Submission* total = finished->mutable_total();
    ToProto(outcome->upload.total, total);
    total->set_mode(static_cast<v1::Submission::Mode>(outcome->upload.mode));
    total->set_state(static_cast<v1::Submission::State>(outcome->upload.state));
    std::vector<model::Problem> problems;
    AddConflicts(outcome->lines, problems);
    AddProblems(problems, finished->mutable_problems());
    finished->set_ledger_sequence(static_cast<int64_t>(outcome->sequence));
    reply(std::move(response));
  });
}

}  // namespace steelyard::purchases
