#include "client/import/table_file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/import/bytes.h"
#include "client/import/cells.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

constexpr size_t kStartBytes = size_t{1} << 18;  // enough for kHeaderLines

// The text of a file in pieces, from its bytes.
class TextSource {
 public:
  TextSource(ByteSource& bytes, Encoding encoding, size_t mark)
      : bytes_(bytes), decoder_(encoding), mark_(mark) {}

  // The next piece, valid until the next call; empty at the end.
  absl::StatusOr<std::string_view> Read() {
    text_.clear();
    while (text_.empty() && !done_) {
      ASSIGN_OR_RETURN(std::string_view block, bytes_.Read());
      done_ = block.empty();
      block.remove_prefix(std::min(block.size(), std::exchange(mark_, 0)));
      decoder_.Decode(block, text_);
      if (done_) {
        decoder_.Finish(text_);
      }
    }
    return std::string_view(text_);
  }

 private:
  ByteSource& bytes_;
  Decoder decoder_;
  size_t mark_;  // bytes of a byte order mark still to leave out
  bool done_ = false;
  std::string text_;
};

// Says what a file is that is surely no text.
absl::Status RefuseKnownBinaries(std::string_view start) {
  struct Magic {
    std::string_view bytes;
    std::string_view what;
  };
  constexpr Magic kMagics[] = {
      {"PK\x03\x04", "a workbook (.xlsx, .ods) or a zip file; save the sheet as CSV and send that"},
      {"\xD0\xCF\x11\xE0", "an old workbook (.xls); save the sheet as CSV and send that"},
      {"%PDF", "a PDF; ask for the figures as CSV"},
      {"\x1F\x8B", "packed twice; unpack it once"},
      {"SQLite format 3", "a database; export the table as CSV"},
  };
  for (const Magic& magic : kMagics) {
    if (start.substr(0, magic.bytes.size()) == magic.bytes) {
      return absl::InvalidArgumentError(absl::StrCat("This file is ", Av(magic.what), "."));
    }
  }
  return absl::OkStatus();
}

// A rule to leave out rows, and where its column is.
struct BoundSkip {
  int index;
  const SkipRule* rule;
};

}  // namespace

struct TableFile::State {
  State(const Profile& p, const WantedColumns& c, const ImportLimits& l)
      : profile(p), columns(c), limits(l) {}

  absl::Status FindEncoding();
  absl::Status FindColumns();
  absl::Status Begin();
  bool Skips() const;

  const Profile profile;
  const WantedColumns columns;
  const ImportLimits limits;
  std::unique_ptr<ByteSource> bytes;
  ByteOrderMark mark;
  Detected detected;
  Header header;
  std::optional<TextSource> text;
  std::optional<RowReader> rows;
  std::vector<BoundSkip> skips;
  Row row;
  int64_t skipped = 0;
};

// Reads the whole file once, unless a mark or the profile says how it is
// written: a mark wins, for nothing but a mark looks like one.
absl::Status TableFile::State::FindEncoding() {
  ASSIGN_OR_RETURN(std::string_view block, bytes->Read());
  RETURN_IF_ERROR(RefuseKnownBinaries(block));
  mark = FindByteOrderMark(block);
  if (mark.bytes > 0) {
    detected.encoding = mark.encoding;
  } else if (profile.encoding.has_value()) {
    detected.encoding = *profile.encoding;
  } else {
    EncodingDetector detector;
    while (!block.empty()) {
      detector.Add(block);
      ASSIGN_OR_RETURN(block, bytes->Read());
    }
    detected.encoding = detector.Finish();
  }
  return bytes->Rewind();
}

absl::Status TableFile::State::FindColumns() {
  TextSource source(*bytes, detected.encoding, mark.bytes);
  std::string start;
  while (start.size() < kStartBytes) {
    ASSIGN_OR_RETURN(const std::string_view piece, source.Read());
    if (piece.empty()) {
      break;
    }
    start.append(piece);
  }
  if (Trim(start).empty()) {
    return absl::InvalidArgumentError("The file is empty.");
  }
  ASSIGN_OR_RETURN(Layout layout, FindLayout(start, profile, columns));
  header = std::move(layout.header);
  detected.delimiter = layout.delimiter;
  detected.header_row = header.line();
  detected.headings = header.headings();
  return bytes->Rewind();
}

