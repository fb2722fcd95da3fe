#include "storage/editions/block_codec.h"

// Version 3. Versions 1 and 2 have no delivery-view, but six numbers of each
// atom instead, which are left out; version 1 has no sellers. Integers are varints
// (storage/base/bytes.h), `s` marks signed ones and `w` those of 128 bits; a list is its length and
// its members.
//
//   block    = 0x03 product currency year edition policy_version:s
//              run-list crc
//   crc      = CRC-32C of all bytes before, 4 bytes, big-endian
//   run      = period period-list area-group-list area-group-list
//              type-group-list seller-list cell* row* type* seller-atom*
//              (counts are the layout's) delivery-view
//   delivery-view = area-group-list, and unless that is empty: delivery*
//              list of (owner less the one before, delivery)
//              list of (council less the one before, supplier less the one
//              before if that is 0, delivery)
//   delivery = due on-time ordered delivered looked-at rejected
//   seller   = owner less the one before, 0 or 1 if named, member-list
//   member   = supplier less the one before
//   period   = first month since January of the year, months less 1
//   area-group = list of areas, each less the one before
//   type-group = list of (length, bytes)
//   cell, row, type, seller-atom = atom
//   atom     = lines, and unless that is 0: prices delivered-lines lead-days
//              council-list
//   prices, lead-days = step*, until there are as many values as stated
//   step     = 2 x (value less the one before) + many [times less 2, if many]
//   council  = number less the one before, lines less 1, units:w,
//              (spend - units x lowest price):s:w,
//              rank of lowest price, [rank of highest less that],
//              0 or 1 + rank of shortest lead time, [rank of longest less
//              that, if it was not 0]              ([]: only if lines > 1)
//   rank     = place of a value's first occurrence in prices or lead-days
//
// So a line costs some 3 bytes in a full atom, and a council some 8.

#include <algorithm>
#include <limits>

#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/editions/wide.h"

