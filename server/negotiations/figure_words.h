#ifndef STEELYARD_SERVER_NEGOTIATIONS_FIGURE_WORDS_H_
#define STEELYARD_SERVER_NEGOTIATIONS_FIGURE_WORDS_H_

// Figures as people read them in a pack, and as a program reads them from its
// CSV. Pure functions, thread-safe.

#include <cstdint>
#include <string>
#include <string_view>

#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "steelyard/v1/common.pb.h"
#include "steelyard/v1/outcome.pb.h"
#include "steelyard/v1/provider.pb.h"

namespace steelyard::negotiations {

// What stands where a figure would, if it cannot be shown.
inline constexpr char kNotShown[] = "not shown";

// 1,234,567.
std::string CountWords(int64_t count);
// `1 council`, `2 councils`.
std::string CountOf(int64_t count, std::string_view singular, std::string_view plural);

// £1,235: whole pounds, rounded half away from zero.
std::string PoundWords(int64_t micros);
// 1234.56: exact, at least two decimals.
std::string RawPounds(int64_t micros);

// 12.3 %.
std::string PercentWords(double share);
// 2.31: two decimals.
std::string ScoreWords(double score);
// At most six decimals, without trailing zeros.
std::string RawNumber(double value);
// 12.3 % (9.1 % to 16.0 %).
std::string ProportionWords(const v1::Proportion& proportion);

// 16 March 2026.
std::string DateWords(const google::type::Date& date);
// 16 March 2026, 10:05 UTC.
std::string TimeWords(const google::protobuf::Timestamp& time);
// January to March 2026 is `2026 Q1`.
std::string QuarterWords(const v1::Quarter& quarter);
// `2026 Q1`, or `2025 Q2 to 2026 Q1`.
std::string PeriodWords(const v1::Quarter& from, const v1::Quarter& to);

std::string LevelWords(v1::OutcomeReport::Level level);
std::string IntentionWords(v1::OutcomeReport::Intention intention);
std::string JudgementWords(v1::Establishment::Judgement::Level level);
// Name of a kind of service; its id if it is not known.
std::string ServiceWords(std::string_view id);
// The last part of a resource name.
std::string LastPart(std::string_view name);

}  // namespace steelyard::negotiations

#endif  // STEELYARD_SERVER_NEGOTIATIONS_FIGURE_WORDS_H_
