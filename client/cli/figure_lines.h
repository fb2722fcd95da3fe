#ifndef STEELYARD_CLIENT_CLI_FIGURE_LINES_H_
#define STEELYARD_CLIENT_CLI_FIGURE_LINES_H_

// What every kind of benchmark prints alike.

#include <cstddef>
#include <ostream>
#include <string>

#include "steelyard/v1/common.pb.h"

namespace steelyard::cli {

// `82% of 1,100 lines due (likely 80% to 84%)`.
std::string ShareWords(const v1::Proportion& share, const std::string& of);
// `82%`; kNone if it is not set.
std::string ShortShare(const v1::Proportion& share);
// The same of a figure that is a share and nothing else.
std::string ShareOrNone(bool there, double share);

// One figure a line, after its label.
void PrintLine(std::ostream& out, const std::string& label, const std::string& value);

// Where the figures come from and how to ask again.
void PrintReceipt(std::ostream& out, size_t width, const v1::Receipt& receipt);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_FIGURE_LINES_H_
