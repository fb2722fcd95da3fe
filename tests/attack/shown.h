#ifndef STEELYARD_TESTS_ATTACK_SHOWN_H_
#define STEELYARD_TESTS_ATTACK_SHOWN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/attack/country.h"

namespace steelyard::attack {

// The truth behind what is shown, for the judge alone: attackers know the wire.
// What waits at the gate is not in it.
struct Shown {
  struct Amount {
    double spend = 0;  // pounds
    double units = 0;
    int lines = 0;
    int64_t lowest_micros = 0;  // unit prices of the lines
    int64_t highest_micros = 0;
  };
  int months = 0;
  std::vector<std::string> suppliers;  // ultimate owners, in the order of their columns
  std::vector<Amount> amounts;         // buyer x month x supplier

  size_t Index(size_t buyer, int month, size_t supplier) const {
    return (buyer * static_cast<size_t>(months) + static_cast<size_t>(month)) * suppliers.size() +
           supplier;
  }
};

// Of each product. The store must not be open.
std::vector<Shown> ReadShown(const std::string& data_dir, const Country& country);

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_SHOWN_H_
