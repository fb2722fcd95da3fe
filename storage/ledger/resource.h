#ifndef STEELYARD_STORAGE_LEDGER_RESOURCE_H_
#define STEELYARD_STORAGE_LEDGER_RESOURCE_H_

// What differs between the resources whose lines the ledger keeps; all else
// about a line is the same for each. Pure, thread-safe.

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/codec/line_codec.h"
#include "storage/codec/record_codec.h"
#include "storage/engine/family.h"
#include "storage/ledger/command.h"
#include "storage/ledger/transaction.h"

namespace steelyard::ledger {

// Where a resource's records are.
struct Families {
  engine::Family lines;
  engine::Family versions;
  engine::Family facts;
  engine::Family fact_history;
};
const Families& FamiliesOf(model::Resource resource);

// What the audit calls its commands and lines.
struct AuditNames {
  std::string_view commit;
  std::string_view withdraw;
  std::string_view line;
  std::string_view lines;
};
const AuditNames& NamesOf(model::Resource resource);

// Whether a withdrawn line may be sent again, as its next version. A report's
// reference is what it is about, so it cannot come back under another.
bool MayReturn(model::Resource resource);

// The count of its lines in the ledger's head.
uint64_t& LinesOf(model::Resource resource, codec::LedgerHead& head);

// The fact that a stored version of a line stands for. DATA_LOSS if its
// content is damaged.
absl::StatusOr<LineFact> FactOfLine(model::Resource resource, model::CouncilNo council,
                                    const codec::LineRecord& record);

// A staged line as it was before it was staged. DATA_LOSS.
absl::StatusOr<LineDraft> DraftOf(model::Resource resource, codec::StagedLine line);

// Sets what only the commit of a line knows.
void SetPlace(model::CouncilNo council, model::LineNo line, uint64_t sequence, LineFact& fact);

// The fact as it is kept.
std::string FactKeyOf(const LineFact& fact);
std::string FactHistoryKeyOf(const LineFact& fact, uint64_t end_sequence);
std::string FactBytesOf(const LineFact& fact);

// Tells the publisher that the fact has come or gone.
void TouchFact(const LineFact& fact, Transaction& tx);

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_RESOURCE_H_
