#ifndef STEELYARD_TESTS_ACCEPTANCE_SENDING_H_
#define STEELYARD_TESTS_ACCEPTANCE_SENDING_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "client/import/importer.h"
#include "steelyard/v1/access_service.pb.h"
#include "steelyard/v1/purchase_service.pb.h"
#include "steelyard/v1/registry_service.pb.h"
#include "tests/support/test_server.h"

namespace steelyard::acceptance {

// What became of a file's lines.
struct Sent {
  std::vector<importing::ImportedLine> lines;  // as the importer read them
  int64_t skipped_rows = 0;
  std::set<int64_t> rejected_rows;          // by the importer or the server
  std::map<std::string, int64_t> reasons;   // rejected lines by "code field", first problem
  std::map<std::string, int64_t> warnings;  // by "code field"
  v1::UploadFinished finished;

  int64_t accepted() const {
    const v1::Submission& t = finished.total();
    return t.created_lines() + t.corrected_lines() + t.unchanged_lines();
  }
  int64_t rejected() const { return static_cast<int64_t>(rejected_rows.size()); }
  // Prints what was taken and a table of why the others were not.
  void Print(const std::string& title) const;
};

// A steward and what only the acceptance programme needs of one.
class Steward {
 public:
  explicit Steward(testing::TestServer& server) : server_(server) {}

  // Loads a register; any problem fails the test.
  void Load(v1::LoadRegisterRequest::Register kind, const std::string& csv);

  // Sends a file as `steelyard purchases upload FILE --valid-lines-only` does.
  Sent Send(const std::string& path, const std::string& profile, const std::string& parent);

  // Changes the policy in force by what `text`, a text proto, says and waits for
  // the editions that follow.
  v1::Policy SetPolicy(const std::string& text);

 private:
  testing::TestServer& server_;
};

}  // namespace steelyard::acceptance

#endif  // STEELYARD_TESTS_ACCEPTANCE_SENDING_H_
