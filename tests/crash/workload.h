#ifndef STEELYARD_TESTS_CRASH_WORKLOAD_H_
#define STEELYARD_TESTS_CRASH_WORKLOAD_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "storage/engine/database.h"

namespace steelyard::testing {

// Commit number `n` (from 1) of a fixed sequence that writes, overwrites and
// deletes over four families, so that the state after any number of commits is
// known and no two are alike.
engine::Batch NumberedCommit(int64_t n);

// What a run was told: the number of the last commit that was acknowledged and
// of the last that was tried. The store may hold any state in between.
struct Told {
  int64_t acked = 0;
  int64_t tried = 0;
};

struct RunOptions {
  int64_t commits = 40;
  bool sync = true;            // false acknowledges what was not synced: the control
  int64_t flush_every = 11;    // commits between flushes, 0 for none
  int64_t compact_every = 29;  // commits between compactions, 0 for none
};

// Goes on from commit number `told.tried`. Stops at the first commit that is
// refused, after trying one more, which must be refused too.
Told RunCommits(engine::Database& database, Told told, const RunOptions& options);

// The number of commits in the store; nothing if its content is not the exact
// state after some number of commits.
std::optional<int64_t> CommitsIn(const engine::Database& database);

// What is wrong with the store after a run that was told `told`; empty if
// nothing is.
std::string Violation(const engine::Database& database, Told told);

// The long form of a test was asked for (STEELYARD_FULL=1).
bool FullRun();

}  // namespace steelyard::testing

#endif  // STEELYARD_TESTS_CRASH_WORKLOAD_H_
