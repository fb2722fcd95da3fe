#include "server/gateway/http.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "storage/base/text.h"

namespace steelyard::gateway {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view HttpRequest::Get(std::string_view name) const {
  std::string_view found;
  size_t count = 0;
  for (const auto& [key, value] : headers) {
    if (key != name) continue;
    found = value;
    ++count;
  }
  return count == 1 ? found : std::string_view();
}

size_t HttpRequest::Count(std::string_view name) const {
  return static_cast<size_t>(std::count_if(headers.begin(), headers.end(),
                                           [&](const Header& h) { return h.first == name; }));
}

std::optional<std::string> DecodePercent(std::string_view text, bool plus_is_space) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) c = ' ';
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = HexDigit(text[i + 1]);
      const int low = HexDigit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    out.push_back(c);
  }
  return out;
}

std::string FormValue(std::string_view form, std::string_view name) {
  std::string found;
  int count = 0;
  while (!form.empty()) {
    const size_t end = std::min(form.find('&'), form.size());
    const std::string_view pair = form.substr(0, end);
    form.remove_prefix(std::min(end + 1, form.size()));
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    std::optional<std::string> value = DecodePercent(pair.substr(equals + 1), true);
    if (!value.has_value()) return "";
    found = *std::move(value);
    ++count;
  }
  return count == 1 ? found : "";
}

std::string_view CookieValue(const HttpRequest& request, std::string_view name) {
  std::string_view found;
  int count = 0;
  for (const auto& [key, value] : request.headers) {
    if (key != "cookie") continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = Sv(absl::StripAsciiWhitespace(Av(rest.substr(0, end))));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      found = pair.substr(equals + 1);
      ++count;
    }
  }
  return count == 1 ? found : std::string_view();
}

std::string MediaType(const HttpRequest& request) {
  const std::string_view value = request.Get("content-type");
  const std::string_view type = value.substr(0, std::min(value.find(';'), value.size()));
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(Av(type)));
}

}  // namespace steelyard::gateway
