#include "client/import/toml_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/import/numbers.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

// toml++ 3.3 takes letters such as U+03DF, where they stand outside strings,
// to a place that it believes cannot be reached. It looks at none beyond
// U+FFFF, so on their way through it all others are in plane 15, which nobody
// uses.
constexpr char32_t kPlane = 0xF0000;

// Moves characters there; the line of the first that cannot be, or 0.
size_t MoveOut(std::string_view toml, std::string& out) {
  size_t line = 1;
  if (const size_t valid = ValidUtf8Prefix(toml); valid < toml.size()) {
    return line + static_cast<size_t>(std::count(toml.begin(), toml.begin() + valid, '\n'));
  }
  while (!toml.empty()) {
    const char32_t c = TakeCharacter(toml);
    if (c >= kPlane) {
      return line;
    }
    line += c == '\n' ? 1 : 0;
    AppendCharacter(c < 0x80 || c > 0xFFFF ? c : c + kPlane, out);
  }
  return 0;
}

std::string MoveBack(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char32_t c = TakeCharacter(text);
    AppendCharacter(c < kPlane ? c : c - kPlane, out);
  }
  return out;
}

}  // namespace

absl::StatusOr<toml::table> TomlReader::Parse(std::string_view toml) const {
  if (toml.substr(0, 3) == "\xEF\xBB\xBF") {
    toml.remove_prefix(3);
  }
  std::string moved;
  if (const size_t line = MoveOut(toml, moved); line > 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("The profile ", source_, ", line ", line,
                     ": a character cannot be read; save the profile as UTF-8."));
  }
  toml::parse_result parsed = toml::parse(moved, source_);
  if (!parsed) {
    return FailAt(parsed.error().source(),
                  absl::StrCat(MoveBack(parsed.error().description()), "."));
  }
  return std::move(parsed).table();
}

std::string TomlReader::KeyText(const toml::key& key) const { return MoveBack(key.str()); }

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
                    absl::StrCat("'", KeyText(key), "' means nothing in ", Av(where), "; write ",
                                 OneOf(std::vector<std::string>(keys.begin(), keys.end())), "."));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> TomlReader::Text(const toml::node& node) const {
  if (const auto* text = node.as_string(); text != nullptr) {
    return MoveBack(text->get());
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
