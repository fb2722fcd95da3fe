#ifndef STEELYARD_CLIENT_CLI_PARSE_H_
#define STEELYARD_CLIENT_CLI_PARSE_H_

// Values as they are typed on a command line. The text of an error is a clause
// that follows what was found.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/type/date.pb.h"
#include "steelyard/v1/common.pb.h"
#include "steelyard/v1/provider.pb.h"
#include "steelyard/v1/purchase.pb.h"

namespace steelyard::cli {

// 2020-04-03. A day of the calendar, 1900 to 2200.
absl::StatusOr<google::type::Date> ParseDate(const std::string& text);

// 2020-04. The years 2000 to 2100.
absl::StatusOr<v1::Month> ParseMonth(const std::string& text);

// 2020, 2020-04, 2020-Q2, or two of these with .. between them: first and last
// month.
absl::StatusOr<std::pair<v1::Month, v1::Month>> ParsePeriod(const std::string& text);

// 2022-Q1, 2022, or two of these with .. between them (or the same in whole
// months): first and last quarter.
absl::StatusOr<std::pair<v1::Quarter, v1::Quarter>> ParseQuarters(const std::string& text);

// One quarter, 2022-Q1.
absl::StatusOr<v1::Quarter> ParseQuarter(const std::string& text);

// 7.5% or 7.5, in hundredths of a percent; at most two decimals.
absl::StatusOr<int64_t> ParsePercent(const std::string& text);

// FIELD=VALUE for a correction: sets the field of `purchase` and adds it to
// `mask`. FieldsToSet() says which there are.
absl::Status ParseAssignment(const std::string& text, v1::Purchase& purchase,
                             google::protobuf::FieldMask& mask);
std::string FieldsToSet();

// A check for CLI11: empty if `parse` takes the text, else what is wrong.
template <typename T>
auto CheckWith(absl::StatusOr<T> (*parse)(const std::string&)) {
  return [parse](const std::string& text) {
    const absl::StatusOr<T> parsed = parse(text);
    return parsed.ok() ? std::string() : "'" + text + "' " + std::string(parsed.status().message());
  };
}

// What OneOf is made of.
std::string LowerWord(const std::string& text);
std::string NotOneOf(const std::string& text, const std::vector<std::string>& names);

// A transformation for CLI11 (in a CLI::Validator): the number of the name that
// was typed, in any case; else which names there are.
template <typename T>
std::function<std::string(std::string&)> OneOf(const std::map<std::string, T>& values) {
  std::vector<std::string> names;
  for (const auto& [name, value] : values) names.push_back(name);
  return [values, names](std::string& text) -> std::string {
    const auto found = values.find(LowerWord(text));
    if (found == values.end()) return NotOneOf(text, names);
    text = std::to_string(static_cast<int>(found->second));
    return "";
  };
}
// The same for names that stand for themselves.
std::function<std::string(std::string&)> OneOf(const std::vector<std::string>& names);

// A check for CLI11: a whole number from `least` to `most`.
std::function<std::string(const std::string&)> WholeNumber(int64_t least, int64_t most);
// The same without an end, for limits where 0 is all.
std::function<std::string(const std::string&)> ZeroOrMore();

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_PARSE_H_
