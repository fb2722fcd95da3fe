#include "client/import/cells.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {

std::string_view CellAt(const Row& row, int index) {
  const bool there = index >= 0 && static_cast<size_t>(index) < row.cells.size();
  return there ? Trim(row.cells[static_cast<size_t>(index)]) : std::string_view();
}

absl::StatusOr<BoundSource::Place> BoundSource::PlaceOf(const std::optional<Column>& column,
                                                        const Header& header) {
  if (!column.has_value()) {
    return Place{};
  }
  ASSIGN_OR_RETURN(const int index, header.Find(*column));
  const size_t at = static_cast<size_t>(index);
  const bool named = index >= 0 && at < header.headings().size();
  return Place{index, named ? std::string(Trim(header.headings()[at])) : ColumnName(*column)};
}

absl::StatusOr<BoundSource> BoundSource::Bind(const Profile& profile, const Source& source,
                                              std::string_view key, const Header& header) {
  BoundSource bound;
  bound.source_ = &source;
  bound.key_ = absl::StrCat("The profile's ", absl::StrReplaceAll(Av(key), {{"_", " "}}));
  bound.null_words_ = profile.null_words;
  bound.null_words_.insert(bound.null_words_.end(), source.null_words.begin(),
                           source.null_words.end());
  ASSIGN_OR_RETURN(bound.column_, PlaceOf(source.column, header));
  ASSIGN_OR_RETURN(bound.or_else_, PlaceOf(source.or_else, header));
  ASSIGN_OR_RETURN(bound.divide_by_, PlaceOf(source.divide_by, header));
  for (const TemplatePart& part : source.parts) {
    ASSIGN_OR_RETURN(Place place, PlaceOf(part.column, header));
    bound.parts_.push_back(std::move(place));
  }
  return bound;
}

bool BoundSource::IsNull(std::string_view folded) const {
  for (const std::string& word : null_words_) {
    if (!word.empty() && word.back() == '*'
            ? folded.substr(0, word.size() - 1) == std::string_view(word).substr(0, word.size() - 1)
            : folded == word) {
      return true;
    }
  }
  return false;
}

Cell BoundSource::Read(const Row& row, const Place& place) const {
  Cell cell{{}, CellAt(row, place.index), place.name};
  cell.text = cell.found;
  if (cell.found.empty() || (null_words_.empty() && source_->map.empty())) {
    return cell;
  }
  FoldInto(cell.found, folded_);
  if (const auto meant = source_->map.find(folded_); meant != source_->map.end()) {
    cell.text = meant->second;
  } else if (IsNull(folded_)) {
    cell.text = {};
  }
  return cell;
}

Cell BoundSource::Compose(const Row& row) const {
  composed_.clear();
  for (size_t i = 0; i < parts_.size(); ++i) {
    const TemplatePart& part = source_->parts[i];
    composed_ += part.text;
    if (part.row_number) {
      absl::StrAppend(&composed_, row.line);
    } else if (part.column.has_value()) {
      const Cell cell = Read(row, parts_[i]);
      if (cell.text.empty()) {
        return cell;
      }
      composed_ += cell.text;
    }
  }
  return {composed_, composed_, key_};
}

Cell BoundSource::Get(const Row& row) const {
  if (source_->constant.has_value()) {
    return {*source_->constant, *source_->constant, key_};
  }
  if (!source_->parts.empty()) {
    return Compose(row);
  }
  const Cell first = Read(row, column_);
  if (first.text.empty() && or_else_.index >= 0) {
    const Cell second = Read(row, or_else_);
    return second.text.empty() ? first : second;
  }
  return first;
}

Cell BoundSource::GetDivisor(const Row& row) const { return Read(row, divide_by_); }

std::vector<int> BoundSource::columns() const {
  std::vector<int> indexes = {column_.index, or_else_.index, divide_by_.index};
  for (const Place& part : parts_) {
    indexes.push_back(part.index);
  }
  std::erase(indexes, -1);
  return indexes;
}

}  // namespace steelyard::importing
