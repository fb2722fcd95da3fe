#ifndef STEELYARD_STORAGE_LEDGER_COMMAND_H_
#define STEELYARD_STORAGE_LEDGER_COMMAND_H_

// Everything that can be done to the ledger, as plain values. A command holds
// all that its effect depends on (also the time), so applying the same
// commands in the same order to the same store gives the same bytes anywhere.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "storage/codec/keys.h"
#include "storage/codec/record_codec.h"
#include "storage/model/outcome.h"
#include "storage/model/policy.h"
#include "storage/model/principal.h"
#include "storage/model/purchase.h"
#include "storage/model/registers.h"
#include "storage/model/submission.h"

namespace steelyard::ledger {

// Who did it, and when it was received.
struct Meta {
  int64_t unix_micros = 0;
  std::string principal;  // token id
};

// What a purchase counts as, and where.
struct PurchaseFigures {
  codec::SeriesYear series;
  model::PurchaseFact fact;
};
// The fact of a line, by its resource.
using LineFact = std::variant<PurchaseFigures, model::OutcomeFact>;

// A checked line on its way into the store, with what was derived from it
// off the commit path.
struct LineDraft {
  model::CouncilNo council;
  int64_t row = 0;           // of the caller's file
  int32_t received_day = 0;  // model::Day
  std::string reference;
  std::string content;  // codec::EncodeContent
  LineFact fact;        // council set; line and sequence not yet
};

LineDraft MakeDraft(model::CouncilNo council, int64_t row, std::string reference,
                    const model::PurchaseContent& content, model::Day received);
LineDraft MakeDraft(model::CouncilNo council, int64_t row, std::string reference,
                    const model::OutcomeContent& content, model::Day received);

// One council's lines that were refused before they got here.
struct Refused {
  model::CouncilNo council;  // 0 if not known
  int64_t rejected = 0;
  int64_t warnings = 0;
};

// Takes lines in one request, all or none. All are of `resource`.
struct CommitLines {
  enum class Rule : uint8_t {
    kNew = 1,       // none may exist, but withdrawn reports: else ALREADY_EXISTS
    kExisting = 2,  // the line must exist: else NOT_FOUND
  };
  Meta meta;
  model::CouncilNo council;
  std::string request;      // 16 bytes of its UUID
  std::string body_sha256;  // 32 bytes: what was asked
  Rule rule = Rule::kNew;
  // The revision that kExisting replaces; another is ABORTED.
  std::optional<uint32_t> expected_revision;
  std::vector<LineDraft> lines;
  model::Resource resource = model::Resource::kPurchases;
};

struct WithdrawLine {
  Meta meta;
  model::CouncilNo council;
  std::string request;
  std::string body_sha256;
  std::string reference;
  std::string reason;
  std::optional<uint32_t> expected_revision;
  model::Resource resource = model::Resource::kPurchases;
};

// `scope` is the council, or 0 for an upload of many bodies.
struct OpenUpload {
  Meta meta;
  model::CouncilNo scope;
  std::string id;           // 16 bytes of its UUID
  std::string body_sha256;  // options
  model::SubmissionMode mode = model::SubmissionMode::kWhole;
  // What all its lines are; another than it was begun with is ABORTED.
  model::Resource resource = model::Resource::kPurchases;
};

struct AppendChunk {
  Meta meta;
  model::CouncilNo scope;
  std::string id;
  uint32_t index = 0;
  std::vector<LineDraft> lines;
  std::vector<Refused> refused;
  std::string sent_sha256 = {};  // 32 bytes: the chunk as it was sent
};

struct FinishUpload {
  Meta meta;
  model::CouncilNo scope;
  std::string id;
  uint32_t chunks = 0;
};

// Adds entries to the registers, or replaces those with the same id.
struct PutRegisters {
  Meta meta;
  std::string request;  // empty: not keyed (start-up, added suppliers)
  std::string body_sha256;
  // The registers' version that the change was checked against; another is
  // ABORTED.
  std::optional<uint64_t> expected_version;
  std::vector<model::Area> areas;
  std::vector<model::Council> councils;
  std::vector<model::Product> products;
  std::vector<model::Supplier> suppliers;
  std::vector<model::Provider> providers;
  std::vector<model::Establishment> establishments;
  std::string result;  // kept with the request, for a repeat
};

// Adds a token, or replaces the one with its id (to rotate or revoke it). One
// that is revoked stays so.
struct PutToken {
  Meta meta;
  std::string request;
  std::string body_sha256;
  model::Token token;
  // The secret that a rotation replaces; another is ABORTED.
  std::optional<std::string> expected_secret_hash = {};
  std::string detail = {};  // for the audit
};

struct PutPolicy {
  Meta meta;
  std::string request;
  std::string body_sha256;
  // Its version is the newest one, in force or not yet. It comes into force with
  // the first commit at or after its time; 0 for at once.
  model::Policy policy;
};

// Writes the next version of a document: a small record that is read and
// changed as a whole, such as a negotiation. Former versions are kept.
struct PutDocument {
  Meta meta;
  model::CouncilNo scope;  // of the request's id; 0: not of one council
  std::string request;     // 16 bytes of its UUID
  std::string body_sha256;
  codec::DocumentKind kind = codec::DocumentKind::kNegotiation;
  std::string id;  // 1 to 200 bytes without NUL
  // The revision that it was made from; another is ABORTED. 0: there is none.
  uint32_t expected_revision = 0;
  std::string bytes;
  std::string action;    // for the audit
  std::string resource;  // for the audit
  std::string result;    // kept with the request, for a repeat
};

// Puts looks at what is not for everybody on record, and when tokens were last
// used: what was gathered over a moment, as one commit.
struct RecordReads {
  struct Use {
    std::string token;
    int64_t unix_micros = 0;
  };
  Meta meta;
  std::vector<model::AuditEntry> reads;  // time, principal, action, resource, detail
  std::vector<Use> uses;
};

using Command = std::variant<CommitLines, WithdrawLine, OpenUpload, AppendChunk, FinishUpload,
                             PutRegisters, PutToken, PutPolicy, PutDocument, RecordReads>;

// What became of a line.
struct LineOutcome {
  enum class Kind : uint8_t {
    kCreated,
    kCorrected,
    kUnchanged,
    kDuplicate,  // the same reference with other content earlier in the upload
    kWithdrawn,  // the line was withdrawn before; reports may return
  };
  Kind kind = Kind::kCreated;
  int64_t row = 0;
  uint32_t revision = 0;
  std::string reference;

