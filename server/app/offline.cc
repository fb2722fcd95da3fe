#include "server/app/offline.h"

#include <fstream>
#include <iterator>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/audit/audit_service.h"
#include "server/audit/checkpoint.h"
#include "storage/base/clock.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/ledger/audit.h"

namespace steelyard::app {
namespace {

absl::StatusOr<audit::Checkpoint> ReadWitness(const AuditWitness& witness,
                                              const std::string& own_key) {
  std::ifstream file(witness.checkpoint_file, std::ios::binary);
  if (!file) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot read the checkpoint '", witness.checkpoint_file, "'"));
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  ASSIGN_OR_RETURN(audit::Checkpoint checkpoint, audit::ReadCheckpoint(text));
  const std::string key =
      witness.public_key.empty() ? own_key : absl::HexStringToBytes(witness.public_key);
  if (!audit::IsSignedBy(checkpoint, key)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", witness.checkpoint_file, "' is not signed by the key ", HexOf(key)));
  }
  return checkpoint;
}

absl::Status FaultOf(const ledger::AuditFault& fault) {
  return absl::DataLossError(absl::StrCat("the audit is not what was written: ", fault.words));
}

}  // namespace

absl::StatusOr<std::string> VerifyAudit(const StoreOptions& options, const AuditWitness& witness) {
  ASSIGN_OR_RETURN(const Store store, OpenStore(options));
  const ledger::AuditReader reader(*store.database);
  const std::string own_key = audit::SigningKey(store.signing_seed).public_key();
  // A bad checkpoint is said before the long walk.
  std::optional<audit::Checkpoint> checkpoint;
  if (!witness.checkpoint_file.empty()) {
    ASSIGN_OR_RETURN(checkpoint, ReadWitness(witness, own_key));
  }
  ASSIGN_OR_RETURN(const ledger::AuditProgress progress, reader.Verify({}, UINT64_MAX));
  if (progress.fault) return FaultOf(*progress.fault);
  if (checkpoint) {
    ASSIGN_OR_RETURN(const auto fault, audit::CompareWith(reader, *checkpoint));
    if (fault) return FaultOf(*fault);
  }
  return absl::StrCat("The audit is sound: ", progress.walk.entries, " entries up to ",
                      progress.walk.place.sequence, ", chain ", HexOf(progress.walk.chain_sha256),
                      checkpoint ? ". It continues the one that the checkpoint was made of." : ".");
}

absl::StatusOr<std::string> SignAudit(const StoreOptions& options) {
  ASSIGN_OR_RETURN(const Store store, OpenStore(options));
  ASSIGN_OR_RETURN(
      const audit::Checkpoint checkpoint,
      audit::MakeCheckpoint(ledger::AuditReader(*store.database),
                            audit::SigningKey(store.signing_seed), SystemClock().Now()));
  return audit::FileOf(checkpoint);
}

absl::StatusOr<std::string> AuditPublicKey(const StoreOptions& options) {
  ASSIGN_OR_RETURN(const std::string seed, ReadSigningSeed(options.data_dir));
  return HexOf(audit::SigningKey(seed).public_key());
}

absl::Status RecoverToken(const StoreOptions& options, const std::string& token_file) {
  ASSIGN_OR_RETURN(const Store store, OpenStore(options));
  SystemClock clock;
  return MakeStewardToken(*store.ledger, absl::ToUnixMicros(clock.Now()), token_file,
                          "Recovered steward", "recovered at the server, without a token");
}

}  // namespace steelyard::app
