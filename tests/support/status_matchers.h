#ifndef STEELYARD_TESTS_SUPPORT_STATUS_MATCHERS_H_
#define STEELYARD_TESTS_SUPPORT_STATUS_MATCHERS_H_

// EXPECT_OK(x), ASSERT_OK(x), ASSERT_OK_AND_ASSIGN(auto v, x) and
// StatusIs(code, message matcher). Name the code you expect: there is no
// "not OK" matcher.

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"

namespace steelyard::testing {

inline const absl::Status& StatusOf(const absl::Status& s) { return s; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& s) {
  return s.status();
}

MATCHER_P2(StatusIs, code, message, "") {
  const absl::Status& status = StatusOf(arg);
  *result_listener << "status is " << status.ToString();
  return status.code() == code &&
         ::testing::ExplainMatchResult(message, std::string(status.message()), result_listener);
}
inline auto StatusIs(absl::StatusCode code) { return StatusIs(code, ::testing::_); }

}  // namespace steelyard::testing

#define STEELYARD_TEST_CONCAT_INNER_(a, b) a##b
#define STEELYARD_TEST_CONCAT_(a, b) STEELYARD_TEST_CONCAT_INNER_(a, b)
#define EXPECT_OK(expr) EXPECT_EQ(::steelyard::testing::StatusOf(expr), absl::OkStatus())
#define ASSERT_OK(expr) ASSERT_EQ(::steelyard::testing::StatusOf(expr), absl::OkStatus())
#define ASSERT_OK_AND_ASSIGN(lhs, expr) \
  ASSERT_OK_AND_ASSIGN_(STEELYARD_TEST_CONCAT_(test_statusor_, __LINE__), lhs, expr)
#define ASSERT_OK_AND_ASSIGN_(tmp, lhs, expr)       \
  auto tmp = (expr);                                \
  ASSERT_TRUE(tmp.ok()) << tmp.status().ToString(); \
  lhs = *std::move(tmp)

#endif  // STEELYARD_TESTS_SUPPORT_STATUS_MATCHERS_H_
