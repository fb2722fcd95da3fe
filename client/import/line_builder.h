#ifndef STEELYARD_CLIENT_IMPORT_LINE_BUILDER_H_
#define STEELYARD_CLIENT_IMPORT_LINE_BUILDER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "client/import/mapping.h"
#include "client/import/row_problems.h"
#include "google/type/date.pb.h"

namespace steelyard::importing {

// Reads the values of one row into one line; lives as long as that takes. Part
// of RowMapper::Map, and apart only to keep each file to one thing.
class LineBuilder {
 public:
  LineBuilder(const RowMapper& mapper, const Row& row, ImportedLine& line)
      : mapper_(mapper),
        row_(row),
        line_(line),
        problems_(row, mapper.headings_, "purchase", line.problems) {}

  void Build();

 private:
  using Problem = steelyard::v1::Problem;

  void BuildOrder();
  void BuildDeliveries();
  void BuildQuality();
  void CheckTotal();

  // The value of a field, tidied; nothing, with a problem if the field is
  // required, if it is missing.
  std::optional<Cell> Get(Field field);
  std::string Text(Field field);
  std::optional<int64_t> Amount(Field field);
  std::optional<int64_t> Count(Field field);
  std::optional<int64_t> CountIn(const Cell& cell, std::string_view name);
  std::optional<bool> YesNo(Field field);
  bool Date(Field field, google::type::Date* (steelyard::v1::Purchase::*target)());
  void AtLeastOne(Field field, std::optional<int64_t>& value, std::string_view expected);

  const RowMapper& mapper_;
  const Row& row_;
  ImportedLine& line_;
  RowProblems problems_;
};

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_LINE_BUILDER_H_
