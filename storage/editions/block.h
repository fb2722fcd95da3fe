#ifndef STEELYARD_STORAGE_EDITIONS_BLOCK_H_
#define STEELYARD_STORAGE_EDITIONS_BLOCK_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "storage/editions/atom.h"
#include "storage/editions/delivery.h"
#include "storage/model/ids.h"
#include "storage/model/time.h"

namespace steelyard::editions {

// What a benchmark is about: a product in a currency.
struct Series {
  model::ProductNo product;
  model::Currency currency = model::Currency::Gbp();
  friend auto operator<=>(const Series&, const Series&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Series& s) {
    return H::combine(std::move(h), s.product, s.currency);
  }
};

// Areas that are shown together, ascending.
using AreaGroup = std::vector<model::AreaNo>;
// Authority types that are shown together, ascending.
using TypeGroup = std::vector<std::string>;

// Suppliers that count as one: an ultimate owner with its own, as they were
// when the run's sellers were first shown, and whoever joined it since.
struct SellerGroup {
  model::SupplierNo owner;
  std::vector<model::SupplierNo> members;  // ascending
  // Whether its figures may be shown by name. The others are shown together.
  bool named = false;
  friend bool operator==(const SellerGroup&, const SellerGroup&) = default;
};

// How a run of months is split. Each list is a partition of the run's lines
// of its own; an empty one means that view is not released.
struct RunLayout {
  model::Period period;
  std::vector<model::Period> month_groups;  // ascending, within `period`
  std::vector<AreaGroup> blocks;            // each split by every month group
  std::vector<AreaGroup> rows;              // over the whole period
  std::vector<TypeGroup> type_groups;       // over the whole period
  std::vector<SellerGroup> sellers;         // over the whole period, by owner
  friend bool operator==(const RunLayout&, const RunLayout&) = default;
};

// A run of months with its atoms, in the order of the layout, and its deliveries.
struct Run {
  RunLayout layout;
  std::vector<std::vector<Atom>> cells;  // [block][month group]
  std::vector<Atom> rows;                // [row]
  std::vector<Atom> types;               // [type group]
  // [seller group]. Renewed when what moved may be shown, so it may lag behind
  // the others.
  std::vector<Atom> sellers;
  DeliveryView delivery;
  friend bool operator==(const Run&, const Run&) = default;
};

// All that one edition shows of a series and calendar year. A plain value;
// never changed once it has been written.
struct YearBlock {
  Series series;
  int year = 0;          // 2000 to 2100
  uint64_t edition = 0;  // from 1
  int64_t policy_version = 0;
  std::vector<Run> runs;  // ascending, disjoint, within the year

  // Bytes of memory it takes.
  size_t weight() const;
  friend bool operator==(const YearBlock&, const YearBlock&) = default;
};

// Whether `block` is as this file and atom.h say: views fit their layout, lists
// ascend, sums agree. Returns INVALID_ARGUMENT with the first thing that is
// not so.
absl::Status CheckBlock(const YearBlock& block);

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_BLOCK_H_
