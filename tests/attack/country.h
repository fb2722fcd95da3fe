#ifndef STEELYARD_TESTS_ATTACK_COUNTRY_H_
#define STEELYARD_TESTS_ATTACK_COUNTRY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "client/demo/random.h"
#include "steelyard/v1/purchase_service.pb.h"
#include "steelyard/v1/registry.pb.h"

namespace steelyard::attack {

// A council that may buy. All others of the register are closed.
struct Buyer {
  std::string id;
  std::string name;
  std::string area;  // bare id
  std::string type;
  std::string group;      // related bodies share it; empty for none
  double size = 1;        // of its purchases, about 1
  double habit = 1;       // how likely it buys in a month
  bool newcomer = false;  // sends nothing at first
};

// What councils send at once, and what they withdraw after it.
struct Step {
  struct Withdrawal {
    std::string council;
    std::string reference;
  };
  std::string what;
  int begun = 0;  // months that are over or going on: nobody can have later lines
  std::vector<v1::UploadLine> lines;
  std::vector<Withdrawal> withdrawals;
};

struct CountrySize {
  int buyers = 40;
  int products = 1;
  int months = 12;
  bool monthly = false;  // the first months are sent one by one
};

// A small country that is hard to protect: few councils in some areas, sizes
// and habits that differ widely, one dominant body, areas that buy from one
// supplier, related bodies, newcomers; sent in steps, if monthly with what one is
// late with, with late lines,
// corrections up and down, and withdrawals. The same for the same seed.
class Country {
 public:
  static constexpr int kFirstYear = 2024;

  // `registered` are the living councils of the shipped register.
  Country(uint64_t seed, const CountrySize& size, const std::vector<v1::Council>& registered);

  const CountrySize& size() const { return size_; }
  const std::vector<Buyer>& buyers() const { return buyers_; }
  const std::vector<std::string>& products() const { return products_; }
  const std::vector<Step>& steps() const { return steps_; }

  // Register files.
  std::string CouncilsCsv(const std::vector<v1::Council>& registered) const;
  static std::string SuppliersCsv();
  // Ids of those whom nobody owns.
  static std::vector<std::string> SupplierGroups();

 private:
  using Random = demo::Random;
  void PickBuyers(Random& random, const std::vector<v1::Council>& registered);
  v1::UploadLine MakeLine(Random& random, size_t buyer, int product, int month);
  void Buy(Random& random, size_t buyer, int month, Step& step);
  void Send(const std::vector<size_t>& buyers, int first, int last, const std::string& what);
  void SendLate(int month);
  void SendAlone();
  void SendSixth();
  void Correct(bool up);
  void WithdrawAlone();

  const uint64_t seed_;
  const CountrySize size_;
  std::vector<Buyer> buyers_;
  std::vector<std::string> products_;
  std::vector<Step> steps_;
  std::vector<v1::UploadLine> sent_;  // newest form of each line
  int references_ = 0;
};

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_COUNTRY_H_
