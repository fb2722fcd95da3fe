#ifndef STEELYARD_TESTS_ACCEPTANCE_FILES_H_
#define STEELYARD_TESTS_ACCEPTANCE_FILES_H_

// Reads published files without the importer, so that what the importer made
// of them can be held against the file itself.

#include <cstdint>
#include <string>
#include <vector>

namespace steelyard::acceptance {

// Folder of the published files with a final slash, or empty if it is not on
// this machine.
std::string DataFolder();

// The whole file, unpacked if it is a gzip file. Ends the program on failure.
std::string ReadWhole(const std::string& path);

// A CSV file with a header, taken apart by RFC 4180; CR, LF and CRLF end rows.
class Csv {
 public:
  // A byte order mark is dropped. `header` is the line, from 1, of the header.
  explicit Csv(const std::string& text, char delimiter = ',', int64_t header = 1);

  size_t rows() const { return rows_.size(); }
  // Line of the file on which row `i` begins, from 1.
  int64_t line(size_t i) const { return rows_[i].line; }
  // Empty if the row is shorter. A column that is not there ends the program.
  const std::string& at(size_t i, const std::string& column) const;
  bool has(const std::string& column) const;
  const std::vector<std::string>& cells(size_t i) const { return rows_[i].cells; }
  // Whether every cell of the row is empty.
  bool blank(size_t i) const;

 private:
  struct Row {
    int64_t line = 0;
    std::vector<std::string> cells;
  };
  std::vector<std::string> header_;
  std::vector<Row> rows_;
};

// A number such as "1,234.56" in micros; what is none ends the program. With
// `comma` the decimal mark is a comma. "1,4e+07" is read too.
int64_t Micros(std::string text, bool comma = false);

// A fresh id of letters, digits and hyphens for a register's entry.
std::string IdOf(const std::string& name);
// The cell in quotes.
std::string Quoted(const std::string& cell);

}  // namespace steelyard::acceptance

#endif  // STEELYARD_TESTS_ACCEPTANCE_FILES_H_
