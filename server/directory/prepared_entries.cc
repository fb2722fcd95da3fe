#include "server/directory/prepared_entries.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "storage/base/text.h"

namespace steelyard::directory {
namespace {

// Longest chain of merges that is followed; beyond it somebody made a ring.
constexpr int kMaxMerges = 16;

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

void AddName(std::string_view text, NamedEntry::Rank rank, const NameFolder& folder,
             NamedEntry& entry) {
  const FoldedName folded = folder.Fold(text);
  const std::string name(folded.view());
  if (!name.empty()) entry.keys.push_back({name, rank});
  if (!IsAscii(text)) entry.keys.push_back({std::string(text), rank});
  entry.names.push_back({name, folder.Skeleton(name)});
}

void AddCompanyName(std::string_view text, NamedEntry::Rank rank, const NameFolder& folder,
                    NamedEntry& entry) {
  FoldedName folded = folder.Fold(text);
  ShortenLegalForm(folded);
  const std::string core(WithoutLegalForm(folded.view()));
  if (!core.empty()) {
    entry.keys.push_back({std::string(folded.view()), rank});
    if (core != folded.view()) entry.keys.push_back({core, NamedEntry::kShortened});
  }
  if (!IsAscii(text)) entry.keys.push_back({std::string(text), rank});
  entry.names.push_back({core, folder.Skeleton(core)});
}

void AddWords(std::string_view text, const NameFolder& folder, NamedEntry& entry) {
  const FoldedName folded = folder.Fold(text);
  absl::StrAppend(&entry.words, entry.words.empty() ? "" : " ", Av(folded.view()));
}

std::string_view WithoutLeadingZeros(std::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

void AddCompanyNumber(std::string_view number, NamedEntry& entry) {
  if (number.empty()) return;
  entry.codes.emplace_back(number);
  const std::string_view core = WithoutLeadingZeros(number);
  if (core.size() < number.size()) entry.codes.emplace_back(core);
}

// Every length that a GTIN may have, and none of its leading zeros.
void AddGtin(std::string_view gtin, NamedEntry& entry) {
  const std::string_view core = WithoutLeadingZeros(gtin);
  entry.codes.emplace_back(core);
  for (size_t length : {8, 12, 13, 14}) {
    if (length > core.size()) {
      entry.codes.push_back(absl::StrCat(std::string(length - core.size(), '0'), Av(core)));
    }
  }
}

uint32_t StandingNumber(const model::Supplier& supplier, const model::Registers& registers) {
  const model::Supplier* at = &supplier;
  for (int i = 0; i < kMaxMerges && !at->merged_into.empty(); ++i) {
    const model::Supplier* into = registers.FindSupplier(at->merged_into);
    if (into == nullptr) break;
    at = into;
  }
  return at->no.value;
}

}  // namespace

std::shared_ptr<const NamedEntry> Prepare(const model::Council& council, const NameFolder& folder) {
  auto entry = std::make_shared<NamedEntry>();
  entry->number = council.no.value;
  entry->past = council.end_date.has_value();
  entry->codes.push_back(council.id);
  if (!council.gss_code.empty()) entry->codes.push_back(absl::AsciiStrToLower(council.gss_code));
  for (const std::string& code : council.former_gss_codes) {
    entry->codes.push_back(absl::AsciiStrToLower(code));
  }
  AddName(council.display_name, NamedEntry::kName, folder, *entry);
  for (const std::string& a : council.aliases) AddName(a, NamedEntry::kAlias, folder, *entry);
  for (const std::string& code : entry->codes) AddWords(code, folder, *entry);
  AddWords(council.authority_type, folder, *entry);
  return entry;
}

std::shared_ptr<const NamedEntry> Prepare(const model::Product& product, const NameFolder& folder) {
  auto entry = std::make_shared<NamedEntry>();
  entry->number = product.no.value;
  entry->past = product.end_date.has_value();
  entry->codes.push_back(product.id);
  for (const std::string& gtin : product.gtins) AddGtin(gtin, *entry);
  AddName(product.display_name, NamedEntry::kName, folder, *entry);
  for (const std::string& a : product.aliases) AddName(a, NamedEntry::kAlias, folder, *entry);
  for (const std::string* text :
       {&product.id, &product.product_class, &product.cpv_code, &product.standard}) {
    AddWords(*text, folder, *entry);
  }
  for (const std::string& gtin : product.gtins) AddWords(gtin, folder, *entry);
  for (const model::Attribute& a : product.attributes) {
    // "sterile=true" is found by sterile, "sterile=false" is not.
    if (a.value != "false") AddWords(a.value == "true" ? a.key : a.value, folder, *entry);
  }
  return entry;
}

std::shared_ptr<const NamedEntry> Prepare(const model::Supplier& supplier,
                                          const model::Registers& registers,
                                          const NameFolder& folder) {
  auto entry = std::make_shared<NamedEntry>();
  entry->number = StandingNumber(supplier, registers);
  entry->past = !supplier.merged_into.empty();
  entry->codes.push_back(supplier.id);
  AddCompanyNumber(supplier.company_number, *entry);
  AddCompanyName(supplier.display_name, NamedEntry::kName, folder, *entry);
  for (const std::string& a : supplier.aliases) {
    AddCompanyName(a, NamedEntry::kAlias, folder, *entry);
  }
  for (const std::string* text : {&supplier.id, &supplier.company_number, &supplier.country_code}) {
    AddWords(*text, folder, *entry);
  }
  return entry;
}

std::shared_ptr<const NamedEntry> Prepare(const model::Provider& provider,
                                          const NameFolder& folder) {
  auto entry = std::make_shared<NamedEntry>();
  entry->number = provider.no.value;
  entry->codes.push_back(provider.id);
  AddCompanyNumber(provider.company_number, *entry);
  AddCompanyName(provider.display_name, NamedEntry::kName, folder, *entry);
  for (const std::string& a : provider.aliases) {
    AddCompanyName(a, NamedEntry::kAlias, folder, *entry);
  }
  for (const std::string* text : {&provider.id, &provider.company_number, &provider.sector}) {
    AddWords(*text, folder, *entry);
  }
  for (const model::Service service : provider.services) {
    AddWords(model::CodeOf(service).id, folder, *entry);
  }
  return entry;
}

}  // namespace steelyard::directory
