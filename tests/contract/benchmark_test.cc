// Benchmarks and positions over a small country whose truth is known, worked
// out anew in tests/support/price_truth.

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/contract/harness.h"
#include "tests/support/price_truth.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::steelyard::testing::BoughtLine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Bought = std::vector<const BoughtLine*>;

struct Body {
  const char* id;
  const char* area;
  const char* type;
};
constexpr Body kBodies[] = {
    {"hck", "london", "london-borough"},   {"cmd", "london", "london-borough"},
    {"isl", "london", "london-borough"},   {"lbh", "london", "london-borough"},
    {"swk", "london", "london-borough"},   {"nwm", "london", "london-borough"},
    {"twh", "london", "london-borough"},   {"eal", "london", "london-borough"},
    {"man", "north-west", "metropolitan"}, {"liv", "north-west", "metropolitan"},
    {"bol", "north-west", "metropolitan"}, {"bur", "north-west", "metropolitan"},
    {"old", "north-west", "metropolitan"}, {"slf", "north-west", "metropolitan"},
    {"skp", "north-west", "metropolitan"}, {"trf", "north-west", "metropolitan"},
    {"dur", "north-east", "unitary"},      {"gat", "north-east", "metropolitan"},
};
constexpr const char* kSuppliers[] = {"acme", "bolt", "crane"};

int MonthNo(int year, int month) { return year * 12 + month - 1; }
int MonthNo(const v1::Month& m) { return MonthNo(m.year(), m.month()); }

