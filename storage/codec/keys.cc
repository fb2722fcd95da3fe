#include "storage/codec/keys.h"

#include "storage/base/bytes.h"
#include "storage/base/text.h"

namespace steelyard::codec {
namespace {

ByteWriter Series(const SeriesYear& s) {
  ByteWriter w;
  w.Reserve(32);
  w.Fixed32(s.product.value).Fixed16(s.currency.number());
  w.Fixed8(static_cast<uint8_t>(s.year - 2000));
  return w;
}

ByteWriter Year(const OutcomeYear& y) {
  ByteWriter w;
  w.Reserve(32);
  w.Fixed8(static_cast<uint8_t>(y.service)).Fixed8(static_cast<uint8_t>(y.year - 2000));
  return w;
}

std::string Ended(std::string_view fact_key, uint64_t end_sequence) {
  ByteWriter w;
  w.Raw(fact_key).Fixed64(end_sequence);
  return std::move(w).str();
}

std::string CouncilFirst(model::CouncilNo council, std::string_view rest) {
  ByteWriter w;
  w.Reserve(2 + rest.size());
  w.Fixed16(council.value).Raw(rest);
  return std::move(w).str();
}

}  // namespace

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty()) {
    const auto last = static_cast<uint8_t>(end.back());
    if (last != 0xFF) {
      end.back() = static_cast<char>(last + 1);
      return end;
    }
    end.pop_back();
  }
  return end;
}

std::string LineKey(model::CouncilNo council, std::string_view reference) {
  return CouncilFirst(council, reference);
}
std::string LinePrefix(model::CouncilNo council) { return CouncilFirst(council, ""); }

std::string VersionKey(model::CouncilNo council, model::LineNo line, uint32_t revision) {
  ByteWriter w;
  w.Fixed16(council.value).Fixed32(line.value).Fixed32(~revision);
  return std::move(w).str();
}
std::string VersionPrefix(model::CouncilNo council, model::LineNo line) {
  ByteWriter w;
  w.Fixed16(council.value).Fixed32(line.value);
  return std::move(w).str();
}

std::string Encode(const FactKey& key) {
  ByteWriter w = Series(key.series);
  w.Fixed16(key.council.value).Fixed8(static_cast<uint8_t>(key.month.month()));
  w.Fixed32(key.line.value);
  return std::move(w).str();
}

std::optional<FactKey> DecodeFactKey(std::string_view bytes) {
  ByteReader r(bytes);
  FactKey key;
  key.series.product.value = r.Fixed32();
  key.series.currency = model::Currency::FromNumber(r.Fixed16());
  key.series.year = static_cast<int16_t>(2000 + r.Fixed8());
  key.council.value = r.Fixed16();
  const std::optional<model::Month> month = model::Month::FromYm(key.series.year, r.Fixed8());
  key.line.value = r.Fixed32();
  if (!r.ok() || !month) return std::nullopt;
  key.month = *month;
  return key;
}

std::string FactPrefix(const SeriesYear& series) { return Series(series).str(); }
std::string FactPrefix(const SeriesYear& series, model::CouncilNo council) {
  return Series(series).Fixed16(council.value).str();
}

std::string FactHistoryKey(const FactKey& key, uint64_t end_sequence) {
  return Ended(Encode(key), end_sequence);
}

std::optional<uint64_t> FactHistoryEnd(std::string_view key) {
  if (key.size() < 8) return std::nullopt;
  ByteReader r(key.substr(key.size() - 8));
  return r.Fixed64();
}

std::string Encode(const OutcomeFactKey& key) {
  ByteWriter w = Year(key.year);
  w.Fixed16(key.council.value).Fixed8(static_cast<uint8_t>(key.quarter.month()));
  w.Fixed32(key.line.value);
  return std::move(w).str();
}

std::optional<OutcomeFactKey> DecodeOutcomeFactKey(std::string_view bytes) {
  ByteReader r(bytes);
  OutcomeFactKey key;
  const std::optional<model::Service> service = model::ServiceOf(r.Fixed8());
  key.year.year = static_cast<int16_t>(2000 + r.Fixed8());
  key.council.value = r.Fixed16();
  const std::optional<model::Month> quarter = model::Month::FromYm(key.year.year, r.Fixed8());
  key.line.value = r.Fixed32();
  if (!r.ok() || !service || !quarter || *quarter != quarter->QuarterStart()) return std::nullopt;
  key.year.service = *service;
  key.quarter = *quarter;
  return key;
}

std::string OutcomeFactPrefix(const OutcomeYear& year) { return Year(year).str(); }
std::string OutcomeFactPrefix(const OutcomeYear& year, model::CouncilNo council) {
  return Year(year).Fixed16(council.value).str();
}

std::string FactHistoryKey(const OutcomeFactKey& key, uint64_t end_sequence) {
  return Ended(Encode(key), end_sequence);
}

std::string SubmissionKey(model::CouncilNo council, uint32_t number) {
  ByteWriter w;
  w.Fixed16(council.value).Fixed32(number);
  return std::move(w).str();
}
std::string SubmissionPrefix(model::CouncilNo council) { return CouncilFirst(council, ""); }

