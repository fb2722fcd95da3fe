#ifndef STEELYARD_TESTS_ATTACK_REPORT_H_
#define STEELYARD_TESTS_ATTACK_REPORT_H_

#include <string>

#include "tests/attack/campaign.h"

namespace steelyard::attack {

// Prints what a campaign did and found, one figure a line.
void PrintCampaign(const std::string& name, const CampaignCounts& counts);

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_REPORT_H_
