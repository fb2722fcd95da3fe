// Every way a line can be wrong, with the field, the row and the very words
// that a person gets to read (RELIABILITY section 3, numbers and dates, text).

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// What is put in place of a good line's values, and what is said of it.
struct Case {
  const char* name;
  const char* changes;
  const char* field;
  const char* code;  // a warning ends in ?, a question in !
  const char* message;
};

// For a readable name in the list of tests.
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

constexpr Case kNumbers[] = {
    {"NoPacks", "packs: 0", "packs", "NUMBER_OUT_OF_RANGE",
     "Packs is 0; give a whole number from 1 to 1000000000."},
    {"NegativePacks", "packs: -3", "packs", "NUMBER_OUT_OF_RANGE",
     "Packs is -3; give a whole number from 1 to 1000000000."},
    {"MostPacks", "packs: 9223372036854775807", "packs", "NUMBER_OUT_OF_RANGE",
     "Packs is 9223372036854775807; give a whole number from 1 to 1000000000."},
    {"LeastPacks", "packs: -9223372036854775808", "packs", "NUMBER_OUT_OF_RANGE",
     "Packs is -9223372036854775808; give a whole number from 1 to 1000000000."},
    {"MostContent", "pack_content: 9223372036854775807", "pack_content", "NUMBER_OUT_OF_RANGE",
     "Pack content is 9223372036854775807; give a whole number from 1 to 10000000."},
    {"NoPrice", "pack_price_micros: 0", "pack_price_micros", "PRICE_MISSING",
     "Pack price is 0 or missing; give the price of one pack without VAT and freight."},
    {"CreditNote", "pack_price_micros: -6000000", "pack_price_micros", "NUMBER_OUT_OF_RANGE",
     "Pack price in millionths is -6000000; give a whole number from 1 to 1000000000000."},
    {"MostPrice", "pack_price_micros: 9223372036854775807", "pack_price_micros",
     "NUMBER_OUT_OF_RANGE",
     "Pack price in millionths is 9223372036854775807; give a whole number from 1 to "
     "1000000000000."},
    {"LineBeyondAllSpending",
     "packs: 1000000000 pack_price_micros: 1000000000 price_confirmed: true", "packs",
     "LINE_TOO_LARGE",
     "The line is worth 1000000000000.00 for 50000000000 units, more than any council buys at "
     "once; check packs, pack content and price."},
    {"NegativeFreight", "freight_micros: -1", "freight_micros", "NUMBER_OUT_OF_RANGE",
     "Freight in millionths is -1; give a whole number from 0 to 1000000000000000."},
    {"VatAbove100", "vat_rate_basis_points: 10001", "vat_rate_basis_points", "NUMBER_OUT_OF_RANGE",
     "VAT rate in hundredths of a percent is 10001; give a whole number from 0 to 10000."},
    {"CurrencyInSmallLetters", "currency_code: 'gbp'", "currency_code", "CURRENCY_INVALID",
     "Currency is 'gbp'; give three capital letters such as GBP."},
    {"ContentThatContradictsTheProduct", "pack_content: 33", "pack_content",
     "PACK_CONTENT_MISMATCH",
     "Pack content is 33 pieces, but 'Surgical mask type IIR, ear loops' comes in packs of 50 "
     "(box) or 2000 (carton); give the pieces in one pack."},
    {"PriceTenfoldAbove", "pack_price_micros: 600000000", "pack_price_micros", "PRICE_UNUSUAL!",
     "Price is £12.00 a unit, more than ten times above the usual £0.02 to £0.90 a unit for "
     "'Surgical mask type IIR, ear loops'; check packs, pack content and price, or confirm it by "
     "setting price_confirmed."},
    {"PriceTenfoldBelow", "pack_price_micros: 60000", "pack_price_micros", "PRICE_UNUSUAL!",
     "Price is £0.0012 a unit, more than ten times below the usual £0.02 to £0.90 a unit for "
     "'Surgical mask type IIR, ear loops'; check packs, pack content and price, or confirm it by "
     "setting price_confirmed."},
    {"VatOnZeroRatedGoods", "vat_rate_basis_points: 2000 order_date { year: 2020 month: 6 day: 1 }",
     "vat_rate_basis_points", "VAT_RATE_UNEXPECTED?",
     "VAT rate is 20 %, but 'Surgical mask type IIR, ear loops' ordered on 2020-06-01 bears 0 %; "
     "check that the price excludes VAT."},
    {"NoVatAfterTheZeroRate", "vat_rate_basis_points: 0 order_date { year: 2020 month: 11 day: 1 }",
     "vat_rate_basis_points", "VAT_RATE_UNEXPECTED?",
     "VAT rate is 0 %, but 'Surgical mask type IIR, ear loops' ordered on 2020-11-01 bears 20 %; "
     "check that the price excludes VAT."},
};

