#include "server/publisher/delivery_renewal.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "server/publisher/last_day.h"

namespace steelyard::publisher {
namespace {

using disclosure::Amount;
using disclosure::Sale;
using disclosure::Tally;
using editions::DeliveryFacet;
using editions::DeliveryTotals;
using editions::kDeliveryFacets;
using model::CouncilNo;
using model::SupplierNo;

// What one council's lines of one supplier say: when last shown, now, and as it
// is to be shown.
struct Entry {
  size_t row = 0;
  size_t seller = 0;  // past the last: not named
  uint32_t contributor = 0;
  uint32_t owner = 0;
  DeliveryTotals was;
  DeliveryTotals is;
  DeliveryTotals stands;
};
using Entries = absl::btree_map<std::pair<CouncilNo, SupplierNo>, Entry>;
using Side = DeliveryTotals Entry::*;

// What is protected of a facet: what the share is of, and how much of that went
// wrong. (Of the rest no more is known than of these two.)
Amount AmountOf(const DeliveryTotals& totals, const DeliveryFacet& facet) {
  const int64_t of = totals.*facet.of;
  const int64_t part = totals.*facet.part;
  return {of, facet.part == &DeliveryTotals::rejected_packs ? part : of - part, 0};
}

// One facet of a run, by rows (index Entry::row) or by sellers (Entry::seller).
class FacetRenewal {
 public:
  FacetRenewal(const DeliveryFacet& facet, const disclosure::Rules& rules, Entries& entries,
               editions::DeliveryView& view)
      : facet_(facet),
        entries_(entries),
        view_(view),
        rows_(rules),
        sellers_(OfOne(rules)),
        rest_row_(view.rows.size()),
        rest_seller_(view.sellers.size()) {}

  void Run() {
    const auto is_shown = [&](const DeliveryTotals& t) { return t.*facet_.of > 0; };
    for (const DeliveryTotals& row : view_.rows) open_rows_.push_back(is_shown(row));
    for (const auto& seller : view_.sellers) open_sellers_.push_back(is_shown(seller.totals));
    const bool shown = std::find(open_rows_.begin(), open_rows_.end(), true) != open_rows_.end();
    if (!(shown ? MoveOn() : Begin())) return;
    const std::vector<Members> rows = ByRow();
    for (size_t r = 0; r < rest_row_; ++r) Show(rows, r, open_rows_[r], view_.rows[r]);
    const std::vector<Members> sellers = BySeller();
    for (size_t i = 0; i < rest_seller_; ++i) {
      Show(sellers, i, open_sellers_[i], view_.sellers[i].totals);
    }
    for (auto& [key, entry] : entries_) {
      entry.was.*facet_.of = entry.stands.*facet_.of;
      entry.was.*facet_.part = entry.stands.*facet_.part;
    }
  }

 private:
  static disclosure::Rules OfOne(disclosure::Rules rules) {
    rules.min_supplier_groups = 1;
    return rules;
  }

  using Members = std::vector<Entry*>;

  // The entries of each of `size` groups.
  template <typename GroupOf>
  std::vector<Members> GroupBy(size_t size, GroupOf group_of) const {
    std::vector<Members> groups(size);
    for (auto& [key, entry] : entries_) groups[group_of(entry)].push_back(&entry);
    return groups;
  }
  // Each open row or seller, and all others together.
  std::vector<Members> ByRow() const {
    return GroupBy(rest_row_ + 1,
                   [&](const Entry& e) { return open_rows_[e.row] ? e.row : rest_row_; });
  }
  std::vector<Members> BySeller() const {
    return GroupBy(rest_seller_ + 1, [&](const Entry& e) {
      return e.seller < rest_seller_ && open_sellers_[e.seller] ? e.seller : rest_seller_;
    });
  }

  void Add(const Members& members, Side side, Tally& tally) const {
    for (const Entry* e : members) {
      tally.Add(Sale{e->contributor, e->owner, AmountOf(e->*side, facet_)});
    }
  }

  // Whether these may go from what was shown to `to`: nothing moved, or what
  // moved is safe, and so is what there is then.
  bool MayMove(const Members& members, Side to, Tally& tally) const {
    tally.Clear();
    for (const Entry* e : members) {
      const Amount was = AmountOf(e->was, facet_);
      const Amount is = AmountOf(e->*to, facet_);
      tally.Add(Sale{e->contributor,
                     e->owner,
                     {std::abs(is.spend - was.spend), std::abs(is.units - was.units), 0}});
    }
    if (tally.empty()) return true;
    if (!tally.SafeMovement()) return false;
    tally.Clear();
    Add(members, to, tally);
    return tally.empty() || tally.Safe();
  }

  // Opens those of `groups` (the last is of nobody in particular) that are safe
  // by themselves, but not the smallest of them, until all others are safe
  // together.
  std::vector<bool> Open(const std::vector<Members>& groups, Tally& tally) const {
    std::vector<bool> open(groups.size() - 1);
    std::vector<std::pair<int64_t, size_t>> by_size;
    for (size_t i = 0; i < open.size(); ++i) {
      tally.Clear();
      Add(groups[i], &Entry::is, tally);
      open[i] = tally.Safe();
      if (open[i]) by_size.emplace_back(tally.Total().spend, i);
    }
    std::sort(by_size.begin(), by_size.end());
    tally.Clear();
    for (size_t i = 0; i < groups.size(); ++i) {
      if (i == open.size() || !open[i]) Add(groups[i], &Entry::is, tally);
    }
    for (const auto& [size, i] : by_size) {
      if (tally.empty() || tally.Safe()) break;
      open[i] = false;
      Add(groups[i], &Entry::is, tally);
    }
    return open;
  }

