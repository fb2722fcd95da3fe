#include "tests/attack/row_space.h"

#include <algorithm>

namespace steelyard::attack {
namespace {

constexpr int64_t kPrime = 1'000'003;

int64_t Inverse(int64_t value) {
  int64_t result = 1;
  for (int64_t power = kPrime - 2; power > 0; power /= 2) {
    if (power % 2 == 1) result = result * value % kPrime;
    value = value * value % kPrime;
  }
  return result;
}

}  // namespace

RowSpace::RowSpace(const Bounds& bounds, const std::vector<char>& closed) : closed_(closed) {
  std::vector<size_t> order(bounds.rows().size());
  for (size_t r = 0; r < order.size(); ++r) order[r] = r;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return bounds.rows()[a].columns.size() < bounds.rows()[b].columns.size();
  });
  for (size_t r : order) {
    Vector v(closed_.size(), 0);
    for (size_t c : bounds.rows()[r].columns) v[c] = closed_[c] ? 0 : 1;
    Reduce(v);
    const auto lead = std::find_if(v.begin(), v.end(), [](int64_t x) { return x != 0; });
    if (lead == v.end()) continue;
    const int64_t inverse = Inverse(*lead);
    for (int64_t& x : v) x = x * inverse % kPrime;
    rows_.push_back(r);
    basis_.emplace_back(static_cast<size_t>(lead - v.begin()), std::move(v));
  }
}

void RowSpace::Reduce(Vector& v) const {
  for (const auto& [pivot, b] : basis_) {
    const int64_t factor = v[pivot];
    if (factor == 0) continue;
    for (size_t c = pivot; c < v.size(); ++c) {
      if (b[c] != 0) v[c] = (v[c] + (kPrime - factor) * b[c]) % kPrime;
    }
  }
}

bool RowSpace::Determines(const std::vector<size_t>& columns) const {
  Vector v(closed_.size(), 0);
  for (size_t c : columns) v[c] = closed_[c] ? 0 : 1;
  Reduce(v);
  return std::all_of(v.begin(), v.end(), [](int64_t x) { return x == 0; });
}

}  // namespace steelyard::attack
