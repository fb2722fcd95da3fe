#include "client/import/importer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/import/mapping.h"
#include "client/import/row_problems.h"
#include "client/import/status_macros.h"

namespace steelyard::importing {
namespace {

absl::Status CheckKind(const Profile& profile) {
  if (profile.reads_purchases()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("The profile '", profile.name, "' reads no purchases: it has no [fields]."));
}

}  // namespace

Importer::Importer(std::unique_ptr<TableFile> file, RowMapper mapper)
    : file_(std::move(file)), mapper_(std::make_unique<RowMapper>(std::move(mapper))) {}
Importer::~Importer() = default;

absl::StatusOr<std::unique_ptr<Importer>> Importer::Over(std::unique_ptr<TableFile> file) {
  ASSIGN_OR_RETURN(RowMapper mapper, RowMapper::Bind(file->profile(), file->header()));
  return std::unique_ptr<Importer>(new Importer(std::move(file), std::move(mapper)));
}

absl::StatusOr<std::unique_ptr<Importer>> Importer::Open(const std::string& path,
                                                         const Profile& profile,
                                                         const ImportLimits& limits) {
  RETURN_IF_ERROR(CheckKind(profile));
  ASSIGN_OR_RETURN(auto file, TableFile::Open(path, profile, PurchaseColumns(profile), limits));
  return Over(std::move(file));
}

absl::StatusOr<std::unique_ptr<Importer>> Importer::Open(std::unique_ptr<std::istream> stream,
                                                         const Profile& profile,
                                                         const ImportLimits& limits) {
  RETURN_IF_ERROR(CheckKind(profile));
  ASSIGN_OR_RETURN(auto file,
                   TableFile::Open(std::move(stream), profile, PurchaseColumns(profile), limits));
  return Over(std::move(file));
}

absl::StatusOr<bool> Importer::Next(ImportedLine* line) {
  ASSIGN_OR_RETURN(const Row* row, file_->Next());
  if (row == nullptr) return false;
  mapper_->Map(*row, line);
  const std::string& reference = line->purchase.reference();
  if (reference.empty()) return true;
  const auto first = first_rows_.Clash(absl::StrCat(line->council, "\n", reference),
                                       line->purchase.SerializeAsString(), line->row);
  if (first) {
    RowProblems(*row, file_->header().headings(), "purchase", line->problems)
        .Repeated("reference", reference, *first);
  }
  return true;
}

int64_t Importer::bytes_read() const { return file_->bytes_read(); }
int64_t Importer::total_bytes() const { return file_->total_bytes(); }
const Detected& Importer::detected() const { return file_->detected(); }
int64_t Importer::skipped_rows() const { return file_->skipped_rows(); }

bool ImportedLine::rejected() const { return HasError(problems); }

steelyard::v1::UploadLine ToUploadLine(ImportedLine&& line) {
  steelyard::v1::UploadLine message;
  message.set_row(line.row);
  message.set_council(std::move(line.council));
  *message.mutable_purchase() = std::move(line.purchase);
  return message;
}

}  // namespace steelyard::importing
