#include "storage/editions/outcome_block_codec.h"

// Version 1. Integers are varints (storage/base/bytes.h), `s` marks signed ones
// and `w` those of 128 bits; a list is its length and its members.
//
//   block    = 0x01 service year number edition policy_version:s kind provider
//              member-list run-list crc
//   crc      = CRC-32C of all bytes before, 4 bytes, big-endian
//   member   = provider less the one before, period
//   run      = period area-group-list atom*   (as many as area groups)
//   period   = first month since January of the year, months less 1
//   area-group = list of areas, each less the one before
//   atom     = flags council-list ratings* [events of] x3 [intention x5]
//              [reports points]* [value-list] [placements extras:w] [value-list]
//              (what the flags have, in the order of their bits, spend and fees
//              of the councils aside)
//   flags    = bit n: facet n of outcome_atom.h is there
//   council  = number less the one before, reports, placements, [spend:w],
//              [fee-placements fees:w extremes], [extremes]
//              (if spend, fees, nearest are there)
//   extremes = 0, or 1 + lowest, highest less lowest
//   ratings  = councils, ratings at each of the five levels
//   value-list = list of values, each less the one before

#include "storage/base/bytes.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/editions/wide.h"

namespace steelyard::editions {
namespace {

constexpr uint8_t kVersion = 1;
constexpr size_t kCrcBytes = 4;

constexpr size_t Number(Facet facet) { return static_cast<size_t>(facet); }

// ---- Writing --------------------------------------------------------------

void WriteSum(ByteWriter& out, absl::int128 v) { WriteWide(out, static_cast<absl::uint128>(v)); }

void WriteCount(ByteWriter& out, int64_t v) { out.Varint(static_cast<uint64_t>(v)); }

void WriteExtremes(ByteWriter& out, int64_t lowest, int64_t highest) {
  WriteCount(out, lowest + 1);
  if (lowest >= 0) WriteCount(out, highest - lowest);
}

void WriteValues(ByteWriter& out, const std::vector<int64_t>& values) {
  out.Varint(values.size());
  int64_t before = 0;
  for (int64_t v : values) {
    WriteCount(out, v - before);
    before = v;
  }
}

void WriteCouncils(ByteWriter& out, const OutcomeAtom& atom) {
  out.Varint(atom.councils.size());
  uint64_t before = 0;
  for (const OutcomeCouncilSum& c : atom.councils) {
    out.Varint(c.council.value - before);
    before = c.council.value;
    WriteCount(out, c.reports);
    WriteCount(out, c.placements);
    if (atom.spend_shown) WriteSum(out, c.spend_micros);
    if (atom.fees_shown) {
      WriteCount(out, c.fee_placements);
      WriteSum(out, c.fee_micros);
      WriteExtremes(out, c.min_fee_micros, c.max_fee_micros);
    }
    if (atom.nearest_shown) WriteExtremes(out, c.min_nearest_meters, c.max_nearest_meters);
  }
}

void WriteAtom(ByteWriter& out, const OutcomeAtom& atom) {
  out.Varint(atom.facets().to_ullong());
  WriteCouncils(out, atom);
  for (const auto& r : atom.ratings) {
    if (!r) continue;
    WriteCount(out, r->councils);
    for (int64_t n : r->by_level) WriteCount(out, n);
  }
  for (const auto* count : {&atom.endings, &atom.offers, &atom.no_alternative}) {
    if (!*count) continue;
    WriteCount(out, (*count)->events);
    WriteCount(out, (*count)->of);
  }
  if (atom.intentions) {
    for (int64_t n : *atom.intentions) WriteCount(out, n);
  }
  for (const auto& p : atom.priorities) {
    if (!p) continue;
    WriteCount(out, p->reports);
    WriteCount(out, p->points);
  }
  if (atom.fees_shown) WriteValues(out, atom.weekly_fees);
  if (atom.extras_shown) {
    WriteCount(out, atom.extras_placements);
    WriteSum(out, atom.extras_micros);
  }
  if (atom.nearest_shown) WriteValues(out, atom.nearest_meters);
}

void WritePeriod(ByteWriter& out, const model::Period& period) {
  out.Varint(static_cast<uint64_t>(period.first.month() - 1));
  out.Varint(static_cast<uint64_t>(period.months() - 1));
}

void WriteRun(ByteWriter& out, const OutcomeRun& run) {
  WritePeriod(out, run.period);
  out.Varint(run.areas.size());
  for (const AreaGroup& group : run.areas) {
    out.Varint(group.size());
    uint64_t before = 0;
    for (model::AreaNo area : group) {
      out.Varint(area.value - before);
      before = area.value;
    }
  }
  for (const OutcomeAtom& atom : run.atoms) WriteAtom(out, atom);
}

// ---- Reading --------------------------------------------------------------

// Reads a block's body. After damage it gives zeros and short lists, all of
// bounded size, and ok() is false.
class Parser {
 public:
  explicit Parser(std::string_view bytes) : in_(bytes) {}

