#ifndef STEELYARD_SERVER_LINES_LINE_BATCH_H_
#define STEELYARD_SERVER_LINES_LINE_BATCH_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "server/directory/resolver.h"
#include "storage/ledger/command.h"
#include "storage/ledger/ledger.h"
#include "storage/model/problem.h"

namespace steelyard::lines {

// Lines on their way from the wire to the ledger.
struct LineBatch {
  std::vector<ledger::LineDraft> drafts;  // the good ones
  std::vector<ledger::Refused> refused;   // counts of the others, by council
  std::vector<model::Problem> problems;   // of all, in their order
};

// Adds up what was refused, by council. Not thread-safe.
class RefusedCounter {
 public:
  // `council` 0: not known.
  void Add(model::CouncilNo council, bool taken, int warnings);
  std::vector<ledger::Refused> Counts() const;

 private:
  absl::btree_map<model::CouncilNo, ledger::Refused> refused_;
};

// The council that a line of an upload for many names as `text`, or 0 and a
// problem on its `row`. `did` is what a council did: "bought".
model::CouncilNo CouncilOf(const directory::Resolver& resolver, std::string_view text, int64_t row,
                           std::string_view reference, std::string_view did,
                           std::vector<model::Problem>& problems);

// Whether a line of an upload for `scope` names another council as `text`: a
// problem on its `row`. A text that stands for no council, such as a department,
// says nothing.
bool NamesOther(const directory::Resolver& resolver, model::CouncilNo scope, std::string_view text,
                int64_t row, std::string_view reference, std::vector<model::Problem>& problems);

// Adds a problem for each line that the ledger refused.
void AddConflicts(model::Resource resource, const std::vector<ledger::LineOutcome>& outcomes,
                  std::vector<model::Problem>& problems);

// Says what the ledger would make of lines, without keeping any. Remembers
// what it saw, so that a reference that comes twice is noticed. Not
// thread-safe.
class Preview {
 public:
  Preview(const ledger::Ledger& ledger, model::Resource resource)
      : database_(ledger.database()), resource_(resource) {}

  // Counts `batch`; adds the conflicts to its problems. FAILED_PRECONDITION
  // (kUploadTooLarge) if it would have to remember more than kMaxWholeLines
  // lines.
  absl::Status Add(LineBatch& batch);
  const model::LineCounts& counts() const { return counts_; }

 private:
  const engine::Database& database_;
  const model::Resource resource_;
  model::LineCounts counts_;
  absl::flat_hash_map<std::string, std::string> seen_;  // line to a hash of it
};

}  // namespace steelyard::lines

#endif  // STEELYARD_SERVER_LINES_LINE_BATCH_H_
