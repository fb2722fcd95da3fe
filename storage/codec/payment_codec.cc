#include "storage/codec/payment_codec.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/text.h"

namespace steelyard::codec {
namespace {

using model::PaidName;
using model::QuarterPayments;

// A text up to this long is its own id.
constexpr size_t kPlainIdBytes = 120;
constexpr size_t kShortenedBytes = 80;

void Put(ByteWriter& w, const PaidName& name) {
  w.Text(name.name).Text(name.company_number).Varint(name.quarters.size());
  int16_t before = 0;
  for (const QuarterPayments& q : name.quarters) {
    w.Varint(static_cast<uint64_t>((q.quarter.number - before) / 3));
    w.Varint(static_cast<uint64_t>(q.payments)).Varint(static_cast<uint64_t>(q.credit_notes));
    w.Signed(q.micros);
    before = q.quarter.number;
  }
}

PaidName GetName(ByteReader& r) {
  PaidName name;
  name.name = r.Text();
  name.company_number = r.Text();
  const uint64_t quarters = r.Varint();
  int16_t before = 0;
  for (uint64_t i = 0; i < quarters && r.ok(); ++i) {
    QuarterPayments q;
    q.quarter.number = static_cast<int16_t>(before + 3 * static_cast<int16_t>(r.Varint()));
    q.payments = static_cast<int64_t>(r.Varint());
    q.credit_notes = static_cast<int64_t>(r.Varint());
    q.micros = r.Signed();
    before = q.quarter.number;
    name.quarters.push_back(q);
  }
  return name;
}

std::string IdText(std::string_view text) {
  if (text.size() <= kPlainIdBytes) return std::string(text);
  return absl::StrCat(Av(text.substr(0, kShortenedBytes)), "~", HexOf(Sha256(text)));
}

}  // namespace

std::string EncodePaymentSource(const model::PaymentSource& source) {
  ByteWriter w;
  w.Varint(source.council.value).Text(source.source).Varint(source.names.size());
  for (const PaidName& name : source.names) Put(w, name);
  return std::move(w).str();
}

absl::StatusOr<model::PaymentSource> DecodePaymentSource(std::string_view bytes) {
  ByteReader r(bytes);
  model::PaymentSource source;
  source.council.value = static_cast<uint16_t>(r.Varint());
  source.source = r.Text();
  const uint64_t names = r.Varint();
  for (uint64_t i = 0; i < names && r.ok(); ++i) source.names.push_back(GetName(r));
  if (!r.Finished()) return absl::DataLossError("damaged payments");
  return source;
}

std::string EncodeNameDecision(const model::NameDecision& decision) {
  ByteWriter w;
  w.Text(decision.supplier_name).Text(decision.provider).Text(decision.decided_by);
  return std::move(w).str();
}

absl::StatusOr<model::NameDecision> DecodeNameDecision(std::string_view bytes) {
  ByteReader r(bytes);
  model::NameDecision decision;
  decision.supplier_name = r.Text();
  decision.provider = r.Text();
  decision.decided_by = r.Text();
  if (!r.Finished()) return absl::DataLossError("damaged decision on a name");
  return decision;
}

std::string PaymentSourceId(model::CouncilNo council, std::string_view source) {
  return absl::StrCat(absl::StrFormat("%05d/", council.value), IdText(source));
}

std::string NameDecisionId(std::string_view key) { return IdText(key); }

}  // namespace steelyard::codec
