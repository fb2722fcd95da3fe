#include "server/spend/spend_book.h"

#include <utility>

#include "storage/base/status_macros.h"
#include "storage/codec/payment_codec.h"
#include "storage/ledger/documents.h"

namespace steelyard::spend {
namespace {

// Documents that are read at a time.
constexpr size_t kBatch = 256;

// Calls `take` with the newest version of each document of a kind.
template <typename Take>
absl::Status ForEachDocument(const ledger::DocumentReader& reader, codec::DocumentKind kind,
                             Take take) {
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<ledger::Document> documents,
                     reader.List(kind, after, kBatch));
    for (const ledger::Document& document : documents) RETURN_IF_ERROR(take(document));
    if (documents.size() < kBatch) return absl::OkStatus();
    after = documents.back().id;
  }
}

}  // namespace

absl::StatusOr<bool> SpendBook::ReadSources() {
  bool changed = false;
  RETURN_IF_ERROR(ForEachDocument(
      ledger::DocumentReader(ledger_.database()), codec::DocumentKind::kPaymentSource,
      [&](const ledger::Document& document) -> absl::Status {
        Kept& kept = sources_[document.id];
        if (kept.source != nullptr && kept.revision == document.revision) return absl::OkStatus();
        ASSIGN_OR_RETURN(model::PaymentSource source, codec::DecodePaymentSource(document.bytes));
        kept = {document.revision, std::make_shared<const model::PaymentSource>(std::move(source))};
        changed = true;
        return absl::OkStatus();
      }));
  return changed;
}

absl::StatusOr<bool> SpendBook::ReadDecisions() {
  Decisions decisions;
  RETURN_IF_ERROR(ForEachDocument(
      ledger::DocumentReader(ledger_.database()), codec::DocumentKind::kNameDecision,
      [&](const ledger::Document& document) -> absl::Status {
        ASSIGN_OR_RETURN(model::NameDecision decision, codec::DecodeNameDecision(document.bytes));
        std::string key = names_->Key(decision.supplier_name);
        decisions[std::move(key)] = std::move(decision);
        return absl::OkStatus();
      }));
  if (decisions == decisions_) return false;
  decisions_ = std::move(decisions);
  return true;
}

absl::StatusOr<std::shared_ptr<const Snapshot>> SpendBook::Current() {
  std::lock_guard lock(mutex_);
  // The mark first: what is written after it is looked for again next time.
  const uint64_t sequence = ledger_.state()->documents_sequence;
  const auto resolver = directory_.Current();
  const bool registers_changed = names_ == nullptr || &names_->resolver() != resolver.get();
  if (snapshot_ != nullptr && !registers_changed && sequence == documents_sequence_) {
    return snapshot_;
  }
  if (registers_changed) names_ = std::make_shared<const directory::PaymentNames>(resolver);
  ASSIGN_OR_RETURN(const bool sources_changed, ReadSources());
  ASSIGN_OR_RETURN(const bool decisions_changed, ReadDecisions());
  if (snapshot_ == nullptr || registers_changed || sources_changed || decisions_changed) {
    Snapshot::Sources sources;
    for (const auto& [id, kept] : sources_) sources.push_back(kept.source);
    snapshot_ = std::make_shared<const Snapshot>(names_, decisions_, std::move(sources));
  }
  documents_sequence_ = sequence;
  return snapshot_;
}

}  // namespace steelyard::spend
