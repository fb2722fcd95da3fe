#include "client/import/rejects.h"

#include <algorithm>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

constexpr std::string_view kReason = "reason";
constexpr std::string_view kOtherReason = "reason for refusal";  // beside one of the file's own

constexpr std::string_view kMark = "\xEF\xBB\xBF";

std::string Quoted(std::string_view cell) {
  return absl::StrCat("\"", absl::StrReplaceAll(Av(cell), {{"\"", "\"\""}}), "\"");
}

// A spreadsheet must not take our words for a formula.
std::string Harmless(std::string text) {
  const bool formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
  return formula ? "'" + text : text;
}

std::string ReasonOf(const std::vector<steelyard::v1::Problem>& problems) {
  using steelyard::v1::Problem;
  const auto is_error = [](const Problem& p) { return p.severity() != Problem::WARNING; };
  const bool errors = std::any_of(problems.begin(), problems.end(), is_error);
  std::string reason;
  for (const Problem& problem : problems) {
    if (!errors || is_error(problem)) {
      absl::StrAppend(&reason, reason.empty() ? "" : " ", problem.message());
    }
  }
  return Harmless(std::move(reason));
}

}  // namespace

RejectsWriter::RejectsWriter(std::ostream& out, const Detected& file)
    : out_(out), delimiter_(file.delimiter), columns_(file.headings.size()), reason_(columns_) {
  out_ << kMark;
  if (columns_ == 0) {
    return;
  }
  const std::string& last = file.headings.back();
  if (last == kReason || last == kOtherReason) {
    reason_ = columns_ - 1;
  }
  const bool taken = std::any_of(file.headings.begin(),
                                 file.headings.begin() + static_cast<std::ptrdiff_t>(reason_),
                                 [](const std::string& h) { return FoldHeading(h) == kReason; });
  WriteRow(file.headings, std::string(taken ? kOtherReason : kReason));
}

void RejectsWriter::Write(const std::vector<std::string>& fields,
                          const std::vector<steelyard::v1::Problem>& problems) {
  WriteRow(fields, ReasonOf(problems));
}

void RejectsWriter::WriteRow(const std::vector<std::string>& fields, const std::string& reason) {
  const size_t place = columns_ == 0 ? fields.size() : reason_;
  std::string row;
  const auto add = [&](std::string_view cell) {
    if (!row.empty()) {
      row.push_back(delimiter_);
    }
    row += Quoted(cell);
  };
  const size_t width = std::max(fields.size(), place);
  for (size_t i = 0; i < width; ++i) {
    if (i == place) {
      add(reason);
    }
    if (i != place || reason_ == columns_) {
      add(i < fields.size() ? std::string_view(fields[i]) : std::string_view());
    }
  }
  if (place >= width) {
    add(reason);
  }
  out_ << row << "\r\n";
}

bool IsRejects(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line;
  if (!std::getline(file, line) || line.substr(0, kMark.size()) != kMark) return false;
  return absl::EndsWith(line, absl::StrCat(Quoted(kReason), "\r")) ||
         absl::EndsWith(line, absl::StrCat(Quoted(kOtherReason), "\r"));
}

}  // namespace steelyard::importing
