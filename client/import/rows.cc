#include "client/import/rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

constexpr size_t kMaxCells = 16'384;  // a spreadsheet has no more columns

}  // namespace

bool Row::blank() const {
  return std::all_of(cells.begin(), cells.end(),
                     [](std::string_view cell) { return cell.empty() || Trim(cell).empty(); });
}

RowReader::RowReader(Source source, char delimiter, size_t max_row_bytes)
    : source_(std::move(source)), delimiter_(delimiter), max_row_bytes_(max_row_bytes) {
  for (const char c : {'\r', '\n', delimiter}) {
    plain_stops_[static_cast<uint8_t>(c)] = true;
  }
  for (const char c : {'\r', '\n', '"'}) {
    quoted_stops_[static_cast<uint8_t>(c)] = true;
  }
}

absl::StatusOr<bool> RowReader::Refill() {
  if (rest_.empty()) {
    ASSIGN_OR_RETURN(rest_, source_());
  }
  return !rest_.empty();
}

absl::StatusOr<bool> RowReader::Next(Row* row) {
  text_.clear();
  ends_.clear();
  row->quotes = Row::Quotes::kGood;
  row->line = line_;
  state_ = State::kRowStart;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, Refill());
    if (!more) {
      break;
    }
    if (state_ == State::kRowStart) {
      if (std::exchange(after_cr_, false) && rest_.front() == '\n') {
        rest_.remove_prefix(1);
        continue;
      }
      state_ = State::kCellStart;
    }
    const bool done = Consume(row);
    RETURN_IF_ERROR(CheckLength(row->line));
    if (done) {
      Deliver(row);
      return true;
    }
  }
  if (state_ == State::kRowStart) {
    return false;
  }
  if (state_ == State::kQuoted) {
    Flag(row, Row::Quotes::kNotClosed);
  }
  EndCell();
  Deliver(row);
  return true;
}

// Goes on to the end of the row, which is true, or of the piece.
bool RowReader::Consume(Row* row) {
  while (!rest_.empty() && text_.size() <= max_row_bytes_ && ends_.size() <= kMaxCells) {
    const char c = rest_.front();
    if (state_ == State::kQuoted) {
      if (c == '"') {
        state_ = State::kQuoteSeen;
        after_cr_ = false;
        rest_.remove_prefix(1);
      } else {
        TakeRun(quoted_stops_);
      }
      continue;
    }
    if (c == '"' && state_ != State::kPlain) {
      if (state_ == State::kQuoteSeen) {
        text_.push_back('"');  // doubled: one that is meant
      }
      state_ = State::kQuoted;
      rest_.remove_prefix(1);
    } else if (c == delimiter_) {
      EndCell();
      state_ = State::kCellStart;
      rest_.remove_prefix(1);
    } else if (c == '\n' || c == '\r') {
      after_cr_ = c == '\r';
      ++line_;
      rest_.remove_prefix(1);
      EndCell();
      return true;
    } else if (c == ' ' && state_ == State::kQuoteSeen) {
      rest_.remove_prefix(1);
    } else {
      if (state_ == State::kQuoteSeen) {
        Flag(row, Row::Quotes::kTextAfter);
      }
      state_ = State::kPlain;
      TakeRun(plain_stops_);
    }
  }
  return false;
}

// Takes a run of characters that mean nothing, and in quotes a line end.
void RowReader::TakeRun(const std::array<bool, 256>& stops) {
  if (state_ == State::kQuoted && stops[static_cast<uint8_t>(rest_.front())]) {
    const char c = rest_.front();
    line_ += c == '\n' && after_cr_ ? 0 : 1;
    after_cr_ = c == '\r';
    text_.push_back(c);
    rest_.remove_prefix(1);
    return;
  }
  size_t n = 0;
  while (n < rest_.size() && !stops[static_cast<uint8_t>(rest_[n])]) {
    ++n;
  }
  n = std::min(n, max_row_bytes_ + 1);
  text_.append(rest_.substr(0, n));
  rest_.remove_prefix(n);
  after_cr_ = false;
}

void RowReader::EndCell() { ends_.push_back(text_.size()); }

void RowReader::Flag(Row* row, Row::Quotes trouble) const {
  if (row->quotes == Row::Quotes::kGood) {
    row->quotes = trouble;
    row->bad_cell = ends_.size();
  }
}

void RowReader::Deliver(Row* row) {
  row->cells.clear();
  size_t start = 0;
  for (const size_t end : ends_) {
    row->cells.push_back(std::string_view(text_).substr(start, end - start));
    start = end;
  }
}

absl::Status RowReader::CheckLength(int64_t line) const {
  if (text_.size() > max_row_bytes_) {
    return absl::ResourceExhaustedError(
        absl::StrCat("Row ", line, " is longer than ", max_row_bytes_ >> 10,
                     " KiB. A quotation mark may be open that is never closed, or this is not a "
                     "table with lines."));
  }
  if (ends_.size() > kMaxCells) {
    return absl::ResourceExhaustedError(
        absl::StrCat("Row ", line, " has more than ", kMaxCells, " cells; this is not a table."));
  }
  return absl::OkStatus();
}

}  // namespace steelyard::importing
