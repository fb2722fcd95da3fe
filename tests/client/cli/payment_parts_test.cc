#include "client/cli/payment_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace steelyard::cli {
namespace {

using ::testing::ElementsAre;

v1::PublishedPayment Paid(int year, int month, const std::string& name = "Keys") {
  v1::PublishedPayment payment;
  payment.mutable_date()->set_year(year);
  payment.mutable_date()->set_month(month);
  payment.mutable_date()->set_day(1);
  payment.set_supplier_name(name);
  payment.set_amount_micros(1);
  return payment;
}

std::vector<std::string> Shape(const std::vector<PaymentPart>& parts) {
  std::vector<std::string> shape;
  for (const PaymentPart& part : parts) {
    shape.push_back(part.source + ": " + std::to_string(part.payments.size()));
  }
  return shape;
}

TEST(PaymentPartsTest, AFileThatFitsIsOneSource) {
  EXPECT_THAT(Shape(SplitPayments("a.csv", {Paid(2016, 1), Paid(2018, 12)})),
              ElementsAre("a.csv: 2"));
  EXPECT_TRUE(SplitPayments("a.csv", {}).empty());
}

TEST(PaymentPartsTest, ALongerOneIsCutByQuarterAndThenByNumber) {
  std::vector<v1::PublishedPayment> payments;
  for (int month = 12; month >= 1; --month) payments.push_back(Paid(2016, month));
  payments.push_back(Paid(2016, 2));
  EXPECT_THAT(Shape(SplitPayments("a.csv", payments, {.payments = 3, .bytes = 1'000'000})),
              ElementsAre("a.csv 2016-Q1: 3", "a.csv 2016-Q1 (2): 1", "a.csv 2016-Q2: 3",
                          "a.csv 2016-Q3: 3", "a.csv 2016-Q4: 3"));
}

TEST(PaymentPartsTest, APartIsNotLargerThanARequestTakes) {
  const std::string name(100, 'n');
  const std::vector<v1::PublishedPayment> payments(10, Paid(2016, 1, name));
  const auto parts = SplitPayments("a", payments, {.payments = 100, .bytes = 400});
  EXPECT_GT(parts.size(), 2u);
  for (const PaymentPart& part : parts) EXPECT_LE(part.payments.size(), 3u);
}

TEST(PaymentPartsTest, NamesKeepToTheirLength) {
  EXPECT_EQ(SourceName("/data/council spend/may 2016.csv"), "may 2016.csv");
  EXPECT_EQ(SourceName("C:\\data\\x.csv"), "x.csv");
  std::string accents;
  for (int i = 0; i < 70; ++i) accents += "\u00e9";
  EXPECT_EQ(SourceName(accents).size(), 128u);  // 64 characters of two bytes
  const auto parts =
      SplitPayments(SourceName(accents), {Paid(2016, 1), Paid(2016, 4)}, {.payments = 1});
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].source.size(), 2 * (64 - 8) + 8u);
}

}  // namespace
}  // namespace steelyard::cli