constexpr Case kDates[] = {
    {"FebruaryOf2023", "order_date { year: 2023 month: 2 day: 29 }", "order_date", "DATE_INVALID",
     "Order date is 2023-02-29, which is not a day in the calendar from 2000 on."},
    {"MonthThirteen", "order_date { year: 2024 month: 13 day: 1 }", "order_date", "DATE_INVALID",
     "Order date is 2024-13-01, which is not a day in the calendar from 2000 on."},
    {"YearZero", "order_date { year: 0 month: 3 day: 1 }", "order_date", "DATE_INVALID",
     "Order date is 0000-03-01, which is not a day in the calendar from 2000 on."},
    {"Year9999", "order_date { year: 9999 month: 12 day: 31 }", "order_date", "DATE_INVALID",
     "Order date is 9999-12-31, which is not a day in the calendar from 2000 on."},
    {"LastCentury", "order_date { year: 1999 month: 12 day: 31 }", "order_date", "DATE_INVALID",
     "Order date is 1999-12-31, which is not a day in the calendar from 2000 on."},
    {"WholeMonthOnly", "order_date { year: 2024 month: 3 day: 0 }", "order_date", "DATE_INVALID",
     "Order date is 2024-03-00, which is not a day in the calendar from 2000 on."},
    {"OrderInTheFuture", "order_date { year: 2099 month: 1 day: 1 }", "order_date",
     "DATE_IN_FUTURE",
     "Order date 2099-01-01 is in the future; give the day on which the order was placed."},
    {"PromiseBeforeOrder", "promised_date { year: 2024 month: 3 day: 13 }", "promised_date",
     "PROMISE_BEFORE_ORDER",
     "Promised date 2024-03-13 is before the order date 2024-03-14; check both."},
    {"DeliveryBeforeOrder", "deliveries { date { year: 2024 month: 3 day: 13 } packs: 10 }",
     "deliveries[0].date", "DELIVERY_BEFORE_ORDER",
     "Delivery date 2024-03-13 is before the order date 2024-03-14; check both."},
    {"SecondDeliveryInTheFuture",
     "deliveries { date { year: 2024 month: 4 day: 1 } packs: 5 }"
     "deliveries { date { year: 2099 month: 4 day: 1 } packs: 5 }",
     "deliveries[1].date", "DATE_IN_FUTURE",
     "Delivery date 2099-04-01 is in the future; send the line again once the goods came."},
    {"DeliveryWithoutPacks", "deliveries { date { year: 2024 month: 4 day: 1 } }",
     "deliveries[0].packs", "NUMBER_OUT_OF_RANGE",
     "Packs delivered is 0; give a whole number from 1 to 1000000000."},
    {"MoreDeliveredThanOrdered", "deliveries { date { year: 2024 month: 4 day: 1 } packs: 11 }",
     "deliveries", "DELIVERED_MORE_THAN_ORDERED?",
     "Deliveries add up to 11 packs, but 10 were ordered; check both."},
};

