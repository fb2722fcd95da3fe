#include "client/import/toml_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/import/numbers.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {

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
