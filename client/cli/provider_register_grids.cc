#include "client/cli/provider_register_grids.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

using google::protobuf::RepeatedPtrField;

std::string Joined(const RepeatedPtrField<std::string>& words) {
  return absl::StrJoin(words, "; ");
}

Cell DateCell(bool given, const google::type::Date& date) {
  return {given ? DateWords(date) : std::string(), RawDate(date)};
}

Cell CountCell(int64_t count) { return {CountWords(count), absl::StrCat(count)}; }

std::string LevelWords(v1::Establishment::Judgement::Level level) {
  switch (level) {
    case v1::Establishment::Judgement::OUTSTANDING:
      return "Outstanding";
    case v1::Establishment::Judgement::GOOD:
      return "Good";
    case v1::Establishment::Judgement::REQUIRES_IMPROVEMENT:
      return "Requires improvement";
    case v1::Establishment::Judgement::INADEQUATE:
      return "Inadequate";
    default:
      return "";
  }
}

// `caretech from 19 Oct 2018`, the newest last.
std::string OwnerWords(const v1::Provider& provider) {
  return absl::StrJoin(provider.owners(), "; ",
                       [](std::string* out, const v1::Provider::Owner& owner) {
                         absl::StrAppend(out, LastPart(owner.owner()));
                         if (owner.has_start_date())
                           absl::StrAppend(out, " from ", DateWords(owner.start_date()));
                         if (owner.has_end_date())
                           absl::StrAppend(out, " to ", DateWords(owner.end_date()));
                       });
}

}  // namespace

Grid GridOf(const RepeatedPtrField<v1::Provider>& providers) {
  Grid grid({{"Provider", "provider", GridColumn::kWrapped},
             {"Name", "name", GridColumn::kWrapped},
             {"Company number", "company_number"},
             {"Services", "services", GridColumn::kWrapped},
             {"Sector", "sector"},
             {"Owned by", "owners", GridColumn::kWrapped},
             {"Also called", "aliases", GridColumn::kWrapped}});
  for (const v1::Provider& provider : providers) {
    grid.Add({LastPart(provider.name()), provider.display_name(), provider.company_number(),
              Joined(provider.services()), provider.sector(), OwnerWords(provider),
              Joined(provider.aliases())});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::Establishment>& establishments) {
  Grid grid({{"URN", "establishment"},
             {"Name", "name", GridColumn::kWrapped},
             {"Kind", "provision_type", GridColumn::kWrapped},
             {"Service", "service"},
             {"Council", "council"},
             {"Area", "area"},
             {"Register of", "as_of_date"},
             {"Provider", "provider", GridColumn::kWrapped},
             {"Places", "places", GridColumn::kNumber},
             {"Status", "registration_status"},
             {"Judged", "judgement"},
             {"On", "judgement_date"}});
  for (const v1::Establishment& e : establishments) {
    v1::Establishment::Record record;
    if (e.records_size() > 0) record = e.records(e.records_size() - 1);
    v1::Establishment::Judgement judgement;
    if (e.judgements_size() > 0) judgement = e.judgements(e.judgements_size() - 1);
    grid.Add({LastPart(e.name()), e.display_name(), e.provision_type(), e.service(),
              LastPart(e.council()), LastPart(e.area()),
              DateCell(record.has_as_of_date(), record.as_of_date()), LastPart(record.provider()),
              record.places() == 0 ? Cell() : CountCell(record.places()),
              record.registration_status(), LevelWords(judgement.level()),
              DateCell(judgement.has_date(), judgement.date())});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::Measure>& measures) {
  Grid grid({{"Measure", "measure"},
             {"Name", "name"},
             {"What is rated", "definition", GridColumn::kWrapped},
             {"Look at", "guidance", GridColumn::kWrapped}});
  for (const v1::Measure& measure : measures) {
    grid.Add({LastPart(measure.name()), measure.display_name(), measure.definition(),
              measure.guidance()});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::ListCodesResponse::Code>& codes) {
  Grid grid({{"List", "list"},
             {"Code", "code"},
             {"Name", "name", GridColumn::kWrapped},
             {"Stands for", "meaning", GridColumn::kWrapped}});
  for (const auto& code : codes) {
    grid.Add({code.list(), code.code(), code.display_name(), code.meaning()});
  }
  return grid;
}

Grid OwnersGrid(const v1::Provider& provider) {
  Grid grid({{"Owner", "owner"}, {"From", "start_date"}, {"To", "end_date"}});
  for (const v1::Provider::Owner& owner : provider.owners()) {
    grid.Add({LastPart(owner.owner()), DateCell(owner.has_start_date(), owner.start_date()),
              DateCell(owner.has_end_date(), owner.end_date())});
  }
  return grid;
}

Grid HistoryGrid(const v1::Establishment& establishment) {
  Grid grid({{"Day", "date"},
             {"Provider", "provider", GridColumn::kWrapped},
             {"Places", "places", GridColumn::kNumber},
             {"Status", "registration_status"},
             {"Judged", "judgement"}});
  struct Line {
    std::string day;
    std::vector<Cell> cells;
  };
  std::vector<Line> lines;
  for (const auto& record : establishment.records()) {
    lines.push_back({RawDate(record.as_of_date()),
                     {DateCell(true, record.as_of_date()), LastPart(record.provider()),
                      record.places() == 0 ? Cell() : CountCell(record.places()),
                      record.registration_status(), ""}});
  }
  for (const auto& judgement : establishment.judgements()) {
    lines.push_back(
        {RawDate(judgement.date()),
         {DateCell(true, judgement.date()), "", "", "", LevelWords(judgement.level())}});
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& a, const Line& b) { return a.day < b.day; });
  for (Line& line : lines) grid.Add(std::move(line.cells));
  return grid;
}

Grid LevelsGrid(const v1::Measure& measure) {
  Grid grid({{"Level", "level"},
             {"When", "meaning", GridColumn::kWrapped},
             {"Counts as", "score", GridColumn::kNumber}});
  for (const v1::Measure::Level& level : measure.levels()) {
    grid.Add({level.display_name(), level.meaning(),
              level.has_score() ? absl::StrCat(level.score()) : std::string("no rank")});
  }
  return grid;
}

}  // namespace steelyard::cli
