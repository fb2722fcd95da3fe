#ifndef STEELYARD_STORAGE_MODEL_CODES_H_
#define STEELYARD_STORAGE_MODEL_CODES_H_

// The coded lists that outcome reports are made of, with their words. Numbers
// are frozen on disk; a list may only gain entries at its end. Ids are what the
// wire and files use. All functions are pure and thread-safe.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace steelyard::model {

// One coded value: its id (`childrens-homes`), name and meaning for people.
struct Code {
  std::string_view id;
  std::string_view display_name;
  std::string_view meaning;
};

// Kinds of service, children's first and then adults' (DOMAIN 5.3).
enum class Service : uint8_t {
  kChildrensHomes = 1,
  kFostering = 2,
  kSpecialSchools = 3,
  kSupportedAccommodation = 4,
  kLeavingCare = 5,
  kAdoption = 6,
  kFamilyCentres = 7,
  kAdultResidentialCare = 8,
  kAdultNursingCare = 9,
  kAdultHomeCare = 10,
  kAdultSupportedLiving = 11,
};
// Entry i is the service with number i + 1.
std::span<const Code> Services();
std::optional<Service> ParseService(std::string_view id);
// Nothing for a number that is no service.
std::optional<Service> ServiceOf(uint64_t number);
const Code& CodeOf(Service service);

// The eight domains that councils rate (DOMAIN 5.3), version `domains-1`.
enum class Measure : uint8_t {
  kSafeguarding = 0,
  kStability = 1,
  kEducation = 2,
  kHealth = 3,
  kVoice = 4,
  kIndependence = 5,
  kWorkforce = 6,
  kValue = 7,
};
inline constexpr size_t kMeasureCount = 8;
struct MeasureCode {
  Code code;                  // `meaning` is the definition
  std::string_view guidance;  // what to look at before giving a level
};
// Entry i is the measure with number i.
std::span<const MeasureCode> Measures();
std::optional<Measure> ParseMeasure(std::string_view id);

// The Procurement Act's ratings, best first; kOther is no rank. Numbers equal
// the wire's OutcomeReport.Level.
enum class Level : uint8_t {
  kNone = 0,
  kGood = 1,
  kApproachingTarget = 2,
  kRequiresImprovement = 3,
  kInadequate = 4,
  kOther = 5,
};
inline constexpr size_t kLevelCount = 5;  // kGood .. kOther
inline constexpr size_t kRankCount = 4;   // kGood .. kInadequate
inline constexpr std::string_view kLevelScale = "procurement-act-2023";
// Entry i is the level with number i + 1.
std::span<const Code> Levels();
std::optional<Level> ParseLevel(std::string_view id);

// The map from levels to numbers behind every mean: Good 3, Approaching target
// 2, Requires improvement 1, Inadequate 0. A choice, not a fact: steps are
// taken to be even. Changing it needs a new name.
inline constexpr std::string_view kScoreMap = "even-steps-1";
inline constexpr int kMaxScore = 3;
// `level` is a rank, kGood to kInadequate.
constexpr int ScoreOf(Level level) { return 4 - static_cast<int>(level); }

// What a council means to do. Numbers equal the wire's Intention.
enum class Intention : uint8_t {
  kNone = 0,
  kStay = 1,
  kReduce = 2,
  kMoveToSmallerLocal = 3,
  kBringInHouse = 4,
  kUndecided = 5,
};
inline constexpr size_t kIntentionCount = 5;
// Entry i is the intention with number i + 1.
std::span<const Code> Intentions();
std::optional<Intention> ParseIntention(std::string_view id);

// What councils may put first in talks with a provider; the number of a
// priority is its place in the list, from 1.
std::span<const Code> Priorities();
// Its number, or nothing.
std::optional<uint8_t> ParsePriority(std::string_view id);
inline constexpr size_t kMaxPriorities = 5;

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_CODES_H_
