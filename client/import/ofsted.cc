#include "client/import/ofsted.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "client/import/cells.h"
#include "client/import/row_problems.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

using steelyard::v1::EstablishmentRow;

// What each year called the columns, the newest first. Where a file has the
// government's regions beside Ofsted's own, the government's are read: Ofsted's
// join the North East and Yorkshire.
struct Heading {
  const char* field;  // of a row
  bool required;
  std::vector<std::string> names;
};
enum Field : size_t {
  kUrn,
  kProvision,
  kStatus,
  kName,
  kAuthority,
  kRegion,
  kSector,
  kPlaces,
  kOrganisation,
  kJudgement,
  kDate,
  kFields
};
const std::array<Heading, kFields>& Headings() {
  static const auto* const headings = new std::array<Heading, kFields>{{
      {"urn", true, {"URN"}},
      {"provision_type", true, {"Provision type"}},
      {"registration_status", true, {"Registration status", "Reg Status"}},
      {"display_name", false, {"Name", "Setting Name"}},
      {"local_authority", true, {"Local authority"}},
      {"region", false, {"Government Office Region", "Ofsted region", "Region"}},
      {"sector", false, {"Sector"}},
      {"places", false, {"Places"}},
      {"organisation", false, {"Organisation which owns the provider", "Organisation"}},
      {"judgement",
       true,
       {"Latest full inspection overall experiences and progress of children and young people",
        "Overall experiences and progress of children and young people", "Overall effectiveness"}},
      {"judgement_date", false, {"Latest full inspection date", "Inspection date"}},
  }};
  return *headings;
}

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

std::optional<int> NumberOf(std::string_view word) {
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (word.empty() || error != std::errc() || end != word.data() + word.size()) return {};
  return value;
}

// Runs of letters and runs of digits, in lower case.
std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  char before = ' ';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool letter = absl::ascii_isalpha(byte);
    const bool digit = absl::ascii_isdigit(byte);
    const auto last = static_cast<unsigned char>(before);
    const bool goes_on = letter ? absl::ascii_isalpha(last) : absl::ascii_isdigit(last);
    before = c;
    if (!letter && !digit) continue;
    if (!goes_on) words.emplace_back();
    words.back() += absl::ascii_tolower(byte);
  }
  return words;
}

// Makes rows of one file.
class OfstedReader {
 public:
  static absl::StatusOr<OfstedReader> Bind(const Header& header) {
    OfstedReader reader;
    reader.headings_ = header.headings();
    reader.used_for_.resize(reader.headings_.size());
    for (size_t field = 0; field < kFields; ++field) {
      const Heading& heading = Headings()[field];
      ASSIGN_OR_RETURN(const int place, header.Find({heading.names, 0}));
      reader.places_[field] = place;
      if (place >= 0) reader.used_for_[static_cast<size_t>(place)] = heading.field;
    }
    for (const char* format : {"d/m/yyyy", "yyyy-m-d"}) {
      ASSIGN_OR_RETURN(DateFormat parsed, DateFormat::Parse(format));
      reader.dates_.formats.push_back(std::move(parsed));
    }
    return reader;
  }

  void Read(const Row& row, OfstedRegister& out) const {
    RowProblems problems(row, headings_, "register entry", out.problems);
    problems.CheckStructure();
    problems.CheckDamage(used_for_);
    EstablishmentRow& to = out.rows.emplace_back();
    to.set_row(row.line);
    to.set_urn(Text(row, kUrn));
    to.set_provision_type(Text(row, kProvision));
    to.set_registration_status(Text(row, kStatus));
    to.set_display_name(Text(row, kName));
    to.set_local_authority(Text(row, kAuthority));
    to.set_region(Text(row, kRegion));
    to.set_sector(Text(row, kSector));
    to.set_organisation(Text(row, kOrganisation));
    to.set_judgement(Text(row, kJudgement));
    const Cell places = CellOf(row, kPlaces);
    const std::optional<int> number = places.text.empty() ? 0 : NumberOf(places.text);
    to.set_places(number.value_or(0));
    if (!number) {
      problems.Blame({"NUMBER_INVALID", "a whole number"}, "places", places,
                     "is not a whole number; write one, or nothing");
    }
    const Cell date = CellOf(row, kDate);
    if (!date.text.empty()) {
      problems.ReadDate(date, "judgement_date", dates_, to.mutable_judgement_date());
    }
  }

 private:
  Cell CellOf(const Row& row, Field field) const {
    const int place = places_[field];
    if (place < 0) return {};
    const std::string_view text = CellAt(row, place);
    return {text, text, headings_[static_cast<size_t>(place)]};
  }
  std::string Text(const Row& row, Field field) const { return Tidy(CellOf(row, field).text); }

  std::vector<std::string> headings_;
  std::vector<std::string> used_for_;  // field of a row, by column
  std::array<int, kFields> places_ = {};
  DateStyle dates_;
};

}  // namespace

std::optional<CalendarDay> RegisterDayIn(std::string_view text) {
  const std::vector<std::string> words = WordsOf(text);
  std::optional<CalendarDay> found;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const auto month = std::find(kMonths.begin(), kMonths.end(), words[i]);
    const std::optional<int> year = NumberOf(words[i + 1]);
    if (month == kMonths.end() || words[i + 1].size() != 4 || !year) continue;
    CalendarDay day{*year, static_cast<int>(month - kMonths.begin()) + 1, 0};
    day.day = (absl::CivilDay(absl::CivilMonth(day.year, day.month) + 1) - 1).day();
    const std::optional<int> given = i == 0 ? std::nullopt : NumberOf(words[i - 1]);
    if (given && words[i - 1].size() <= 2 && *given >= 1 && *given <= day.day) day.day = *given;
    if (found && *found != day) return std::nullopt;
    found = day;
  }
  return found;
}

absl::StatusOr<OfstedRegister> ReadOfsted(std::unique_ptr<std::istream> file,
                                          std::string_view name) {
  WantedColumns columns;
  for (const Heading& heading : Headings()) {
    columns.push_back({{heading.names, 0}, heading.required});
  }
  ASSIGN_OR_RETURN(const auto table, TableFile::Open(std::move(file), Profile(), columns, {}));
  ASSIGN_OR_RETURN(const OfstedReader reader, OfstedReader::Bind(table->header()));
  OfstedRegister out;
  out.detected = table->detected();
  for (const std::string& line : out.detected.title) {
    if (!out.as_of) out.as_of = RegisterDayIn(line);
  }
  if (!out.as_of) out.as_of = RegisterDayIn(name);
  while (true) {
    ASSIGN_OR_RETURN(const Row* row, table->Next());
    if (row == nullptr) break;
    reader.Read(*row, out);
  }
  out.blank_rows = table->skipped_rows();
  return out;
}

absl::StatusOr<OfstedRegister> ReadOfstedFile(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return absl::NotFoundError(absl::StrCat("There is no file '", Shown(path, 200), "'."));
  }
  auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!file->is_open()) {
    return absl::NotFoundError(absl::StrCat("The file '", Shown(path, 200), "' cannot be opened."));
  }
  return ReadOfsted(std::move(file), std::filesystem::path(path).filename().string());
}

}  // namespace steelyard::importing
