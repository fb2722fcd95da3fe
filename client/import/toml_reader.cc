#include "client/import/toml_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/import/numbers.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

// Length of the string at the start of `text`, quotes included; a string of
// one line ends with its line at the latest.
size_t StringLength(std::string_view text) {
  const char quote = text.front();
  const bool multi_line = text.size() > 2 && text[1] == quote && text[2] == quote;
  const std::string_view mark = text.substr(0, multi_line ? 3 : 1);
  for (size_t i = mark.size(); i < text.size(); ++i) {
    if (text[i] == '\\' && quote == '"') {
      ++i;
    } else if (text.substr(i, mark.size()) == mark) {
      return i + mark.size();
    } else if (text[i] == '\n' && !multi_line) {
      return i;
    }
  }
  return text.size();
}

// The line, from 1, of the first letter beyond ASCII that stands outside
// strings and comments; 0 if there is none. toml++ 3.3 takes such a letter to
// a place that it believes cannot be reached.
size_t LineOfStrayLetter(std::string_view toml) {
  size_t line = 1;
  while (!toml.empty()) {
    size_t n = 1;
    if (toml.front() == '"' || toml.front() == '\'') {
      n = StringLength(toml);
    } else if (toml.front() == '#') {
      n = std::min(toml.find('\n'), toml.size());
    } else if (static_cast<unsigned char>(toml.front()) >= 0x80) {
      return line;
    }
    line += static_cast<size_t>(std::count(toml.begin(), toml.begin() + n, '\n'));
    toml.remove_prefix(n);
  }
  return 0;
}

}  // namespace

absl::StatusOr<toml::table> TomlReader::Parse(std::string_view toml) const {
  if (toml.substr(0, 3) == "\xEF\xBB\xBF") {
    toml.remove_prefix(3);
  }
  if (const size_t line = LineOfStrayLetter(toml); line > 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("The profile ", source_, ", line ", line,
                     ": put a text with letters such as these in quotation marks."));
  }
  toml::parse_result parsed = toml::parse(toml, source_);
  if (!parsed) {
    return FailAt(parsed.error().source(), absl::StrCat(Av(parsed.error().description()), "."));
  }
  return std::move(parsed).table();
}

absl::Status TomlReader::FailAt(const toml::source_region& place, std::string_view text) const {
  return absl::InvalidArgumentError(
      absl::StrCat("The profile ", source_, ", line ", place.begin.line, ": ", Av(text)));
}

absl::Status TomlReader::Fail(const toml::node& node, std::string_view text) const {
  return FailAt(node.source(), text);
}

absl::Status TomlReader::OnlyKeys(const toml::table& table,
                                  std::initializer_list<std::string_view> keys,
                                  std::string_view where) const {
  for (const auto& [key, node] : table) {
    if (std::find(keys.begin(), keys.end(), key.str()) == keys.end()) {
      return FailAt(key.source(),
                    absl::StrCat("'", Av(key.str()), "' means nothing in ", Av(where), "; write ",
                                 OneOf(std::vector<std::string>(keys.begin(), keys.end())), "."));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> TomlReader::Text(const toml::node& node) const {
  if (const auto* text = node.as_string(); text != nullptr) {
    return text->get();
  }
  return Fail(node, "a text in quotation marks belongs here.");
}

absl::StatusOr<bool> TomlReader::Flag(const toml::node& node) const {
  if (const auto* flag = node.as_boolean(); flag != nullptr) {
    return flag->get();
  }
  return Fail(node, "true or false belongs here.");
}

absl::StatusOr<std::vector<std::string>> TomlReader::Words(const toml::node& node,
                                                           bool fold) const {
  std::vector<std::string> words;
  const toml::array* array = node.as_array();
  if (array == nullptr) {
    return Fail(node, "a list of texts in [ ] belongs here.");
  }
  for (const toml::node& item : *array) {
    ASSIGN_OR_RETURN(std::string word, Text(item));
    words.push_back(fold ? Fold(word) : std::move(word));
  }
  return words;
}

absl::StatusOr<int64_t> TomlReader::Micros(const toml::node& node) const {
  ASSIGN_OR_RETURN(const std::string text, Text(node));
  const absl::StatusOr<int64_t> micros = ParseDecimal(text, NumberStyle{}, 6);
  if (!micros.ok() || *micros < 0) {
    return Fail(node, "an amount such as \"0.50\" belongs here.");
  }
  return *micros;
}

absl::StatusOr<const toml::table*> TomlReader::Table(const toml::node& node) const {
  if (const toml::table* table = node.as_table(); table != nullptr) {
    return table;
  }
  return Fail(node, "a table belongs here.");
}

}  // namespace steelyard::importing
