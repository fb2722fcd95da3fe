#include "client/import/outcomes.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "client/import/cells.h"
#include "client/import/numbers.h"
#include "client/import/row_problems.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

using v1::OutcomeReport;

constexpr size_t kFoundCharacters = 200;

constexpr Fault kQuarterFault = {"QUARTER_INVALID", "a quarter such as 2024-Q1"};
constexpr Fault kLevelFault = {
    "LEVEL_UNKNOWN", "Good, Approaching target, Requires improvement, Inadequate or Other"};
constexpr Fault kIntentionFault = {
    "INTENTION_UNKNOWN", "stay, reduce, move to smaller local, bring in-house or undecided"};
constexpr Fault kYesNoFault = {"YES_NO_INVALID", "yes or no"};
constexpr Fault kCountFault = {"NUMBER_INVALID", "a whole number such as 12"};
constexpr Fault kAmountFault = {"NUMBER_INVALID", kAmountExpected};
constexpr Fault kKilometersFault = {"NUMBER_INVALID",
                                    "kilometers such as 12.5, with at most 3 decimals"};

absl::Status CheckKind(const Profile& profile) {
  if (profile.outcomes.has_value()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("The profile '", profile.name, "' reads no outcomes: it has no [outcomes]."));
}

// A word of the contract as people write it: "Requires improvement",
// "requires-improvement".
std::string EnumWord(std::string_view text) {
  std::string word;
  for (const char c : text) {
    const bool letter = absl::ascii_isalnum(static_cast<unsigned char>(c));
    if (letter) word.push_back(absl::ascii_toupper(static_cast<unsigned char>(c)));
    if (!letter && !word.empty() && word.back() != '_') word.push_back('_');
  }
  while (!word.empty() && word.back() == '_') word.pop_back();
  return word;
}

// The whole number of a scaled value, or the reader's error.
using Parse = absl::StatusOr<int64_t> (*)(std::string_view, const NumberStyle&);
absl::StatusOr<int64_t> ReadMicros(std::string_view text, const NumberStyle& style) {
  return ParseDecimal(text, style, 6);
}
absl::StatusOr<int64_t> ReadMeters(std::string_view text, const NumberStyle& style) {
  return ParseDecimal(text, style, 3);
}
absl::StatusOr<int64_t> ReadCount(std::string_view text, const NumberStyle& style) {
  return ParseDecimal(text, style, 0);
}

// An optional number: its key in a profile, its field, and how it is read.
struct NumberField {
  const char* key;
  const char* field;
  const Fault& fault;
  Parse parse;
  void (OutcomeReport::*set)(int64_t);
};
const NumberField kNumbers[] = {
    {"placements", "placements", kCountFault, ReadCount, &OutcomeReport::set_placements},
    {"spend", "spend_micros", kAmountFault, ReadMicros, &OutcomeReport::set_spend_micros},
    {"weekly_fee", "weekly_fee_micros", kAmountFault, ReadMicros,
     &OutcomeReport::set_weekly_fee_micros},
    {"weekly_extras", "weekly_extras_micros", kAmountFault, ReadMicros,
     &OutcomeReport::set_weekly_extras_micros},
    {"unplanned_endings", "unplanned_endings", kCountFault, ReadCount,
     &OutcomeReport::set_unplanned_endings},
    {"referrals", "referrals", kCountFault, ReadCount, &OutcomeReport::set_referrals},
    {"offers", "offers", kCountFault, ReadCount, &OutcomeReport::set_offers},
    {"nearest_offer_km", "nearest_offer_meters", kKilometersFault, ReadMeters,
     &OutcomeReport::set_nearest_offer_meters},
};

}  // namespace

absl::StatusOr<OutcomeReport::Level> ParseLevel(std::string_view text) {
  OutcomeReport::Level level = OutcomeReport::LEVEL_UNSPECIFIED;
  if (OutcomeReport::Level_Parse(EnumWord(text), &level) &&
      level != OutcomeReport::LEVEL_UNSPECIFIED) {
    return level;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("is not a level of the scale; write ", Av(kLevelFault.expected)));
}

absl::StatusOr<OutcomeReport::Intention> ParseIntention(std::string_view text) {
  OutcomeReport::Intention intention = OutcomeReport::INTENTION_UNSPECIFIED;
  if (OutcomeReport::Intention_Parse(EnumWord(text), &intention) &&
      intention != OutcomeReport::INTENTION_UNSPECIFIED) {
    return intention;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("is not an intention of the list; write ", Av(kIntentionFault.expected)));
}

