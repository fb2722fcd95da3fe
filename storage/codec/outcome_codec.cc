#include "storage/codec/outcome_codec.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "storage/base/bytes.h"

// content    := flags:varint provider:varint service:varint quarter:signed
//               (its first month) placements:varint currency:fixed16 said
// fact       := flags:varint provider:varint sequence:varint
//               placements:varint said
// said       := ratings [spend:varint] [fee:varint] [extras:varint]
//               [endings:varint] [referrals:varint] [offers:varint]
//               [nearest:varint] intention:varint priorities
//               each bracket only if its flag is set, from bit 0 on
// ratings    := n:varint (measure:varint level:varint) x n, by measure
// priorities := n:varint priority:varint x n
// flags      := bits 0 to 6: the brackets; bit 7: whether there was an
//               alternative is known; bit 8: there was none

namespace steelyard::codec {
namespace {

using model::Level;
using model::OutcomeContent;
using model::OutcomeFact;

constexpr size_t kNumbers = 7;
constexpr uint64_t kAlternativeKnown = 1 << 7;
constexpr uint64_t kNoAlternative = 1 << 8;
constexpr uint64_t kAllFlags = (1 << 9) - 1;

// What content and fact have in common.
struct Said {
  std::array<Level, model::kMeasureCount> ratings{};
  std::array<std::optional<int64_t>, kNumbers> numbers;  // by flag
  std::optional<bool> no_alternative;
  model::Intention intention = model::Intention::kNone;
  std::array<uint8_t, model::kMaxPriorities> priorities{};  // 0 after the last
};

Said SaidIn(const OutcomeContent& c) {
  Said s{c.ratings,
         {c.spend_micros, c.weekly_fee_micros, c.weekly_extras_micros, c.unplanned_endings,
          c.referrals, c.offers, c.nearest_offer_meters},
         c.no_alternative,
         c.intention,
         {}};
  const size_t named = std::min(c.priorities.size(), model::kMaxPriorities);
  std::copy_n(c.priorities.begin(), named, s.priorities.begin());
  return s;
}

Said SaidIn(const OutcomeFact& f) {
  auto said = [](int64_t n) { return n < 0 ? std::nullopt : std::optional(n); };
  return {
      f.ratings,
      {said(f.spend_micros), said(f.weekly_fee_micros), said(f.weekly_extras_micros),
       said(f.unplanned_endings), said(f.referrals), said(f.offers), said(f.nearest_offer_meters)},
      f.no_alternative < 0 ? std::nullopt : std::optional(f.no_alternative == 1),
      f.intention,
      f.priorities};
}

uint64_t FlagsOf(const Said& s) {
  uint64_t flags = 0;
  for (size_t i = 0; i < kNumbers; ++i) flags |= s.numbers[i] ? uint64_t{1} << i : 0;
  if (s.no_alternative) flags |= kAlternativeKnown | (*s.no_alternative ? kNoAlternative : 0);
  return flags;
}

void PutSaid(const Said& s, ByteWriter& w) {
  w.Varint(s.ratings.size() -
           static_cast<size_t>(std::count(s.ratings.begin(), s.ratings.end(), Level::kNone)));
  for (size_t i = 0; i < s.ratings.size(); ++i) {
    if (s.ratings[i] != Level::kNone) w.Varint(i).Varint(static_cast<uint64_t>(s.ratings[i]));
  }
  for (const std::optional<int64_t>& n : s.numbers) {
    if (n) w.Varint(static_cast<uint64_t>(*n));
  }
  w.Varint(static_cast<uint64_t>(s.intention));
  const auto end = std::find(s.priorities.begin(), s.priorities.end(), 0);
  w.Varint(static_cast<uint64_t>(end - s.priorities.begin()));
  for (auto it = s.priorities.begin(); it != end; ++it) w.Varint(*it);
}

// Reads to the end; nothing for bytes that PutSaid does not write.
std::optional<Said> GetSaid(ByteReader& r, uint64_t flags) {
  Said s;
  bool sound = flags <= kAllFlags;
  const uint64_t rated = r.Varint();
  uint64_t least = 0;
  for (uint64_t i = 0; i < rated && r.ok() && sound; ++i) {
    const uint64_t measure = r.Varint();
    const uint64_t level = r.Varint();
    sound =
        measure >= least && measure < s.ratings.size() && level >= 1 && level <= model::kLevelCount;
    if (sound) s.ratings[measure] = static_cast<Level>(level);
    least = measure + 1;
  }
  for (size_t i = 0; i < kNumbers; ++i) {
    if ((flags & uint64_t{1} << i) == 0) continue;
    s.numbers[i] = static_cast<int64_t>(r.Varint());
    sound &= *s.numbers[i] >= 0;
  }
  if (flags & kAlternativeKnown) s.no_alternative = (flags & kNoAlternative) != 0;
  const uint64_t intention = r.Varint();
  sound &= intention <= model::kIntentionCount;
  s.intention = static_cast<model::Intention>(intention);
  const uint64_t priorities = r.Varint();
  sound &= priorities <= s.priorities.size();
  for (uint64_t i = 0; i < priorities && r.ok() && sound; ++i) {
    const uint64_t priority = r.Varint();
    sound = priority >= 1 && priority <= model::Priorities().size();
    s.priorities[i] = static_cast<uint8_t>(priority);
  }
  if (!sound || !r.Finished()) return std::nullopt;
  return s;
}

absl::Status Damaged(const char* what) {
  return absl::DataLossError(std::string("damaged ") + what + " record");
}

}  // namespace

std::string EncodeContent(const OutcomeContent& c) {
  ByteWriter w;
  w.Reserve(64);
  const Said said = SaidIn(c);
  w.Varint(FlagsOf(said)).Varint(c.provider.value).Varint(static_cast<uint64_t>(c.service));
  w.Signed(c.quarter.number).Varint(static_cast<uint64_t>(c.placements));
  w.Fixed16(c.currency.number());
  PutSaid(said, w);
  return std::move(w).str();
}

absl::StatusOr<OutcomeContent> DecodeOutcomeContent(std::string_view bytes) {
  ByteReader r(bytes);
  OutcomeContent c;
  const uint64_t flags = r.Varint();
  c.provider.value = static_cast<uint32_t>(r.Varint());
  const std::optional<model::Service> service = model::ServiceOf(r.Varint());
  const int64_t month = r.Signed();
  c.placements = static_cast<int64_t>(r.Varint());
  c.currency = model::Currency::FromNumber(r.Fixed16());
  const std::optional<Said> said = GetSaid(r, flags);
  // The encoder never writes these, and arithmetic downstream relies on it.
  if (!said || !service || month < 0 || month >= 101 * 12 || month % 3 != 0 || c.placements < 0 ||
      c.placements > model::kMaxPlacements) {
    return Damaged("outcome report");
  }
  c.service = *service;
  c.quarter.number = static_cast<int16_t>(month);
  c.ratings = said->ratings;
  c.spend_micros = said->numbers[0];
  c.weekly_fee_micros = said->numbers[1];
  c.weekly_extras_micros = said->numbers[2];
  c.unplanned_endings = said->numbers[3];
  c.referrals = said->numbers[4];
  c.offers = said->numbers[5];
  c.nearest_offer_meters = said->numbers[6];
  c.no_alternative = said->no_alternative;
  c.intention = said->intention;
  c.priorities.assign(said->priorities.begin(),
                      std::find(said->priorities.begin(), said->priorities.end(), 0));
  return c;
}

std::string EncodeFact(const OutcomeFact& f) {
  ByteWriter w;
  w.Reserve(64);
  const Said said = SaidIn(f);
  w.Varint(FlagsOf(said)).Varint(f.provider.value).Varint(f.sequence);
  w.Varint(static_cast<uint64_t>(f.placements));
  PutSaid(said, w);
  return std::move(w).str();
}

absl::Status DecodeFact(std::string_view bytes, OutcomeFact& f) {
  ByteReader r(bytes);
  const uint64_t flags = r.Varint();
  f.provider.value = static_cast<uint32_t>(r.Varint());
  f.sequence = r.Varint();
  f.placements = static_cast<int64_t>(r.Varint());
  const std::optional<Said> said = GetSaid(r, flags);
  if (!said || f.placements < 0 || f.placements > model::kMaxPlacements) {
    return Damaged("outcome fact");
  }
  f.ratings = said->ratings;
  auto number = [&](size_t flag) { return said->numbers[flag].value_or(-1); };
  f.spend_micros = number(0);
  f.weekly_fee_micros = number(1);
  f.weekly_extras_micros = number(2);
  f.unplanned_endings = number(3);
  f.referrals = number(4);
  f.offers = number(5);
  f.nearest_offer_meters = number(6);
  f.no_alternative = said->no_alternative ? static_cast<int8_t>(*said->no_alternative) : -1;
  f.intention = said->intention;
  f.priorities = said->priorities;
  return absl::OkStatus();
}

}  // namespace steelyard::codec
