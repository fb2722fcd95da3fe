#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/negotiations/render.h"

namespace steelyard::negotiations {
namespace {

// A number may begin with a minus; anything else that a spreadsheet would work
// out is text.
bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("-0123456789.") == std::string_view::npos &&
         text.find('-', 1) == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos;
}

std::string Cell(std::string_view text) {
  std::string out(text);
  constexpr std::string_view kFormula("=+-@\t\r", 6);
  if (!out.empty() && kFormula.find(out.front()) != std::string_view::npos && !IsNumber(out)) {
    out.insert(0, "'");
  }
  if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
  return absl::StrCat("\"", absl::StrReplaceAll(out, {{"\"", "\"\""}}), "\"");
}

class CsvWriter {
 public:
  explicit CsvWriter(const PackDocument& document) : document_(document) {
    out_ =
        "pack,section,table,row,figure,value,words,receipt,edition,method_version,"
        "policy_version,content_sha256\r\n";
  }

  void Row(std::string_view section, std::string_view table, std::string_view row,
           std::string_view figure, std::string_view value, std::string_view words,
           const std::string& receipt) {
    static const v1::Receipt kNone;
    const v1::Receipt* from = &kNone;
    for (const LabeledReceipt& r : document_.receipts) {
      if (r.label == receipt) from = &r.receipt;
    }
    const bool known = from != &kNone;
    absl::StrAppend(&out_, Cell(document_.kind), ",", Cell(section), ",", Cell(table), ",",
                    Cell(row), ",", Cell(figure), ",", Cell(value), ",", Cell(words), ",",
                    Cell(receipt), ",", known ? absl::StrCat(from->edition()) : "", ",",
                    Cell(from->method_version()), ",",
                    known ? absl::StrCat(from->policy_version()) : "", ",",
                    Cell(from->content_sha256()), "\r\n");
  }

  void Table(std::string_view section, const PackTable& table) {
    for (const std::vector<PackCell>& row : table.rows) {
      for (size_t i = 1; i < row.size() && i < table.columns.size(); ++i) {
        const PackColumn& column = table.columns[i];
        const std::string& receipt = column.receipt.empty() ? table.receipt : column.receipt;
        Row(section, table.caption, row[0].text, column.heading, row[i].raw, row[i].text, receipt);
        for (const auto& [name, value] : row[i].more) {
          Row(section, table.caption, row[0].text, absl::StrCat(column.heading, ", ", name), value,
              value, receipt);
        }
      }
    }
  }

  std::string Take() && { return std::move(out_); }

 private:
  const PackDocument& document_;
  std::string out_;
};

}  // namespace

std::string RenderCsv(const PackDocument& document) {
  CsvWriter csv(document);
  csv.Row("", "", "", "Title", document.title, document.title, "");
  if (!document.notice.empty()) csv.Row("", "", "", "Notice", "", document.notice, "");
  for (const auto& [name, value] : document.facts) csv.Row("", "", "", name, value, value, "");
  for (const PackSection& section : document.sections) {
    for (const PackBlock& block : section.blocks) {
      if (const auto* text = std::get_if<PackText>(&block)) {
        csv.Row(section.heading, "", "", "Note", "", text->text, "");
      } else if (const auto* list = std::get_if<PackList>(&block)) {
        for (const std::string& sentence : list->sentences) {
          csv.Row(section.heading, "", list->about, "Note", "", sentence, list->receipt);
        }
      } else if (const auto* quote = std::get_if<PackQuote>(&block)) {
        csv.Row(section.heading, "", "", absl::StrCat("Words of ", quote->of), "", quote->text, "");
      } else if (const auto* table = std::get_if<PackTable>(&block)) {
        csv.Table(section.heading, *table);
      }
    }
  }
  return std::move(csv).Take();
}

}  // namespace steelyard::negotiations
