#include "client/cli/spend_grids.h"

#include <string>

#include "absl/strings/str_join.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

using google::protobuf::RepeatedPtrField;

Cell Count(int64_t count) { return {CountWords(count), std::to_string(count)}; }

Cell Pounds(int64_t micros) {
  return {MoneyWords(micros, "GBP", TotalDecimals(micros)), RawAmount(micros)};
}

Cell QuarterCell(const v1::Quarter& quarter) {
  return {QuarterWords(quarter, quarter), RawQuarter(quarter)};
}

Cell MatchCell(v1::MatchedName::Match match) {
  const std::string raw = EnumWords(v1::MatchedName::Match_Name(match));
  switch (match) {
    case v1::MatchedName::NUMBER:
      return {"company number", raw};
    case v1::MatchedName::NAME:
      return {"name", raw};
    case v1::MatchedName::DECIDED:
      return {"as decided", raw};
    case v1::MatchedName::PROPOSED:
      return {"alike, not counted", raw};
    default:
      return {"nobody's", raw};
  }
}

std::string OrNobody(const std::string& provider) {
  return provider.empty() ? "nobody's" : LastPart(provider);
}

}  // namespace

Grid GridOf(const RepeatedPtrField<v1::MatchedName>& names) {
  Grid grid({{"Supplier name", "supplier_name", GridColumn::kWrapped},
             {"Provider", "provider", GridColumn::kWrapped},
             {"Matched by", "match"},
             {"Payments", "payments", GridColumn::kNumber},
             {"Sum", "amount", GridColumn::kNumber}});
  for (const v1::MatchedName& name : names) {
    grid.Add({name.supplier_name(), LastPart(name.provider()), MatchCell(name.match()),
              Count(name.payments()), Pounds(name.amount_micros())});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::PaymentSource>& sources) {
  Grid grid({{"Council", "council"},
             {"Source", "source", GridColumn::kWrapped},
             {"Payments", "payments", GridColumn::kNumber},
             {"From", "from_quarter"},
             {"To", "to_quarter"}});
  for (const v1::PaymentSource& source : sources) {
    grid.Add({LastPart(source.council()), source.source(), Count(source.payments()),
              QuarterCell(source.from_quarter()), QuarterCell(source.to_quarter())});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::SpendRow>& rows) {
  Grid grid({{"Council", "council"},
             {"Provider", "provider", GridColumn::kWrapped},
             {"Owner then", "owner", GridColumn::kWrapped},
             {"Quarter", "quarter"},
             {"Published", "published", GridColumn::kNumber},
             {"Payments", "payments", GridColumn::kNumber},
             {"Credit notes", "credit_notes", GridColumn::kNumber},
             {"Submitted", "submitted", GridColumn::kNumber}});
  for (const v1::SpendRow& row : rows) {
    grid.Add({LastPart(row.council()), LastPart(row.provider()), LastPart(row.owner()),
              QuarterCell(row.quarter()), Pounds(row.published_micros()), Count(row.payments()),
              Count(row.credit_notes()),
              row.has_submitted_micros() ? Pounds(row.submitted_micros()) : Cell()});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::TopSpender>& spenders) {
  Grid grid({{"Rank", "rank", GridColumn::kNumber},
             {"Council", "council"},
             {"Name", "name", GridColumn::kWrapped},
             {"Published", "published", GridColumn::kNumber},
             {"Share of known", "share_of_known", GridColumn::kNumber},
             {"Submitted", "submitted", GridColumn::kNumber}});
  for (const v1::TopSpender& spender : spenders) {
    grid.Add({Count(spender.rank()),
              LastPart(spender.council()),
              spender.council_display_name(),
              Pounds(spender.published_micros()),
              {PercentWords(spender.share_of_known()), RawNumber(spender.share_of_known())},
              spender.has_submitted_micros() ? Pounds(spender.submitted_micros()) : Cell()});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::NameProposal>& proposals) {
  Grid grid({{"Supplier name", "supplier_name", GridColumn::kWrapped},
             {"May be", "candidates", GridColumn::kWrapped},
             {"Alike", "similarity", GridColumn::kNumber},
             {"Payments", "payments", GridColumn::kNumber},
             {"Sum", "amount", GridColumn::kNumber}});
  for (const v1::NameProposal& proposal : proposals) {
    const std::string candidates = absl::StrJoin(
        proposal.candidates(), "; ",
        [](std::string* out, const std::string& name) { out->append(LastPart(name)); });
    grid.Add({proposal.supplier_name(),
              candidates,
              {PercentWords(proposal.similarity()), RawNumber(proposal.similarity())},
              Count(proposal.payments()),
              Pounds(proposal.amount_micros())});
  }
  return grid;
}

Grid GridOf(const RepeatedPtrField<v1::NameDecision>& decisions) {
  Grid grid({{"Supplier name", "supplier_name", GridColumn::kWrapped},
             {"Whose", "provider", GridColumn::kWrapped},
             {"Decided by", "decided_by"}});
  for (const v1::NameDecision& decision : decisions) {
    grid.Add({decision.supplier_name(),
              {OrNobody(decision.provider()), LastPart(decision.provider())},
              LastPart(decision.decided_by())});
  }
  return grid;
}

}  // namespace steelyard::cli