namespace steelyard::editions {
namespace {

constexpr uint8_t kVersion = 3;
constexpr uint8_t kFirstWithSellers = 2;
constexpr uint8_t kFirstWithDeliveryView = 3;
constexpr size_t kCrcBytes = 4;

// ---- Writing --------------------------------------------------------------

template <typename T>
void WriteAscending(ByteWriter& out, const std::vector<T>& values) {
  T before = 0;
  for (size_t i = 0; i < values.size();) {
    size_t end = i + 1;
    while (end < values.size() && values[end] == values[i]) ++end;
    const bool many = end - i > 1;
    out.Varint(static_cast<uint64_t>(values[i] - before) * 2 + (many ? 1 : 0));
    if (many) out.Varint(end - i - 2);
    before = values[i];
    i = end;
  }
}

template <typename T>
uint64_t RankOf(const std::vector<T>& values, T value) {
  return static_cast<uint64_t>(std::lower_bound(values.begin(), values.end(), value) -
                               values.begin());
}

void WriteCouncil(ByteWriter& out, const CouncilSum& c, const Atom& atom) {
  out.Varint(static_cast<uint64_t>(c.lines) - 1);
  const auto units = static_cast<absl::uint128>(c.units);
  WriteWide(out, units);
  // Modulo 2^128 throughout, zigzagged.
  const absl::uint128 rest = static_cast<absl::uint128>(c.spend_micros) -
                             units * static_cast<absl::uint128>(c.min_unit_price);
  const bool negative = (rest >> 127) != 0;
  WriteWide(out, (rest << 1) ^ (negative ? absl::Uint128Max() : absl::uint128(0)));
  const uint64_t low = RankOf(atom.unit_prices, c.min_unit_price);
  out.Varint(low);
  if (c.lines > 1) out.Varint(RankOf(atom.unit_prices, c.max_unit_price) - low);
  if (c.min_lead_days < 0) {
    out.Varint(0);
    return;
  }
  const uint64_t shortest = RankOf(atom.lead_days, c.min_lead_days);
  out.Varint(shortest + 1);
  if (c.lines > 1) out.Varint(RankOf(atom.lead_days, c.max_lead_days) - shortest);
}

void WriteAtom(ByteWriter& out, const Atom& atom) {
  out.Varint(static_cast<uint64_t>(atom.lines));
  if (atom.lines == 0) return;
  WriteAscending(out, atom.unit_prices);
  out.Varint(atom.lead_days.size());
  WriteAscending(out, atom.lead_days);
  out.Varint(atom.councils.size());
  uint64_t before = 0;
  for (const CouncilSum& c : atom.councils) {
    out.Varint(c.council.value - before);
    before = c.council.value;
    WriteCouncil(out, c, atom);
  }
}

void WritePeriod(ByteWriter& out, const model::Period& period) {
  out.Varint(static_cast<uint64_t>(period.first.month() - 1));
  out.Varint(static_cast<uint64_t>(period.months() - 1));
}

void WriteAreas(ByteWriter& out, const std::vector<AreaGroup>& groups) {
  out.Varint(groups.size());
  for (const AreaGroup& group : groups) {
    out.Varint(group.size());
    uint64_t before = 0;
    for (model::AreaNo area : group) {
      out.Varint(area.value - before);
      before = area.value;
    }
  }
}

void WriteSellers(ByteWriter& out, const std::vector<SellerGroup>& sellers) {
  out.Varint(sellers.size());
  uint64_t owner = 0;
  for (const SellerGroup& group : sellers) {
    out.Varint(group.owner.value - owner).Varint(group.named ? 1 : 0);
    owner = group.owner.value;
    out.Varint(group.members.size());
    uint64_t before = 0;
    for (model::SupplierNo member : group.members) {
      out.Varint(member.value - before);
      before = member.value;
    }
  }
}

void WriteDelivery(ByteWriter& out, const DeliveryTotals& totals) {
  for (const DeliveryFacet& facet : kDeliveryFacets) {
    out.Varint(static_cast<uint64_t>(totals.*facet.of));
    out.Varint(static_cast<uint64_t>(totals.*facet.part));
  }
}

void WriteDeliveryView(ByteWriter& out, const DeliveryView& view) {
  WriteAreas(out, view.areas);
  if (view.areas.empty()) return;
  for (const DeliveryTotals& row : view.rows) WriteDelivery(out, row);
  out.Varint(view.sellers.size());
  uint64_t owner = 0;
  for (const SellerDelivery& seller : view.sellers) {
    out.Varint(seller.owner.value - owner);
    owner = seller.owner.value;
    WriteDelivery(out, seller.totals);
  }
  out.Varint(view.said.size());
  DeliverySum before;
  for (const DeliverySum& sum : view.said) {
    if (sum.council != before.council) before.supplier = {};
    out.Varint(sum.council.value - before.council.value);
    out.Varint(sum.supplier.value - before.supplier.value);
    before = sum;
    WriteDelivery(out, sum.totals);
  }
}

void WriteRun(ByteWriter& out, const Run& run) {
  WritePeriod(out, run.layout.period);
  out.Varint(run.layout.month_groups.size());
  for (const model::Period& p : run.layout.month_groups) WritePeriod(out, p);
  WriteAreas(out, run.layout.blocks);
  WriteAreas(out, run.layout.rows);
  out.Varint(run.layout.type_groups.size());
  for (const TypeGroup& group : run.layout.type_groups) {
    out.Varint(group.size());
    for (const std::string& type : group) out.Text(type);
  }
  WriteSellers(out, run.layout.sellers);
  for (const auto& cells : run.cells) {
    for (const Atom& atom : cells) WriteAtom(out, atom);
  }
  for (const Atom& atom : run.rows) WriteAtom(out, atom);
  for (const Atom& atom : run.types) WriteAtom(out, atom);
  for (const Atom& atom : run.sellers) WriteAtom(out, atom);
  WriteDeliveryView(out, run.delivery);
}

size_t ValuesOf(const YearBlock& block) {
  size_t sum = 0;
  const auto add = [&](const std::vector<Atom>& atoms) {
    for (const Atom& a : atoms) sum += a.unit_prices.size() + a.lead_days.size();
  };
  for (const Run& run : block.runs) {
    for (const auto& cells : run.cells) add(cells);
    add(run.rows);
    add(run.types);
    add(run.sellers);
  }
  return sum;
}

// ---- Reading --------------------------------------------------------------

// Reads a block's body. After damage it gives zeros and short lists, all of
// bounded size, and ok() is false.
class Parser {
 public:
  Parser(std::string_view bytes, uint8_t version) : in_(bytes), version_(version) {}

  bool Finished() const { return !bad_ && in_.Finished(); }

