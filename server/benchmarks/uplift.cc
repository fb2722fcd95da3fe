#include "server/benchmarks/uplift.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/benchmarks/outcome_figures.h"
#include "server/benchmarks/provider_field.h"
#include "server/benchmarks/shown.h"
#include "server/benchmarks/status_words.h"
#include "server/rpc/names.h"
#include "server/statistics/price_index.h"
#include "server/statistics/quantile.h"
#include "storage/base/text.h"

namespace steelyard::benchmarks {
namespace {

using editions::OutcomeBlock;
using editions::OutcomeRun;
using statistics::Basket;
using statistics::PricedItem;

// Gathers fees as baskets. An item is a council's places with a group of
// providers: the same thing at two times if the group and its members are.
class FeeBaskets {
 public:
  Basket Of(const ProviderTile& tile) {
    std::vector<PricedItem> fees;
    for (const auto& run : tile.runs) {
      for (size_t i = run.first; i < run.first + run.count; ++i) {
        Add(*run.block, tile.answered, *tile.atoms[i], fees);
      }
    }
    return statistics::MakeBasket(std::move(fees));
  }

  // Of all groups whose runs make up just these quarters, which are of one
  // year: what is released over a longer time is not of this time.
  Basket OfAll(const OutcomeIndex& index, const model::Period& quarters) {
    std::vector<PricedItem> fees;
    for (const auto& block : index.blocks()) {
      int months = 0;
      for (const OutcomeRun& run : block->runs) {
        if (quarters.Contains(run.period)) months += run.period.months();
      }
      if (months != quarters.months()) continue;
      for (const OutcomeRun& run : block->runs) {
        if (!quarters.Contains(run.period)) continue;
        for (const auto& atom : run.atoms) Add(*block, quarters, atom, fees);
      }
    }
    return statistics::MakeBasket(std::move(fees));
  }

  static model::CouncilNo CouncilOf(const PricedItem& item) {
    return {static_cast<uint16_t>(item.item & 0xffff)};
  }

 private:
  using Key = std::pair<editions::ProviderGroup, std::vector<model::ProviderNo>>;

  void Add(const OutcomeBlock& block, const model::Period& quarters,
           const editions::OutcomeAtom& atom, std::vector<PricedItem>& fees) {
    Key key{block.group, {}};
    for (const editions::GroupMember& member : block.members) {
      if (member.quarters.Overlaps(quarters)) key.second.push_back(member.provider);
    }
    key.second.erase(std::unique(key.second.begin(), key.second.end()), key.second.end());
    const int64_t group = groups_.try_emplace(key, groups_.size()).first->second;
    for (const editions::OutcomeCouncilSum& sum : atom.councils) {
      if (sum.fee_placements <= 0) continue;
      const auto placements = static_cast<double>(sum.fee_placements);
      fees.push_back({group << 16 | sum.council.value,
                      static_cast<double>(sum.fee_micros) / placements, placements});
    }
  }

