#include "server/registry/register_csv.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/registry/cell_rules.h"
#include "server/registry/codes.h"
#include "server/registry/register_checks.h"
#include "server/registry/register_reading.h"
#include "server/registry/row_reader.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

using model::Registers;

constexpr int64_t kMaxMicros = 1'000'000'000'000;
constexpr int64_t kMaxPackUnits = 10'000'000;

constexpr Expectation kFlag = {"FLAG_INVALID", "true or false"};
constexpr Expectation kGss = {"GSS_CODE_INVALID", "a code such as E06000001"};
constexpr Expectation kMicros = {"PRICE_INVALID",
                                 "a price in millionths of GBP, a whole number up to 10^12"};

bool IsAreaKind(std::string_view text) {
  return text == "country" || text == "nation" || text == "region";
}
bool IsVatClass(std::string_view text) { return text == "ppe-zero-2020" || text == "standard"; }

std::optional<bool> ParseFlag(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<std::optional<model::Day>> ParseOptionalDay(std::string_view text) {
  const auto day = ParseDay(text);
  if (!day) return std::nullopt;
  return day;
}

std::optional<int64_t> ParseMicros(std::string_view text) {
  const auto micros = ParseWhole(text);
  return micros && *micros <= kMaxMicros ? micros : std::nullopt;
}

std::optional<model::BaseUnit> ParseBaseUnit(std::string_view text) {
  if (text == "piece") return model::BaseUnit::kPiece;
  if (text == "pair") return model::BaseUnit::kPair;
  if (text == "milliliter") return model::BaseUnit::kMilliliter;
  return std::nullopt;
}

// BX:box:50
std::optional<model::PackLevel> ParsePack(std::string_view text) {
  const auto parts = RowReader::Parts(text, ':');
  if (parts.size() != 3 || !IsPackUnitCode(parts[0])) return std::nullopt;
  const auto units = ParseWhole(parts[2]);
  if (!units || *units < 1 || *units > kMaxPackUnits) return std::nullopt;
  return model::PackLevel{std::string(parts[0]), std::string(parts[1]), *units};
}

// class=IIR
std::optional<model::Attribute> ParseAttribute(std::string_view text) {
  const size_t sign = text.find('=');
  if (sign == std::string_view::npos || sign + 1 == text.size()) return std::nullopt;
  const std::string_view key = text.substr(0, sign);
  if (!model::IsResourceId(key)) return std::nullopt;
  return model::Attribute{std::string(key), std::string(text.substr(sign + 1))};
}

void ReadCouncil(RowReader& row, const Registers& current, model::Council& c) {
  row.Required("name", c.display_name, ParseName, kName);
  row.List("aliases", c.aliases, ParseName, kName);
  row.Required("authority_type", c.authority_type, ParseWord, kWord);
  row.Required("area", c.area,
               [&](std::string_view id) -> std::optional<model::AreaNo> {
                 const model::Area* area = current.FindArea(id);
                 if (area == nullptr) return std::nullopt;
                 return area->no;
               },
               {"AREA_UNKNOWN", "the id of a registered area"});
  row.Optional("gss_code", c.gss_code, Checked<IsGssCode>, kGss);
  row.List("former_gss_codes", c.former_gss_codes, Checked<IsGssCode>, kGss);
  row.Optional("start_date", c.start_date, ParseOptionalDay, kDay);
  row.Optional("end_date", c.end_date, ParseOptionalDay, kDay);
  row.List("successors", c.successors, ParseWord, kId);
  row.Optional("childrens_services", c.childrens_services, ParseFlag, kFlag);
  row.Optional("related_group", c.related_group, ParseWord, kWord);
}

void ReadProduct(RowReader& row, model::Product& p) {
  row.Required("name", p.display_name, ParseName, kName);
  row.List("aliases", p.aliases, ParseName, kName);
  row.Required("product_class", p.product_class, ParseWord, kWord);
  row.Required("base_unit", p.base_unit, ParseBaseUnit,
               {"BASE_UNIT_UNKNOWN", "piece, pair or milliliter"});
  row.List("packs", p.packs, ParsePack,
           {"PACK_INVALID", "packs such as BX:box:50 (unit code of UN/CEFACT, name, base units)"});
  row.List("attributes", p.attributes, ParseAttribute,
           {"ATTRIBUTE_INVALID", "properties such as class=IIR"});
  row.Optional("cpv_code", p.cpv_code, Checked<IsCpv>,
               {"CPV_INVALID", "a CPV code with its check digit, such as 18424300-0"});
  row.Optional("standard", p.standard, ParseName, kName);
  row.Optional("vat_class", p.vat_class, Checked<IsVatClass>,
               {"VAT_CLASS_UNKNOWN", "ppe-zero-2020 or standard"});
  if (p.vat_class.empty()) p.vat_class = "standard";
  row.List("gtins", p.gtins, Checked<IsGtin>,
           {"GTIN_INVALID", "GTINs of 8, 12, 13 or 14 digits with a right check digit"});
  row.Optional("band_low_micros", p.band_low_micros, ParseMicros, kMicros);
  row.Optional("band_high_micros", p.band_high_micros, ParseMicros, kMicros);
  row.Optional("start_date", p.start_date, ParseOptionalDay, kDay);
  row.Optional("end_date", p.end_date, ParseOptionalDay, kDay);
  row.Optional("any_pack", p.any_pack, ParseFlag, kFlag);
}

void ReadSupplier(RowReader& row, model::Supplier& s) {
  row.Required("name", s.display_name, ParseName, kName);
  row.List("aliases", s.aliases, ParseName, kName);
  row.Optional("company_number", s.company_number, Checked<IsCompanyNumber>, kCompanyNumber);
  row.Optional("country_code", s.country_code, Checked<IsCountryCode>, kCountry);
  row.List("owners", s.owners, ParseOwnership<model::Ownership>, kOwners);
}

}  // namespace

