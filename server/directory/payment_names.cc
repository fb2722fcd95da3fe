#include "server/directory/payment_names.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "storage/base/text.h"

namespace steelyard::directory {
namespace {

using model::ProviderNo;

constexpr size_t kNumberLength = 8;
// Letters of a single word, or of several joined, that stand for a company.
constexpr size_t kLeastLetters = 8;

bool IsOneWord(std::string_view folded) { return folded.find(' ') == std::string_view::npos; }

// Letters of a name without form, leading "the" and final "uk"; empty if they
// are too few to be sure.
std::string Joined(std::string_view core) {
  std::vector<std::string_view> words = Words(core);
  if (words.size() > 2 && words.front() == "the") words.erase(words.begin());
  if (words.size() > 2 && (words.back() == "uk" || words.back() == "gb")) words.pop_back();
  std::string joined;
  for (std::string_view word : words) joined.append(word);
  return joined.size() < kLeastLetters ? std::string() : joined;
}

// The first words of a name that tell it from most: three, without "the".
// Empty if it has fewer.
std::string Leading(std::string_view folded) {
  constexpr size_t kLeading = 3;
  std::vector<std::string_view> words = Words(folded);
  if (!words.empty() && words.front() == "the") words.erase(words.begin());
  if (words.size() < kLeading) return "";
  words.resize(kLeading);
  return absl::StrJoin(words, " ",
                       [](std::string* out, std::string_view word) { out->append(word); });
}

// What stands before "t/a" (also "t/as" and "trading as"); all of it without.
std::string_view BeforeTradingName(std::string_view folded) {
  for (const std::string_view mark : {" t a ", " t as ", " trading as "}) {
    const size_t at = folded.find(mark);
    if (at != std::string_view::npos && at > 0) return folded.substr(0, at);
  }
  return folded;
}

}  // namespace

std::string NormalCompanyNumber(std::string_view text) {
  std::string number;
  for (const char c : text) {
    if (c == ' ') continue;
    if (!absl::ascii_isalnum(static_cast<unsigned char>(c))) return "";
    number.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
  }
  const bool digits =
      std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits && number.size() >= 6 && number.size() < kNumberLength) {
    number.insert(0, kNumberLength - number.size(), '0');
  }
  return number.size() == kNumberLength ? number : "";
}

PaymentNames::PaymentNames(std::shared_ptr<const Resolver> resolver)
    : resolver_(std::move(resolver)) {
  const model::Registers& registers = resolver_->registers();
  for (const model::Council& council : registers.councils) {
    for (const std::string& alias : council.aliases) {
      words_.AddPlace(resolver_->folder().Fold(alias).view());
    }
  }
  for (const model::Provider& provider : registers.providers) Prepare(provider);
}

void PaymentNames::Prepare(const model::Provider& provider) {
  const uint32_t family =
      resolver_->registers()
          .UltimateOwner(provider.no, model::Day{std::numeric_limits<int32_t>::max()})
          .value;
  const auto add = [&](const std::string& name, Rank rank) {
    FoldedName folded = resolver_->folder().Fold(name);
    ShortenLegalForm(folded);
    AddName(provider.no, folded.view(), rank);
    FoldedName before = resolver_->folder().Fold(name);
    before.Shorten(BeforeTradingName(before.view()).size());
    ShortenLegalForm(before);
    AddName(provider.no, before.view(), rank);
    words_.Add(provider.no.value, family, folded.view());
    if (std::string leading = Leading(folded.view()); !leading.empty()) {
      by_leading_[std::move(leading)].push_back(provider.no);
    }
  };
  add(provider.display_name, kExact);
  for (const std::string& alias : provider.aliases) add(alias, kAlias);
  if (!provider.company_number.empty()) {
    const auto [it, first] =
        by_number_.try_emplace(provider.company_number, Hit{provider.no, kExact, false});
    if (!first && it->second.provider != provider.no) it->second.ambiguous = true;
  }
}

void PaymentNames::AddName(ProviderNo provider, std::string_view folded, Rank rank) {
  const std::string_view core = WithoutLegalForm(folded);
  if (core.empty()) return;
  AddKey(std::string(folded), {provider, rank, false});
  if (IsOneWord(core)) return;
  AddKey(std::string(core), {provider, core == folded ? rank : kWithoutForm, false});
  AddKey(Joined(core), {provider, kLoose, false});
}

