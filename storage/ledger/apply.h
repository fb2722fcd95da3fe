#ifndef STEELYARD_STORAGE_LEDGER_APPLY_H_
#define STEELYARD_STORAGE_LEDGER_APPLY_H_

#include "absl/status/statusor.h"
#include "storage/ledger/command.h"
#include "storage/ledger/transaction.h"

namespace steelyard::ledger {

// Applies one command to a group of writes. Deterministic: no clock, no
// randomness, no order of a hash map. A refusal (see the messages in
// command.h) leaves the group as it was. DATA_LOSS or UNAVAILABLE when the
// store cannot be read; then the whole group must be dropped.
absl::StatusOr<Outcome> Apply(const Command& command, Transaction& tx);

// The overloads behind it, one for each command.
absl::StatusOr<Outcome> Apply(const CommitLines& command, Transaction& tx);
absl::StatusOr<Outcome> Apply(const WithdrawLine& command, Transaction& tx);
absl::StatusOr<Outcome> Apply(const OpenUpload& command, Transaction& tx);
absl::StatusOr<Outcome> Apply(const AppendChunk& command, Transaction& tx);
absl::StatusOr<Outcome> Apply(const FinishUpload& command, Transaction& tx);
absl::StatusOr<Outcome> Apply(const PutRegisters& command, Transaction& tx);
absl::StatusOr<Outcome> Apply(const PutToken& command, Transaction& tx);
absl::StatusOr<Outcome> Apply(const PutPolicy& command, Transaction& tx);
absl::StatusOr<Outcome> Apply(const PutDocument& command, Transaction& tx);
absl::StatusOr<Outcome> Apply(const RecordReads& command, Transaction& tx);

// Name of a council for the audit: its resource name, or `councils/-`.
std::string CouncilResource(const Transaction& tx, model::CouncilNo council);

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_APPLY_H_
