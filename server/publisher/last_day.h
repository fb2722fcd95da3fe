#ifndef STEELYARD_SERVER_PUBLISHER_LAST_DAY_H_
#define STEELYARD_SERVER_PUBLISHER_LAST_DAY_H_

#include "storage/model/time.h"

namespace steelyard::publisher {

// The last day of `month`: on that of a run's or quarter's last month owners count
// for all of it.
inline model::Day LastDayOf(model::Month month) {
  const model::Month next = month.Plus(1);
  return {model::Day::FromYmd(next.year(), next.month(), 1)->number - 1};
}

}  // namespace steelyard::publisher

#endif  // STEELYARD_SERVER_PUBLISHER_LAST_DAY_H_