  bool Finished() const { return !bad_ && in_.Finished(); }

  OutcomeBlock ReadBlock() {
    OutcomeBlock block;
    if (const auto service = model::ServiceOf(in_.Varint())) {
      block.service = *service;
    } else {
      bad_ = true;
    }
    block.year = static_cast<int>(Below(10'000));
    block.number = static_cast<uint32_t>(Below(uint64_t{1} << 32));
    block.edition = in_.Varint();
    block.policy_version = in_.Signed();
    block.group.kind = static_cast<ProviderGroup::Kind>(Below(4));
    block.group.provider.value = static_cast<uint32_t>(Below(uint64_t{1} << 32));
    const auto january = model::Month::FromYm(block.year, 1);
    if (!january) bad_ = true;
    january_ = january.value_or(model::Month{});
    uint64_t provider = 0;
    ReadList(block.members, [&] {
      provider = Next(provider, uint64_t{1} << 32);
      return GroupMember{{static_cast<uint32_t>(provider)}, ReadPeriod()};
    });
    ReadList(block.runs, [this] { return ReadRun(); });
    return block;
  }

 private:
  bool ok() const { return !bad_ && in_.ok(); }

  // A number below `limit`.
  uint64_t Below(uint64_t limit) {
    const uint64_t v = in_.Varint();
    if (v < limit) return v;
    bad_ = true;
    return 0;
  }
  int64_t Count() { return static_cast<int64_t>(Below(uint64_t{kMaxOutcomeCount})); }
  // The next of numbers that each are written less the one before.
  uint64_t Next(uint64_t before, uint64_t limit) {
    const uint64_t v = before + Below(limit);
    if (v >= limit) bad_ = true;
    return v;
  }
  absl::int128 Sum() {
    const auto v = ReadWide(in_);
    if (v && *v < static_cast<absl::uint128>(kMaxAtomSum)) return static_cast<absl::int128>(*v);
    bad_ = true;
    return 0;
  }

  // Every member of a list takes a byte at least.
  template <typename T, typename Read>
  void ReadList(std::vector<T>& list, Read read) {
    const uint64_t size = Below(in_.rest().size() + 1);
    if (!ok()) return;
    list.reserve(size);
    while (list.size() < size && ok()) list.push_back(read());
  }

  void ReadExtremes(int64_t& lowest, int64_t& highest) {
    lowest = Count() - 1;
    highest = lowest < 0 ? -1 : lowest + Count();
  }

  void ReadValues(std::vector<int64_t>& values) {
    uint64_t value = 0;
    ReadList(values, [&] {
      value = Next(value, uint64_t{kMaxOutcomeCount});
      return static_cast<int64_t>(value);
    });
  }

  OutcomeCouncilSum ReadCouncil(const OutcomeAtom& atom, uint64_t& number) {
    OutcomeCouncilSum c;
    number = Next(number, uint64_t{1} << 16);
    c.council.value = static_cast<uint16_t>(number);
    c.reports = Count();
    c.placements = Count();
    if (atom.spend_shown) c.spend_micros = Sum();
    if (atom.fees_shown) {
      c.fee_placements = Count();
      c.fee_micros = Sum();
      ReadExtremes(c.min_fee_micros, c.max_fee_micros);
    }
    if (atom.nearest_shown) ReadExtremes(c.min_nearest_meters, c.max_nearest_meters);
    return c;
  }

  OutcomeAtom ReadAtom() {
    OutcomeAtom atom;
    const FacetSet facets(Below(uint64_t{1} << kFacetCount));
    atom.spend_shown = facets[Number(Facet::kSpend)];
    atom.fees_shown = facets[Number(Facet::kFees)];
    atom.extras_shown = facets[Number(Facet::kExtras)];
    atom.nearest_shown = facets[Number(Facet::kNearest)];
    uint64_t number = 0;
    ReadList(atom.councils, [&] { return ReadCouncil(atom, number); });
    for (const OutcomeCouncilSum& c : atom.councils) {
      atom.reports = SumOf(atom.reports, c.reports);
      atom.placements = SumOf(atom.placements, c.placements);
      atom.spend_micros += c.spend_micros;
    }
    for (size_t m = 0; m < atom.ratings.size(); ++m) {
      if (!facets[m]) continue;
      RatingCounts& r = atom.ratings[m].emplace();
      r.councils = Count();
      for (int64_t& n : r.by_level) n = Count();
    }
    if (facets[Number(Facet::kEndings)]) atom.endings = ReadEvents();
    if (facets[Number(Facet::kOffers)]) atom.offers = ReadEvents();
    if (facets[Number(Facet::kNoAlternative)]) atom.no_alternative = ReadEvents();
    if (facets[Number(Facet::kIntentions)]) {
      for (int64_t& n : atom.intentions.emplace()) n = Count();
    }
    for (size_t p = 0; p < kPriorityCount; ++p) {
      if (!facets[Number(Facet::kPriorities) + p]) continue;
      PriorityTotals& totals = atom.priorities[p].emplace();
      totals.reports = Count();
      totals.points = Count();
    }
    if (atom.fees_shown) ReadValues(atom.weekly_fees);
    if (atom.extras_shown) {
      atom.extras_placements = Count();
      atom.extras_micros = Sum();
    }
    if (atom.nearest_shown) ReadValues(atom.nearest_meters);
    return atom;
  }

  int64_t SumOf(int64_t a, int64_t b) {
    if (a + b >= kMaxOutcomeCount) bad_ = true;
    return bad_ ? 0 : a + b;
  }

  EventCount ReadEvents() {
    EventCount count;
    count.events = Count();
    count.of = Count();
    return count;
  }

  model::Period ReadPeriod() {
    const model::Month first = january_.Plus(static_cast<int>(Below(12)));
    return {first, first.Plus(static_cast<int>(Below(12)))};
  }

  AreaGroup ReadAreas() {
    AreaGroup group;
    uint64_t number = 0;
    ReadList(group, [&] {
      number = Next(number, uint64_t{1} << 16);
      return model::AreaNo{static_cast<uint16_t>(number)};
    });
    return group;
  }

  OutcomeRun ReadRun() {
    OutcomeRun run;
    run.period = ReadPeriod();
    ReadList(run.areas, [this] { return ReadAreas(); });
    while (run.atoms.size() < run.areas.size() && ok()) run.atoms.push_back(ReadAtom());
    return run;
  }

  ByteReader in_;
  bool bad_ = false;
  model::Month january_;
};

}  // namespace

absl::StatusOr<std::string> EncodeOutcomeBlock(const OutcomeBlock& block) {
  RETURN_IF_ERROR(CheckOutcomeBlock(block));
  ByteWriter out;
  out.Fixed8(kVersion);
  out.Varint(static_cast<uint64_t>(block.service)).Varint(static_cast<uint64_t>(block.year));
  out.Varint(block.number).Varint(block.edition).Signed(block.policy_version);
  out.Varint(static_cast<uint64_t>(block.group.kind)).Varint(block.group.provider.value);
  out.Varint(block.members.size());
  uint32_t before = 0;
  for (const GroupMember& m : block.members) {
    out.Varint(m.provider.value - before);
    before = m.provider.value;
    WritePeriod(out, m.quarters);
  }
  out.Varint(block.runs.size());
  for (const OutcomeRun& run : block.runs) WriteRun(out, run);
  out.Fixed32(Crc32c(out.str()));
  return std::move(out).str();
}

absl::StatusOr<OutcomeBlock> DecodeOutcomeBlock(std::string_view bytes) {
  const auto damaged = [](std::string_view what) {
    return absl::DataLossError(Av("outcome block: " + std::string(what)));
  };
  if (bytes.size() <= kCrcBytes) return damaged("cut short");
  const std::string_view body = bytes.substr(0, bytes.size() - kCrcBytes);
  if (ByteReader(bytes.substr(body.size())).Fixed32() != Crc32c(body)) {
    return damaged("the checksum is wrong");
  }
  if (static_cast<uint8_t>(body.front()) != kVersion) return damaged("unknown version");
  Parser parser(body.substr(1));
  OutcomeBlock block = parser.ReadBlock();
  if (!parser.Finished()) return damaged("malformed");
  if (absl::Status s = CheckOutcomeBlock(block); !s.ok()) return damaged(Sv(s.message()));
  return block;
}

}  // namespace steelyard::editions
