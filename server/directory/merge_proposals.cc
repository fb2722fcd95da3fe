#include "server/directory/merge_proposals.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "server/directory/names.h"
#include "storage/base/text.h"

namespace steelyard::directory {
namespace {

using model::SupplierNo;

// A block of names larger than this shares something too common to mean much.
constexpr size_t kMaxBlock = 64;
// Neighbors in the alphabet that are compared whatever their blocks.
constexpr size_t kNeighbors = 6;
constexpr size_t kBlockPrefix = 4;

// One name of a standing supplier.
struct Name {
  uint32_t number = 0;
  std::string_view skeleton;
  std::vector<std::string_view> words;
  std::string_view folded;
};

std::vector<Name> NamesOf(const model::Registers& registers, const NameIndex::Entries& entries) {
  std::vector<Name> names;
  for (const auto& entry : entries) {
    const model::Supplier* supplier = registers.FindSupplier(SupplierNo{entry->number});
    if (supplier == nullptr || !supplier->merged_into.empty()) continue;
    for (const PreparedName& n : entry->names) {
      if (n.folded.empty()) continue;
      names.push_back({entry->number, n.skeleton, Words(n.folded), n.folded});
    }
  }
  std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) {
    return std::tie(a.folded, a.number) < std::tie(b.folded, b.number);
  });
  return names;
}

// Calls `compare` for pairs of names that may be alike, some more than once.
template <typename Compare>
void ForLikelyPairs(const std::vector<Name>& names, Compare compare) {
  std::map<std::string_view, std::vector<const Name*>> blocks;
  std::map<std::string_view, std::vector<const Name*>> looks;
  for (size_t i = 0; i < names.size(); ++i) {
    looks[names[i].skeleton].push_back(&names[i]);
    for (std::string_view word : names[i].words) {
      blocks[word.substr(0, kBlockPrefix)].push_back(&names[i]);
    }
    for (size_t j = i + 1; j < std::min(names.size(), i + 1 + kNeighbors); ++j) {
      compare(names[i], names[j]);
    }
  }
  auto within = [&](const std::vector<const Name*>& block) {
    for (size_t i = 0; i < block.size(); ++i) {
      for (size_t j = i + 1; j < block.size(); ++j) compare(*block[i], *block[j]);
    }
  };
  for (const auto& [prefix, block] : blocks) {
    if (block.size() <= kMaxBlock) within(block);
  }
  // Names that look the same are always compared, at least with the first.
  for (const auto& [skeleton, block] : looks) {
    if (block.size() <= kMaxBlock) {
      within(block);
    } else {
      for (size_t i = 1; i < block.size(); ++i) compare(*block.front(), *block[i]);
    }
  }
}

SupplierNo OwnerNow(const model::Registers& registers, uint32_t number) {
  return registers.UltimateOwner(SupplierNo{number},
                                 model::Day{std::numeric_limits<int32_t>::max()});
}

bool MayBeProposed(const model::Registers& registers, uint32_t a, uint32_t b, double similarity) {
  if (OwnerNow(registers, a) == OwnerNow(registers, b)) return false;
  const std::string& number_a = registers.FindSupplier(SupplierNo{a})->company_number;
  const std::string& number_b = registers.FindSupplier(SupplierNo{b})->company_number;
  return similarity == 1 || number_a.empty() || number_b.empty() || number_a == number_b;
}

}  // namespace

std::vector<MergeProposal> ProposeMerges(const model::Registers& registers,
                                         const NameIndex::Entries& entries) {
  const std::vector<Name> names = NamesOf(registers, entries);
  // The best likeness of each pair of suppliers, newer first.
  std::map<std::pair<uint32_t, uint32_t>, double> best;
  absl::flat_hash_set<std::pair<const Name*, const Name*>> compared;
  ForLikelyPairs(names, [&](const Name& a, const Name& b) {
    if (a.number == b.number || !compared.insert(std::minmax(&a, &b)).second) return;
    const double similarity = a.skeleton == b.skeleton ? 1 : NameSimilarity(a.words, b.words);
    if (similarity < kProposedSimilarity) return;
    double& known = best[{std::max(a.number, b.number), std::min(a.number, b.number)}];
    known = std::max(known, similarity);
  });
  std::vector<MergeProposal> proposals;
  for (const auto& [pair, similarity] : best) {
    if (!MayBeProposed(registers, pair.first, pair.second, similarity)) continue;
    proposals.push_back({SupplierNo{pair.first}, SupplierNo{pair.second}, similarity});
  }
  std::stable_sort(
      proposals.begin(), proposals.end(),
      [](const MergeProposal& a, const MergeProposal& b) { return a.similarity > b.similarity; });
  return proposals;
}

}  // namespace steelyard::directory
