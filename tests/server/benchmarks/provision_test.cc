#include "server/benchmarks/provision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace steelyard::benchmarks {
namespace {

using model::Judgement;
using model::Registration;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::SizeIs;

model::Day DayOf(int year, int month, int day) { return *model::Day::FromYmd(year, month, day); }

// `oak` owns `acorn`, and from 2022 on `birch`; `cedar` is its own. North and
// south; registers of 31 March 2021 and 2022.
class ProvisionTest : public ::testing::Test {
 protected:
  ProvisionTest() {
    for (const char* id : {"north", "south"}) {
      model::Area area;
      area.id = id;
      registers_.Put(area);
    }
    AddProvider("oak");
    AddProvider("acorn", {{"oak", {}, {}}});
    AddProvider("birch", {{"oak", DayOf(2022, 1, 1), {}}});
    AddProvider("cedar");
    question_.day = DayOf(2022, 6, 1);
  }

  void AddProvider(const std::string& id, std::vector<model::ProviderOwnership> owners = {}) {
    model::Provider provider;
    provider.id = provider.display_name = id;
    provider.owners = std::move(owners);
    registers_.Put(provider);
  }

  // In both registers, inspected in 2020.
  void AddHome(const std::string& id, const char* provider, const char* area, int places,
               Judgement judgement, Registration registration = Registration::kActive) {
    model::Establishment home;
    home.id = id;
    home.service = model::Service::kChildrensHomes;
    home.area = registers_.FindArea(area)->no;
    const auto* entry = registers_.FindProvider(provider);
    const auto no = entry == nullptr ? model::ProviderNo{} : entry->no;
    home.records = {{DayOf(2021, 3, 31), no, places, registration},
                    {DayOf(2022, 3, 31), no, places, registration}};
    if (judgement != Judgement::kNone) home.judgements = {{DayOf(2020, 5, 1), judgement}};
    registers_.Put(std::vector{home});
  }

  v1::Provision Ask(const char* provider = "") {
    const auto* entry = registers_.FindProvider(provider);
    question_.provider = entry == nullptr ? model::ProviderNo{} : entry->no;
    return ProvisionOf(question_, registers_);
  }

