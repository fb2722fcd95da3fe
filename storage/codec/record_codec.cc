#include "storage/codec/record_codec.h"

#include "absl/status/status.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"

namespace steelyard::codec {
namespace {

template <typename T>
absl::StatusOr<T> Checked(const ByteReader& r, T value, const char* what) {
  if (!r.Finished()) return absl::DataLossError(std::string("damaged ") + what + " record");
  return value;
}

void Put(ByteWriter& w, const model::LineCounts& c) {
  w.Signed(c.created).Signed(c.corrected).Signed(c.unchanged);
  w.Signed(c.rejected).Signed(c.warnings);
}

// Last in its record. Records of purchases end before it, as they did when
// there was nothing else.
void PutResource(ByteWriter& w, model::Resource resource) {
  if (resource != model::Resource::kPurchases) w.Varint(static_cast<uint64_t>(resource));
}

// False for a number that is none.
bool GetResource(ByteReader& r, model::Resource& resource) {
  if (r.done()) return true;
  const uint64_t number = r.Varint();
  resource = static_cast<model::Resource>(number);
  return number == static_cast<uint64_t>(model::Resource::kOutcomes);
}

// What may stand at the end of a ledger head, in this order.
constexpr uint64_t kReportsFollow = 2;
constexpr uint64_t kAuditFollows = 3;

model::LineCounts GetCounts(ByteReader& r) {
  model::LineCounts c;
  c.created = r.Signed();
  c.corrected = r.Signed();
  c.unchanged = r.Signed();
  c.rejected = r.Signed();
  c.warnings = r.Signed();
  return c;
}

}  // namespace

std::string Encode(const LedgerHead& h) {
  ByteWriter w;
  w.Varint(h.sequence).Text(h.running_sha256).Signed(h.unix_micros).Varint(h.lines);
  if (h.reports != 0) w.Varint(kReportsFollow).Varint(h.reports);
  if (!h.audit_sha256.empty()) w.Varint(kAuditFollows).Text(h.audit_sha256);
  return std::move(w).str();
}

absl::StatusOr<LedgerHead> DecodeLedgerHead(std::string_view bytes) {
  ByteReader r(bytes);
  LedgerHead h;
  h.sequence = r.Varint();
  h.running_sha256 = r.Text();
  h.unix_micros = r.Signed();
  h.lines = r.Varint();
  // Each is left out by stores from before there was such a thing.
  uint64_t follows = r.done() ? 0 : r.Varint();
  if (follows == kReportsFollow) {
    h.reports = r.Varint();
    follows = r.done() ? 0 : r.Varint();
  }
  if (follows == kAuditFollows) {
    h.audit_sha256 = r.Text();
  } else if (follows != 0) {
    return absl::DataLossError("damaged ledger head record");
  }
  return Checked(r, std::move(h), "ledger head");
}

std::string Encode(const CouncilHead& h) {
  ByteWriter w;
  w.Varint(h.sequence).Text(h.running_sha256);
  w.Varint(h.lines).Varint(h.submissions).Varint(h.active_lines);
  return std::move(w).str();
}

absl::StatusOr<CouncilHead> DecodeCouncilHead(std::string_view bytes) {
  ByteReader r(bytes);
  CouncilHead h;
  h.sequence = r.Varint();
  h.running_sha256 = r.Text();
  h.lines = static_cast<uint32_t>(r.Varint());
  h.submissions = static_cast<uint32_t>(r.Varint());
  h.active_lines = static_cast<uint32_t>(r.Varint());
  return Checked(r, std::move(h), "council head");
}

std::string Encode(const RequestRecord& q) {
  ByteWriter w;
  w.Text(q.body_sha256).Varint(q.submission).Varint(q.lines.size());
  for (const RequestRecord::Line& l : q.lines) w.Text(l.reference).Varint(l.revision);
  w.Text(q.result);
  return std::move(w).str();
}

absl::StatusOr<RequestRecord> DecodeRequest(std::string_view bytes) {
  ByteReader r(bytes);
  RequestRecord q;
  q.body_sha256 = r.Text();
  q.submission = static_cast<uint32_t>(r.Varint());
  const uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) {
    RequestRecord::Line l;
    l.reference = r.Text();
    l.revision = static_cast<uint32_t>(r.Varint());
    q.lines.push_back(std::move(l));
  }
  q.result = r.Text();
  return Checked(r, std::move(q), "request");
}

std::string Encode(const UploadState& u) {
  ByteWriter w;
  w.Text(u.body_sha256).Varint(static_cast<uint64_t>(u.mode));
  w.Varint(static_cast<uint64_t>(u.state)).Varint(u.next_chunk).Varint(u.staged);
  Put(w, u.total);
  w.Varint(u.parts.size());
  for (const UploadState::Part& p : u.parts) {
    w.Varint(p.council.value).Varint(p.submission);
    Put(w, p.counts);
  }
  PutResource(w, u.resource);
  return std::move(w).str();
}

