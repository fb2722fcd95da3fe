#ifndef STEELYARD_STORAGE_LEDGER_POLICY_RULES_H_
#define STEELYARD_STORAGE_LEDGER_POLICY_RULES_H_

#include <string>

#include "storage/model/policy.h"

namespace steelyard::ledger {

// Every rule of a policy, for the audit: `councils=5,suppliers=3,p=20,…`,
// without its version and its time.
std::string RulesOf(const model::Policy& policy);

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_POLICY_RULES_H_
