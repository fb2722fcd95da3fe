#include "server/benchmarks/provider_tiling.h"

#include <algorithm>
#include <utility>

namespace steelyard::benchmarks {
namespace {

using editions::AreaGroup;
using editions::OutcomeBlock;
using editions::OutcomeRun;

model::Day LastDayOf(model::Month quarter) {
  const model::Month next = quarter.Plus(3);
  return {model::Day::FromCivil(absl::CivilDay(next.year(), next.month(), 1)).number - 1};
}

model::Period QuarterAt(model::Month first) { return {first, first.Plus(2)}; }

size_t QuarterInYear(model::Month quarter) { return static_cast<size_t>(quarter.month() - 1) / 3; }

template <typename Visit>
void ForQuarters(const model::Period& quarters, const Visit& visit) {
  for (model::Month q = quarters.first; q <= quarters.last; q = q.Plus(3)) visit(q);
}

ProviderTile Nothing(const model::Period& asked) {
  ProviderTile tile;
  tile.asked = tile.answered = asked;
  return tile;
}

bool Meets(const AreaGroup& group, const std::set<model::AreaNo>& wanted) {
  return std::any_of(group.begin(), group.end(),
                     [&](model::AreaNo area) { return wanted.contains(area); });
}

// Widens `wanted` until each group of each partition lies in it or outside.
std::set<model::AreaNo> Close(std::set<model::AreaNo> wanted,
                              const std::vector<const std::vector<AreaGroup>*>& partitions) {
  for (size_t before = 0; before != wanted.size();) {
    before = wanted.size();
    for (const auto* groups : partitions) {
      for (const AreaGroup& group : *groups) {
        if (Meets(group, wanted)) wanted.insert(group.begin(), group.end());
      }
    }
  }
  return wanted;
}

}  // namespace

bool IsAbout(const model::Registers& registers, model::ProviderNo provider,
             model::ProviderNo member, model::Month quarter) {
  if (provider.value == 0 || provider == member) return true;
  const auto owners = registers.OwnersOf(member, LastDayOf(quarter));
  return std::find(owners.begin(), owners.end(), provider) != owners.end();
}

OutcomeIndex::OutcomeIndex(editions::OutcomeStore::Blocks blocks, const model::Registers& registers)
    : blocks_(std::move(blocks)) {
  for (const auto& block : blocks_) {
    all_.push_back(block.get());
    for (const editions::GroupMember& member : block->members) {
      ForQuarters(member.quarters, [&](model::Month quarter) {
        for (model::ProviderNo owner : registers.OwnersOf(member.provider, LastDayOf(quarter))) {
          auto& found = about_[owner];
          if (found.empty() || found.back() != block.get()) found.push_back(block.get());
        }
      });
    }
  }
}

const std::vector<const OutcomeBlock*>& OutcomeIndex::About(model::ProviderNo provider) const {
  if (provider.value == 0) return all_;
  const auto found = about_.find(provider);
  return found == about_.end() ? none_ : found->second;
}

ProviderTiler::ProviderTiler(const OutcomeIndex& index, const model::Registers& registers,
                             model::ProviderNo provider, AreaScope areas)
    : areas_(std::move(areas)) {
  for (const OutcomeBlock* block : index.About(provider)) {
    AddBlock(*block, [&](model::ProviderNo member, model::Month quarter) {
      return IsAbout(registers, provider, member, quarter);
    });
  }
}

ProviderTiler::ProviderTiler(const std::vector<const OutcomeBlock*>& blocks, AreaScope areas)
    : areas_(std::move(areas)) {
  for (const OutcomeBlock* block : blocks) {
    AddBlock(*block, [](model::ProviderNo, model::Month) { return true; });
  }
}

template <typename About>
void ProviderTiler::AddBlock(const OutcomeBlock& block, const About& about) {
  // Of each quarter of the year: whether somebody is asked for, somebody not.
  bool in[4] = {};
  bool out[4] = {};
  for (const editions::GroupMember& member : block.members) {
    ForQuarters(member.quarters, [&](model::Month quarter) {
      (about(member.provider, quarter) ? in : out)[QuarterInYear(quarter)] = true;
    });
  }
  const model::Month january = *model::Month::FromYm(block.year, 1);
  ForQuarters({january, january.Plus(11)}, [&](model::Month quarter) {
    if (in[QuarterInYear(quarter)]) wanted_.push_back({&block, QuarterAt(quarter)});
  });
  for (const OutcomeRun& run : block.runs) {
    bool some = false;
    bool others = false;
    ForQuarters(run.period, [&](model::Month quarter) {
      some |= in[QuarterInYear(quarter)];
      others |= out[QuarterInYear(quarter)];
    });
    if (some && !others) pieces_.push_back({&block, &run});
  }
}

ProviderTile ProviderTiler::Tile(const model::Period& asked) const {
  const std::vector<Piece> used = PiecesFor(asked);
  ProviderTile tile = Nothing(asked);
  if (used.empty()) return tile;
  const bool wider = TakeAtoms(used, tile);
  if (tile.atoms.empty()) return Nothing(asked);
  tile.answered = used.front().run->period;
  for (const Piece& piece : used) {
    tile.answered.first = std::min(tile.answered.first, piece.run->period.first);
    tile.answered.last = std::max(tile.answered.last, piece.run->period.last);
  }
  tile.nearest = wider || tile.answered != asked || !AllShown(asked, used);
  return tile;
}

// Runs that meet the time asked for, which grows until it holds all of them.
std::vector<ProviderTiler::Piece> ProviderTiler::PiecesFor(const model::Period& asked) const {
  model::Period covered = asked;
  for (bool grown = true; grown;) {
    grown = false;
    for (const Piece& piece : pieces_) {
      const model::Period& run = piece.run->period;
      if (!run.Overlaps(covered) || covered.Contains(run)) continue;
      covered = {std::min(covered.first, run.first), std::max(covered.last, run.last)};
      grown = true;
    }
  }
  std::vector<Piece> used;
  std::copy_if(pieces_.begin(), pieces_.end(), std::back_inserter(used),
               [&](const Piece& piece) { return piece.run->period.Overlaps(covered); });
  return used;
}

std::vector<ProviderTile> ProviderTiler::TileQuarters(const model::Period& period) const {
  std::vector<ProviderTile> tiles;
  ForQuarters(period, [&](model::Month quarter) {
    ProviderTile tile = Tile(QuarterAt(quarter));
    if (!tiles.empty() && !tile.atoms.empty() && tiles.back().SameAnswer(tile)) {
      tiles.back().asked.last = tile.asked.last;
    } else {
      tiles.push_back(std::move(tile));
    }
  });
  // Quarters that became one may together ask for all that is answered.
  for (ProviderTile& tile : tiles) {
    if (tile.asked.months() > 3) tile = Tile(tile.asked);
  }
  return tiles;
}

// Whether every quarter is shown of each group that somebody who is asked for
// counts in, and of at least one group.
bool ProviderTiler::AllShown(const model::Period& asked, const std::vector<Piece>& used) const {
  std::set<std::pair<const OutcomeBlock*, model::Month>> shown;
  std::set<model::Month> quarters;
  for (const Piece& piece : used) {
    ForQuarters(piece.run->period, [&](model::Month quarter) {
      shown.emplace(piece.block, quarter);
      quarters.insert(quarter);
    });
  }
  bool all = true;
  ForQuarters(asked, [&](model::Month quarter) { all = all && quarters.contains(quarter); });
  return all && std::all_of(wanted_.begin(), wanted_.end(), [&](const Wanted& wanted) {
           return !asked.Contains(wanted.quarter) ||
                  shown.contains({wanted.block, wanted.quarter.first});
         });
}

bool ProviderTiler::TakeAtoms(const std::vector<Piece>& used, ProviderTile& tile) const {
  std::set<model::AreaNo> covered;
  bool wider = false;
  if (!areas_.everywhere) {
    std::vector<const std::vector<AreaGroup>*> partitions;
    std::set<model::AreaNo> all;
    for (const Piece& piece : used) {
      partitions.push_back(&piece.run->areas);
      for (const AreaGroup& group : piece.run->areas) all.insert(group.begin(), group.end());
    }
    // Areas above the leaves are in no group, and take no part.
    for (model::AreaNo area : areas_.leaves) {
      if (all.contains(area)) covered.insert(area);
    }
    const size_t asked = covered.size();
    covered = Close(std::move(covered), partitions);
    wider = covered.size() != asked;
    if (covered.size() != all.size()) tile.areas.assign(covered.begin(), covered.end());
  }
  for (const Piece& piece : used) {
    const size_t first = tile.atoms.size();
    for (size_t i = 0; i < piece.run->areas.size(); ++i) {
      if (areas_.everywhere || Meets(piece.run->areas[i], covered)) {
        tile.atoms.push_back(&piece.run->atoms[i]);
      }
    }
    tile.runs.push_back({piece.block, first, tile.atoms.size() - first});
  }
  return wider;
}

}  // namespace steelyard::benchmarks
