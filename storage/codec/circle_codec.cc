#include "storage/codec/circle_codec.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "storage/base/bytes.h"

namespace steelyard::codec {
namespace {

template <typename No>
void PutNumbers(ByteWriter& w, const std::vector<No>& numbers) {
  w.Varint(numbers.size());
  for (const No number : numbers) w.Varint(number.value);
}

// Reads a count and then as many elements, as long as there are bytes.
template <typename T, typename Get>
std::vector<T> GetList(ByteReader& r, Get get) {
  std::vector<T> list;
  const uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) list.push_back(get(r));
  return list;
}

template <typename No>
No GetNumber(ByteReader& r) {
  return No{static_cast<decltype(No::value)>(r.Varint())};
}

model::Month GetMonth(ByteReader& r) { return model::Month{static_cast<int16_t>(r.Varint())}; }

// False for a flag that no encoder wrote.
bool GetTerms(ByteReader& r, model::CircleTerms& terms) {
  terms.title = r.Text();
  const uint64_t all_products = r.Varint();
  terms.all_products = all_products == 1;
  terms.products = GetList<model::ProductNo>(r, GetNumber<model::ProductNo>);
  terms.providers = GetList<model::ProviderNo>(r, GetNumber<model::ProviderNo>);
  terms.fields = GetList<model::CircleField>(
      r, [](ByteReader& from) { return static_cast<model::CircleField>(from.Varint()); });
  terms.from_month = GetMonth(r);
  terms.to_month = GetMonth(r);
  const uint64_t has_last_day = r.Varint();
  if (has_last_day == 1) terms.last_day = model::Day{static_cast<int32_t>(r.Signed())};
  terms.invited = GetList<model::CouncilNo>(r, GetNumber<model::CouncilNo>);
  return all_products <= 1 && has_last_day <= 1;
}

}  // namespace

std::string EncodeCircleTerms(const model::CircleTerms& terms) {
  ByteWriter w;
  w.Text(terms.title).Varint(terms.all_products ? 1 : 0);
  PutNumbers(w, terms.products);
  PutNumbers(w, terms.providers);
  w.Varint(terms.fields.size());
  for (const model::CircleField field : terms.fields) w.Varint(static_cast<uint64_t>(field));
  w.Varint(static_cast<uint64_t>(terms.from_month.number));
  w.Varint(static_cast<uint64_t>(terms.to_month.number));
  w.Varint(terms.last_day ? 1 : 0);
  if (terms.last_day) w.Signed(terms.last_day->number);
  PutNumbers(w, terms.invited);
  return std::move(w).str();
}

std::string EncodeCircle(const model::Circle& circle) {
  ByteWriter w;
  w.Text(circle.id).Signed(circle.create_unix_micros).Signed(circle.update_unix_micros);
  w.Signed(circle.close_unix_micros).Varint(circle.lead.value);
  w.Raw(EncodeCircleTerms(circle.terms)).Varint(circle.members.size());
  for (const model::CircleConsent& m : circle.members) {
    w.Varint(m.council.value).Signed(m.consent_unix_micros).Signed(m.withdraw_unix_micros);
    w.Text(m.terms_sha256);
  }
  return std::move(w).str();
}

absl::StatusOr<model::Circle> DecodeCircle(std::string_view bytes) {
  ByteReader r(bytes);
  model::Circle circle;
  circle.id = r.Text();
  circle.create_unix_micros = r.Signed();
  circle.update_unix_micros = r.Signed();
  circle.close_unix_micros = r.Signed();
  circle.lead = GetNumber<model::CouncilNo>(r);
  const bool good = GetTerms(r, circle.terms);
  circle.members = GetList<model::CircleConsent>(r, [](ByteReader& from) {
    model::CircleConsent m;
    m.council = GetNumber<model::CouncilNo>(from);
    m.consent_unix_micros = from.Signed();
    m.withdraw_unix_micros = from.Signed();
    m.terms_sha256 = from.Text();
    return m;
  });
  if (!r.Finished() || !good) return absl::DataLossError("damaged circle document");
  return circle;
}

}  // namespace steelyard::codec
