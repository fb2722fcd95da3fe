#include "tests/acceptance/files.h"

#include <zlib.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace steelyard::acceptance {
namespace {

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "acceptance: %s\n", why.c_str());
  std::abort();
}

}  // namespace

std::string DataFolder() {
  const char* source = std::getenv("STEELYARD_SOURCE_DIR");
  const std::string folder = std::string(source == nullptr ? "." : source) + "/../shared/data/";
  return std::filesystem::exists(folder) ? folder : "";
}

std::string ReadWhole(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");  // reads plain files as they are
  if (file == nullptr) Die("cannot read " + path);
  std::string text;
  char buffer[1 << 16];
  int n = 0;
  while ((n = gzread(file, buffer, sizeof buffer)) > 0) text.append(buffer, static_cast<size_t>(n));
  gzclose(file);
  if (n < 0) Die("damaged file " + path);
  return text;
}

Csv::Csv(const std::string& text, char delimiter, int64_t header) {
  size_t at = text.rfind("\xEF\xBB\xBF", 0) == 0 ? 3 : 0;
  int64_t line = 1;
  while (at < text.size()) {
    Row row{line, {""}};
    bool quoted = false;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      const bool end = c == '\n' || c == '\r';
      if (end) {
        if (c == '\r' && at + 1 < text.size() && text[at + 1] == '\n') ++at;
        ++line;
      }
      if (quoted && c == '"' && at + 1 < text.size() && text[at + 1] == '"') {
        row.cells.back() += text[++at];
      } else if (c == '"' && (quoted || row.cells.back().empty())) {
        quoted = !quoted;
      } else if (!quoted && c == delimiter) {
        row.cells.emplace_back();
      } else if (!quoted && end) {
        ++at;
        break;
      } else {
        row.cells.back() += c;
      }
    }
    if (row.line < header) continue;
    if (row.line == header) {
      header_ = row.cells;
    } else {
      rows_.push_back(std::move(row));
    }
  }
}

bool Csv::has(const std::string& column) const {
  return std::find(header_.begin(), header_.end(), column) != header_.end();
}

const std::string& Csv::at(size_t i, const std::string& column) const {
  static const std::string empty;
  const auto found = std::find(header_.begin(), header_.end(), column);
  if (found == header_.end()) Die("no column " + column);
  const auto index = static_cast<size_t>(found - header_.begin());
  return index < rows_[i].cells.size() ? rows_[i].cells[index] : empty;
}

bool Csv::blank(size_t i) const {
  return std::all_of(rows_[i].cells.begin(), rows_[i].cells.end(),
                     [](const std::string& c) { return c.empty(); });
}

int64_t Micros(std::string text, bool comma) {
  std::erase(text, comma ? '.' : ',');
  std::replace(text.begin(), text.end(), ',', '.');
  int exponent = 6;
  if (const size_t e = text.find('e'); e != std::string::npos) {
    exponent += std::atoi(text.c_str() + e + 1);
    text.resize(e);
  }
  // Some ledgers write the sign behind.
  const bool negative = !text.empty() && (text.front() == '-' || text.back() == '-');
  if (negative) std::erase(text, '-');
  if (const size_t point = text.find('.'); point != std::string::npos) {
    exponent -= static_cast<int>(text.size() - point - 1);
    text.erase(point, 1);
  }
  if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos || exponent < 0) {
    Die("no amount: " + text);
  }
  text.append(static_cast<size_t>(exponent), '0');
  const int64_t micros = std::stoll(text);
  return negative ? -micros : micros;
}

std::string IdOf(const std::string& name) {
  std::string id;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) {
      id += c;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  id = "b-" + id.substr(0, 50);
  while (id.back() == '-') id.pop_back();
  return id;
}

std::string Quoted(const std::string& cell) {
  std::string out = "\"";
  for (const char c : cell) {
    if (c == '"') out += c;
    out += c;
  }
  return out + "\"";
}

}  // namespace steelyard::acceptance
