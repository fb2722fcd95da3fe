#include "server/benchmarks/tiling.h"

#include <algorithm>
#include <set>

namespace steelyard::benchmarks {
namespace {

using editions::Run;

template <typename Member>
using Groups = std::vector<std::vector<Member>>;

template <typename Member>
bool Meets(const std::vector<Member>& group, const std::set<Member>& wanted) {
  return std::any_of(group.begin(), group.end(),
                     [&](const Member& m) { return wanted.contains(m); });
}

// Widens `wanted` until each group of each partition lies in it or outside.
template <typename Member>
std::set<Member> Close(std::set<Member> wanted,
                       const std::vector<const Groups<Member>*>& partitions) {
  for (size_t before = 0; before != wanted.size();) {
    before = wanted.size();
    for (const Groups<Member>* groups : partitions) {
      for (const auto& group : *groups) {
        if (Meets(group, wanted)) wanted.insert(group.begin(), group.end());
      }
    }
  }
  return wanted;
}

// One run of the answer: the whole run, or only some month groups of it.
struct Part {
  const Run* run = nullptr;
  bool whole = true;
  std::vector<size_t> months;  // indices of month groups, if not whole
  model::Period covers;
};

Part WholeOf(const Run& run) { return {&run, true, {}, run.layout.period}; }

// The part of `run` that lies in `asked`, out to whole month groups.
Part MonthsOf(const Run& run, const model::Period& asked) {
  if (asked.Contains(run.layout.period)) return WholeOf(run);
  Part part{&run, false, {}, {}};
  for (size_t g = 0; g < run.layout.month_groups.size(); ++g) {
    const model::Period& group = run.layout.month_groups[g];
    if (!group.Overlaps(asked)) continue;
    part.covers = part.months.empty() ? group : model::Period{part.covers.first, group.last};
    part.months.push_back(g);
  }
  if (part.months.size() == run.layout.month_groups.size()) return WholeOf(run);
  return part;
}

const Groups<model::AreaNo>& AreaGroupsOf(const Part& part) {
  return part.whole ? part.run->layout.rows : part.run->layout.blocks;
}

bool Covers(const std::vector<Part>& parts, const model::Period& asked) {
  int months = 0;
  for (const Part& p : parts) {
    const model::Month first = std::max(p.covers.first, asked.first);
    const model::Month last = std::min(p.covers.last, asked.last);
    months += last.number - first.number + 1;
  }
  return months == asked.months();
}

void SetTime(const std::vector<Part>& parts, Tile& tile) {
  tile.answered = {parts.front().covers.first, parts.back().covers.last};
  tile.longer = tile.answered.first < tile.asked.first || tile.asked.last < tile.answered.last;
  tile.shorter = !Covers(parts, tile.asked);
}

class Tiler {
 public:
  explicit Tiler(const Question& question) : question_(question) {}

  Tile Run(const model::Period& asked, const std::vector<const editions::Run*>& runs) const {
    Tile tile;
    tile.asked = tile.answered = asked;
    std::vector<Part> exact;   // as near in time as can be
    std::vector<Part> longer;  // whole runs, which are split further by area
    for (const editions::Run* run : runs) {
      exact.push_back(MonthsOf(*run, asked));
      longer.push_back(WholeOf(*run));
    }
    if (runs.empty()) return tile;
    if (!question_.authority_type.empty()) return ByType(longer, std::move(tile));
    if (question_.everywhere) return ByArea(exact, std::move(tile));
    Tile near = ByArea(exact, tile);
    if (!near.wider) return near;
    Tile far = ByArea(longer, std::move(tile));
    return far.wider ? near : far;
  }

