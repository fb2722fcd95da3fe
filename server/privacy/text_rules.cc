#include "server/privacy/text_rules.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/privacy/personal_data.h"
#include "storage/base/text.h"

namespace steelyard::privacy {
namespace {

size_t Characters(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool IsPlain(std::string_view text, Lines lines) {
  std::string line(text);
  if (lines == Lines::kMany) {
    absl::StrReplaceAll({{"\r\n", " "}, {"\n", " "}, {"\t", " "}}, &line);
  }
  return Printable(line, line.size() * 4) == line;
}

}  // namespace

void CheckText(std::string_view field, std::string_view text, size_t most, Lines lines,
               std::vector<rpc::FieldViolation>& violations) {
  if (IsBlank(text)) {
    violations.push_back({std::string(field), "give some words"});
    return;
  }
  if (const size_t length = Characters(text); length > most) {
    violations.push_back({std::string(field),
                          absl::StrCat("give at most ", most, " characters; there are ", length)});
  }
  if (!IsPlain(text, lines)) {
    violations.push_back(
        {std::string(field), "holds control, invisible or broken characters; type it anew"});
  }
  if (const auto found = FindPersonalData(text, Dates::kOfBirth)) {
    violations.push_back(
        {std::string(field), absl::StrCat("it looks like ", Av(*found),
                                          " is in it; leave out whatever is about one person")});
  }
}

}  // namespace steelyard::privacy
