#include "server/app/grpc_log.h"

#include <gmock/gmock.h>

#include "grpc/support/log.h"

namespace steelyard::app {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(GrpcLogTest, WhatGrpcSaysIsALineOfOursWithoutTheSecretInIt) {
  WriteGrpcLogAsOurs();
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);  // as the first server does
  ::testing::internal::CaptureStderr();
  gpr_log(GPR_ERROR, "bad value: key=authorization value=%s", "bearer planted-secret");
  gpr_log(GPR_ERROR, "no secret here");
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, AllOf(HasSubstr("\"event\":\"grpc\""), HasSubstr("grpc_log_test.cc:"),
                         HasSubstr("key=authorization value=[left out]"),
                         HasSubstr("\"no secret here\""), Not(HasSubstr("planted-secret"))));
}

TEST(GrpcLogTest, ATokenIsLeftOutWhereverItStands) {
  EXPECT_EQ(WithoutSecrets("x Bearer abc def"), "x [left out]");
  EXPECT_EQ(WithoutSecrets("sty_t0123456789"), "[left out]");
  EXPECT_EQ(WithoutSecrets("nothing"), "nothing");
}

}  // namespace
}  // namespace steelyard::app
