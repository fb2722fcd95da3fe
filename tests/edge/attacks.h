#ifndef STEELYARD_TESTS_EDGE_ATTACKS_H_
#define STEELYARD_TESTS_EDGE_ATTACKS_H_

// The HTTP/2 abuse set of RELIABILITY row 16. Each goes on until its time is
// over or it has sent what it is about, and says how much that was. They come
// from another loopback address than those who mean well.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace steelyard::edge {

struct Target {
  std::string address;
  std::string authorization;  // a valid one: attackers may be customers
  absl::Time until;
};

struct Attack {
  const char* name;
  const char* unit;  // of what Run returns
  int64_t (*run)(const Target& target);
  // What it must have sent to count as made: so much, and so much for each
  // second. Far below what an idle machine sends.
  int64_t least = 0;
  int64_t least_per_second = 0;
};

const std::vector<Attack>& Attacks();

// Calls of gRPC whose bodies come a byte at a time, from six addresses, 25 at
// once from each, with `target.authorization` if there is one. How many began.
int64_t SlowGrpcBodies(const Target& target);

}  // namespace steelyard::edge

#endif  // STEELYARD_TESTS_EDGE_ATTACKS_H_