  std::map<Key, int64_t> groups_;
};

// A council with items at both times.
struct MatchedCouncil {
  model::CouncilNo council;
  Basket base;  // of the matched items
  Basket current;
  double spend = 0;  // on them at both times
};

using SpendByCouncil = std::map<model::CouncilNo, double>;

struct Matched {
  Basket base;  // of all items
  Basket current;
  std::vector<MatchedCouncil> councils;  // by council
  SpendByCouncil unmatched;              // on items of one time only
};

Matched Match(Basket base, Basket current) {
  Matched out{std::move(base), std::move(current), {}, {}};
  std::map<model::CouncilNo, MatchedCouncil> councils;
  for (const Basket* basket : {&out.base, &out.current}) {
    for (const PricedItem& item : *basket) {
      out.unmatched[FeeBaskets::CouncilOf(item)] += item.price * item.quantity;
    }
  }
  auto now = out.current.begin();
  for (const PricedItem& before : out.base) {
    while (now != out.current.end() && now->item < before.item) ++now;
    if (now == out.current.end() || now->item != before.item) continue;
    MatchedCouncil& council = councils[FeeBaskets::CouncilOf(before)];
    council.base.push_back(before);
    council.current.push_back(*now);
    const double spend = before.price * before.quantity + now->price * now->quantity;
    council.spend += spend;
    out.unmatched[FeeBaskets::CouncilOf(before)] -= spend;
  }
  // Less than a micro a week is what rounding left.
  std::erase_if(out.unmatched, [](const auto& entry) { return entry.second < 0.5; });
  for (auto& [number, council] : councils) {
    council.council = number;
    out.councils.push_back(std::move(council));
  }
  return out;
}

// Whether there are enough contributors, and no two of them together could work
// out a third: the rules of docs/disclosure.md, section 2, on what councils pay,
// related bodies counted as one.
bool IsSafe(const SpendByCouncil& councils, const model::Registers& registers,
            const model::Policy& policy) {
  constexpr size_t kTargetAndCoalition = 3;
  SpendByCouncil by_contributor;
  for (const auto& [council, sum] : councils) {
    by_contributor[registers.ContributorOf(council)] += sum;
  }
  std::vector<double> spend;
  for (const auto& [contributor, sum] : by_contributor) spend.push_back(sum);
  if (static_cast<int64_t>(spend.size()) < policy.min_outcome_councils ||
      spend.size() <= kTargetAndCoalition) {
    return false;
  }
  std::sort(spend.begin(), spend.end(), std::greater<>());
  const double total = std::accumulate(spend.begin(), spend.end(), 0.0);
  const double rest = total - spend[0] - spend[1] - spend[2];
  return 100 * rest > spend[0] * policy.p_percent &&
         100 * spend[0] <= total * policy.max_share_percent;
}

int64_t BasisPoints(double ratio) {
  return std::llround((ratio - 1) * 10'000 / static_cast<double>(kRiseStep)) * kRiseStep;
}

double SpendOf(const Basket& basket) {
  double sum = 0;
  for (const auto& item : basket) sum += item.price * item.quantity;
  return sum;
}

std::optional<v1::UpliftCheck::Rise> RiseOf(const Matched& matched, const model::Period& base,
                                            const model::Period& current,
                                            const model::Registers& registers,
                                            const model::Policy& policy) {
  SpendByCouncil spend;
  for (const MatchedCouncil& council : matched.councils) spend[council.council] = council.spend;
  if (!IsSafe(spend, registers, policy)) return std::nullopt;
  const auto index = statistics::ComparePrices(matched.base, matched.current);
  if (!index) return std::nullopt;
  v1::UpliftCheck::Rise rise;
  rise.set_basis_points(static_cast<int32_t>(BasisPoints(index->fisher)));
  QuartersToProto(base, rise.mutable_base_from_quarter(), rise.mutable_base_to_quarter());
  QuartersToProto(current, rise.mutable_current_from_quarter(), rise.mutable_current_to_quarter());
  // The share tells what the others pay, so they must be hidden as well.
  if (matched.unmatched.empty() || IsSafe(matched.unmatched, registers, policy)) {
    const double before = SpendOf(matched.base);
    const double after = SpendOf(matched.current);
    rise.set_matched_spend_share(ThreePlaces(
        (index->base_share * before + index->current_share * after) / (before + after)));
  }
  rise.set_councils(static_cast<int64_t>(matched.councils.size()));
  return rise;
}

// Quartiles of the councils' own rises; each needs enough councils on each side.
void SetBand(const Matched& matched, const model::Registers& registers, const model::Policy& policy,
             v1::UpliftCheck::Band* band) {
  std::vector<double> rises;
  for (const MatchedCouncil& council : matched.councils) {
    const auto index = statistics::ComparePrices(council.base, council.current);
    if (index) rises.push_back(index->fisher);
  }
  std::sort(rises.begin(), rises.end());
  band->set_councils(static_cast<int64_t>(rises.size()));
  const int64_t least = policy.min_outcome_councils + CountRelated(matched.councils, registers);
  const auto give = [&](int32_t basis_points, auto set) {
    const double value = statistics::Quantile(std::span<const double>(rises), basis_points);
    const auto below = std::upper_bound(rises.begin(), rises.end(), value) - rises.begin();
    const auto above = rises.end() - std::lower_bound(rises.begin(), rises.end(), value);
    if (below >= least && above >= least) {
      (band->*set)(static_cast<int32_t>(BasisPoints(value)));
    }
  };
  give(2'500, &v1::UpliftCheck::Band::set_p25_basis_points);
  give(5'000, &v1::UpliftCheck::Band::set_p50_basis_points);
  give(7'500, &v1::UpliftCheck::Band::set_p75_basis_points);
}

// The change of each mean score, with the variance of single ratings pooled
// over the two times.
void AddOutcomes(const ProviderTile& base, const ProviderTile& current, const model::Policy& policy,
                 v1::UpliftCheck* out) {
  const auto before = RatingsOf(base);
  const auto after = RatingsOf(current);
  for (size_t m = 0; m < model::kMeasureCount; ++m) {
    if (!MayShow(before[m], policy) || !MayShow(after[m], policy)) continue;
    const auto was = ScoreOf(*before[m]);
    const auto is = ScoreOf(*after[m]);
    if (!was || !is) continue;
    const std::array<statistics::Score, 2> both = {*was, *is};
    const double variance =
        RatingVariance(statistics::PooledVariance(both), was->ratings + is->ratings);
    const double error = std::sqrt(variance / static_cast<double>(was->ratings) +
                                   variance / static_cast<double>(is->ratings));
    const double change = is->mean - was->mean;
    const model::Code& code = model::Measures()[m].code;
    v1::UpliftCheck::OutcomeChange* shown = out->add_outcomes();
    shown->set_measure(absl::StrCat("measures/", Av(code.id)));
    shown->set_display_name(std::string(code.display_name));
    shown->set_score_map(std::string(model::kScoreMap));
    shown->set_base_score(ThreePlaces(was->mean));
    shown->set_current_score(ThreePlaces(is->mean));
    shown->set_change_lower(ThreePlaces(change - statistics::kZ95 * error));
    shown->set_change_upper(ThreePlaces(change + statistics::kZ95 * error));
    *shown->mutable_status() = ChangeWord(shown->change_lower(), shown->change_upper());
  }
}

}  // namespace

v1::UpliftCheck CheckUplift(const UpliftQuestion& question, const OutcomeIndex& index,
                            const model::Registers& registers, const model::Policy& policy) {
  v1::UpliftCheck out;
  const model::Provider* provider = registers.FindProvider(question.provider);
  out.set_provider(rpc::ProviderName(provider->id));
  out.set_provider_display_name(provider->display_name);
  out.set_service(std::string(model::CodeOf(question.service).id));
  out.set_claimed_rise_basis_points(question.claimed);

  const ProviderTiler tiler(index, registers, question.provider, {});
  const ProviderTile base = tiler.Tile(question.base);
  const ProviderTile current = tiler.Tile(question.current);
  const bool apart = !base.answered.Overlaps(current.answered);
  const bool available = apart && MayShow(FiguresOf(base), registers, policy) &&
                         MayShow(FiguresOf(current), registers, policy);
  if (available) {
    FeeBaskets fees;
    const Basket before = fees.Of(base);
    const Matched own = Match(before, fees.Of(current));
    if (auto rise = RiseOf(own, base.answered, current.answered, registers, policy)) {
      *out.mutable_provider_fee_index() = *std::move(rise);
      SetBand(own, registers, policy, out.mutable_council_rises());
    }
    AddOutcomes(base, current, policy, &out);
  }
  // All providers over the time that the provider is shown for.
  const model::Period from = available ? base.answered : question.base;
  const model::Period to = available ? current.answered : question.current;
  FeeBaskets fees;
  const Basket before = fees.OfAll(index, from);
  const Matched all = Match(before, fees.OfAll(index, to));
  if (auto rise = RiseOf(all, from, to, registers, policy)) {
    *out.mutable_all_fee_index() = *std::move(rise);
  }
  const auto points = [](bool there, const v1::UpliftCheck::Rise& rise) {
    return there ? std::optional<int64_t>(rise.basis_points()) : std::nullopt;
  };
  *out.mutable_status() =
      UpliftWord(question.claimed, points(out.has_provider_fee_index(), out.provider_fee_index()),
                 points(out.has_all_fee_index(), out.all_fee_index()));
  return out;
}

}  // namespace steelyard::benchmarks