void PaymentNames::AddKey(std::string key, Hit hit) {
  if (key.empty()) return;
  const auto [it, first] = by_name_.try_emplace(std::move(key), hit);
  if (first || it->second.rank < hit.rank) return;
  if (hit.rank < it->second.rank) {
    it->second = hit;
  } else if (it->second.provider != hit.provider) {
    it->second.ambiguous = true;
  }
}

const PaymentNames::Hit* PaymentNames::FindKey(std::string_view folded) const {
  const auto find = [&](std::string_view key) -> const Hit* {
    const auto it = by_name_.find(Av(key));
    return key.empty() || it == by_name_.end() ? nullptr : &it->second;
  };
  if (IsOneWord(folded) && folded.size() < kLeastLetters) return nullptr;
  if (const Hit* hit = find(folded)) return hit;
  const std::string_view core = WithoutLegalForm(folded);
  if (!IsOneWord(core)) {
    if (const Hit* hit = find(core)) return hit;
  }
  const Hit* loose = find(Joined(core));
  // The key may be somebody's one word, which has to agree in its legal form.
  return loose != nullptr && loose->rank == kLoose ? loose : nullptr;
}

std::string PaymentNames::Key(std::string_view name) const {
  FoldedName folded = resolver_->folder().Fold(name);
  ShortenLegalForm(folded);
  return std::string(folded.view());
}

PaymentMatch PaymentNames::Find(std::string_view name, std::string_view company_number) const {
  if (!company_number.empty()) {
    const auto it = by_number_.find(Av(company_number));
    if (it != by_number_.end() && !it->second.ambiguous) {
      return {PaymentMatch::Kind::kNumber, it->second.provider};
    }
  }
  const std::string key = Key(name);
  const Hit* hit = FindKey(key);
  if (hit == nullptr) {
    FoldedName before = resolver_->folder().Fold(name);
    before.Shorten(BeforeTradingName(before.view()).size());
    ShortenLegalForm(before);
    hit = FindKey(before.view());
  }
  if (hit == nullptr || hit->ambiguous) return {};
  const std::string& registered =
      resolver_->registers().FindProvider(hit->provider)->company_number;
  if (!company_number.empty() && !registered.empty() && registered != company_number) return {};
  return {PaymentMatch::Kind::kName, hit->provider};
}

void PaymentNames::AddContained(std::string_view folded,
                                absl::btree_map<ProviderNo, double>& likeness) const {
  const std::vector<std::string_view> words = Words(WithoutLegalForm(folded));
  size_t letters = 0;
  for (std::string_view word : words) letters += word.size();
  for (size_t first = 0; first < words.size(); ++first) {
    std::string spaced;
    std::string joined;
    for (size_t last = first; last < words.size(); ++last) {
      if (last > first) spaced += ' ';
      spaced.append(words[last]);
      joined.append(words[last]);
      if (joined.size() < kLeastLetters) continue;
      for (const std::string& key : {spaced, joined}) {
        const auto it = by_name_.find(key);
        if (it == by_name_.end()) continue;
        const double share = static_cast<double>(joined.size()) / static_cast<double>(letters);
        double& known = likeness[it->second.provider];
        known = std::max(known, kProposedLikeness + (1 - kProposedLikeness) * share);
      }
    }
  }
}

std::vector<NameCandidate> PaymentNames::Propose(std::string_view name) const {
  const FoldedName folded = resolver_->folder().Fold(name);
  absl::btree_map<ProviderNo, double> likeness;
  for (const NameWords::Alike& alike : words_.Nearest(folded.view(), kProposedLikeness)) {
    likeness[ProviderNo{alike.number}] = alike.likeness;
  }
  AddContained(folded.view(), likeness);
  if (const auto it = by_leading_.find(Leading(folded.view())); it != by_leading_.end()) {
    for (const ProviderNo provider : it->second) likeness.try_emplace(provider, kProposedLikeness);
  }
  std::vector<NameCandidate> candidates;
  for (const auto& [provider, alike] : likeness) candidates.push_back({provider, alike});
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [](const NameCandidate& a, const NameCandidate& b) { return a.likeness > b.likeness; });
  if (candidates.size() > kMaxCandidates) candidates.resize(kMaxCandidates);
  return candidates;
}

}  // namespace steelyard::directory
