#ifndef STEELYARD_SERVER_DIRECTORY_MERGE_PROPOSALS_H_
#define STEELYARD_SERVER_DIRECTORY_MERGE_PROPOSALS_H_

#include <vector>

#include "server/directory/name_index.h"
#include "storage/model/registers.h"

namespace steelyard::directory {

// Two suppliers that may be one; a person decides.
struct MergeProposal {
  model::SupplierNo supplier;   // the newer
  model::SupplierNo candidate;  // the one it may be
  double similarity = 0;        // of their names, 0 to 1; 1: same or look the same
  friend bool operator==(const MergeProposal&, const MergeProposal&) = default;
};

// Least likeness of two names to be proposed.
inline constexpr double kProposedSimilarity = 0.92;

// Proposes suppliers whose names without legal form are the same, look the
// same (a Cyrillic letter among Latin ones) or are at least
// kProposedSimilarity alike. Leaves out pairs that have one owner in the end,
// merged ones, and companies that are only alike in name but have different
// company numbers. Compares only names that begin a word alike or that are
// neighbors in the alphabet, so 5,000 suppliers take well under a second.
// Most alike first, then by number. `entries` are those of `registers`.
std::vector<MergeProposal> ProposeMerges(const model::Registers& registers,
                                         const NameIndex::Entries& entries);

}  // namespace steelyard::directory

#endif  // STEELYARD_SERVER_DIRECTORY_MERGE_PROPOSALS_H_