absl::StatusOr<UploadState> DecodeUpload(std::string_view bytes) {
  ByteReader r(bytes);
  UploadState u;
  u.body_sha256 = r.Text();
  u.mode = static_cast<model::SubmissionMode>(r.Varint());
  u.state = static_cast<model::SubmissionState>(r.Varint());
  u.next_chunk = static_cast<uint32_t>(r.Varint());
  u.staged = r.Varint();
  u.total = GetCounts(r);
  const uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) {
    UploadState::Part p;
    p.council.value = static_cast<uint16_t>(r.Varint());
    p.submission = static_cast<uint32_t>(r.Varint());
    p.counts = GetCounts(r);
    u.parts.push_back(p);
  }
  if (!GetResource(r, u.resource)) return absl::DataLossError("damaged upload record");
  return Checked(r, std::move(u), "upload");
}

std::string Encode(const std::vector<StagedUpload>& uploads) {
  ByteWriter w;
  w.Varint(uploads.size());
  for (const StagedUpload& u : uploads) w.Text(u.id).Signed(u.unix_micros).Varint(u.lines);
  return std::move(w).str();
}

absl::StatusOr<std::vector<StagedUpload>> DecodeStagedUploads(std::string_view bytes) {
  ByteReader r(bytes);
  std::vector<StagedUpload> uploads;
  const uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) {
    StagedUpload u;
    u.id = r.Text();
    u.unix_micros = r.Signed();
    u.lines = r.Varint();
    uploads.push_back(std::move(u));
  }
  return Checked(r, std::move(uploads), "staged uploads");
}

std::string Encode(const std::vector<StagedLine>& lines) {
  ByteWriter w;
  w.Varint(lines.size());
  for (const StagedLine& l : lines) {
    w.Varint(l.council.value).Signed(l.row).Signed(l.received_day);
    w.Text(l.reference).Text(l.content);
  }
  return std::move(w).str();
}

absl::StatusOr<std::vector<StagedLine>> DecodeStaged(std::string_view bytes) {
  ByteReader r(bytes);
  std::vector<StagedLine> lines;
  const uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) {
    StagedLine l;
    l.council.value = static_cast<uint16_t>(r.Varint());
    l.row = r.Signed();
    l.received_day = static_cast<int32_t>(r.Signed());
    l.reference = r.Text();
    l.content = r.Text();
    lines.push_back(std::move(l));
  }
  return Checked(r, std::move(lines), "staged chunk");
}

std::string Encode(const model::Submission& s) {
  ByteWriter w;
  w.Text(s.id).Signed(s.create_unix_micros).Signed(s.update_unix_micros);
  w.Varint(static_cast<uint64_t>(s.mode)).Varint(static_cast<uint64_t>(s.state));
  Put(w, s.counts);
  w.Varint(s.sequence).Text(s.content_sha256).Text(s.running_sha256);
  PutResource(w, s.resource);
  return std::move(w).str();
}

absl::StatusOr<model::Submission> DecodeSubmission(std::string_view key, std::string_view bytes) {
  ByteReader k(key);
  ByteReader r(bytes);
  model::Submission s;
  s.council.value = k.Fixed16();
  s.number = k.Fixed32();
  s.id = r.Text();
  s.create_unix_micros = r.Signed();
  s.update_unix_micros = r.Signed();
  s.mode = static_cast<model::SubmissionMode>(r.Varint());
  s.state = static_cast<model::SubmissionState>(r.Varint());
  s.counts = GetCounts(r);
  s.sequence = r.Varint();
  s.content_sha256 = r.Text();
  s.running_sha256 = r.Text();
  if (!GetResource(r, s.resource)) return absl::DataLossError("damaged submission record");
  if (!k.Finished()) return absl::DataLossError("damaged submission key");
  return Checked(r, std::move(s), "submission");
}

std::string Encode(const model::Token& t) {
  ByteWriter w;
  w.Text(t.id).Text(t.secret_hash).Varint(static_cast<uint64_t>(t.role)).Varint(t.council.value);
  w.Text(t.display_name).Signed(t.create_unix_micros).Signed(t.expire_unix_micros);
  w.Signed(t.revoke_unix_micros);
  if (!t.prior_secret_hash.empty() || !t.certificate_uri.empty()) {
    w.Text(t.prior_secret_hash).Signed(t.prior_expire_unix_micros).Text(t.certificate_uri);
  }
  return std::move(w).str();
}

