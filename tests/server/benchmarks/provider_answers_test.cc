#include "server/benchmarks/provider_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "server/rpc/errors.h"
#include "tests/server/benchmarks/outcome_country.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::benchmarks {
namespace {

using model::Level;
using steelyard::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

// `oak` owns `acorn` and `birch`; `cedar`, `elm`, `fir` and `gum` stand alone.
// Ten councils report each of 2023 and 2024, quarter by quarter.
class ProviderAnswersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    engine::OpenOptions options;
    options.create_if_missing = true;
    options.ballast_bytes = options.min_free_bytes = 0;
    ASSERT_OK_AND_ASSIGN(database_, engine::Database::Open(dir_ / "store", options));
    store_ = std::make_unique<editions::OutcomeStore>(*database_);
    answers_ = std::make_unique<ProviderAnswers>(*store_, [](int64_t version) {
      model::Policy policy;
      policy.version = version == 0 ? 9 : version;
      return policy;
    });
    country_.AddProvider("oak");
    country_.AddProvider("acorn", {{"oak", {}, {}}});
    country_.AddProvider("birch", {{"oak", {}, {}}});
    for (const char* id : {"cedar", "elm", "fir", "gum"}) country_.AddProvider(id);
    ASSERT_OK_AND_ASSIGN(resolver_, directory::Resolver::Build(country_.registers));
  }

  std::shared_ptr<const OutcomeBlock> BlockOf(const std::string& id, int year, Level level,
                                              uint64_t edition) {
    std::vector<MadeRun> runs;
    for (int q = 1; q <= 4; ++q) {
      std::vector<model::OutcomeFact> north, south;
      for (uint16_t c = 1; c <= 5; ++c) {
        north.push_back(Report(c, c == 1 ? Level::kInadequate : level));
        south.push_back(Report(static_cast<uint16_t>(c + 10), level));
      }
      runs.push_back(
          {Quarters(year, q, q), {{{kNorth}, AtomOf(north)}, {{kSouth}, AtomOf(south)}}});
    }
    const model::ProviderNo no = country_.registers->FindProvider(id)->no;
    return MakeBlock(year, no.value, {ProviderGroup::Kind::kProvider, no},
                     {{no, Quarters(year, 1, 4)}}, runs, edition);
  }

  // Publishes what councils say of these, as one edition.
  void Publish(uint64_t edition, const std::vector<std::pair<std::string, Level>>& said) {
    editions::OutcomeStore::Blocks blocks;
    engine::Batch batch;
    for (const auto& [id, level] : said) {
      for (int year : {2023, 2024}) {
        blocks.push_back(BlockOf(id, year, level, edition));
        ASSERT_OK(store_->Put(batch, *blocks.back()));
      }
    }
    ASSERT_OK(database_->Commit(std::move(batch)));
    store_->Publish(blocks, edition);
  }
  void PublishAll() {
    Publish(1, {{"acorn", Level::kGood},
                {"birch", Level::kApproachingTarget},
                {"cedar", Level::kGood},
                {"elm", Level::kRequiresImprovement},
                {"fir", Level::kApproachingTarget},
                {"gum", Level::kGood}});
  }

  static v1::GetProviderBenchmarkRequest Question(const std::string& provider) {
    v1::GetProviderBenchmarkRequest request;
    request.set_provider(provider);
    request.set_service("childrens-homes");
    request.mutable_from_quarter()->set_year(2023);
    request.mutable_from_quarter()->set_quarter(1);
    request.mutable_to_quarter()->set_year(2024);
    request.mutable_to_quarter()->set_quarter(4);
    return request;
  }
  v1::ProviderBenchmark Ask(const v1::GetProviderBenchmarkRequest& request) {
    auto answer = answers_->Benchmark(request, *resolver_);
    EXPECT_OK(answer);
    return answer.ok() ? **answer : v1::ProviderBenchmark();
  }

  steelyard::testing::TempDir dir_;
  OutcomeCountry country_;
  std::unique_ptr<engine::Database> database_;
  std::unique_ptr<editions::OutcomeStore> store_;
  std::unique_ptr<ProviderAnswers> answers_;
  std::shared_ptr<const directory::Resolver> resolver_;
};

