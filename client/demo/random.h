#ifndef STEELYARD_CLIENT_DEMO_RANDOM_H_
#define STEELYARD_CLIENT_DEMO_RANDOM_H_

#include <cmath>
#include <cstdint>
#include <string_view>

namespace steelyard::demo {

// Chance that comes out the same for the same seed on every machine, which the
// standard library's distributions do not promise (SplitMix64, Steele and
// others, 2014).
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}

  // A stream of its own for each thing, so that one more draw for one changes
  // nothing for the others.
  static Random For(uint64_t seed, std::string_view thing, std::string_view other = {}) {
    uint64_t hash = 14695981039346656037ull ^ seed;  // FNV-1a
    for (const std::string_view part : {thing, std::string_view("/"), other}) {
      for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
    }
    return Random(hash);
  }

  uint64_t Next() {
    uint64_t z = state_ += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  // 0 to 1, without 1.
  double Share() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }
  bool Chance(double share) { return Share() < share; }
  // 0 to `below` - 1.
  int Below(int below) { return static_cast<int>(Share() * below); }
  // `low` to `high`, both included.
  int Between(int low, int high) { return low + Below(high - low + 1); }
  // About normal with mean 0 and deviation 1: twelve shares less six.
  double Normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += Share();
    return sum;
  }
  // Log-normal around 1.
  double Around(double deviation) { return std::exp(deviation * Normal()); }
  // Poisson by Knuth's method; for means below some 50.
  int Count(double mean) {
    const double end = std::exp(-mean);
    int count = 0;
    for (double p = Share(); p > end; p *= Share()) ++count;
    return count;
  }

 private:
  uint64_t state_;
};

}  // namespace steelyard::demo

#endif  // STEELYARD_CLIENT_DEMO_RANDOM_H_
