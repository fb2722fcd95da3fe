#include "client/import/importer.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/import/bytes.h"
#include "client/import/header.h"
#include "client/import/mapping.h"
#include "client/import/rows.h"
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

}  // namespace

struct Importer::State {
  State(const Profile& p, const ImportLimits& l) : profile(p), limits(l) {}

  absl::Status FindEncoding();
  absl::Status FindColumns();
  absl::Status Begin();

  const Profile profile;
  const ImportLimits limits;
  std::unique_ptr<ByteSource> bytes;
  ByteOrderMark mark;
  Detected detected;
  Header header;
  std::optional<TextSource> text;
  std::optional<RowReader> rows;
  std::optional<RowMapper> mapper;
  Row row;
  int64_t skipped = 0;
};

// Reads the whole file once, unless a mark or the profile says how it is
// written: a mark wins, for nothing but a mark looks like one.
absl::Status Importer::State::FindEncoding() {
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

absl::Status Importer::State::FindColumns() {
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
  ASSIGN_OR_RETURN(Layout layout, FindLayout(start, profile));
  header = std::move(layout.header);
  detected.delimiter = layout.delimiter;
  detected.header_row = header.line();
  detected.headings = header.headings();
  return bytes->Rewind();
}

// Stands before the first line below the header.
absl::Status Importer::State::Begin() {
  ASSIGN_OR_RETURN(mapper, RowMapper::Bind(profile, header));
  text.emplace(*bytes, detected.encoding, mark.bytes);
  rows.emplace([this] { return text->Read(); }, detected.delimiter, limits.max_row_bytes);
  for (row.line = 0; row.line < header.line();) {
    ASSIGN_OR_RETURN(const bool more, rows->Next(&row));
    if (!more) {
      return absl::DataLossError("The file changed while it was read.");
    }
  }
  return absl::OkStatus();
}

Importer::Importer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Importer::~Importer() = default;

absl::StatusOr<std::unique_ptr<Importer>> Importer::Open(const std::string& path,
                                                         const Profile& profile,
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
  return Open(std::move(file), profile, limits);
}

absl::StatusOr<std::unique_ptr<Importer>> Importer::Open(std::unique_ptr<std::istream> file,
                                                         const Profile& profile,
                                                         const ImportLimits& limits) {
  auto state = std::make_unique<State>(profile, limits);
  ASSIGN_OR_RETURN(state->bytes, ByteSource::Open(std::move(file),
                                                  {limits.max_unpacked_bytes, limits.max_ratio}));
  state->detected.gzip = state->bytes->gzip();
  RETURN_IF_ERROR(state->FindEncoding());
  RETURN_IF_ERROR(state->FindColumns());
  RETURN_IF_ERROR(state->Begin());
  return std::unique_ptr<Importer>(new Importer(std::move(state)));
}

absl::StatusOr<bool> Importer::Next(ImportedLine* line) {
  while (true) {
    ASSIGN_OR_RETURN(const bool more, state_->rows->Next(&state_->row));
    if (!more) {
      return false;
    }
    if (!state_->mapper->Skips(state_->row)) {
      state_->mapper->Map(state_->row, line);
      return true;
    }
    ++state_->skipped;
  }
}

int64_t Importer::bytes_read() const { return state_->bytes->bytes_read(); }
int64_t Importer::total_bytes() const { return state_->bytes->total_bytes(); }
const Detected& Importer::detected() const { return state_->detected; }
int64_t Importer::skipped_rows() const { return state_->skipped; }

bool ImportedLine::rejected() const {
  return std::any_of(problems.begin(), problems.end(), [](const steelyard::v1::Problem& problem) {
    return problem.severity() == steelyard::v1::Problem::ERROR;
  });
}

steelyard::v1::UploadLine ToUploadLine(ImportedLine&& line) {
  steelyard::v1::UploadLine message;
  message.set_row(line.row);
  message.set_council(std::move(line.council));
  *message.mutable_purchase() = std::move(line.purchase);
  return message;
}

}  // namespace steelyard::importing