TEST_F(ProviderAnswersTest, AProviderIsAnsweredWholeAndByQuarter) {
  PublishAll();
  const v1::ProviderBenchmark answer = Ask(Question("cedar"));
  EXPECT_EQ(answer.provider(), "providers/cedar");
  EXPECT_EQ(answer.provider_display_name(), "Provider cedar");
  EXPECT_EQ(answer.answer(), v1::ANSWER_EXACT);
  EXPECT_THAT(answer.providers(), ElementsAre("providers/cedar"));
  const v1::ProviderFigures& figures = answer.whole().figures();
  EXPECT_EQ(figures.councils(), 10);
  EXPECT_EQ(figures.reports(), 80);
  ASSERT_THAT(figures.measures(), SizeIs(8));
  EXPECT_EQ(figures.measures(0).mean_score(), 2.7);
  EXPECT_EQ(figures.measures(0).councils(), 10);
  EXPECT_EQ(figures.measures(0).compared_providers(), 6);
  EXPECT_TRUE(figures.measures(0).has_funnel());
  EXPECT_TRUE(figures.measures(0).has_best_quarter_probability());
  ASSERT_THAT(answer.quarters(), SizeIs(8));
  EXPECT_EQ(answer.quarters(3).from_quarter().quarter(), 4);
  EXPECT_EQ(answer.quarters(3).figures().reports(), 10);
  ASSERT_THAT(answer.charts(), SizeIs(8));
  EXPECT_THAT(answer.charts(0).points(), SizeIs(8));
  EXPECT_EQ(answer.charts(0).status().word(), "common cause");
  EXPECT_THAT(answer.whole().areas(), ElementsAre("areas/land"));
  EXPECT_EQ(answer.receipt().edition(), 1);
  EXPECT_EQ(answer.receipt().method_version(), "provider-1");
  EXPECT_EQ(answer.receipt().policy_version(), 1);
  EXPECT_THAT(answer.receipt().content_sha256(), SizeIs(64));
}

TEST_F(ProviderAnswersTest, AnOwnerIsComparedInPlaceOfItsOwn) {
  PublishAll();
  const v1::ProviderBenchmark oak = Ask(Question("Provider oak"));
  EXPECT_EQ(oak.answer(), v1::ANSWER_EXACT);
  EXPECT_THAT(oak.providers(), ElementsAre("providers/acorn", "providers/birch"));
  EXPECT_EQ(oak.whole().figures().councils(), 10);
  EXPECT_EQ(oak.whole().figures().reports(), 160);
  EXPECT_EQ(oak.whole().figures().measures(0).mean_score(), 2.25);
  EXPECT_EQ(oak.whole().figures().measures(0).compared_providers(), 5);
  const v1::ProviderBenchmark all = Ask(Question(""));
  EXPECT_THAT(all.providers(), IsEmpty());
  EXPECT_EQ(all.whole().figures().reports(), 480);
  EXPECT_FALSE(all.whole().figures().measures(0).has_best_quarter_probability());
}

TEST_F(ProviderAnswersTest, AnAreaIsAnsweredFromItsAtoms) {
  PublishAll();
  auto question = Question("cedar");
  question.set_area("areas/north");
  const v1::ProviderBenchmark answer = Ask(question);
  EXPECT_EQ(answer.answer(), v1::ANSWER_EXACT);
  EXPECT_THAT(answer.whole().areas(), ElementsAre("areas/north"));
  EXPECT_EQ(answer.whole().figures().councils(), 5);
  EXPECT_EQ(answer.whole().figures().measures(0).mean_score(), 2.4);
}

TEST_F(ProviderAnswersTest, NothingShownSaysNothingButWhatWasAsked) {
  const v1::ProviderBenchmark before = Ask(Question("cedar"));
  EXPECT_EQ(before.answer(), v1::ANSWER_NOT_AVAILABLE);
  EXPECT_FALSE(before.whole().has_figures());
  EXPECT_EQ(before.whole().to_quarter().year(), 2024);
  EXPECT_THAT(before.quarters(), SizeIs(8));
  EXPECT_THAT(before.charts(), IsEmpty());
  EXPECT_EQ(before.receipt().policy_version(), 9) << "the one in force";
  // A provider nobody reports on looks the same.
  Publish(1, {{"elm", Level::kGood}});
  v1::ProviderBenchmark none = Ask(Question("cedar"));
  EXPECT_EQ(none.answer(), v1::ANSWER_NOT_AVAILABLE);
  EXPECT_THAT(none.providers(), IsEmpty());
}

