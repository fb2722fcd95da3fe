#ifndef STEELYARD_STORAGE_CODEC_KEYS_H_
#define STEELYARD_STORAGE_CODEC_KEYS_H_

// Every key of the store. The grammar is in docs/keys.md and frozen; a golden
// test proves it. Integers are big-endian, so keys sort by value.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/model/codes.h"
#include "storage/model/ids.h"
#include "storage/model/time.h"

namespace steelyard::codec {

// One product in one currency in one calendar year: what the publisher works
// on and what an edition block holds.
struct SeriesYear {
  model::ProductNo product;
  model::Currency currency = model::Currency::Gbp();
  int16_t year = 2000;  // 2000 .. 2100

  friend auto operator<=>(const SeriesYear&, const SeriesYear&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const SeriesYear& s) {
    return H::combine(std::move(h), s.product, s.currency, s.year);
  }
};

// One kind of service in one calendar year: the same for outcome reports.
struct OutcomeYear {
  model::Service service = model::Service::kChildrensHomes;
  int16_t year = 2000;  // 2000 .. 2100

  friend auto operator<=>(const OutcomeYear&, const OutcomeYear&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const OutcomeYear& y) {
    return H::combine(std::move(h), y.service, y.year);
  }
};

// The smallest key above every key that begins with `prefix`; empty when
// there is none.
std::string PrefixEnd(std::string_view prefix);

// kPurchases, kOutcomes: council, reference -> newest version of a line.
std::string LineKey(model::CouncilNo council, std::string_view reference);
std::string LinePrefix(model::CouncilNo council);

// kVersions, kOutcomeVersions: council, line, revision (newest first) -> a
// former version.
std::string VersionKey(model::CouncilNo council, model::LineNo line, uint32_t revision);
std::string VersionPrefix(model::CouncilNo council, model::LineNo line);

// kFacts: series and year, council, month, line -> the newest fact.
struct FactKey {
  SeriesYear series;
  model::CouncilNo council;
  model::Month month;
  model::LineNo line;
  friend bool operator==(const FactKey&, const FactKey&) = default;
};
std::string Encode(const FactKey& key);
std::optional<FactKey> DecodeFactKey(std::string_view key);
std::string FactPrefix(const SeriesYear& series);
std::string FactPrefix(const SeriesYear& series, model::CouncilNo council);

// kFactHistory: a fact's key, then the sequence that ended it -> the fact.
std::string FactHistoryKey(const FactKey& key, uint64_t end_sequence);
// The sequence that either kind of history key ends with.
std::optional<uint64_t> FactHistoryEnd(std::string_view key);

// kOutcomeFacts: service and year, council, first month of the quarter, line
// -> the newest fact. kOutcomeFactHistory: the same, then the sequence that
// ended it.
struct OutcomeFactKey {
  OutcomeYear year;
  model::CouncilNo council;
  model::Month quarter;  // its first month
  model::LineNo line;
  friend bool operator==(const OutcomeFactKey&, const OutcomeFactKey&) = default;
};
std::string Encode(const OutcomeFactKey& key);
std::optional<OutcomeFactKey> DecodeOutcomeFactKey(std::string_view key);
std::string OutcomeFactPrefix(const OutcomeYear& year);
std::string OutcomeFactPrefix(const OutcomeYear& year, model::CouncilNo council);
std::string FactHistoryKey(const OutcomeFactKey& key, uint64_t end_sequence);

// kSubmissions: council, number -> receipt.
std::string SubmissionKey(model::CouncilNo council, uint32_t number);
std::string SubmissionPrefix(model::CouncilNo council);

// kRequests: scope (0 when not of one council), UUID -> what it did.
std::string RequestKey(model::CouncilNo scope, std::string_view uuid_bytes);

// kStaging: scope, UUID -> state of an upload; with a chunk's index -> its
// lines, and with a byte 1 after that -> SHA-256 of what was sent as the chunk.
// The scope alone -> its uploads that hold lines until their end.
std::string UploadKey(model::CouncilNo scope, std::string_view uuid_bytes);
std::string UploadChunkKey(model::CouncilNo scope, std::string_view uuid_bytes, uint32_t index);
std::string UploadHashKey(model::CouncilNo scope, std::string_view uuid_bytes, uint32_t index);
std::string StagedUploadsKey(model::CouncilNo scope);

// kMeta.
std::string FormatKey();
std::string LedgerHeadKey();
std::string RegistersVersionKey();
std::string PolicyKey(int64_t version);  // one for each version
std::string PolicyPrefix();
std::string CouncilHeadKey(model::CouncilNo council);
std::string TokenUseKey(std::string_view token);  // when it was last used
std::string TokenUsePrefix();

// kRegisters: kind, number -> entry.
enum class RegisterKind : uint8_t {
  kArea = 1,
  kCouncil = 2,
  kProduct = 3,
  kSupplier = 4,
  kProvider = 5,
  kEstablishment = 6,
};
std::string RegisterKey(RegisterKind kind, uint32_t number);

// kDocuments: kind, id, 0, revision (newest first) -> a version of a document.
// `id` holds no NUL.
enum class DocumentKind : uint8_t {
  kNegotiation = 1,
  kPaymentSource = 2,
  kNameDecision = 3,
  kCircle = 4,
};
std::string DocumentKey(DocumentKind kind, std::string_view id, uint32_t revision);
std::string DocumentPrefix(DocumentKind kind, std::string_view id);  // its versions
std::string DocumentPrefix(DocumentKind kind);
struct DocumentName {
  std::string id;
  uint32_t revision = 0;
};
std::optional<DocumentName> DecodeDocumentKey(std::string_view key);

// kTokens: id -> token.
std::string TokenKey(std::string_view id);

// kAudit: ledger sequence, and which entry of the commit if not the first ->
// entry.
std::string AuditKey(uint64_t sequence, uint32_t index = 0);
struct AuditPlace {
  uint64_t sequence = 0;
  uint32_t index = 0;
  friend auto operator<=>(const AuditPlace&, const AuditPlace&) = default;
};
std::optional<AuditPlace> DecodeAuditKey(std::string_view key);

// kPublisher.
std::string TouchedKey(uint64_t sequence);  // what a commit touched
std::string TouchedPrefix();
std::string AdmittedKey(const SeriesYear& series);  // how far each cell is shown
std::string PublishedHeadKey();
std::string OutcomePlanKey(const OutcomeYear& year);  // which providers are released together
std::string OutcomePlanPrefix();
// How far each cell of a group of providers is shown.
std::string OutcomeAdmittedKey(const OutcomeYear& year, uint32_t group);
std::string OutcomeAdmittedPrefix(const OutcomeYear& year);

// 16 bytes of a UUID in its usual form, and back, lower case.
std::string UuidBytes(std::string_view uuid);
std::string UuidText(std::string_view bytes);

}  // namespace steelyard::codec

#endif  // STEELYARD_STORAGE_CODEC_KEYS_H_
