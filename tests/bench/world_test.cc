#include "tests/bench/world.h"

#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <sstream>
#include <string>

#include "client/import/importer.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "storage/base/hash.h"
#include "storage/base/text.h"
#include "tests/bench/forms.h"

namespace steelyard::bench {
namespace {

// The first lines of a load, body by body.
std::vector<Line> FirstLines(const World& world, int64_t count) {
  std::vector<Line> lines;
  const std::vector<int64_t> shares = world.Shares(100'000);
  for (int body = 0; body < World::kBodies; ++body) {
    for (const Line& line : world.Lines(body, 0, shares[static_cast<size_t>(body)])) {
      if (static_cast<int64_t>(lines.size()) == count) return lines;
      lines.push_back(line);
    }
  }
  return lines;
}

TEST(WorldTest, IsTheSameOnEveryMachine) {
  const World world;
  std::ostringstream csv;
  WriteCsvHeader(csv);
  for (const Line& line : FirstLines(world, 1'000)) WriteCsvLine(world, line, csv);
  EXPECT_EQ(HexOf(Sha256(csv.str())),
            "a3674b085a0c42b52e86fc4ffc0c98afb02fcf1ece28e46f9597c5981d1c56a1");
  EXPECT_EQ(HexOf(Sha256(CouncilsCsv(world) + ProductsCsv(world) + SuppliersCsv(world))),
            "30522e8616bb5fbe685bff273ecef2493eb70604006fa151a70c932f4d2730b4");
}

TEST(WorldTest, SharesAddUpAndDifferAsCouncilsDo) {
  const World world;
  const std::vector<int64_t> shares = world.Shares(1'000'000);
  EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), int64_t{0}), 1'000'000);
  const auto [least, most] = std::minmax_element(shares.begin(), shares.end());
  EXPECT_GT(*least, 0);
  EXPECT_GT(*most, 20 * *least);
}

TEST(WorldTest, PopularityFallsAsZipfsLawSays) {
  const World world;
  std::map<int, int> bought;
  for (const Line& line : FirstLines(world, 50'000)) ++bought[line.good];
  EXPECT_NEAR(bought[0], 50'000 / 7.485, 400);
  EXPECT_NEAR(bought[9], bought[0] / 10.0, 150);
}

TEST(WorldTest, EachGoodHasFiveToTenSellers) {
  const World world;
  for (const Good& good : world.goods()) {
    const std::set<int> sellers(good.sellers.begin(), good.sellers.end());
    EXPECT_EQ(sellers.size(), good.sellers.size());
    EXPECT_THAT(sellers.size(), testing::AllOf(testing::Ge(5u), testing::Le(10u)));
  }
}

TEST(WorldTest, BatchesHoldOtherLines) {
  const World world;
  const std::vector<Line> first = world.Lines(3, 0, 10);
  const std::vector<Line> second = world.Lines(3, 1, 10);
  v1::Purchase a;
  v1::Purchase b;
  ToPurchase(world, first[0], &a);
  ToPurchase(world, second[0], &b);
  EXPECT_NE(a.reference(), b.reference());
  EXPECT_FALSE(google::protobuf::util::MessageDifferencer::Equals(a, b));
}

// The CSV and the messages are the same lines: what the bench measures is what
// a council would send.
TEST(WorldTest, CsvIsReadBackAsTheLinesThatAreSent) {
  const World world;
  const std::vector<Line> lines = FirstLines(world, 1'000);
  auto csv = std::make_unique<std::stringstream>();
  WriteCsvHeader(*csv);
  for (const Line& line : lines) WriteCsvLine(world, line, *csv);
  const auto profile = importing::LoadProfile("steelyard");
  ASSERT_TRUE(profile.ok()) << profile.status();
  auto importer = importing::Importer::Open(std::move(csv), *profile);
  ASSERT_TRUE(importer.ok()) << importer.status();
  int64_t row = 1;
  for (const Line& line : lines) {
    importing::ImportedLine read;
    const auto more = (*importer)->Next(&read);
    ASSERT_TRUE(more.ok() && *more) << more.status();
    EXPECT_TRUE(read.problems.empty()) << read.problems[0].message();
    v1::UploadLine sent;
    ToUploadLine(world, line, ++row, &sent);
    const v1::UploadLine imported = importing::ToUploadLine(std::move(read));
    ASSERT_TRUE(google::protobuf::util::MessageDifferencer::Equals(imported, sent))
        << imported.DebugString() << "\nis not\n"
        << sent.DebugString();
  }
}

}  // namespace
}  // namespace steelyard::bench
