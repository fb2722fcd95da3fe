#include "client/cli/outcome_fields.h"

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/import/numbers.h"
#include "client/import/outcomes.h"
#include "client/import/status_macros.h"

namespace steelyard::cli {
namespace {

using v1::OutcomeReport;

constexpr std::string_view kRating = "rating:";

struct Field {
  const char* path;
  std::function<void(OutcomeReport&)> clear;
  std::function<absl::Status(const std::string&, OutcomeReport&)> set;
};

Field Number(const char* path, int scale, void (OutcomeReport::*clear)(),
             void (OutcomeReport::*set)(int64_t)) {
  return {path, [clear](OutcomeReport& report) { (report.*clear)(); },
          [scale, set](const std::string& text, OutcomeReport& report) -> absl::Status {
            ASSIGN_OR_RETURN(const int64_t value, importing::ParseDecimal(text, {}, scale));
            (report.*set)(value);
            return absl::OkStatus();
          }};
}

absl::Status SetPriorities(const std::string& text, OutcomeReport& report) {
  report.clear_priorities();
  for (const auto code : absl::StrSplit(text, ';', absl::SkipWhitespace())) {
    report.add_priorities(importing::CodeOf({code.data(), code.size()}));
  }
  return absl::OkStatus();
}

const std::map<std::string, Field>& Fields() {
  static const auto* const fields = new std::map<std::string, Field>{
      {"placements",
       Number("placements", 0, &OutcomeReport::clear_placements, &OutcomeReport::set_placements)},
      {"spend", Number("spend_micros", 6, &OutcomeReport::clear_spend_micros,
                       &OutcomeReport::set_spend_micros)},
      {"weekly-fee", Number("weekly_fee_micros", 6, &OutcomeReport::clear_weekly_fee_micros,
                            &OutcomeReport::set_weekly_fee_micros)},
      {"weekly-extras",
       Number("weekly_extras_micros", 6, &OutcomeReport::clear_weekly_extras_micros,
              &OutcomeReport::set_weekly_extras_micros)},
      {"unplanned-endings", Number("unplanned_endings", 0, &OutcomeReport::clear_unplanned_endings,
                                   &OutcomeReport::set_unplanned_endings)},
      {"referrals",
       Number("referrals", 0, &OutcomeReport::clear_referrals, &OutcomeReport::set_referrals)},
      {"offers", Number("offers", 0, &OutcomeReport::clear_offers, &OutcomeReport::set_offers)},
      {"nearest-offer-km",
       Number("nearest_offer_meters", 3, &OutcomeReport::clear_nearest_offer_meters,
              &OutcomeReport::set_nearest_offer_meters)},
      {"no-alternative",
       {"no_alternative", [](OutcomeReport& report) { report.clear_no_alternative(); },
        [](const std::string& text, OutcomeReport& report) -> absl::Status {
          ASSIGN_OR_RETURN(const bool value, importing::ParseBool(text));
          report.set_no_alternative(value);
          return absl::OkStatus();
        }}},
      {"intention",
       {"intention", [](OutcomeReport& report) { report.clear_intention(); },
        [](const std::string& text, OutcomeReport& report) -> absl::Status {
          ASSIGN_OR_RETURN(const auto value, importing::ParseIntention(text));
          report.set_intention(value);
          return absl::OkStatus();
        }}},
      {"priorities",
       {"priorities", [](OutcomeReport& report) { report.clear_priorities(); }, SetPriorities}},
  };
  return *fields;
}

absl::Status SetRating(const std::string& measure, const std::string& text, OutcomeReport& report) {
  auto& ratings = *report.mutable_ratings();
  const auto is_it = [&](const OutcomeReport::Rating& rating) {
    return rating.measure() == measure || absl::EndsWith(rating.measure(), "/" + measure);
  };
  if (text.empty()) {
    ratings.erase(std::remove_if(ratings.begin(), ratings.end(), is_it), ratings.end());
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const auto level, importing::ParseLevel(text));
  auto found = std::find_if(ratings.begin(), ratings.end(), is_it);
  OutcomeReport::Rating& rating = found == ratings.end() ? *report.add_ratings() : *found;
  rating.set_measure(measure);
  rating.set_level(level);
  return absl::OkStatus();
}

void AddPath(const char* path, google::protobuf::FieldMask& mask) {
  if (std::find(mask.paths().begin(), mask.paths().end(), path) == mask.paths().end()) {
    mask.add_paths(path);
  }
}

}  // namespace

absl::Status SetOutcomeField(const std::string& assignment, OutcomeReport& report,
                             google::protobuf::FieldMask& mask) {
  const size_t equals = assignment.find('=');
  const std::string field = assignment.substr(0, equals);
  const auto found = Fields().find(field);
  const bool rating = absl::StartsWith(field, std::string(kRating));
  if (equals == std::string::npos || (!rating && found == Fields().end())) {
    return absl::InvalidArgumentError("'" + assignment +
                                      "' sets no field; write FIELD=VALUE with one of " +
                                      OutcomeFieldsToSet());
  }
  const std::string value = assignment.substr(equals + 1);
  absl::Status set;
  if (rating) {
    AddPath("ratings", mask);
    set = SetRating(field.substr(kRating.size()), value, report);
  } else {
    AddPath(found->second.path, mask);
    if (value.empty()) {
      found->second.clear(report);
    } else {
      set = found->second.set(value, report);
    }
  }
  if (set.ok()) return set;
  return absl::InvalidArgumentError(absl::StrCat(field, ": '", value, "' ", set.message()));
}

std::string OutcomeFieldsToSet() {
  return absl::StrCat(
      absl::StrJoin(Fields(), ", ",
                    [](std::string* out, const auto& entry) { out->append(entry.first); }),
      ", rating:MEASURE");
}

}  // namespace steelyard::cli
