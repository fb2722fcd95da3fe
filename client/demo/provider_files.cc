#include "client/demo/provider_files.h"

#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/demo/cells.h"

namespace steelyard::demo {
namespace {

enum Column {
  kCouncil,
  kProvider,
  kService,
  kQuarter,
  kPlacements,
  kFirstMeasure,
  kSpend = kFirstMeasure + static_cast<int>(kMeasures.size()),
  kWeeklyFee,
  kWeeklyExtras,
  kEndings,
  kReferrals,
  kOffers,
  kNearestOffer,
  kNoAlternative,
  kIntention,
  kPriorities,
  kColumns,
};

using Row = std::array<std::string, kColumns>;

Row Headings() {
  Row row;
  row[kCouncil] = "Council";
  row[kProvider] = "Provider";
  row[kService] = "Service";
  row[kQuarter] = "Quarter";
  row[kPlacements] = "Placements";
  for (size_t m = 0; m < kMeasures.size(); ++m) {
    row[kFirstMeasure + m] = std::string(kMeasures[m]);
    row[kFirstMeasure + m][0] = absl::ascii_toupper(static_cast<unsigned char>(kMeasures[m][0]));
  }
  row[kSpend] = "Spend";
  row[kWeeklyFee] = "Weekly fee";
  row[kWeeklyExtras] = "Weekly extras";
  row[kEndings] = "Unplanned endings";
  row[kReferrals] = "Referrals";
  row[kOffers] = "Offers";
  row[kNearestOffer] = "Nearest offer km";
  row[kNoAlternative] = "No alternative";
  row[kIntention] = "Intention";
  row[kPriorities] = "Priorities";
  return row;
}

constexpr std::array<std::string_view, 5> kLevels = {"", "Good", "Approaching target",
                                                     "Requires improvement", "Inadequate"};

Row RowOf(const Report& report) {
  Row row;
  row[kCouncil] = report.council->id;
  row[kProvider] = report.provider->name;
  row[kService] = report.service->id;
  row[kQuarter] = QuarterText(report.quarter);
  row[kPlacements] = absl::StrCat(report.placements);
  for (size_t m = 0; m < report.levels.size(); ++m) {
    row[kFirstMeasure + m] = std::string(kLevels[static_cast<size_t>(report.levels[m])]);
  }
  row[kSpend] = Pounds(report.spend_pence);
  row[kWeeklyFee] = Pounds(report.fee_pence);
  if (report.extras_pence >= 0) row[kWeeklyExtras] = Pounds(report.extras_pence);
  row[kEndings] = absl::StrCat(report.endings);
  row[kReferrals] = absl::StrCat(report.referrals);
  row[kOffers] = absl::StrCat(report.offers);
  if (report.nearest_offer_km >= 0) row[kNearestOffer] = absl::StrCat(report.nearest_offer_km);
  if (report.no_alternative >= 0) row[kNoAlternative] = report.no_alternative == 1 ? "yes" : "no";
  row[kIntention] = std::string(report.intention);
  row[kPriorities] = report.priorities;
  return row;
}

void WriteRow(std::ostream& out, const Row& row, Column first) {
  for (int c = first; c < kColumns; ++c) out << (c == first ? "" : ",") << Quoted(row[c]);
  out << "\n";
}

// Mistakes as they are made in practice.
using Mistake = void (*)(Row&);
const Mistake kMistakes[] = {
    [](Row& r) { r[kProvider] = "Nobody Has Heard Of Them Ltd"; },
    [](Row& r) { r[kService] = "babysitting"; },
    [](Row& r) { r[kQuarter] = "2031-Q1"; },
    [](Row& r) { r[kQuarter] = "2023-Q5"; },
    [](Row& r) { r[kPlacements] = "2"; },
    [](Row& r) { r[kPlacements] = "0"; },
    [](Row& r) { r[kFirstMeasure] = "Outstanding"; },
    [](Row& r) { r[kFirstMeasure + 1] = "7"; },
    [](Row& r) { r[kOffers] = absl::StrCat("1", r[kReferrals]); },
    [](Row& r) { r[kEndings] = absl::StrCat("9", r[kPlacements]); },
    [](Row& r) { r[kWeeklyFee] = "-" + r[kWeeklyFee]; },
    [](Row& r) { r[kSpend] = "about right"; },
    [](Row& r) { r[kNoAlternative] = "perhaps"; },
    [](Row& r) { r[kIntention] = "complain to child J. Smith, born 04/05/2011"; },
    [](Row& r) { r[kPriorities] = "fee-restraint;fee-restraint"; },
    [](Row& r) { r[kPriorities] = "cheaper please"; },
};

}  // namespace

void WriteProviders(std::ostream& out, const std::vector<Provider>& providers) {
  out << "id,name,aliases,company_number,services,sector,owners\n";
  for (const Provider& provider : providers) {
    std::string services;
    for (const ServiceKind* service : provider.services) {
      absl::StrAppend(&services, services.empty() ? "" : ";", std::string(service->id));
    }
    out << provider.id << "," << Quoted(provider.name) << "," << Quoted(provider.alias) << ",,"
        << services << ",private," << provider.owners << "\n";
  }
}

void WriteReports(std::ostream& out, const std::vector<Report>& reports) {
  WriteRow(out, Headings(), kCouncil);
  for (const Report& report : reports) WriteRow(out, RowOf(report), kCouncil);
}

void WriteReportsWithErrors(std::ostream& out, const std::vector<Report>& reports) {
  WriteRow(out, Headings(), kProvider);
  size_t mistake = 0;
  int good = 0;
  for (const Report& report : reports) {
    if (report.council->id != "ken") continue;
    Row row = RowOf(report);
    if (++good % 3 == 0 && mistake < std::size(kMistakes)) kMistakes[mistake++](row);
    WriteRow(out, row, kProvider);
    if (mistake == std::size(kMistakes)) return;
  }
}

void WritePayments(std::ostream& out, const std::vector<Payment>& payments,
                   std::string_view council) {
  out << "Payment date,Supplier,Amount,Reference\n";
  int number = 0;
  for (const Payment& payment : payments) {
    if (payment.council->id != council) continue;
    out << DateText(payment.date) << "," << Quoted(payment.supplier_name) << ","
        << Pounds(payment.pence) << "," << absl::StrFormat("DEMO-%06d", ++number) << "\n";
  }
}

}  // namespace steelyard::demo
