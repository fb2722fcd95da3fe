#ifndef STEELYARD_SERVER_BENCHMARKS_PROVIDER_TILING_H_
#define STEELYARD_SERVER_BENCHMARKS_PROVIDER_TILING_H_

// Which released atoms of outcomes answer a question. Looks only at how blocks
// are split and whose reports count in them, never at what is in the atoms.

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "storage/editions/outcome_block.h"
#include "storage/editions/outcome_store.h"
#include "storage/model/registers.h"

namespace steelyard::benchmarks {

// Whether a report about `member` in the quarter that begins with `quarter` is
// about `provider` (0: anybody): it is the same, or owned it on the quarter's
// last day.
bool IsAbout(const model::Registers& registers, model::ProviderNo provider,
             model::ProviderNo member, model::Month quarter);

// The blocks of a service over some years, found by whom they are about.
// Immutable once built, so any thread may read it; holds its blocks.
class OutcomeIndex {
 public:
  OutcomeIndex(editions::OutcomeStore::Blocks blocks, const model::Registers& registers);

  // Blocks in which reports about `provider` may count (IsAbout); all blocks
  // for 0.
  const std::vector<const editions::OutcomeBlock*>& About(model::ProviderNo provider) const;

  const editions::OutcomeStore::Blocks& blocks() const { return blocks_; }

 private:
  editions::OutcomeStore::Blocks blocks_;
  std::vector<const editions::OutcomeBlock*> all_;
  std::vector<const editions::OutcomeBlock*> none_;
  absl::flat_hash_map<model::ProviderNo, std::vector<const editions::OutcomeBlock*>> about_;
};

// A question's areas: leaves, ascending, or everywhere.
struct AreaScope {
  std::vector<model::AreaNo> leaves;
  bool everywhere = true;
};

// Whole atoms that together answer one period of a question, and what they
// cover.
struct ProviderTile {
  model::Period asked;
  model::Period answered;  // whole quarters; `asked` if there are no atoms
  // Not just what was asked: over a longer or a shorter time, more councils or
  // fewer providers.
  bool nearest = false;
  std::vector<model::AreaNo> areas;                 // leaves covered; empty: all
  std::vector<const editions::OutcomeAtom*> atoms;  // no report in two of them
  // The runs that they are of. No council is in two atoms of one run.
  struct RunAtoms {
    const editions::OutcomeBlock* block = nullptr;
    size_t first = 0;  // index of the run's first atom; they lie side by side
    size_t count = 0;
  };
  std::vector<RunAtoms> runs;

  bool SameAnswer(const ProviderTile& o) const {
    return answered == o.answered && areas == o.areas && atoms == o.atoms;
  }
};

// Tiles periods of one question. What it is given must outlive it.
class ProviderTiler {
 public:
  // About `provider` and what it owns, or all for 0.
  ProviderTiler(const OutcomeIndex& index, const model::Registers& registers,
                model::ProviderNo provider, AreaScope areas);
  // About all that counts in `blocks`.
  ProviderTiler(const std::vector<const editions::OutcomeBlock*>& blocks, AreaScope areas);

  // `asked` is whole quarters. Takes the groups whose members lie wholly inside
  // the question. In time: whole runs that cover the quarters asked for, and
  // the same time for every group. In place: the smallest union of areas that
  // holds the one asked for and that every run taken can tell apart.
  ProviderTile Tile(const model::Period& asked) const;

  // One for each quarter of `period`; quarters in a row with one answer become
  // one.
  std::vector<ProviderTile> TileQuarters(const model::Period& period) const;

 private:
  // A run whose members are all asked for.
  struct Piece {
    const editions::OutcomeBlock* block = nullptr;
    const editions::OutcomeRun* run = nullptr;
  };
  // A quarter of a group in which somebody who is asked for may have reports.
  struct Wanted {
    const editions::OutcomeBlock* block = nullptr;
    model::Period quarter;
  };

  template <typename About>
  void AddBlock(const editions::OutcomeBlock& block, const About& about);
  std::vector<Piece> PiecesFor(const model::Period& asked) const;
  bool AllShown(const model::Period& asked, const std::vector<Piece>& used) const;
  // Takes the atoms of `used`; returns whether they cover more than was asked.
  bool TakeAtoms(const std::vector<Piece>& used, ProviderTile& tile) const;

  AreaScope areas_;
  std::vector<Piece> pieces_;
  std::vector<Wanted> wanted_;
};

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_PROVIDER_TILING_H_
