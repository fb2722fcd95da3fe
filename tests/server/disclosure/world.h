#ifndef STEELYARD_TESTS_SERVER_DISCLOSURE_WORLD_H_
#define STEELYARD_TESTS_SERVER_DISCLOSURE_WORLD_H_

// Builds registers and contributions for the disclosure tests.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "server/disclosure/area_tree.h"
#include "server/disclosure/safety.h"
#include "storage/model/registers.h"

namespace steelyard::disclosure::testing {

inline constexpr int kYear = 2023;

inline model::Month MonthOf(int month) { return *model::Month::FromYm(kYear, month); }
inline model::Period Months(int first, int last) { return {MonthOf(first), MonthOf(last)}; }

class World {
 public:
  uint16_t Area(const std::string& id, const std::string& parent = "") {
    model::Area area;
    area.id = id;
    if (!parent.empty()) area.parent = registers_.FindArea(parent)->no;
    registers_.Put(area);
    return registers_.FindArea(id)->no.value;
  }

  model::CouncilNo Council(const std::string& area, const std::string& type,
                           const std::string& related = "") {
    model::Council council;
    council.id = "c" + std::to_string(registers_.councils.size());
    council.area = registers_.FindArea(area)->no;
    council.authority_type = type;
    council.related_group = related;
    registers_.Put(council);
    return registers_.councils.back().no;
  }

  std::vector<model::CouncilNo> Councils(int count, const std::string& area,
                                         const std::string& type) {
    std::vector<model::CouncilNo> councils;
    for (int i = 0; i < count; ++i) councils.push_back(Council(area, type));
    return councils;
  }

  AreaTree Tree() const { return AreaTree::From(registers_); }
  model::Registers& registers() { return registers_; }

 private:
  model::Registers registers_;
};

// One purchase; the supplier group follows the council unless it is given.
inline Contribution Buys(const AreaTree& tree, model::CouncilNo council, int month, int64_t spend,
                         int64_t units = -1, int supplier = -1) {
  const AreaTree::Body& body = *tree.Find(council);
  return Contribution{council,
                      body.group,
                      body.area,
                      body.type,
                      MonthOf(month),
                      static_cast<uint32_t>(supplier >= 0 ? supplier : council.value % 7),
                      spend,
                      units >= 0 ? units : spend,
                      1};
}

inline std::vector<Contribution> AllBuy(const AreaTree& tree,
                                        const std::vector<model::CouncilNo>& councils, int first,
                                        int last, int64_t spend) {
  std::vector<Contribution> all;
  for (model::CouncilNo council : councils) {
    for (int m = first; m <= last; ++m) all.push_back(Buys(tree, council, m, spend));
  }
  return all;
}

template <typename T>
std::vector<T> operator+(std::vector<T> a, const std::vector<T>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// A small country with lone councils, related bodies, types that are rare in
// some regions, and skewed purchases. The same for the same seed.
struct RandomWorld {
  explicit RandomWorld(unsigned seed, int councils, int months);
  // Purchases of each council with the given chance (per cent) a month.
  std::vector<Contribution> Purchases(int chance_percent);

  std::mt19937 random;
  World world;
  AreaTree tree;
  int months;

 private:
  int Roll(int sides) { return static_cast<int>(random() % static_cast<unsigned>(sides)); }
};

}  // namespace steelyard::disclosure::testing

#endif  // STEELYARD_TESTS_SERVER_DISCLOSURE_WORLD_H_
