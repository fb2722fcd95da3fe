#ifndef STEELYARD_SERVER_PURCHASES_LINE_BATCH_H_
#define STEELYARD_SERVER_PURCHASES_LINE_BATCH_H_

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "server/purchases/line_checker.h"
#include "steelyard/v1/purchase_service.pb.h"
#include "storage/ledger/command.h"
#include "storage/ledger/ledger.h"
#include "storage/ledger/line_reader.h"

namespace steelyard::purchases {

// Lines on their way from the wire to the ledger.
struct LineBatch {
  std::vector<ledger::LineDraft> drafts;  // the good ones
  std::vector<ledger::Refused> refused;   // counts of the others, by council
  std::vector<model::Problem> problems;   // of all, in their order
  std::vector<std::string> unknown_suppliers;
};

// Checks `lines` of council `scope`, or, if that is 0, of the council that
// each line names.
LineBatch CheckLines(const std::shared_ptr<const directory::Resolver>& resolver,
                     const google::protobuf::RepeatedPtrField<v1::UploadLine>& lines,
                     model::CouncilNo scope, model::Day today);

// Adds a problem for each line that the ledger refused.
void AddConflicts(const std::vector<ledger::LineOutcome>& outcomes,
                  std::vector<model::Problem>& problems);

// Says what the ledger would make of lines, without keeping any. Remembers
// what it saw, so that a reference that comes twice is noticed. Not
// thread-safe.
class Preview {
 public:
  explicit Preview(const ledger::Ledger& ledger) : reader_(ledger.database()) {}

  // Counts `batch`; adds the conflicts to its problems.
  absl::Status Add(LineBatch& batch);
  const model::LineCounts& counts() const { return counts_; }

 private:
  const ledger::PurchaseReader reader_;
  model::LineCounts counts_;
  absl::flat_hash_map<std::string, std::string> seen_;  // line to a hash of it
};

}  // namespace steelyard::purchases

#endif  // STEELYARD_SERVER_PURCHASES_LINE_BATCH_H_
