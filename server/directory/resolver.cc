#include "server/directory/resolver.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/directory/prepared_entries.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::directory {
namespace {

using model::CouncilNo;
using model::ProductNo;
using model::ProviderNo;
using model::SupplierNo;

constexpr size_t kSuggestions = 3;

// Index over `now`. Starts from the `index` over `before`, if there is one:
// that itself where nothing changed, with the new entries where some were only
// added at the end, else a new one out of what is prepared already. `stays`
// says of an entry that its preparation depends on no other entry.
template <typename Entry, typename Prepare, typename Stays>
NameIndex NextIndex(const std::vector<Entry>& now, const std::vector<Entry>* before,
                    const NameIndex* index, Prepare prepare, Stays stays) {
  const size_t kept = before == nullptr ? 0 : std::min(before->size(), now.size());
  const bool only_added = before != nullptr && kept == before->size() &&
                          std::equal(before->begin(), before->end(), now.begin());
  NameIndex::Entries entries;
  if (only_added) {
    for (size_t i = kept; i < now.size(); ++i) entries.push_back(prepare(now[i]));
    return index->With(std::move(entries));
  }
  const NameIndex::Entries prepared = kept == 0 ? NameIndex::Entries() : index->entries();
  for (size_t i = 0; i < now.size(); ++i) {
    const bool same = i < kept && now[i] == (*before)[i] && stays(now[i]);
    entries.push_back(same ? prepared[i] : prepare(now[i]));
  }
  return NameIndex(std::move(entries));
}

// `text` without blanks at its ends and the name of its collection.
std::string_view BareCode(std::string_view text, std::string_view collection) {
  text = Sv(absl::StripAsciiWhitespace(Av(text)));
  if (text.substr(0, collection.size()) == collection) text.remove_prefix(collection.size());
  return text;
}

// The code that `text` may be, lower-case, in `buffer`; empty if it is too long
// for one.
std::string_view LowerCode(std::string_view text, std::string_view collection,
                           std::array<char, 80>& buffer) {
  text = BareCode(text, collection);
  if (text.size() > buffer.size()) return {};
  std::transform(text.begin(), text.end(), buffer.begin(), [](char c) {
    return static_cast<char>(absl::ascii_tolower(static_cast<unsigned char>(c)));
  });
  return {buffer.data(), text.size()};
}

template <typename No>
Resolution<No> ToResolution(const NameIndex::Hit& hit) {
  return {No{hit.number}, hit.ambiguous};
}
template <>
Resolution<CouncilNo> ToResolution(const NameIndex::Hit& hit) {
  return {CouncilNo{static_cast<uint16_t>(hit.number)}, hit.ambiguous};
}

bool IsFound(const NameIndex::Hit& hit) { return hit.number != 0 || hit.ambiguous; }

template <typename No>
std::vector<No> Numbers(const std::vector<NameIndex::Scored>& scored) {
  std::vector<No> numbers;
  for (const auto& s : scored) numbers.push_back(ToResolution<No>({s.number, false, {}}).no);
  return numbers;
}

// What resolves comes first, then what has the words, else what is alike.
template <typename No>
std::vector<No> Found(const NameIndex& index, Resolution<No> resolved, const PreparedName& query,
                      size_t limit) {
  std::vector<No> found = Numbers<No>(index.Search(query.folded, limit));
  if (found.empty() && !resolved) found = Numbers<No>(index.Nearest(query, limit));
  if (resolved) {
    found.erase(std::remove(found.begin(), found.end(), resolved.no), found.end());
    found.insert(found.begin(), resolved.no);
  }
  if (found.size() > limit) found.resize(limit);
  return found;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Resolver>> Resolver::Build(
    std::shared_ptr<const model::Registers> registers, const Resolver* previous) {
  std::shared_ptr<const NameFolder> folder;
  if (previous != nullptr) {
    folder = previous->folder_;
  } else {
    ASSIGN_OR_RETURN(folder, NameFolder::Create());
  }
  std::shared_ptr<Resolver> next(new Resolver(std::move(registers), std::move(folder)));
  const model::Registers& now = *next->registers_;
  const model::Registers* before = previous == nullptr ? nullptr : previous->registers_.get();
  auto prepare = [&](const auto& entry) { return Prepare(entry, *next->folder_); };
  auto always = [](const auto&) { return true; };
  next->councils_ = NextIndex(now.councils, before ? &before->councils : nullptr,
                              before ? &previous->councils_ : nullptr, prepare, always);
  next->products_ = NextIndex(now.products, before ? &before->products : nullptr,
                              before ? &previous->products_ : nullptr, prepare, always);
  next->suppliers_ = NextIndex(
      now.suppliers, before ? &before->suppliers : nullptr,
      before ? &previous->suppliers_ : nullptr,
      [&](const model::Supplier& s) { return Prepare(s, now, *next->folder_); },
      [](const model::Supplier& s) { return s.merged_into.empty(); });
  next->providers_ = NextIndex(now.providers, before ? &before->providers : nullptr,
                               before ? &previous->providers_ : nullptr, prepare, always);
  return std::shared_ptr<const Resolver>(std::move(next));
}

NameIndex::Hit Resolver::FindName(const NameIndex& index, std::string_view text) const {
  // A name with accents is known as it is registered, without folding.
  const auto hit = index.FindName(text);
  return IsFound(hit) ? hit : index.FindName(folder_->Fold(text).view());
}

Resolution<ProductNo> Resolver::ResolveProduct(std::string_view text) const {
  std::array<char, 80> buffer;
  auto hit = products_.FindCode(LowerCode(text, "products/", buffer));
  if (!IsFound(hit)) hit = FindName(products_, text);
  return ToResolution<ProductNo>(hit);
}

Resolution<CouncilNo> Resolver::ResolveCouncil(std::string_view text) const {
  std::array<char, 80> buffer;
  auto hit = councils_.FindCode(LowerCode(text, "councils/", buffer));
  if (!IsFound(hit)) hit = FindName(councils_, text);
  return ToResolution<CouncilNo>(hit);
}

NameIndex::Hit Resolver::FindCompany(const NameIndex& index, std::string_view collection,
                                     std::string_view text) const {
  // Ids are made of names, so "Bolt" is a name and only "bolt" the id.
  auto hit = index.FindCode(BareCode(text, collection));
  if (!IsFound(hit)) hit = index.FindName(text);
  if (!IsFound(hit)) {
    FoldedName name = folder_->Fold(text);
    ShortenLegalForm(name);
    hit = index.FindName(name.view());
    if (!IsFound(hit)) hit = index.FindName(WithoutLegalForm(name.view()));
  }
  return hit;
}

Resolution<SupplierNo> Resolver::ResolveSupplier(std::string_view text) const {
  return ToResolution<SupplierNo>(FindCompany(suppliers_, "suppliers/", text));
}

Resolution<ProviderNo> Resolver::ResolveProvider(std::string_view text) const {
  return ToResolution<ProviderNo>(FindCompany(providers_, "providers/", text));
}

PreparedName Resolver::PrepareQuery(std::string_view text) const {
  std::string folded(folder_->Fold(text).view());
  return {folded, folder_->Skeleton(folded)};
}

PreparedName Resolver::PrepareCompanyQuery(std::string_view text) const {
  std::string key = SupplierKey(text);
  std::string skeleton = folder_->Skeleton(key);
  return {std::move(key), std::move(skeleton)};
}

std::string Resolver::SupplierKey(std::string_view name) const {
  FoldedName folded = folder_->Fold(name);
  ShortenLegalForm(folded);
  return std::string(WithoutLegalForm(folded.view()));
}

std::vector<ProductNo> Resolver::SuggestProducts(std::string_view text) const {
  return Numbers<ProductNo>(products_.Nearest(PrepareQuery(text), kSuggestions));
}

std::vector<CouncilNo> Resolver::SuggestCouncils(std::string_view text) const {
  return Numbers<CouncilNo>(councils_.Nearest(PrepareQuery(text), kSuggestions));
}

std::vector<SupplierNo> Resolver::SuggestSuppliers(std::string_view text) const {
  return Numbers<SupplierNo>(suppliers_.Nearest(PrepareCompanyQuery(text), kSuggestions));
}

std::vector<ProviderNo> Resolver::SuggestProviders(std::string_view text) const {
  return Numbers<ProviderNo>(providers_.Nearest(PrepareCompanyQuery(text), kSuggestions));
}

std::vector<ProductNo> Resolver::SearchProducts(std::string_view query, size_t limit) const {
  return Found(products_, ResolveProduct(query), PrepareQuery(query), limit);
}

std::vector<CouncilNo> Resolver::SearchCouncils(std::string_view query, size_t limit) const {
  return Found(councils_, ResolveCouncil(query), PrepareQuery(query), limit);
}

std::vector<SupplierNo> Resolver::SearchSuppliers(std::string_view query, size_t limit) const {
  return Found(suppliers_, ResolveSupplier(query), PrepareCompanyQuery(query), limit);
}

std::vector<ProviderNo> Resolver::SearchProviders(std::string_view query, size_t limit) const {
  return Found(providers_, ResolveProvider(query), PrepareCompanyQuery(query), limit);
}

std::vector<MergeProposal> Resolver::ProposeMerges() const {
  return directory::ProposeMerges(*registers_, suppliers_.entries());
}

}  // namespace steelyard::directory