 private:
  Tile ByArea(const std::vector<Part>& parts, Tile tile) const {
    SetTime(parts, tile);
    std::vector<const Groups<model::AreaNo>*> partitions;
    std::set<model::AreaNo> all;
    for (const Part& p : parts) {
      partitions.push_back(&AreaGroupsOf(p));
      for (const auto& group : AreaGroupsOf(p)) all.insert(group.begin(), group.end());
    }
    // Areas above the leaves are in no group, and take no part.
    std::set<model::AreaNo> asked;
    for (model::AreaNo area : question_.areas) {
      if (all.contains(area)) asked.insert(area);
    }
    if (question_.everywhere) asked = all;
    const std::set<model::AreaNo> covered = Close(asked, partitions);
    tile.wider = covered.size() != asked.size();
    if (covered.size() != all.size()) tile.areas.assign(covered.begin(), covered.end());
    for (const Part& p : parts) AddAreas(p, covered, tile);
    AddDeliveries(parts, covered, tile);
    return tile;
  }

  static void AddDeliveries(const std::vector<Part>& parts, const std::set<model::AreaNo>& covered,
                            Tile& tile) {
    std::vector<const Groups<model::AreaNo>*> partitions;
    for (const Part& p : parts) {
      if (!p.whole) return;
      partitions.push_back(&p.run->delivery.areas);
    }
    if (Close(covered, partitions) != covered) return;
    for (const Part& p : parts) {
      const editions::DeliveryView& view = p.run->delivery;
      for (size_t i = 0; i < view.areas.size(); ++i) {
        if (Meets(view.areas[i], covered)) tile.deliveries.push_back(&view.rows[i]);
      }
    }
  }

  static void AddAreas(const Part& part, const std::set<model::AreaNo>& covered, Tile& tile) {
    const Groups<model::AreaNo>& groups = AreaGroupsOf(part);
    for (size_t i = 0; i < groups.size(); ++i) {
      if (!Meets(groups[i], covered)) continue;
      if (part.whole) {
        tile.atoms.push_back(&part.run->rows[i]);
      } else {
        for (size_t g : part.months) tile.atoms.push_back(&part.run->cells[i][g]);
      }
    }
  }

  // Kinds of authority are a view over whole runs.
  Tile ByType(const std::vector<Part>& parts, Tile tile) const {
    SetTime(parts, tile);
    std::vector<const Groups<std::string>*> partitions;
    bool split = true;
    for (const Part& p : parts) {
      split = split && !p.run->layout.type_groups.empty();
      partitions.push_back(&p.run->layout.type_groups);
    }
    const std::set<std::string> covered = Close({question_.authority_type}, partitions);
    tile.wider = !split || covered.size() > 1;
    if (split) tile.types.assign(covered.begin(), covered.end());
    for (const Part& p : parts) {
      if (!split) {
        for (const editions::Atom& row : p.run->rows) tile.atoms.push_back(&row);
        for (const auto& row : p.run->delivery.rows) tile.deliveries.push_back(&row);
        continue;
      }
      const Groups<std::string>& groups = p.run->layout.type_groups;
      for (size_t i = 0; i < groups.size(); ++i) {
        if (Meets(groups[i], covered)) tile.atoms.push_back(&p.run->types[i]);
      }
    }
    return tile;
  }

  const Question& question_;
};

}  // namespace

std::vector<Tile> TileQuestion(
    const Question& question,
    const std::vector<std::shared_ptr<const editions::YearBlock>>& blocks) {
  std::vector<Tile> tiles;
  const Tiler tiler(question);
  for (const model::Period& asked : question.segments) {
    std::vector<const Run*> runs;
    for (const auto& block : blocks) {
      for (const Run& run : block->runs) {
        if (run.layout.period.Overlaps(asked)) runs.push_back(&run);
      }
    }
    Tile tile = tiler.Run(asked, runs);
    if (!tiles.empty() && !tile.atoms.empty() && tiles.back().SameAnswer(tile)) {
      tiles.back().asked.last = asked.last;
    } else {
      tiles.push_back(std::move(tile));
    }
  }
  for (Tile& tile : tiles) {
    // Segments that became one may together ask for all that is answered.
    if (tile.atoms.empty()) continue;
    tile.longer = tile.answered.first < tile.asked.first || tile.asked.last < tile.answered.last;
  }
  return tiles;
}

}  // namespace steelyard::benchmarks
