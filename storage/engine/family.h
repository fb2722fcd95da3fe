#ifndef STEELYARD_STORAGE_ENGINE_FAMILY_H_
#define STEELYARD_STORAGE_ENGINE_FAMILY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace steelyard::engine {

// A column family: a key space of its own inside one store. A batch may touch
// several and stays atomic. The order here is memory only; the names are on
// disk and frozen. docs/keys.md says what each holds.
enum class Family : uint8_t {
  kMeta,
  kRegisters,
  kPurchases,
  kVersions,
  kFacts,
  kFactHistory,
  kSubmissions,
  kRequests,
  kStaging,
  kTokens,
  kAudit,
  kEditions,
  kPublisher,
  kDocuments,
  kOutcomes,
  kOutcomeVersions,
  kOutcomeFacts,
  kOutcomeFactHistory,
  kOutcomeEditions,
};

inline constexpr size_t kFamilyCount = 19;

// The frozen name of each family, by its number.
inline constexpr std::array<std::string_view, kFamilyCount> kFamilyNames = {
    "meta",
    "registers",
    "purchases",
    "versions",
    "facts",
    "fact_history",
    "submissions",
    "requests",
    "staging",
    "tokens",
    "audit",
    "editions",
    "publisher",
    "documents",
    "outcomes",
    "outcome_versions",
    "outcome_facts",
    "outcome_fact_history",
    "outcome_editions",
};

constexpr std::string_view FamilyName(Family family) {
  return kFamilyNames[static_cast<size_t>(family)];
}

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_FAMILY_H_
