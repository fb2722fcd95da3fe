#include "server/registry/registry_proto.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/registry/cell_rules.h"
#include "server/registry/codes.h"
#include "server/registry/field_checker.h"
#include "server/rpc/convert.h"
#include "server/rpc/names.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

constexpr Expectation kOwner = {"SUPPLIER_UNKNOWN",
                                "the name of a registered supplier such as suppliers/caretech"};

}  // namespace

void ToProto(const model::Area& area, const model::Registers& registers, v1::Area* out) {
  out->set_name(rpc::AreaName(area.id));
  out->set_display_name(area.display_name);
  const model::Area* parent = area.parent ? registers.FindArea(*area.parent) : nullptr;
  if (parent != nullptr) out->set_parent(rpc::AreaName(parent->id));
  out->set_kind(area.kind);
}

void ToProto(const model::Council& council, const model::Registers& registers, v1::Council* out) {
  out->set_name(rpc::CouncilName(council.id));
  out->set_display_name(council.display_name);
  out->mutable_aliases()->Add(council.aliases.begin(), council.aliases.end());
  out->set_authority_type(council.authority_type);
  if (const model::Area* area = registers.FindArea(council.area)) {
    out->set_area(rpc::AreaName(area->id));
  }
  out->set_gss_code(council.gss_code);
  out->mutable_former_gss_codes()->Add(council.former_gss_codes.begin(),
                                       council.former_gss_codes.end());
  SetPeriod(council.start_date, council.end_date, out);
  for (const std::string& id : council.successors) out->add_successors(rpc::CouncilName(id));
  out->set_childrens_services(council.childrens_services);
  out->set_related_group(council.related_group);
}

void ToProto(const model::Product& product, const model::Registers&, v1::Product* out) {
  out->set_name(rpc::ProductName(product.id));
  out->set_display_name(product.display_name);
  out->mutable_aliases()->Add(product.aliases.begin(), product.aliases.end());
  out->set_product_class(product.product_class);
  out->set_base_unit(static_cast<v1::Product::BaseUnit>(product.base_unit));
  for (const model::PackLevel& level : product.packs) {
    v1::Product::Pack* pack = out->add_packs();
    pack->set_unit_code(level.unit_code);
    pack->set_display_name(level.display_name);
    pack->set_base_units(level.base_units);
  }
  for (const model::Attribute& a : product.attributes) {
    v1::Product::Attribute* attribute = out->add_attributes();
    attribute->set_key(a.key);
    attribute->set_value(a.value);
  }
  out->set_cpv_code(product.cpv_code);
  out->set_standard(product.standard);
  out->set_vat_class(product.vat_class);
  out->mutable_gtins()->Add(product.gtins.begin(), product.gtins.end());
  out->set_band_low_micros(product.band_low_micros);
  out->set_band_high_micros(product.band_high_micros);
  SetPeriod(product.start_date, product.end_date, out);
  out->set_any_pack(product.any_pack);
}

void ToProto(const model::Supplier& supplier, const model::Registers&, v1::Supplier* out) {
  out->set_name(rpc::SupplierName(supplier.id));
  out->set_display_name(supplier.display_name);
  out->mutable_aliases()->Add(supplier.aliases.begin(), supplier.aliases.end());
  out->set_company_number(supplier.company_number);
  out->set_country_code(supplier.country_code);
  for (const model::Ownership& o : supplier.owners) {
    v1::Supplier::Owner* owner = out->add_owners();
    owner->set_owner(rpc::SupplierName(o.owner));
    SetPeriod(o.start_date, o.end_date, owner);
  }
  if (!supplier.merged_into.empty()) {
    out->set_merged_into(rpc::SupplierName(supplier.merged_into));
  }
}

void ToProto(const directory::MergeProposal& proposal, const model::Registers& registers,
             v1::MergeProposal* out) {
  ToProto(*registers.FindSupplier(proposal.supplier), registers, out->mutable_supplier());
  ToProto(*registers.FindSupplier(proposal.candidate), registers, out->mutable_candidate());
  out->set_similarity(proposal.similarity);
}

model::Supplier FromProto(const v1::Supplier& supplier, const model::Registers& registers,
                          std::vector<model::Problem>& problems) {
  FieldChecker checker(problems);
  model::Supplier out;
  out.display_name = supplier.display_name();
  checker.Name("display_name", out.display_name);
  out.aliases = checker.Aliases(supplier.aliases());
  out.company_number = supplier.company_number();
  checker.Want(out.company_number.empty() || IsCompanyNumber(out.company_number), "company_number",
               out.company_number, kCompanyNumber);
  out.country_code = supplier.country_code();
  checker.Want(out.country_code.empty() || IsCountryCode(out.country_code), "country_code",
               out.country_code, kCountry);
  const auto find = [&](std::string_view owner) -> const model::Supplier* {
    const absl::StatusOr<std::string> id = rpc::ParseSupplier(owner);
    return id.ok() ? registers.FindSupplier(*id) : nullptr;
  };
  out.owners = checker.Owners<model::Ownership>(supplier.owners(), find, kOwner);
  return out;
}

}  // namespace steelyard::registry
