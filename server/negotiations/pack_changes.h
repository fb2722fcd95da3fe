#ifndef STEELYARD_SERVER_NEGOTIATIONS_PACK_CHANGES_H_
#define STEELYARD_SERVER_NEGOTIATIONS_PACK_CHANGES_H_

#include <string>
#include <vector>

#include "steelyard/v1/negotiation_service.pb.h"

namespace steelyard::negotiations {

// A figure that a pack is judged by, in words with its unit.
struct Headline {
  std::string figure;
  std::string value;
};

// The headline figures of a pack, in the order they stand in it: spend, for
// each service outcomes, sufficiency and fees, then places. Pure, thread-safe.
std::vector<Headline> HeadlinesOf(const v1::Pack& pack);

// Headline figures that read differently in the two; one that only one of them
// can show is said to be not shown in the other. Pure, thread-safe.
std::vector<v1::Pack::Change> ChangesBetween(const v1::Pack& before, const v1::Pack& now);

}  // namespace steelyard::negotiations

#endif  // STEELYARD_SERVER_NEGOTIATIONS_PACK_CHANGES_H_