  model::Registers registers_;
  ProvisionQuestion question_;
};

TEST_F(ProvisionTest, WithoutARegisterOfTheDayNothingIsSaid) {
  EXPECT_FALSE(Ask().has_as_of_date());
  AddHome("sc1", "acorn", "north", 4, Judgement::kGood);
  question_.day = DayOf(2021, 3, 30);
  EXPECT_FALSE(Ask().has_as_of_date());
  question_.day = DayOf(2021, 3, 31);
  EXPECT_EQ(Ask().as_of_date().year(), 2021);
  question_.service = model::Service::kFostering;
  EXPECT_FALSE(Ask().has_as_of_date());
}

// North: oak has 4 + 2 of 10 places, cedar 4: 60^2 + 40^2 = 5,200.
TEST_F(ProvisionTest, PlacesAndConcentrationAreThoseOfOwnersOnTheDay) {
  AddHome("sc1", "acorn", "north", 4, Judgement::kGood);
  AddHome("sc2", "birch", "north", 2, Judgement::kGood);
  AddHome("sc3", "cedar", "north", 4, Judgement::kGood);
  AddHome("sc4", "cedar", "south", 5, Judgement::kGood);
  const v1::Provision now = Ask("oak");
  ASSERT_THAT(now.areas(), SizeIs(2));
  const auto& north = now.areas(0);
  EXPECT_EQ(north.area(), "areas/north");
  EXPECT_EQ(north.establishments(), 2);
  EXPECT_EQ(north.places(), 6);
  EXPECT_EQ(north.all_establishments(), 3);
  EXPECT_EQ(north.all_places(), 10);
  EXPECT_EQ(north.owners(), 2);
  EXPECT_EQ(north.hhi(), 5200);
  EXPECT_EQ(now.areas(1).places(), 0);
  EXPECT_EQ(now.areas(1).hhi(), 10'000);
  EXPECT_EQ(now.whole().all_places(), 15);
  EXPECT_EQ(now.whole().hhi(), 5200);  // 6 and 9 of 15
  ASSERT_THAT(now.owners(), SizeIs(2));
  EXPECT_EQ(now.owners(0).owner(), "providers/cedar");
  EXPECT_EQ(now.owners(0).share(), 0.6);

  // A year before, birch was its own: 40^2 + 20^2 + 40^2.
  question_.day = DayOf(2021, 6, 1);
  EXPECT_EQ(Ask("oak").areas(0).places(), 4);
  EXPECT_EQ(Ask("oak").areas(0).hhi(), 3600);
}

TEST_F(ProvisionTest, PlacesOfNobodyNamedCountInTheWholeAlone) {
  AddHome("sc1", "acorn", "north", 5, Judgement::kGood);
  AddHome("sc2", "nobody", "north", 5, Judgement::kGood);
  const v1::Provision all = Ask();
  EXPECT_EQ(all.whole().all_places(), 10);
  EXPECT_EQ(all.whole().places(), 10);  // of all: the question is about everybody
  EXPECT_EQ(all.whole().owners(), 1);
  EXPECT_EQ(all.whole().hhi(), 2500);
}

TEST_F(ProvisionTest, WhatResignedOrLeftTheRegisterIsNotCounted) {
  AddHome("sc1", "acorn", "north", 5, Judgement::kGood);
  AddHome("sc2", "acorn", "north", 5, Judgement::kGood, Registration::kResigned);
  AddHome("sc3", "acorn", "north", 5, Judgement::kGood, Registration::kSuspended);
  model::Establishment left;
  left.id = "sc4";
  left.service = model::Service::kChildrensHomes;
  left.records = {{DayOf(2021, 3, 31), registers_.FindProvider("acorn")->no, 9}};
  registers_.Put(std::vector{left});
  EXPECT_EQ(Ask("acorn").whole().places(), 10);
}

TEST_F(ProvisionTest, JudgementsAreCountedAndHeldAgainstAllOwners) {
  int number = 0;
  const auto add = [&](const char* provider, int good, int below) {
    for (int i = 0; i < good + below; ++i) {
      AddHome("sc" + std::to_string(++number), provider, "south", 3,
              i < good ? Judgement::kGood : Judgement::kInadequate);
    }
  };
  add("acorn", 2, 38);
  add("cedar", 36, 4);
  for (int i = 0; i < 12; ++i) {
    const std::string id = "elm-" + std::to_string(i);
    AddProvider(id);
    add(id.c_str(), 36, 4);
  }
  AddHome("sc0", "acorn", "south", 3, Judgement::kNone);
  const v1::Provision oak = Ask("oak");
  std::vector<int64_t> counts;
  for (const auto& count : oak.judgements()) counts.push_back(count.establishments());
  EXPECT_THAT(counts, ElementsAre(0, 2, 0, 38, 1));
  ASSERT_TRUE(oak.has_funnel());
  EXPECT_EQ(oak.funnel().ratings(), 40);
  EXPECT_EQ(oak.funnel().below_target(), 38);
  EXPECT_EQ(oak.funnel().share(), 0.95);
  EXPECT_THAT(oak.funnel().target(), DoubleNear(90.0 / 560, 0.0005));
  EXPECT_EQ(oak.funnel().status().word(), "far above expected");
  EXPECT_EQ(oak.funnel().status().scheme(), "funnel-95-998");
  // One home of one that is below good is no sign of anything.
  AddProvider("yew");
  AddHome("sc999", "yew", "south", 3, Judgement::kInadequate);
  EXPECT_EQ(Ask("yew").funnel().share(), 1);
  EXPECT_EQ(Ask("yew").funnel().upper_95(), 1);
  EXPECT_EQ(Ask("yew").funnel().status().word(), "as expected");
  EXPECT_EQ(Ask("cedar").funnel().status().word(), "as expected");
  EXPECT_FALSE(Ask().has_funnel());  // all have no place among all
}

}  // namespace
}  // namespace steelyard::benchmarks
