// Provider benchmarks as CSV: every figure, raw.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/provider_view.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {

// One row under construction, and the keys of its columns as they are met.
class Row {
 public:
  void Text(const char* key, std::string text) {
    columns_.push_back({"", key});
    cells_.emplace_back(std::move(text));
  }
  void Count(const char* key, bool there, int64_t count) {
    Text(key, there ? absl::StrCat(count) : "");
  }
  void Amount(const char* key, bool there, int64_t micros) {
    Text(key, there ? RawAmount(micros) : "");
  }
  void Number(const char* key, bool there, double value) {
    Text(key, there ? RawNumber(value) : "");
  }
  void Share(const char* value, const char* lower, const char* upper, const char* of,
             const v1::Proportion& share) {
    const bool there = share.denominator() > 0;
    Number(value, there, share.value());
    Number(lower, there, share.lower());
    Number(upper, there, share.upper());
    Count(of, there, share.denominator());
  }
  void Receipt(const v1::Receipt& receipt) {
    Count("edition", true, receipt.edition());
    Text("method_version", receipt.method_version());
    Count("policy_version", true, receipt.policy_version());
  }

  const std::vector<GridColumn>& columns() const { return columns_; }
  std::vector<Cell>& cells() { return cells_; }

 private:
  std::vector<GridColumn> columns_;
  std::vector<Cell> cells_;
};

// `row` makes one row of an entry; a row of an empty one names the columns.
template <typename Entry, typename MakeRow>
Grid GridOf(const std::vector<Entry>& entries, const MakeRow& row) {
  Grid grid(row(Entry()).columns());
  for (const Entry& entry : entries) grid.Add(std::move(row(entry).cells()));
  return grid;
}

void AddSums(Row& row, const v1::ProviderCell& cell) {
  const v1::ProviderFigures& f = cell.figures();
  const bool there = cell.has_figures();
  row.Count("councils", there, f.councils());
  row.Count("reports", there, f.reports());
  row.Count("placements", there, f.placements());
  row.Amount("spend", there, f.spend_micros());
  row.Share("unplanned_endings", "unplanned_endings_lower", "unplanned_endings_upper",
            "unplanned_endings_of", f.unplanned_endings());
  const v1::SufficiencyFigures& s = f.sufficiency();
  row.Share("offers_per_referral", "offers_per_referral_lower", "offers_per_referral_upper",
            "offers_per_referral_of", s.offers_per_referral());
  row.Share("no_alternative", "no_alternative_lower", "no_alternative_upper", "no_alternative_of",
            s.no_alternative());
  row.Number("nearest_offer_p25_km", s.has_nearest_offer_p25_km(), s.nearest_offer_p25_km());
  row.Number("nearest_offer_p50_km", s.has_nearest_offer_p50_km(), s.nearest_offer_p50_km());
  row.Number("nearest_offer_p75_km", s.has_nearest_offer_p75_km(), s.nearest_offer_p75_km());
  const v1::FeeFigures& fees = f.fees();
  row.Amount("fee_mean", fees.has_mean_micros(), fees.mean_micros());
  row.Amount("fee_p10", fees.has_p10_micros(), fees.p10_micros());
  row.Amount("fee_p25", fees.has_p25_micros(), fees.p25_micros());
  row.Amount("fee_p50", fees.has_p50_micros(), fees.p50_micros());
  row.Amount("fee_p75", fees.has_p75_micros(), fees.p75_micros());
  row.Amount("fee_p90", fees.has_p90_micros(), fees.p90_micros());
  row.Amount("extras_mean", fees.has_mean_extras_micros(), fees.mean_extras_micros());
}

void AddWord(Row& row, const char* word, const char* scheme, const char* threshold,
             const v1::StatusWord& status) {
  row.Text(word, status.word());
  row.Text(scheme, status.scheme());
  row.Text(threshold, status.threshold());
}

void AddMeasure(Row& row, const v1::MeasureFigures& m) {
  row.Text("measure", LastPart(m.measure()));
  static constexpr const char* kLevels[] = {"good", "approaching_target", "requires_improvement",
                                            "inadequate", "other"};
  for (int i = 0; i < 5; ++i) {
    const bool there = i < m.levels_size();
    row.Count(kLevels[i], there, there ? m.levels(i).ratings() : 0);
  }
  row.Count("rating_councils", m.levels_size() > 0, m.councils());
  const bool scored = !m.score_map().empty();
  row.Text("score_map", m.score_map());
  row.Number("mean_score", scored, m.mean_score());
  row.Number("shrunk_score", scored, m.shrunk_score());
  row.Number("shrunk_lower", scored, m.shrunk_lower());
  row.Number("shrunk_upper", scored, m.shrunk_upper());
  row.Number("overall_score", scored, m.overall_score());
  row.Count("compared_providers", scored, m.compared_providers());
  row.Number("best_quarter_probability", m.has_best_quarter_probability(),
             m.best_quarter_probability());
  row.Number("worst_quarter_probability", m.has_worst_quarter_probability(),
             m.worst_quarter_probability());
  row.Number("agreement", m.has_agreement(), m.agreement());
  AddWord(row, "status", "status_scheme", "status_threshold", m.status());
  const v1::FunnelPosition& f = m.funnel();
  const bool placed = m.has_funnel();
  row.Count("funnel_ratings", placed, f.ratings());
  row.Count("funnel_below_target", placed, f.below_target());
  row.Number("funnel_share", placed, f.share());
  row.Number("funnel_target", placed, f.target());
  row.Number("funnel_lower_95", placed, f.lower_95());
  row.Number("funnel_upper_95", placed, f.upper_95());
  row.Number("funnel_lower_998", placed, f.lower_998());
  row.Number("funnel_upper_998", placed, f.upper_998());
  row.Number("funnel_z", placed, f.z());
  row.Number("funnel_tau_squared", placed, f.tau_squared());
  AddWord(row, "funnel_status", "funnel_scheme", "funnel_threshold", f.status());
}

}  // namespace