  YearBlock ReadBlock() {
    YearBlock block;
    block.series.product.value = static_cast<uint32_t>(Below(uint64_t{1} << 32));
    block.series.currency =
        model::Currency::FromNumber(static_cast<uint16_t>(Below(uint64_t{1} << 16)));
    block.year = static_cast<int>(Below(10'000));
    block.edition = in_.Varint();
    block.policy_version = in_.Signed();
    const auto january = model::Month::FromYm(block.year, 1);
    if (!january) bad_ = true;
    january_ = january.value_or(model::Month{});
    ReadList(block.runs, [this] { return ReadRun(); });
    return block;
  }

 private:
  // A number below `limit`.
  uint64_t Below(uint64_t limit) {
    const uint64_t v = in_.Varint();
    if (v < limit) return v;
    bad_ = true;
    return 0;
  }

  bool ok() const { return !bad_ && in_.ok(); }

  // Every member of a list takes a byte at least.
  template <typename T, typename Read>
  void ReadList(std::vector<T>& list, Read read) {
    Fill(list, Below(in_.rest().size() + 1), read);
  }

  template <typename T, typename Read>
  void Fill(std::vector<T>& list, size_t size, Read read) {
    if (size > in_.rest().size()) bad_ = true;
    if (!ok()) return;
    list.reserve(size);
    while (list.size() < size && ok()) list.push_back(read());
  }

  absl::uint128 Wide() {
    const auto value = ReadWide(in_);
    if (!value) bad_ = true;
    return value.value_or(0);
  }

  template <typename T>
  std::vector<T> ReadAscending(uint64_t size) {
    std::vector<T> values;
    values_ += size;
    if (size > kMaxBlockValues || values_ > kMaxBlockValues) bad_ = true;
    if (!ok()) return values;
    values.reserve(size);
    uint64_t value = 0;
    while (values.size() < size && ok()) {
      const uint64_t step = in_.Varint();
      value += step >> 1;  // below 2^63 each, so no wrap
      const uint64_t times = (step & 1) == 0 ? 1 : Below(size) + 2;
      if (value > static_cast<uint64_t>(std::numeric_limits<T>::max()) ||
          times > size - values.size()) {
        bad_ = true;
        break;
      }
      values.insert(values.end(), times, static_cast<T>(value));
    }
    return values;
  }

  template <typename T>
  T ValueAt(const std::vector<T>& values, uint64_t rank) {
    if (rank < values.size()) return values[rank];
    bad_ = true;
    return 0;
  }

  CouncilSum ReadCouncil(const Atom& atom, uint64_t& number) {
    CouncilSum c;
    number += Below(uint64_t{1} << 16);
    if (number >= uint64_t{1} << 16) bad_ = true;
    c.council.value = static_cast<uint16_t>(number);
    c.lines = static_cast<int64_t>(Below(static_cast<uint64_t>(atom.lines))) + 1;
    const absl::uint128 units = Wide();
    const absl::uint128 folded = Wide();
    const absl::uint128 sign = (folded & 1) != 0 ? absl::Uint128Max() : absl::uint128(0);
    const uint64_t low = in_.Varint();
    const uint64_t high = c.lines > 1 ? Below(atom.unit_prices.size()) : 0;
    c.min_unit_price = ValueAt(atom.unit_prices, low);
    c.max_unit_price = ValueAt(atom.unit_prices, low + high);
    c.units = static_cast<absl::int128>(units);
    c.spend_micros =
        static_cast<absl::int128>(((folded >> 1) ^ sign) + units * absl::uint128(c.min_unit_price));
    const uint64_t shortest = in_.Varint();
    if (shortest > 0) {
      const uint64_t longest = c.lines > 1 ? Below(atom.lead_days.size()) : 0;
      c.min_lead_days = ValueAt(atom.lead_days, shortest - 1);
      c.max_lead_days = ValueAt(atom.lead_days, shortest - 1 + longest);
    }
    // Bounded here too, so that the sums below cannot run over.
    if (units >= absl::uint128(kMaxAtomSum) || c.spend_micros < 0 ||
        c.spend_micros >= kMaxAtomSum) {
      bad_ = true;
    }
    return bad_ ? CouncilSum{} : c;
  }

  Atom ReadAtom() {
    Atom atom;
    const uint64_t lines = Below(kMaxBlockValues + 1);
    if (lines == 0) return atom;
    atom.lines = static_cast<int64_t>(lines);
    atom.unit_prices = ReadAscending<int64_t>(lines);
    atom.lead_days = ReadAscending<int32_t>(Below(lines + 1));
    if (version_ < kFirstWithDeliveryView) ReadDelivery();  // no longer shown
    uint64_t number = 0;
    ReadList(atom.councils, [&] { return ReadCouncil(atom, number); });
    for (const CouncilSum& c : atom.councils) {
      atom.units += c.units;
      atom.spend_micros += c.spend_micros;
    }
    return atom;
  }

  model::Period ReadPeriod() {
    const model::Month first = january_.Plus(static_cast<int>(Below(12)));
    return {first, first.Plus(static_cast<int>(Below(12)))};
  }

  AreaGroup ReadAreas() {
    AreaGroup group;
    uint64_t number = 0;
    ReadList(group, [&] {
      number += Below(uint64_t{1} << 16);
      if (number >= uint64_t{1} << 16) bad_ = true;
      return model::AreaNo{static_cast<uint16_t>(number)};
    });
    return group;
  }

  TypeGroup ReadTypes() {
    TypeGroup group;
    ReadList(group, [this] { return std::string(in_.Text()); });
    return group;
  }

  // A number above `before`, which it replaces; at most 32 bits.
  model::SupplierNo ReadSupplier(uint64_t& before) {
    before += Below(uint64_t{1} << 32);
    if (before >= uint64_t{1} << 32) bad_ = true;
    return {static_cast<uint32_t>(before)};
  }

  std::vector<SellerGroup> ReadSellers() {
    std::vector<SellerGroup> sellers;
    uint64_t owner = 0;
    ReadList(sellers, [&] {
      SellerGroup group;
      group.owner = ReadSupplier(owner);
      group.named = Below(2) == 1;
      uint64_t member = 0;
      ReadList(group.members, [&] { return ReadSupplier(member); });
      return group;
    });
    return sellers;
  }

  Run ReadRun() {
    Run run;
    RunLayout& layout = run.layout;
    layout.period = ReadPeriod();
    ReadList(layout.month_groups, [this] { return ReadPeriod(); });
    ReadList(layout.blocks, [this] { return ReadAreas(); });
    ReadList(layout.rows, [this] { return ReadAreas(); });
    ReadList(layout.type_groups, [this] { return ReadTypes(); });
    if (version_ >= kFirstWithSellers) layout.sellers = ReadSellers();
    const auto atom = [this] { return ReadAtom(); };
    for (size_t i = 0; i < layout.blocks.size() && ok(); ++i) {
      Fill(run.cells.emplace_back(), layout.month_groups.size(), atom);
    }
    Fill(run.rows, layout.rows.size(), atom);
    Fill(run.types, layout.type_groups.size(), atom);
    Fill(run.sellers, layout.sellers.size(), atom);
    if (version_ >= kFirstWithDeliveryView) run.delivery = ReadDeliveryView();
    return run;
  }

  DeliveryTotals ReadDelivery() {
    DeliveryTotals totals;
    for (const DeliveryFacet& facet : kDeliveryFacets) {
      totals.*facet.of = static_cast<int64_t>(Below(uint64_t{1} << 63));
      totals.*facet.part = static_cast<int64_t>(Below(uint64_t{1} << 63));
    }
    return totals;
  }

  DeliveryView ReadDeliveryView() {
    DeliveryView view;
    ReadList(view.areas, [this] { return ReadAreas(); });
    if (view.areas.empty()) return view;
    Fill(view.rows, view.areas.size(), [this] { return ReadDelivery(); });
    uint64_t owner = 0;
    ReadList(view.sellers, [&] {
      const model::SupplierNo seller = ReadSupplier(owner);
      return SellerDelivery{seller, ReadDelivery()};
    });
    uint64_t council = 0;
    uint64_t supplier = 0;
    ReadList(view.said, [&] {
      const uint64_t step = Below(uint64_t{1} << 16);
      council += step;
      if (council >= uint64_t{1} << 16) bad_ = true;
      if (step > 0) supplier = 0;
      DeliverySum sum;
      sum.council.value = static_cast<uint16_t>(council);
      sum.supplier = ReadSupplier(supplier);
      sum.totals = ReadDelivery();
      return sum;
    });
    return view;
  }

  ByteReader in_;
  const uint8_t version_;
  bool bad_ = false;
  uint64_t values_ = 0;
  model::Month january_;
};

}  // namespace

absl::StatusOr<std::string> EncodeBlock(const YearBlock& block) {
  RETURN_IF_ERROR(CheckBlock(block));
  if (ValuesOf(block) > kMaxBlockValues) {
    return absl::InvalidArgumentError("the block holds too many values");
  }
  ByteWriter out;
  out.Fixed8(kVersion);
  out.Varint(block.series.product.value).Varint(block.series.currency.number());
  out.Varint(static_cast<uint64_t>(block.year)).Varint(block.edition).Signed(block.policy_version);
  out.Varint(block.runs.size());
  for (const Run& run : block.runs) WriteRun(out, run);
  out.Fixed32(Crc32c(out.str()));
  return std::move(out).str();
}

absl::StatusOr<YearBlock> DecodeBlock(std::string_view bytes) {
  const auto damaged = [](std::string_view what) {
    return absl::DataLossError(Av("edition block: " + std::string(what)));
  };
  if (bytes.size() <= kCrcBytes) return damaged("cut short");
  const std::string_view body = bytes.substr(0, bytes.size() - kCrcBytes);
  if (ByteReader(bytes.substr(body.size())).Fixed32() != Crc32c(body)) {
    return damaged("the checksum is wrong");
  }
  const auto version = static_cast<uint8_t>(body.front());
  if (version == 0 || version > kVersion) return damaged("unknown version");
  Parser parser(body.substr(1), version);
  YearBlock block = parser.ReadBlock();
  if (!parser.Finished()) return damaged("malformed");
  if (absl::Status s = CheckBlock(block); !s.ok()) return damaged(Sv(s.message()));
  return block;
}

}  // namespace steelyard::editions
