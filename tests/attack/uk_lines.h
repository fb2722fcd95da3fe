#ifndef STEELYARD_TESTS_ATTACK_UK_LINES_H_
#define STEELYARD_TESTS_ATTACK_UK_LINES_H_

#include <cstdint>
#include <string>
#include <vector>

namespace steelyard::attack {

// A council as the shipped register has it.
struct UkCouncil {
  std::string id;
  std::string area;
  std::string type;
};

// One line; indices into what it was made for.
struct UkLine {
  int council = 0;
  int product = 0;
  int supplier = 0;
  int month = 0;  // from the first
  int day = 1;
  int64_t packs = 0;
  int64_t pack_pence = 0;
};

struct UkShape {
  int councils = 330;
  int products = 40;
  int months = 36;
  int suppliers = 300;
  int lines = 200'000;
};

// Lines as the United Kingdom's councils might buy: `shape.councils` drawn from
// `register_`, whose needs spread as the populations of their kind do; products
// by Zipf's law; eight suppliers a product, of which a council mostly keeps to
// two. The same for the same arguments. Sorted by month and day.
std::vector<UkLine> MakeUkLines(const std::vector<UkCouncil>& register_, const UkShape& shape,
                                uint64_t seed);

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_UK_LINES_H_