// Stands before the first row below the header.
absl::Status TableFile::State::Begin() {
  for (const SkipRule& rule : profile.skip) {
    ASSIGN_OR_RETURN(const int index, header.Find(rule.column));
    skips.push_back({index, &rule});
  }
  text.emplace(*bytes, detected.encoding, mark.bytes);
  rows.emplace([this] { return text->Read(); }, detected.delimiter, limits.max_row_bytes);
  for (row.line = 0; row.line < header.line();) {
    ASSIGN_OR_RETURN(const bool more, rows->Next(&row));
    if (!more) {
      return absl::DataLossError("The file changed while it was read.");
    }
    if (row.line == header.line()) break;
    for (const std::string_view cell : row.cells) {
      if (!Trim(cell).empty()) detected.title.emplace_back(Trim(cell));
    }
  }
  return absl::OkStatus();
}

// Whether the row is none: blank, the header once more, or one that the
// profile leaves out.
bool TableFile::State::Skips() const {
  const std::vector<std::string>& headings = header.headings();
  if (row.blank() ||
      std::equal(row.cells.begin(), row.cells.end(), headings.begin(), headings.end())) {
    return true;
  }
  return std::any_of(skips.begin(), skips.end(), [this](const BoundSkip& skip) {
    const std::vector<std::string>& words = skip.rule->words;
    return std::find(words.begin(), words.end(), Fold(CellAt(row, skip.index))) != words.end();
  });
}

TableFile::TableFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
TableFile::~TableFile() = default;

absl::StatusOr<std::unique_ptr<TableFile>> TableFile::Open(const std::string& path,
                                                           const Profile& profile,
                                                           const WantedColumns& columns,
                                                           const ImportLimits& limits) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (!std::filesystem::exists(status)) {
    return absl::NotFoundError(absl::StrCat("There is no file '", Shown(path, 200), "'."));
  }
  if (!std::filesystem::is_regular_file(status)) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", Shown(path, 200), "' is not a plain file."));
  }
  auto file = std::make_unique<std::ifstream>(path, std::ios::binary);
  if (!file->is_open()) {
    return absl::NotFoundError(absl::StrCat("The file '", Shown(path, 200), "' cannot be opened."));
  }
  return Open(std::move(file), profile, columns, limits);
}

absl::StatusOr<std::unique_ptr<TableFile>> TableFile::Open(std::unique_ptr<std::istream> file,
                                                           const Profile& profile,
                                                           const WantedColumns& columns,
                                                           const ImportLimits& limits) {
  auto state = std::make_unique<State>(profile, columns, limits);
  ASSIGN_OR_RETURN(state->bytes, ByteSource::Open(std::move(file),
                                                  {limits.max_unpacked_bytes, limits.max_ratio}));
  state->detected.gzip = state->bytes->gzip();
  RETURN_IF_ERROR(state->FindEncoding());
  RETURN_IF_ERROR(state->FindColumns());
  RETURN_IF_ERROR(state->Begin());
  return std::unique_ptr<TableFile>(new TableFile(std::move(state)));
}

absl::StatusOr<const Row*> TableFile::Next() {
  while (true) {
    ASSIGN_OR_RETURN(const bool more, state_->rows->Next(&state_->row));
    if (!more) return nullptr;
    if (!state_->Skips()) return &state_->row;
    ++state_->skipped;
  }
}

const Profile& TableFile::profile() const { return state_->profile; }
const Header& TableFile::header() const { return state_->header; }
const Detected& TableFile::detected() const { return state_->detected; }
int64_t TableFile::skipped_rows() const { return state_->skipped; }
int64_t TableFile::bytes_read() const { return state_->bytes->bytes_read(); }
int64_t TableFile::total_bytes() const { return state_->bytes->total_bytes(); }

}  // namespace steelyard::importing
