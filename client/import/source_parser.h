#ifndef STEELYARD_CLIENT_IMPORT_SOURCE_PARSER_H_
#define STEELYARD_CLIENT_IMPORT_SOURCE_PARSER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/import/profile.h"
#include "client/import/toml_reader.h"

namespace steelyard::importing {

// Reads where values come from out of a profile. Every method returns
// INVALID_ARGUMENT, with the line at fault, for what a profile cannot say.
class SourceParser : public TomlReader {
 public:
  using TomlReader::TomlReader;

  // Whether columns have headings; without a header they are numbers.
  void SetHeader(bool header) { header_ = header; }

  absl::StatusOr<Column> ParseColumn(const toml::node& node) const;
  absl::StatusOr<Source> ParseSource(const toml::node& node) const;

 private:
  absl::Status ParseSourceKey(std::string_view key, const toml::node& node, Source& source) const;
  absl::StatusOr<std::vector<TemplatePart>> ParseTemplate(const toml::node& node) const;
  absl::Status ParseMap(const toml::node& node, Source& source) const;

  bool header_ = true;
};

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_SOURCE_PARSER_H_