constexpr Case kQuality[] = {
    {"RejectedMoreThanDelivered",
     "deliveries { date { year: 2024 month: 4 day: 1 } packs: 4 }"
     "quality { rejected_packs: 5 reject_reason: DAMAGED }",
     "quality.rejected_packs", "REJECTED_MORE_THAN_DELIVERED",
     "5 packs were rejected, but only 4 were delivered; check both."},
    {"JudgedMoreThanDelivered",
     "deliveries { date { year: 2024 month: 4 day: 1 } packs: 4 }"
     "quality { accepted_packs: 3 rejected_packs: 2 reject_reason: DAMAGED }",
     "quality.accepted_packs", "JUDGED_MORE_THAN_DELIVERED",
     "Accepted and rejected packs add up to 5, but only 4 were delivered; check all three."},
    {"NegativeRejected", "quality { rejected_packs: -1 }", "quality.rejected_packs",
     "NUMBER_OUT_OF_RANGE", "Packs rejected is -1; give a whole number from 0 to 1000000000."},
    {"RejectedWithoutReason",
     "deliveries { date { year: 2024 month: 4 day: 1 } packs: 4 } quality { rejected_packs: 1 }",
     "quality.reject_reason", "REJECT_REASON_MISSING",
     "1 packs were rejected, but no reason is given; give one of the coded reasons."},
    {"ReasonWithoutRejected", "quality { reject_reason: RECALLED }", "quality.reject_reason",
     "REJECT_REASON_WITHOUT_PACKS?",
     "A reject reason is given, but no packs were rejected; check both."},
    {"OriginContradictsItself", "country_of_manufacture: 'CN' made_in_uk: true", "made_in_uk",
     "ORIGIN_CONTRADICTS",
     "Made in the UK is 'yes', but the country of manufacture is CN; check both."},
    {"CountryThatIsNoCode", "country_of_manufacture: 'UK'", "country_of_manufacture",
     "COUNTRY_INVALID",
     "Country of manufacture is 'UK'; give the ISO 3166 code of two capital letters, such as GB "
     "or CN."},
};

constexpr Case kText[] = {
    {"NoReference", "reference: ''", "reference", "REFERENCE_MISSING",
     "Reference is missing; give your own reference of the line, such as order and line number."},
    {"ReferenceWithSpaces", "reference: ' A1'", "reference", "REFERENCE_INVALID",
     "Reference begins or ends with a space; remove it."},
    {"NulInReference", "reference: 'A\\000B'", "reference", "TEXT_INVALID",
     "'A\\x00B' holds control, invisible or broken characters; type it anew."},
    {"LineBreakInReference", "reference: 'A\\r\\nB'", "reference", "TEXT_INVALID",
     "'A\\x0d\\x0aB' holds control, invisible or broken characters; type it anew."},
    {"TextDirectionOverride", "reference: 'A\u202EB'", "reference", "TEXT_INVALID",
     "'A\\xe2\\x80\\xaeB' holds control, invisible or broken characters; type it anew."},
    {"ZeroWidthSpace", "reference: 'A\u200BB'", "reference", "TEXT_INVALID",
     "'A\\xe2\\x80\\x8bB' holds control, invisible or broken characters; type it anew."},
    {"ByteOrderMark", "reference: '\uFEFFA'", "reference", "TEXT_INVALID",
     "'\\xef\\xbb\\xbfA' holds control, invisible or broken characters; type it anew."},
    {"ZeroWidthInCertificate", "quality { certificate: 'CE\u20600001' }", "quality.certificate",
     "TEXT_INVALID",
     "'CE\\xe2\\x81\\xa00001' holds control, invisible or broken characters; type it anew."},
    {"LongStandard",
     "quality { standard: 'EN 14683 EN 14683 EN 14683 EN 14683 EN 14683 EN 14683 EN 14683 type' }",
     "quality.standard", "TEXT_TOO_LONG",
     "'EN 14683 EN 14683 EN 14683 EN 14683 EN 1…' has 67 bytes; give at most 64 printable "
     "characters."},
    {"NoProduct", "product: ''", "product", "PRODUCT_MISSING",
     "Product is missing; give a product of the catalogue by its id, GTIN or name."},
    {"NoSupplier", "supplier: ''", "supplier", "SUPPLIER_MISSING",
     "Supplier is missing; give a registered supplier by its id, company number or name."},
};

class LineProblem : public ContractTest, public ::testing::WithParamInterface<Case> {};

