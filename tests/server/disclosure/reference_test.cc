// Primary cells of other people's disclosure software, where their rules are
// ours: the threshold, the largest share, and p% with one respondent guessing.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "server/disclosure/safety.h"

namespace steelyard::disclosure {
namespace {

std::string Folder() {
  const char* source = std::getenv("STEELYARD_SOURCE_DIR");
  return std::string(source != nullptr ? source : ".") + "/../shared/data/test_vectors/sdc/";
}

std::vector<std::vector<std::string>> ReadCsv(const std::string& name) {
  std::ifstream in(Folder() + name);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> row;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) {
      std::erase_if(cell, [](char c) { return c == '"' || c == '\r'; });
      row.push_back(cell);
    }
    rows.push_back(std::move(row));
  }
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

TEST(ReferenceTest, FindsThePrimaryCellsOfTauArgus) {
  const auto cells = ReadCsv("rtauargus_turnover_act_size.csv");
  if (cells.empty()) GTEST_SKIP() << "no test vectors in " << Folder();
  model::Policy policy;
  policy.min_councils = 3;
  policy.min_supplier_groups = 0;
  policy.max_share_percent = 85;
  policy.p_percent = -1'000'000;  // a rule of ours alone
  int too_few = 0;
  int too_large = 0;
  for (const auto& cell : cells) {  // ACTIVITY, SIZE, N_OBS, TOT, MAX
    const int count = std::stoi(cell[2]);
    const auto total = std::llround(std::stod(cell[3]) * 1e4);
    const auto largest = std::llround(std::stod(cell[4]) * 1e4);
    Tally tally(policy);
    for (int i = 0; i < count; ++i) {
      const int64_t share = i == 0 ? largest : (total - largest) / (count - 1);
      const auto one = static_cast<uint32_t>(i);
      tally.Add(Sale{one, one, {share, share, 1}});
    }
    if (count > 0 && count < policy.min_councils) {
      ++too_few;
      EXPECT_FALSE(tally.Safe());
    } else if (count > 0) {
      too_large += !tally.Safe();
    }
  }
  EXPECT_EQ(too_few, 52);
  EXPECT_EQ(too_large, 25);
}

TEST(ReferenceTest, FindsThePrimaryCellsOfSdcTable) {
  const auto records = ReadCsv("sdctable_microdata1.csv");
  std::ifstream in(Folder() + "sdctable_expected.json");
  if (records.empty() || !in) GTEST_SKIP() << "no test vectors in " << Folder();
  const auto expected = nlohmann::json::parse(in);
  std::vector<int> too_few;
  std::vector<int> too_close;
  for (const auto& cell : expected["cell_order"]) {
    const std::string region = cell[1];
    const std::string gender = cell[2];
    std::vector<int64_t> values;
    absl::int128 total = 0;
    for (const auto& record : records) {
      if (region != "total" && record[0] != region) continue;
      if (gender != "total" && record[1] != gender) continue;
      values.push_back(std::stoll(record[2]));
      total += values.back();
    }
    ASSERT_EQ(values.size(), cell[3].get<size_t>());
    std::sort(values.begin(), values.end(), std::greater<>());
    if (values.size() <= 2) too_few.push_back(cell[0]);
    if (!PassesPercent(total, values, 70, 1)) too_close.push_back(cell[0]);
  }
  EXPECT_EQ(too_few, expected["primary"]["freq maxN=2"].get<std::vector<int>>());
  EXPECT_EQ(too_close, expected["primary"]["p% p=70"].get<std::vector<int>>());
}

}  // namespace
}  // namespace steelyard::disclosure
