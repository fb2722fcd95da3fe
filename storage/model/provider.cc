#include "storage/model/provider.h"

#include <algorithm>

namespace steelyard::model {

const EstablishmentRecord* RecordOn(const Establishment& establishment, Day day) {
  const auto& records = establishment.records;
  const auto after =
      std::upper_bound(records.begin(), records.end(), day,
                       [](Day d, const EstablishmentRecord& record) { return d < record.as_of; });
  return after == records.begin() ? nullptr : &*(after - 1);
}

Judgement JudgementOn(const Establishment& establishment, Day day) {
  const auto& judgements = establishment.judgements;
  const auto after =
      std::upper_bound(judgements.begin(), judgements.end(), day,
                       [](Day d, const EstablishmentJudgement& j) { return d < j.date; });
  return after == judgements.begin() ? Judgement::kNone : (after - 1)->judgement;
}

std::optional<Day> RegisterDay(const std::vector<Establishment>& establishments, Day day) {
  std::optional<Day> newest;
  for (const Establishment& establishment : establishments) {
    const EstablishmentRecord* record = RecordOn(establishment, day);
    if (record != nullptr && (!newest || *newest < record->as_of)) newest = record->as_of;
  }
  return newest;
}

}  // namespace steelyard::model
