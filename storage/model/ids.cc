#include "storage/model/ids.h"

#include <algorithm>

namespace steelyard::model {

std::optional<Currency> Currency::Parse(std::string_view code) {
  if (code.size() != 3) return std::nullopt;
  uint16_t number = 0;
  for (char c : code) {
    if (c < 'A' || c > 'Z') return std::nullopt;
    number = static_cast<uint16_t>(number * 32 + (c - 'A' + 1));
  }
  return Currency(number);
}

std::string Currency::code() const {
  std::string out(3, 'A');
  uint16_t rest = number_;
  for (int i = 2; i >= 0; --i) {
    out[static_cast<size_t>(i)] = static_cast<char>('A' + rest % 32 - 1);
    rest = static_cast<uint16_t>(rest / 32);
  }
  return out;
}

bool IsResourceId(std::string_view id) {
  auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (id.empty() || id.size() > 63 || !lower(id.front()) || id.back() == '-') return false;
  return std::all_of(id.begin(), id.end(),
                     [&](char c) { return lower(c) || digit(c) || c == '-'; });
}

bool IsEstablishmentId(std::string_view id) {
  auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (id.empty() || id.size() > 32 || !plain(id.front()) || !plain(id.back())) return false;
  return std::all_of(id.begin(), id.end(), [&](char c) { return plain(c) || c == '-'; });
}

bool IsUuid4(std::string_view id) {
  if (id.size() != 36) return false;
  for (size_t i = 0; i < id.size(); ++i) {
    const char c = id[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return false;
    } else if (!hex) {
      return false;
    }
  }
  const char variant = id[19];
  return id[14] == '4' && (variant == '8' || variant == '9' || variant == 'a' || variant == 'b' ||
                           variant == 'A' || variant == 'B');
}

}  // namespace steelyard::model
