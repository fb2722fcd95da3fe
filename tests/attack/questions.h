#ifndef STEELYARD_TESTS_ATTACK_QUESTIONS_H_
#define STEELYARD_TESTS_ATTACK_QUESTIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "client/demo/random.h"
#include "tests/attack/country.h"
#include "tests/attack/facts.h"
#include "tests/attack/session.h"

namespace steelyard::attack {

struct QuestionCounts {
  int64_t queries = 0;
  int64_t refused = 0;           // illegal ones, as they should be
  int64_t illegal_answered = 0;  // that should have been refused
  int64_t legal_refused = 0;
  int64_t wrong_own_figures = 0;  // positions whose benchmark is not the benchmark
  int64_t asked_again = 0;
  int64_t changed = 0;     // answers that an edition gave otherwise before
  int64_t scorecards = 0;  // of suppliers by name that were new or had moved
  QuestionCounts& operator+=(const QuestionCounts& o);
};

// Questions with the answers that they got.
using Memory = std::vector<std::pair<v1::GetPriceBenchmarkRequest, v1::PriceBenchmark>>;

// Figures of suppliers as they were last shown.
using Scorecards = std::map<Scope, std::string>;

// Asks of one release. Each kind of question is one function.
class Interrogation {
 public:
  Interrogation(Session& session, const Country& country, const std::vector<v1::Area>& areas,
                Facts& facts);

  // Every area and kind of authority over windows: each month and quarter, every
  // stretch of quarters, everything up to each month; cut in every way.
  void AskGrid();
  // Any area or kind over any months.
  void AskRandom(demo::Random& random, int count);
  // Suppliers by name, quarter by quarter. They may lag: what stands as `shown`
  // has it was learnt of a release before, and `shown` is brought up to date.
  void AskSuppliers(Scorecards& shown);
  // The places of councils; the benchmark beside them must be what all see.
  void AskPositions(demo::Random& random, int count);
  // Malformed, of others, or of what there is not.
  void AskIllegal(demo::Random& random, int count);

  // Adds random questions of the newest edition to `memory`.
  void Remember(demo::Random& random, int count, Memory& memory);
  // What former editions answered, they still answer.
  void AskAgain(const Memory& memory);

  const QuestionCounts& counts() const { return counts_; }

 private:
  // An area or a kind of authority.
  struct Place {
    std::string area;
    std::string type;
  };
  v1::GetPriceBenchmarkRequest Question(int product, const Place& place, int first, int last) const;
  v1::GetPriceBenchmarkRequest RandomQuestion(demo::Random& random, int* product) const;
  void Ask(int product, const v1::GetPriceBenchmarkRequest& request);

  Session& session_;
  const Country& country_;
  Facts& facts_;
  std::vector<Place> places_;
  QuestionCounts counts_;
};

}  // namespace steelyard::attack

#endif  // STEELYARD_TESTS_ATTACK_QUESTIONS_H_
