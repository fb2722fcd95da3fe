#ifndef STEELYARD_STORAGE_MODEL_SUBMISSION_H_
#define STEELYARD_STORAGE_MODEL_SUBMISSION_H_

#include <cstdint>
#include <string>

#include "storage/model/ids.h"

namespace steelyard::model {

// Numbers equal the wire's Submission.Mode and State and are frozen on disk.
enum class SubmissionMode : uint8_t { kWhole = 1, kValidLines = 2 };
// kDropped is of uploads alone, which have no receipt then, and never on the wire.
enum class SubmissionState : uint8_t { kOpen = 1, kCommitted = 2, kRefused = 3, kDropped = 100 };

// What the lines of a submission are. Frozen on disk.
enum class Resource : uint8_t { kPurchases = 1, kOutcomes = 2 };

// Lines of a submission, by what became of them.
struct LineCounts {
  int64_t created = 0;
  int64_t corrected = 0;
  int64_t unchanged = 0;
  int64_t rejected = 0;
  int64_t warnings = 0;

  int64_t received() const { return created + corrected + unchanged + rejected; }
  LineCounts& operator+=(const LineCounts& o) {
    created += o.created;
    corrected += o.corrected;
    unchanged += o.unchanged;
    rejected += o.rejected;
    warnings += o.warnings;
    return *this;
  }
  friend bool operator==(const LineCounts&, const LineCounts&) = default;
};

// A receipt: what was taken of what a council sent.
struct Submission {
  CouncilNo council;
  uint32_t number = 0;  // counts a council's submissions from 1
  std::string id;       // 16 bytes of the request's UUID
  int64_t create_unix_micros = 0;
  int64_t update_unix_micros = 0;
  Resource resource = Resource::kPurchases;
  SubmissionMode mode = SubmissionMode::kWhole;
  SubmissionState state = SubmissionState::kOpen;
  LineCounts counts;
  uint64_t sequence = 0;       // the council's own count of commits
  std::string content_sha256;  // 32 bytes: chained over the commits of it
  std::string running_sha256;  // 32 bytes: chained over all of the council
  friend bool operator==(const Submission&, const Submission&) = default;
};

// One thing that was done, or one look at what is not for everybody. Never
// holds a price or a secret.
struct AuditEntry {
  uint64_t sequence = 0;  // of the ledger
  int64_t unix_micros = 0;
  std::string principal;  // token id, or `system`
  std::string action;     // name of the command, or of the method that showed it
  std::string resource;   // resource name
  std::string detail;
  uint32_t index = 0;  // counts the entries of one commit from 0
  // 32 bytes: chained over all entries up to this one (codec::ChainAudit);
  // empty in entries from before there was a chain.
  std::string chain_sha256 = {};
  friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_SUBMISSION_H_
