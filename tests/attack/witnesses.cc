#include "tests/attack/witnesses.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tests/attack/row_space.h"

namespace steelyard::attack {
namespace {

using testing::LinearProgramme;

constexpr size_t kKept = 400;
constexpr int kTries = 40;
constexpr size_t kRowsAtOnce = 25;
constexpr double kFarthest = 1e6;

}  // namespace

Witnesses::Witnesses(const Bounds& bounds) : bounds_(bounds), programme_(0, bounds.columns()) {
  const RowSpace space(bounds, std::vector<char>(bounds.columns(), 0));
  for (size_t row : space.rows()) AddRow(row);
}

void Witnesses::SetAttacker(const Knowledge& knowledge) {
  knowledge_ = &knowledge;
  prepared_ = false;
  for (Direction& d : directions_) d.allowed = -1;
}

bool Witnesses::AddRow(size_t row) {
  if (!used_rows_.insert(row).second) return false;
  const Bounds::Row& r = bounds_.rows()[row];
  // The truth is in the row but for the error of adding up.
  programme_.BoundRow(programme_.AddRow(r.columns), std::min(r.low, r.truth),
                      std::max(r.high, r.truth));
  return true;
}

void Witnesses::PrepareProgramme() {
  if (std::exchange(prepared_, true)) return;
  for (size_t c = 0; c < bounds_.columns(); ++c) {
    const double known = knowledge_->known[c];
    programme_.BoundColumn(c, known, knowledge_->closed[c] ? known : LinearProgramme::kInfinity);
  }
}

// How far the attacker's own amounts let it go.
void Witnesses::Allow(Direction& direction) const {
  direction.allowed = direction.rows_allow;
  for (size_t c = 0; c < direction.step.size(); ++c) {
    const double step = direction.step[c];
    if (knowledge_->closed[c] && std::abs(step) > 1e-9) direction.allowed = 0;
    if (step < 0) direction.allowed = std::min(direction.allowed, knowledge_->rest[c] / -step);
  }
}

bool Witnesses::Shows(Direction& direction, const std::vector<size_t>& columns, double start,
                      double limit, bool largest) const {
  double step = 0;
  for (size_t c : columns) step += direction.step[c];
  if ((largest ? step : -step) <= 0) return false;
  if (direction.allowed < 0) Allow(direction);
  const double reached = start + direction.allowed * step;
  return largest ? reached > limit : reached < limit;
}

Witnesses::Direction Witnesses::DirectionOfSolution() const {
  Direction direction;
  direction.rows_allow = kFarthest;
  for (size_t c = 0; c < bounds_.columns(); ++c) {
    const double step = programme_.ColumnValue(c) - bounds_.truth()[c];
    direction.step.push_back(std::abs(step) < 1e-9 ? 0 : step);
  }
  for (const Bounds::Row& row : bounds_.rows()) {
    double step = 0;
    for (size_t c : row.columns) step += direction.step[c];
    const double room = step > 0 ? row.high - row.truth : row.truth - row.low;
    if (std::abs(step) > 1e-9) {
      direction.rows_allow = std::min(direction.rows_allow, std::max(room, 0.0) / std::abs(step));
    }
  }
  return direction;
}

// Adds the rows that the solution breaks most.
bool Witnesses::AddBrokenRows() {
  std::vector<std::pair<double, size_t>> broken;
  for (size_t r = 0; r < bounds_.rows().size(); ++r) {
    const Bounds::Row& row = bounds_.rows()[r];
    double sum = 0;
    for (size_t c : row.columns) sum += programme_.ColumnValue(c);
    const double by = std::max(sum - row.high, row.low - sum) / (1 + row.high);
    if (by > 1e-9 && !used_rows_.contains(r)) broken.emplace_back(-by, r);
  }
  std::sort(broken.begin(), broken.end());
  if (broken.size() > kRowsAtOnce) broken.resize(kRowsAtOnce);
  for (const auto& [by, row] : broken) AddRow(row);
  return !broken.empty();
}

bool Witnesses::AddRowsOf(const std::vector<size_t>& columns) {
  size_t added = 0;
  for (size_t c : columns) {
    for (size_t row : bounds_.rows_of_column()[c]) {
      if (added < kRowsAtOnce && AddRow(row)) ++added;
    }
  }
  return added > 0;
}

Witnesses::Verdict Witnesses::Push(const std::vector<size_t>& columns, double limit, bool largest) {
  double start = 0;
  for (size_t c : columns) start += knowledge_->rest[c];
  if (largest ? start > limit : start < limit) return Verdict::kSafe;
  for (auto it = directions_.begin(); it != directions_.end(); ++it) {
    if (!Shows(*it, columns, start, limit, largest)) continue;
    directions_.splice(directions_.begin(), directions_, it);
    return Verdict::kSafe;
  }
  double known = 0;
  for (size_t c : columns) known += knowledge_->known[c];
  PrepareProgramme();
  for (int i = 0; i < kTries; ++i) {
    ++programmes_;
    const auto result = programme_.Solve(columns, largest);
    if (result == LinearProgramme::Result::kNone) return Verdict::kUnsolved;
    if (result == LinearProgramme::Result::kUnbounded) {
      if (AddRowsOf(columns)) continue;
      return Verdict::kSafe;
    }
    const double bound = programme_.value() - known;
    if (largest ? bound <= limit : bound >= limit) return Verdict::kBounded;
    directions_.push_front(DirectionOfSolution());
    if (directions_.size() > kKept) directions_.pop_back();
    if (Shows(directions_.front(), columns, start, limit, largest)) return Verdict::kSafe;
    // All rows hold: the solution itself is the witness.
    if (!AddBrokenRows()) return Verdict::kSafe;
  }
  return Verdict::kUnsolved;
}

double Witnesses::Bound(const std::vector<size_t>& columns, bool largest) {
  PrepareProgramme();
  ++programmes_;
  double known = 0;
  for (size_t c : columns) known += knowledge_->known[c];
  switch (programme_.Solve(columns, largest)) {
    case LinearProgramme::Result::kFound:
      return programme_.value() - known;
    case LinearProgramme::Result::kUnbounded:
      return LinearProgramme::kInfinity;
    case LinearProgramme::Result::kNone:
      break;
  }
  return 0;
}

}  // namespace steelyard::attack