class BenchmarkTest : public ContractTest {
 protected:
  // What one body bought in one month: two lines whose amounts differ from
  // body to body and month to month, some late, some with rejects.
  void Buy(int body, int year, int month, const std::string& currency = "GBP", int factor = 1) {
    for (int n = 0; n < 2; ++n) {
      const int salt = body * 7 + month * 5 + n * 3;
      BoughtLine line;
      line.council = kBodies[body].id;
      line.month = MonthNo(year, month);
      line.packs = 40 + salt % 23;
      line.pack_content = 50;
      line.pack_price_micros = (5'000'000 + salt % 31 * 90'017) * int64_t{factor};
      line.order_day = 1 + salt % 5;
      line.promised_day = line.order_day + 7;
      line.deliveries = {{line.order_day + 3 + salt % 7, line.packs}};
      line.rejected_packs = salt % 4 == 0 ? 2 : 0;
      line.accepted_packs = line.packs - line.rejected_packs;
      Send(line, year, month, currency, kSuppliers[salt % 3]);
    }
  }

  void Send(const BoughtLine& line, int year, int month, const std::string& currency,
            const std::string& supplier) {
    v1::UploadLine* sent = chunk_.mutable_chunk()->add_lines();
    sent->set_council(line.council);
    v1::Purchase& p = *sent->mutable_purchase();
    p = contract::Line(absl::StrCat("L", sent_++), "price_confirmed: true");
    p.set_supplier(supplier);
    p.set_currency_code(currency);
    p.set_packs(line.packs);
    p.set_pack_content(line.pack_content);
    p.set_pack_price_micros(line.pack_price_micros);
    auto set_date = [&](int day, google::type::Date* date) {
      date->set_year(year);
      date->set_month(month);
      date->set_day(day);
    };
    set_date(line.order_day, p.mutable_order_date());
    set_date(*line.promised_day, p.mutable_promised_date());
    v1::Delivery* delivery = p.add_deliveries();
    set_date(line.deliveries[0].first, delivery->mutable_date());
    delivery->set_packs(line.deliveries[0].second);
    p.mutable_quality()->set_accepted_packs(line.accepted_packs);
    p.mutable_quality()->set_rejected_packs(line.rejected_packs);
    if (line.rejected_packs > 0) p.mutable_quality()->set_reject_reason(v1::Quality::DAMAGED);
    truth_[currency].push_back(line);
    suppliers_[currency].push_back(supplier);
  }

  // Uploads what was bought since as one commit, and waits for the edition.
  void Publish() {
    Upload upload(steward_);
    ASSERT_TRUE(upload.Start(
        absl::StrCat("parent: 'councils/-' mode: VALID_LINES upload_id: '", NewUuid(), "'")));
    const auto ack = upload.Exchange(chunk_);
    ASSERT_TRUE(ack.has_value());
    ASSERT_THAT(WordsOf(ack->chunk().problems()), ::testing::IsEmpty());
    ASSERT_TRUE(upload.Finish(1).has_value());
    chunk_.Clear();
    server_.WaitPublished();
  }

  // Everybody buys from January to June 2024, but in May only two do; in 2023
  // three do.
  void PublishHalfAYear() {
    for (int body = 0; body < 18; ++body) {
      for (int month = 1; month <= 6; ++month) {
        if (month != 5 || body < 2) Buy(body, 2024, month);
      }
      if (body < 3) Buy(body, 2023, 4);
    }
    Publish();
  }

  Answer<v1::PriceBenchmark> Ask(const std::string& question, const Client* client = nullptr) {
    return (client ? *client : hackney_)
        .Call(&Benchmarks::GetPriceBenchmark,
              absl::StrCat(
                  "product: 'FRSM' ", question,
                  question.find("from_month") == std::string::npos
                      ? " from_month { year: 2024 month: 1 } to_month { year: 2024 month: 6 }"
                      : ""));
  }

  // The lines that a cell says it is of.
  Bought LinesOf(const v1::PriceCell& cell, const std::string& currency = "GBP") {
    Bought lines;
    for (const BoughtLine& line : truth_[currency]) {
      const Body* body = std::find_if(std::begin(kBodies), std::end(kBodies),
                                      [&](const Body& b) { return b.id == line.council; });
      const bool in_area =
          std::any_of(cell.areas().begin(), cell.areas().end(), [&](const std::string& area) {
            return area == "areas/united-kingdom" || area == "areas/england" ||
                   area == absl::StrCat("areas/", body->area);
          });
      const bool in_type =
          cell.authority_types_size() == 0 ||
          std::count(cell.authority_types().begin(), cell.authority_types().end(), body->type) > 0;
      if (in_area && in_type && line.month >= MonthNo(cell.from_month()) &&
          line.month <= MonthNo(cell.to_month())) {
        lines.push_back(&line);
      }
    }
    return lines;
  }
  void ExpectTrue(const v1::PriceCell& cell, const std::string& currency = "GBP") {
    auto truth = testing::TrueFigures(LinesOf(cell, currency), Policy());
    testing::HideShares(cell.figures(), &truth);
    EXPECT_EQ(cell.figures().DebugString(), truth.DebugString()) << cell.ShortDebugString();
  }
  v1::Policy Policy() { return steward_.Call(&Access::GetPolicy, "").reply; }

  v1::UploadPurchasesRequest chunk_;
  int sent_ = 0;
  std::map<std::string, std::deque<BoughtLine>> truth_;        // by currency
  std::map<std::string, std::vector<std::string>> suppliers_;  // of the same lines
};

TEST_F(BenchmarkTest, WholePeriodMonthsAndQuartersAreTrue) {
  PublishHalfAYear();
  const auto whole = Ask("");
  ASSERT_THAT(whole, Succeeds());
  EXPECT_EQ(whole.reply.product(), "products/mask-type-iir-ear-loop");
  EXPECT_EQ(whole.reply.currency_code(), "GBP");
  EXPECT_EQ(whole.reply.base_unit(), "piece");
  ASSERT_THAT(whole.reply.cells(), SizeIs(1));
  EXPECT_EQ(whole.reply.cells(0).answer(), v1::PriceCell::EXACT);
  EXPECT_EQ(whole.reply.cells(0).figures().councils(), 18);
  EXPECT_TRUE(whole.reply.cells(0).figures().line_quantiles().has_p50_micros());
  ExpectTrue(whole.reply.cells(0));
  EXPECT_GT(whole.reply.receipt().edition(), 0);
  EXPECT_EQ(whole.reply.receipt().policy_version(), 1);
  EXPECT_EQ(whole.reply.receipt().method_version(), "price-1");
  EXPECT_THAT(whole.reply.receipt().content_sha256(), SizeIs(64));

  const auto quarters = Ask("granularity: GRANULARITY_QUARTER");
  ASSERT_THAT(quarters.reply.cells(), SizeIs(2));
  for (const v1::PriceCell& cell : quarters.reply.cells()) {
    EXPECT_EQ(cell.answer(), v1::PriceCell::EXACT);
    ExpectTrue(cell);
  }
  const auto months = Ask("granularity: GRANULARITY_MONTH");
  int exact = 0;
  int next = MonthNo(2024, 1);
  for (const v1::PriceCell& cell : months.reply.cells()) {
    EXPECT_EQ(MonthNo(cell.asked_from_month()), next);
    next = MonthNo(cell.asked_to_month()) + 1;
    exact += cell.answer() == v1::PriceCell::EXACT ? 1 : 0;
    ExpectTrue(cell);
  }
  EXPECT_EQ(next, MonthNo(2024, 7));
  EXPECT_GE(exact, 3);
}

TEST_F(BenchmarkTest, AMonthOfTwoBuyersIsAnsweredByALongerPeriod) {
  PublishHalfAYear();
  const auto may = Ask("from_month { year: 2024 month: 5 } to_month { year: 2024 month: 5 }");
  ASSERT_THAT(may.reply.cells(), SizeIs(1));
  const v1::PriceCell& cell = may.reply.cells(0);
  EXPECT_EQ(cell.answer(), v1::PriceCell::LONGER_PERIOD);
  EXPECT_EQ(MonthNo(cell.asked_from_month()), MonthNo(2024, 5));
  EXPECT_GT(MonthNo(cell.to_month()) - MonthNo(cell.from_month()), 0);
  EXPECT_GE(cell.figures().councils(), 5);
  ExpectTrue(cell);
}

TEST_F(BenchmarkTest, RegionsAndKindsAreTrueAndTheSmallOneIsWidened) {
  PublishHalfAYear();
  for (const char* area : {"areas/london", "areas/north-west", "areas/england"}) {
    const auto answer = Ask(absl::StrCat("area: '", area, "'"));
    ASSERT_THAT(answer.reply.cells(), SizeIs(1)) << area;
    // The North West may have to carry the two councils of the North East.
    EXPECT_GE(answer.reply.cells(0).figures().councils(), 8) << area;
    ExpectTrue(answer.reply.cells(0));
  }
  const auto small = Ask("area: 'areas/north-east'");
  ASSERT_THAT(small.reply.cells(), SizeIs(1));
  EXPECT_EQ(small.reply.cells(0).answer(), v1::PriceCell::WIDER_GROUP);
  EXPECT_GT(small.reply.cells(0).areas_size() + (small.reply.cells(0).areas(0) == "areas/england"),
            1);
  ExpectTrue(small.reply.cells(0));
  for (const char* type : {"london-borough", "unitary", "metropolitan"}) {
    const auto answer = Ask(absl::StrCat("authority_type: '", type, "'"));
    ASSERT_THAT(answer.reply.cells(), SizeIs(1)) << type;
    EXPECT_GE(answer.reply.cells(0).figures().councils(), 5) << type;
    ExpectTrue(answer.reply.cells(0));
  }
}

TEST_F(BenchmarkTest, TooLittleAndNothingAtAllLookTheSame) {
  PublishHalfAYear();
  // Three councils bought in April 2023, nobody in April 2022.
  auto cell = [&](int year) {
    const auto answer = Ask(absl::StrCat("from_month { year: ", year,
                                         " month: 4 } to_month { year: ", year, " month: 4 }"));
    EXPECT_THAT(answer, Succeeds());
    v1::PriceCell one = answer.reply.cells(0);
    for (auto* month : {one.mutable_from_month(), one.mutable_to_month(),
                        one.mutable_asked_from_month(), one.mutable_asked_to_month()}) {
      EXPECT_EQ(month->year(), year);
      month->set_year(0);
    }
    return one;
  };
  const v1::PriceCell little = cell(2023);
  EXPECT_EQ(little.answer(), v1::PriceCell::NOT_AVAILABLE);
  EXPECT_FALSE(little.has_figures());
  EXPECT_EQ(little.areas_size(), 0);
  EXPECT_EQ(little.SerializeAsString(), cell(2022).SerializeAsString());
}

TEST_F(BenchmarkTest, CurrenciesNeverMix) {
  for (int body = 0; body < 18; ++body) {
    for (int month = 1; month <= 3; ++month) {
      Buy(body, 2024, month);
      Buy(body, 2024, month, "USD", 10);
    }
  }
  Publish();
  for (const std::string currency : {"GBP", "USD"}) {
    const auto answer = Ask(absl::StrCat("currency_code: '", currency, "'"));
    ASSERT_THAT(answer.reply.cells(), SizeIs(1));
    EXPECT_EQ(answer.reply.currency_code(), currency);
    v1::PriceCell cell = answer.reply.cells(0);
    ExpectTrue(cell, currency);
  }
  EXPECT_EQ(Ask("currency_code: 'EUR'").reply.cells(0).answer(), v1::PriceCell::NOT_AVAILABLE);
}

TEST_F(BenchmarkTest, AnOldEditionStillGivesItsAnswer) {
  PublishHalfAYear();
  const auto before = Ask("granularity: GRANULARITY_MONTH").reply;
  for (int body = 0; body < 18; ++body) {
    for (int month = 1; month <= 6; ++month) {
      if (month != 5) Buy(body, 2024, month, "GBP", 2);
    }
  }
  Publish();
  const auto after = Ask("granularity: GRANULARITY_MONTH").reply;
  EXPECT_GT(after.receipt().edition(), before.receipt().edition());
  EXPECT_NE(after.receipt().content_sha256(), before.receipt().content_sha256());
  for (const v1::PriceCell& cell : after.cells()) ExpectTrue(cell);
  const std::string old =
      absl::StrCat("granularity: GRANULARITY_MONTH edition: ", before.receipt().edition());
  EXPECT_EQ(Ask(old).reply.SerializeAsString(), before.SerializeAsString());
  server_.Restart();
  const Client hackney(server_.channel(), hackney_.secret());
  EXPECT_EQ(Ask(old, &hackney).reply.SerializeAsString(), before.SerializeAsString());
  EXPECT_THAT(Ask(absl::StrCat("edition: ", after.receipt().edition() + 1), &hackney),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
}

TEST_F(BenchmarkTest, LinesOfTooFewWaitUntilMoreReport) {
  PublishHalfAYear();
  const auto before = Ask("").reply;
  Buy(0, 2024, 2, "GBP", 3);
  Buy(1, 2024, 2, "GBP", 3);
  Publish();
  // Two councils' change would show what they bought.
  EXPECT_EQ(Ask("").reply.cells(0).SerializeAsString(), before.cells(0).SerializeAsString());
  const auto status = hackney_.Call(&Purchases::GetPublicationStatus, "council: 'councils/hck'");
  EXPECT_GE(status.reply.waiting_lines(), 2);
  EXPECT_EQ(status.reply.queued_lines(), 0);
  EXPECT_EQ(status.reply.active_lines(),
            status.reply.published_lines() + status.reply.waiting_lines());
}

TEST_F(BenchmarkTest, APolicyThatIsEasedShowsWhatWaited) {
  for (int body = 0; body < 18; body += 5) {  // four bodies
    for (int month = 1; month <= 6; ++month) Buy(body, 2024, month);
  }
  Publish();
  EXPECT_EQ(Ask("").reply.cells(0).answer(), v1::PriceCell::NOT_AVAILABLE);
  v1::UpdatePolicyRequest request;
  *request.mutable_policy() = Policy();
  request.mutable_policy()->set_min_councils(3);
  request.mutable_policy()->set_p_percent(10);
  request.set_request_id(NewUuid());
  ASSERT_THAT(steward_.Call(&Access::UpdatePolicy, request), Succeeds());
  server_.WaitPublished();
  const auto eased = Ask("").reply;
  ASSERT_TRUE(eased.cells(0).has_figures());
  EXPECT_EQ(eased.receipt().policy_version(), 2);
  ExpectTrue(eased.cells(0));
}

TEST_F(BenchmarkTest, APolicyIsPreviewedAndChangesNothing) {
  PublishHalfAYear();
  v1::PreviewPolicyRequest request;
  *request.mutable_policy() = steward_.Call(&Access::GetPolicy, "").reply;
  const auto same = steward_.Call(&Access::PreviewPolicy, request);
  ASSERT_THAT(same, Succeeds());
  EXPECT_GT(same.reply.figures_now(), 10);
  EXPECT_EQ(same.reply.figures_then(), same.reply.figures_now());
  EXPECT_EQ(same.reply.changes_size(), 0);

  request.mutable_policy()->set_min_councils(12);
  const auto stricter = steward_.Call(&Access::PreviewPolicy, request);
  ASSERT_THAT(stricter, Succeeds());
  EXPECT_GT(stricter.reply.holds(), 5);
  EXPECT_EQ(stricter.reply.opens(), 0);
  // By product and year: which ones they are would say how each is made up.
  ASSERT_EQ(stricter.reply.changes_size(), 1);
  EXPECT_EQ(stricter.reply.changes(0).effect(), v1::PolicyPreview::HOLDS);
  EXPECT_EQ(stricter.reply.changes(0).figures(), stricter.reply.holds());
  EXPECT_EQ(stricter.reply.changes(0).from_month().month(), 1);
  EXPECT_EQ(stricter.reply.changes(0).to_month().month(), 12);
  const auto audit = steward_.Call(&Operations::ListAuditEntries, "page_size: 500");
  ASSERT_THAT(audit, Succeeds());
  EXPECT_THAT(audit.reply.DebugString(), HasSubstr("policy/previews/councils=12"));

  // An eased one shows what three councils bought in 2023.
  request.mutable_policy()->set_min_councils(3);
  request.mutable_policy()->set_p_percent(10);
  const auto eased = steward_.Call(&Access::PreviewPolicy, request);
  ASSERT_THAT(eased, Succeeds());
  EXPECT_EQ(eased.reply.closes() + eased.reply.holds(), 0);
  // What it says is what happens, and until then nothing did.
  const auto now = steward_.Call(&Access::PreviewPolicy, request);
  EXPECT_EQ(now.reply.SerializeAsString(), eased.reply.SerializeAsString());
  EXPECT_EQ(steward_.Call(&Access::GetPolicy, "").reply.version(), 1);

  request.set_product("products/none");
  EXPECT_THAT(steward_.Call(&Access::PreviewPolicy, request),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  request.mutable_policy()->set_min_councils(1);
  EXPECT_THAT(steward_.Call(&Access::PreviewPolicy, request),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

// What councils paid a supplier by name, against the lines themselves.
TEST_F(BenchmarkTest, SuppliersAreShownByNameAndTrue) {
  for (int body = 0; body < 18; ++body) {
    for (int month = 1; month <= 6; ++month) Buy(body, 2024, month);
  }
  Publish();
  const auto reply = steward_.Call(
      &Benchmarks::ListSupplierScorecards,
      "product: 'FRSM' from_month { year: 2024 month: 1 } to_month { year: 2024 month: 6 }");
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply.reply.spans_size(), 2);
  EXPECT_EQ(reply.reply.delay_months(), 3);
  ASSERT_EQ(reply.reply.scorecards_size(), 3);
  EXPECT_FALSE(reply.reply.has_others());
  for (const v1::SupplierScorecard& card : reply.reply.scorecards()) {
    Bought lines;
    for (size_t i = 0; i < truth_["GBP"].size(); ++i) {
      if (absl::StrCat("suppliers/", suppliers_["GBP"][i]) == card.supplier()) {
        lines.push_back(&truth_["GBP"][i]);
      }
    }
    EXPECT_EQ(card.spans_size(), 2);
    EXPECT_TRUE(card.figures().has_rejected());
    const v1::PriceFigures truth = testing::TrueFigures(lines, Policy());
    EXPECT_EQ(card.figures().SerializeAsString(), truth.SerializeAsString())
        << card.figures().DebugString() << truth.DebugString();
  }
  // A quarter, and a time of which nothing is known.
  const auto quarter = steward_.Call(
      &Benchmarks::ListSupplierScorecards,
      "product: 'FRSM' from_month { year: 2024 month: 2 } to_month { year: 2024 month: 2 }");
  EXPECT_EQ(quarter.reply.spans_size(), 1);
  const auto none = steward_.Call(
      &Benchmarks::ListSupplierScorecards,
      "product: 'FRSM' from_month { year: 2022 month: 2 } to_month { year: 2022 month: 2 }");
  ASSERT_THAT(none, Succeeds());
  EXPECT_EQ(none.reply.spans_size() + none.reply.scorecards_size(), 0);
  EXPECT_THAT(steward_.Call(&Benchmarks::ListSupplierScorecards, "product: 'none'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

// Of this quarter nothing is said by name yet.
TEST_F(BenchmarkTest, SuppliersOfAQuarterThatJustEndedAreNotNamed) {
  const absl::CivilMonth last = absl::ToCivilMonth(absl::Now(), absl::UTCTimeZone()) - 1;
  for (int body = 0; body < 18; ++body) {
    Buy(body, static_cast<int>(last.year()), last.month());
  }
  Publish();
  const auto reply = steward_.Call(
      &Benchmarks::ListSupplierScorecards,
      absl::StrCat("product: 'FRSM' from_month { year: ", last.year(), " month: ", last.month(),
                   " } to_month { year: ", last.year(), " month: ", last.month(), " }"));
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply.reply.spans_size() + reply.reply.scorecards_size(), 0);
}

TEST_F(BenchmarkTest, APositionIsTheCouncilsOwnAndTrue) {
  PublishHalfAYear();
  const std::string question = R"(council: "councils/hck" benchmark { product: "FRSM"
      from_month { year: 2024 month: 1 } to_month { year: 2024 month: 6 }
      granularity: GRANULARITY_QUARTER })";
  const auto answer = hackney_.Call(&Benchmarks::GetCouncilPosition, question);
  ASSERT_THAT(answer, Succeeds());
  EXPECT_EQ(answer.reply.benchmark().SerializeAsString(),
            Ask("granularity: GRANULARITY_QUARTER").reply.SerializeAsString());
  ASSERT_EQ(answer.reply.own_size(), answer.reply.benchmark().cells_size());
  for (int i = 0; i < answer.reply.own_size(); ++i) {
    const v1::PriceCell& cell = answer.reply.benchmark().cells(i);
    std::map<std::string, Bought> by_council;
    for (const BoughtLine* line : LinesOf(cell)) by_council[line->council].push_back(line);
    const Bought& own = by_council["hck"];
    const int64_t mean = testing::MeanPrice(own);
    const int64_t shown_mean = testing::Shown(mean, Policy().price_rounding_basis_points());
    int64_t units = 0, spend = 0, to_median = 0, to_p10 = 0;
    const auto& prices = cell.figures().line_quantiles();
    for (const BoughtLine* line : own) {
      const int64_t paid = line->packs * line->pack_price_micros;
      units += line->units();
      spend += paid;
      to_median += std::max<int64_t>(0, paid - line->units() * prices.p50_micros());
      to_p10 += std::max<int64_t>(0, paid - line->units() * prices.p10_micros());
    }
    int below = 0, above = 0;
    for (const auto& [council, lines] : by_council) {
      below += testing::MeanPrice(lines) < shown_mean ? 1 : 0;
      above += testing::MeanPrice(lines) > shown_mean ? 1 : 0;
    }
    const v1::OwnFigures& figures = answer.reply.own(i);
    EXPECT_EQ(figures.lines(), static_cast<int64_t>(own.size()));
    EXPECT_EQ(figures.units(), units);
    EXPECT_EQ(figures.spend_micros(), spend);
    EXPECT_EQ(figures.mean_unit_price_micros(), mean);
    EXPECT_EQ(figures.has_percentile_rank(), below >= 5 && above >= 5);
    if (figures.has_percentile_rank()) {
      EXPECT_EQ(figures.percentile_rank(),
                std::lround(20.0 * below / static_cast<double>(by_council.size())) * 5);
    }
    EXPECT_EQ(figures.gap_to_median_micros(),
              mean - cell.figures().council_quantiles().p50_micros());
    EXPECT_EQ(figures.saving_to_median_micros(), to_median);
    EXPECT_EQ(figures.has_saving_to_p10_micros(), prices.has_p10_micros());
    if (prices.has_p10_micros()) {
      EXPECT_EQ(figures.saving_to_p10_micros(), to_p10);
    }
    EXPECT_FALSE(figures.advice().empty());
  }
  EXPECT_THAT(camden_.Call(&Benchmarks::GetCouncilPosition, question),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(As(v1::ROLE_ANALYST).Call(&Benchmarks::GetCouncilPosition, question),
              Fails(StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED"));
  EXPECT_THAT(hackney_.Call(&Benchmarks::GetCouncilPosition, "council: 'councils/hck'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(BenchmarkTest, AQuestionThatMakesNoSenseIsRefusedWithEveryFault) {
  const auto wrong = Ask(R"(from_month { year: 2024 month: 13 } to_month { year: 1999 month: 1 }
      currency_code: "gbp" area: "areas/london" authority_type: "unitary" edition: -1
      granularity: 9)");
  EXPECT_THAT(wrong, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(wrong.status),
              ElementsAre(HasSubstr("currency_code: "), HasSubstr("from_month: "),
                          HasSubstr("to_month: "), HasSubstr("granularity: "),
                          HasSubstr("authority_type: "), HasSubstr("edition: ")));
  EXPECT_THAT(Ask("from_month { year: 2024 month: 2 } to_month { year: 2024 month: 1 }"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(Ask("from_month { year: 2010 month: 1 } to_month { year: 2024 month: 1 }"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  const auto missing = Fails(StatusCode::NOT_FOUND, "NOT_FOUND");
  EXPECT_THAT(hackney_.Call(&Benchmarks::GetPriceBenchmark, R"(product: "nonesuch"
      from_month { year: 2024 month: 1 } to_month { year: 2024 month: 6 })"),
              missing);
  EXPECT_THAT(Ask("area: 'areas/none'"), missing);
  EXPECT_THAT(Ask("authority_type: 'none'"), missing);
  EXPECT_THAT(Ask("edition: 999"), missing);
}

}  // namespace
}  // namespace steelyard::contract
