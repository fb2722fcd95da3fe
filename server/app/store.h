#ifndef STEELYARD_SERVER_APP_STORE_H_
#define STEELYARD_SERVER_APP_STORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/engine/commit_mark.h"
#include "storage/engine/database.h"
#include "storage/ledger/ledger.h"

namespace steelyard::app {

// Where things lie in the data folder.
std::string StorePath(const std::string& data_dir);
std::string MarkPath(const std::string& data_dir);
std::string KeyPath(const std::string& data_dir);
std::string SigningSeedPath(const std::string& data_dir);

// What the operator may set of the store.
struct StoreOptions {
  std::string data_dir;
  int64_t cache_mib = 128;
  int64_t min_free_mib = 512;
  int64_t ballast_mib = 256;
};

// An open data folder: database, commit mark and ledger, in the order in which
// they depend on each other.
struct Store {
  std::unique_ptr<engine::Database> database;
  std::unique_ptr<engine::CommitMark> mark;
  std::unique_ptr<ledger::Ledger> ledger;
  std::string server_key;    // 32 bytes: keys the page tokens
  std::string signing_seed;  // 32 bytes: signs checkpoints of the audit
};

// Makes a new store with the shipped registers and the first steward's token,
// whose secret goes to `token_file` (readable by its owner alone).
// FAILED_PRECONDITION if there is a store, or `token_file`, already.
absl::Status InitStore(const StoreOptions& options, const std::string& token_file);

// Opens a store that InitStore made. Errors are those of Database::Open and
// Ledger::Open.
absl::StatusOr<Store> OpenStore(const StoreOptions& options);

// The seed of the key that signs checkpoints; made if the store is from before
// there were any. NOT_FOUND if there is no store; DATA_LOSS if the file is not
// what was written.
absl::StatusOr<std::string> ReadSigningSeed(const std::string& data_dir);

// Makes a steward's token, whose secret goes to `token_file` (new, readable by
// its owner alone). `detail` is for the audit.
absl::Status MakeStewardToken(ledger::Ledger& ledger, int64_t now, const std::string& token_file,
                              const std::string& display_name, const std::string& detail);

// Reads everything: checksums of all files, every record, the audit's chain,
// and that heads, lines, facts and receipts agree. Returns a report in words; DATA_LOSS with
// the first thing that does not agree.
absl::StatusOr<std::string> VerifyStore(const StoreOptions& options);

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_STORE_H_