Grid ProviderGrid(const v1::ProviderBenchmark& benchmark) {
  struct Entry {
    const char* cell = "";
    v1::ProviderCell figures;
    v1::MeasureFigures measure;
  };
  std::vector<Entry> entries;
  const auto add = [&](const char* kind, const v1::ProviderCell& cell) {
    // Sums stand beside each measure; alone only where there is none.
    if (cell.figures().measures().empty()) entries.push_back({kind, cell, {}});
    for (const v1::MeasureFigures& m : cell.figures().measures()) {
      entries.push_back({kind, cell, m});
    }
  };
  add("whole", benchmark.whole());
  for (const v1::ProviderCell& cell : benchmark.quarters()) add("quarters", cell);
  return GridOf(entries, [&](const Entry& entry) {
    const v1::ProviderCell& cell = entry.figures;
    Row row;
    row.Text("provider", LastPart(benchmark.provider()));
    row.Text("service", benchmark.service());
    row.Text("cell", entry.cell);
    row.Text("from", RawQuarter(cell.from_quarter()));
    row.Text("to", RawQuarter(cell.to_quarter()));
    row.Text("areas",
             absl::StrJoin(cell.areas(), ";", [](std::string* out, const std::string& name) {
               out->append(LastPart(name));
             }));
    row.Text("answer", v1::AnswerKind_Name(cell.answer()));
    AddSums(row, cell);
    AddMeasure(row, entry.measure);
    row.Receipt(benchmark.receipt());
    return row;
  });
}

Grid PositionsGrid(const v1::ListProviderPositionsResponse& positions) {
  const std::vector<v1::ProviderPosition> entries(positions.positions().begin(),
                                                  positions.positions().end());
  return GridOf(entries, [&](const v1::ProviderPosition& position) {
    Row row;
    row.Text("provider", LastPart(position.provider()));
    row.Text("display_name", position.display_name());
    AddMeasure(row, position.figures());
    row.Receipt(positions.receipt());
    return row;
  });
}

Grid UpliftGrid(const v1::UpliftCheck& check) {
  struct Entry {
    std::string figure;
    std::string value, lower, upper, before, now, councils, matched, word, threshold;
  };
  std::vector<Entry> entries;
  const auto points = [](bool there, int64_t value) { return there ? absl::StrCat(value) : ""; };
  entries.push_back({"claimed_rise_basis_points", absl::StrCat(check.claimed_rise_basis_points()),
                     "", "", "", "", "", "", check.status().word(), check.status().threshold()});
  const auto add_rise = [&](const char* name, const v1::UpliftCheck::Rise& rise) {
    entries.push_back(
        {name, absl::StrCat(rise.basis_points()), "", "", RawQuarter(rise.base_from_quarter()),
         RawQuarter(rise.current_to_quarter()), absl::StrCat(rise.councils()),
         rise.matched_spend_share() > 0 ? RawNumber(rise.matched_spend_share()) : "", "", ""});
  };
  if (check.has_provider_fee_index()) {
    add_rise("provider_fee_index_basis_points", check.provider_fee_index());
  }
  if (check.has_all_fee_index()) add_rise("all_fee_index_basis_points", check.all_fee_index());
  if (check.has_council_rises()) {
    const v1::UpliftCheck::Band& band = check.council_rises();
    entries.push_back({"council_rises_basis_points",
                       points(band.has_p50_basis_points(), band.p50_basis_points()),
                       points(band.has_p25_basis_points(), band.p25_basis_points()),
                       points(band.has_p75_basis_points(), band.p75_basis_points()), "", "",
                       absl::StrCat(band.councils()), "", "", ""});
  }
  for (const auto& change : check.outcomes()) {
    entries.push_back({LastPart(change.measure()), "", RawNumber(change.change_lower()),
                       RawNumber(change.change_upper()), RawNumber(change.base_score()),
                       RawNumber(change.current_score()), "", "", change.status().word(),
                       change.status().threshold()});
  }
  return GridOf(entries, [&](const Entry& entry) {
    Row row;
    row.Text("provider", LastPart(check.provider()));
    row.Text("service", check.service());
    row.Text("figure", entry.figure);
    row.Text("value", entry.value);
    row.Text("lower", entry.lower);
    row.Text("upper", entry.upper);
    row.Text("before", entry.before);
    row.Text("now", entry.now);
    row.Text("councils", entry.councils);
    row.Text("matched_spend_share", entry.matched);
    row.Text("status", entry.word);
    row.Text("status_threshold", entry.threshold);
    row.Receipt(check.receipt());
    return row;
  });
}

}  // namespace steelyard::cli
