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
};

const std::vector<Attack>& Attacks();

}  // namespace steelyard::edge

#endif  // STEELYARD_TESTS_EDGE_ATTACKS_H_
