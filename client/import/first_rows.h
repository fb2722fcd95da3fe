#ifndef STEELYARD_CLIENT_IMPORT_FIRST_ROWS_H_
#define STEELYARD_CLIENT_IMPORT_FIRST_ROWS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace steelyard::importing {

// Where in a file each key stands first, and with what. Of rows with one key
// and other content only the first is sent, every time: were all of them, each
// would take another's place and what is stored would change with each
// sending. The same row once more is harmless. Grows with the file, by some
// 100 bytes a row. Not thread-safe.
class FirstRows {
 public:
  // The row that came before `row` with this key and other content, if any.
  std::optional<int64_t> Clash(std::string key, const std::string& content, int64_t row) {
    const size_t hash = std::hash<std::string>()(content);
    const First& first = rows_.try_emplace(std::move(key), First{row, hash}).first->second;
    if (first.content == hash) return std::nullopt;
    return first.row;
  }

 private:
  struct First {
    int64_t row;
    size_t content;  // a hash of it
  };
  std::unordered_map<std::string, First> rows_;
};

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_FIRST_ROWS_H_
