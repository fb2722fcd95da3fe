#include "server/registry/registry_proto.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/registry/cell_rules.h"
#include "server/registry/codes.h"
#include "server/rpc/convert.h"
#include "server/rpc/names.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

// As many as fit into a cell of a file.
constexpr size_t kMaxAliasBytes = kMaxCellBytes;
constexpr int kMaxOwners = 20;
// What a problem takes in the reply beside its own bytes.
constexpr size_t kFieldBytes = 6;
// Room for the problem that says what was left out.
constexpr size_t kLeftOutBytes = 512;

constexpr Expectation kOwner = {"SUPPLIER_UNKNOWN",
                                "the name of a registered supplier such as suppliers/caretech"};

template <typename Message>
void SetPeriod(const std::optional<model::Day>& start, const std::optional<model::Day>& end,
               Message* out) {
  if (start) rpc::ToProto(*start, out->mutable_start_date());
  if (end) rpc::ToProto(*end, out->mutable_end_date());
}

// A name that a person can read, as a register file asks for.
bool IsReadableName(std::string_view text) {
  return IsName(text) && Printable(text, kMaxNameBytes * 4) == text && text.front() != ' ' &&
         text.back() != ' ';
}

// Collects what is wrong with a supplier.
class Checker {
 public:
  explicit Checker(std::vector<model::Problem>& problems) : problems_(problems) {}

  void Report(std::string_view field, std::string_view found, const Expectation& expectation) {
    problems_.push_back(CellProblem(0, field, found, expectation));
  }
  void Want(bool good, std::string_view field, std::string_view found,
            const Expectation& expectation) {
    if (!good) Report(field, found, expectation);
  }
  std::optional<model::Day> Date(bool given, const google::type::Date& date,
                                 std::string_view field) {
    if (!given) return std::nullopt;
    const std::optional<model::Day> day = rpc::FromProto(date);
    if (!day) Report(field, absl::StrCat(date.year(), "-", date.month(), "-", date.day()), kDay);
    return day;
  }

 private:
  std::vector<model::Problem>& problems_;
};

// Adds an owner that is registered.
void AddOwner(const v1::Supplier::Owner& owner, const std::string& field,
              const model::Registers& registers, Checker& checker,
              std::vector<model::Ownership>& out) {
  model::Ownership o;
  o.start_date = checker.Date(owner.has_start_date(), owner.start_date(), field + ".start_date");
  o.end_date = checker.Date(owner.has_end_date(), owner.end_date(), field + ".end_date");
  absl::StatusOr<std::string> id = rpc::ParseSupplier(owner.owner());
  if (!id.ok() || registers.FindSupplier(*id) == nullptr) {
    checker.Report(field + ".owner", owner.owner(), kOwner);
    return;
  }
  o.owner = *std::move(id);
  out.push_back(std::move(o));
}

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
  Checker checker(problems);
  model::Supplier out;
  out.display_name = supplier.display_name();
  checker.Want(IsReadableName(out.display_name), "display_name", out.display_name, kName);
  size_t alias_bytes = 0;
  for (int i = 0; i < supplier.aliases_size(); ++i) {
    const std::string& alias = supplier.aliases(i);
    checker.Want(IsReadableName(alias), absl::StrCat("aliases[", i, "]"), alias, kName);
    alias_bytes += alias.size() + 1;
    out.aliases.push_back(alias);
  }
  checker.Want(alias_bytes <= kMaxAliasBytes, "aliases", absl::StrCat(alias_bytes, " bytes"),
               {"CELL_TOO_LONG", "at most 1,000 bytes in all"});
  out.company_number = supplier.company_number();
  checker.Want(out.company_number.empty() || IsCompanyNumber(out.company_number), "company_number",
               out.company_number, kCompanyNumber);
  out.country_code = supplier.country_code();
  checker.Want(out.country_code.empty() || IsCountryCode(out.country_code), "country_code",
               out.country_code, kCountry);
  checker.Want(supplier.owners_size() <= kMaxOwners, "owners",
               absl::StrCat(supplier.owners_size(), " owners"),
               {"OWNER_INVALID", "at most 20 owners"});
  for (int i = 0; i < std::min(supplier.owners_size(), kMaxOwners); ++i) {
    AddOwner(supplier.owners(i), absl::StrCat("owners[", i, "]"), registers, checker, out.owners);
  }
  return out;
}

void AddProblems(const std::vector<model::Problem>& problems, size_t max_bytes,
                 v1::LoadRegisterResponse* out) {
  size_t bytes = out->ByteSizeLong() + kLeftOutBytes;
  size_t shown = 0;
  for (; shown < problems.size(); ++shown) {
    v1::Problem problem;
    rpc::ToProto(problems[shown], &problem);
    bytes += problem.ByteSizeLong() + kFieldBytes;
    if (bytes > max_bytes) break;
    *out->add_problems() = std::move(problem);
  }
  if (shown == problems.size()) return;
  const std::vector<model::Problem> rest(problems.begin() + static_cast<ptrdiff_t>(shown),
                                         problems.end());
  model::Problem more;
  more.code = "PROBLEMS_LEFT_OUT";
  more.found = absl::StrCat(rest.size(), " more problems");
  more.expected = "fewer problems than one reply can hold";
  if (!model::HasError(rest)) more.severity = model::Problem::Severity::kWarning;
  more.message = absl::StrCat(rest.size(),
                              " more problems are not listed; mend those that are and load the "
                              "file again.");
  rpc::ToProto(more, out->add_problems());
}

}  // namespace steelyard::registry
