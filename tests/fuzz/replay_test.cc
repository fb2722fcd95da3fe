// Gives a fuzz target its seeds, and then the seeds damaged: cut short, with
// bytes changed, doubled and left out, and spliced with each other. The same
// damage each time.

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr int kDamages = 400;  // of each seed

std::vector<std::string> Seeds() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(STEELYARD_SEEDS)) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const auto& path : paths) {
    std::ifstream file(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return seeds;
}

void Give(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

std::string Damaged(std::string bytes, const std::vector<std::string>& seeds, std::mt19937& dice) {
  constexpr char kNasty[] = {'\0', '"', ',', ';', '\t', '\r', '\n', '\xEF', '\xFF', '-', '9', '{'};
  const auto roll = [&dice](size_t sides) { return dice() % std::max<size_t>(sides, 1); };
  for (size_t times = 1 + roll(4); times > 0; --times) {
    const size_t at = roll(bytes.size());
    switch (roll(6)) {
      case 0:
        bytes.resize(at);
        break;
      case 1:
        bytes.insert(at, 1 + roll(3), kNasty[roll(std::size(kNasty))]);
        break;
      case 2:
        bytes.erase(at, 1 + roll(9));
        break;
      case 3:
        bytes.insert(at, bytes.substr(roll(bytes.size()), 1 + roll(40)));
        break;
      case 4: {
        const std::string& other = seeds[roll(seeds.size())];
        bytes = bytes.substr(0, at) + other.substr(roll(other.size()));
        break;
      }
      default:
        if (!bytes.empty()) {
          bytes[at] = static_cast<char>(dice());
        }
    }
  }
  return bytes;
}

TEST(ReplayTest, NoSeedBreaksTheTarget) {
  const std::vector<std::string> seeds = Seeds();
  ASSERT_FALSE(seeds.empty());
  Give("");
  for (const std::string& seed : seeds) {
    Give(seed);
  }
}

TEST(ReplayTest, NoDamagedSeedBreaksTheTarget) {
  const std::vector<std::string> seeds = Seeds();
  std::mt19937 dice(20200414);
  for (const std::string& seed : seeds) {
    for (int i = 0; i < kDamages; ++i) {
      Give(Damaged(seed, seeds, dice));
    }
  }
}

}  // namespace
