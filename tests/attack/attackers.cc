#include "tests/attack/attackers.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/attack/row_space.h"
#include "tests/attack/witnesses.h"

namespace steelyard::attack {
namespace {

constexpr size_t kNoSupplier = SIZE_MAX;
constexpr double kNothing = 1e-6;
constexpr size_t kMostFound = 5;  // in words, of each system

// A protected value: what a contributor bought in a time, and where that is.
struct Value {
  size_t contributor = 0;
  std::string name;
  double truth = 0;
  std::vector<std::pair<size_t, size_t>> parts;  // column, cells of it
  std::vector<size_t> columns;                   // the columns alone
};

class AttackRun {
 public:
  AttackRun(const Country& country, const Bounds& bounds, int p_percent, const std::string& what,
            int64_t most)
      : country_(country),
        bounds_(bounds),
        p_(p_percent / 100.0),
        what_(what),
        most_(most),
        witnesses_(bounds) {
    FindContributors();
    all_values_ = ValuesWithout(kNoSupplier);
    counts_.rows = static_cast<int64_t>(bounds.rows().size());
  }

  AttackCounts Run(Who who) {
    if (who == Who::kSuppliers) {
      for (size_t s = 0; s < suppliers_.size(); ++s) AsSupplier(s, suppliers_[s]);
    } else {
      As({}, "an outsider");
      for (size_t a = 0; a < contributors_; ++a) As({a}, names_[a]);
      for (size_t a = 0; a < contributors_; ++a) {
        for (size_t b = a + 1; b < contributors_; ++b) {
          As({a, b}, absl::StrCat(names_[a], " and ", names_[b]));
        }
      }
    }
    counts_.programmes = witnesses_.programmes();
    return counts_;
  }

 private:
  void FindContributors() {
    std::map<std::string, size_t> groups;
    for (const Buyer& buyer : country_.buyers()) {
      const std::string& key = buyer.group.empty() ? buyer.id : buyer.group;
      const auto [it, added] = groups.try_emplace(key, names_.size());
      if (added) names_.push_back(key);
      contributor_of_.push_back(it->second);
    }
    contributors_ = names_.size();
  }

  // The values that a cell is part of: by time, by the releases it may have come
  // with, and if suppliers are named also by supplier, which they are by quarter.
  std::vector<std::string> NamesOf(const Bounds::Cell& cell) const {
    std::vector<std::string> names;
    const std::string& who = names_[contributor_of_[cell.buyer]];
    const std::string quarter = absl::StrCat("quarter ", cell.month / 3 + 1);
    for (const std::string& time :
         {absl::StrCat("month ", cell.month + 1), quarter,
          absl::StrCat("year ", cell.month / 12 + 1), std::string("all")}) {
      for (size_t from = 0; from <= cell.release; ++from) {
        for (size_t to = cell.release; to < bounds_.releases(); ++to) {
          names.push_back(absl::StrCat(who, " ", time, " releases ", from, "-", to));
          if (!bounds_.names_suppliers() || time != quarter) continue;
          names.push_back(absl::StrCat(names.back(), " of ", suppliers_[cell.supplier]));
        }
      }
    }
    return names;
  }

  // All values, without what was bought of one supplier.
  std::vector<Value> ValuesWithout(size_t supplier) const {
    std::map<std::string, Value> values;
    std::map<std::string, std::map<size_t, size_t>> parts;
    for (const Bounds::Cell& cell : bounds_.cells()) {
      if (cell.column == Bounds::kNoColumn || cell.supplier == supplier) continue;
      for (const std::string& name : NamesOf(cell)) {
        Value& value = values[name];
        value.contributor = contributor_of_[cell.buyer];
        value.name = name;
        value.truth += cell.amount;
        ++parts[name][cell.column];
      }
    }
    // Of values that no bound tells apart the largest is the nearest to it.
    std::map<std::pair<size_t, std::map<size_t, size_t>>, Value> largest;
    for (auto& [name, value] : values) {
      if (value.truth <= kNothing) continue;
      Value& known = largest[{value.contributor, parts[name]}];
      if (value.truth > known.truth) known = std::move(value);
    }
    std::vector<Value> result;
    for (auto& [key, value] : largest) {
      value.parts.assign(key.second.begin(), key.second.end());
      for (const auto& [column, cells] : value.parts) value.columns.push_back(column);
      result.push_back(std::move(value));
    }
    return result;
  }

  void As(const std::set<size_t>& coalition, const std::string& who) {
    AsOneWhoKnows(
        [&](const Bounds::Cell& c) { return coalition.contains(contributor_of_[c.buyer]); }, who,
        all_values_, coalition);
  }

