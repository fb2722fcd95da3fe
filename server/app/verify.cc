// Reads a whole store and checks that its parts agree.

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/app/store.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/codec/keys.h"
#include "storage/codec/line_codec.h"
#include "storage/codec/record_codec.h"
#include "storage/ledger/audit.h"
#include "storage/ledger/receipt_reader.h"
#include "storage/ledger/resource.h"

namespace steelyard::app {
namespace {

using engine::Database;

// Counts found by reading lines.
struct Counted {
  uint64_t lines = 0;
  uint64_t active = 0;

  Counted& operator+=(const Counted& o) {
    lines += o.lines;
    active += o.active;
    return *this;
  }
};
using CountedByCouncil = std::map<uint16_t, Counted>;

Counted SumOf(const CountedByCouncil& counted) {
  Counted sum;
  for (const auto& [council, c] : counted) sum += c;
  return sum;
}

// A line's fact must be that of its newest version.
absl::Status CheckFact(const Database& database, model::Resource resource, model::CouncilNo council,
                       const codec::LineRecord& record) {
  ASSIGN_OR_RETURN(const ledger::LineFact expected, ledger::FactOfLine(resource, council, record));
  ASSIGN_OR_RETURN(auto bytes,
                   database.Get(ledger::FamiliesOf(resource).facts, ledger::FactKeyOf(expected)));
  if (!bytes) return absl::DataLossError("a line's fact is missing");
  if (*bytes != ledger::FactBytesOf(expected)) {
    return absl::DataLossError("a line's fact is not that of its newest version");
  }
  return absl::OkStatus();
}

absl::StatusOr<CountedByCouncil> CheckLines(const Database& database, model::Resource resource) {
  CountedByCouncil counted;
  auto it = database.Scan(ledger::FamiliesOf(resource).lines, "", "");
  for (; it->Valid(); it->Next()) {
    const std::string_view key = it->key();
    if (key.size() < 3) return absl::DataLossError("damaged key of a line");
    const model::CouncilNo council{
        static_cast<uint16_t>(static_cast<uint8_t>(key[0]) << 8 | static_cast<uint8_t>(key[1]))};
    ASSIGN_OR_RETURN(codec::LineRecord record, codec::DecodeLine(it->value()));
    Counted& c = counted[council.value];
    ++c.lines;
    if (record.withdrawn) continue;
    ++c.active;
    RETURN_IF_ERROR(CheckFact(database, resource, council, record));
  }
  RETURN_IF_ERROR(it->status());
  return counted;
}

absl::StatusOr<uint64_t> CountFacts(const Database& database, model::Resource resource) {
  uint64_t facts = 0;
  auto it = database.Scan(ledger::FamiliesOf(resource).facts, "", "");
  for (; it->Valid(); it->Next()) ++facts;
  RETURN_IF_ERROR(it->status());
  return facts;
}

// All lines of a resource against their facts and the ledger's own count.
absl::StatusOr<CountedByCouncil> CheckResource(const Store& store, model::Resource resource) {
  const std::string_view what = ledger::NamesOf(resource).lines;
  ASSIGN_OR_RETURN(CountedByCouncil counted, CheckLines(*store.database, resource));
  const Counted all = SumOf(counted);
  codec::LedgerHead head = store.ledger->state()->head;
  const uint64_t held = ledger::LinesOf(resource, head);
  if (all.lines != held) {
    return absl::DataLossError(
        absl::StrCat("the store holds ", all.lines, " ", Av(what), ", but its head says ", held));
  }
  ASSIGN_OR_RETURN(uint64_t facts, CountFacts(*store.database, resource));
  if (facts != all.active) {
    return absl::DataLossError(
        absl::StrCat("the store holds ", facts, " facts for ", all.active, " active ", Av(what)));
  }
  return counted;
}

// Each council's head against its lines and its newest receipt.
absl::Status CheckHeads(const Database& database, const CountedByCouncil& counted) {
  const ledger::ReceiptReader reader(database);
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

absl::Status CheckAudit(const Database& database) {
  ASSIGN_OR_RETURN(const ledger::AuditProgress audit,
                   ledger::AuditReader(database).Verify({}, UINT64_MAX));
  if (!audit.fault) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("the audit is not what was written: ", audit.fault->words));
}

}  // namespace

absl::StatusOr<std::string> VerifyStore(const StoreOptions& options) {
  ASSIGN_OR_RETURN(Store store, OpenStore(options));
  const Database& database = *store.database;
  RETURN_IF_ERROR(database.VerifyChecksums());
  ASSIGN_OR_RETURN(CountedByCouncil counted, CheckResource(store, model::Resource::kPurchases));
  const Counted lines = SumOf(counted);
  ASSIGN_OR_RETURN(const CountedByCouncil reports,
                   CheckResource(store, model::Resource::kOutcomes));
  for (const auto& [council, c] : reports) counted[council] += c;
  RETURN_IF_ERROR(CheckHeads(database, counted));
  RETURN_IF_ERROR(CheckAudit(database));
  const auto state = store.ledger->state();
  std::string and_reports;
  if (const Counted all = SumOf(reports); all.lines > 0) {
    and_reports = absl::StrCat(" and ", all.lines, " outcome reports (", all.active, " active)");
  }
  return absl::StrCat("The store is sound: ", lines.lines, " lines (", lines.active, " active)",
                      and_reports, " of ", counted.size(), " councils, ledger sequence ",
                      state->head.sequence, ", running hash ", HexOf(state->head.running_sha256),
                      ".");
}

}  // namespace steelyard::app
