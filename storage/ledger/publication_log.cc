#include "storage/ledger/publication_log.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "storage/base/bytes.h"
#include "storage/base/status_macros.h"
#include "storage/codec/record_codec.h"

// head     := sequence:varint edition:varint policy:signed [month:signed]
// admitted := cells places, as admitted.h says; places may be missing

namespace steelyard::ledger {
namespace {

using engine::Family;

}  // namespace

absl::StatusOr<std::vector<PublicationLog::Touched>> PublicationLog::TouchedAfter(
    uint64_t after, const engine::Snapshot* snapshot) const {
  std::vector<Touched> touched;
  auto it = database_.Scan(Family::kPublisher, codec::TouchedKey(after + 1),
                           codec::PrefixEnd(codec::TouchedPrefix()), snapshot);
  for (; it->Valid(); it->Next()) {
    ByteReader key(it->key().substr(1));
    Touched entry;
    entry.sequence = key.Fixed64();
    if (!key.Finished()) return absl::DataLossError("damaged touched key");
    ASSIGN_OR_RETURN(codec::Touched what, codec::DecodeTouched(it->value()));
    entry.series = std::move(what.series);
    entry.outcomes = std::move(what.outcomes);
    touched.push_back(std::move(entry));
  }
  RETURN_IF_ERROR(it->status());
  return touched;
}

void PublicationLog::DropTouched(const std::vector<Touched>& touched, engine::Batch& batch) {
  for (const Touched& t : touched) {
    batch.Delete(Family::kPublisher, codec::TouchedKey(t.sequence));
  }
}

absl::StatusOr<PublishedHead> PublicationLog::Head() const {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   database_.Get(Family::kPublisher, codec::PublishedHeadKey()));
  PublishedHead head;
  if (!bytes) return head;
  ByteReader r(*bytes);
  head.sequence = r.Varint();
  head.edition = r.Varint();
  head.policy_version = r.Signed();
  if (!r.done()) head.month = r.Signed();
  if (!r.Finished()) return absl::DataLossError("damaged published head");
  return head;
}

void PublicationLog::PutHead(const PublishedHead& head, engine::Batch& batch) {
  ByteWriter w;
  w.Varint(head.sequence).Varint(head.edition).Signed(head.policy_version).Signed(head.month);
  batch.Put(Family::kPublisher, codec::PublishedHeadKey(), w.str());
}

absl::StatusOr<Admitted> PublicationLog::ReadAdmitted(const codec::SeriesYear& series) const {
  ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                   database_.Get(Family::kPublisher, codec::AdmittedKey(series)));
  Admitted admitted;
  if (!bytes) return admitted;
  ByteReader r(*bytes);
  ReadCells(r, admitted);
  if (!r.done()) ReadPlaces(r, admitted);
  if (!r.Finished()) return absl::DataLossError("damaged admitted record");
  return admitted;
}

void PublicationLog::PutAdmitted(const codec::SeriesYear& series, const Admitted& admitted,
                                 engine::Batch& batch) {
  ByteWriter w;
  WriteCells(w, admitted);
  WritePlaces(w, admitted);
  batch.Put(Family::kPublisher, codec::AdmittedKey(series), w.str());
}

absl::StatusOr<std::vector<codec::SeriesYear>> PublicationLog::Known() const {
  std::vector<codec::SeriesYear> known;
  auto it = database_.Scan(Family::kPublisher, "a", "b");
  for (; it->Valid(); it->Next()) {
    ByteReader key(it->key().substr(1));
    codec::SeriesYear series;
    series.product.value = key.Fixed32();
    series.currency = model::Currency::FromNumber(key.Fixed16());
    series.year = static_cast<int16_t>(2000 + key.Fixed8());
    if (!key.Finished()) return absl::DataLossError("damaged admitted key");
    known.push_back(series);
  }
  RETURN_IF_ERROR(it->status());
  return known;
}

}  // namespace steelyard::ledger
