#ifndef STEELYARD_STORAGE_LEDGER_ADMITTED_H_
#define STEELYARD_STORAGE_LEDGER_ADMITTED_H_

#include <compare>
#include <cstdint>
#include <string>

#include "absl/container/btree_map.h"
#include "storage/base/bytes.h"
#include "storage/model/ids.h"
#include "storage/model/time.h"

namespace steelyard::ledger {

// How far each cell of one series and year is shown: facts up to the ledger
// sequence of their month and area are in the editions, later ones wait.
struct Admitted {
  struct Cell {
    model::Month month;
    model::AreaNo area;
    friend auto operator<=>(const Cell&, const Cell&) = default;
  };
  // Where a council was registered at the first release that knew it. It counts
  // there for good: moved alone, it would be the difference of what is shown
  // before and after.
  struct Place {
    model::AreaNo area;
    std::string authority_type;
    friend bool operator==(const Place&, const Place&) = default;
  };
  // 0 (nothing) for a cell that is not here.
  absl::btree_map<Cell, uint64_t> cells;
  // Every council registered at a release.
  absl::btree_map<model::CouncilNo, Place> places;

  uint64_t Of(model::Month month, model::AreaNo area) const {
    auto it = cells.find(Cell{month, area});
    return it == cells.end() ? 0 : it->second;
  }
  // The area a council counts in that is registered in `registered` now.
  model::AreaNo AreaOf(model::CouncilNo council, model::AreaNo registered) const {
    auto it = places.find(council);
    return it == places.end() ? registered : it->second.area;
  }
  friend bool operator==(const Admitted&, const Admitted&) = default;
};

// The cells alone, and the places alone, as they stand in records. Frozen.
//
//   cells  = n:varint (month:signed area:varint sequence:signed, less the one
//            before) x n
//   places = t:varint (authority type:text) x t
//            n:varint (council:varint area:varint type:varint, from 0) x n
//
// A reader that was given something else is not ok() afterwards.
void WriteCells(ByteWriter& w, const Admitted& admitted);
void ReadCells(ByteReader& r, Admitted& admitted);
void WritePlaces(ByteWriter& w, const Admitted& admitted);
void ReadPlaces(ByteReader& r, Admitted& admitted);

}  // namespace steelyard::ledger

#endif  // STEELYARD_STORAGE_LEDGER_ADMITTED_H_
