#include "server/negotiations/pack_parts.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/negotiations/figure_words.h"
#include "storage/base/text.h"

namespace steelyard::negotiations {
namespace {

bool SameStatus(const v1::StatusWord& a, const v1::StatusWord& b) {
  return a.word() == b.word() && a.scheme() == b.scheme() && a.threshold() == b.threshold() &&
         a.meaning() == b.meaning();
}

bool SameReceipt(const v1::Receipt& a, const v1::Receipt& b) {
  return a.edition() == b.edition() && a.method_version() == b.method_version() &&
         a.policy_version() == b.policy_version() && a.content_sha256() == b.content_sha256();
}

}  // namespace

std::string Receipts::Label(const v1::Receipt& receipt, std::string_view of) {
  for (const LabeledReceipt& known : list_) {
    if (SameReceipt(known.receipt, receipt)) return known.label;
  }
  list_.push_back({absl::StrCat("R", list_.size() + 1), std::string(of), receipt});
  return list_.back().label;
}

std::string StatusNotes::Add(const v1::StatusWord& status) {
  if (status.word().empty()) return kNotShown;
  for (const v1::StatusWord& known : words_) {
    if (SameStatus(known, status)) return status.word();
  }
  words_.push_back(status);
  return status.word();
}

void StatusNotes::AddTo(PackSection& section) const {
  if (words_.empty()) return;
  PackTable table;
  table.caption = absl::StrCat(section.heading, ": what the words mean");
  table.columns = {{"Word"}, {"Scheme"}, {"When it is given"}, {"What it means"}};
  for (const v1::StatusWord& status : words_) {
    table.rows.push_back({status.word(), status.scheme(), status.threshold(), status.meaning()});
  }
  section.blocks.emplace_back(std::move(table));
}

ServicePart PartOf(const v1::Pack& pack, const v1::Pack::Service& service, Receipts& receipts) {
  return {service,
          pack.provider_display_name(),
          receipts.Label(service.benchmark().receipt(),
                         absl::StrCat(service.display_name(), ", ", pack.provider_display_name())),
          receipts.Label(service.all().receipt(),
                         absl::StrCat(service.display_name(), ", all providers")),
          service.benchmark().whole().figures(),
          service.all().whole().figures()};
}

PackSection Section(const ServicePart& part, std::string_view heading) {
  return {3, absl::StrCat(part.service.display_name(), ": ", Av(heading)), {}};
}

PackCell CountCell(int64_t count) { return {CountWords(count), absl::StrCat(count)}; }

PackCell PoundCell(int64_t micros) { return {PoundWords(micros), RawPounds(micros)}; }

PackCell ShareCell(double share) { return {PercentWords(share), RawNumber(share)}; }

PackCell ScoreCell(double score) { return {ScoreWords(score), RawNumber(score)}; }

PackCell ProportionCell(const v1::Proportion& p) {
  PackCell cell(ProportionWords(p), RawNumber(p.value()));
  cell.more = {{"lower 95 %", RawNumber(p.lower())},
               {"upper 95 %", RawNumber(p.upper())},
               {"of", absl::StrCat(p.denominator())}};
  return cell;
}

PackCell NotShownCell() { return {kNotShown, ""}; }

}  // namespace steelyard::negotiations
