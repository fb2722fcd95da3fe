#include "client/cli/circle_grids.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

using google::protobuf::RepeatedPtrField;

Cell TimeCell(const google::protobuf::Timestamp& time) { return {TimeWords(time), RawTime(time)}; }

Cell CountCell(int64_t count) { return {CountWords(count), absl::StrCat(count)}; }

std::string NamesOf(const RepeatedPtrField<std::string>& names) {
  return absl::StrJoin(
      names, ", ", [](std::string* out, const std::string& name) { out->append(LastPart(name)); });
}

std::string StateWords(const v1::Circle& circle) {
  return EnumWords(v1::Circle::State_Name(circle.state()));
}

// `unit price, spend`.
std::string FieldWords(const v1::CircleTerms& terms) {
  std::vector<std::string> words;
  for (int i = 0; i < terms.fields_size(); ++i) {
    words.push_back(EnumWords(v1::CircleTerms::Field_Name(terms.fields(i))));
  }
  return absl::StrJoin(words, ", ");
}

// What the terms are about: `all products`, or ids.
std::string ScopeWords(const v1::CircleTerms& terms) {
  std::vector<std::string> parts;
  if (terms.all_products()) parts.push_back("all products");
  if (terms.products_size() > 0) parts.push_back(NamesOf(terms.products()));
  if (terms.providers_size() > 0) parts.push_back(NamesOf(terms.providers()));
  return absl::StrJoin(parts, "; ");
}

Cell MonthsCell(const v1::Month& from, const v1::Month& to) {
  return {PeriodWords(from, to), absl::StrCat(RawMonth(from), "..", RawMonth(to))};
}

Cell UntilCell(const v1::CircleTerms& terms) {
  if (!terms.has_expire_date()) return {};
  return {DateWords(terms.expire_date()), RawDate(terms.expire_date())};
}

Grid MemberGrid(const v1::Circle& circle) {
  Grid grid({{"Council", "council"}, {"Consented", "consent_time"}, {"Withdrew", "withdraw_time"}});
  for (const v1::Circle::Member& member : circle.members()) {
    grid.Add({LastPart(member.council()), TimeCell(member.consent_time()),
              member.has_withdraw_time() ? TimeCell(member.withdraw_time()) : Cell()});
  }
  return grid;
}

// `94 of 120`; empty where there is nothing to say it of. Programs get two
// numbers: a spreadsheet takes 5/6 for a day.
Cell PartCell(int64_t part, int64_t whole) {
  if (whole == 0) return {};
  return {absl::StrCat(CountWords(part), " of ", CountWords(whole)), absl::StrCat(part)};
}
Cell ShareCell(bool given, double share) {
  return given ? Cell(PercentWords(share), absl::StrCat(share)) : Cell();
}
Cell OfCell(int64_t whole) { return {"", whole == 0 ? "" : absl::StrCat(whole)}; }

Cell MoneyCell(bool given, int64_t micros, const std::string& currency, int decimals) {
  if (!given) return {};
  return {MoneyWords(micros, currency, decimals), RawAmount(micros)};
}

}  // namespace

Grid GridOf(const RepeatedPtrField<v1::Circle>& circles) {
  Grid grid({{"Circle", "circle"},
             {"Title", "title", GridColumn::kWrapped},
             {"About", "about", GridColumn::kWrapped, 30},
             {"Shown", "fields", GridColumn::kWrapped, 24},
             {"State", "state"},
             {"Led by", "lead_council"},
             {"Members", "members", GridColumn::kNumber}});
  for (const v1::Circle& circle : circles) {
    grid.Add({LastPart(circle.name()), circle.terms().title(), ScopeWords(circle.terms()),
              FieldWords(circle.terms()), StateWords(circle), LastPart(circle.lead_council()),
              CountCell(circle.member_count())});
  }
  return grid;
}

Grid GridOf(const v1::Circle& circle) {
  const v1::CircleTerms& terms = circle.terms();
  Grid grid({{"Field", "field"}, {"Value", "value", GridColumn::kWrapped}});
  // Terms that nothing was founded on yet have no name.
  const bool founded = !circle.name().empty();
  if (founded) grid.Add({"circle", LastPart(circle.name())});
  grid.Add({"title", terms.title()});
  if (founded) {
    grid.Add({"state", StateWords(circle)});
    grid.Add({"led by", LastPart(circle.lead_council())});
    grid.Add({"members", CountCell(circle.member_count())});
  }
  // Whoever may not join sees no more of the terms.
  if (circle.terms_sha256().empty() && founded) return grid;
  if (terms.all_products()) grid.Add({"products", "all"});
  if (terms.products_size() > 0) grid.Add({"products", NamesOf(terms.products())});
  if (terms.providers_size() > 0) grid.Add({"providers", NamesOf(terms.providers())});
  grid.Add({"shown", FieldWords(terms)});
  grid.Add({"months", MonthsCell(terms.from_month(), terms.to_month())});
  if (circle.has_close_time()) grid.Add({"closed", TimeCell(circle.close_time())});
  grid.Add({"until", terms.has_expire_date() ? UntilCell(terms) : Cell("it is closed", "")});
  grid.Add({"may join", terms.invited_councils_size() == 0 ? std::string("any council")
                                                           : NamesOf(terms.invited_councils())});
  if (founded) grid.Add({"terms SHA-256", circle.terms_sha256()});
  if (!circle.etag().empty()) grid.Add({"etag", circle.etag()});
  return grid;
}

