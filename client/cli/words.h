#ifndef STEELYARD_CLIENT_CLI_WORDS_H_
#define STEELYARD_CLIENT_CLI_WORDS_H_

// Values as people read them. Functions named Raw… give what a program reads.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "steelyard/v1/common.pb.h"
#include "steelyard/v1/provider.pb.h"

namespace steelyard::cli {

// Shown where there is no value.
inline constexpr std::string_view kNone = "–";

// 1,234,567.
std::string CountWords(int64_t count);
// `1 line`, `2 lines`.
std::string CountOf(int64_t count, std::string_view singular, std::string_view plural);

// £0.0412, -£12.00, CHF 3.50: millionths of the currency unit, rounded half
// away from zero to `decimals` (0 to 6).
std::string MoneyWords(int64_t micros, std::string_view currency, int decimals);
// As few decimals as show the smallest of these prices to three figures, 2 to
// 6, so that one column of prices has one number of decimals.
int PriceDecimals(const std::vector<int64_t>& micros);
// Decimals for a total: none from 1,000 on, else 2.
int TotalDecimals(int64_t micros);
// 0.0412: exact, at least two decimals.
std::string RawAmount(int64_t micros);

// 94.2%.
std::string PercentWords(double share);
// 0.9421: at most six decimals.
std::string RawNumber(double value);

// 3 Apr 2020; kNone for no date.
std::string DateWords(const google::type::Date& date);
// 2020-04-03; empty for no date.
std::string RawDate(const google::type::Date& date);
// 3 Apr 2020 14:05 UTC; kNone for none.
std::string TimeWords(const google::protobuf::Timestamp& time);
// 2020-04-03T14:05:00Z; empty for none.
std::string RawTime(const google::protobuf::Timestamp& time);
// Apr 2020.
std::string MonthWords(const v1::Month& month);
// Apr 2020; Apr–Jun 2020; Nov 2020–Jan 2021.
std::string PeriodWords(const v1::Month& from, const v1::Month& to);
// 2020-04.
std::string RawMonth(const v1::Month& month);

// Q1 2022; Q1–Q3 2022; Q4 2022–Q1 2023.
std::string QuarterWords(const v1::Quarter& from, const v1::Quarter& to);
// 2022-Q1.
std::string RawQuarter(const v1::Quarter& quarter);

// The last part of a resource name: `ken` of `councils/ken`.
std::string LastPart(std::string_view name);
// 1.5 GiB.
std::string BytesWords(int64_t bytes);
// `needs attention` of `NEEDS_ATTENTION`.
std::string EnumWords(std::string_view name);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_WORDS_H_
