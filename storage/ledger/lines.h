#ifndef STEELYARD_STORAGE_LEDGER_LINES_H_
#define STEELYARD_STORAGE_LEDGER_LINES_H_

#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "storage/codec/line_codec.h"
#include "storage/ledger/transaction.h"

namespace steelyard::ledger {

// The share of one council in a commit, and its receipt.
struct Part {
  codec::CouncilHead head;
  model::Submission submission;
  std::string taken;  // reference and content of the lines taken, for the hash
};
using Parts = absl::btree_map<model::CouncilNo, Part>;

// Begins or goes on with a council's share: reads its head and its submission
// (a new one when `submission` is 0).
absl::Status OpenPart(Transaction& tx, const Meta& meta, model::CouncilNo council,
                      uint32_t submission, std::string_view id, model::Resource resource,
                      model::SubmissionMode mode, Parts& parts);

// Writes heads and receipts of all parts, in the order of councils.
void CloseParts(Transaction& tx, const Meta& meta, model::SubmissionState state, Parts& parts);

// The line as it is in the store, for each draft; nothing where there is none.
// All lines of a call are of `resource`.
absl::StatusOr<std::vector<std::optional<codec::LineRecord>>> FindLines(
    const Transaction& tx, model::Resource resource, const std::vector<LineDraft>& lines);

// Writes the lines: a new one, a correction with its former version, or
// nothing where it is there word for word. Each council must have a part.
// Counts what it did in the parts. `found` is FindLines of the same lines.
std::vector<LineOutcome> WriteLines(Transaction& tx, model::Resource resource,
                                    const std::vector<LineDraft>& lines,
                                    std::vector<std::optional<codec::LineRecord>> found,
                                    Parts& parts);

// Takes a line out: keeps its former version, and drops its fact.
absl::Status WriteWithdrawal(Transaction& tx, const WithdrawLine& command, codec::LineRecord record,
                             Part& part);

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_LINES_H_
