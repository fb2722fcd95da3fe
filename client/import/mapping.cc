#include "client/import/mapping.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/import/line_builder.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {

absl::StatusOr<RowMapper> RowMapper::Bind(const Profile& profile, const Header& header) {
  RowMapper mapper(profile);
  RETURN_IF_ERROR(mapper.BindAll(header));
  return mapper;
}

absl::Status RowMapper::BindAll(const Header& header) {
  headings_ = header.headings();
  fields_.resize(kFields);
  for (int i = 0; i < kFields; ++i) {
    const Field field = static_cast<Field>(i);
    if (const std::optional<Source>& source = profile_->of(field); source.has_value()) {
      ASSIGN_OR_RETURN(fields_[i], BoundSource::Bind(*profile_, *source, FieldKey(field), header));
      Use(*fields_[i], FieldName(field));
    }
  }
  for (size_t i = 0; i < profile_->deliveries.size(); ++i) {
    const DeliverySource& delivery = profile_->deliveries[i];
    const std::string name = absl::StrCat("deliveries[", i, "].");
    ASSIGN_OR_RETURN(BoundSource date,
                     BoundSource::Bind(*profile_, delivery.date, "delivery date", header));
    ASSIGN_OR_RETURN(BoundSource packs,
                     BoundSource::Bind(*profile_, delivery.packs, "delivered packs", header));
    const std::optional<BoundSource>& ordered = fields_[static_cast<int>(Field::kPacks)];
    const bool own_packs =
        !packs.columns().empty() && (!ordered.has_value() || packs.columns() != ordered->columns());
    deliveries_.push_back(
        {std::move(date), std::move(packs), name + "date", name + "packs", own_packs});
    Use(deliveries_.back().date, deliveries_.back().date_name);
    Use(deliveries_.back().packs, deliveries_.back().packs_name);
  }
  if (profile_->total.has_value()) {
    ASSIGN_OR_RETURN(total_column_, header.Find(profile_->total->column));
  }
  return absl::OkStatus();
}

void RowMapper::Use(const BoundSource& source, std::string_view field) {
  for (const int index : source.columns()) {
    const size_t at = static_cast<size_t>(index);
    used_for_.resize(std::max(used_for_.size(), at + 1));
    if (used_for_[at].empty()) {
      used_for_[at] = field;
    }
  }
}

void RowMapper::Map(const Row& row, ImportedLine* line) const {
  line->row = row.line;
  line->council.clear();
  line->purchase.Clear();
  line->problems.clear();
  line->fields.resize(row.cells.size());
  for (size_t i = 0; i < row.cells.size(); ++i) {
    line->fields[i].assign(row.cells[i]);
  }
  LineBuilder(*this, row, *line).Build();
}

}  // namespace steelyard::importing
