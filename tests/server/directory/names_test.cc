#include "server/directory/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace steelyard::directory {
namespace {

using ::testing::ElementsAre;

class NamesTest : public ::testing::Test {
 protected:
  std::string Fold(std::string_view text) const { return std::string(folder_->Fold(text).view()); }
  std::string Core(std::string_view text) const {
    FoldedName name = folder_->Fold(text);
    ShortenLegalForm(name);
    return std::string(WithoutLegalForm(name.view()));
  }
  double Similarity(std::string_view a, std::string_view b) const {
    const std::string fa = Fold(a);
    const std::string fb = Fold(b);
    return NameSimilarity(Words(fa), Words(fb));
  }
  std::shared_ptr<const NameFolder> folder_ = *NameFolder::Create();
};

TEST_F(NamesTest, FoldsCaseAccentsPunctuationAndSpacing) {
  EXPECT_EQ(Fold("  Côte d'Ivoire\t(Supply) — Co."), "cote divoire supply co");
  EXPECT_EQ(Fold("Hammersmith & Fulham"), "hammersmith and fulham");
  EXPECT_EQ(Fold("St. Helens"), "st helens");
  EXPECT_EQ(Fold("King\u2019s Lynn"), Fold("KING'S LYNN"));
  EXPECT_EQ(Fold("ﬁlter ①"), "filter 1");  // compatibility forms
  EXPECT_EQ(Fold("Großhandel Øre Łódź"), "grosshandel ore lodz");
  EXPECT_EQ(Fold("a\u200Bb"), "ab");  // zero width
  EXPECT_EQ(Fold("\xFF\xFE"), "");
  EXPECT_EQ(Fold(""), "");
  EXPECT_EQ(Fold("!!!"), "");
}

TEST_F(NamesTest, AsciiFoldsAsTheLongWayWould) {
  // The long way is taken for the e with an accent.
  for (const char* text : {"Acme, Ltd.", "A & B's", "EN 14683 - Type IIR (box/50)", "x_y"}) {
    EXPECT_EQ(Fold(std::string(text) + " e"), Fold(std::string(text) + " é")) << text;
  }
}

TEST_F(NamesTest, OtherScriptsStayWhatTheyAre) {
  EXPECT_NE(Fold("\u0410cme"), "acme");  // Cyrillic A
  EXPECT_EQ(Fold("\u0410cme"), "\u0430cme");
  EXPECT_EQ(folder_->Skeleton(Fold("\u0410cme")), folder_->Skeleton("acme"));
  EXPECT_EQ(Fold("ТОВ «Фарма»"), "тов фарма");
}

TEST_F(NamesTest, AName1MegabyteLongFolds) {
  EXPECT_EQ(Fold(std::string(1 << 20, 'A')).size(), size_t{1} << 20);
}

TEST_F(NamesTest, LegalFormsAreSetAside) {
  for (const char* name : {"Acme Ltd", "ACME LIMITED", "Acme PLC", "Acme LLP", "Acme GmbH",
                           "Acme Public Limited Company", "Acme Limited Liability Partnership"}) {
    EXPECT_EQ(Core(name), "acme") << name;
  }
  EXPECT_EQ(Core("Limited"), "limited");
  EXPECT_EQ(Core("Ltd"), "ltd");
  EXPECT_EQ(Core("Limited Editions"), "limited editions");
}

TEST_F(NamesTest, JaroWinklerHasItsPublishedValues) {
  // Winkler (1990), as in the usual tables.
  EXPECT_NEAR(JaroWinkler("martha", "marhta"), 0.9611, 5e-5);
  EXPECT_NEAR(JaroWinkler("dwayne", "duane"), 0.8400, 5e-5);
  EXPECT_NEAR(JaroWinkler("dixon", "dicksonx"), 0.8133, 5e-5);
  EXPECT_EQ(JaroWinkler("same", "same"), 1);
  EXPECT_EQ(JaroWinkler("abc", "xyz"), 0);
  EXPECT_EQ(JaroWinkler("", ""), 1);
  EXPECT_EQ(JaroWinkler("", "a"), 0);
  EXPECT_EQ(JaroWinkler("a", "a"), 1);
}

TEST_F(NamesTest, SimilarityPairsWordsInAnyOrder) {
  EXPECT_EQ(Similarity("Medical Supplies Acme", "Acme Medical Supplies"), 1);
  EXPECT_GT(Similarity("Protectaglove", "Protectagloves"), 0.92);
  EXPECT_GT(Similarity("Acme Medcial Supplies", "Acme Medical Supplies"), 0.92);
  EXPECT_LT(Similarity("Northern Medical Supplies", "Southern Medical Supplies"), 0.92);
  EXPECT_LT(Similarity("Supplier 0001", "Supplier 0002"), 0.92);
  EXPECT_LT(Similarity("Acme Acme", "Acme"), 0.92);
  EXPECT_EQ(Similarity("", ""), 0);
  EXPECT_DOUBLE_EQ(Similarity("Acme Care", "Care Homes"), Similarity("Care Homes", "Acme Care"));
}

TEST_F(NamesTest, ManyThreadsFoldAtOnce) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        ASSERT_EQ(Fold("Ynys Môn"), "ynys mon");
        ASSERT_FALSE(folder_->Skeleton("ynys mon").empty());
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace steelyard::directory
