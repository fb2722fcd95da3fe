#include "client/import/payments.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/import/cells.h"
#include "client/import/row_problems.h"
#include "client/import/status_macros.h"
#include "client/import/text.h"

namespace steelyard::importing {
namespace {

constexpr size_t kFoundCharacters = 200;
constexpr size_t kLeastDate = 6;  // 1/1/11

absl::Status CheckKind(const Profile& profile) {
  if (profile.payments.has_value()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("The profile '", profile.name, "' reads no payments: it has no [payments]."));
}

// The one way to part a cell into a day and an amount; nothing if there is
// none, or more than one.
struct Parted {
  std::string_view date;
  int64_t micros = 0;
};
std::optional<Parted> Part(std::string_view text, const Profile& profile) {
  std::optional<Parted> found;
  for (size_t at = kLeastDate; at < text.size(); ++at) {
    if (!ParseDate(text.substr(0, at), profile.dates).ok()) continue;
    const auto amount = ParseDecimal(text.substr(at), profile.numbers, 6);
    if (!amount.ok()) continue;
    if (found.has_value()) return std::nullopt;
    found = Parted{text.substr(0, at), *amount};
  }
  return found;
}

}  // namespace

// The profile's sources at their columns of this file.
struct PaymentImporter::Bound {
  BoundSource date;
  BoundSource supplier;
  BoundSource amount;
  std::optional<BoundSource> company_number;
  std::vector<std::string> used_for;  // by column: the field it is used for

  void Use(const BoundSource& source, std::string_view field) {
    for (const int index : source.columns()) {
      const auto at = static_cast<size_t>(index);
      used_for.resize(std::max(used_for.size(), at + 1));
      if (used_for[at].empty()) used_for[at] = field;
    }
  }
  void Read(const Row& row, const TableFile& file, ImportedPayment& out) const;
  bool ReadGlued(const Row& row, const TableFile& file, RowProblems& problems,
                 v1::PublishedPayment& payment) const;
};

// Date and amount out of one cell of a row that is a cell short.
bool PaymentImporter::Bound::ReadGlued(const Row& row, const TableFile& file, RowProblems& problems,
                                       v1::PublishedPayment& payment) const {
  const Profile& profile = file.profile();
  if (!profile.payments->glued_amounts) return false;
  if (row.cells.size() >= file.header().headings().size()) return false;
  const Cell cell = date.Get(row);
  const std::optional<Parted> parted = Part(cell.text, profile);
  if (!parted.has_value()) return false;
  const Cell day{parted->date, cell.found, cell.name};
  if (!problems.ReadDate(day, "date", profile.dates, payment.mutable_date())) return false;
  payment.set_amount_micros(parted->micros);
  problems
      .Blame({"SEPARATOR_LOST", "date and amount in cells of their own"}, "date", cell,
             absl::StrCat("lost the separator behind the date; read as ", Av(parted->date), " and ",
                          MicrosText(parted->micros)))
      .set_severity(v1::Problem::WARNING);
  return true;
}

void PaymentImporter::Bound::Read(const Row& row, const TableFile& file,
                                  ImportedPayment& out) const {
  v1::PublishedPayment& payment = out.payment;
  payment.Clear();
  payment.set_row(row.line);
  out.problems.clear();
  RowProblems problems(row, file.header().headings(), "payment", out.problems);
  problems.CheckStructure();
  if (row.quotes == Row::Quotes::kNotClosed) return;
  const Cell name = supplier.Get(row);
  payment.set_supplier_name(Tidy(name.text));
  if (name.text.empty()) problems.Missing("supplier_name", name);
  if (!ReadGlued(row, file, problems, payment)) {
    const Cell day = date.Get(row);
    if (day.text.empty()) {
      problems.Missing("date", day);
    } else {
      problems.ReadDate(day, "date", file.profile().dates, payment.mutable_date());
    }
    const Cell paid = amount.Get(row);
    const auto micros = ParseDecimal(paid.text, file.profile().numbers, 6, amount.source().round);
    if (paid.text.empty()) {
      problems.Missing("amount_micros", paid);
    } else if (micros.ok()) {
      payment.set_amount_micros(*micros);
    } else {
      problems.Blame({"NUMBER_INVALID", kAmountExpected}, "amount_micros", paid,
                     ClauseOf(micros.status()));
    }
  }
  if (company_number.has_value()) {
    payment.set_company_number(Tidy(company_number->Get(row).text));
  }
  problems.CheckDamage(used_for);
  for (v1::Problem& problem : out.problems) {
    problem.set_reference(Shown(payment.supplier_name(), kFoundCharacters));
  }
}

PaymentImporter::PaymentImporter(std::unique_ptr<TableFile> file, std::unique_ptr<Bound> bound)
    : file_(std::move(file)), bound_(std::move(bound)) {}
PaymentImporter::~PaymentImporter() = default;

absl::StatusOr<std::unique_ptr<PaymentImporter>> PaymentImporter::Over(
    std::unique_ptr<TableFile> file) {
  const Profile& profile = file->profile();
  const PaymentSources& sources = *profile.payments;
  const Header& header = file->header();
  auto bound = std::make_unique<Bound>();
  ASSIGN_OR_RETURN(bound->date, BoundSource::Bind(profile, sources.date, "date", header));
  ASSIGN_OR_RETURN(bound->supplier,
                   BoundSource::Bind(profile, sources.supplier, "supplier", header));
  ASSIGN_OR_RETURN(bound->amount, BoundSource::Bind(profile, sources.amount, "amount", header));
  bound->Use(bound->date, "date");
  bound->Use(bound->supplier, "supplier_name");
  bound->Use(bound->amount, "amount_micros");
  if (sources.company_number.has_value()) {
    ASSIGN_OR_RETURN(bound->company_number,
                     BoundSource::Bind(profile, *sources.company_number, "company_number", header));
    bound->Use(*bound->company_number, "company_number");
  }
  return std::unique_ptr<PaymentImporter>(new PaymentImporter(std::move(file), std::move(bound)));
}

absl::StatusOr<std::unique_ptr<PaymentImporter>> PaymentImporter::Open(const std::string& path,
                                                                       const Profile& profile,
                                                                       const ImportLimits& limits) {
  RETURN_IF_ERROR(CheckKind(profile));
  ASSIGN_OR_RETURN(auto file, TableFile::Open(path, profile, PaymentColumns(profile), limits));
  return Over(std::move(file));
}

absl::StatusOr<std::unique_ptr<PaymentImporter>> PaymentImporter::Open(
    std::unique_ptr<std::istream> stream, const Profile& profile, const ImportLimits& limits) {
  RETURN_IF_ERROR(CheckKind(profile));
  ASSIGN_OR_RETURN(auto file,
                   TableFile::Open(std::move(stream), profile, PaymentColumns(profile), limits));
  return Over(std::move(file));
}

absl::StatusOr<bool> PaymentImporter::Next(ImportedPayment* payment) {
  ASSIGN_OR_RETURN(const Row* row, file_->Next());
  if (row == nullptr) return false;
  bound_->Read(*row, *file_, *payment);
  return true;
}

bool ImportedPayment::rejected() const { return HasError(problems); }

}  // namespace steelyard::importing
