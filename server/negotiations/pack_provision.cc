// What a pack says of places, from the public register of establishments.

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/negotiations/figure_words.h"
#include "server/negotiations/pack_parts.h"
#include "storage/base/text.h"

namespace steelyard::negotiations {
namespace {

std::vector<PackCell> AreaRow(const std::string& name, const v1::Provision::AreaProvision& area) {
  const double share = area.all_places() > 0 ? static_cast<double>(area.places()) /
                                                   static_cast<double>(area.all_places())
                                             : 0;
  return {name,
          CountCell(area.establishments()),
          CountCell(area.places()),
          CountCell(area.all_places()),
          area.all_places() > 0 ? ShareCell(share) : NotShownCell(),
          area.all_places() > 0
              ? PackCell(CountWords(static_cast<int64_t>(area.hhi() + 0.5)), RawNumber(area.hhi()))
              : NotShownCell(),
          CountCell(area.owners())};
}

void AddAreas(const v1::Pack& pack, const NameSource& name_of, const std::string& receipt,
              PackSection& section) {
  PackTable table;
  table.caption =
      absl::StrCat("Places of ", pack.provider_display_name(), " and of all, by area, on ",
                   DateWords(pack.provision().as_of_date()));
  table.receipt = receipt;
  table.columns = {{"Area"},
                   {"Its establishments", true},
                   {"Its places", true},
                   {"All places", true},
                   {"Its share", true},
                   {"Concentration (HHI)", true},
                   {"Owners", true}};
  table.rows.push_back(AreaRow("Whole country", pack.provision().whole()));
  for (const v1::Provision::AreaProvision& area : pack.provision().areas()) {
    table.rows.push_back(
        AreaRow(area.area().empty() ? "Area not known" : name_of(area.area()), area));
  }
  section.blocks.emplace_back(std::move(table));
}

void AddOwners(const v1::Provision& provision, const std::string& receipt, PackSection& section) {
  if (provision.owners().empty()) return;
  PackTable table;
  table.caption = "The largest owners by places";
  table.receipt = receipt;
  table.columns = {{"Owner"}, {"Establishments", true}, {"Places", true}, {"Share", true}};
  for (const v1::Provision::OwnerShare& owner : provision.owners()) {
    table.rows.push_back(
        {owner.display_name().empty() ? LastPart(owner.owner()) : owner.display_name(),
         CountCell(owner.establishments()), CountCell(owner.places()), ShareCell(owner.share())});
  }
  section.blocks.emplace_back(std::move(table));
}

void AddJudgements(const v1::Pack& pack, const std::string& receipt, PackSection& section) {
  const v1::Provision& provision = pack.provision();
  if (provision.judgements().empty()) {
    section.blocks.emplace_back(
        PackText{"No establishment of the provider is in that register, "
                 "so there are no judgements to count."});
    return;
  }
  PackTable table;
  table.caption = absl::StrCat("Newest judgements of ", pack.provider_display_name(),
                               "'s establishments by the inspectorate");
  table.receipt = receipt;
  table.columns = {{"Judgement"}, {"Establishments", true}};
  for (const v1::Provision::JudgementCount& count : provision.judgements()) {
    table.rows.push_back({JudgementWords(count.level()), CountCell(count.establishments())});
  }
  section.blocks.emplace_back(std::move(table));
  if (!provision.has_funnel()) return;
  StatusNotes notes;
  const v1::FunnelPosition& f = provision.funnel();
  const std::string word = notes.Add(f.status());
  section.blocks.emplace_back(PackText{absl::StrCat(
      "Judged below good: ", CountWords(f.below_target()), " of ", CountWords(f.ratings()), " (",
      PercentWords(f.share()), "); all owners together ", PercentWords(f.target()),
      ", 95 % limits ", PercentWords(f.lower_95()), " to ", PercentWords(f.upper_95()), ": ", word,
      ". Receipt ", receipt, ".")});
  notes.AddTo(section);
}

}  // namespace

void AddProvision(const v1::Pack& pack, const NameSource& name_of, Receipts& receipts,
                  PackDocument& document) {
  PackSection section{2, "Places and concentration", {}};
  if (!pack.provision().has_as_of_date()) {
    section.blocks.emplace_back(
        PackText{"No register of establishments of that time is loaded, so places and "
                 "concentration cannot be shown."});
    document.sections.push_back(std::move(section));
    return;
  }
  section.blocks.emplace_back(PackText{
      "From the inspectorate's public register; nothing of it is held back. The index of "
      "concentration (HHI) is the sum of the squares of owners' shares of places, 0 to 10,000: it "
      "describes, it is no test."});
  const std::string receipt = receipts.Label(pack.receipt(), "This pack");
  AddAreas(pack, name_of, receipt, section);
  AddOwners(pack.provision(), receipt, section);
  AddJudgements(pack, receipt, section);
  document.sections.push_back(std::move(section));
}

}  // namespace steelyard::negotiations
