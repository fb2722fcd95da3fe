#include "server/benchmarks/provision.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/benchmarks/funnel_figures.h"
#include "server/benchmarks/shown.h"
#include "server/rpc/convert.h"
#include "server/rpc/names.h"
#include "server/statistics/concentration.h"
#include "server/statistics/funnel.h"

namespace steelyard::benchmarks {
namespace {

using model::Establishment;
using model::EstablishmentRecord;
using model::Judgement;
using model::ProviderNo;

constexpr size_t kJudgements = 5;  // none, and the four levels
// Most owners have one home; how far owners differ is taken from those that
// expect at least so many judged below good. From there on chance adds a
// quarter at most to the mean z^2, and in published registers about ten owners
// are left.
constexpr double kLeastExpected = 4;

// Newest first: what has a record of the day asked for, or before it.
const EstablishmentRecord* RecordOf(const Establishment& e, model::Day day) {
  const EstablishmentRecord* found = nullptr;
  for (const EstablishmentRecord& record : e.records) {
    if (record.as_of <= day) found = &record;
  }
  return found;
}

Judgement JudgementOf(const Establishment& e, model::Day day) {
  Judgement found = Judgement::kNone;
  for (const model::EstablishmentJudgement& judgement : e.judgements) {
    if (judgement.date <= day) found = judgement.judgement;
  }
  return found;
}

// What owners hold of one area, or of all.
class Holdings {
 public:
  void Add(ProviderNo owner, bool own, int64_t places) {
    ++all_establishments_;
    all_places_ += places;
    if (own) {
      ++establishments_;
      places_ += places;
    }
    if (owner.value != 0) owners_[owner] += places;
  }

  void ToProto(std::string area, v1::Provision::AreaProvision* out) const {
    out->set_area(std::move(area));
    out->set_establishments(establishments_);
    out->set_places(places_);
    out->set_all_establishments(all_establishments_);
    out->set_all_places(all_places_);
    out->set_owners(static_cast<int64_t>(owners_.size()));
    if (all_places_ == 0) return;
    std::vector<double> shares;
    for (const auto& [owner, places] : owners_) {
      shares.push_back(100.0 * static_cast<double>(places) / static_cast<double>(all_places_));
    }
    out->set_hhi(ThreePlaces(statistics::HerfindahlFloor(shares)));
  }

  int64_t all_places() const { return all_places_; }

