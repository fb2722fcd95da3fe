// The pack in a few sentences, for who reads no further.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/negotiations/figure_words.h"
#include "server/negotiations/pack_parts.h"
#include "storage/base/text.h"

namespace steelyard::negotiations {
namespace {

std::string OfMeasures(int64_t some, int64_t all) {
  return absl::StrCat(CountWords(some), " of ", CountOf(all, "measure", "measures"));
}

// `name own; all providers other`, the latter if it is known.
template <typename Has, typename Words>
void AddBeside(const ServicePart& part, std::string_view name, Has has, Words words,
               std::vector<std::string>& out) {
  if (!has(part.own)) return;
  std::string sentence = absl::StrCat(Av(name), " ", words(part.own));
  if (has(part.all)) absl::StrAppend(&sentence, ", all providers ", words(part.all));
  out.push_back(sentence + ".");
}

void AddRatings(const ServicePart& part, std::vector<std::string>& out) {
  const auto& measures = part.own.measures();
  if (measures.empty()) return;
  const auto count = [&](auto holds) {
    return static_cast<int64_t>(std::count_if(measures.begin(), measures.end(), holds));
  };
  const int64_t below =
      count([](const v1::MeasureFigures& m) { return m.shrunk_upper() < m.overall_score(); });
  const int64_t above =
      count([](const v1::MeasureFigures& m) { return m.shrunk_lower() > m.overall_score(); });
  out.push_back(
      absl::StrCat("Its mean score lies below that of all providers, by more than its 95 "
                   "% interval, in ",
                   OfMeasures(below, measures.size()), ", and above it in ",
                   above > 0 ? CountWords(above) : "none", "."));
}

void AddNewestQuarter(const ServicePart& part, std::vector<std::string>& out) {
  int64_t charts = 0, worse = 0;
  for (const v1::MeasureChart& chart : part.service.benchmark().charts()) {
    if (chart.points().empty()) continue;
    ++charts;
    const v1::MeasureChart::Point& newest = chart.points(chart.points_size() - 1);
    worse += !newest.signals().empty() && newest.score() < chart.mean() ? 1 : 0;
  }
  if (charts == 0) return;
  out.push_back(absl::StrCat("The newest quarter is worse than usual variation explains in ",
                             OfMeasures(worse, charts), "."));
}

void AddWishes(const ServicePart& part, std::vector<std::string>& out) {
  const auto& intentions = part.own.intentions();
  const auto most =
      std::max_element(intentions.begin(), intentions.end(),
                       [](const auto& a, const auto& b) { return a.reports() < b.reports(); });
  if (most != intentions.end()) {
    int64_t all = 0;
    for (const v1::IntentionCount& count : intentions) all += count.reports();
    out.push_back(absl::StrCat(
        "What councils most often mean to do: ", IntentionWords(most->intention()), " (",
        CountWords(most->reports()), " of ", CountOf(all, "report", "reports"), ")."));
  }
  const auto& priorities = part.own.priorities();
  const auto first =
      std::max_element(priorities.begin(), priorities.end(),
                       [](const auto& a, const auto& b) { return a.points() < b.points(); });
  if (first != priorities.end()) {
    out.push_back(absl::StrCat("What they put first: ", first->display_name(), "."));
  }
}

PackList ServiceList(const ServicePart& part) {
  using F = v1::ProviderFigures;
  std::vector<std::string> out;
  AddBeside(
      part, "Mean weekly fee", [](const F& f) { return f.fees().has_mean_micros(); },
      [](const F& f) { return PoundWords(f.fees().mean_micros()); }, out);
  AddBeside(
      part, "Placements that ended unplanned", [](const F& f) { return f.has_unplanned_endings(); },
      [](const F& f) { return ProportionWords(f.unplanned_endings()); }, out);
  AddBeside(
      part, "Offers for each referral",
      [](const F& f) { return f.sufficiency().has_offers_per_referral(); },
      [](const F& f) { return ProportionWords(f.sufficiency().offers_per_referral()); }, out);
  AddBeside(
      part, "Reports of no alternative",
      [](const F& f) { return f.sufficiency().has_no_alternative(); },
      [](const F& f) { return ProportionWords(f.sufficiency().no_alternative()); }, out);
  AddRatings(part, out);
  AddNewestQuarter(part, out);
  AddWishes(part, out);
  return {part.service.display_name(), std::move(out), part.receipt, part.all_receipt};
}

PackList SpendList(const v1::Pack& pack, Receipts& receipts) {
  PackList list{"Spend", {}, receipts.Label(pack.receipt(), "This pack"), ""};
  const int64_t known = pack.top_spenders().known_total_micros();
  if (known <= 0 || pack.members_published_micros() <= 0) return list;
  const double share =
      static_cast<double>(pack.members_published_micros()) / static_cast<double>(known);
  list.sentences.push_back(absl::StrCat(
      "The ", CountOf(pack.negotiation().member_count(), "member", "members"), " paid ",
      PoundWords(pack.members_published_micros()), " of the ", PoundWords(known),
      " that councils are known to have paid, by what they publish (", PercentWords(share), ")."));
  if (pack.has_members_submitted_micros()) {
    list.sentences.push_back(absl::StrCat("By their outcome reports, the members spent ",
                                          PoundWords(pack.members_submitted_micros()), "."));
  }
  return list;
}

}  // namespace

void AddSummary(const v1::Pack& pack, Receipts& receipts, PackDocument& document) {
  PackSection section{2, "In short", {}};
  const auto add = [&](PackList list) {
    if (!list.sentences.empty()) section.blocks.emplace_back(std::move(list));
  };
  add(SpendList(pack, receipts));
  for (const v1::Pack::Service& service : pack.services()) {
    if (!service.benchmark().whole().has_figures()) continue;
    add(ServiceList(PartOf(pack, service, receipts)));
  }
  if (!section.blocks.empty()) document.sections.push_back(std::move(section));
}

}  // namespace steelyard::negotiations
