#include "client/cli/grid.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"

namespace steelyard::cli {
namespace {

constexpr size_t kGap = 2;
constexpr size_t kNarrowest = 12;   // that a wrapped column may become
constexpr size_t kWidestWord = 64;  // a SHA-256 in hex

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Bytes of the first `characters` characters.
size_t BytesOf(std::string_view text, size_t characters) {
  size_t at = 0;
  while (at < text.size()) {
    if (!IsContinuation(text[at]) && characters-- == 0) break;
    ++at;
  }
  return at;
}

std::string Padded(const std::string& text, size_t width, bool right) {
  const size_t taken = DisplayWidth(text);
  const std::string space(width > taken ? width - taken : 0, ' ');
  return right ? space + text : text + space;
}

std::string CsvCell(const std::string& raw) {
  std::string text = raw;
  double ignored;
  const bool formula =
      !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  if (formula && !absl::SimpleAtod(text, &ignored)) text.insert(0, "'");
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

void PrintLine(std::ostream& out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  out << line << "\n";
}

}  // namespace

size_t DisplayWidth(std::string_view text) {
  return text.size() - std::count_if(text.begin(), text.end(), IsContinuation);
}

std::string Harmless(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // C2 80 to C2 9F are the control characters of the second half.
    const bool c1 =
        c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (c < 0x20 || c == 0x7f) {
      absl::StrAppendFormat(&out, "\\x%02x", c);
    } else if (c1) {
      absl::StrAppendFormat(&out, "\\x%02x", static_cast<unsigned char>(text[++i]));
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<std::string> Wrap(std::string_view text, size_t width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    if (!line.empty() && DisplayWidth(line) + 1 + DisplayWidth(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    while (DisplayWidth(word) > width) {
      size_t bytes = BytesOf(word, width);
      // Ids are easier to read when they break behind a hyphen.
      const size_t hyphen = word.substr(0, bytes).rfind('-');
      if (hyphen != std::string_view::npos && hyphen + 1 >= bytes / 2) bytes = hyphen + 1;
      lines.emplace_back(word.substr(0, bytes));
      word.remove_prefix(bytes);
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

void PrintParagraphs(std::ostream& out, size_t width, std::string_view text) {
  while (true) {
    const size_t end = std::min(text.find('\n'), text.size());
    for (const std::string& line : Wrap(Harmless(text.substr(0, end)), width)) out << line << "\n";
    if (end == text.size()) return;
    text.remove_prefix(end + 1);
  }
}

// The widest word, up to a digest's width: an id that is broken cannot be
// copied or searched for, so a column is not made narrower than that.
size_t WidestWord(std::string_view text) {
  size_t widest = 0;
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    widest = std::max(widest, DisplayWidth(text.substr(0, space)));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return std::min(widest, kWidestWord);
}

std::vector<size_t> Grid::Widths(size_t width) const {
  std::vector<size_t> widths, least(columns_.size(), kNarrowest);
  for (size_t c = 0; c < columns_.size(); ++c) {
    widths.push_back(DisplayWidth(columns_[c].heading));
    for (const auto& row : rows_) {
      const std::string text = Harmless(row[c].text);
      widths[c] = std::max(widths[c], DisplayWidth(text));
      least[c] = std::max(least[c], WidestWord(text));
    }
    if (columns_[c].most > 0) {
      widths[c] = std::min(widths[c], std::max(columns_[c].most, least[c]));
    }
  }
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
  };
  // Takes from the widest column that may be wrapped until all fits.
  while (total() > width) {
    size_t widest = columns_.size();
    for (size_t c = 0; c < columns_.size(); ++c) {
      const bool may = columns_[c].kind == GridColumn::kWrapped && widths[c] > least[c];
      if (may && (widest == columns_.size() || widths[c] > widths[widest])) widest = c;
    }
    if (widest == columns_.size()) break;
    --widths[widest];
  }
  return widths;
}

Grid Grid::WithoutEmptyColumns() const {
  std::vector<size_t> kept;
  for (size_t c = 0; c < columns_.size(); ++c) {
    const bool empty = !rows_.empty() && std::all_of(rows_.begin(), rows_.end(), [c](auto& row) {
      return row[c].text.empty();
    });
    if (!empty) kept.push_back(c);
  }
  std::vector<GridColumn> columns;
  for (const size_t c : kept) columns.push_back(columns_[c]);
  Grid grid(std::move(columns));
  for (const auto& row : rows_) {
    std::vector<Cell> cells;
    for (const size_t c : kept) cells.push_back(row[c]);
    grid.Add(std::move(cells));
  }
  return grid;
}

void Grid::Print(std::ostream& out, size_t width, size_t indent) const {
  WithoutEmptyColumns().PrintAll(out, width, indent);
}

void Grid::PrintAll(std::ostream& out, size_t width, size_t indent) const {
  const std::vector<size_t> widths = Widths(width > indent ? width - indent : 1);
  const std::string margin(indent, ' ');
  const std::string gap(kGap, ' ');
  const auto is_number = [&](size_t c) { return columns_[c].kind == GridColumn::kNumber; };
  std::string headings = margin, rule = margin;
  for (size_t c = 0; c < columns_.size(); ++c) {
    headings += (c == 0 ? "" : gap) + Padded(columns_[c].heading, widths[c], is_number(c));
    rule += c == 0 ? "" : gap;
    for (size_t i = 0; i < widths[c]; ++i) rule += "─";
  }
  PrintLine(out, headings);
  PrintLine(out, rule);
  for (const auto& row : rows_) {
    std::vector<std::vector<std::string>> cells;
    size_t height = 1;
    for (size_t c = 0; c < columns_.size(); ++c) {
      cells.push_back(Wrap(Harmless(row[c].text), widths[c]));
      height = std::max(height, cells[c].size());
    }
    for (size_t l = 0; l < height; ++l) {
      std::string line = margin;
      for (size_t c = 0; c < columns_.size(); ++c) {
        const std::string text = l < cells[c].size() ? cells[c][l] : "";
        line += (c == 0 ? "" : gap) + Padded(text, widths[c], is_number(c));
      }
      PrintLine(out, line);
    }
  }
}

void Grid::PrintCsv(std::ostream& out) const {
  const auto print = [&](auto&& text_of) {
    for (size_t c = 0; c < columns_.size(); ++c) out << (c == 0 ? "" : ",") << CsvCell(text_of(c));
    out << "\r\n";
  };
  print([&](size_t c) { return columns_[c].key; });
  for (const auto& row : rows_) print([&](size_t c) { return row[c].raw; });
}

}  // namespace steelyard::cli