 private:
  int64_t establishments_ = 0;
  int64_t places_ = 0;
  int64_t all_establishments_ = 0;
  int64_t all_places_ = 0;
  std::map<ProviderNo, int64_t> owners_;
};

// What one owner has in the whole country.
struct OwnerTotal {
  int64_t establishments = 0;
  int64_t places = 0;
  int64_t judged = 0;
  int64_t below_good = 0;
};

bool BelowGood(Judgement judgement) {
  return judgement == Judgement::kRequiresImprovement || judgement == Judgement::kInadequate;
}

void AddOwners(const std::map<ProviderNo, OwnerTotal>& owners, int64_t all_places,
               const model::Registers& registers, v1::Provision* out) {
  std::vector<std::pair<ProviderNo, OwnerTotal>> largest(owners.begin(), owners.end());
  std::stable_sort(largest.begin(), largest.end(),
                   [](const auto& a, const auto& b) { return a.second.places > b.second.places; });
  if (largest.size() > kMostOwners) largest.resize(kMostOwners);
  for (const auto& [owner, total] : largest) {
    const model::Provider* entry = registers.FindProvider(owner);
    v1::Provision::OwnerShare* share = out->add_owners();
    share->set_owner(rpc::ProviderName(entry->id));
    share->set_display_name(entry->display_name);
    share->set_establishments(total.establishments);
    share->set_places(total.places);
    share->set_share(all_places == 0 ? 0
                                     : ThreePlaces(static_cast<double>(total.places) /
                                                   static_cast<double>(all_places)));
  }
}

}  // namespace

v1::Provision ProvisionOf(const ProvisionQuestion& question, const model::Registers& registers) {
  // The day of the newest register of each kind of service.
  std::map<std::optional<model::Service>, model::Day> days;
  const auto asked = [&](const Establishment& e) {
    return !question.service || e.service == question.service;
  };
  v1::Provision out;
  std::optional<model::Day> newest;
  for (const Establishment& e : *registers.establishments) {
    const EstablishmentRecord* record = asked(e) ? RecordOf(e, question.day) : nullptr;
    if (record == nullptr) continue;
    model::Day& day = days.try_emplace(e.service, record->as_of).first->second;
    day = std::max(day, record->as_of);
    newest = std::max(newest.value_or(day), day);
  }
  if (!newest) return out;
  rpc::ToProto(*newest, out.mutable_as_of_date());

  Holdings whole;
  std::map<model::AreaNo, Holdings> by_area;
  std::map<ProviderNo, OwnerTotal> owners;
  OwnerTotal own_total;
  std::array<int64_t, kJudgements> judgements{};
  // Of a provider on the day of a register: its owner in the end, and whether
  // the question is about it.
  absl::flat_hash_map<std::pair<ProviderNo, int32_t>, std::pair<ProviderNo, bool>> known;
  const auto owner_of = [&](ProviderNo provider, model::Day day) {
    if (provider.value == 0) return std::pair(ProviderNo{}, question.provider.value == 0);
    auto [it, added] = known.try_emplace(std::pair(provider, day.number));
    if (added) {
      const std::vector<ProviderNo> chain = registers.OwnersOf(provider, day);
      const bool about = std::find(chain.begin(), chain.end(), question.provider) != chain.end();
      it->second = {chain.back(), question.provider.value == 0 || about};
    }
    return it->second;
  };
  for (const Establishment& e : *registers.establishments) {
    const EstablishmentRecord* record = asked(e) ? RecordOf(e, question.day) : nullptr;
    if (record == nullptr || record->as_of != days[e.service]) continue;
    const bool open = record->registration == model::Registration::kActive ||
                      record->registration == model::Registration::kSuspended;
    if (!open) continue;
    const auto [owner, own] = owner_of(record->provider, record->as_of);
    whole.Add(owner, own, record->places);
    by_area[e.area].Add(owner, own, record->places);
    const Judgement judgement = JudgementOf(e, question.day);
    OwnerTotal one{1, record->places, judgement != Judgement::kNone ? 1 : 0,
                   BelowGood(judgement) ? 1 : 0};
    const auto add = [&one](OwnerTotal& total) {
      total.establishments += one.establishments;
      total.places += one.places;
      total.judged += one.judged;
      total.below_good += one.below_good;
    };
    if (owner.value != 0) add(owners[owner]);
    if (!own) continue;
    add(own_total);
    ++judgements[static_cast<size_t>(judgement)];
  }

  whole.ToProto("", out.mutable_whole());
  for (const auto& [no, holdings] : by_area) {
    const model::Area* area = registers.FindArea(no);
    holdings.ToProto(area == nullptr ? "" : rpc::AreaName(area->id), out.add_areas());
  }
  AddOwners(owners, whole.all_places(), registers, &out);
  if (own_total.establishments > 0) {
    for (size_t i = 1; i <= kJudgements; ++i) {
      const size_t level = i % kJudgements;  // those not judged last
      v1::Provision::JudgementCount* count = out.add_judgements();
      count->set_level(static_cast<v1::Establishment::Judgement::Level>(level));
      count->set_establishments(judgements[level]);
    }
  }
  if (question.provider.value == 0 || own_total.judged == 0) return out;
  std::vector<statistics::FunnelUnit> units;
  for (const auto& [owner, total] : owners) {
    if (total.judged == 0) continue;
    units.push_back({static_cast<double>(total.below_good), static_cast<double>(total.judged)});
  }
  const statistics::Funnel funnel =
      statistics::ProportionFunnel(units, statistics::Trim::kWinsorized, kLeastExpected);
  const double tau2 = funnel.dispersion.tau2;
  SetFunnel(own_total.below_good, own_total.judged, funnel.target, tau2,
            statistics::CautiousProportionLimits(funnel.target, own_total.judged, tau2),
            "establishments judged below good", out.mutable_funnel());
  return out;
}

}  // namespace steelyard::benchmarks