TEST_P(LineProblem, IsSaidWithRowFieldAndWords) {
  const Case& c = GetParam();
  const std::string code = c.code;
  v1::ValidatePurchasesRequest request;
  request.set_parent(kHackney);
  for (const int64_t row : {7, 8}) {
    v1::UploadLine* line = request.add_lines();
    line->set_row(row);
    *line->mutable_purchase() = row == 7 ? Line("A7", c.changes) : Line("A8");
  }
  const auto validated = hackney_.Call(&Purchases::ValidatePurchases, request);
  ASSERT_THAT(validated, Succeeds());
  EXPECT_THAT(WordsOf(validated.reply.problems()),
              ElementsAre(absl::StrCat("row 7 ", c.field, " ", code, ": ", c.message)));

  const bool warning = code.back() == '?';
  EXPECT_EQ(validated.reply.total().created_lines(), warning ? 2 : 1);
  EXPECT_EQ(validated.reply.total().rejected_lines(), warning ? 0 : 1);
  EXPECT_EQ(validated.reply.total().warnings(), warning ? 1 : 0);

  v1::BatchCreatePurchasesRequest batch;
  batch.set_parent(kHackney);
  batch.set_request_id(NewUuid());
  *batch.add_requests()->mutable_purchase() = Line("A8");
  *batch.add_requests()->mutable_purchase() = Line("A7", c.changes);
  const auto created = hackney_.Call(&Purchases::BatchCreatePurchases, batch);
  if (warning) {
    EXPECT_THAT(created, Succeeds());
    EXPECT_EQ(ActiveLines(hackney_, kHackney), 2);
    return;
  }
  const bool question = code.back() == '!';
  EXPECT_THAT(created, Fails(grpc::StatusCode::INVALID_ARGUMENT,
                             question ? "CONFIRMATION_REQUIRED" : "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(created.status),
              ElementsAre(absl::StrCat("requests[1].purchase.", c.field, " ",
                                       question ? code.substr(0, code.size() - 1) : code, ": ",
                                       c.message)));
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 0);
}

