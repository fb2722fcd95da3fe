#ifndef STEELYARD_TESTS_CRASH_KILL_READING_H_
#define STEELYARD_TESTS_CRASH_KILL_READING_H_

#include <vector>

#include "absl/status/statusor.h"
#include "client/cpp/connection.h"
#include "client/demo/random.h"
#include "tests/crash/kill_load.h"
#include "tests/crash/kill_oracle.h"

namespace steelyard::crash {

// Reads all that a council has, page by page.
absl::StatusOr<Reading> Read(const Submitter& submitter);

// Reads it, and compares it with what was sent: every line and receipt as it
// is listed, some of them also one by one and with their histories.
absl::StatusOr<Findings> ReadAndCheck(const Submitter& submitter, const Oracle& oracle,
                                      demo::Random& random);

// The same for all of them, once nothing is committed any more: repeated until
// what they have was the same before and after.
absl::StatusOr<Findings> CheckAll(const std::vector<Submitter>& submitters, const Oracle& oracle,
                                  demo::Random& random);

}  // namespace steelyard::crash

#endif  // STEELYARD_TESTS_CRASH_KILL_READING_H_