absl::StatusOr<v1::Quarter> ParseQuarter(std::string_view text) {
  const std::string folded = Fold(text);
  std::vector<std::string> parts =
      absl::StrSplit(folded, absl::ByAnyChar(" -/"), absl::SkipEmpty());
  // 2024q1 and q12024 have no gap.
  if (parts.size() == 1 && folded.size() == 6) {
    parts = folded[0] == 'q' ? std::vector{folded.substr(0, 2), folded.substr(2)}
                             : std::vector{folded.substr(0, 4), folded.substr(4)};
  }
  if (parts.size() == 2 && parts[0].size() == 2) std::swap(parts[0], parts[1]);
  int year = 0, quarter = 0;
  if (parts.size() == 2 && parts[0].size() == 4 && absl::SimpleAtoi(parts[0], &year) &&
      parts[1].size() == 2 && parts[1][0] == 'q' &&
      absl::SimpleAtoi(parts[1].substr(1), &quarter) && year >= 2000 && year <= 2100 &&
      quarter >= 1 && quarter <= 4) {
    v1::Quarter out;
    out.set_year(year);
    out.set_quarter(quarter);
    return out;
  }
  return absl::InvalidArgumentError("is not a quarter; write it as in 2024-Q1");
}

std::string CodeOf(std::string_view text) {
  return absl::StrReplaceAll(Fold(text), {{"'", ""}, {"’", ""}, {" ", "-"}});
}

// The profile's sources at their columns of this file.
struct OutcomeImporter::Bound {
  std::map<std::string, BoundSource> sources;   // by key
  std::map<std::string, BoundSource> measures;  // by measure
  std::vector<std::string> used_for;            // by column: the field it is used for

  void Use(const BoundSource& source, std::string_view field) {
    for (const int index : source.columns()) {
      const auto at = static_cast<size_t>(index);
      used_for.resize(std::max(used_for.size(), at + 1));
      if (used_for[at].empty()) used_for[at] = field;
    }
  }
  Cell Get(const char* key, const Row& row) const {
    const auto found = sources.find(key);
    return found == sources.end() ? Cell{} : found->second.Get(row);
  }
  void Read(const Row& row, const TableFile& file, ImportedReport& out) const;
  void ReadWords(const Row& row, RowProblems& problems, OutcomeReport& report) const;
  void ReadNumbers(const Row& row, const NumberStyle& style, RowProblems& problems,
                   OutcomeReport& report) const;
  void ReadRatings(const Row& row, RowProblems& problems, OutcomeReport& report) const;
  void ReadChoices(const Row& row, RowProblems& problems, OutcomeReport& report) const;
};

void OutcomeImporter::Bound::ReadWords(const Row& row, RowProblems& problems,
                                       OutcomeReport& report) const {
  const Cell provider = Get("provider", row);
  report.set_provider(Tidy(provider.text));
  if (provider.text.empty()) problems.Missing("provider", provider);
  const Cell service = Get("service", row);
  report.set_service(CodeOf(service.text));
  if (service.text.empty()) problems.Missing("service", service);
  const Cell quarter = Get("quarter", row);
  if (quarter.text.empty()) {
    problems.Missing("quarter", quarter);
  } else if (const auto parsed = ParseQuarter(quarter.text); parsed.ok()) {
    *report.mutable_quarter() = *parsed;
  } else {
    problems.Blame(kQuarterFault, "quarter", quarter, ClauseOf(parsed.status()));
  }
  report.set_currency_code(Tidy(Get("currency_code", row).text));
}

void OutcomeImporter::Bound::ReadNumbers(const Row& row, const NumberStyle& style,
                                         RowProblems& problems, OutcomeReport& report) const {
  for (const NumberField& number : kNumbers) {
    const Cell cell = Get(number.key, row);
    if (cell.text.empty()) continue;
    const absl::StatusOr<int64_t> value = number.parse(cell.text, style);
    if (value.ok()) {
      (report.*number.set)(*value);
    } else {
      problems.Blame(number.fault, number.field, cell, ClauseOf(value.status()));
    }
  }
}

void OutcomeImporter::Bound::ReadRatings(const Row& row, RowProblems& problems,
                                         OutcomeReport& report) const {
  for (const auto& [measure, source] : measures) {
    const Cell cell = source.Get(row);
    if (cell.text.empty()) continue;
    const auto level = ParseLevel(cell.text);
    if (!level.ok()) {
      problems.Blame(kLevelFault, absl::StrCat("ratings[", measure, "].level"), cell,
                     ClauseOf(level.status()));
      continue;
    }
    OutcomeReport::Rating* rating = report.add_ratings();
    rating->set_measure(measure);
    rating->set_level(*level);
  }
}

