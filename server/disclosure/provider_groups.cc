#include "server/disclosure/provider_groups.h"

#include <algorithm>

#include "absl/container/btree_set.h"

namespace steelyard::disclosure {
namespace {

using model::ProviderNo;

// Reports of one owner that have no group yet, by provider.
using OfProvider = std::vector<const ProviderReports*>;
using OfOwner = absl::btree_map<ProviderNo, OfProvider>;

void AddTo(Tally& tally, const OfProvider& all) {
  for (const ProviderReports* reports : all) {
    for (const Contribution& c : reports->contributions) tally.Add(c);
  }
}

class Assigner {
 public:
  Assigner(const Assignments& known, const Rules& rules) : result_(known), tally_(rules) {
    for (const auto& [member, set] : known) sets_.insert(set);
  }

  // The owner has a group of its own or a provider that has one.
  void Stands(ProviderNo owner) { standing_.insert(owner); }

  bool Has(GroupKind kind, ProviderNo provider) const { return sets_.contains({kind, provider}); }

  void Put(const ProviderReports& reports, const ProviderSet& set) {
    result_[{reports.provider, reports.quarter}] = set;
  }
  void Put(const OfProvider& all, const ProviderSet& set) {
    for (const ProviderReports* reports : all) Put(*reports, set);
  }

  void AssignOwner(ProviderNo owner, const OfOwner& of_owner) {
    const bool stands = standing_.contains(owner) || Has(GroupKind::kRestOfOwner, owner);
    if (!stands && !Safe(of_owner, {})) {
      for (const auto& [provider, all] : of_owner) Put(all, {GroupKind::kRest, {}});
      return;
    }
    // Who would leave, the smallest first.
    std::vector<std::pair<int64_t, ProviderNo>> leaving;
    for (const auto& [provider, all] : of_owner) {
      tally_.Clear();
      AddTo(tally_, all);
      if (tally_.Safe()) leaving.emplace_back(tally_.Total().units, provider);
    }
    std::sort(leaving.begin(), leaving.end());
    absl::btree_set<ProviderNo> gone;
    for (const auto& [size, provider] : leaving) gone.insert(provider);
    if (!Has(GroupKind::kRestOfOwner, owner)) {
      for (const auto& [size, provider] : leaving) {
        if (gone.size() == of_owner.size() || Safe(of_owner, gone)) break;
        gone.erase(provider);
      }
    }
    for (const auto& [provider, all] : of_owner) {
      Put(all, gone.contains(provider) ? ProviderSet{GroupKind::kProvider, provider}
                                       : ProviderSet{GroupKind::kRestOfOwner, owner});
    }
  }

  Assignments Take() && { return std::move(result_); }

 private:
  // Whether all but those of `gone` are safe together.
  bool Safe(const OfOwner& of_owner, const absl::btree_set<ProviderNo>& gone) {
    tally_.Clear();
    for (const auto& [provider, all] : of_owner) {
      if (!gone.contains(provider)) AddTo(tally_, all);
    }
    return tally_.Safe();
  }

  Assignments result_;
  Tally tally_;
  absl::btree_set<ProviderSet> sets_;
  absl::btree_set<ProviderNo> standing_;
};

}  // namespace

Assignments AssignGroups(const Assignments& known, std::span<const ProviderReports> reports,
                         const Rules& rules) {
  Assigner assigner(known, rules);
  absl::btree_map<ProviderNo, OfOwner> waiting;
  for (const ProviderReports& r : reports) {
    const auto it = known.find({r.provider, r.quarter});
    if (it != known.end()) {
      if (it->second.kind == GroupKind::kProvider) assigner.Stands(r.owner);
    } else if (assigner.Has(GroupKind::kProvider, r.provider)) {
      assigner.Put(r, {GroupKind::kProvider, r.provider});
    } else {
      waiting[r.owner][r.provider].push_back(&r);
    }
  }
  for (const auto& [owner, of_owner] : waiting) assigner.AssignOwner(owner, of_owner);
  return std::move(assigner).Take();
}

}  // namespace steelyard::disclosure
