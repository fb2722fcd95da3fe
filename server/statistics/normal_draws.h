#ifndef STEELYARD_SERVER_STATISTICS_NORMAL_DRAWS_H_
#define STEELYARD_SERVER_STATISTICS_NORMAL_DRAWS_H_

// Normal draws that are the same on every machine and with every library: a
// simulated figure must come out again when somebody checks it. Only additions,
// multiplications, divisions and square roots are used, which IEEE 754 fixes
// to the bit; the room is compiled without fused operations.

#include <cstdint>

namespace steelyard::statistics {

// 64 random bits at a time. Not for secrets. Source: Steele, Lea and Flood,
// Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
class SplitMix64 {
 public:
  explicit SplitMix64(uint64_t seed) : state_(seed) {}

  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

 private:
  uint64_t state_;
};

// The standard normal quantile at (bits + 1/2) / 2^32, right to about 1e-15;
// -6.2 to 6.2. Source: Wichura, Algorithm AS 241 (PPND16), Applied Statistics
// 37 (1988).
double NormalFromBits(uint32_t bits);

}  // namespace steelyard::statistics

#endif  // STEELYARD_SERVER_STATISTICS_NORMAL_DRAWS_H_
