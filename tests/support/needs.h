#ifndef STEELYARD_TESTS_SUPPORT_NEEDS_H_
#define STEELYARD_TESTS_SUPPORT_NEEDS_H_

#include <cstdlib>
#include <string_view>

#include "gtest/gtest.h"

namespace steelyard::testing {

// Whether this run is the gate's, where ./test has installed what tests need.
inline bool IsGate() {
  const char* ci = std::getenv("CI");
  return ci != nullptr && std::string_view(ci) == "true";
}

}  // namespace steelyard::testing

// Skips a test that lacks a program of this machine, and says which; under
// CI=true it fails, or the gate would pass without it.
#define STEELYARD_NEEDS(there, words)                      \
  do {                                                     \
    if (there) break;                                      \
    if (::steelyard::testing::IsGate()) FAIL() << (words); \
    GTEST_SKIP() << (words);                               \
  } while (false)

#endif  // STEELYARD_TESTS_SUPPORT_NEEDS_H_
