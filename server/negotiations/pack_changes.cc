#include "server/negotiations/pack_changes.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/negotiations/figure_words.h"
#include "storage/base/text.h"

namespace steelyard::negotiations {
namespace {

class Headlines {
 public:
  void Add(std::string_view figure, std::string value) {
    Headline headline{absl::StrCat(prefix_, Av(figure)), std::move(value)};
    headline.figure[0] = absl::ascii_toupper(static_cast<unsigned char>(headline.figure[0]));
    list_.push_back(std::move(headline));
  }
  // What the figures that follow are of.
  void StartService(std::string_view name) { prefix_ = absl::StrCat(Av(name), ": "); }
  void EndService() { prefix_.clear(); }
  std::vector<Headline> Take() && { return std::move(list_); }

 private:
  std::string prefix_;
  std::vector<Headline> list_;
};

std::string FeeWords(int64_t micros) { return PoundWords(micros) + " a week"; }

void AddMeasures(const v1::ProviderFigures& figures, Headlines& out) {
  for (const v1::MeasureFigures& m : figures.measures()) {
    out.Add(absl::StrCat("mean score in ", m.display_name(), ", drawn towards all"),
            absl::StrCat(ScoreWords(m.shrunk_score()), " (", ScoreWords(m.shrunk_lower()), " to ",
                         ScoreWords(m.shrunk_upper()), ")"));
    if (m.has_funnel()) {
      out.Add(absl::StrCat("share below target in ", m.display_name()),
              absl::StrCat(PercentWords(m.funnel().share()), ", ", m.funnel().status().word()));
    }
  }
}

void AddService(const v1::Pack::Service& service, Headlines& out) {
  if (!service.benchmark().whole().has_figures()) return;
  const v1::ProviderFigures& figures = service.benchmark().whole().figures();
  out.StartService(service.display_name());
  out.Add("placements", CountWords(figures.placements()));
  AddMeasures(figures, out);
  if (figures.has_unplanned_endings()) {
    out.Add("unplanned endings", ProportionWords(figures.unplanned_endings()));
  }
  const v1::SufficiencyFigures& sufficiency = figures.sufficiency();
  if (sufficiency.has_offers_per_referral()) {
    out.Add("offers per referral", ProportionWords(sufficiency.offers_per_referral()));
  }
  if (sufficiency.has_no_alternative()) {
    out.Add("reports of no alternative", ProportionWords(sufficiency.no_alternative()));
  }
  if (figures.fees().has_mean_micros()) {
    out.Add("mean weekly fee", FeeWords(figures.fees().mean_micros()));
  }
  if (figures.fees().has_p50_micros()) {
    out.Add("median weekly fee", FeeWords(figures.fees().p50_micros()));
  }
  out.EndService();
}

const std::string* Find(const std::vector<Headline>& list, std::string_view figure) {
  for (const Headline& headline : list) {
    if (headline.figure == figure) return &headline.value;
  }
  return nullptr;
}

}  // namespace

std::vector<Headline> HeadlinesOf(const v1::Pack& pack) {
  Headlines out;
  out.Add("councils that are members", CountWords(pack.negotiation().member_count()));
  if (pack.has_top_spenders()) {
    out.Add("published spend of all councils known",
            PoundWords(pack.top_spenders().known_total_micros()));
    out.Add("published spend of the members", PoundWords(pack.members_published_micros()));
  }
  if (pack.has_members_submitted_micros()) {
    out.Add("submitted spend of the members", PoundWords(pack.members_submitted_micros()));
  }
  for (const v1::Pack::Service& service : pack.services()) AddService(service, out);
  if (pack.provision().has_as_of_date()) {
    out.Add("establishments", CountWords(pack.provision().whole().establishments()));
    out.Add("places", CountWords(pack.provision().whole().places()));
  }
  return std::move(out).Take();
}

std::vector<v1::Pack::Change> ChangesBetween(const v1::Pack& before, const v1::Pack& now) {
  const std::vector<Headline> old = HeadlinesOf(before);
  const std::vector<Headline> present = HeadlinesOf(now);
  std::vector<v1::Pack::Change> changes;
  const auto add = [&](const std::string& figure, std::string_view was, std::string_view is) {
    v1::Pack::Change change;
    change.set_figure(figure);
    change.set_before(std::string(was));
    change.set_now(std::string(is));
    changes.push_back(std::move(change));
  };
  for (const Headline& headline : present) {
    const std::string* was = Find(old, headline.figure);
    if (was != nullptr && *was == headline.value) continue;
    add(headline.figure, was == nullptr ? kNotShown : std::string_view(*was), headline.value);
  }
  for (const Headline& headline : old) {
    if (Find(present, headline.figure) == nullptr) add(headline.figure, headline.value, kNotShown);
  }
  return changes;
}

}  // namespace steelyard::negotiations