void PrintCircle(std::ostream& out, size_t width, const v1::Circle& circle) {
  GridOf(circle).Print(out, width);
  if (circle.members_size() == 0) return;
  out << "\nConsents, withdrawn ones too\n";
  MemberGrid(circle).Print(out, width);
}

Grid GridOf(const RepeatedPtrField<v1::CircleFigure>& figures) {
  Grid grid({{"Council", "council"},
             {"Product", "product", GridColumn::kWrapped, 32},
             {"Provider", "provider", GridColumn::kWrapped, 32},
             {"Service", "service"},
             {"Months", "months"},
             {"Unit price", "mean_unit_price", GridColumn::kNumber},
             {"Spend", "spend", GridColumn::kNumber},
             {"Currency", "currency_code"},
             {"Units", "units", GridColumn::kNumber},
             {"Unit", "base_unit"},
             {"On time", "on_time_lines", GridColumn::kNumber},
             {"", "due_lines"},
             {"Delivered", "fill_rate", GridColumn::kNumber},
             {"Rejected", "rejected_share", GridColumn::kNumber},
             {"Placements", "placements", GridColumn::kNumber},
             {"Weekly fee", "mean_weekly_fee", GridColumn::kNumber}});
  std::vector<int64_t> prices;
  for (const v1::CircleFigure& f : figures) {
    if (f.has_mean_unit_price_micros()) prices.push_back(f.mean_unit_price_micros());
  }
  const int decimals = PriceDecimals(prices);
  for (const v1::CircleFigure& f : figures) {
    const std::string& currency = f.currency_code();
    grid.Add(
        {LastPart(f.council()), LastPart(f.product()), LastPart(f.provider()), f.service(),
         MonthsCell(f.from_month(), f.to_month()),
         MoneyCell(f.has_mean_unit_price_micros(), f.mean_unit_price_micros(), currency, decimals),
         MoneyCell(f.has_spend_micros(), f.spend_micros(), currency,
                   TotalDecimals(f.spend_micros())),
         // People see it before each amount.
         Cell("", currency), f.has_units() ? CountCell(f.units()) : Cell(),
         f.product().empty() ? Cell() : Cell(EnumWords(v1::Product::BaseUnit_Name(f.base_unit()))),
         PartCell(f.delivery().on_time_lines(), f.delivery().due_lines()),
         OfCell(f.delivery().due_lines()),
         ShareCell(f.delivery().has_fill_rate(), f.delivery().fill_rate()),
         ShareCell(f.delivery().has_rejected_share(), f.delivery().rejected_share()),
         f.has_placements() ? CountCell(f.placements()) : Cell(),
         MoneyCell(f.has_mean_weekly_fee_micros(), f.mean_weekly_fee_micros(), currency, 2)});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::Exposure>& exposures) {
  Grid grid({{"Who sees", "council"},
             {"Through", "source"},
             {"About", "about", GridColumn::kWrapped, 30},
             {"What", "fields", GridColumn::kWrapped, 24},
             {"Months", "months"},
             {"Since", "start_time"},
             {"Until", "expire_date"},
             {"Ended", "end_time"}});
  for (const v1::Exposure& e : exposures) {
    grid.Add({LastPart(e.council()), e.source(), ScopeWords(e.terms()), FieldWords(e.terms()),
              MonthsCell(e.terms().from_month(), e.terms().to_month()), TimeCell(e.start_time()),
              UntilCell(e.terms()), e.has_end_time() ? TimeCell(e.end_time()) : Cell()});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::Look>& looks) {
  Grid grid({{"When", "time"},
             {"Council that looked", "council"},
             {"Who", "principal"},
             {"Through", "source"},
             {"Times", "times", GridColumn::kNumber}});
  for (const v1::Look& look : looks) {
    grid.Add({TimeCell(look.time()), LastPart(look.council()), LastPart(look.principal()),
              look.source(), CountCell(look.times())});
  }
  return grid;
}

}  // namespace steelyard::cli
