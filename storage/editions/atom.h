#ifndef STEELYARD_STORAGE_EDITIONS_ATOM_H_
#define STEELYARD_STORAGE_EDITIONS_ATOM_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/numeric/int128.h"
#include "storage/model/ids.h"
#include "storage/model/purchase.h"

namespace steelyard::editions {

// Units and spend of a council within an atom stay below this: a hundred
// million lines at the limits of model/purchase.h do.
inline constexpr absl::int128 kMaxAtomSum = absl::MakeInt128(int64_t{1} << 36, 0);

// What one council bought within an atom. The extremes let the number of
// councils with a line at or below a value be counted without the lines.
struct CouncilSum {
  model::CouncilNo council;
  int64_t lines = 0;       // at least 1
  absl::int128 units = 0;  // base units
  absl::int128 spend_micros = 0;
  int64_t min_unit_price = 0;  // micros a base unit
  int64_t max_unit_price = 0;
  int32_t min_lead_days = -1;  // -1: no line was delivered
  int32_t max_lead_days = -1;

  void Add(const model::PurchaseFact& fact);
  // Adds another sum of the same council.
  void Add(const CouncilSum& other);
  // Spend over units in micros, rounded half to even; 0 if no units.
  int64_t mean_unit_price() const;

  friend bool operator==(const CouncilSum&, const CouncilSum&) = default;
};

// The smallest thing that is ever released: some lines of one series, summed
// and sorted. Immutable once in a block. `lines`, `units` and `spend_micros`
// are the sums over `councils`.
struct Atom {
  int64_t lines = 0;
  absl::int128 units = 0;
  absl::int128 spend_micros = 0;
  std::vector<int64_t> unit_prices;  // micros, ascending, one a line, >= 0
  std::vector<int32_t> lead_days;    // ascending, one a delivered line, >= 0
  std::vector<CouncilSum> councils;  // by council

  // Bytes of memory it takes.
  size_t weight() const;
  friend bool operator==(const Atom&, const Atom&) = default;
};

// Makes an atom of lines, which may come in any order: the same lines make
// the same atom. Not thread-safe.
class AtomBuilder {
 public:
  void Add(const model::PurchaseFact& fact);
  // The atom of all lines so far; leaves the builder empty.
  Atom Build();

 private:
  std::vector<int64_t> unit_prices_;
  std::vector<int32_t> lead_days_;
  absl::flat_hash_map<model::CouncilNo, CouncilSum> councils_;
};

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_ATOM_H_
