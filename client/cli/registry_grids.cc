#include "client/cli/registry_grids.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

using google::protobuf::RepeatedPtrField;

std::string Joined(const RepeatedPtrField<std::string>& words) {
  return absl::StrJoin(words, "; ");
}

// What one base unit is, as on a price list.
std::string UnitWords(const v1::Product& product) {
  return EnumWords(v1::Product::BaseUnit_Name(product.base_unit()));
}

std::string PackWords(const v1::Product& product) {
  if (product.any_pack()) return "any";
  return absl::StrJoin(product.packs(), ", ", [](std::string* out, const v1::Product::Pack& pack) {
    absl::StrAppend(out, pack.display_name(), " of ", CountWords(pack.base_units()));
  });
}

std::string AttributeWords(const v1::Product& product) {
  return absl::StrJoin(product.attributes(), "; ",
                       [](std::string* out, const v1::Product::Attribute& attribute) {
                         absl::StrAppend(out, attribute.key(), " ", attribute.value());
                       });
}

}  // namespace

Grid GridOf(const RepeatedPtrField<v1::Area>& areas) {
  Grid grid({{"Area", "area"},
             {"Name", "name", GridColumn::kWrapped},
             {"Kind", "kind"},
             {"Part of", "parent"}});
  for (const v1::Area& area : areas) {
    grid.Add({LastPart(area.name()), area.display_name(), area.kind(), LastPart(area.parent())});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::Council>& councils) {
  Grid grid({{"Code", "council"},
             {"Name", "name", GridColumn::kWrapped},
             {"Type", "authority_type"},
             {"Area", "area"},
             {"GSS code", "gss_code"},
             {"Until", "end_date"},
             {"Now part of", "successors", GridColumn::kWrapped}});
  for (const v1::Council& council : councils) {
    std::string successors = absl::StrJoin(
        council.successors(), "; ",
        [](std::string* out, const std::string& name) { out->append(LastPart(name)); });
    const bool former = council.has_end_date();
    grid.Add({LastPart(council.name()),
              council.display_name(),
              council.authority_type(),
              LastPart(council.area()),
              council.gss_code(),
              {former ? DateWords(council.end_date()) : "", RawDate(council.end_date())},
              successors});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::Product>& products) {
  Grid grid({{"Product", "product"},
             {"Name", "name", GridColumn::kWrapped},
             {"Class", "class"},
             {"Priced per", "base_unit"},
             {"Usual packs", "packs", GridColumn::kWrapped},
             {"Standard", "standard", GridColumn::kWrapped},
             {"Specification", "specification", GridColumn::kWrapped}});
  for (const v1::Product& product : products) {
    grid.Add({LastPart(product.name()), product.display_name(), product.product_class(),
              UnitWords(product), PackWords(product), product.standard(), AttributeWords(product)});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::Supplier>& suppliers) {
  Grid grid({{"Supplier", "supplier", GridColumn::kWrapped},
             {"Name", "name", GridColumn::kWrapped},
             {"Company number", "company_number"},
             {"Country", "country"},
             {"Also called", "aliases", GridColumn::kWrapped},
             {"Merged into", "merged_into", GridColumn::kWrapped}});
  for (const v1::Supplier& supplier : suppliers) {
    grid.Add({LastPart(supplier.name()), supplier.display_name(), supplier.company_number(),
              supplier.country_code(), Joined(supplier.aliases()),
              LastPart(supplier.merged_into())});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::MergeProposal>& proposals) {
  Grid grid({{"Supplier", "supplier", GridColumn::kWrapped},
             {"Name", "name", GridColumn::kWrapped},
             {"May be", "candidate", GridColumn::kWrapped},
             {"Name", "candidate_name", GridColumn::kWrapped},
             {"Alike", "similarity", GridColumn::kNumber}});
  for (const v1::MergeProposal& proposal : proposals) {
    grid.Add({LastPart(proposal.supplier().name()),
              proposal.supplier().display_name(),
              LastPart(proposal.candidate().name()),
              proposal.candidate().display_name(),
              {PercentWords(proposal.similarity()), RawNumber(proposal.similarity())}});
  }
  return grid;
}

}  // namespace steelyard::cli
