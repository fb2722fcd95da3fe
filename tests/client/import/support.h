#ifndef STEELYARD_TESTS_CLIENT_IMPORT_SUPPORT_H_
#define STEELYARD_TESTS_CLIENT_IMPORT_SUPPORT_H_

#include <zlib.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "client/import/importer.h"
#include "gmock/gmock.h"
#include "tests/support/status_matchers.h"

namespace steelyard::importing {

// A profile that reads the seven required fields and a few more.
inline constexpr std::string_view kSmallProfile = R"(
name = "small"
[file]
dates = ["dd/mm/yyyy", "d-Mon-yy"]
null_words = ["N/A"]
[fields]
reference = "Ref"
product = "Product"
supplier = "Supplier"
order_date = "Order date"
packs = "Packs"
pack_content = "Pack size"
pack_price = ["Pack price", "Price"]
)";
inline constexpr std::string_view kSmallHeader =
    "Ref,Product,Supplier,Order date,Packs,Pack size,Pack price\n";
inline constexpr std::string_view kSmallRow = "A1,FFP3 mask,Acme,14/04/2020,10,50,12.50\n";

inline Profile MustParse(std::string_view toml) {
  absl::StatusOr<Profile> profile = ParseProfile(toml, "test");
  EXPECT_TRUE(profile.ok()) << profile.status();
  return profile.ok() ? *profile : Profile{};
}

inline absl::StatusOr<std::unique_ptr<Importer>> OpenText(std::string_view text,
                                                          const Profile& profile,
                                                          const ImportLimits& limits = {}) {
  return Importer::Open(std::make_unique<std::istringstream>(std::string(text)), profile, limits);
}

// All that a file gives: its lines, or why it could not be read to its end.
struct Imported {
  absl::Status status;
  Detected detected;
  std::vector<ImportedLine> lines;
  int64_t skipped = 0;
};

inline Imported ReadAll(absl::StatusOr<std::unique_ptr<Importer>> importer) {
  Imported all;
  all.status = importer.status();
  if (!importer.ok()) {
    return all;
  }
  all.detected = (*importer)->detected();
  while (true) {
    ImportedLine line;
    const absl::StatusOr<bool> more = (*importer)->Next(&line);
    all.status = more.status();
    if (!more.ok() || !*more) {
      break;
    }
    all.lines.push_back(std::move(line));
  }
  all.skipped = (*importer)->skipped_rows();
  return all;
}

inline Imported Import(std::string_view text, std::string_view toml = kSmallProfile) {
  return ReadAll(OpenText(text, MustParse(toml)));
}

// The messages of one row's problems.
inline std::vector<std::string> MessagesOf(const ImportedLine& line) {
  std::vector<std::string> messages;
  for (const steelyard::v1::Problem& problem : line.problems) {
    messages.push_back(problem.message());
  }
  return messages;
}

inline std::string Gzipped(std::string_view text) {
  z_stream stream = {};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace steelyard::importing

#endif  // STEELYARD_TESTS_CLIENT_IMPORT_SUPPORT_H_
