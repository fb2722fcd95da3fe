#ifndef STEELYARD_SERVER_RPC_CONVERT_H_
#define STEELYARD_SERVER_RPC_CONVERT_H_

// Wire values that several services share, to model values and back. Pure
// functions, thread-safe.

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "steelyard/v1/access_service.pb.h"
#include "steelyard/v1/common.pb.h"
#include "steelyard/v1/provider.pb.h"
#include "storage/model/policy.h"
#include "storage/model/principal.h"
#include "storage/model/problem.h"
#include "storage/model/time.h"

namespace steelyard::rpc {

// Whole days only. Nothing for a date without year, month or day, or that
// there is not (2023-02-29).
std::optional<model::Day> FromProto(const google::type::Date& date);
void ToProto(model::Day day, google::type::Date* out);

// Nothing outside 2000-01 to 2100-12.
std::optional<model::Month> FromProto(const v1::Month& month);
void ToProto(model::Month month, v1::Month* out);

// A quarter is its first month. Nothing outside 2000-Q1 to 2100-Q4.
std::optional<model::Month> FromProto(const v1::Quarter& quarter);
void ToProto(model::Month quarter, v1::Quarter* out);

// Microseconds since 1970-01-01T00:00:00Z.
void MicrosToProto(int64_t unix_micros, google::protobuf::Timestamp* out);
// Rounds down to a microsecond; nothing for nanos outside 0 to 999,999,999 or
// a second outside years 1 to 9999.
std::optional<int64_t> MicrosFromProto(const google::protobuf::Timestamp& time);

void ToProto(const model::Problem& problem, v1::Problem* out);

// Nothing for ROLE_UNSPECIFIED or a number that is no role.
std::optional<model::Role> FromProto(v1::Role role);
v1::Role ToProto(model::Role role);

// `effective_time` is not read: whoever commits sets it.
model::Policy FromProto(const v1::Policy& policy);
void ToProto(const model::Policy& policy, v1::Policy* out);

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_CONVERT_H_
