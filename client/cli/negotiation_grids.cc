#include "client/cli/negotiation_grids.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

using google::protobuf::RepeatedPtrField;

std::string StateWords(const v1::Negotiation& n) {
  return EnumWords(v1::Negotiation::State_Name(n.state()));
}

Cell TimeCell(const google::protobuf::Timestamp& time) { return {TimeWords(time), RawTime(time)}; }

Cell CountCell(int64_t count) { return {CountWords(count), absl::StrCat(count)}; }

// A cell has no lines of its own.
std::string OneLine(const std::string& text) {
  return absl::StrJoin(absl::StrSplit(text, absl::ByAnyChar("\r\n\t"), absl::SkipWhitespace()),
                       " ");
}

Grid PositionGrid(const v1::Negotiation& n) {
  Grid grid({{"No.", "number", GridColumn::kNumber},
             {"Position", "position", GridColumn::kWrapped},
             {"By", "proposed_by"},
             {"Endorsed by", "endorsed_by", GridColumn::kWrapped, 30},
             {"Count", "endorsements", GridColumn::kNumber}});
  for (const v1::Negotiation::Position& position : n.positions()) {
    const std::string names = absl::StrJoin(
        position.endorsed_by(), ", ",
        [](std::string* out, const std::string& name) { out->append(LastPart(name)); });
    grid.Add({absl::StrCat(position.number()), position.text(), LastPart(position.proposed_by()),
              names, CountCell(position.endorsed_by_size())});
  }
  return grid;
}

Grid MemberGrid(const v1::Negotiation& n) {
  Grid grid({{"Council", "council"}, {"Consented", "consent_time"}, {"Withdrew", "withdraw_time"}});
  for (const v1::Negotiation::Member& member : n.members()) {
    grid.Add({LastPart(member.council()), TimeCell(member.consent_time()),
              member.has_withdraw_time() ? TimeCell(member.withdraw_time()) : Cell()});
  }
  return grid;
}

Grid PackGrid(const v1::Negotiation& n) {
  Grid grid({{"Pack", "pack", GridColumn::kNumber},
             {"Released", "release_time"},
             {"Edition", "edition", GridColumn::kNumber},
             {"SHA-256", "content_sha256", GridColumn::kWrapped}});
  for (const v1::Negotiation::ReleasedPack& pack : n.packs()) {
    grid.Add({absl::StrCat(pack.number()), TimeCell(pack.release_time()),
              absl::StrCat(pack.edition()), pack.content_sha256()});
  }
  return grid;
}

}  // namespace

Grid GridOf(const RepeatedPtrField<v1::Negotiation>& negotiations) {
  Grid grid({{"Negotiation", "negotiation"},
             {"Provider", "provider"},
             {"Title", "title", GridColumn::kWrapped},
             {"Services", "services", GridColumn::kWrapped, 30},
             {"State", "state"},
             {"Led by", "link_authority"},
             {"Members", "members", GridColumn::kNumber}});
  for (const v1::Negotiation& n : negotiations) {
    grid.Add({LastPart(n.name()), LastPart(n.provider()), n.title(),
              absl::StrJoin(n.services(), ", "), StateWords(n), LastPart(n.link_authority()),
              CountCell(n.member_count())});
  }
  return grid;
}

Grid GridOf(const v1::Negotiation& n) {
  Grid grid({{"Field", "field"}, {"Value", "value", GridColumn::kWrapped}});
  grid.Add({"negotiation", LastPart(n.name())});
  grid.Add({"provider", LastPart(n.provider())});
  grid.Add({"title", n.title()});
  grid.Add({"services", absl::StrJoin(n.services(), ", ")});
  if (n.has_from_quarter()) {
    grid.Add({"quarters",
              {QuarterWords(n.from_quarter(), n.to_quarter()),
               absl::StrCat(RawQuarter(n.from_quarter()), "..", RawQuarter(n.to_quarter()))}});
  }
  grid.Add({"state", StateWords(n)});
  grid.Add({"led by", LastPart(n.link_authority())});
  grid.Add({"members", CountCell(n.member_count())});
  if (n.quorum() > 0) grid.Add({"quorum", CountCell(n.quorum())});
  if (n.has_reply()) {
    grid.Add({"draft sent", TimeCell(n.reply().send_time())});
    grid.Add({"reply due", TimeCell(n.reply().due_time())});
    grid.Add({"draft SHA-256", n.reply().draft_sha256()});
    if (n.reply().has_reply_time()) {
      grid.Add({"replied", TimeCell(n.reply().reply_time())});
      grid.Add({"reply", {OneLine(n.reply().text()), n.reply().text()}});
    }
  }
  if (!n.etag().empty()) grid.Add({"etag", n.etag()});
  return grid;
}

void PrintNegotiation(std::ostream& out, size_t width, const v1::Negotiation& n) {
  GridOf(n).Print(out, width);
  const auto print = [&](const char* heading, const Grid& grid) {
    if (grid.rows() == 0) return;
    out << "\n" << heading << "\n";
    grid.Print(out, width);
  };
  print("Positions", PositionGrid(n));
  print("Members, former ones too", MemberGrid(n));
  print("Released packs", PackGrid(n));
}

}  // namespace steelyard::cli
