#include "client/demo/payments.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/demo/random.h"

namespace steelyard::demo {
namespace {

// None of these cares for anybody.
constexpr std::array<std::string_view, 5> kLookAlikes = {
    "Harbour Oak Joinery Ltd", "Castlemere Castle Museum Trust", "Fenwick Street Dental Practice",
    "Amberline Signs & Graphics", "Ashbrook Office Supplies Ltd"};

std::string Spelled(Random& random, const Provider& provider) {
  const std::string plain = provider.name.substr(0, provider.name.find(" ("));
  const double share = random.Share();
  if (share < 0.45) return plain + " Limited";
  if (share < 0.80) return absl::AsciiStrToUpper(plain + " Ltd");
  if (share < 0.97) return plain + " Ltd.";
  // A slip of the pen, for a person to decide.
  std::string slip = plain;
  slip.erase(slip.size() / 2, 1);
  return slip + " Ltd";
}

std::set<const Council*> Largest(const std::vector<Report>& reports) {
  std::set<const Council*> reporting;
  for (const Report& report : reports) reporting.insert(report.council);
  std::vector<const Council*> by_size(reporting.begin(), reporting.end());
  std::sort(by_size.begin(), by_size.end(), [](const Council* a, const Council* b) {
    return std::pair(-a->size, a->id) < std::pair(-b->size, b->id);
  });
  by_size.resize(std::min<size_t>(by_size.size(), kPayingCouncils));
  std::set<const Council*> paying(by_size.begin(), by_size.end());
  // The council of the tour always publishes.
  for (const Council* council : reporting) {
    if (council->id == "ken") paying.insert(council);
  }
  return paying;
}

void AddQuarter(Random& random, const Report& report, std::vector<Payment>& payments) {
  const std::string name = Spelled(random, *report.provider);
  const int first_month = report.quarter % 4 * 3 + 1;
  const int64_t third = report.spend_pence / 3;
  for (int month = 0; month < 3; ++month) {
    Payment payment;
    payment.council = report.council;
    payment.date = absl::CivilDay(kFirstOutcomeYear + report.quarter / 4, first_month + month,
                                  random.Between(2, 27));
    payment.supplier_name = name;
    payment.pence = month < 2 ? third : report.spend_pence - 2 * third;
    payments.push_back(payment);
    if (random.Chance(0.03)) {
      payment.pence = -std::llround(static_cast<double>(third) * 0.05 * random.Share()) - 1;
      payments.push_back(payment);
    }
  }
}

void AddLookAlikes(uint64_t seed, const Council& council, std::vector<Payment>& payments) {
  Random random = Random::For(seed, "look-alikes", council.id);
  for (int month = 0; month < kOutcomeQuarters * 3; ++month) {
    Payment payment;
    payment.council = &council;
    payment.date =
        absl::CivilDay(kFirstOutcomeYear + month / 12, month % 12 + 1, random.Between(2, 27));
    payment.supplier_name = std::string(kLookAlikes[random.Below(kLookAlikes.size())]);
    payment.pence = 50'000 + random.Below(900'000);
    payments.push_back(std::move(payment));
  }
}

}  // namespace

std::vector<Payment> MakePayments(uint64_t seed, const std::vector<Report>& reports) {
  std::vector<Payment> payments;
  const std::set<const Council*> paying = Largest(reports);
  for (const Report& report : reports) {
    if (!paying.contains(report.council)) continue;
    Random random = Random::For(seed, absl::StrCat("pay-", report.quarter),
                                absl::StrCat(std::string(report.council->id), report.provider->id));
    AddQuarter(random, report, payments);
  }
  for (const Council* council : paying) AddLookAlikes(seed, *council, payments);
  std::stable_sort(payments.begin(), payments.end(), [](const Payment& a, const Payment& b) {
    return std::pair(a.council->id, a.date) < std::pair(b.council->id, b.date);
  });
  return payments;
}

}  // namespace steelyard::demo
