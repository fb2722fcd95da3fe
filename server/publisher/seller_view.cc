#include "server/publisher/seller_view.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "server/disclosure/sellers.h"
#include "server/publisher/last_day.h"
#include "storage/base/checked.h"

namespace steelyard::publisher {
namespace {

using disclosure::Renewal;
using disclosure::Sale;
using disclosure::Slice;
using model::SupplierNo;

// One group of suppliers, as it is and as it was shown.
struct Seller {
  editions::SellerGroup group;
  const editions::Atom* shown = nullptr;
  editions::AtomBuilder builder;
  // By group and seller; `sales` are those of `after` by the owner at the time.
  Slice before;
  Slice after;
  Slice sales;
};
using Sellers = absl::btree_map<SupplierNo, Seller>;  // by owner

// `all` of either side, of those that are named or not.
Slice Together(const Sellers& sellers, Slice Seller::*side) {
  Slice all;
  for (const auto& [owner, seller] : sellers) {
    if (seller.group.named) continue;
    all.insert(all.end(), (seller.*side).begin(), (seller.*side).end());
  }
  return all;
}

}  // namespace

bool SellerView::Renew(std::span<const model::PurchaseFact* const> lines,
                       const editions::Run* shown, editions::Run& run) const {
  const bool first = shown == nullptr || shown->layout.sellers.empty();
  Sellers sellers;
  absl::flat_hash_map<SupplierNo, SupplierNo> owner_of;
  for (size_t i = 0; !first && i < shown->sellers.size(); ++i) {
    const editions::SellerGroup& group = shown->layout.sellers[i];
    Seller& seller = sellers[group.owner];
    seller.group = group;
    seller.shown = &shown->sellers[i];
    for (SupplierNo member : group.members) owner_of[member] = group.owner;
    for (const editions::CouncilSum& sum : seller.shown->councils) {
      const disclosure::AreaTree::Body* body = tree_.Find(sum.council);
      if (body == nullptr) continue;
      seller.before.push_back({body->group, group.owner.value,
                               disclosure::AmountOf(sum.spend_micros, sum.units, sum.lines)});
    }
  }
  disclosure::SalesBySeller by_seller;
  absl::flat_hash_map<std::pair<uint32_t, int16_t>, SupplierNo> owner_in;
  for (const model::PurchaseFact* fact : lines) {
    auto [it, added] = owner_of.try_emplace(fact->supplier);
    if (added)
      it->second = registers_.UltimateOwner(fact->supplier, LastDayOf(run.layout.period.last));
    const SupplierNo owner = it->second;
    Seller& seller = sellers[owner];
    if (added) {
      seller.group.owner = owner;
      auto& members = seller.group.members;
      members.insert(std::lower_bound(members.begin(), members.end(), fact->supplier),
                     fact->supplier);
    }
    seller.builder.Add(*fact);
    Sale sale{tree_.Find(fact->council)->group, owner.value, {fact->spend_micros, fact->units, 1}};
    seller.after.push_back(sale);
    auto [then, unknown] = owner_in.try_emplace({fact->supplier.value, fact->month.number});
    if (unknown) {
      then->second = registers_.UltimateOwner(
          fact->supplier, *model::Day::FromYmd(fact->month.year(), fact->month.month(), 1));
    }
    sale.supplier_group = then->second.value;
    seller.sales.push_back(sale);
    if (first) by_seller[owner.value].push_back(sale);
  }

  bool moved = first && !lines.empty();
  if (first) {
    for (uint32_t owner : disclosure::NamedSellers(by_seller, rules_)) {
      sellers[SupplierNo{owner}].group.named = true;
    }
  } else {
    run.layout.sellers = shown->layout.sellers;
    run.sellers = shown->sellers;
    const Renewal others =
        disclosure::Renew(Together(sellers, &Seller::before), Together(sellers, &Seller::after),
                          Together(sellers, &Seller::sales), rules_);
    bool unsafe = others == Renewal::kUnsafe;
    moved = others == Renewal::kSafe;
    for (auto& [owner, seller] : sellers) {
      Renewal renewal = others;
      if (seller.group.named) {
        renewal = disclosure::Renew(seller.before, seller.after, seller.sales, rules_);
      }
      unsafe = unsafe || renewal == Renewal::kUnsafe;
      moved = moved || renewal == Renewal::kSafe;
      // Without any movement of amounts a delivery would be one council's.
      if (renewal != Renewal::kUnmoved) seller.shown = nullptr;
    }
    if (unsafe) return false;
  }
  if (!moved) return false;
  run.layout.sellers.clear();
  run.sellers.clear();
  for (auto& [owner, seller] : sellers) {
    run.layout.sellers.push_back(std::move(seller.group));
    run.sellers.push_back(!first && seller.shown != nullptr ? *seller.shown
                                                            : seller.builder.Build());
  }
  return true;
}

}  // namespace steelyard::publisher
