#include "server/purchases/line_checker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/support/status_matchers.h"

namespace steelyard::purchases {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Severity = model::Problem::Severity;

void SetDate(int year, int month, int day, google::type::Date* date) {
  date->set_year(year);
  date->set_month(month);
  date->set_day(day);
}

std::shared_ptr<const directory::Resolver> MakeResolver() {
  auto r = std::make_shared<model::Registers>();
  model::Council council;
  council.id = "abc";
  council.display_name = "Abc Council";
  council.end_date = model::Day::FromYmd(2021, 3, 31);
  r->Put(council);
  model::Product mask;
  mask.id = "mask-iir";
  mask.display_name = "Surgical mask IIR";
  mask.packs = {{"BX", "box", 50}, {"CT", "carton", 2000}};
  mask.vat_class = "ppe-zero-2020";
  mask.band_low_micros = 20'000;
  mask.band_high_micros = 900'000;
  r->Put(mask);
  model::Supplier supplier;
  supplier.id = "acme";
  supplier.display_name = "Acme Ltd";
  r->Put(supplier);
  auto resolver = directory::Resolver::Build(r);
  EXPECT_OK(resolver);
  return *resolver;
}

v1::Purchase GoodLine() {
  v1::Purchase p;
  p.set_reference("PO-1/7");
  p.set_product("mask-iir");
  p.set_supplier("Acme Ltd");
  SetDate(2020, 6, 1, p.mutable_order_date());
  p.set_packs(10);
  p.set_pack_content(50);
  p.set_pack_price_micros(25'000'000);
  p.set_vat_rate_basis_points(0);
  SetDate(2020, 6, 10, p.mutable_promised_date());
  v1::Delivery* d = p.add_deliveries();
  SetDate(2020, 6, 9, d->mutable_date());
  d->set_packs(10);
  p.mutable_quality()->set_accepted_packs(9);
  p.mutable_quality()->set_rejected_packs(1);
  p.mutable_quality()->set_reject_reason(v1::Quality::DAMAGED);
  p.set_country_of_manufacture("GB");
  p.set_made_in_uk(true);
  return p;
}

struct BadLine {
  const char* code;
  const char* field;
  Severity severity;
  const char* words;  // of the message
  std::function<void(v1::Purchase&)> spoil;
};

class LineCheckerTest : public ::testing::TestWithParam<BadLine> {
 protected:
  std::vector<model::Problem> Check(const v1::Purchase& line) {
    std::vector<model::Problem> problems;
    LineChecker checker(resolver_, *model::Day::FromYmd(2021, 6, 1));
    checked_ = checker.Check(14, model::CouncilNo{1}, line, problems);
    return problems;
  }
  std::shared_ptr<const directory::Resolver> resolver_ = MakeResolver();
  CheckedLine checked_;
};

TEST_F(LineCheckerTest, GoodLineIsTakenWithoutAWord) {
  EXPECT_THAT(Check(GoodLine()), IsEmpty());
  ASSERT_TRUE(checked_.content.has_value());
  EXPECT_EQ(checked_.content->units(), 500);
  EXPECT_EQ(checked_.content->deliveries.size(), 1u);
}

TEST_F(LineCheckerTest, EmptyLineNamesEveryMissingField) {
  std::vector<std::string> fields;
  for (const model::Problem& p : Check(v1::Purchase())) fields.push_back(p.field);
  EXPECT_THAT(fields,
              ::testing::UnorderedElementsAre("reference", "product", "supplier", "order_date",
                                              "packs", "pack_content", "pack_price_micros"));
}

TEST_P(LineCheckerTest, NamesFieldRowAndWhatToDo) {
  const BadLine& bad = GetParam();
  v1::Purchase line = GoodLine();
  bad.spoil(line);
  const std::vector<model::Problem> problems = Check(line);
  ASSERT_EQ(problems.size(), 1u);
  const model::Problem& p = problems[0];
  EXPECT_EQ(p.code, bad.code);
  EXPECT_EQ(p.field, bad.field);
  EXPECT_EQ(p.severity, bad.severity);
  EXPECT_EQ(p.row, 14);
  EXPECT_THAT(p.message, HasSubstr(bad.words));
  EXPECT_FALSE(p.expected.empty());
  EXPECT_EQ(checked_.content.has_value(), bad.severity == Severity::kWarning);
}

const BadLine kBadLines[] = {
    {"REFERENCE_INVALID", "reference", Severity::kError, "begins or ends with a space",
     [](v1::Purchase& p) { p.set_reference(" PO-1"); }},
    {"TEXT_TOO_LONG", "reference", Severity::kError, "has 65 bytes",
     [](v1::Purchase& p) { p.set_reference(std::string(65, 'x')); }},
    {"TEXT_INVALID", "reference", Severity::kError, "PO\\x00",
     [](v1::Purchase& p) { p.set_reference(std::string("PO\0", 3)); }},
    {"TEXT_INVALID", "reference", Severity::kError, "invisible",
     [](v1::Purchase& p) { p.set_reference("PO\u202E1"); }},
    {"TEXT_INVALID", "quality.certificate", Severity::kError, "invisible",
     [](v1::Purchase& p) { p.mutable_quality()->set_certificate("CE\u200B1"); }},
    {"PRODUCT_UNKNOWN", "product", Severity::kError, "Did you mean 'Surgical mask IIR' (mask-iir)",
     [](v1::Purchase& p) { p.set_product("surgical mask iirr"); }},
    {"SUPPLIER_UNKNOWN", "supplier", Severity::kError, "is not registered",
     [](v1::Purchase& p) { p.set_supplier("Nobody plc"); }},
    {"SUPPLIER_UNKNOWN", "supplier", Severity::kError, "Did you mean 'Acme Ltd'",
     [](v1::Purchase& p) { p.set_supplier("\u0410cme Ltd"); }},
    {"DATE_MISSING", "order_date", Severity::kError, "Order date is missing",
     [](v1::Purchase& p) { p.clear_order_date(); }},
    {"DATE_INVALID", "promised_date", Severity::kError, "2023-02-29",
     [](v1::Purchase& p) { SetDate(2023, 2, 29, p.mutable_promised_date()); }},
    {"DATE_INVALID", "promised_date", Severity::kError, "0000-13-01",
     [](v1::Purchase& p) { SetDate(0, 13, 1, p.mutable_promised_date()); }},
    {"DATE_INVALID", "promised_date", Severity::kError, "9999-01-01",
     [](v1::Purchase& p) { SetDate(9999, 1, 1, p.mutable_promised_date()); }},
    {"PROMISE_BEFORE_ORDER", "promised_date", Severity::kError, "before the order date 2020-06-01",
     [](v1::Purchase& p) { SetDate(2020, 5, 31, p.mutable_promised_date()); }},
    {"NUMBER_OUT_OF_RANGE", "packs", Severity::kError, "Packs is -1",
     [](v1::Purchase& p) { p.set_packs(-1); }},
    {"NUMBER_OUT_OF_RANGE", "packs", Severity::kError, "9223372036854775807",
     [](v1::Purchase& p) { p.set_packs(INT64_MAX); }},
    {"PRICE_MISSING", "pack_price_micros", Severity::kError, "Pack price is 0",
     [](v1::Purchase& p) { p.set_pack_price_micros(0); }},
    {"LINE_TOO_LARGE", "packs", Severity::kError, "more than any council buys at once",
     [](v1::Purchase& p) {
       p.set_packs(1'000'000'000);
       p.clear_deliveries();
       p.clear_quality();
     }},
    {"CURRENCY_INVALID", "currency_code", Severity::kError, "three capital letters",
     [](v1::Purchase& p) { p.set_currency_code("gbp"); }},
    {"PACK_CONTENT_MISMATCH", "pack_content", Severity::kError, "50 (box) or 2000 (carton)",
     [](v1::Purchase& p) { p.set_pack_content(30); }},
    {"VAT_RATE_UNEXPECTED", "vat_rate_basis_points", Severity::kWarning, "bears 0 %",
     [](v1::Purchase& p) { p.set_vat_rate_basis_points(2000); }},
    {"VAT_RATE_UNEXPECTED", "vat_rate_basis_points", Severity::kWarning, "bears 20 %",
     [](v1::Purchase& p) { SetDate(2020, 4, 30, p.mutable_order_date()); }},
    {"PRICE_UNUSUAL", "pack_price_micros", Severity::kConfirm, "setting price_confirmed",
     [](v1::Purchase& p) { p.set_pack_price_micros(500'000'000); }},
    {"DELIVERY_BEFORE_ORDER", "deliveries[0].date", Severity::kError, "before the order date",
     [](v1::Purchase& p) {
       SetDate(2020, 5, 9, p.mutable_deliveries(0)->mutable_date());
       p.clear_quality();
     }},
    {"DATE_IN_FUTURE", "deliveries[0].date", Severity::kError, "in the future",
     [](v1::Purchase& p) {
       SetDate(2021, 7, 1, p.mutable_deliveries(0)->mutable_date());
       p.clear_quality();
     }},
    {"DELIVERED_MORE_THAN_ORDERED", "deliveries", Severity::kWarning, "but 10 were ordered",
     [](v1::Purchase& p) { p.mutable_deliveries(0)->set_packs(11); }},
    {"REJECTED_MORE_THAN_DELIVERED", "quality.rejected_packs", Severity::kError,
     "11 packs were rejected, but only 10",
     [](v1::Purchase& p) { p.mutable_quality()->set_rejected_packs(11); }},
    {"REJECT_REASON_MISSING", "quality.reject_reason", Severity::kError, "no reason is given",
     [](v1::Purchase& p) { p.mutable_quality()->clear_reject_reason(); }},
    {"COUNTRY_INVALID", "country_of_manufacture", Severity::kError, "such as GB or CN",
     [](v1::Purchase& p) {
       p.set_country_of_manufacture("UK");
       p.clear_made_in_uk();
     }},
    {"ORIGIN_CONTRADICTS", "made_in_uk", Severity::kError, "country of manufacture is GB",
     [](v1::Purchase& p) { p.set_made_in_uk(false); }},
};

INSTANTIATE_TEST_SUITE_P(BadInput, LineCheckerTest, ::testing::ValuesIn(kBadLines),
                         [](const auto& test) {
                           return std::string(test.param.code) + "_" + std::to_string(test.index);
                         });

TEST_F(LineCheckerTest, ConfirmedPriceIsTaken) {
  v1::Purchase line = GoodLine();
  line.set_pack_price_micros(500'000'000);
  line.set_price_confirmed(true);
  EXPECT_THAT(Check(line), IsEmpty());
  EXPECT_TRUE(checked_.content.has_value());
}

TEST_F(LineCheckerTest, FutureOrderAndClosedCouncilAreBothSaid) {
  v1::Purchase line = GoodLine();
  SetDate(2021, 6, 2, line.mutable_order_date());
  SetDate(2021, 6, 3, line.mutable_promised_date());
  line.clear_deliveries();
  line.clear_quality();
  line.clear_vat_rate_basis_points();
  std::vector<std::string> codes;
  for (const model::Problem& p : Check(line)) codes.push_back(p.code);
  EXPECT_THAT(codes, ::testing::ElementsAre("DATE_IN_FUTURE", "COUNCIL_CLOSED"));
}

}  // namespace
}  // namespace steelyard::purchases
