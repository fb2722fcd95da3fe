#include "client/cli/provision_view.h"

#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

constexpr auto kNumber = GridColumn::kNumber;

std::string ShareOf(int64_t part, int64_t whole) {
  if (whole == 0) return std::string(kNone);
  return PercentWords(static_cast<double>(part) / static_cast<double>(whole));
}

std::string IndexWords(const v1::Provision::AreaProvision& area) {
  if (area.owners() == 0) return std::string(kNone);
  return CountWords(static_cast<int64_t>(std::llround(area.hhi())));
}

void PrintAreas(std::ostream& out, size_t width, const v1::Provision& provision, bool of_one,
                const DisplayNames& names) {
  std::vector<GridColumn> columns = {{"Area", "", GridColumn::kWrapped}};
  if (of_one) {
    columns.push_back({"Its homes", "", kNumber});
    columns.push_back({"Its places", "", kNumber});
    columns.push_back({"Share", "", kNumber});
  }
  columns.push_back({"All homes", "", kNumber});
  columns.push_back({"All places", "", kNumber});
  columns.push_back({"Owners", "", kNumber});
  columns.push_back({"HHI", "", kNumber});
  Grid grid(std::move(columns));
  const auto add = [&](const std::string& name, const v1::Provision::AreaProvision& area) {
    std::vector<Cell> row = {name};
    if (of_one) {
      row.push_back(CountWords(area.establishments()));
      row.push_back(CountWords(area.places()));
      row.push_back(ShareOf(area.places(), area.all_places()));
    }
    row.push_back(CountWords(area.all_establishments()));
    row.push_back(CountWords(area.all_places()));
    row.push_back(CountWords(area.owners()));
    row.push_back(IndexWords(area));
    grid.Add(std::move(row));
  };
  for (const v1::Provision::AreaProvision& area : provision.areas()) {
    const auto found = names.find(area.area());
    add(area.area().empty()    ? "Area not known"
        : found == names.end() ? LastPart(area.area())
                               : found->second,
        area);
  }
  add("All areas", provision.whole());
  grid.Print(out, width);
  PrintParagraphs(out, width,
                  "Homes are establishments of any kind, active or suspended. HHI is the sum of "
                  "the squares of owners' percentage shares of places, 0 to 10,000: it describes "
                  "and decides nothing. Places whose owner is not named count for nobody, so it "
                  "is the least that it can be.");
}

void PrintOwners(std::ostream& out, size_t width, const v1::Provision& provision) {
  if (provision.owners().empty()) return;
  out << '\n';
  Grid grid({{"Largest owners", "", GridColumn::kWrapped},
             {"Homes", "", kNumber},
             {"Places", "", kNumber},
             {"Share", "", kNumber}});
  for (const v1::Provision::OwnerShare& owner : provision.owners()) {
    grid.Add({owner.display_name(), CountWords(owner.establishments()), CountWords(owner.places()),
              PercentWords(owner.share())});
  }
  grid.Print(out, width);
}

void PrintJudgements(std::ostream& out, size_t width, const v1::Provision& provision) {
  if (provision.judgements().empty()) return;
  out << '\n';
  Grid grid({{"Newest judgement", ""}, {"Homes", "", kNumber}});
  for (const v1::Provision::JudgementCount& count : provision.judgements()) {
    const bool judged = count.level() != v1::Establishment::Judgement::LEVEL_UNSPECIFIED;
    grid.Add({judged ? EnumWords(v1::Establishment::Judgement::Level_Name(count.level()))
                     : std::string("not judged"),
              CountWords(count.establishments())});
  }
  grid.Print(out, width);
  if (!provision.has_funnel()) return;
  const v1::FunnelPosition& f = provision.funnel();
  WordList words;
  PrintParagraphs(out, width,
                  absl::StrCat("Judged below good: ", CountWords(f.below_target()), " of ",
                               CountWords(f.ratings()), " (", PercentWords(f.share()), "); of all ",
                               PercentWords(f.target()), "; 95% limits at this size ",
                               PercentWords(f.lower_95()), " to ", PercentWords(f.upper_95()), ": ",
                               words.Use(f.status()), "."));
  words.Print(out, width);
}

}  // namespace

void PrintProvision(std::ostream& out, size_t width, const v1::Provision& provision,
                    const std::string& who, const DisplayNames& names) {
  if (!provision.has_as_of_date()) {
    PrintParagraphs(out, width,
                    "No register of establishments of that day or before it is loaded; a steward "
                    "loads one with `steelyard registry import-ofsted`.");
    return;
  }
  PrintParagraphs(out, width,
                  absl::StrCat(who.empty() ? "All providers" : who,
                               ": the public register of establishments of ",
                               DateWords(provision.as_of_date())));
  out << '\n';
  PrintAreas(out, width, provision, !who.empty(), names);
  PrintOwners(out, width, provision);
  PrintJudgements(out, width, provision);
}

Grid ProvisionGrid(const v1::Provision& provision) {
  Grid grid({{"", "as_of_date"},
             {"", "area"},
             {"", "establishments", kNumber},
             {"", "places", kNumber},
             {"", "all_establishments", kNumber},
             {"", "all_places", kNumber},
             {"", "owners", kNumber},
             {"", "hhi", kNumber}});
  const auto add = [&](const std::string& area, const v1::Provision::AreaProvision& a) {
    const bool known = a.owners() > 0;
    grid.Add({RawDate(provision.as_of_date()), area, absl::StrCat(a.establishments()),
              absl::StrCat(a.places()), absl::StrCat(a.all_establishments()),
              absl::StrCat(a.all_places()), absl::StrCat(a.owners()),
              known ? RawNumber(a.hhi()) : std::string()});
  };
  add("all", provision.whole());
  for (const v1::Provision::AreaProvision& area : provision.areas()) {
    add(LastPart(area.area()), area);
  }
  return grid;
}

}  // namespace steelyard::cli
