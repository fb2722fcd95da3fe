#ifndef STEELYARD_SERVER_BENCHMARKS_TILING_H_
#define STEELYARD_SERVER_BENCHMARKS_TILING_H_

#include <memory>
#include <string>
#include <vector>

#include "server/benchmarks/question.h"
#include "storage/editions/block.h"

namespace steelyard::benchmarks {

// Whole atoms that together answer one segment of a question, and what they
// cover: what was asked, or the nearest that is safe to show.
struct Tile {
  model::Period asked;
  model::Period answered;                    // `asked` if there are no atoms
  bool longer = false;                       // over more months than asked
  bool shorter = false;                      // some months asked for are not shown
  bool wider = false;                        // over more councils than asked
  std::vector<model::AreaNo> areas;          // leaves covered; empty: all
  std::vector<std::string> types;            // kinds of authority covered; empty: all
  std::vector<const editions::Atom*> atoms;  // no line in two of them
  // Of whole runs, those that show deliveries of the same areas; none if another
  // cut of the areas would be needed.
  std::vector<const editions::DeliveryTotals*> deliveries;

  bool SameAnswer(const Tile& o) const {
    return answered == o.answered && areas == o.areas && types == o.types &&
           atoms.empty() == o.atoms.empty();
  }
};

// Tiles each segment of `question` with atoms of `blocks` (one for each year
// that has one, in order). Looks only at how the blocks are split, never at
// what is in them. Segments in a row that have the same answer become one.
// The atoms live as long as the blocks.
std::vector<Tile> TileQuestion(
    const Question& question,
    const std::vector<std::shared_ptr<const editions::YearBlock>>& blocks);

}  // namespace steelyard::benchmarks

#endif  // STEELYARD_SERVER_BENCHMARKS_TILING_H_
