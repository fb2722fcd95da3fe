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
// provider := id name texts(aliases) number n service:varint x n sector
//             n (owner day day) x n
// establishment := id name service:varint (0: none) type council:varint
//             area:varint sector n (as_of:signed provider:varint places:signed
//             registration:varint) x n, n (date:signed judgement:varint) x n
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

template <typename Ownership>
void PutOwners(ByteWriter& w, const std::vector<Ownership>& owners) {
  w.Varint(owners.size());
  for (const Ownership& o : owners) {
    w.Text(o.owner);
    PutDay(w, o.start_date);
    PutDay(w, o.end_date);
  }
}

template <typename Ownership>
void GetOwners(ByteReader& r, std::vector<Ownership>& owners) {
  const uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) {
    Ownership o;
    o.owner = r.Text();
    o.start_date = GetDay(r);
    o.end_date = GetDay(r);
    owners.push_back(std::move(o));
  }
}

// Codes of a list that may have grown since this program was built do not
// pass: a service that is not known is damage.
std::optional<model::Service> GetService(ByteReader& r, bool& known) {
  const uint64_t number = r.Varint();
  const auto service = model::ServiceOf(number);
  known &= service.has_value() || number == 0;
  return service;
}

absl::Status Damaged() { return absl::DataLossError("damaged register record"); }

template <typename T>
absl::StatusOr<T> Checked(const ByteReader& r, T value) {
  if (!r.Finished()) return Damaged();
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
  w.Text(s.company_number).Text(s.country_code);
  PutOwners(w, s.owners);
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
  GetOwners(r, s.owners);
  s.merged_into = r.Text();
  return Checked(r, std::move(s));
}

std::string EncodeProvider(const model::Provider& p) {
  ByteWriter w;
  w.Text(p.id).Text(p.display_name);
  PutTexts(w, p.aliases);
  w.Text(p.company_number).Varint(p.services.size());
  for (const model::Service service : p.services) w.Varint(static_cast<uint64_t>(service));
  w.Text(p.sector);
  PutOwners(w, p.owners);
  return std::move(w).str();
}

absl::StatusOr<model::Provider> DecodeProvider(std::string_view bytes) {
  ByteReader r(bytes);
  model::Provider p;
  bool known = true;
  p.id = r.Text();
  p.display_name = r.Text();
  p.aliases = GetTexts(r);
  p.company_number = r.Text();
  const uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) {
    const auto service = GetService(r, known);
    if (service) p.services.push_back(*service);
    known &= service.has_value();
  }
  p.sector = r.Text();
  GetOwners(r, p.owners);
  if (!known) return Damaged();
  return Checked(r, std::move(p));
}

std::string EncodeEstablishment(const model::Establishment& e) {
  ByteWriter w;
  w.Text(e.id).Text(e.display_name);
  w.Varint(e.service ? static_cast<uint64_t>(*e.service) : 0);
  w.Text(e.provision_type).Varint(e.council.value).Varint(e.area.value).Text(e.sector);
  w.Varint(e.records.size());
  for (const model::EstablishmentRecord& record : e.records) {
    w.Signed(record.as_of.number).Varint(record.provider.value).Signed(record.places);
    w.Varint(static_cast<uint64_t>(record.registration));
  }
  w.Varint(e.judgements.size());
  for (const model::EstablishmentJudgement& j : e.judgements) {
    w.Signed(j.date.number).Varint(static_cast<uint64_t>(j.judgement));
  }
  return std::move(w).str();
}

absl::StatusOr<model::Establishment> DecodeEstablishment(std::string_view bytes) {
  ByteReader r(bytes);
  model::Establishment e;
  bool known = true;
  e.id = r.Text();
  e.display_name = r.Text();
  e.service = GetService(r, known);
  e.provision_type = r.Text();
  e.council.value = static_cast<uint16_t>(r.Varint());
  e.area.value = static_cast<uint16_t>(r.Varint());
  e.sector = r.Text();
  uint64_t count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) {
    model::EstablishmentRecord record;
    record.as_of.number = static_cast<int32_t>(r.Signed());
    record.provider.value = static_cast<uint32_t>(r.Varint());
    record.places = static_cast<int32_t>(r.Signed());
    record.registration = static_cast<model::Registration>(r.Varint());
    known &= model::Registration::kActive <= record.registration &&
             record.registration <= model::Registration::kCancelled;
    e.records.push_back(record);
  }
  count = r.Varint();
  for (uint64_t i = 0; i < count && r.ok(); ++i) {
    model::EstablishmentJudgement j;
    j.date.number = static_cast<int32_t>(r.Signed());
    j.judgement = static_cast<model::Judgement>(r.Varint());
    known &= model::Judgement::kOutstanding <= j.judgement &&
             j.judgement <= model::Judgement::kInadequate;
    e.judgements.push_back(j);
  }
  if (!known) return Damaged();
  return Checked(r, std::move(e));
}

}  // namespace steelyard::codec
