#ifndef STEELYARD_CLIENT_IMPORT_PAYMENTS_H_
#define STEELYARD_CLIENT_IMPORT_PAYMENTS_H_

// Reads the payments that a council publishes by law, row by row, as a profile
// with [payments] says; docs/profiles.md.

#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/import/profile.h"
#include "client/import/table_file.h"
#include "steelyard/v1/spend_service.pb.h"

namespace steelyard::importing {

// One row that holds a payment, or should.
//
// Codes of its problems: VALUE_MISSING, NUMBER_INVALID, DATE_INVALID,
// ROW_TOO_WIDE, QUOTES_INVALID, TEXT_DAMAGED (a warning if the cell is not
// used), and SEPARATOR_LOST, a warning where date and amount were parted. What
// the calendar decides, the server checks.
struct ImportedPayment {
  steelyard::v1::PublishedPayment payment;
  std::vector<steelyard::v1::Problem> problems;  // all of the row's

  // Whether a problem is an ERROR, so that the row must not be sent.
  bool rejected() const;
};

// Reads one file once. Not thread-safe.
class PaymentImporter {
 public:
  // Errors are those of TableFile::Open; INVALID_ARGUMENT too for a profile
  // that reads no payments.
  static absl::StatusOr<std::unique_ptr<PaymentImporter>> Open(const std::string& path,
                                                               const Profile& profile,
                                                               const ImportLimits& limits = {});
  // The same for a file that is in memory or elsewhere; it can seek.
  static absl::StatusOr<std::unique_ptr<PaymentImporter>> Open(std::unique_ptr<std::istream> stream,
                                                               const Profile& profile,
                                                               const ImportLimits& limits = {});
  ~PaymentImporter();

  // Reads the next row that is not passed over into `payment`, all of it;
  // false at the end. Errors as Open.
  absl::StatusOr<bool> Next(ImportedPayment* payment);

  const TableFile& file() const { return *file_; }

 private:
  struct Bound;
  PaymentImporter(std::unique_ptr<TableFile> file, std::unique_ptr<Bound> bound);
  static absl::StatusOr<std::unique_ptr<PaymentImporter>> Over(std::unique_ptr<TableFile> file);

  std::unique_ptr<TableFile> file_;  // before `bound_`, which refers to its profile
  std::unique_ptr<Bound> bound_;
};

}  // namespace steelyard::importing

#endif  // STEELYARD_CLIENT_IMPORT_PAYMENTS_H_