void OutcomeImporter::Bound::ReadChoices(const Row& row, RowProblems& problems,
                                         OutcomeReport& report) const {
  if (const Cell cell = Get("no_alternative", row); !cell.text.empty()) {
    if (const auto value = ParseBool(cell.text); value.ok()) {
      report.set_no_alternative(*value);
    } else {
      problems.Blame(kYesNoFault, "no_alternative", cell, "is neither yes nor no");
    }
  }
  if (const Cell cell = Get("intention", row); !cell.text.empty()) {
    if (const auto intention = ParseIntention(cell.text); intention.ok()) {
      report.set_intention(*intention);
    } else {
      problems.Blame(kIntentionFault, "intention", cell, ClauseOf(intention.status()));
    }
  }
  for (const auto priority :
       absl::StrSplit(Av(Get("priorities", row).text), ';', absl::SkipWhitespace())) {
    report.add_priorities(CodeOf({priority.data(), priority.size()}));
  }
}

void OutcomeImporter::Bound::Read(const Row& row, const TableFile& file,
                                  ImportedReport& out) const {
  out.row = row.line;
  out.report.Clear();
  out.problems.clear();
  out.fields.assign(row.cells.begin(), row.cells.end());
  RowProblems problems(row, file.header().headings(), "report", out.problems);
  problems.CheckStructure();
  if (row.quotes == Row::Quotes::kNotClosed) return;
  out.council = Tidy(Get("council", row).text);
  ReadWords(row, problems, out.report);
  ReadNumbers(row, file.profile().numbers, problems, out.report);
  ReadRatings(row, problems, out.report);
  ReadChoices(row, problems, out.report);
  problems.CheckDamage(used_for);
  for (v1::Problem& problem : out.problems) {
    problem.set_reference(Shown(out.report.provider(), kFoundCharacters));
  }
}

OutcomeImporter::OutcomeImporter(std::unique_ptr<TableFile> file, std::unique_ptr<Bound> bound)
    : file_(std::move(file)), bound_(std::move(bound)) {}
OutcomeImporter::~OutcomeImporter() = default;

absl::StatusOr<std::unique_ptr<OutcomeImporter>> OutcomeImporter::Over(
    std::unique_ptr<TableFile> file) {
  const Profile& profile = file->profile();
  auto bound = std::make_unique<Bound>();
  for (const auto& [key, source] : profile.outcomes->fields) {
    ASSIGN_OR_RETURN(BoundSource at, BoundSource::Bind(profile, source, key, file->header()));
    bound->Use(at, key);
    bound->sources.emplace(key, std::move(at));
  }
  for (const auto& [measure, source] : profile.outcomes->measures) {
    ASSIGN_OR_RETURN(BoundSource at, BoundSource::Bind(profile, source, measure, file->header()));
    bound->Use(at, "ratings");
    bound->measures.emplace(measure, std::move(at));
  }
  return std::unique_ptr<OutcomeImporter>(new OutcomeImporter(std::move(file), std::move(bound)));
}

absl::StatusOr<std::unique_ptr<OutcomeImporter>> OutcomeImporter::Open(const std::string& path,
                                                                       const Profile& profile,
                                                                       const ImportLimits& limits) {
  RETURN_IF_ERROR(CheckKind(profile));
  ASSIGN_OR_RETURN(auto file, TableFile::Open(path, profile, OutcomeColumns(profile), limits));
  return Over(std::move(file));
}

absl::StatusOr<std::unique_ptr<OutcomeImporter>> OutcomeImporter::Open(
    std::unique_ptr<std::istream> stream, const Profile& profile, const ImportLimits& limits) {
  RETURN_IF_ERROR(CheckKind(profile));
  ASSIGN_OR_RETURN(auto file,
                   TableFile::Open(std::move(stream), profile, OutcomeColumns(profile), limits));
  return Over(std::move(file));
}

absl::StatusOr<bool> OutcomeImporter::Next(ImportedReport* report) {
  ASSIGN_OR_RETURN(const Row* row, file_->Next());
  if (row == nullptr) return false;
  bound_->Read(*row, *file_, *report);
  const v1::OutcomeReport& read = report->report;
  if (read.provider().empty() || read.service().empty() || !read.has_quarter()) return true;
  const auto first =
      first_rows_.Clash(absl::StrCat(report->council, "\n", read.provider(), "\n", read.service(),
                                     "\n", read.quarter().year(), "\n", read.quarter().quarter()),
                        read.SerializeAsString(), report->row);
  if (first) {
    RowProblems(*row, file_->header().headings(), "report", report->problems)
        .Repeated("", read.provider(), *first);
  }
  return true;
}

bool ImportedReport::rejected() const { return HasError(problems); }

v1::OutcomeLine ToOutcomeLine(ImportedReport&& report) {
  v1::OutcomeLine line;
  line.set_row(report.row);
  line.set_council(std::move(report.council));
  line.mutable_outcome_report()->Swap(&report.report);
  return line;
}

}  // namespace steelyard::importing
