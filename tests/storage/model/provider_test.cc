#include "storage/model/provider.h"

#include <gtest/gtest.h>

namespace steelyard::model {
namespace {

Day March(int year) { return *Day::FromYmd(year, 3, 31); }

Establishment Home() {
  Establishment e;
  e.records = {{March(2018), ProviderNo{1}, 4}, {March(2020), ProviderNo{2}, 5}};
  e.judgements = {{*Day::FromYmd(2017, 6, 1), Judgement::kGood},
                  {*Day::FromYmd(2019, 6, 1), Judgement::kInadequate}};
  return e;
}

TEST(ProviderTest, TheNewestRecordAtOrBeforeADayCounts) {
  const Establishment home = Home();
  EXPECT_EQ(RecordOn(home, March(2017)), nullptr);
  EXPECT_EQ(RecordOn(home, March(2018))->places, 4);
  EXPECT_EQ(RecordOn(home, March(2019))->places, 4);
  EXPECT_EQ(RecordOn(home, March(2020))->places, 5);
  EXPECT_EQ(RecordOn(home, March(2030))->provider, ProviderNo{2});
  EXPECT_EQ(RecordOn(Establishment(), March(2030)), nullptr);
}

TEST(ProviderTest, TheNewestJudgementAtOrBeforeADayCounts) {
  const Establishment home = Home();
  EXPECT_EQ(JudgementOn(home, March(2017)), Judgement::kNone);
  EXPECT_EQ(JudgementOn(home, March(2018)), Judgement::kGood);
  EXPECT_EQ(JudgementOn(home, *Day::FromYmd(2019, 6, 1)), Judgement::kInadequate);
}

TEST(ProviderTest, ADayIsAnsweredFromTheRegisterBeforeIt) {
  Establishment other;
  other.records = {{March(2019), ProviderNo{1}, 3}};
  const std::vector<Establishment> all = {Home(), other};
  EXPECT_EQ(RegisterDay(all, March(2017)), std::nullopt);
  EXPECT_EQ(RegisterDay(all, March(2018)), March(2018));
  EXPECT_EQ(RegisterDay(all, *Day::FromYmd(2020, 3, 30)), March(2019));
  EXPECT_EQ(RegisterDay(all, March(2025)), March(2020));
}

}  // namespace
}  // namespace steelyard::model