  bool Begin() {
    open_rows_ = Open(GroupBy(rest_row_ + 1, [](const Entry& e) { return e.row; }), rows_);
    if (std::find(open_rows_.begin(), open_rows_.end(), true) == open_rows_.end()) return false;
    open_sellers_ =
        Open(GroupBy(rest_seller_ + 1, [](const Entry& e) { return e.seller; }), sellers_);
    for (auto& [key, entry] : entries_) entry.stands = entry.is;
    return true;
  }

  // Moves on the rows that may; then every seller must be able to follow.
  bool MoveOn() {
    for (const Members& row : ByRow()) {
      const bool moves = MayMove(row, &Entry::is, rows_);
      for (Entry* entry : row) entry->stands = moves ? entry->is : entry->was;
    }
    const std::vector<Members> sellers = BySeller();
    return std::all_of(sellers.begin(), sellers.end(), [&](const Members& seller) {
      return MayMove(seller, &Entry::stands, sellers_);
    });
  }

  // What the open groups show from now on.
  void Show(const std::vector<Members>& groups, size_t group, bool open,
            DeliveryTotals& totals) const {
    totals.*facet_.of = totals.*facet_.part = 0;
    if (!open) return;
    for (const Entry* e : groups[group]) {
      totals.*facet_.of += e->stands.*facet_.of;
      totals.*facet_.part += e->stands.*facet_.part;
    }
  }

  const DeliveryFacet& facet_;
  Entries& entries_;
  editions::DeliveryView& view_;
  Tally rows_;
  Tally sellers_;
  const size_t rest_row_;
  const size_t rest_seller_;
  std::vector<bool> open_rows_;
  std::vector<bool> open_sellers_;
};

}  // namespace

bool DeliveryRenewal::Renew(std::span<const model::PurchaseFact* const> lines,
                            const editions::Run* shown, editions::Run& run) const {
  editions::DeliveryView& view = run.delivery;
  view = shown == nullptr ? editions::DeliveryView{} : shown->delivery;
  const editions::DeliveryView before = view;
  if (view.areas.empty()) {
    view.areas = run.layout.rows;
    view.rows.assign(view.areas.size(), {});
  }
  absl::flat_hash_map<uint16_t, size_t> row_of;
  for (size_t r = 0; r < view.areas.size(); ++r) {
    for (model::AreaNo area : view.areas[r]) row_of[area.value] = r;
  }
  // Areas registered since had nothing in the row that they join.
  for (uint16_t leaf : tree_.leaves()) {
    if (!row_of.try_emplace(leaf, 0).second) continue;
    auto& first = view.areas[0];
    const model::AreaNo area{leaf};
    first.insert(std::lower_bound(first.begin(), first.end(), area), area);
  }
  // Those whose names are shown, and of them those that already show a facet.
  absl::flat_hash_map<SupplierNo, SupplierNo> owner_of;
  std::map<SupplierNo, DeliveryTotals> named;
  for (const editions::SellerGroup& group : run.layout.sellers) {
    if (group.named) named[group.owner];
    for (SupplierNo member : group.members) owner_of[member] = group.owner;
  }
  for (const editions::SellerDelivery& seller : view.sellers) named[seller.owner] = seller.totals;
  view.sellers.clear();
  absl::flat_hash_map<SupplierNo, size_t> seller_of;
  for (const auto& [owner, totals] : named) {
    seller_of[owner] = view.sellers.size();
    view.sellers.push_back({owner, totals});
  }

  Entries entries;
  const auto entry_of = [&](CouncilNo council, SupplierNo supplier) {
    const auto [it, added] = entries.try_emplace({council, supplier});
    if (added) {
      Entry& entry = it->second;
      const disclosure::AreaTree::Body& body = *tree_.Find(council);
      auto [owner, unknown] = owner_of.try_emplace(supplier);
      if (unknown) {
        owner->second = registers_.UltimateOwner(supplier, LastDayOf(run.layout.period.last));
      }
      const auto seller = seller_of.find(owner->second);
      entry.row = row_of.at(body.area);
      entry.seller = seller == seller_of.end() ? view.sellers.size() : seller->second;
      entry.contributor = body.group;
      entry.owner = owner->second.value;
    }
    return it;
  };
  for (const editions::DeliverySum& sum : view.said) {
    if (tree_.Find(sum.council) == nullptr) continue;
    entry_of(sum.council, sum.supplier)->second.was = sum.totals;
  }
  for (const model::PurchaseFact* fact : lines) {
    entry_of(fact->council, fact->supplier)->second.is.Add(*fact);
  }
  for (const DeliveryFacet& facet : kDeliveryFacets) {
    FacetRenewal(facet, rules_, entries, view).Run();
  }

  std::erase_if(view.sellers, [](const auto& s) { return s.totals == DeliveryTotals{}; });
  view.said.clear();
  for (const auto& [key, entry] : entries) {
    if (entry.was != DeliveryTotals{}) view.said.push_back({key.first, key.second, entry.was});
  }
  if (view.said.empty()) view = {};
  return view != before;
}

}  // namespace steelyard::publisher
