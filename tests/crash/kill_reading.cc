#include "tests/crash/kill_reading.h"

#include <string>
#include <utility>

#include "steelyard/v1/operations_service.grpc.pb.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "storage/base/status_macros.h"

namespace steelyard::crash {
namespace {

using Purchases = v1::PurchaseService::Stub;

constexpr int kPage = 500;
constexpr int kLookedAtOneByOne = 4;
constexpr int kMostTries = 20;

// A line by its name and through its history.
absl::Status CheckLine(const Submitter& submitter, const v1::Purchase& listed, const Oracle& oracle,
                       Findings& found) {
  v1::GetPurchaseRequest get;
  get.set_name(listed.name());
  ASSIGN_OR_RETURN(v1::Purchase line, submitter.connection->Call(&Purchases::GetPurchase, get));
  if (line.SerializeAsString() != listed.SerializeAsString()) {
    found.HalfSaved(listed.name() + " is listed otherwise than it is got");
  }
  v1::ListPurchaseVersionsRequest list;
  list.set_parent(listed.name());
  list.set_page_size(kPage);
  ASSIGN_OR_RETURN(v1::ListPurchaseVersionsResponse versions,
                   submitter.connection->Call(&Purchases::ListPurchaseVersions, list));
  if (versions.purchases_size() != listed.revision()) {
    found.HalfSaved(listed.name() + " does not have as many versions as it says");
  }
  found.Add(oracle.CheckHistory(submitter.council,
                                {versions.purchases().begin(), versions.purchases().end()}));
  return absl::OkStatus();
}

absl::Status CheckReceipt(const Submitter& submitter, const v1::Submission& listed,
                          Findings& found) {
  v1::GetSubmissionRequest get;
  get.set_name(listed.name());
  ASSIGN_OR_RETURN(v1::Submission receipt,
                   submitter.connection->Call(&Purchases::GetSubmission, get));
  if (receipt.SerializeAsString() != listed.SerializeAsString()) {
    found.HalfSaved(listed.name() + " is listed otherwise than it is got");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Reading> Read(const Submitter& submitter) {
  Reading reading;
  v1::ListPurchasesRequest lines;
  lines.set_parent(submitter.council);
  lines.set_page_size(kPage);
  lines.set_show_withdrawn(true);
  do {
    ASSIGN_OR_RETURN(v1::ListPurchasesResponse page,
                     submitter.connection->Call(&Purchases::ListPurchases, lines));
    for (v1::Purchase& line : *page.mutable_purchases()) reading.lines.push_back(std::move(line));
    lines.set_page_token(page.next_page_token());
  } while (!lines.page_token().empty());
  v1::ListSubmissionsRequest receipts;
  receipts.set_parent(submitter.council);
  receipts.set_page_size(kPage);
  do {
    ASSIGN_OR_RETURN(v1::ListSubmissionsResponse page,
                     submitter.connection->Call(&Purchases::ListSubmissions, receipts));
    for (v1::Submission& s : *page.mutable_submissions()) {
      reading.submissions.push_back(std::move(s));
    }
    receipts.set_page_token(page.next_page_token());
  } while (!receipts.page_token().empty());
  v1::GetPublicationStatusRequest counts;
  counts.set_council(submitter.council);
  ASSIGN_OR_RETURN(v1::PublicationStatus status,
                   submitter.connection->Call(&Purchases::GetPublicationStatus, counts));
  reading.active_lines = status.active_lines();
  return reading;
}

absl::StatusOr<Findings> ReadAndCheck(const Submitter& submitter, const Oracle& oracle,
                                      demo::Random& random) {
  ASSIGN_OR_RETURN(Reading reading, Read(submitter));
  Findings found = oracle.Check(submitter.council, reading);
  if (!found.empty() || reading.lines.empty()) return found;
  for (int i = 0; i < kLookedAtOneByOne; ++i) {
    const int line = random.Below(static_cast<int>(reading.lines.size()));
    RETURN_IF_ERROR(CheckLine(submitter, reading.lines[line], oracle, found));
    const int receipt = random.Below(static_cast<int>(reading.submissions.size()));
    RETURN_IF_ERROR(CheckReceipt(submitter, reading.submissions[receipt], found));
  }
  return found;
}

namespace {

// Grows with every write of theirs. The ledger's sequence grows with every look
// as well.
absl::StatusOr<int64_t> Written(const std::vector<Submitter>& submitters) {
  int64_t written = 0;
  for (const Submitter& submitter : submitters) {
    ASSIGN_OR_RETURN(const Reading reading, Read(submitter));
    written += static_cast<int64_t>(reading.submissions.size());
    for (const v1::Purchase& line : reading.lines) written += line.revision();
  }
  return written;
}

}  // namespace

absl::StatusOr<Findings> CheckAll(const std::vector<Submitter>& submitters, const Oracle& oracle,
                                  demo::Random& random) {
  for (int i = 0; i < kMostTries; ++i) {
    ASSIGN_OR_RETURN(const int64_t before, Written(submitters));
    Findings found;
    for (const Submitter& submitter : submitters) {
      ASSIGN_OR_RETURN(Findings of_one, ReadAndCheck(submitter, oracle, random));
      found.Add(of_one);
    }
    ASSIGN_OR_RETURN(const int64_t after, Written(submitters));
    if (before == after) return found;
  }
  return absl::InternalError("the store does not come to rest");
}

}  // namespace steelyard::crash
