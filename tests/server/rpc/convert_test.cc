#include "server/rpc/convert.h"

#include <limits>

#include "gtest/gtest.h"

namespace steelyard::rpc {
namespace {

google::type::Date Date(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

TEST(ConvertTest, DaysGoThereAndBack) {
  for (const auto& [y, m, d] : {std::tuple{2000, 1, 1}, {2020, 2, 29}, {2024, 12, 31}}) {
    const auto day = FromProto(Date(y, m, d));
    ASSERT_TRUE(day.has_value());
    EXPECT_EQ(*day, model::Day::FromYmd(y, m, d));
    google::type::Date back;
    ToProto(*day, &back);
    EXPECT_EQ(back.SerializeAsString(), Date(y, m, d).SerializeAsString());
  }
}

TEST(ConvertTest, ADateThatIsNoWholeDayIsNothing) {
  for (const auto& [y, m, d] : {std::tuple{0, 0, 0},
                                {2020, 4, 0},
                                {2020, 0, 1},
                                {2023, 2, 29},
                                {2020, 13, 1},
                                {2020, 4, 31},
                                {0, 4, 1},
                                {2020, -1, 1},
                                {9999, 1, 1},
                                {std::numeric_limits<int>::min(), 1, 1}}) {
    EXPECT_EQ(FromProto(Date(y, m, d)), std::nullopt) << y << "-" << m << "-" << d;
  }
}

TEST(ConvertTest, AQuarterIsItsFirstMonth) {
  v1::Quarter quarter;
  quarter.set_year(2016);
  for (int q = 1; q <= 4; ++q) {
    quarter.set_quarter(q);
    const model::Month month = FromProto(quarter).value();
    EXPECT_EQ(month, model::Month::FromYm(2016, 3 * q - 2));
    v1::Quarter back;
    ToProto(month, &back);
    EXPECT_EQ(back.SerializeAsString(), quarter.SerializeAsString());
  }
  for (const auto& [year, number] : {std::pair{2016, 0}, {2016, 5}, {2016, -1}, {1999, 4}}) {
    quarter.set_year(year);
    quarter.set_quarter(number);
    EXPECT_EQ(FromProto(quarter), std::nullopt) << year << " " << number;
  }
}

TEST(ConvertTest, MonthsGoThereAndBackWithinTheirRange) {
  v1::Month month;
  month.set_year(2020);
  month.set_month(4);
  const auto parsed = FromProto(month);
  ASSERT_TRUE(parsed.has_value());
  v1::Month back;
  ToProto(*parsed, &back);
  EXPECT_EQ(back.SerializeAsString(), month.SerializeAsString());
  month.set_month(13);
  EXPECT_EQ(FromProto(month), std::nullopt);
  month.set_month(12);
  month.set_year(1999);
  EXPECT_EQ(FromProto(month), std::nullopt);
  EXPECT_EQ(FromProto(v1::Month()), std::nullopt);
}

TEST(ConvertTest, MicrosGoThereAndBack) {
  for (const int64_t micros :
       {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{1'600'000'000'123'456}, int64_t{-1'000'000}}) {
    google::protobuf::Timestamp time;
    MicrosToProto(micros, &time);
    EXPECT_GE(time.nanos(), 0);
    EXPECT_EQ(MicrosFromProto(time), micros);
  }
}

TEST(ConvertTest, AMalformedTimestampIsNothing) {
  google::protobuf::Timestamp time;
  time.set_nanos(1'000'000'000);
  EXPECT_EQ(MicrosFromProto(time), std::nullopt);
  time.set_nanos(-1);
  EXPECT_EQ(MicrosFromProto(time), std::nullopt);
  time.set_nanos(0);
  time.set_seconds(std::numeric_limits<int64_t>::max());
  EXPECT_EQ(MicrosFromProto(time), std::nullopt);
  time.set_seconds(253'402'300'799);
  EXPECT_EQ(MicrosFromProto(time), 253'402'300'799'000'000);
}

TEST(ConvertTest, RolesHaveTheWiresNumbers) {
  EXPECT_EQ(FromProto(v1::ROLE_UNSPECIFIED), std::nullopt);
  EXPECT_EQ(FromProto(static_cast<v1::Role>(6)), std::nullopt);
  EXPECT_EQ(FromProto(static_cast<v1::Role>(-1)), std::nullopt);
  EXPECT_EQ(FromProto(v1::ROLE_SUBMITTER), model::Role::kSubmitter);
  EXPECT_EQ(FromProto(v1::ROLE_READER), model::Role::kReader);
  EXPECT_EQ(FromProto(v1::ROLE_ANALYST), model::Role::kAnalyst);
  EXPECT_EQ(FromProto(v1::ROLE_STEWARD), model::Role::kSteward);
  EXPECT_EQ(FromProto(v1::ROLE_AUDITOR), model::Role::kAuditor);
  EXPECT_EQ(ToProto(model::Role::kAuditor), v1::ROLE_AUDITOR);
}

TEST(ConvertTest, PolicyGoesThereAndBack) {
  const model::Policy policy{.version = 1001,
                             .min_councils = 2,
                             .min_supplier_groups = 3,
                             .p_percent = 4,
                             .max_share_percent = 5,
                             .total_rounding_basis_points = 6,
                             .price_rounding_basis_points = 7,
                             .effective_unix_micros = 8'000'000,
                             .supplier_delay_months = 9};
  v1::Policy wire;
  ToProto(policy, &wire);
  EXPECT_EQ(wire.effective_time().seconds(), 8);
  EXPECT_EQ(FromProto(wire), policy);
}

TEST(ConvertTest, AProblemKeepsEveryField) {
  const model::Problem problem{.row = 12,
                               .reference = "PO-1",
                               .field = "packs",
                               .found = "-3",
                               .expected = "1 or more",
                               .severity = model::Problem::Severity::kConfirm,
                               .code = "PACKS_RANGE",
                               .message = "Packs must be 1 or more."};
  v1::Problem wire;
  ToProto(problem, &wire);
  EXPECT_EQ(wire.row(), 12);
  EXPECT_EQ(wire.reference(), "PO-1");
  EXPECT_EQ(wire.field(), "packs");
  EXPECT_EQ(wire.found(), "-3");
  EXPECT_EQ(wire.expected(), "1 or more");
  EXPECT_EQ(wire.severity(), v1::Problem::CONFIRM);
  EXPECT_EQ(wire.code(), "PACKS_RANGE");
  EXPECT_EQ(wire.message(), "Packs must be 1 or more.");
}

}  // namespace
}  // namespace steelyard::rpc
