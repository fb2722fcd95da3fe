#include "server/publisher/outcome_publisher.h"

#include <algorithm>
#include <utility>

#include "absl/container/btree_set.h"
#include "server/disclosure/provider_groups.h"
#include "server/publisher/last_day.h"
#include "server/publisher/placing.h"

namespace steelyard::publisher {
namespace {

using disclosure::Contribution;
using disclosure::ProviderReports;
using disclosure::ProviderSet;
using ledger::OutcomePlan;

// The supplier groups of a series of outcomes are no matter of concern.
Contribution ContributionOf(const disclosure::AreaTree::Body& body,
                            const model::OutcomeFact& fact) {
  Contribution c;
  c.council = fact.council;
  c.group = body.group;
  c.area = body.area;
  c.type = body.type;
  c.month = fact.quarter;
  c.supplier_group = fact.provider.value;
  c.units = fact.placements;
  c.lines = 1;
  return c;
}

ProviderSet SetOf(const OutcomePlan::Group& group) {
  return {static_cast<disclosure::GroupKind>(group.kind), group.provider};
}

}  // namespace

model::Day FirstShownOn(model::Month quarter) {
  return {LastDayOf(quarter.Plus(2)).number + kOutcomeWindowDays};
}

OutcomePublisher::OutcomePublisher(std::shared_ptr<const model::Registers> registers,
                                   const model::Policy& policy)
    : registers_(std::move(registers)),
      policy_version_(policy.version),
      rules_(disclosure::Rules::ForOutcomes(policy)),
      tree_(disclosure::AreaTree::From(*registers_)) {}

OutcomePlan OutcomePublisher::Plan(const OutcomeInput& input) const {
  OutcomePlan plan = input.plan;
  plan.waiting.clear();
  absl::btree_map<OutcomePlan::Member, ProviderReports> reports;
  bool any_new = false;
  for (const ledger::DatedOutcomeFact& dated : input.facts) {
    const model::OutcomeFact& fact = dated.fact;
    const disclosure::AreaTree::Body* body = tree_.Find(fact.council);
    if (body == nullptr || !dated.StoodAt(input.sequence)) continue;
    const OutcomePlan::Member member{fact.provider, fact.quarter};
    const bool known = plan.members.contains(member);
    if (!known && input.today < FirstShownOn(fact.quarter)) {
      plan.waiting.insert(fact.quarter);
      continue;
    }
    any_new = any_new || !known;
    auto [it, added] = reports.try_emplace(member);
    if (added) {
      it->second.provider = fact.provider;
      it->second.quarter = fact.quarter;
      it->second.owner = registers_->UltimateOwner(fact.provider, LastDayOf(fact.quarter.Plus(2)));
    }
    it->second.contributions.push_back(ContributionOf(*body, fact));
  }
  if (!any_new) return plan;

  disclosure::Assignments known;
  for (const auto& [member, number] : plan.members) {
    known[{member.provider, member.quarter}] = SetOf(plan.groups[number - 1]);
  }
  std::vector<ProviderReports> list;
  for (auto& [member, of_member] : reports) list.push_back(std::move(of_member));
  const disclosure::Assignments assigned = disclosure::AssignGroups(known, list, rules_);
  absl::btree_map<ProviderSet, uint32_t> number_of;
  for (const OutcomePlan::Group& group : plan.groups) {
    number_of.try_emplace(SetOf(group), static_cast<uint32_t>(number_of.size() + 1));
  }
  absl::btree_set<ProviderSet> sets;
  for (const auto& [member, set] : assigned) sets.insert(set);
  for (const ProviderSet& set : sets) {
    const auto number = static_cast<uint32_t>(number_of.size() + 1);
    if (!number_of.try_emplace(set, number).second) continue;
    plan.groups.push_back({static_cast<uint8_t>(set.kind), set.provider});
  }
  for (const auto& [member, set] : assigned) {
    plan.members.try_emplace({member.first, member.second}, number_of.at(set));
  }
  return plan;
}

std::vector<std::vector<OutcomeEntry>> OutcomePublisher::Prepare(const OutcomeInput& input,
                                                                 const OutcomePlan& plan,
                                                                 const Trees& trees) const {
  std::vector<std::vector<OutcomeEntry>> groups(plan.groups.size());
  for (const ledger::DatedOutcomeFact& dated : input.facts) {
    const model::OutcomeFact& fact = dated.fact;
    const auto member = plan.members.find({fact.provider, fact.quarter});
    if (member == plan.members.end()) continue;
    const disclosure::AreaTree::Body* body = TreeOf(member->second, trees).Find(fact.council);
    if (body == nullptr) continue;
    OutcomeEntry e;
    e.dated = &dated;
    e.contribution = ContributionOf(*body, fact);
    e.is = dated.StoodAt(input.sequence);
    const auto admitted = input.admitted.find(member->second);
    if (admitted != input.admitted.end()) {
      e.was = dated.StoodAt(admitted->second.sums.Of(fact.quarter, {body->area}));
    }
    // A past version counts only where a facet may still stand at it.
    const bool kept = admitted != input.admitted.end() && !admitted->second.facets.empty();
    if (e.was || e.is || kept) groups[member->second - 1].push_back(e);
  }
  return groups;
}

const disclosure::AreaTree& OutcomePublisher::TreeOf(uint32_t group, const Trees& trees) const {
  const auto it = trees.find(group);
  return it == trees.end() ? tree_ : it->second;
}

OutcomeRelease OutcomePublisher::Publish(const OutcomeInput& input, bool always,
                                         size_t max_bytes) const {
  OutcomeRelease release;
  release.plan = Plan(input);
  Trees trees;
  for (const auto& [number, admitted] : input.admitted) {
    if (auto placed = TreeAsPlaced(*registers_, admitted.sums)) trees[number] = *std::move(placed);
  }
  const std::vector<std::vector<OutcomeEntry>> groups = Prepare(input, release.plan, trees);
  absl::btree_map<uint32_t, const editions::OutcomeBlock*> released;
  for (const auto& block : input.released) released[block->number] = block.get();

  size_t bytes = 0;
  for (size_t g = 0; g < groups.size(); ++g) {
    const auto number = static_cast<uint32_t>(g + 1);
    OutcomeGroupInput group;
    group.year = input.year;
    group.number = number;
    const OutcomePlan::Group& planned = release.plan.groups[g];
    group.group = {static_cast<editions::ProviderGroup::Kind>(planned.kind), planned.provider};
    group.entries = groups[g];
    group.sequence = input.sequence;
    const auto admitted = input.admitted.find(number);
    if (admitted != input.admitted.end()) group.admitted = &admitted->second;
    const auto shown = released.find(number);
    if (shown != released.end()) group.released = shown->second;
    const bool renew =
        always && group.released != nullptr && group.released->policy_version != policy_version_;
    const bool moved = std::any_of(groups[g].begin(), groups[g].end(),
                                   [](const OutcomeEntry& e) { return e.was != e.is; });
    if (!moved && !renew) continue;
    if (bytes > max_bytes) {
      release.more = true;
      break;
    }
    auto next = PublishOutcomeGroup(TreeOf(number, trees), rules_, policy_version_, group, renew);
    if (!next) continue;
    bytes += next->block.weight();
    release.groups.push_back(*std::move(next));
  }
  return release;
}

}  // namespace steelyard::publisher
