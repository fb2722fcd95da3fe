#include "client/demo/outcomes.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <tuple>

#include "client/demo/payments.h"
#include "client/demo/provider_files.h"

namespace steelyard::demo {
namespace {

class DemoOutcomesTest : public ::testing::Test {
 protected:
  const std::vector<Council> councils_ = MakeCouncils(2020);
  const std::vector<Provider> providers_ = MakeProviders(2020);
  const std::vector<Report> reports_ = MakeReports(2020, councils_, providers_);
};

TEST_F(DemoOutcomesTest, ReportsAreTheSameForTheSameSeed) {
  std::ostringstream once, again;
  WriteReports(once, reports_);
  WriteReports(again, MakeReports(2020, councils_, providers_));
  EXPECT_EQ(once.str(), again.str());
}

TEST_F(DemoOutcomesTest, EveryReportIsOneThatACouncilMaySend) {
  ASSERT_GT(reports_.size(), 10'000u);
  std::set<std::tuple<std::string_view, std::string, std::string_view, int>> keys;
  for (const Report& r : reports_) {
    EXPECT_GE(r.placements, 5);
    EXPECT_LE(r.offers, r.referrals);
    EXPECT_LE(r.endings, r.placements);
    EXPECT_TRUE(r.council->childrens_services);
    EXPECT_TRUE(keys.emplace(r.council->id, r.provider->id, r.service->id, r.quarter).second);
  }
}

TEST_F(DemoOutcomesTest, TheProviderOfTheTourIsUsedByManyAndFallsBehind) {
  std::set<std::string_view> users;
  std::map<bool, std::pair<double, double>> safeguarding;  // since it fell: sum, count
  for (const Report& r : reports_) {
    if (r.provider->id != "demo-harbour-oak-homes" || r.levels[0] == 0) continue;
    users.insert(r.council->id);
    auto& [sum, count] = safeguarding[r.quarter >= r.provider->falls_from];
    sum += r.levels[0];
    ++count;
  }
  EXPECT_GE(users.size(), 40u);
  EXPECT_TRUE(users.contains("ken"));
  EXPECT_GT(safeguarding[true].first / safeguarding[true].second,
            safeguarding[false].first / safeguarding[false].second + 0.3);
}

TEST_F(DemoOutcomesTest, PaymentsAddUpToWhatWasSpentLessCreditNotes) {
  const std::vector<Payment> payments = MakePayments(2020, reports_);
  int64_t paid = 0, spent = 0, notes = 0;
  for (const Payment& p : payments) {
    if (p.council->id != "ken") continue;
    if (p.pence < 0) ++notes;
    paid += p.pence;
  }
  for (const Report& r : reports_) {
    if (r.council->id == "ken") spent += r.spend_pence;
  }
  EXPECT_GT(notes, 0);
  // What goes to companies with like names is little.
  EXPECT_NEAR(static_cast<double>(paid), static_cast<double>(spent), 0.05 * spent);
}

TEST_F(DemoOutcomesTest, TheFileWithMistakesHoldsEachOnce) {
  std::ostringstream file;
  WriteReportsWithErrors(file, reports_);
  const std::string text = file.str();
  for (const char* mistake : {"babysitting", "2031-Q1", "Outstanding", "about right", "perhaps"}) {
    EXPECT_NE(text.find(mistake), std::string::npos) << mistake;
  }
}

}  // namespace
}  // namespace steelyard::demo
