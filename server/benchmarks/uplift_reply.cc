// The letter to a provider that claims a rise.

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "server/benchmarks/uplift.h"
#include "storage/base/text.h"
#include "storage/model/codes.h"

namespace steelyard::benchmarks {
namespace {

// 7.5% of 750.
std::string Percent(int64_t basis_points) {
  std::string text = absl::StrFormat("%.2f", static_cast<double>(basis_points) / 100);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text + "%";
}

// `rose by 3.2%`, `fell by 1%`, `did not change`.
std::string Moved(int64_t basis_points) {
  if (basis_points == 0) return "did not change";
  return absl::StrCat(basis_points > 0 ? "rose by " : "fell by ",
                      Percent(basis_points > 0 ? basis_points : -basis_points));
}

// January to March 2023.
std::string Time(const v1::Quarter& from, const v1::Quarter& to) {
  constexpr std::string_view kFirst[] = {"January", "April", "July", "October"};
  constexpr std::string_view kLast[] = {"March", "June", "September", "December"};
  const std::string first(kFirst[from.quarter() - 1]);
  const std::string years = from.year() == to.year() ? "" : absl::StrCat(" ", from.year());
  return absl::StrCat(first, years, " to ", Av(kLast[to.quarter() - 1]), " ", to.year());
}

std::string Councils(int64_t count) { return absl::StrCat(count, " councils"); }

std::string Between(const v1::UpliftCheck::Rise& rise) {
  return absl::StrCat("from ", Time(rise.base_from_quarter(), rise.base_to_quarter()), " to ",
                      Time(rise.current_from_quarter(), rise.current_to_quarter()));
}

std::string Matched(const v1::UpliftCheck::Rise& rise) {
  const std::string councils = absl::StrCat(Councils(rise.councils()), " that report both times");
  if (rise.matched_spend_share() == 0) return councils;
  return absl::StrFormat("%s, %.0f%% of what is spent on fees", councils,
                         rise.matched_spend_share() * 100);
}

void AddFees(const v1::UpliftCheck& check, std::vector<std::string>& paragraphs) {
  std::string text;
  if (check.has_provider_fee_index()) {
    const auto& rise = check.provider_fee_index();
    absl::StrAppend(&text, "Like for like, the weekly fees that councils pay you ",
                    Moved(rise.basis_points()), " ", Between(rise), " (", Matched(rise), ").");
    const auto& band = check.council_rises();
    if (band.has_p25_basis_points() && band.has_p75_basis_points()) {
      absl::StrAppend(&text, " For half of these councils the change was between ",
                      Percent(band.p25_basis_points()), " and ", Percent(band.p75_basis_points()),
                      ".");
    } else if (band.has_p50_basis_points()) {
      absl::StrAppend(&text, " For the council in the middle it was ",
                      Percent(band.p50_basis_points()), ".");
    }
  }
  if (check.has_all_fee_index()) {
    const auto& rise = check.all_fee_index();
    absl::StrAppend(&text, text.empty() ? "" : " ",
                    "Over all providers of this service that can be compared, fees ",
                    Moved(rise.basis_points()), " ", Between(rise), " (", Matched(rise), ").");
  }
  if (text.empty()) {
    paragraphs.push_back(
        "We cannot quote what other councils pay: too few report fees at both times to show a "
        "figure safely.");
    return;
  }
  paragraphs.push_back(text);
  paragraphs.push_back(absl::StrCat("Your claim of ", Percent(check.claimed_rise_basis_points()),
                                    " is ", check.status().word(), " (", check.status().threshold(),
                                    ")."));
}

void AddOutcomes(const v1::UpliftCheck& check, std::vector<std::string>& paragraphs) {
  if (check.outcomes().empty()) return;
  std::vector<std::string> worse, better, same;
  for (const auto& change : check.outcomes()) {
    const std::string words = absl::StrFormat("%s (%.2f, now %.2f)", change.display_name(),
                                              change.base_score(), change.current_score());
    (change.change_upper() < 0   ? worse
     : change.change_lower() > 0 ? better
                                 : same)
        .push_back(words);
  }
  std::string text = absl::StrCat(
      "Over the same time councils rated your service from 0 (Inadequate) to 3 (Good), on average "
      "(map ",
      Av(model::kScoreMap), ").");
  const auto add = [&](const std::vector<std::string>& names, std::string_view lead) {
    if (!names.empty())
      absl::StrAppend(&text, " ", Av(lead), ": ", absl::StrJoin(names, "; "), ".");
  };
  add(worse, "Worse by more than chance explains");
  add(better, "Better by more than chance explains");
  add(same, "Without a clear change");
  paragraphs.push_back(text);
}

}  // namespace

std::string DraftReply(const v1::UpliftCheck& check, uint64_t edition) {
  const auto service = model::ParseService(check.service());
  const std::string name(service ? model::CodeOf(*service).display_name : check.service());
  std::vector<std::string> paragraphs = {absl::StrCat(
      "To ", check.provider_display_name(), "\n\nThank you for your letter. You ask for a rise of ",
      Percent(check.claimed_rise_basis_points()), " in your fees (", name, ").")};
  AddFees(check, paragraphs);
  AddOutcomes(check, paragraphs);
  paragraphs.push_back(
      "Before we consider a rise, please send us what your fee is made of (staff, premises, "
      "overheads, margin), which of these costs rose since the fee was last agreed and by how "
      "much, and what we may expect for it.");
  paragraphs.push_back(
      absl::StrCat("The figures above are those of Steelyard edition ", edition,
                   "; they can be asked for again and give the same answer. They describe what "
                   "councils report; they do not say why it is so."));
  return absl::StrCat(absl::StrJoin(paragraphs, "\n\n"), "\n");
}

}  // namespace steelyard::benchmarks
