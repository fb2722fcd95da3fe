// What came, and how good it was.

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/purchases/checked_line.h"
#include "storage/base/text.h"

namespace steelyard::purchases {
namespace {

bool HasControlOrInvisible(std::string_view text) {
  return Printable(text, text.size() * 4 + 8) != text;
}

}  // namespace

bool LineChecker::Line::CheckText(std::string_view field, std::string_view text, int max_bytes) {
  if (text.empty()) return true;
  const std::string what = absl::StrCat("at most ", max_bytes, " printable characters");
  if (text.size() > static_cast<size_t>(max_bytes)) {
    Error(
        "TEXT_TOO_LONG", field, text, what,
        absl::StrCat("'", Printable(text, 40), "' has ", text.size(), " bytes; give ", what, "."));
    return false;
  }
  if (!IsUtf8(text) || HasControlOrInvisible(text)) {
    Error("TEXT_INVALID", field, text, what,
          absl::StrCat("'", Printable(text, 80),
                       "' holds control, invisible or broken characters; type it anew."));
    return false;
  }
  return true;
}

void LineChecker::Line::CheckPromise() {
  if (!line_.has_promised_date()) return;
  const auto day = CheckDate("promised_date", "Promised date", line_.promised_date());
  if (!day) return;
  if (has_order_date_ && *day < content_.order_date) {
    Error("PROMISE_BEFORE_ORDER", "promised_date", day->ToString(),
          "a day on or after " + content_.order_date.ToString(),
          absl::StrCat("Promised date ", day->ToString(), " is before the order date ",
                       content_.order_date.ToString(), "; check both."));
    return;
  }
  content_.promised_date = *day;
}

void LineChecker::Line::CheckDeliveries() {
  if (line_.deliveries_size() > model::kMaxDeliveries) {
    Error("TOO_MANY_DELIVERIES", "deliveries", absl::StrCat(line_.deliveries_size()),
          absl::StrCat("at most ", model::kMaxDeliveries),
          absl::StrCat("The line has ", line_.deliveries_size(), " deliveries; give at most ",
                       model::kMaxDeliveries, "."));
    return;
  }
  int64_t total = 0;
  for (int i = 0; i < line_.deliveries_size(); ++i) {
    const v1::Delivery& d = line_.deliveries(i);
    const std::string at = absl::StrCat("deliveries[", i, "]");
    const bool packs_ok =
        CheckRange(at + ".packs", "Packs delivered", d.packs(), 1, model::kMaxPacks);
    const auto day = CheckDate(at + ".date", "Delivery date", d.date());
    if (!day) continue;
    if (has_order_date_ && *day < content_.order_date) {
      Error("DELIVERY_BEFORE_ORDER", at + ".date", day->ToString(),
            "a day on or after " + content_.order_date.ToString(),
            absl::StrCat("Delivery date ", day->ToString(), " is before the order date ",
                         content_.order_date.ToString(), "; check both."));
    } else if (*day > checker_.today_) {
      Error("DATE_IN_FUTURE", at + ".date", day->ToString(), "today or earlier",
            absl::StrCat("Delivery date ", day->ToString(),
                         " is in the future; send the line again once the goods came."));
    } else if (packs_ok) {
      content_.deliveries.push_back({*day, d.packs()});
      total += d.packs();
    }
  }
  std::sort(content_.deliveries.begin(), content_.deliveries.end());
  if (amounts_ok_ && total > content_.packs) {
    Add(Severity::kWarning, "DELIVERED_MORE_THAN_ORDERED", "deliveries", absl::StrCat(total),
        absl::StrCat("at most ", content_.packs),
        absl::StrCat("Deliveries add up to ", total, " packs, but ", content_.packs,
                     " were ordered; check both."));
  }
}

void LineChecker::Line::CheckQuality() {
  if (!line_.has_quality()) return;
  const v1::Quality& q = line_.quality();
  const bool accepted_ok =
      !q.has_accepted_packs() || CheckRange("quality.accepted_packs", "Packs accepted",
                                            q.accepted_packs(), 0, model::kMaxPacks);
  const bool rejected_ok =
      !q.has_rejected_packs() || CheckRange("quality.rejected_packs", "Packs rejected",
                                            q.rejected_packs(), 0, model::kMaxPacks);
  if (q.has_accepted_packs()) content_.accepted_packs = q.accepted_packs();
  if (q.has_rejected_packs()) content_.rejected_packs = q.rejected_packs();
  int64_t delivered = 0;
  for (const model::Delivery& d : content_.deliveries) delivered += d.packs;
  const bool counts_known = accepted_ok && rejected_ok &&
                            line_.deliveries_size() == static_cast<int>(content_.deliveries.size());
  const int64_t judged = q.accepted_packs() + q.rejected_packs();
  if (counts_known && q.has_rejected_packs() && q.rejected_packs() > delivered) {
    Error("REJECTED_MORE_THAN_DELIVERED", "quality.rejected_packs",
          absl::StrCat(q.rejected_packs()), absl::StrCat("at most ", delivered),
          absl::StrCat(q.rejected_packs(), " packs were rejected, but only ", delivered,
                       " were delivered; check both."));
  } else if (counts_known && judged > delivered) {
    Error("JUDGED_MORE_THAN_DELIVERED", "quality.accepted_packs", absl::StrCat(q.accepted_packs()),
          absl::StrCat("at most ", delivered - q.rejected_packs()),
          absl::StrCat("Accepted and rejected packs add up to ", judged, ", but only ", delivered,
                       " were delivered; check all three."));
  }
  if (!v1::Quality::RejectReason_IsValid(q.reject_reason())) {
    Error("REJECT_REASON_INVALID", "quality.reject_reason",
          absl::StrCat(static_cast<int>(q.reject_reason())), "one of the coded reasons",
          "Reject reason is not one of the coded reasons.");
  } else {
    content_.reject_reason = static_cast<model::RejectReason>(q.reject_reason());
  }
  const bool has_reason = q.reject_reason() != v1::Quality::REJECT_REASON_UNSPECIFIED;
  if (q.rejected_packs() > 0 && !has_reason) {
    Error("REJECT_REASON_MISSING", "quality.reject_reason", "", "why packs were rejected",
          absl::StrCat(q.rejected_packs(),
                       " packs were rejected, but no reason is given; give "
                       "one of the coded reasons."));
  }
  if (q.rejected_packs() == 0 && has_reason) {
    Add(Severity::kWarning, "REJECT_REASON_WITHOUT_PACKS", "quality.reject_reason",
        v1::Quality::RejectReason_Name(q.reject_reason()), "no reason, or the packs rejected",
        "A reject reason is given, but no packs were rejected; check both.");
  }
  if (CheckText("quality.standard", q.standard(), model::kMaxTextBytes)) {
    content_.standard = q.standard();
  }
  if (CheckText("quality.certificate", q.certificate(), model::kMaxTextBytes)) {
    content_.certificate = q.certificate();
  }
}

void LineChecker::Line::CheckOrigin() {
  const std::string& country = line_.country_of_manufacture();
  const bool coded = country.size() == 2 && country[0] >= 'A' && country[0] <= 'Z' &&
                     country[1] >= 'A' && country[1] <= 'Z';
  if (!country.empty() && (!coded || country == "UK")) {
    Error("COUNTRY_INVALID", "country_of_manufacture", country,
          "an ISO 3166 code of two capital letters",
          absl::StrCat("Country of manufacture is '", Printable(country, 40),
                       "'; give the ISO 3166 code of two capital letters, such as GB or CN."));
    return;
  }
  content_.country_of_manufacture = country;
  if (!line_.has_made_in_uk()) return;
  content_.made_in_uk = line_.made_in_uk();
  if (!country.empty() && (country == "GB") != line_.made_in_uk()) {
    Error("ORIGIN_CONTRADICTS", "made_in_uk", line_.made_in_uk() ? "true" : "false",
          country == "GB" ? "true" : "false",
          absl::StrCat("Made in the UK is '", line_.made_in_uk() ? "yes" : "no",
                       "', but the country of manufacture is ", country, "; check both."));
  }
}

}  // namespace steelyard::purchases
