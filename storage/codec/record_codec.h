#ifndef STEELYARD_STORAGE_CODEC_RECORD_CODEC_H_
#define STEELYARD_STORAGE_CODEC_RECORD_CODEC_H_

// The ledger's smaller records as bytes. Grammars are the order of the fields
// below; frozen. Decoders return DATA_LOSS for bytes that no encoder wrote.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/codec/keys.h"
#include "storage/model/policy.h"
#include "storage/model/principal.h"
#include "storage/model/submission.h"

namespace steelyard::codec {

// Where the whole ledger stands.
struct LedgerHead {
  uint64_t sequence = 0;       // of the newest commit
  std::string running_sha256;  // 32 bytes, chained over all commits
  int64_t unix_micros = 0;     // of the newest commit
  uint64_t lines = 0;          // purchase lines, each once
  uint64_t reports = 0;        // outcome reports, each once
  // 32 bytes: chained over the whole audit; empty in stores from before that.
  std::string audit_sha256 = {};
  friend bool operator==(const LedgerHead&, const LedgerHead&) = default;
};

// Where one council stands.
struct CouncilHead {
  uint64_t sequence = 0;
  std::string running_sha256;
  uint32_t lines = 0;         // numbers given to lines, of either resource
  uint32_t submissions = 0;   // numbers given to submissions
  uint32_t active_lines = 0;  // lines, of either resource, not withdrawn
  friend bool operator==(const CouncilHead&, const CouncilHead&) = default;
};

// What a request did, so that a repeat gets the same answer.
struct RequestRecord {
  struct Line {
    std::string reference;
    uint32_t revision = 0;
    friend bool operator==(const Line&, const Line&) = default;
  };
  std::string body_sha256;  // 32 bytes: what was asked
  uint32_t submission = 0;  // 0 if it made none
  std::vector<Line> lines;
  std::string result;  // for requests that are not of lines
  friend bool operator==(const RequestRecord&, const RequestRecord&) = default;
};

// How far an upload is.
struct UploadState {
  struct Part {  // one council's share
    model::CouncilNo council;
    uint32_t submission = 0;  // 0 until it has one
    model::LineCounts counts;
    friend bool operator==(const Part&, const Part&) = default;
  };
  std::string body_sha256;  // options it was begun with
  model::Resource resource = model::Resource::kPurchases;
  model::SubmissionMode mode = model::SubmissionMode::kWhole;
  model::SubmissionState state = model::SubmissionState::kOpen;
  uint32_t next_chunk = 0;
  uint64_t staged = 0;  // lines that wait for the end
  model::LineCounts total;
  std::vector<Part> parts;  // by council
  friend bool operator==(const UploadState&, const UploadState&) = default;
};

// An upload that holds lines until its end.
struct StagedUpload {
  std::string id;           // 16 bytes of its UUID
  int64_t unix_micros = 0;  // when it was begun or a chunk came last
  uint64_t lines = 0;
  friend bool operator==(const StagedUpload&, const StagedUpload&) = default;
};

// A line that waits for the end of its upload.
struct StagedLine {
  model::CouncilNo council;
  int64_t row = 0;
  int32_t received_day = 0;
  std::string reference;
  std::string content;
  friend bool operator==(const StagedLine&, const StagedLine&) = default;
};

std::string Encode(const LedgerHead& head);
absl::StatusOr<LedgerHead> DecodeLedgerHead(std::string_view bytes);

std::string Encode(const CouncilHead& head);
absl::StatusOr<CouncilHead> DecodeCouncilHead(std::string_view bytes);

std::string Encode(const RequestRecord& record);
absl::StatusOr<RequestRecord> DecodeRequest(std::string_view bytes);

std::string Encode(const UploadState& state);
absl::StatusOr<UploadState> DecodeUpload(std::string_view bytes);

std::string Encode(const std::vector<StagedUpload>& uploads);
absl::StatusOr<std::vector<StagedUpload>> DecodeStagedUploads(std::string_view bytes);

std::string Encode(const std::vector<StagedLine>& lines);
absl::StatusOr<std::vector<StagedLine>> DecodeStaged(std::string_view bytes);

std::string Encode(const model::Submission& submission);  // council, number in key
absl::StatusOr<model::Submission> DecodeSubmission(std::string_view key, std::string_view bytes);

std::string Encode(const model::Token& token);
absl::StatusOr<model::Token> DecodeToken(std::string_view bytes);

// What the audit's chain is made of, its grammar frozen like the rest: SHA-256
// over the hash before (32 zero bytes for the first entry), the entry's key and
// the entry's bytes without its own hash.
inline constexpr size_t kChainBytes = 32;
std::string AuditBytes(const model::AuditEntry& entry);
std::string ChainAudit(std::string_view before_sha256, const model::AuditEntry& entry);

std::string Encode(const model::AuditEntry& entry);  // sequence and index in key
absl::StatusOr<model::AuditEntry> DecodeAudit(std::string_view key, std::string_view bytes);

std::string Encode(const model::Policy& policy);
absl::StatusOr<model::Policy> DecodePolicy(std::string_view bytes);

// What a commit touched: what the publisher has to look at.
struct Touched {
  std::vector<SeriesYear> series;     // of purchases
  std::vector<OutcomeYear> outcomes;  // of outcome reports
  friend bool operator==(const Touched&, const Touched&) = default;
};
std::string Encode(const Touched& touched);
absl::StatusOr<Touched> DecodeTouched(std::string_view bytes);

}  // namespace steelyard::codec

#endif  // STEELYARD_STORAGE_CODEC_RECORD_CODEC_H_