  // A supplier knows what it sold to whom and when; what a council bought of
  // the others is protected.
  void AsSupplier(size_t supplier, const std::string& who) {
    AsOneWhoKnows([&](const Bounds::Cell& c) { return c.supplier == supplier; }, who,
                  ValuesWithout(supplier), {});
  }

  template <typename Knows>
  void AsOneWhoKnows(Knows knows, const std::string& who, const std::vector<Value>& values,
                     const std::set<size_t>& coalition) {
    if (counts_.within >= most_) return;
    ++counts_.attackers;
    knowledge_.known.assign(bounds_.columns(), 0);
    open_.assign(bounds_.columns(), 0);
    for (const Bounds::Cell& cell : bounds_.cells()) {
      if (cell.column == Bounds::kNoColumn) continue;
      if (knows(cell)) {
        knowledge_.known[cell.column] += cell.amount;
      } else {
        ++open_[cell.column];
      }
    }
    knowledge_.rest.resize(bounds_.columns());
    knowledge_.closed.resize(bounds_.columns());
    for (size_t c = 0; c < bounds_.columns(); ++c) {
      knowledge_.rest[c] = std::max(0.0, bounds_.truth()[c] - knowledge_.known[c]);
      knowledge_.closed[c] = open_[c] == 0;
    }
    witnesses_.SetAttacker(knowledge_);
    for (const Value& value : values) {
      if (coalition.contains(value.contributor)) continue;
      ++counts_.values;
      Bound(value, who);
    }
  }

  void Bound(const Value& value, const std::string& who) {
    using Verdict = Witnesses::Verdict;
    // Where others may have bought it as well, none of it needs to be theirs.
    std::vector<size_t> alone;
    for (const auto& [column, cells] : value.parts) {
      if (open_[column] == cells) alone.push_back(column);
    }
    const double tolerance = 1e-7 * (1 + value.truth);
    const Verdict above = witnesses_.CanExceed(value.columns, value.truth * (1 + p_) + tolerance);
    const Verdict below = alone.empty()
                              ? Verdict::kSafe
                              : witnesses_.CanFallBelow(alone, value.truth * (1 - p_) - tolerance);
    if (above == Verdict::kUnsolved || below == Verdict::kUnsolved) ++counts_.unsolved;
    const bool exact = alone.size() == value.parts.size() && Space().Determines(value.columns);
    if (exact) ++counts_.exact;
    const bool within = above == Verdict::kBounded || below == Verdict::kBounded;
    if (within) ++counts_.within;
    if ((!within && !exact) || counts_.found.size() >= kMostFound) return;
    const double most = witnesses_.Bound(value.columns, true);
    const double least = alone.empty() ? 0 : witnesses_.Bound(alone, false);
    counts_.found.push_back(absl::StrCat(what_, ", known to ", who, ": ", value.name, " is ",
                                         value.truth, ", bounded by ", least, " and ", most,
                                         exact ? ", exact but for rounding" : ""));
  }

  // What the present attacker can work out by adding and subtracting.
  const RowSpace& Space() {
    if (space_ == nullptr || space_of_ != knowledge_.closed) {
      space_ = std::make_unique<RowSpace>(bounds_, knowledge_.closed);
      space_of_ = knowledge_.closed;
    }
    return *space_;
  }

  const Country& country_;
  const Bounds& bounds_;
  const double p_;
  const std::string& what_;
  const int64_t most_;
  Witnesses witnesses_;
  std::vector<size_t> contributor_of_;  // by buyer
  std::vector<std::string> names_;      // of contributors
  const std::vector<std::string> suppliers_ = Country::SupplierGroups();
  size_t contributors_ = 0;
  std::vector<Value> all_values_;
  // Of the present attacker.
  Knowledge knowledge_;
  std::unique_ptr<RowSpace> space_;
  std::vector<char> space_of_;
  std::vector<size_t> open_;  // cells of each column that it does not know
  AttackCounts counts_;
};

}  // namespace

AttackCounts& AttackCounts::operator+=(const AttackCounts& o) {
  attackers += o.attackers;
  values += o.values;
  programmes += o.programmes;
  rows += o.rows;
  within += o.within;
  exact += o.exact;
  unsolved += o.unsolved;
  found.insert(found.end(), o.found.begin(), o.found.end());
  return *this;
}

AttackCounts Attack(const Country& country, const Bounds& bounds, Who who, int p_percent,
                    const std::string& what, int64_t most) {
  return AttackRun(country, bounds, p_percent, what, most).Run(who);
}

}  // namespace steelyard::attack