std::string NameOf(const ::testing::TestParamInfo<Case>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(Numbers, LineProblem, ::testing::ValuesIn(kNumbers), NameOf);
INSTANTIATE_TEST_SUITE_P(Dates, LineProblem, ::testing::ValuesIn(kDates), NameOf);
INSTANTIATE_TEST_SUITE_P(Quality, LineProblem, ::testing::ValuesIn(kQuality), NameOf);
INSTANTIATE_TEST_SUITE_P(Text, LineProblem, ::testing::ValuesIn(kText), NameOf);

class BadInputTest : public ContractTest {
 protected:
  // What Validate says of lines, each of which gets its place as row.
  std::vector<std::string> Words(const std::vector<v1::Purchase>& lines) {
    v1::ValidatePurchasesRequest request;
    request.set_parent(kHackney);
    for (const v1::Purchase& line : lines) {
      v1::UploadLine* added = request.add_lines();
      added->set_row(request.lines_size());
      *added->mutable_purchase() = line;
    }
    const auto answer = hackney_.Call(&Purchases::ValidatePurchases, request);
    EXPECT_THAT(answer, Succeeds());
    return WordsOf(answer.reply.problems());
  }
};

TEST_F(BadInputTest, EveryProblemOfEveryRowIsSaid) {
  v1::Purchase empty;
  EXPECT_THAT(
      Words({empty, Line("A2"), Line("A3", "packs: -1 product: 'nonesuch' supplier: 'no one'")}),
      ElementsAre(StartsWith("row 1 reference REFERENCE_MISSING: "),
                  StartsWith("row 1 product PRODUCT_MISSING: "),
                  StartsWith("row 1 supplier SUPPLIER_MISSING: "),
                  StartsWith("row 1 order_date DATE_MISSING: Order date is missing; give the day "),
                  StartsWith("row 1 packs NUMBER_OUT_OF_RANGE: "),
                  StartsWith("row 1 pack_content NUMBER_OUT_OF_RANGE: "),
                  StartsWith("row 1 pack_price_micros PRICE_MISSING: "),
                  StartsWith("row 3 product PRODUCT_UNKNOWN: Product 'nonesuch' is not in the "
                             "catalogue; give its id, GTIN or name."),
                  StartsWith("row 3 supplier SUPPLIER_UNKNOWN: Supplier 'no one' is not "
                             "registered; give its id, company number or registered name, or have "
                             "new suppliers added."),
                  StartsWith("row 3 packs NUMBER_OUT_OF_RANGE: ")));
}

TEST_F(BadInputTest, UnknownNamesAreAnsweredWithTheNearestOnes) {
  EXPECT_THAT(Words({Line("A1", "supplier: 'Acme Suplies Ltd'"),
                     Line("A2", "product: 'Surgical mask typ IIR, ear loop'")}),
              ElementsAre(HasSubstr("Did you mean 'Acme Supplies Ltd' (acme)"),
                          HasSubstr("Did you mean 'Surgical mask type IIR, ear loops'")));
}

TEST_F(BadInputTest, ALookAlikeSupplierIsNotTheSupplier) {
  // The first letter is Cyrillic.
  EXPECT_THAT(Words({Line("A1", "supplier: '\u0410cme Supplies Ltd'")}),
              ElementsAre(StartsWith("row 1 supplier SUPPLIER_UNKNOWN: Supplier '\u0410cme "
                                     "Supplies Ltd' is not registered;")));
}

TEST_F(BadInputTest, ANameOfAMegabyteIsRefusedInAShortSentence) {
  const std::string name(1 << 20, 'x');
  v1::Purchase line = Line("A1");
  line.set_product(name);
  line.set_supplier(name);
  const auto words = Words({line});
  EXPECT_THAT(words, ElementsAre(StartsWith("row 1 product PRODUCT_UNKNOWN: Product 'xxx"),
                                 StartsWith("row 1 supplier SUPPLIER_UNKNOWN: Supplier 'xxx")));
  for (const std::string& w : words) EXPECT_LT(w.size(), 400u);

  v1::Purchase reference = Line(name);
  EXPECT_THAT(
      Words({reference}),
      ElementsAre("row 1 reference TEXT_TOO_LONG: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' "
                  "has 1048576 bytes; give at most 64 printable characters."));
}

TEST_F(BadInputTest, WhatMightBeReadAsCodeIsKeptAsItIs) {
  const std::vector<std::string> references = {"<img onerror=alert(1)>",
                                               "</script>",
                                               "=cmd|'/C calc'!A0",
                                               "+1",
                                               "-1",
                                               "@SUM(A1)",
                                               "../..",
                                               "%2e%2e",
                                               "javascript:x",
                                               "Caf\u00e9 1",
                                               "'; DROP"};
  for (const std::string& reference : references) {
    v1::CreatePurchaseRequest create;
    create.set_parent(kHackney);
    *create.mutable_purchase() = Line("-", "quality { certificate: '<b>\u00fc</b>' }");
    create.mutable_purchase()->set_reference(reference);
    create.set_request_id(NewUuid());
    const auto made = hackney_.Call(&Purchases::CreatePurchase, create);
    ASSERT_THAT(made, Succeeds()) << reference;
    EXPECT_EQ(made.reply.name().find_first_of("<>=+@'; "), std::string::npos) << made.reply.name();
    v1::GetPurchaseRequest get;
    get.set_name(made.reply.name());
    const auto got = hackney_.Call(&Purchases::GetPurchase, get);
    ASSERT_THAT(got, Succeeds()) << made.reply.name();
    EXPECT_EQ(got.reply.reference(), reference);
    EXPECT_EQ(got.reply.quality().certificate(), "<b>\u00fc</b>");
  }
}

TEST_F(BadInputTest, WordsShowWhatCannotBeSeen) {
  EXPECT_THAT(Words({Line("A1", "product: 'mask\u202Egnp.exe' supplier: 'Ac\u200Bme\\n'")}),
              ElementsAre(HasSubstr("Product 'mask\\xe2\\x80\\xaegnp.exe' is not in"),
                          HasSubstr("Supplier 'Ac\\xe2\\x80\\x8bme\\x0a' is not registered")));
}

TEST_F(BadInputTest, ALineOfManyBodiesNeedsACouncilThatStandsForOne) {
  v1::ValidatePurchasesRequest request;
  request.set_parent("councils/-");
  int64_t row = 0;
  for (const char* council : {"", "Nowhere Council", "North Yorkshire", "hck", "Camden"}) {
    v1::UploadLine* line = request.add_lines();
    line->set_row(++row);
    line->set_council(council);
    *line->mutable_purchase() = Line("A1");
  }
  const auto answer = steward_.Call(&Purchases::ValidatePurchases, request);
  ASSERT_THAT(answer, Succeeds());
  EXPECT_THAT(
      WordsOf(answer.reply.problems()),
      ElementsAre("row 1 council COUNCIL_MISSING: Council is missing; each line must name the "
                  "council that bought, by its code or name.",
                  StartsWith("row 2 council COUNCIL_UNKNOWN: Council 'Nowhere Council' is not "
                             "registered; give its code or name."),
                  "row 3 council COUNCIL_AMBIGUOUS: Council 'North Yorkshire' stands for more than "
                  "one council; give its code."));
  EXPECT_EQ(answer.reply.total().created_lines(), 2);
  EXPECT_EQ(answer.reply.total().rejected_lines(), 3);
}

TEST_F(BadInputTest, OrdersAfterTheEndOfACouncilAreRefused) {
  v1::ValidatePurchasesRequest request;
  request.set_parent("councils/-");
  v1::UploadLine* line = request.add_lines();
  line->set_row(1);
  line->set_council("Cumbria County Council");
  *line->mutable_purchase() = Line("A1");
  const auto answer = steward_.Call(&Purchases::ValidatePurchases, request);
  EXPECT_THAT(WordsOf(answer.reply.problems()),
              ElementsAre("row 1 order_date COUNCIL_CLOSED: Cumbria County Council ended on "
                          "2023-03-31; send later orders for the council that took over."));
}

TEST_F(BadInputTest, FiftyDeliveriesAreTheMost) {
  v1::Purchase line = Line("A1", "packs: 100");
  for (int i = 0; i < 51; ++i) {
    Merge("date { year: 2024 month: 4 day: 1 } packs: 1", *line.add_deliveries());
  }
  EXPECT_THAT(Words({line}), ElementsAre("row 1 deliveries TOO_MANY_DELIVERIES: The line has 51 "
                                         "deliveries; give at most 50."));
  line.mutable_deliveries()->RemoveLast();
  EXPECT_THAT(Words({line}), IsEmpty());
}

TEST_F(BadInputTest, APriceThatWasConfirmedIsTaken) {
  EXPECT_THAT(Words({Line("A1", "pack_price_micros: 600000000 price_confirmed: true")}), IsEmpty());
  // Bands are in pounds.
  EXPECT_THAT(Words({Line("A1", "pack_price_micros: 600000000 currency_code: 'USD'")}), IsEmpty());
}

TEST_F(BadInputTest, TheDayTheClocksChangeIsADay) {
  EXPECT_THAT(Words({Line("A1", "order_date { year: 2024 month: 3 day: 31 }"),
                     Line("A2", "order_date { year: 2024 month: 2 day: 29 }")}),
              IsEmpty());
}

TEST_F(BadInputTest, AUnitPriceIsRoundedHalfToEvenAndNeverTyped) {
  struct {
    int64_t pack_price, pack_content, unit_price;
  } cases[] = {{6'000'000, 50, 120'000},
               {2'000'010, 4, 500'002},  // ..2.5 to the even 2
               {2'000'014, 4, 500'004},  // ..3.5 to the even 4
               {2'000'015, 4, 500'004},
               {1, 2, 0}};
  for (const auto& c : cases) {
    v1::CreatePurchaseRequest create;
    create.set_parent(kHackney);
    create.set_request_id(NewUuid());
    *create.mutable_purchase() =
        Line(absl::StrCat(c.pack_price), "product: 'hand-gel-pocket' price_confirmed: true");
    create.mutable_purchase()->set_pack_price_micros(c.pack_price);
    create.mutable_purchase()->set_pack_content(c.pack_content);
    create.mutable_purchase()->set_unit_price_micros(7);
    const auto made = hackney_.Call(&Purchases::CreatePurchase, create);
    ASSERT_THAT(made, Succeeds());
    EXPECT_EQ(made.reply.unit_price_micros(), c.unit_price) << c.pack_price;
  }
}

}  // namespace
}  // namespace steelyard::contract