TEST_F(ProviderAnswersTest, AnOldEditionGivesTheSameBytes) {
  PublishAll();
  const std::string before = Ask(Question("oak")).SerializeAsString();
  Publish(2, {{"acorn", Level::kInadequate}, {"elm", Level::kGood}});
  const v1::ProviderBenchmark after = Ask(Question("oak"));
  EXPECT_EQ(after.receipt().edition(), 2);
  EXPECT_NE(after.whole().figures().measures(0).mean_score(), 2.25);
  auto old = Question("oak");
  old.set_edition(1);
  EXPECT_EQ(Ask(old).SerializeAsString(), before);
  // An edition without a change of these blocks only changes the receipt.
  store_->Publish({}, 3);
  v1::ProviderBenchmark later = Ask(Question("oak"));
  EXPECT_EQ(later.receipt().edition(), 3);
  v1::ProviderBenchmark same = after;
  later.clear_receipt();
  same.clear_receipt();
  EXPECT_EQ(later.SerializeAsString(), same.SerializeAsString());
  old.set_edition(4);
  EXPECT_THAT(answers_->Benchmark(old, *resolver_), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(ProviderAnswersTest, TheSameQuestionOfTheSameEditionIsTheSameReply) {
  PublishAll();
  ASSERT_OK_AND_ASSIGN(const auto first, answers_->Benchmark(Question("cedar"), *resolver_));
  ASSERT_OK_AND_ASSIGN(const auto again, answers_->Benchmark(Question("cedar"), *resolver_));
  EXPECT_EQ(first, again);
  // Of a new edition the figures may be the same; the receipt is another.
  Publish(2, {{"gum", Level::kInadequate}});
  ASSERT_OK_AND_ASSIGN(const auto later, answers_->Benchmark(Question("cedar"), *resolver_));
  EXPECT_NE(first->receipt().content_sha256(), later->receipt().content_sha256());
  auto old = Question("cedar");
  old.set_edition(1);
  ASSERT_OK_AND_ASSIGN(const auto of_old, answers_->Benchmark(old, *resolver_));
  EXPECT_EQ(of_old->SerializeAsString(), first->SerializeAsString());
}

TEST_F(ProviderAnswersTest, PositionsComeByIdAndInPages) {
  PublishAll();
  v1::ListProviderPositionsRequest request;
  request.set_service("childrens-homes");
  request.set_measure("measures/stability");
  *request.mutable_from_quarter() = Question("").from_quarter();
  *request.mutable_to_quarter() = Question("").to_quarter();
  const auto ids = [](const PositionsPage& page) {
    std::vector<std::string> out;
    for (const auto& position : page.reply.positions()) out.push_back(position.provider());
    return out;
  };
  ASSERT_OK_AND_ASSIGN(const PositionsPage first,
                       answers_->Positions(request, *resolver_, 0, 4, ""));
  EXPECT_THAT(ids(first), ElementsAre("providers/acorn", "providers/birch", "providers/cedar",
                                      "providers/elm"));
  EXPECT_EQ(first.last, "elm");
  // A new edition in between: the list goes on in its own.
  Publish(2, {{"gum", Level::kInadequate}});
  ASSERT_OK_AND_ASSIGN(const PositionsPage second,
                       answers_->Positions(request, *resolver_, first.edition, 4, first.last));
  EXPECT_THAT(ids(second), ElementsAre("providers/fir", "providers/gum"));
  EXPECT_THAT(second.last, IsEmpty());
  EXPECT_EQ(second.reply.receipt().edition(), 1);
  EXPECT_EQ(second.reply.positions(1).figures().mean_score(), 2.7);
  // What stands in the list is what the provider's own answer says.
  auto question = Question("cedar");
  question.set_edition(1);
  EXPECT_EQ(first.reply.positions(2).figures().SerializeAsString(),
            Ask(question).whole().figures().measures(1).SerializeAsString());
}

TEST_F(ProviderAnswersTest, UnknownAndWrongQuestionsAreRefused) {
  const auto fails = [&](const v1::GetProviderBenchmarkRequest& request, absl::StatusCode code,
                         const std::string& words) {
    EXPECT_THAT(answers_->Benchmark(request, *resolver_).status(), StatusIs(code));
    EXPECT_THAT(answers_->Benchmark(request, *resolver_).status().message(), HasSubstr(words));
  };
  fails(Question("nobody"), absl::StatusCode::kNotFound, "nobody");
  auto service = Question("cedar");
  service.set_service("gardening");
  fails(service, absl::StatusCode::kNotFound, "gardening");
  auto area = Question("cedar");
  area.set_area("areas/west");
  fails(area, absl::StatusCode::kNotFound, "west");
  auto wrong = Question("cedar");
  wrong.mutable_from_quarter()->set_quarter(5);
  wrong.set_area("north");
  wrong.set_edition(-1);
  // The message says the first; the details name them all.
  fails(wrong, absl::StatusCode::kInvalidArgument, "from_quarter: ");
  const auto details = answers_->Benchmark(wrong, *resolver_)
                           .status()
                           .GetPayload("type.googleapis.com/google.rpc.BadRequest");
  ASSERT_TRUE(details.has_value());
  google::rpc::BadRequest bad;
  ASSERT_TRUE(bad.ParseFromString(std::string(*details)));
  std::vector<std::string> fields;
  for (const auto& violation : bad.field_violations()) fields.push_back(violation.field());
  EXPECT_THAT(fields, UnorderedElementsAre("from_quarter", "area", "edition"));
  auto back = Question("cedar");
  back.mutable_to_quarter()->set_year(2022);
  fails(back, absl::StatusCode::kInvalidArgument, "to_quarter");
  auto long_one = Question("cedar");
  long_one.mutable_from_quarter()->set_year(2014);
  fails(long_one, absl::StatusCode::kInvalidArgument, "40 quarters");
}

}  // namespace
}  // namespace steelyard::benchmarks
