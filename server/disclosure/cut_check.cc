#include "server/disclosure/cut_check.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace steelyard::disclosure {
namespace {

// So many contributor groups that one is left over when the target and the
// coalition are taken out.
constexpr size_t kRobust = kCoalition + 2;

void AddLiving(std::vector<uint32_t>& living, uint32_t group) {
  if (living.size() < kRobust && std::find(living.begin(), living.end(), group) == living.end()) {
    living.push_back(group);
  }
}

}  // namespace

CutCheck::CutCheck(const AreaTree& tree, const YearTable& table, const model::Period& run,
                   const std::vector<AreaGroup>& rows, const Rules& rules, Kind kind)
    : rules_(rules),
      kind_(kind),
      rows_(rows.size()),
      types_(tree.types().size()),
      parts_(rows_ * types_),
      cut_{Tally(rules), {}, false},
      inside_(cut_),
      outside_(cut_) {
  std::vector<size_t> row_of(tree.leaves().empty() ? 0 : tree.leaves().back() + 1, rows_);
  for (size_t r = 0; r < rows_; ++r) {
    for (uint16_t area : rows[r]) {
      if (area < row_of.size()) row_of[area] = r;
    }
  }
  for (const AreaTree::Body& body : tree.bodies()) {
    const size_t r = row_of[body.area];
    if (r == rows_ || !body.life.Overlaps(run)) continue;
    Part& part = parts_[r * types_ + body.type];
    part.present = true;
    if (body.life.Contains(run)) AddLiving(part.living, body.group);
  }
  std::vector<Slice> bought(types_);
  for (size_t r = 0; r < rows_; ++r) {
    table.AddTo(bought, rows[r], run);
    for (size_t t = 0; t < types_; ++t) {
      Part& part = parts_[r * types_ + t];
      part.bought = std::exchange(bought[t], Slice{});
      part.present = part.present || !part.bought.empty();
    }
  }
}

void CutCheck::Sum::Clear() {
  tally.Clear();
  living.clear();
  present = false;
}

std::optional<CutCheck::Failure> CutCheck::FirstFailure(const std::vector<TypeGroup>& groups) {
  const size_t n = groups.size();
  if (n < 2) return std::nullopt;
  for (size_t g = 0; g < n; ++g) {
    if (auto failure = CheckType(groups, g)) return failure;
  }
  const uint32_t all = (uint32_t{1} << n) - 1;
  for (int size = 1; size < static_cast<int>(n); ++size) {
    for (uint32_t types = 1; types < all; ++types) {
      if (std::popcount(types) != size) continue;
      if (auto failure = CheckCut(groups, types)) return failure;
    }
  }
  return std::nullopt;
}

bool CutCheck::Good(const Sum& sum) const {
  if (kind_ == Kind::kMovements) return sum.tally.empty() || sum.tally.SafeMovement();
  return !sum.present || sum.tally.Safe();
}

void CutCheck::Collect(const std::vector<TypeGroup>& groups, size_t row, uint32_t types,
                       Sum& sum) const {
  for (size_t g = 0; g < groups.size(); ++g) {
    if ((types >> g & 1) == 0) continue;
    for (uint16_t type : groups[g]) {
      const Part& part = parts_[row * types_ + type];
      if (!part.present) continue;
      sum.present = true;
      sum.tally.Add(part.bought);
      for (uint32_t group : part.living) AddLiving(sum.living, group);
    }
  }
}

std::optional<CutCheck::Failure> CutCheck::CheckType(const std::vector<TypeGroup>& groups,
                                                     size_t group) {
  const uint32_t bit = uint32_t{1} << group;
  cut_.Clear();
  Failure failure{bit, bit, {}};
  for (size_t r = 0; r < rows_; ++r) {
    Collect(groups, r, bit, cut_);
    failure.rows.push_back(r);
  }
  cut_.present = true;  // a type group that bought nothing does not stand alone
  if (Good(cut_)) return std::nullopt;
  return failure;
}

std::optional<CutCheck::Failure> CutCheck::CheckCut(const std::vector<TypeGroup>& groups,
                                                    uint32_t types) {
  const uint32_t others = ((uint32_t{1} << groups.size()) - 1) & ~types;
  cut_.Clear();
  Failure main{types, others, {}};
  Failure fragile{types, types, {}};
  Amount largest;
  for (size_t r = 0; r < rows_; ++r) {
    inside_.Clear();
    Collect(groups, r, types, inside_);
    if (!inside_.present) continue;
    if (inside_.living.size() >= kRobust) {
      Collect(groups, r, others, cut_);
      main.rows.push_back(r);
      continue;
    }
    // The coalition may be all there is of these types here: then this row is
    // no part of the cut. It must be safe with it and without it.
    outside_.Clear();
    Collect(groups, r, others, outside_);
    if (!Good(outside_)) return Failure{types, others, {r}};
    fragile.rows.push_back(r);
    const Amount most = inside_.tally.Largest();
    largest.spend = std::max(largest.spend, most.spend);
    largest.units = std::max(largest.units, most.units);
  }
  if (!Good(cut_)) return main;
  // Lower bounds: what these types have in the fragile rows could be the
  // others' only as far as the cut reaches.
  if (!cut_.tally.Covers(largest)) return fragile;
  return std::nullopt;
}

}  // namespace steelyard::disclosure
