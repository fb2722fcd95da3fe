#include "storage/ledger/admitted.h"

#include <vector>

namespace steelyard::ledger {

void WriteCells(ByteWriter& w, const Admitted& admitted) {
  w.Varint(admitted.cells.size());
  int64_t previous = 0;
  for (const auto& [cell, sequence] : admitted.cells) {
    w.Signed(cell.month.number).Varint(cell.area.value);
    w.Signed(static_cast<int64_t>(sequence) - previous);
    previous = static_cast<int64_t>(sequence);
  }
}

void ReadCells(ByteReader& r, Admitted& admitted) {
  int64_t previous = 0;
  for (uint64_t n = r.Varint(); n > 0 && r.ok(); --n) {
    Admitted::Cell cell;
    cell.month.number = static_cast<int16_t>(r.Signed());
    cell.area.value = static_cast<uint16_t>(r.Varint());
    previous += r.Signed();
    admitted.cells[cell] = static_cast<uint64_t>(previous);
  }
}

void WritePlaces(ByteWriter& w, const Admitted& admitted) {
  absl::btree_map<std::string, uint64_t> types;
  for (const auto& [council, place] : admitted.places) types[place.authority_type];
  w.Varint(types.size());
  uint64_t number = 0;
  for (auto& [type, at] : types) {
    w.Text(type);
    at = number++;
  }
  w.Varint(admitted.places.size());
  for (const auto& [council, place] : admitted.places) {
    w.Varint(council.value).Varint(place.area.value).Varint(types[place.authority_type]);
  }
}

void ReadPlaces(ByteReader& r, Admitted& admitted) {
  std::vector<std::string> types;
  for (uint64_t n = r.Varint(); n > 0 && r.ok(); --n) types.emplace_back(r.Text());
  for (uint64_t n = r.Varint(); n > 0 && r.ok(); --n) {
    const model::CouncilNo council{static_cast<uint16_t>(r.Varint())};
    const model::AreaNo area{static_cast<uint16_t>(r.Varint())};
    const uint64_t type = r.Varint();
    if (type >= types.size()) {
      r.Raw(r.rest().size() + 1);  // no longer ok
      return;
    }
    admitted.places[council] = {area, types[type]};
  }
}

}  // namespace steelyard::ledger
