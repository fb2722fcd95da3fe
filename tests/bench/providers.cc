#include "tests/bench/providers.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace steelyard::bench {
namespace {

constexpr int kFirstYear = 2020;
constexpr int kGroups = 12;
constexpr int kOwnedEach = 5;  // of five providers, one is a group's
constexpr int kSpans = 8;      // questions begin in one of so many quarters
constexpr const char* kMeasures[] = {"safeguarding", "stability",    "education", "health",
                                     "voice",        "independence", "workforce", "value"};

std::string IdOf(int provider) { return absl::StrFormat("bench-provider-%03d", provider); }

// Bits that look random and are the same for the same numbers.
uint64_t Bits(uint64_t a, uint64_t b, uint64_t c) {
  uint64_t x = a * 0x9E3779B97F4A7C15 ^ b * 0xC2B2AE3D27D4EB4F ^ c * 0x165667B19E3779F9;
  x ^= x >> 31;
  x *= 0xD6E8FEB86659FD93;
  return x ^ x >> 32;
}

void SetQuarter(int quarter, v1::Quarter* out) {
  out->set_year(kFirstYear + quarter / 4);
  out->set_quarter(quarter % 4 + 1);
}

}  // namespace

std::string ProvidersCsv(const Care& care) {
  std::string csv = "id,name,services,owners\n";
  for (int group = 0; group < kGroups; ++group) {
    absl::StrAppendFormat(&csv, "bench-group-%02d,Bench Group %02d,,\n", group, group);
  }
  for (int p = 0; p < care.providers; ++p) {
    const bool owned = p % kOwnedEach == 0;
    absl::StrAppendFormat(
        &csv, "%s,Bench Provider %03d,childrens-homes,%s\n", IdOf(p), p,
        owned ? absl::StrFormat("bench-group-%02d", p / kOwnedEach % kGroups) : "");
  }
  return csv;
}

void ToOutcomeLine(const World& world, const Care& care, int64_t i, v1::OutcomeLine* out) {
  const int each = care.providers * care.quarters;
  const int body = static_cast<int>(i / each);
  const int provider = static_cast<int>(i % each / care.quarters);
  const int quarter = static_cast<int>(i % care.quarters);
  const auto n = static_cast<uint64_t>(i);
  out->Clear();
  out->set_row(i + 1);
  out->set_council(world.bodies()[static_cast<size_t>(body)].id);
  v1::OutcomeReport& report = *out->mutable_outcome_report();
  report.set_provider("providers/" + IdOf(provider));
  report.set_service("childrens-homes");
  SetQuarter(quarter, report.mutable_quarter());
  const auto placements = static_cast<int64_t>(5 + Bits(n, 1, 0) % 12);
  report.set_placements(placements);
  // A provider's share of ratings below target lies between a tenth and a half.
  const uint64_t poor = 10 + Bits(static_cast<uint64_t>(provider), 2, 0) % 40;
  for (size_t m = 0; m < std::size(kMeasures); ++m) {
    const uint64_t draw = Bits(n, 3, m) % 100;
    auto* rating = report.add_ratings();
    rating->set_measure(kMeasures[m]);
    using R = v1::OutcomeReport;
    rating->set_level(draw < poor / 4    ? R::INADEQUATE
                      : draw < poor      ? R::REQUIRES_IMPROVEMENT
                      : draw < poor + 30 ? R::APPROACHING_TARGET
                                         : R::GOOD);
  }
  const auto fee =
      static_cast<int64_t>(3'500 + Bits(static_cast<uint64_t>(provider), 4, 0) % 1'500 +
                           Bits(n, 5, 0) % 600) +
      40 * quarter;
  report.set_weekly_fee_micros(fee * 1'000'000);
  report.set_spend_micros(fee * placements * 13'000'000);
  report.set_unplanned_endings(static_cast<int64_t>(Bits(n, 6, 0) % 3));
  report.set_referrals(static_cast<int64_t>(4 + Bits(n, 7, 0) % 8));
  report.set_offers(static_cast<int64_t>(Bits(n, 8, 0) % 4));
  report.set_no_alternative(Bits(n, 9, 0) % 2 == 0);
  report.set_intention(static_cast<v1::OutcomeReport::Intention>(1 + Bits(n, 10, 0) % 5));
  report.add_priorities(Bits(n, 11, 0) % 2 == 0 ? "fee-transparency" : "local-sufficiency");
}

v1::GetProviderBenchmarkRequest ProviderOf(const Care& care, int64_t i) {
  // Coprime to the number of providers.
  constexpr int64_t kStep = 7;
  v1::GetProviderBenchmarkRequest request;
  request.set_provider("providers/" + IdOf(static_cast<int>(i * kStep % care.providers)));
  request.set_service("childrens-homes");
  const int first = static_cast<int>(i / care.providers % kSpans) % care.quarters;
  SetQuarter(first, request.mutable_from_quarter());
  SetQuarter(care.quarters - 1, request.mutable_to_quarter());
  return request;
}

}  // namespace steelyard::bench
