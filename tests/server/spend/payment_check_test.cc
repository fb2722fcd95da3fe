#include "server/spend/payment_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"

namespace steelyard::spend {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const model::Day kToday = *model::Day::FromYmd(2019, 6, 15);

model::Month Quarter(int year, int quarter) { return *model::Month::FromYm(year, 3 * quarter - 2); }

CheckedPayments Check(const std::string& text) {
  v1::ImportPaymentsRequest request;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
  return CheckPayments(request.payments(), kToday);
}

std::vector<std::string> Codes(const CheckedPayments& checked) {
  std::vector<std::string> codes;
  for (const model::Problem& p : checked.problems) {
    codes.push_back(std::to_string(p.row) + " " + p.field + " " + p.code);
    EXPECT_THAT(p.message, HasSubstr("Row " + std::to_string(p.row) + ": "));
    EXPECT_FALSE(p.expected.empty());
  }
  return codes;
}

TEST(CheckPaymentsTest, SumsUpByNameNumberAndQuarter) {
  const CheckedPayments checked = Check(R"(
      payments { row: 2 date { year: 2018 month: 1 day: 1 } supplier_name: "Keys"
                 amount_micros: 4490000000 }
      payments { row: 3 date { year: 2018 month: 3 day: 31 } supplier_name: "Keys"
                 amount_micros: -250000000 }
      payments { row: 4 date { year: 2018 month: 4 day: 1 } supplier_name: "Keys"
                 amount_micros: 1 }
      payments { row: 5 date { year: 2018 month: 1 day: 1 } supplier_name: "Keys"
                 amount_micros: 7 company_number: "6244880" }
      payments { row: 6 date { year: 2019 month: 6 day: 15 } supplier_name: "Barnardo's"
                 amount_micros: 5 })");
  EXPECT_THAT(checked.problems, IsEmpty());
  EXPECT_THAT(
      checked.names,
      ElementsAre(
          model::PaidName{"Barnardo's", "", {{Quarter(2019, 2), 1, 0, 5}}},
          model::PaidName{
              "Keys", "", {{Quarter(2018, 1), 2, 1, 4'240'000'000}, {Quarter(2018, 2), 1, 0, 1}}},
          model::PaidName{"Keys", "06244880", {{Quarter(2018, 1), 1, 0, 7}}}));
  EXPECT_EQ(checked.kept, 5);
  EXPECT_EQ(checked.credit_notes, 1);
}

TEST(CheckPaymentsTest, EveryProblemOfEveryPaymentIsTold) {
  const CheckedPayments checked = Check(R"(
      payments { row: 2 }
      payments { row: 3 date { year: 2018 month: 2 day: 29 } supplier_name: "A"
                 amount_micros: 5 }
      payments { row: 4 date { year: 2019 month: 6 day: 16 } supplier_name: "A"
                 amount_micros: 5 }
      payments { row: 5 date { year: 1999 month: 12 day: 31 } supplier_name: " "
                 amount_micros: 400000000000001 }
      payments { row: 6 date { year: 2019 month: 1 day: 1 } supplier_name: "a\tb"
                 amount_micros: 5 company_number: "12" }
      payments { row: 7 date { year: 2019 month: 1 day: 1 } supplier_name: "Good Ltd"
                 amount_micros: -400000000000000 company_number: "n/a" })");
  EXPECT_THAT(Codes(checked),
              ElementsAre("2 date DATE_INVALID", "2 supplier_name NAME_MISSING",
                          "2 amount_micros AMOUNT_MISSING", "3 date DATE_INVALID",
                          "4 date DATE_IN_FUTURE", "5 date DATE_INVALID",
                          "5 supplier_name NAME_MISSING", "5 amount_micros AMOUNT_TOO_LARGE",
                          "6 supplier_name NAME_INVALID", "6 company_number COMPANY_NUMBER_INVALID",
                          "7 company_number COMPANY_NUMBER_INVALID"));
  EXPECT_EQ(checked.kept, 1);
  EXPECT_EQ(checked.refused, 5);
  EXPECT_EQ(checked.credit_notes, 1);
  ASSERT_EQ(checked.names.size(), 1u);
  EXPECT_EQ(checked.names[0].name, "Good Ltd");
  EXPECT_EQ(checked.names[0].company_number, "");
  EXPECT_EQ(checked.problems.back().severity, model::Problem::Severity::kWarning);
}

TEST(CheckPaymentsTest, NamesMayBeLongInBytesButNotInCharacters) {
  std::string name;
  for (int i = 0; i < 200; ++i) name += "\u00e9";
  EXPECT_TRUE(IsText(name, kMaxNameCharacters));
  EXPECT_FALSE(IsText(name + "e", kMaxNameCharacters));
  EXPECT_FALSE(IsText("", kMaxNameCharacters));
  EXPECT_FALSE(IsText("caf\xE9", kMaxNameCharacters));
}

TEST(CompareTest, CountsTheSumsThatTwoSourcesShare) {
  const model::PaymentSource a{
      {}, "a", {{"X", "", {{Quarter(2018, 1), 1, 0, 5}, {Quarter(2018, 2), 1, 0, 5}}}}};
  model::PaymentSource b = a;
  b.names.push_back({"Only here", "", {{Quarter(2018, 1), 1, 0, 5}}});
  EXPECT_EQ(Compare(a, b).names, 2u);
  EXPECT_EQ(Compare(a, b).equal, 2u);
  b.names[0].quarters[0].micros = 6;
  EXPECT_EQ(Compare(a, b).names, 2u);
  EXPECT_EQ(Compare(b, a).equal, 1u);
  b.names[0].name = "Y";
  EXPECT_EQ(Compare(a, b).names, 0u);
}

}  // namespace
}  // namespace steelyard::spend
