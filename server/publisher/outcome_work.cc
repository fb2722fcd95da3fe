#include "server/publisher/outcome_work.h"

#include <algorithm>
#include <utility>

#include "storage/base/status_macros.h"

namespace steelyard::publisher {
namespace {

// Somebody who corrects a report every second must not hold up the others.
constexpr int kMostSettles = 20;

}  // namespace

OutcomeWork::OutcomeWork(engine::Database& database, editions::OutcomeStore& store, Duration settle)
    : database_(database), store_(store), facts_(database), log_(database), settle_(settle) {}

void OutcomeWork::SetWaiting(const codec::OutcomeYear& year, const ledger::OutcomePlan& plan) {
  if (plan.waiting.empty()) {
    waiting_.erase(year);
  } else {
    waiting_[year] = FirstShownOn(*plan.waiting.begin());
  }
}

absl::Status OutcomeWork::Load() {
  if (loaded_) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto plans, log_.Plans());
  for (const auto& [year, plan] : plans) SetWaiting(year, plan);
  loaded_ = true;
  return absl::OkStatus();
}

void OutcomeWork::Clear() {
  dirty_.clear();
  waiting_.clear();
  loaded_ = false;
}

void OutcomeWork::Touch(const codec::OutcomeYear& year, uint64_t sequence, Time now) {
  auto [it, added] = dirty_.try_emplace(year);
  Dirty& dirty = it->second;
  if (added) {
    dirty.first_sequence = sequence;
    dirty.first_touched = now;
  }
  dirty.last_touched = now;
}

absl::Status OutcomeWork::TouchAll(uint64_t sequence) {
  ASSIGN_OR_RETURN(const auto plans, log_.Plans());
  for (const auto& [year, plan] : plans) {
    auto [it, added] = dirty_.try_emplace(year);
    if (added) it->second.first_sequence = sequence;
    it->second.always = true;
  }
  return absl::OkStatus();
}

void OutcomeWork::TouchDue(model::Day today, uint64_t sequence) {
  for (const auto& [year, due] : waiting_) {
    if (due > today) continue;
    auto [it, added] = dirty_.try_emplace(year);
    if (added) it->second.first_sequence = sequence;
  }
}

OutcomeWork::Time OutcomeWork::ReadyAt(const Dirty& dirty) const {
  return std::min(dirty.last_touched + settle_, dirty.first_touched + kMostSettles * settle_);
}

bool OutcomeWork::Ready(Time now, bool all) const {
  return std::any_of(dirty_.begin(), dirty_.end(),
                     [&](const auto& d) { return all || ReadyAt(d.second) <= now; });
}

std::optional<OutcomeWork::Time> OutcomeWork::NextReady() const {
  std::optional<Time> next;
  for (const auto& [year, dirty] : dirty_) {
    const Time at = ReadyAt(dirty);
    next = next ? std::min(*next, at) : at;
  }
  return next;
}

std::optional<uint64_t> OutcomeWork::FirstSequence() const {
  std::optional<uint64_t> first;
  for (const auto& [year, dirty] : dirty_) {
    first = first ? std::min(*first, dirty.first_sequence) : dirty.first_sequence;
  }
  return first;
}

absl::StatusOr<OutcomeWork::Written> OutcomeWork::PublishOne(const OutcomePublisher& rules,
                                                             const State& state, Time now, bool all,
                                                             size_t max_bytes,
                                                             engine::Batch& batch) {
  Written written;
  const auto it = std::find_if(dirty_.begin(), dirty_.end(),
                               [&](const auto& d) { return all || ReadyAt(d.second) <= now; });
  if (it == dirty_.end()) return written;
  const codec::OutcomeYear year = it->first;
  OutcomeInput input;
  input.year = year;
  input.sequence = state.sequence;
  input.today = state.today;
  ASSIGN_OR_RETURN(input.facts, facts_.Read(year, state.snapshot));
  ASSIGN_OR_RETURN(input.plan, log_.ReadPlan(year));
  ASSIGN_OR_RETURN(input.admitted, log_.ReadAdmitted(year));
  ASSIGN_OR_RETURN(input.released, store_.Newest(year.service, year.year));
  OutcomeRelease release = rules.Publish(input, it->second.always, max_bytes);
  if (release.plan != input.plan) ledger::OutcomeLog::PutPlan(year, release.plan, batch);
  for (OutcomeGroupRelease& group : release.groups) {
    group.block.edition = state.edition;
    RETURN_IF_ERROR(store_.Put(batch, group.block));
    ledger::OutcomeLog::PutAdmitted(year, group.block.number, group.admitted, batch);
    written.blocks.push_back(
        std::make_shared<const editions::OutcomeBlock>(std::move(group.block)));
  }
  SetWaiting(year, release.plan);
  written.more = release.more;
  if (!written.more) dirty_.erase(it);
  return written;
}

}  // namespace steelyard::publisher
