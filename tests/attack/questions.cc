#include "tests/attack/questions.h"

#include <algorithm>
#include <set>

namespace steelyard::attack {
namespace {

void SetMonth(int month, v1::Month* out) {
  out->set_year(Country::kFirstYear + month / 12);
  out->set_month(month % 12 + 1);
}

}  // namespace

QuestionCounts& QuestionCounts::operator+=(const QuestionCounts& o) {
  queries += o.queries;
  refused += o.refused;
  illegal_answered += o.illegal_answered;
  legal_refused += o.legal_refused;
  wrong_own_figures += o.wrong_own_figures;
  asked_again += o.asked_again;
  changed += o.changed;
  scorecards += o.scorecards;
  return *this;
}

Interrogation::Interrogation(Session& session, const Country& country,
                             const std::vector<v1::Area>& areas, Facts& facts)
    : session_(session), country_(country), facts_(facts) {
  for (const v1::Area& area : areas) places_.push_back({area.name(), ""});
  std::set<std::string> types;
  for (const Buyer& buyer : country.buyers()) types.insert(buyer.type);
  for (const std::string& type : types) places_.push_back({"", type});
}

v1::GetPriceBenchmarkRequest Interrogation::Question(int product, const Place& place, int first,
                                                     int last) const {
  v1::GetPriceBenchmarkRequest request;
  request.set_product(country_.products()[static_cast<size_t>(product)]);
  request.set_area(place.area);
  request.set_authority_type(place.type);
  SetMonth(first, request.mutable_from_month());
  SetMonth(last, request.mutable_to_month());
  return request;
}

void Interrogation::Ask(int product, const v1::GetPriceBenchmarkRequest& request) {
  ++counts_.queries;
  v1::PriceBenchmark reply;
  if (session_.Ask(session_.analyst(), request, &reply).ok()) {
    facts_.Learn(product, reply);
  } else {
    ++counts_.legal_refused;
  }
}

void Interrogation::AskGrid() {
  const int months = country_.size().months;
  std::set<std::pair<int, int>> windows;
  for (int m = 0; m < months; ++m) {
    windows.insert({m, m});
    windows.insert({0, m});
    for (int to = m + 2; m % 3 == 0 && to < months; to += 3) windows.insert({m, to});
  }
  for (int product = 0; product < country_.size().products; ++product) {
    for (const Place& place : places_) {
      for (const auto& [first, last] : windows) Ask(product, Question(product, place, first, last));
      for (v1::Granularity cut : {v1::GRANULARITY_MONTH, v1::GRANULARITY_QUARTER}) {
        v1::GetPriceBenchmarkRequest whole = Question(product, place, 0, months - 1);
        whole.set_granularity(cut);
        Ask(product, whole);
      }
    }
  }
}

v1::GetPriceBenchmarkRequest Interrogation::RandomQuestion(demo::Random& random,
                                                           int* product) const {
  *product = random.Below(country_.size().products);
  const int first = random.Below(country_.size().months);
  const int last = random.Between(first, country_.size().months - 1);
  const Place& place = places_[static_cast<size_t>(random.Below(static_cast<int>(places_.size())))];
  v1::GetPriceBenchmarkRequest request = Question(*product, place, first, last);
  request.set_granularity(static_cast<v1::Granularity>(random.Below(4)));
  return request;
}

void Interrogation::AskRandom(demo::Random& random, int count) {
  for (int i = 0; i < count; ++i) {
    int product = 0;
    const v1::GetPriceBenchmarkRequest request = RandomQuestion(random, &product);
    Ask(product, request);
  }
}

void Interrogation::AskSuppliers(Scorecards& shown) {
  const std::vector<std::string> groups = Country::SupplierGroups();
  const auto month_of = [](const v1::Month& m) {
    return (m.year() - Country::kFirstYear) * 12 + m.month() - 1;
  };
  for (int product = 0; product < country_.size().products; ++product) {
    for (int first = 0; first < country_.size().months; first += 3) {
      ++counts_.queries;
      const v1::GetPriceBenchmarkRequest quarter = Question(product, {}, first, first + 2);
      v1::ListSupplierScorecardsRequest request;
      request.set_product(quarter.product());
      *request.mutable_from_month() = quarter.from_month();
      *request.mutable_to_month() = quarter.to_month();
      v1::ListSupplierScorecardsResponse reply;
      if (!session_.AskSuppliers(session_.analyst(), request, &reply).ok()) {
        ++counts_.legal_refused;
        continue;
      }
      uint64_t others = (uint64_t{1} << groups.size()) - 1;
      const auto learn = [&](const v1::SupplierScorecard& card, uint64_t suppliers) {
        const Scope scope{product, (uint64_t{1} << country_.buyers().size()) - 1,
                          month_of(card.spans(0).from_month()), month_of(card.spans(0).to_month()),
                          suppliers};
        std::string figures = card.figures().SerializeAsString();
        std::string& known = shown[scope];
        if (known == figures) return;
        known = std::move(figures);
        ++counts_.scorecards;
        facts_.Learn(scope, card.figures());
      };
      for (const v1::SupplierScorecard& card : reply.scorecards()) {
        const auto found = std::find(groups.begin(), groups.end(), card.supplier().substr(10));
        const uint64_t bit = uint64_t{1} << (found - groups.begin());
        others &= ~bit;
        learn(card, bit);
      }
      if (reply.has_others()) learn(reply.others(), others);
    }
  }
}

void Interrogation::AskPositions(demo::Random& random, int count) {
  const auto buyers = static_cast<int>(country_.buyers().size());
  for (int i = 0; i < count; ++i) {
    ++counts_.queries;
    const std::string& council = country_.buyers()[static_cast<size_t>(random.Below(buyers))].id;
    int product = 0;
    v1::GetCouncilPositionRequest request;
    request.set_council("councils/" + council);
    *request.mutable_benchmark() = RandomQuestion(random, &product);
    v1::CouncilPosition position;
    v1::PriceBenchmark benchmark;
    if (!session_.AskPosition(session_.SecretOf(council), request, &position).ok() ||
        !session_.Ask(session_.analyst(), request.benchmark(), &benchmark).ok()) {
      ++counts_.legal_refused;
      continue;
    }
    facts_.Learn(product, position.benchmark());
    position.mutable_benchmark()->clear_receipt();
    benchmark.clear_receipt();
    if (position.benchmark().SerializeAsString() != benchmark.SerializeAsString()) {
      ++counts_.wrong_own_figures;
    }
  }
}

void Interrogation::AskIllegal(demo::Random& random, int count) {
  const auto buyers = static_cast<int>(country_.buyers().size());
  for (int i = 0; i < count; ++i) {
    ++counts_.queries;
    int product = 0;
    v1::GetPriceBenchmarkRequest request = RandomQuestion(random, &product);
    v1::PriceBenchmark reply;
    v1::CouncilPosition position;
    grpc::Status status;
    const std::string& council = country_.buyers()[static_cast<size_t>(random.Below(buyers))].id;
    const std::string& other = country_.buyers()[static_cast<size_t>(random.Below(buyers))].id;
    const int kind = random.Below(other == council ? 6 : 7);
    if (kind == 6) {
      // Another council's place.
      v1::GetCouncilPositionRequest theirs;
      theirs.set_council("councils/" + other);
      *theirs.mutable_benchmark() = request;
      status = session_.AskPosition(session_.SecretOf(council), theirs, &position);
    } else {
      if (kind == 0) request.set_area("councils/" + council);  // a council in the place of an area
      if (kind == 1) request.set_product("no-such-product");
      if (kind == 2) request.mutable_to_month()->set_month(13);
      if (kind == 3) {
        request.set_area("areas/england");
        request.set_authority_type(country_.buyers()[0].type);
      }
      if (kind == 4) request.set_edition(-1 - random.Below(100));
      if (kind == 5) request.set_authority_type(request.authority_type() + "," + council);
      if (kind == 5) request.clear_area();
      status = session_.Ask(session_.analyst(), request, &reply);
    }
    ++(status.ok() ? counts_.illegal_answered : counts_.refused);
  }
}

void Interrogation::Remember(demo::Random& random, int count, Memory& memory) {
  for (int i = 0; i < count; ++i) {
    int product = 0;
    v1::GetPriceBenchmarkRequest request = RandomQuestion(random, &product);
    v1::PriceBenchmark reply;
    ++counts_.queries;
    if (!session_.Ask(session_.analyst(), request, &reply).ok()) continue;
    request.set_edition(reply.receipt().edition());
    memory.emplace_back(std::move(request), std::move(reply));
  }
}

void Interrogation::AskAgain(const Memory& memory) {
  for (const auto& [request, before] : memory) {
    if (request.edition() == 0) continue;  // nothing was published yet
    v1::PriceBenchmark reply;
    ++counts_.queries;
    ++counts_.asked_again;
    const bool same = session_.Ask(session_.analyst(), request, &reply).ok() &&
                      reply.SerializeAsString() == before.SerializeAsString();
    if (!same) ++counts_.changed;
  }
}

}  // namespace steelyard::attack
