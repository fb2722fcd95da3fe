#ifndef STEELYARD_TESTS_CRASH_KILL_ORACLE_H_
#define STEELYARD_TESTS_CRASH_KILL_ORACLE_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "steelyard/v1/purchase.pb.h"

namespace steelyard::crash {

// What is sent to be taken whole or not at all: one correction, one chunk of
// valid lines, or a whole upload.
struct Commit {
  enum Kind {
    kWhole,    // a request, or the end of a WHOLE upload
    kChunk,    // of a VALID_LINES upload
    kFinish,   // its end, which holds no lines
    kRefusal,  // the end of a WHOLE upload with errors
  };
  Kind kind = kWhole;
  std::string council;     // `councils/{council}`
  std::string submission;  // its full name
  // Lines that differ from what is there, in the words of replies, with state
  // and withdraw_reason set. At least one in kWhole and kChunk.
  std::vector<v1::Purchase> changes;
  int64_t unchanged = 0;
  int64_t rejected = 0;
};

// All that one council reads of itself while nobody writes.
struct Reading {
  std::vector<v1::Purchase> lines;  // withdrawn ones too
  std::vector<v1::Submission> submissions;
  int64_t active_lines = 0;
};

struct Findings {
  int64_t lost = 0;                // acknowledged, and not there
  int64_t doubled = 0;             // there more often than it was sent
  int64_t half_saved = 0;          // there in part, or other than it was sent
  std::vector<std::string> words;  // the first of each, for people

  bool empty() const { return lost == 0 && doubled == 0 && half_saved == 0; }
  void Add(const Findings& other);
  void Lost(std::string what) { Note(lost, "lost: ", std::move(what)); }
  void Doubled(std::string what) { Note(doubled, "doubled: ", std::move(what)); }
  void HalfSaved(std::string what) { Note(half_saved, "half saved: ", std::move(what)); }

 private:
  void Note(int64_t& count, std::string_view kind, std::string what);
};

// Knows what was sent and what was acknowledged, and lives in another process
// than the server, so that it outlives each kill. Versions of one line must be
// sent one after the other: the next after the one before was acknowledged.
// Thread-safe.
class Oracle {
 public:
  // To be told before anything of the commit is sent. Returns its number.
  size_t Begin(Commit commit);
  // It, and all that it holds, is there for good from now on.
  void Acknowledge(size_t commit);
  // A receipt that will not change any more.
  void AcknowledgeReceipt(const v1::Submission& receipt);

  // What is wrong with what a council reads. It may hold commits that were not
  // acknowledged, whole.
  Findings Check(const std::string& council, const Reading& reading) const;
  // What is wrong with the history of one line, newest version first.
  Findings CheckHistory(const std::string& council,
                        const std::vector<v1::Purchase>& versions) const;

  // Versions of lines, and repeats of lines that were there, acknowledged.
  int64_t acknowledged_lines() const;
  // Commits begun and not acknowledged.
  int64_t open_commits() const;

 private:
  struct Version {
    std::string content;  // as ContentOf gives it
    size_t commit = 0;
  };
  struct Line {
    std::vector<Version> versions;  // of revision 1, 2, ..
    size_t acknowledged = 0;        // of them
  };
  struct Sent {
    Commit::Kind kind = Commit::kWhole;
    std::string council;
    std::string submission;
    std::map<std::string, size_t> revisions;  // by the line's reference
    int64_t created = 0;
    int64_t unchanged = 0;
    int64_t rejected = 0;
    bool acknowledged = false;
  };
  struct Council {
    std::map<std::string, Line> lines;  // by reference
    std::vector<size_t> commits;
    bool chunked = false;  // receipts cover several commits each
  };
  using Revisions = std::map<std::string, size_t>;                // seen, by reference
  using Receipts = std::map<std::string, const v1::Submission*>;  // seen, by name

  Revisions CheckLines(const Council& council, const Reading& reading, Findings& found) const;
  bool IsPresent(const Sent& sent, const Revisions& seen, const Receipts& listed,
                 Findings& found) const;
  void CheckReceipts(const Council& council, const Revisions& seen, const Reading& reading,
                     Findings& found) const;
  void CheckReceipt(const v1::Submission& expected, const v1::Submission& receipt,
                    Findings& found) const;

  mutable std::mutex mutex_;  // guards what follows
  std::map<std::string, Council> councils_;
  std::vector<Sent> commits_;
  std::map<std::string, std::string> receipts_;  // by name, in bytes
  int64_t acknowledged_lines_ = 0;
};

}  // namespace steelyard::crash

#endif  // STEELYARD_TESTS_CRASH_KILL_ORACLE_H_
