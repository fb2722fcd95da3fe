#include "client/import/source_parser.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/import/numbers.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {

absl::StatusOr<Column> SourceParser::ParseColumn(const toml::node& node) const {
  Column column;
  if (const auto* position = node.as_integer(); position != nullptr) {
    if (position->get() < 1 || position->get() > 16'384) {
      return Fail(node, "columns are counted from 1.");
    }
    column.position = static_cast<int>(position->get());
    return column;
  }
  if (!header_) {
    return Fail(node, "in a file without a header, a column is its number, from 1.");
  }
  if (node.is_array()) {
    ASSIGN_OR_RETURN(column.headings, Words(node, /*fold=*/false));
  } else {
    ASSIGN_OR_RETURN(std::string heading, Text(node));
    column.headings.push_back(std::move(heading));
  }
  const auto blank = [](const std::string& heading) { return Trim(heading).empty(); };
  if (column.headings.empty() ||
      std::any_of(column.headings.begin(), column.headings.end(), blank)) {
    return Fail(node, "a heading is empty.");
  }
  return column;
}

absl::StatusOr<Source> SourceParser::ParseSource(const toml::node& node) const {
  Source source;
  const toml::table* table = node.as_table();
  if (table == nullptr) {  // short: a column and nothing else
    ASSIGN_OR_RETURN(source.column, ParseColumn(node));
    return source;
  }
  RETURN_IF_ERROR(OnlyKeys(*table,
                           {"column", "or_else", "constant", "template", "divide_by", "map",
                            "null_words", "round", "fraction"},
                           "a field"));
  for (const auto& [key, value] : *table) {
    RETURN_IF_ERROR(ParseSourceKey(key.str(), value, source));
  }
  if (source.column.has_value() + source.constant.has_value() + !source.parts.empty() != 1) {
    return Fail(node, "a field has exactly one of column, constant and template.");
  }
  if ((source.or_else.has_value() || source.divide_by.has_value()) && !source.column.has_value()) {
    return Fail(node, "or_else and divide_by need a column.");
  }
  return source;
}

absl::Status SourceParser::ParseSourceKey(std::string_view key, const toml::node& node,
                                          Source& source) const {
  if (key == "column") {
    ASSIGN_OR_RETURN(source.column, ParseColumn(node));
  } else if (key == "or_else") {
    ASSIGN_OR_RETURN(source.or_else, ParseColumn(node));
  } else if (key == "divide_by") {
    ASSIGN_OR_RETURN(source.divide_by, ParseColumn(node));
  } else if (key == "constant") {
    ASSIGN_OR_RETURN(source.constant, Text(node));
  } else if (key == "template") {
    ASSIGN_OR_RETURN(source.parts, ParseTemplate(node));
  } else if (key == "map") {
    RETURN_IF_ERROR(ParseMap(node, source));
  } else if (key == "null_words") {
    ASSIGN_OR_RETURN(source.null_words, Words(node, /*fold=*/true));
  } else if (key == "round") {
    ASSIGN_OR_RETURN(source.round, Flag(node));
  } else {
    ASSIGN_OR_RETURN(source.fraction, Flag(node));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<TemplatePart>> SourceParser::ParseTemplate(
    const toml::node& node) const {
  ASSIGN_OR_RETURN(const std::string text, Text(node));
  std::vector<TemplatePart> parts;
  std::string_view rest = text;
  while (!rest.empty()) {
    const size_t open = rest.find('{');
    TemplatePart part;
    part.text = std::string(rest.substr(0, open));
    if (open != std::string_view::npos) {
      const size_t close = rest.find('}', open);
      const std::string name(rest.substr(open + 1, close - open - 1));
      if (close == std::string_view::npos || Trim(name).empty()) {
        return Fail(node, "a template names columns in { }, for example \"{Order}/{Line}\".");
      }
      const absl::StatusOr<int64_t> place = ParseDecimal(name, NumberStyle{}, 0);
      part.row_number = Fold(name) == "row";
      if (!part.row_number) {
        ASSIGN_OR_RETURN(part.column, place.ok() ? ParseColumn(toml::value<int64_t>(*place))
                                                 : ParseColumn(toml::value<std::string>(name)));
      }
      rest.remove_prefix(close + 1);
    } else {
      rest = {};
    }
    parts.push_back(std::move(part));
  }
  return parts.empty() ? absl::StatusOr<std::vector<TemplatePart>>(Fail(node, "it is empty."))
                       : parts;
}

absl::Status SourceParser::ParseMap(const toml::node& node, Source& source) const {
  ASSIGN_OR_RETURN(const toml::table* map, Table(node));
  for (const auto& [word, meaning] : *map) {
    ASSIGN_OR_RETURN(source.map[Fold(KeyText(word))], Text(meaning));
  }
  return absl::OkStatus();
}

}  // namespace steelyard::importing
