#include "client/cli/outcome_grids.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

using google::protobuf::RepeatedPtrField;

Cell Count(int64_t count) { return {CountWords(count), absl::StrCat(count)}; }

Cell Amount(bool has, int64_t micros, const v1::OutcomeReport& report) {
  if (!has) return Cell();
  return {MoneyWords(micros, report.currency_code(), TotalDecimals(micros)), RawAmount(micros)};
}

Cell Spend(const v1::OutcomeReport& r) { return Amount(r.has_spend_micros(), r.spend_micros(), r); }
Cell Fee(const v1::OutcomeReport& r) {
  return Amount(r.has_weekly_fee_micros(), r.weekly_fee_micros(), r);
}

Cell QuarterCell(const v1::OutcomeReport& r) {
  return {QuarterWords(r.quarter(), r.quarter()), RawQuarter(r.quarter())};
}

// 5 good, 2 approaching target: ratings by level, best first.
std::string RatingWords(const v1::OutcomeReport& r) {
  std::string words;
  for (int level = v1::OutcomeReport::GOOD; level <= v1::OutcomeReport::OTHER; ++level) {
    int64_t count = 0;
    for (const auto& rating : r.ratings()) count += rating.level() == level ? 1 : 0;
    if (count == 0) continue;
    absl::StrAppend(
        &words, words.empty() ? "" : ", ", count, " ",
        EnumWords(v1::OutcomeReport::Level_Name(static_cast<v1::OutcomeReport::Level>(level))));
  }
  return words;
}

std::string IntentionWords(const v1::OutcomeReport& r) {
  return r.intention() == v1::OutcomeReport::INTENTION_UNSPECIFIED
             ? ""
             : EnumWords(v1::OutcomeReport::Intention_Name(r.intention()));
}

std::string StateWords(const v1::OutcomeReport& r) {
  return r.state() == v1::OutcomeReport::WITHDRAWN ? "withdrawn" : "";
}

}  // namespace

Grid GridOf(const RepeatedPtrField<v1::OutcomeReport>& reports) {
  Grid grid({{"Provider", "provider", GridColumn::kWrapped},
             {"Service", "service", GridColumn::kWrapped},
             {"Quarter", "quarter"},
             {"Placements", "placements", GridColumn::kNumber},
             {"Ratings", "ratings", GridColumn::kWrapped},
             {"Spend", "spend", GridColumn::kNumber},
             {"A week", "weekly_fee", GridColumn::kNumber},
             {"", "state"}});
  for (const v1::OutcomeReport& r : reports) {
    grid.Add({LastPart(r.provider()), r.service(), QuarterCell(r), Count(r.placements()),
              RatingWords(r), Spend(r), Fee(r), StateWords(r)});
  }
  return grid;
}

Grid VersionGrid(const RepeatedPtrField<v1::OutcomeReport>& versions) {
  Grid grid({{"Version", "revision", GridColumn::kNumber},
             {"Made", "update_time"},
             {"Placements", "placements", GridColumn::kNumber},
             {"Ratings", "ratings", GridColumn::kWrapped},
             {"Spend", "spend", GridColumn::kNumber},
             {"", "state"},
             {"Submission", "submission", GridColumn::kWrapped}});
  for (const v1::OutcomeReport& r : versions) {
    const std::string reason =
        r.withdraw_reason().empty() ? "" : absl::StrCat(": ", r.withdraw_reason());
    grid.Add({Count(r.revision()),
              {TimeWords(r.update_time()), RawTime(r.update_time())},
              Count(r.placements()),
              RatingWords(r),
              Spend(r),
              StateWords(r) + reason,
              LastPart(r.submission())});
  }
  return grid;
}

Grid DetailGrid(const v1::OutcomeReport& r) {
  Grid grid({{"Field", "field"}, {"Value", "value", GridColumn::kWrapped}});
  const auto add = [&](const std::string& field, Cell value) {
    if (!value.text.empty() && value.text != kNone) grid.Add({field, std::move(value)});
  };
  const auto add_count = [&](const char* field, bool has, int64_t count) {
    if (has) add(field, Count(count));
  };
  add("report", LastPart(r.name()));
  add("provider", LastPart(r.provider()));
  add("service", r.service());
  add("quarter", QuarterCell(r));
  add("placements", Count(r.placements()));
  for (const auto& rating : r.ratings()) {
    add(LastPart(rating.measure()), EnumWords(v1::OutcomeReport::Level_Name(rating.level())));
  }
  add("spend", Spend(r));
  add("weekly fee", Fee(r));
  add("weekly extras", Amount(r.has_weekly_extras_micros(), r.weekly_extras_micros(), r));
  add_count("unplanned endings", r.has_unplanned_endings(), r.unplanned_endings());
  add_count("referrals", r.has_referrals(), r.referrals());
  add_count("offers", r.has_offers(), r.offers());
  if (r.has_nearest_offer_meters()) {
    const double km = static_cast<double>(r.nearest_offer_meters()) / 1000;
    add("nearest offer", {RawNumber(km) + " km", RawNumber(km)});
  }
  if (r.has_no_alternative()) add("no alternative", r.no_alternative() ? "yes" : "no");
  add("intention", IntentionWords(r));
  add("priorities", absl::StrJoin(r.priorities(), ", "));
  add("state", EnumWords(v1::OutcomeReport::State_Name(r.state())));
  add("withdrawn because", r.withdraw_reason());
  add("version", Count(r.revision()));
  add("changed", {TimeWords(r.update_time()), RawTime(r.update_time())});
  add("submission", LastPart(r.submission()));
  add("etag", r.etag());
  return grid;
}

}  // namespace steelyard::cli
