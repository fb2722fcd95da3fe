// Reads a whole store and checks that its parts agree.

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/app/store.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/codec/keys.h"
#include "storage/codec/purchase_codec.h"
#include "storage/codec/record_codec.h"
#include "storage/ledger/purchase_reader.h"

namespace steelyard::app {
namespace {

using engine::Database;
using engine::Family;

// Counts found by reading a council's lines.
struct Counted {
  uint32_t lines = 0;
  uint32_t active = 0;
};

// The fact that a line's newest version must have.
absl::Status CheckFact(const Database& database, model::CouncilNo council,
                       const codec::PurchaseRecord& record) {
  ASSIGN_OR_RETURN(model::PurchaseContent content, codec::DecodeContent(record.content));
  model::PurchaseFact expected = model::FactOf(content, model::Day{record.received_day});
  expected.council = council;
  expected.line = record.line;
  expected.sequence = record.sequence;
  const codec::SeriesYear series{content.product, content.currency,
                                 static_cast<int16_t>(expected.month.year())};
  const codec::FactKey key{series, council, expected.month, record.line};
  ASSIGN_OR_RETURN(auto bytes, database.Get(Family::kFacts, codec::Encode(key)));
  if (!bytes) return absl::DataLossError("a line's fact is missing");
  if (*bytes != codec::EncodeFact(expected)) {
    return absl::DataLossError("a line's fact is not that of its newest version");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<uint16_t, Counted>> CheckLines(const Database& database) {
  std::map<uint16_t, Counted> counted;
  auto it = database.Scan(Family::kPurchases, "", "");
  for (; it->Valid(); it->Next()) {
    const std::string_view key = it->key();
    if (key.size() < 3) return absl::DataLossError("damaged purchase key");
    const model::CouncilNo council{
        static_cast<uint16_t>(static_cast<uint8_t>(key[0]) << 8 | static_cast<uint8_t>(key[1]))};
    ASSIGN_OR_RETURN(codec::PurchaseRecord record, codec::DecodePurchase(it->value()));
    Counted& c = counted[council.value];
    ++c.lines;
    if (record.withdrawn) continue;
    ++c.active;
    RETURN_IF_ERROR(CheckFact(database, council, record));
  }
  RETURN_IF_ERROR(it->status());
  return counted;
}

absl::StatusOr<uint64_t> CountFacts(const Database& database) {
  uint64_t facts = 0;
  auto it = database.Scan(Family::kFacts, "", "");
  for (; it->Valid(); it->Next()) ++facts;
  RETURN_IF_ERROR(it->status());
  return facts;
}

// Each council's head against its lines and its newest receipt.
absl::Status CheckHeads(const Database& database, const std::map<uint16_t, Counted>& counted) {
  const ledger::PurchaseReader reader(database);
  for (const auto& [number, c] : counted) {
    const model::CouncilNo council{number};
    ASSIGN_OR_RETURN(codec::CouncilHead head, reader.Head(council));
    if (head.lines != c.lines || head.active_lines != c.active) {
      return absl::DataLossError(absl::StrCat("council ", number, " has ", c.lines, " lines (",
                                              c.active, " active), but its head says ", head.lines,
                                              " (", head.active_lines, ")"));
    }
    ASSIGN_OR_RETURN(auto newest, reader.Submissions(council, 0, head.submissions + 1));
    uint64_t sequence = 0;
    std::string running;
    for (const model::Submission& s : newest) {
      if (s.sequence > sequence) {
        sequence = s.sequence;
        running = s.running_sha256;
      }
    }
    if (newest.size() != head.submissions || sequence != head.sequence ||
        running != head.running_sha256) {
      return absl::DataLossError(
          absl::StrCat("council ", number, "'s receipts do not agree with its head"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> VerifyStore(const StoreOptions& options) {
  ASSIGN_OR_RETURN(Store store, OpenStore(options));
  const Database& database = *store.database;
  RETURN_IF_ERROR(database.VerifyChecksums());
  ASSIGN_OR_RETURN(auto counted, CheckLines(database));
  uint64_t lines = 0;
  uint64_t active = 0;
  for (const auto& [council, c] : counted) {
    lines += c.lines;
    active += c.active;
  }
  const uint64_t held = store.ledger->state()->head.lines;
  if (lines != held) {
    return absl::DataLossError(
        absl::StrCat("the store holds ", lines, " lines, but its head says ", held));
  }
  ASSIGN_OR_RETURN(uint64_t facts, CountFacts(database));
  if (facts != active) {
    return absl::DataLossError(
        absl::StrCat("the store holds ", facts, " facts for ", active, " active lines"));
  }
  RETURN_IF_ERROR(CheckHeads(database, counted));
  const auto state = store.ledger->state();
  return absl::StrCat("The store is sound: ", lines, " lines (", active, " active) of ",
                      counted.size(), " councils, ledger sequence ", state->head.sequence,
                      ", running hash ", HexOf(state->head.running_sha256), ".");
}

}  // namespace steelyard::app