std::string RequestKey(model::CouncilNo scope, std::string_view uuid_bytes) {
  return CouncilFirst(scope, uuid_bytes);
}

std::string UploadKey(model::CouncilNo scope, std::string_view uuid_bytes) {
  return CouncilFirst(scope, uuid_bytes);
}
std::string UploadChunkKey(model::CouncilNo scope, std::string_view uuid_bytes, uint32_t index) {
  ByteWriter w;
  w.Fixed16(scope.value).Raw(uuid_bytes).Fixed32(index);
  return std::move(w).str();
}

std::string UploadHashKey(model::CouncilNo scope, std::string_view uuid_bytes, uint32_t index) {
  return UploadChunkKey(scope, uuid_bytes, index) + '\x01';
}
std::string StagedUploadsKey(model::CouncilNo scope) { return CouncilFirst(scope, ""); }

std::string FormatKey() { return "format"; }
std::string LedgerHeadKey() { return "head"; }
std::string RegistersVersionKey() { return "registers"; }
std::string PolicyKey(int64_t version) {
  ByteWriter w;
  w.Raw(PolicyPrefix()).Fixed64(static_cast<uint64_t>(version));
  return std::move(w).str();
}
std::string PolicyPrefix() { return "policy"; }
std::string CouncilHeadKey(model::CouncilNo council) {
  ByteWriter w;
  w.Raw("council").Fixed16(council.value);
  return std::move(w).str();
}
std::string TokenUseKey(std::string_view token) {
  ByteWriter w;
  w.Raw(TokenUsePrefix()).Raw(token);
  return std::move(w).str();
}
std::string TokenUsePrefix() { return "used"; }

std::string RegisterKey(RegisterKind kind, uint32_t number) {
  ByteWriter w;
  w.Fixed8(static_cast<uint8_t>(kind)).Fixed32(number);
  return std::move(w).str();
}

std::string DocumentKey(DocumentKind kind, std::string_view id, uint32_t revision) {
  ByteWriter w;
  w.Raw(DocumentPrefix(kind, id)).Fixed32(~revision);
  return std::move(w).str();
}
std::string DocumentPrefix(DocumentKind kind, std::string_view id) {
  ByteWriter w;
  w.Fixed8(static_cast<uint8_t>(kind)).Raw(id).Fixed8(0);
  return std::move(w).str();
}
std::string DocumentPrefix(DocumentKind kind) {
  ByteWriter w;
  w.Fixed8(static_cast<uint8_t>(kind));
  return std::move(w).str();
}
std::optional<DocumentName> DecodeDocumentKey(std::string_view key) {
  if (key.size() < 7 || key[key.size() - 5] != '\0') return std::nullopt;
  ByteReader revision(key.substr(key.size() - 4));
  return DocumentName{std::string(key.substr(1, key.size() - 6)), ~revision.Fixed32()};
}

std::string TokenKey(std::string_view id) { return std::string(id); }

std::string AuditKey(uint64_t sequence, uint32_t index) {
  ByteWriter w;
  w.Fixed64(sequence);
  if (index > 0) w.Fixed32(index);
  return std::move(w).str();
}
std::optional<AuditPlace> DecodeAuditKey(std::string_view key) {
  ByteReader r(key);
  AuditPlace place;
  place.sequence = r.Fixed64();
  if (!r.done()) {
    place.index = r.Fixed32();
    if (place.index == 0) return std::nullopt;
  }
  return r.Finished() ? std::optional(place) : std::nullopt;
}

std::string TouchedKey(uint64_t sequence) {
  ByteWriter w;
  w.Raw("t").Fixed64(sequence);
  return std::move(w).str();
}
std::string TouchedPrefix() { return "t"; }
std::string AdmittedKey(const SeriesYear& series) {
  ByteWriter w;
  w.Raw("a").Raw(Series(series).str());
  return std::move(w).str();
}
std::string PublishedHeadKey() { return "head"; }
std::string OutcomePlanKey(const OutcomeYear& year) {
  ByteWriter w;
  w.Raw(OutcomePlanPrefix()).Raw(Year(year).str());
  return std::move(w).str();
}
std::string OutcomePlanPrefix() { return "o"; }
std::string OutcomeAdmittedKey(const OutcomeYear& year, uint32_t group) {
  ByteWriter w;
  w.Raw(OutcomeAdmittedPrefix(year)).Fixed32(group);
  return std::move(w).str();
}
std::string OutcomeAdmittedPrefix(const OutcomeYear& year) {
  ByteWriter w;
  w.Raw("g").Raw(Year(year).str());
  return std::move(w).str();
}

std::string UuidBytes(std::string_view uuid) {
  std::string out;
  int high = -1;
  for (char c : uuid) {
    int digit = 0;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else {
      continue;
    }
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<char>(high * 16 + digit));
      high = -1;
    }
  }
  return out;
}

std::string UuidText(std::string_view bytes) {
  std::string hex = HexOf(bytes);
  for (size_t at : {20u, 16u, 12u, 8u}) {
    if (at < hex.size()) hex.insert(at, "-");
  }
  return hex;
}

}  // namespace steelyard::codec
