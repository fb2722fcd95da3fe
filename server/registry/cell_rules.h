#ifndef STEELYARD_SERVER_REGISTRY_CELL_RULES_H_
#define STEELYARD_SERVER_REGISTRY_CELL_RULES_H_

// What a field of a register entry must hold, whether it comes in a file or in
// a request.

#include <string_view>

#include "server/registry/row_reader.h"

namespace steelyard::registry {

inline constexpr size_t kMaxNameBytes = 200;

inline constexpr Expectation kName = {"NAME_INVALID", "a name of at most 200 bytes"};
inline constexpr Expectation kDay = {"DATE_INVALID", "a day such as 2020-04-01"};
inline constexpr Expectation kCompanyNumber = {
    "COMPANY_NUMBER_INVALID",
    "a company number of 8 characters such as 01234567 or SC123456 (spreadsheets drop a leading "
    "0)"};
inline constexpr Expectation kCountry = {"COUNTRY_UNKNOWN",
                                         "two capital letters of ISO 3166-1 such as GB"};

inline bool IsName(std::string_view text) { return !text.empty() && text.size() <= kMaxNameBytes; }

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_CELL_RULES_H_