  bool rejected() const { return kind == Kind::kDuplicate || kind == Kind::kWithdrawn; }
};

// What a command did.
struct Outcome {
  uint64_t sequence = 0;  // of the ledger, after it
  bool replayed = false;  // it was done before; this is what it did then
  std::vector<LineOutcome> lines;
  std::vector<model::Submission> submissions;
  codec::RequestRecord request;
  codec::UploadState upload;
};

// Messages of the statuses that Apply refuses with, for callers to tell apart.
inline constexpr char kRequestIdReused[] = "REQUEST_ID_REUSED";   // ABORTED
inline constexpr char kRegistersChanged[] = "REGISTERS_CHANGED";  // ABORTED
inline constexpr char kEtagMismatch[] = "ETAG_MISMATCH";          // ABORTED
inline constexpr char kReferenceTaken[] = "REFERENCE_TAKEN";      // ALREADY_EXISTS
inline constexpr char kLineNotFound[] = "LINE_NOT_FOUND";         // NOT_FOUND
inline constexpr char kLineWithdrawn[] = "LINE_WITHDRAWN";        // FAILED_PRECONDITION
inline constexpr char kUploadNotFound[] = "UPLOAD_NOT_FOUND";     // NOT_FOUND
inline constexpr char kChunkGap[] = "CHUNK_GAP";                  // FAILED_PRECONDITION
inline constexpr char kUploadFinished[] = "UPLOAD_FINISHED";      // FAILED_PRECONDITION
inline constexpr char kUploadTooLarge[] = "UPLOAD_TOO_LARGE";     // FAILED_PRECONDITION
inline constexpr char kChunkReused[] = "CHUNK_REUSED";            // ABORTED
inline constexpr char kUploadDropped[] = "UPLOAD_DROPPED";        // FAILED_PRECONDITION
inline constexpr char kTooMuchStaged[] = "TOO_MUCH_STAGED";       // FAILED_PRECONDITION
inline constexpr char kLastSteward[] = "LAST_STEWARD";            // FAILED_PRECONDITION
inline constexpr char kTokenRevoked[] = "TOKEN_REVOKED";          // FAILED_PRECONDITION
inline constexpr char kCertificateTaken[] = "CERTIFICATE_TAKEN";  // ALREADY_EXISTS

// Most lines of an upload that is taken whole.
inline constexpr uint64_t kMaxWholeLines = 500'000;
// Most uploads of a council, and lines of them, that may wait for their end.
inline constexpr size_t kMaxStagedUploads = 16;
inline constexpr uint64_t kMaxStagedLines = 2'000'000;
// An upload that waits for its end and gets nothing for so long is dropped when
// its council begins the next one.
inline constexpr int64_t kDropAfterMicros = 7 * 86'400'000'000;

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_COMMAND_H_
