#include "storage/model/outcome.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "storage/base/text.h"

namespace steelyard::model {

OutcomeFact FactOf(const OutcomeContent& content) {
  OutcomeFact fact;
  fact.quarter = content.quarter;
  fact.provider = content.provider;
  fact.service = content.service;
  fact.placements = content.placements;
  fact.ratings = content.ratings;
  if (content.currency == Currency::Gbp()) {
    fact.spend_micros = content.spend_micros.value_or(-1);
    fact.weekly_fee_micros = content.weekly_fee_micros.value_or(-1);
    fact.weekly_extras_micros = content.weekly_extras_micros.value_or(-1);
  }
  fact.unplanned_endings = content.unplanned_endings.value_or(-1);
  fact.referrals = content.referrals.value_or(-1);
  fact.offers = content.offers.value_or(-1);
  fact.nearest_offer_meters = content.nearest_offer_meters.value_or(-1);
  if (content.no_alternative) fact.no_alternative = *content.no_alternative ? 1 : 0;
  fact.intention = content.intention;
  const size_t named = std::min(content.priorities.size(), kMaxPriorities);
  std::copy_n(content.priorities.begin(), named, fact.priorities.begin());
  return fact;
}

std::string OutcomeReference(std::string_view provider, Service service, Month quarter) {
  return absl::StrCat(Av(provider), ".", Av(CodeOf(service).id), ".", quarter.year(), "-q",
                      (quarter.month() - 1) / 3 + 1);
}

}  // namespace steelyard::model