absl::StatusOr<model::Token> DecodeToken(std::string_view bytes) {
  ByteReader r(bytes);
  model::Token t;
  t.id = r.Text();
  t.secret_hash = r.Text();
  t.role = static_cast<model::Role>(r.Varint());
  t.council.value = static_cast<uint16_t>(r.Varint());
  t.display_name = r.Text();
  t.create_unix_micros = r.Signed();
  t.expire_unix_micros = r.Signed();
  t.revoke_unix_micros = r.Signed();
  // Neither rotated nor of a certificate: it ends here.
  if (!r.done()) {
    t.prior_secret_hash = r.Text();
    t.prior_expire_unix_micros = r.Signed();
    t.certificate_uri = r.Text();
  }
  return Checked(r, std::move(t), "token");
}

std::string AuditBytes(const model::AuditEntry& a) {
  ByteWriter w;
  w.Signed(a.unix_micros).Text(a.principal).Text(a.action).Text(a.resource).Text(a.detail);
  return std::move(w).str();
}

std::string ChainAudit(std::string_view before_sha256, const model::AuditEntry& a) {
  ByteWriter w;
  w.Raw(before_sha256).Raw(AuditKey(a.sequence, a.index)).Raw(AuditBytes(a));
  return Sha256(w.str());
}

std::string Encode(const model::AuditEntry& a) { return AuditBytes(a) + a.chain_sha256; }

absl::StatusOr<model::AuditEntry> DecodeAudit(std::string_view key, std::string_view bytes) {
  const std::optional<AuditPlace> place = DecodeAuditKey(key);
  if (!place) return absl::DataLossError("damaged audit key");
  ByteReader r(bytes);
  model::AuditEntry a;
  a.sequence = place->sequence;
  a.index = place->index;
  a.unix_micros = r.Signed();
  a.principal = r.Text();
  a.action = r.Text();
  a.resource = r.Text();
  a.detail = r.Text();
  // Written before the audit was chained: it ends here.
  if (!r.done()) a.chain_sha256 = r.Raw(kChainBytes);
  return Checked(r, std::move(a), "audit");
}

std::string Encode(const model::Policy& p) {
  ByteWriter w;
  w.Signed(p.version).Signed(p.min_councils).Signed(p.min_supplier_groups).Signed(p.p_percent);
  w.Signed(p.max_share_percent).Signed(p.total_rounding_basis_points);
  w.Signed(p.price_rounding_basis_points).Signed(p.effective_unix_micros);
  w.Signed(p.min_outcome_councils).Signed(p.min_placements).Signed(p.min_cohort);
  w.Signed(p.supplier_delay_months);
  return std::move(w).str();
}

absl::StatusOr<model::Policy> DecodePolicy(std::string_view bytes) {
  ByteReader r(bytes);
  auto small = [&] { return static_cast<int32_t>(r.Signed()); };
  model::Policy p;
  p.version = r.Signed();
  p.min_councils = small();
  p.min_supplier_groups = small();
  p.p_percent = small();
  p.max_share_percent = small();
  p.total_rounding_basis_points = small();
  p.price_rounding_basis_points = small();
  p.effective_unix_micros = r.Signed();
  // Written before there were providers: it ends here.
  if (!r.done()) {
    p.min_outcome_councils = small();
    p.min_placements = small();
    p.min_cohort = small();
  }
  // Written before suppliers were shown by name.
  if (!r.done()) p.supplier_delay_months = small();
  return Checked(r, p, "policy");
}

std::string Encode(const Touched& t) {
  ByteWriter w;
  w.Varint(t.series.size());
  for (const SeriesYear& s : t.series) {
    w.Varint(s.product.value).Fixed16(s.currency.number());
    w.Varint(static_cast<uint64_t>(s.year - 2000));
  }
  if (t.outcomes.empty()) return std::move(w).str();
  w.Varint(t.outcomes.size());
  for (const OutcomeYear& y : t.outcomes) {
    w.Varint(static_cast<uint64_t>(y.service)).Varint(static_cast<uint64_t>(y.year - 2000));
  }
  return std::move(w).str();
}

absl::StatusOr<Touched> DecodeTouched(std::string_view bytes) {
  ByteReader r(bytes);
  Touched t;
  const uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) {
    SeriesYear s;
    s.product.value = static_cast<uint32_t>(r.Varint());
    s.currency = model::Currency::FromNumber(r.Fixed16());
    s.year = static_cast<int16_t>(2000 + r.Varint());
    t.series.push_back(s);
  }
  // Ends here if it touched no outcome reports.
  const uint64_t outcomes = r.done() ? 0 : r.Varint();
  for (uint64_t i = 0; i < outcomes && r.ok(); ++i) {
    const std::optional<model::Service> service = model::ServiceOf(r.Varint());
    const auto year = static_cast<int16_t>(2000 + r.Varint());
    if (!service) return absl::DataLossError("damaged touched list record");
    t.outcomes.push_back({*service, year});
  }
  return Checked(r, std::move(t), "touched list");
}

}  // namespace steelyard::codec