RegisterLoad Parse(Register which, std::string_view csv, const Registers& current) {
  switch (which) {
    case Register::kAreas:
      return ParseAreas(csv, current);
    case Register::kCouncils:
      return ParseCouncils(csv, current);
    case Register::kProducts:
      return ParseProducts(csv, current);
    case Register::kSuppliers:
      return ParseSuppliers(csv, current);
    case Register::kProviders:
      return ParseProviders(csv, current);
  }
  return {};
}

RegisterLoad ParseAreas(std::string_view csv, const Registers& current) {
  absl::flat_hash_map<int64_t, std::string> parents;  // by row
  auto reading = ReadRows<model::Area>(
      csv, {{"id", "name", "kind"}, {"parent"}}, current, Room<uint16_t>(current.areas.size()),
      [&](std::string_view id) { return current.FindArea(id); },
      [&](RowReader& row, model::Area& a) {
        row.Required("name", a.display_name, ParseName, kName);
        row.Required("kind", a.kind, Checked<IsAreaKind>,
                     {"AREA_KIND_UNKNOWN", "country, nation or region"});
        if (const auto parent = row.Cell("parent")) parents[row.line()] = std::string(*parent);
      });
  // A parent may stand further down, so all are looked up at the end.
  for (model::Area& area : reading.entries) {
    const int64_t line = reading.lines[area.id];
    const auto given = parents.find(line);
    if (given == parents.end()) continue;
    const model::Area* parent = reading.next.FindArea(given->second);
    if (parent == nullptr && !given->second.empty()) {
      reading.problems.push_back(
          CellProblem(line, "parent", given->second,
                      {"AREA_UNKNOWN", "the id of an area that is registered or in this file"}));
    }
    area.parent = parent == nullptr ? std::nullopt : std::optional(parent->no);
    reading.next.Put(area);
  }
  RegisterLoad load;
  load.problems = AllProblems(reading, CheckAreas(reading.next, reading.lines));
  load.areas = std::move(reading.entries);
  return load;
}

RegisterLoad ParseCouncils(std::string_view csv, const Registers& current) {
  auto reading = ReadRows<model::Council>(
      csv,
      {{"id", "name", "authority_type", "area"},
       {"aliases", "gss_code", "former_gss_codes", "start_date", "end_date", "successors",
        "childrens_services", "related_group"}},
      current, Room<uint16_t>(current.councils.size()),
      [&](std::string_view id) { return current.FindCouncil(id); },
      [&](RowReader& row, model::Council& c) { ReadCouncil(row, current, c); });
  RegisterLoad load;
  load.problems = AllProblems(reading, CheckCouncils(reading.next, reading.lines));
  load.councils = std::move(reading.entries);
  return load;
}

RegisterLoad ParseProducts(std::string_view csv, const Registers& current) {
  auto reading = ReadRows<model::Product>(
      csv,
      {{"id", "name", "product_class", "base_unit"},
       {"aliases", "packs", "attributes", "cpv_code", "standard", "vat_class", "gtins",
        "band_low_micros", "band_high_micros", "start_date", "end_date", "any_pack"}},
      current, Room<uint32_t>(current.products.size()),
      [&](std::string_view id) { return current.FindProduct(id); },
      [](RowReader& row, model::Product& p) { ReadProduct(row, p); });
  RegisterLoad load;
  load.problems = AllProblems(reading, CheckProducts(reading.next, reading.lines));
  load.products = std::move(reading.entries);
  return load;
}

RegisterLoad ParseSuppliers(std::string_view csv, const Registers& current) {
  auto reading = ReadRows<model::Supplier>(
      csv, {{"id", "name"}, {"aliases", "company_number", "country_code", "owners"}}, current,
      Room<uint32_t>(current.suppliers.size()),
      [&](std::string_view id) { return current.FindSupplier(id); },
      [](RowReader& row, model::Supplier& s) { ReadSupplier(row, s); });
  RegisterLoad load;
  load.problems = AllProblems(reading, CheckSuppliers(reading.next, reading.lines));
  load.suppliers = std::move(reading.entries);
  return load;
}

}  // namespace steelyard::registry
