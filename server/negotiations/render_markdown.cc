#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/negotiations/render.h"
#include "storage/base/text.h"

namespace steelyard::negotiations {
namespace {

// Text that stays text: no markup, no HTML, no link, on one line.
std::string Plain(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_[]#|~";
  std::string out;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n' || c == '\t') {
      out += ' ';
      continue;
    }
    if (c == '<' || c == '>' || c == '&') {
      out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;";
      continue;
    }
    if (kMarkup.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  // `1.`, `-` and `+` make a list only where a line begins.
  const size_t digits = out.find_first_not_of("0123456789");
  if (digits != std::string::npos && digits > 0 && (out[digits] == '.' || out[digits] == ')') &&
      (digits + 1 == out.size() || out[digits + 1] == ' ')) {
    out.insert(digits, "\\");
  }
  if (!out.empty() && (out[0] == '-' || out[0] == '+' || out[0] == '=')) out.insert(0, "\\");
  return out;
}

void AddTable(const PackTable& table, std::string& out) {
  absl::StrAppend(&out, "**", Plain(table.caption), "**\n\n|");
  for (const PackColumn& column : table.columns) {
    absl::StrAppend(&out, " ", Plain(column.heading), " |");
  }
  out += "\n|";
  for (const PackColumn& column : table.columns) out += column.number ? "---:|" : "---|";
  out += "\n";
  for (const std::vector<PackCell>& row : table.rows) {
    out += "|";
    for (const PackCell& cell : row) absl::StrAppend(&out, " ", Plain(cell.text), " |");
    out += "\n";
  }
  out += "\n";
  if (table.receipt.empty()) return;
  absl::StrAppend(&out, "Receipt ", table.receipt);
  for (const PackColumn& column : table.columns) {
    if (!column.receipt.empty()) {
      absl::StrAppend(&out, "; ", Plain(column.heading), ": ", column.receipt);
    }
  }
  out += ".\n\n";
}

void AddList(const PackList& list, std::string& out) {
  absl::StrAppend(&out, "**", Plain(list.about), "**\n\n");
  for (const std::string& sentence : list.sentences) {
    absl::StrAppend(&out, "* ", Plain(sentence), "\n");
  }
  absl::StrAppend(&out, "\nReceipt ", list.receipt);
  if (!list.all_receipt.empty()) absl::StrAppend(&out, "; all providers: ", list.all_receipt);
  out += ".\n\n";
}

void AddQuote(const PackQuote& quote, std::string& out) {
  for (absl::string_view line : absl::StrSplit(quote.text, '\n')) {
    absl::StrAppend(&out, "> ", Plain(Sv(line)), "  \n");
  }
  out += "\n";
}

}  // namespace

std::string RenderMarkdown(const PackDocument& document) {
  std::string out =
      absl::StrCat("# ", Plain(document.title), "\n\n**", Plain(document.kind), "**\n\n");
  if (!document.notice.empty()) absl::StrAppend(&out, "> **", Plain(document.notice), "**\n\n");
  for (const auto& [name, value] : document.facts) {
    absl::StrAppend(&out, "* ", Plain(name), ": ", Plain(value), "\n");
  }
  out += "\n";
  for (const PackSection& section : document.sections) {
    absl::StrAppend(&out, std::string(static_cast<size_t>(section.level), '#'), " ",
                    Plain(section.heading), "\n\n");
    for (const PackBlock& block : section.blocks) {
      if (const auto* text = std::get_if<PackText>(&block)) {
        absl::StrAppend(&out, Plain(text->text), "\n\n");
      } else if (const auto* list = std::get_if<PackList>(&block)) {
        AddList(*list, out);
      } else if (const auto* quote = std::get_if<PackQuote>(&block)) {
        AddQuote(*quote, out);
      } else if (const auto* table = std::get_if<PackTable>(&block)) {
        AddTable(*table, out);
      }
    }
  }
  return out;
}

}  // namespace steelyard::negotiations
