#include "tests/crash/kill_oracle.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/text.h"

namespace steelyard::crash {
namespace {

constexpr size_t kMaxWords = 20;

// What a line says, without what the server adds.
std::string ContentOf(v1::Purchase line) {
  line.clear_name();
  line.clear_create_time();
  line.clear_update_time();
  line.clear_etag();
  line.clear_revision();
  line.clear_unit_price_micros();
  line.clear_submission();
  return line.SerializeAsString();
}

// Adds what a commit does to the counts of its receipt.
void Count(Commit::Kind kind, int64_t created, int64_t corrected, int64_t unchanged,
           int64_t rejected, v1::Submission& counts) {
  counts.set_created_lines(counts.created_lines() + created);
  counts.set_corrected_lines(counts.corrected_lines() + corrected);
  counts.set_unchanged_lines(counts.unchanged_lines() + unchanged);
  counts.set_rejected_lines(counts.rejected_lines() + rejected);
  counts.set_received_lines(counts.received_lines() + created + corrected + unchanged + rejected);
  counts.set_state(kind == Commit::kRefusal ? v1::Submission::REFUSED
                   : kind == Commit::kChunk ? v1::Submission::OPEN
                                            : v1::Submission::COMMITTED);
}

// Whether each receipt stands for one commit and carries the chain of running
// hashes on.
void CheckChain(const std::map<std::string, const v1::Submission*>& listed, Findings& found) {
  std::vector<const v1::Submission*> receipts;
  for (const auto& [name, receipt] : listed) receipts.push_back(receipt);
  std::sort(receipts.begin(), receipts.end(),
            [](const auto* a, const auto* b) { return a->sequence() < b->sequence(); });
  std::string running;
  int64_t sequence = 0;
  for (const v1::Submission* receipt : receipts) {
    if (receipt->sequence() != ++sequence) {
      return found.Lost(absl::StrCat("receipt ", sequence, ": the next one is ", receipt->name(),
                                     " with sequence ", receipt->sequence()));
    }
    ByteWriter chained;
    chained.Raw(running).Fixed64(static_cast<uint64_t>(sequence));
    chained.Raw(absl::HexStringToBytes(receipt->content_sha256()));
    running = Sha256(chained.str());
    if (HexOf(running) != receipt->running_sha256()) {
      return found.HalfSaved(absl::StrCat("the running hash of ", receipt->name()));
    }
  }
}

}  // namespace

void Findings::Note(int64_t& count, std::string_view kind, std::string what) {
  ++count;
  if (words.size() < kMaxWords) words.push_back(absl::StrCat(Av(kind), what));
}

void Findings::Add(const Findings& other) {
  lost += other.lost;
  doubled += other.doubled;
  half_saved += other.half_saved;
  words.insert(words.end(), other.words.begin(), other.words.end());
  words.resize(std::min(words.size(), kMaxWords));
}

size_t Oracle::Begin(Commit commit) {
  std::lock_guard lock(mutex_);
  const size_t number = commits_.size();
  Sent& sent = commits_.emplace_back();
  sent.kind = commit.kind;
  sent.council = commit.council;
  sent.submission = std::move(commit.submission);
  sent.unchanged = commit.unchanged;
  sent.rejected = commit.rejected;
  Council& council = councils_[commit.council];
  council.commits.push_back(number);
  council.chunked |= commit.kind == Commit::kChunk;
  for (const v1::Purchase& change : commit.changes) {
    Line& line = council.lines[change.reference()];
    line.versions.push_back({ContentOf(change), number});
    sent.revisions[change.reference()] = line.versions.size();
    sent.created += line.versions.size() == 1;
  }
  return number;
}

void Oracle::Acknowledge(size_t commit) {
  std::lock_guard lock(mutex_);
  Sent& sent = commits_[commit];
  if (std::exchange(sent.acknowledged, true)) return;
  acknowledged_lines_ += static_cast<int64_t>(sent.revisions.size()) + sent.unchanged;
  Council& council = councils_[sent.council];
  for (const auto& [reference, revision] : sent.revisions) {
    council.lines[reference].acknowledged = revision;
  }
}

void Oracle::AcknowledgeReceipt(const v1::Submission& receipt) {
  std::lock_guard lock(mutex_);
  receipts_[receipt.name()] = receipt.SerializeAsString();
}

Findings Oracle::Check(const std::string& council, const Reading& reading) const {
  std::lock_guard lock(mutex_);
  Findings found;
  const Council none;
  const auto it = councils_.find(council);
  const Council& sent = it == councils_.end() ? none : it->second;
  const Revisions seen = CheckLines(sent, reading, found);
  CheckReceipts(sent, seen, reading, found);
  return found;
}

Oracle::Revisions Oracle::CheckLines(const Council& council, const Reading& reading,
                                     Findings& found) const {
  Revisions seen;
  int64_t active = 0;
  for (const v1::Purchase& line : reading.lines) {
    active += line.state() == v1::Purchase::ACTIVE;
    const auto known = council.lines.find(line.reference());
    if (known == council.lines.end()) {
      found.HalfSaved(absl::StrCat(line.name(), ", which was never to be taken"));
      continue;
    }
    const std::vector<Version>& versions = known->second.versions;
    const auto revision = static_cast<size_t>(line.revision());
    if (!seen.emplace(line.reference(), revision).second) {
      found.Doubled(absl::StrCat(line.name(), " is listed twice"));
    } else if (revision > versions.size()) {
      found.Doubled(absl::StrCat(line.name(), " is revision ", revision, " of ", versions.size()));
    } else if (revision == 0 || ContentOf(line) != versions[revision - 1].content ||
               line.submission() != commits_[versions[revision - 1].commit].submission) {
      found.HalfSaved(absl::StrCat(line.name(), ": ", line.ShortDebugString()));
    }
  }
  for (const auto& [reference, line] : council.lines) {
    const auto it = seen.find(reference);
    const size_t revision = it == seen.end() ? 0 : it->second;
    if (revision < line.acknowledged) {
      found.Lost(absl::StrCat(reference, ": revision ", line.acknowledged,
                              " was acknowledged, revision ", revision, " is there"));
    }
  }
  if (reading.active_lines != active) {
    found.HalfSaved(absl::StrCat("the count of active lines: ", reading.active_lines, " said, ",
                                 active, " listed"));
  }
  return seen;
}

bool Oracle::IsPresent(const Sent& sent, const Revisions& seen, const Receipts& listed,
                       Findings& found) const {
  if (sent.revisions.empty()) {  // its only trace is the receipt
    const auto it = listed.find(sent.submission);
    return sent.acknowledged || (it != listed.end() && it->second->state() != v1::Submission::OPEN);
  }
  size_t present = 0;
  for (const auto& [reference, revision] : sent.revisions) {
    const auto it = seen.find(reference);
    present += it != seen.end() && it->second >= revision;
  }
  // What was acknowledged and is missing was found line by line.
  if (present != 0 && present != sent.revisions.size() && !sent.acknowledged) {
    found.HalfSaved(absl::StrCat(present, " of ", sent.revisions.size(), " lines of a commit of ",
                                 sent.submission));
  }
  return present != 0 || sent.acknowledged;
}

void Oracle::CheckReceipts(const Council& council, const Revisions& seen, const Reading& reading,
                           Findings& found) const {
  Receipts listed;
  std::set<int64_t> sequences;
  for (const v1::Submission& receipt : reading.submissions) {
    if (!listed.emplace(receipt.name(), &receipt).second) {
      found.Doubled(absl::StrCat(receipt.name(), " is listed twice"));
    } else if (!sequences.insert(receipt.sequence()).second) {
      found.Doubled(absl::StrCat("the sequence of ", receipt.name()));
    }
  }
  std::map<std::string, v1::Submission> expected;
  int64_t commits = 0;
  for (const size_t number : council.commits) {
    const Sent& sent = commits_[number];
    if (!IsPresent(sent, seen, listed, found)) continue;
    ++commits;
    const auto changes = static_cast<int64_t>(sent.revisions.size());
    Count(sent.kind, sent.created, changes - sent.created, sent.unchanged, sent.rejected,
          expected[sent.submission]);
  }
  for (const auto& [name, counts] : expected) {
    const auto it = listed.find(name);
    if (it == listed.end()) {
      found.Lost(absl::StrCat("the receipt ", name));
    } else {
      CheckReceipt(counts, *it->second, found);
    }
  }
  for (const auto& [name, receipt] : listed) {
    if (!expected.contains(name)) found.HalfSaved(absl::StrCat("a receipt of nothing: ", name));
  }
  const int64_t newest = sequences.empty() ? 0 : *sequences.rbegin();
  const std::string words =
      absl::StrCat("the newest receipt has sequence ", newest, " after ", commits, " commits");
  if (newest < commits) found.Lost(words);
  if (newest > commits) found.Doubled(words);
  if (!council.chunked) CheckChain(listed, found);
}

void Oracle::CheckReceipt(const v1::Submission& counts, const v1::Submission& receipt,
                          Findings& found) const {
  const std::string words =
      absl::StrCat(receipt.ShortDebugString(), " for what was sent: ", counts.ShortDebugString());
  if (receipt.received_lines() < counts.received_lines()) {
    found.Lost(absl::StrCat("lines of a receipt: ", words));
  } else if (receipt.received_lines() > counts.received_lines()) {
    found.Doubled(absl::StrCat("lines of a receipt: ", words));
  } else if (receipt.created_lines() != counts.created_lines() ||
             receipt.corrected_lines() != counts.corrected_lines() ||
             receipt.unchanged_lines() != counts.unchanged_lines() ||
             receipt.rejected_lines() != counts.rejected_lines() ||
             receipt.state() != counts.state()) {
    found.HalfSaved(absl::StrCat("a receipt: ", words));
  }
  const auto acknowledged = receipts_.find(receipt.name());
  if (acknowledged != receipts_.end() && acknowledged->second != receipt.SerializeAsString()) {
    found.HalfSaved(absl::StrCat("a receipt that changed after its acknowledgment: ", words));
  }
}

Findings Oracle::CheckHistory(const std::string& council,
                              const std::vector<v1::Purchase>& versions) const {
  std::lock_guard lock(mutex_);
  Findings found;
  size_t revision = versions.size();
  for (const v1::Purchase& version : versions) {
    const std::vector<Version>& sent = councils_.at(council).lines.at(version.reference()).versions;
    const bool right = static_cast<size_t>(version.revision()) == revision &&
                       revision <= sent.size() && ContentOf(version) == sent[revision - 1].content;
    if (!right) found.HalfSaved(absl::StrCat("a former version: ", version.ShortDebugString()));
    --revision;
  }
  return found;
}

int64_t Oracle::acknowledged_lines() const {
  std::lock_guard lock(mutex_);
  return acknowledged_lines_;
}

int64_t Oracle::open_commits() const {
  std::lock_guard lock(mutex_);
  return std::count_if(commits_.begin(), commits_.end(),
                       [](const Sent& sent) { return !sent.acknowledged; });
}

}  // namespace steelyard::crash
