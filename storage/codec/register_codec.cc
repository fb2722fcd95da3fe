#include "storage/codec/register_codec.h"

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "storage/base/bytes.h"

// area     := id name kind parent:varint (0: none)
// council  := id name texts(aliases) type area:varint gss texts(former) day day
//             texts(successors) children:varint group
// product  := id name texts(aliases) class unit:varint n (code name units) x n
//             n (key value) x n cpv standard vat texts(gtins) low high day day
//             any_pack:varint
// supplier := id name texts(aliases) number country n (owner day day) x n merged
// Every name is a text (length, bytes); texts is a count and that many texts;
// day is 0 for none, else the zigzagged day number plus one.

namespace steelyard::codec {
namespace {

using model::Day;

void PutTexts(ByteWriter& w, const std::vector<std::string>& texts) {
  w.Varint(texts.size());
  for (const std::string& t : texts) w.Text(t);
}

std::vector<std::string> GetTexts(ByteReader& r) {
  std::vector<std::string> texts;
  const uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) texts.emplace_back(r.Text());
  return texts;
}

void PutDay(ByteWriter& w, const std::optional<Day>& day) {
  if (!day) {
    w.Varint(0);
  } else {
    w.Varint(1).Signed(day->number);
  }
}

std::optional<Day> GetDay(ByteReader& r) {
  if (r.Varint() == 0) return std::nullopt;
  return Day{static_cast<int32_t>(r.Signed())};
}

template <typename T>
absl::StatusOr<T> Checked(const ByteReader& r, T value) {
  if (!r.Finished()) return absl::DataLossError("damaged register record");
  return value;
}

}  // namespace

std::string EncodeArea(const model::Area& a) {
  ByteWriter w;
  w.Text(a.id).Text(a.display_name).Text(a.kind).Varint(a.parent ? a.parent->value : 0);
  return std::move(w).str();
}

absl::StatusOr<model::Area> DecodeArea(std::string_view bytes) {
  ByteReader r(bytes);
  model::Area a;
  a.id = r.Text();
  a.display_name = r.Text();
  a.kind = r.Text();
  if (const auto parent = static_cast<uint16_t>(r.Varint())) a.parent = model::AreaNo{parent};
  return Checked(r, std::move(a));
}

std::string EncodeCouncil(const model::Council& c) {
  ByteWriter w;
  w.Text(c.id).Text(c.display_name);
  PutTexts(w, c.aliases);
  w.Text(c.authority_type).Varint(c.area.value).Text(c.gss_code);
  PutTexts(w, c.former_gss_codes);
  PutDay(w, c.start_date);
  PutDay(w, c.end_date);
  PutTexts(w, c.successors);
  w.Varint(c.childrens_services ? 1 : 0).Text(c.related_group);
  return std::move(w).str();
}

absl::StatusOr<model::Council> DecodeCouncil(std::string_view bytes) {
  ByteReader r(bytes);
  model::Council c;
  c.id = r.Text();
  c.display_name = r.Text();
  c.aliases = GetTexts(r);
  c.authority_type = r.Text();
  c.area.value = static_cast<uint16_t>(r.Varint());
  c.gss_code = r.Text();
  c.former_gss_codes = GetTexts(r);
  c.start_date = GetDay(r);
  c.end_date = GetDay(r);
  c.successors = GetTexts(r);
  c.childrens_services = r.Varint() != 0;
  c.related_group = r.Text();
  return Checked(r, std::move(c));
}

std::string EncodeProduct(const model::Product& p) {
  ByteWriter w;
  w.Text(p.id).Text(p.display_name);
  PutTexts(w, p.aliases);
  w.Text(p.product_class).Varint(static_cast<uint64_t>(p.base_unit)).Varint(p.packs.size());
  for (const model::PackLevel& l : p.packs) {
    w.Text(l.unit_code).Text(l.display_name).Signed(l.base_units);
  }
  w.Varint(p.attributes.size());
  for (const model::Attribute& a : p.attributes) w.Text(a.key).Text(a.value);
  w.Text(p.cpv_code).Text(p.standard).Text(p.vat_class);
  PutTexts(w, p.gtins);
  w.Signed(p.band_low_micros).Signed(p.band_high_micros);
  PutDay(w, p.start_date);
  PutDay(w, p.end_date);
  w.Varint(p.any_pack ? 1 : 0);
  return std::move(w).str();
}

absl::StatusOr<model::Product> DecodeProduct(std::string_view bytes) {
  ByteReader r(bytes);
  model::Product p;
  p.id = r.Text();
  p.display_name = r.Text();
  p.aliases = GetTexts(r);
  p.product_class = r.Text();
  p.base_unit = static_cast<model::BaseUnit>(r.Varint());
  uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) {
    model::PackLevel l;
    l.unit_code = r.Text();
    l.display_name = r.Text();
    l.base_units = r.Signed();
    p.packs.push_back(std::move(l));
  }
  count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) {
    model::Attribute a;
    a.key = r.Text();
    a.value = r.Text();
    p.attributes.push_back(std::move(a));
  }
  p.cpv_code = r.Text();
  p.standard = r.Text();
  p.vat_class = r.Text();
  p.gtins = GetTexts(r);
  p.band_low_micros = r.Signed();
  p.band_high_micros = r.Signed();
  p.start_date = GetDay(r);
  p.end_date = GetDay(r);
  p.any_pack = r.Varint() != 0;
  return Checked(r, std::move(p));
}

std::string EncodeSupplier(const model::Supplier& s) {
  ByteWriter w;
  w.Text(s.id).Text(s.display_name);
  PutTexts(w, s.aliases);
  w.Text(s.company_number).Text(s.country_code).Varint(s.owners.size());
  for (const model::Ownership& o : s.owners) {
    w.Text(o.owner);
    PutDay(w, o.start_date);
    PutDay(w, o.end_date);
  }
  w.Text(s.merged_into);
  return std::move(w).str();
}

absl::StatusOr<model::Supplier> DecodeSupplier(std::string_view bytes) {
  ByteReader r(bytes);
  model::Supplier s;
  s.id = r.Text();
  s.display_name = r.Text();
  s.aliases = GetTexts(r);
  s.company_number = r.Text();
  s.country_code = r.Text();
  const uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) {
    model::Ownership o;
    o.owner = r.Text();
    o.start_date = GetDay(r);
    o.end_date = GetDay(r);
    s.owners.push_back(std::move(o));
  }
  s.merged_into = r.Text();
  return Checked(r, std::move(s));
}

}  // namespace steelyard::codec
