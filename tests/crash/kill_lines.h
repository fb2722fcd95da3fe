#ifndef STEELYARD_TESTS_CRASH_KILL_LINES_H_
#define STEELYARD_TESTS_CRASH_KILL_LINES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "client/demo/random.h"
#include "steelyard/v1/purchase_service.pb.h"
#include "tests/crash/kill_oracle.h"

namespace steelyard::crash {

// The suppliers that lines name, as the register's CSV.
extern const char kSuppliersCsv[];

// One upload, and the commits that it is to make, in their order.
struct UploadPlan {
  std::vector<v1::UploadLine> lines;
  int chunk_lines = 0;
  std::vector<Commit> commits;
  // Lines up to the end of each commit; the last commit has the finish.
  std::vector<int64_t> ends;
};

// Makes up what one worker of one council sends. Every field of a line is set
// and no two versions of a line are alike. Not thread-safe.
class Lines {
 public:
  Lines(demo::Random random, std::string council, std::string worker);

  // An upload of 50 to 400 lines: new ones, corrections of lines that were
  // sent before and, in VALID_LINES, repeats and lines with errors.
  UploadPlan ValidLines(const std::string& id);
  // Every sixth or so has an error and is refused.
  UploadPlan Whole(const std::string& id);

  v1::Purchase New();
  // Another version of a line that was sent before and not given up; `there`
  // must not be 0.
  v1::Purchase Correction();
  // A line that is never corrected again.
  v1::Purchase GiveUp();
  int there() const { return static_cast<int>(sent_.size()); }
  std::string NewUuid();
  demo::Random& random() { return random_; }

 private:
  v1::Purchase Fill(const std::string& reference);
  Commit NewCommit(Commit::Kind kind, const std::string& id) const;
  v1::Purchase Bad();
  // Moves a random line that `used_` does not hold to its front part.
  v1::Purchase& Pick();
  void Change(Commit& commit, UploadPlan& plan);
  static void Append(const v1::Purchase& line, UploadPlan& plan);

  demo::Random random_;
  const std::string council_;
  const std::string worker_;
  int64_t number_ = 0;              // of the newest reference
  int64_t versions_ = 0;            // made so far
  std::vector<v1::Purchase> sent_;  // newest version of each line
  int used_ = 0;                    // of them, at the front, in this upload
};

}  // namespace steelyard::crash

#endif  // STEELYARD_TESTS_CRASH_KILL_LINES_H_
