#include "server/rpc/convert.h"

namespace steelyard::rpc {
namespace {

constexpr int64_t kMicros = 1'000'000;
constexpr int64_t kFirstSecond = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr int64_t kLastSecond = 253'402'300'799;   // 9999-12-31T23:59:59Z

}  // namespace

std::optional<model::Day> FromProto(const google::type::Date& date) {
  return model::Day::FromYmd(date.year(), date.month(), date.day());
}

void ToProto(model::Day day, google::type::Date* out) {
  const absl::CivilDay civil = day.civil();
  out->set_year(static_cast<int32_t>(civil.year()));
  out->set_month(civil.month());
  out->set_day(civil.day());
}

std::optional<model::Month> FromProto(const v1::Month& month) {
  return model::Month::FromYm(month.year(), month.month());
}

void ToProto(model::Month month, v1::Month* out) {
  out->set_year(month.year());
  out->set_month(month.month());
}

std::optional<model::Month> FromProto(const v1::Quarter& quarter) {
  if (quarter.quarter() < 1 || quarter.quarter() > 4) return std::nullopt;
  return model::Month::FromYm(quarter.year(), 3 * quarter.quarter() - 2);
}

void ToProto(model::Month quarter, v1::Quarter* out) {
  out->set_year(quarter.year());
  out->set_quarter((quarter.month() + 2) / 3);
}

void MicrosToProto(int64_t unix_micros, google::protobuf::Timestamp* out) {
  int64_t seconds = unix_micros / kMicros;
  int64_t rest = unix_micros % kMicros;
  if (rest < 0) {
    rest += kMicros;
    seconds -= 1;
  }
  out->set_seconds(seconds);
  out->set_nanos(static_cast<int32_t>(rest * 1000));
}

std::optional<int64_t> MicrosFromProto(const google::protobuf::Timestamp& time) {
  if (time.nanos() < 0 || time.nanos() > 999'999'999) return std::nullopt;
  if (time.seconds() < kFirstSecond || time.seconds() > kLastSecond) return std::nullopt;
  return time.seconds() * kMicros + time.nanos() / 1000;
}

void ToProto(const model::Problem& problem, v1::Problem* out) {
  out->set_row(problem.row);
  out->set_reference(problem.reference);
  out->set_field(problem.field);
  out->set_found(problem.found);
  out->set_expected(problem.expected);
  out->set_severity(static_cast<v1::Problem::Severity>(problem.severity));
  out->set_code(problem.code);
  out->set_message(problem.message);
}

std::optional<model::Role> FromProto(v1::Role role) {
  if (role <= v1::ROLE_UNSPECIFIED || role > v1::ROLE_AUDITOR) return std::nullopt;
  return static_cast<model::Role>(role);
}

v1::Role ToProto(model::Role role) { return static_cast<v1::Role>(role); }

model::Policy FromProto(const v1::Policy& policy) {
  model::Policy out;
  out.version = policy.version();
  out.effective_unix_micros = MicrosFromProto(policy.effective_time()).value_or(0);
  out.min_councils = policy.min_councils();
  out.min_supplier_groups = policy.min_supplier_groups();
  out.p_percent = policy.p_percent();
  out.max_share_percent = policy.max_share_percent();
  out.total_rounding_basis_points = policy.total_rounding_basis_points();
  out.price_rounding_basis_points = policy.price_rounding_basis_points();
  out.min_outcome_councils = policy.min_outcome_councils();
  out.min_placements = policy.min_placements();
  out.min_cohort = policy.min_cohort();
  out.supplier_delay_months = policy.supplier_delay_months();
  return out;
}

void ToProto(const model::Policy& policy, v1::Policy* out) {
  out->set_version(policy.version);
  out->set_min_councils(policy.min_councils);
  out->set_min_supplier_groups(policy.min_supplier_groups);
  out->set_p_percent(policy.p_percent);
  out->set_max_share_percent(policy.max_share_percent);
  out->set_total_rounding_basis_points(policy.total_rounding_basis_points);
  out->set_price_rounding_basis_points(policy.price_rounding_basis_points);
  out->set_min_outcome_councils(policy.min_outcome_councils);
  out->set_min_placements(policy.min_placements);
  out->set_min_cohort(policy.min_cohort);
  out->set_supplier_delay_months(policy.supplier_delay_months);
  MicrosToProto(policy.effective_unix_micros, out->mutable_effective_time());
}

}  // namespace steelyard::rpc
