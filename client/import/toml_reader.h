#ifndef STEELYARD_CLIENT_IMPORT_TOML_READER_H_
#define STEELYARD_CLIENT_IMPORT_TOML_READER_H_

// Reads typed values out of TOML; every error names the file and the line.

#ifndef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 1
#endif
#ifndef TOML_EXCEPTIONS
#define TOML_EXCEPTIONS 0
#endif
// toml++ 3.3 asserts, of a table header such as `[*]`, what its next lines go
// on to report as an error; a mistake in a profile must not end the program.
#ifndef TOML_ASSERT
#define TOML_ASSERT(expr) static_assert(true)
#endif
#include <toml++/toml.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace steelyard::importing {

// Every method returns INVALID_ARGUMENT if the node is something else.
class TomlReader {
 public:
  // `source` is what errors call the file.
  explicit TomlReader(std::string source) : source_(std::move(source)) {}

  // Reads a whole file.
  absl::StatusOr<toml::table> Parse(std::string_view toml) const;

  absl::Status Fail(const toml::node& node, std::string_view text) const;
  absl::Status FailAt(const toml::source_region& place, std::string_view text) const;

  // Refuses a key that is not one of `keys`: it is a mistake in spelling.
  absl::Status OnlyKeys(const toml::table& table, std::initializer_list<std::string_view> keys,
                        std::string_view where) const;

  std::string KeyText(const toml::key& key) const;
  absl::StatusOr<std::string> Text(const toml::node& node) const;
  absl::StatusOr<bool> Flag(const toml::node& node) const;
  absl::StatusOr<std::vector<std::string>> Words(const toml::node& node, bool fold) const;
  // An amount that is not negative, in millionths; written as a text.
  absl::StatusOr<int64_t> Micros(const toml::node& node) const;
  absl::StatusOr<const toml::table*> Table(const toml::node& node) const;

  const std::string& source() const { return source_; }

 private:
  const std::string source_;
};

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_TOML_READER_H_
