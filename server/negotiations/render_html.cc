#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/negotiations/render.h"
#include "server/negotiations/svg_charts.h"

namespace steelyard::negotiations {
namespace {

// Dark on white throughout; nothing is said by colour alone.
constexpr char kStyle[] = R"(
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 900px; background: #fff; color: #0b0c0c;
  font: 16px/1.45 "Helvetica Neue", Arial, "Liberation Sans", sans-serif; }
header { border-bottom: 4px solid #0b4f7d; margin-bottom: 24px; padding-bottom: 16px; }
h1 { font-size: 32px; line-height: 1.15; margin: 4px 0 12px; overflow-wrap: anywhere; }
h2 { font-size: 23px; line-height: 1.2; margin: 40px 0 12px; padding-top: 12px;
  border-top: 1px solid #b1b4b6; }
h3 { font-size: 18px; line-height: 1.25; margin: 28px 0 8px; }
p { margin: 0 0 12px; max-width: 70ch; overflow-wrap: anywhere; }
main > h2:first-child { border-top: 0; margin-top: 0; }
.kind { font-weight: 700; margin: 0; color: #0b4f7d; }
.draft .kind { display: inline-block; padding: 2px 10px; background: #0b0c0c; color: #fff; }
.notice { border: 3px solid #0b0c0c; background: #fff3c4; padding: 10px 14px; font-weight: 700;
  max-width: none; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; margin: 0; }
dt { font-weight: 700; }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: 0 0 20px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 1.35; }
caption { text-align: left; font-weight: 700; padding: 6px 0; font-size: 15px; }
th, td { text-align: left; vertical-align: top; padding: 5px 10px 5px 0;
  border-bottom: 1px solid #b1b4b6; overflow-wrap: break-word; }
thead th { border-bottom: 2px solid #0b0c0c; vertical-align: bottom; }
tbody th { font-weight: 400; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
.wide td.n { white-space: normal; }
.n + th:not(.n), .n + td:not(.n) { padding-left: 14px; }
th:last-child, td:last-child { padding-right: 0; }
.about { font-weight: 700; margin: 14px 0 4px; }
ul { margin: 0; padding-left: 22px; }
li { margin: 0 0 3px; }
.receipt { font-size: 13px; color: #383f43; margin: 4px 0 0; }
.hash { font: 12px/1.35 "Liberation Mono", monospace; overflow-wrap: anywhere; }
blockquote { margin: 0 0 16px; padding: 10px 16px; border-left: 6px solid #0b4f7d;
  background: #f3f5f6; white-space: pre-wrap; overflow-wrap: anywhere; }
figure { margin: 0 0 12px; max-width: 760px; }
.grid { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 24px; margin-bottom: 12px; }
@media screen and (max-width: 640px) { .grid { grid-template-columns: 1fr; } }
figcaption { font-weight: 700; font-size: 15px; margin-bottom: 4px; }
svg { width: 100%; height: auto; font: 12.5px Arial, "Liberation Sans", sans-serif; }
@page { size: A4; margin: 16mm 15mm 20mm;
  @bottom-right { content: "Page " counter(page) " of " counter(pages);
    font: 8pt Arial, "Liberation Sans", sans-serif; } }
@media print {
  body { padding: 0; max-width: none; font-size: 10.5pt; }
  h1 { font-size: 21pt; } h2 { font-size: 15pt; } h3 { font-size: 12pt; }
  h2 { margin: 24px 0 8px; } h3 { margin: 18px 0 6px; }
  table { font-size: 9pt; } th, td { padding-top: 2.5px; padding-bottom: 2.5px; } .wide table { font-size: 7.5pt; } caption, figcaption { font-size: 10pt; }
  .scroll { overflow: visible; }
  h2, h3, caption { break-after: avoid; }
  h2 + p, h3 + p { break-after: avoid; }
  p { orphans: 3; widows: 3; }
  tr, figure, .keep { break-inside: avoid; }
  tbody tr:nth-child(-n+3) { break-after: avoid; }
  tbody tr:nth-last-child(-n+3) { break-before: avoid; }
  thead { display: table-header-group; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)";

// On every page of paper.
constexpr char kDraftStyle[] = R"(
@page { @bottom-left { content: "DRAFT, not released";
  font: bold 8pt Arial, "Liberation Sans", sans-serif; } }
)";

constexpr size_t kKeptRows = 14;
// More do not fit a page of paper side by side at the usual size.
constexpr size_t kUsualColumns = 7;

class HtmlWriter {
 public:
  explicit HtmlWriter(const PackDocument& document) : document_(document) {}

  std::string Write() && {
    const std::string title = EscapeHtml(document_.title);
    absl::StrAppend(&out_,
                    "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" "
                    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                    "<title>",
                    title, " - ", EscapeHtml(document_.kind), "</title>\n<style>", kStyle,
                    document_.draft ? kDraftStyle : "", "</style>\n</head>\n<body",
                    document_.draft ? " class=\"draft\"" : "", ">\n<header>\n<p class=\"kind\">",
                    document_.draft ? "DRAFT, not released" : EscapeHtml(document_.kind),
                    "</p>\n<h1>", title, "</h1>\n");
    if (!document_.notice.empty()) {
      absl::StrAppend(&out_, "<p class=\"notice\">", EscapeHtml(document_.notice), "</p>\n");
    }
    Facts();
    out_ += "</header>\n<main>\n";
    for (const PackSection& section : document_.sections) Section(section);
    out_ += "</main>\n";
    out_ += "</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  void Facts() {
    out_ += "<dl>\n";
    for (const auto& [name, value] : document_.facts) {
      absl::StrAppend(&out_, "<dt>", EscapeHtml(name), "</dt><dd>", EscapeHtml(value), "</dd>\n");
    }
    out_ += "</dl>\n";
  }

  void Section(const PackSection& section) {
    const std::string tag = absl::StrCat("h", section.level);
    absl::StrAppend(&out_, "<", tag, ">", EscapeHtml(section.heading), "</", tag, ">\n");
    bool in_grid = false;
    for (const PackBlock& block : section.blocks) {
      // Small charts stand side by side.
      const bool small = std::holds_alternative<TrendPlot>(block);
      if (small != in_grid) out_ += small ? "<div class=\"grid\">\n" : "</div>\n";
      in_grid = small;
      std::visit([this](const auto& part) { Add(part); }, block);
    }
    if (in_grid) out_ += "</div>\n";
  }

  void Add(const PackText& text) { absl::StrAppend(&out_, "<p>", EscapeHtml(text.text), "</p>\n"); }

  void Add(const PackList& list) {
    absl::StrAppend(&out_, "<div class=\"keep\">\n<p class=\"about\">", EscapeHtml(list.about),
                    "</p>\n<ul>\n");
    for (const std::string& sentence : list.sentences) {
      absl::StrAppend(&out_, "<li>", Unbroken(sentence), "</li>\n");
    }
    absl::StrAppend(&out_, "</ul>\n<p class=\"receipt\">Receipt ", EscapeHtml(list.receipt));
    if (!list.all_receipt.empty()) {
      absl::StrAppend(&out_, "; all providers: ", EscapeHtml(list.all_receipt));
    }
    out_ += "</p>\n</div>\n";
  }

  void Add(const PackQuote& quote) {
    absl::StrAppend(&out_, "<blockquote>", EscapeHtml(quote.text), "</blockquote>\n");
  }

  // The tables of receipts and schemes hold long codes.
  static bool IsHash(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
  }

  void Add(const PackTable& table) {
    // Short tables stay on one page.
    const bool keep = table.rows.size() <= kKeptRows;
    const bool wide = table.columns.size() > kUsualColumns;
    absl::StrAppend(&out_, "<div class=\"scroll", keep ? " keep" : "", wide ? " wide" : "",
                    "\" tabindex=\"0\" role=\"region\" aria-label=\"", EscapeHtml(table.caption),
                    "\">\n<table>\n<caption>", EscapeHtml(table.caption),
                    "</caption>\n<thead><tr>");
    for (const PackColumn& column : table.columns) {
      absl::StrAppend(&out_, "<th scope=\"col\"", column.number ? " class=\"n\"" : "", ">",
                      EscapeHtml(column.heading), "</th>");
    }
    out_ += "</tr></thead>\n<tbody>\n";
    for (const std::vector<PackCell>& row : table.rows) {
      out_ += "<tr>";
      for (size_t i = 0; i < row.size(); ++i) Cell(table.columns[i], i == 0, row[i].text);
      out_ += "</tr>\n";
    }
    out_ += "</tbody>\n</table>\n";
    if (!table.receipt.empty()) Receipt(table);
    out_ += "</div>\n";
  }

  // A figure keeps its unit on its line.
  static std::string Unbroken(const std::string& text) {
    return absl::StrReplaceAll(EscapeHtml(text), {{" %", "&nbsp;%"}, {" km", "&nbsp;km"}});
  }

  void Cell(const PackColumn& column, bool heads_row, const std::string& text) {
    const char* hint = column.number ? " class=\"n\"" : IsHash(text) ? " class=\"hash\"" : "";
    if (heads_row) {
      absl::StrAppend(&out_, "<th scope=\"row\"", hint, ">", EscapeHtml(text), "</th>");
    } else {
      absl::StrAppend(&out_, "<td", hint, ">", column.number ? Unbroken(text) : EscapeHtml(text),
                      "</td>");
    }
  }

  void Receipt(const PackTable& table) {
    absl::StrAppend(&out_, "<p class=\"receipt\">Receipt ", EscapeHtml(table.receipt));
    for (const PackColumn& column : table.columns) {
      if (column.receipt.empty()) continue;
      absl::StrAppend(&out_, "; ", EscapeHtml(column.heading), ": ", EscapeHtml(column.receipt));
    }
    out_ += "</p>\n";
  }

  template <typename Chart>
  void Add(const Chart& chart) {
    absl::StrAppend(&out_, "<figure>\n<figcaption>", EscapeHtml(chart.title), "</figcaption>\n",
                    SvgOf(chart, absl::StrCat("c", ++charts_)), "</figure>\n");
  }

  const PackDocument& document_;
  std::string out_;
  int charts_ = 0;
};

}  // namespace

std::string RenderHtml(const PackDocument& document) { return HtmlWriter(document).Write(); }

}  // namespace steelyard::negotiations
