#include "storage/ledger/resource.h"

#include <utility>

#include "storage/base/status_macros.h"
#include "storage/codec/outcome_codec.h"
#include "storage/codec/purchase_codec.h"

namespace steelyard::ledger {
namespace {

using engine::Family;
using model::Resource;

codec::FactKey KeyOf(const PurchaseFigures& p) {
  return {p.series, p.fact.council, p.fact.month, p.fact.line};
}

codec::OutcomeYear YearOf(const model::OutcomeFact& fact) {
  return {fact.service, static_cast<int16_t>(fact.quarter.year())};
}

codec::OutcomeFactKey KeyOf(const model::OutcomeFact& fact) {
  return {YearOf(fact), fact.council, fact.quarter, fact.line};
}

const model::PurchaseFact& FactIn(const PurchaseFigures& p) { return p.fact; }
const model::OutcomeFact& FactIn(const model::OutcomeFact& f) { return f; }

PurchaseFigures FiguresOf(const model::PurchaseContent& content, model::Day received) {
  PurchaseFigures figures;
  figures.fact = model::FactOf(content, received);
  figures.series = {content.product, content.currency,
                    static_cast<int16_t>(figures.fact.month.year())};
  return figures;
}

LineDraft Draft(model::CouncilNo council, int64_t row, std::string reference, model::Day received,
                std::string content, LineFact fact) {
  SetPlace(council, {}, 0, fact);
  return {council, row, received.number, std::move(reference), std::move(content), std::move(fact)};
}

}  // namespace

const Families& FamiliesOf(Resource resource) {
  static constexpr Families kPurchases = {Family::kPurchases, Family::kVersions, Family::kFacts,
                                          Family::kFactHistory};
  static constexpr Families kOutcomes = {Family::kOutcomes, Family::kOutcomeVersions,
                                         Family::kOutcomeFacts, Family::kOutcomeFactHistory};
  return resource == Resource::kPurchases ? kPurchases : kOutcomes;
}

const AuditNames& NamesOf(Resource resource) {
  static constexpr AuditNames kPurchases = {"CommitPurchases", "WithdrawPurchase", "line", "lines"};
  static constexpr AuditNames kOutcomes = {"CommitOutcomeReports", "WithdrawOutcomeReport",
                                           "report", "reports"};
  return resource == Resource::kPurchases ? kPurchases : kOutcomes;
}

bool MayReturn(Resource resource) { return resource == Resource::kOutcomes; }

uint64_t& LinesOf(Resource resource, codec::LedgerHead& head) {
  return resource == Resource::kPurchases ? head.lines : head.reports;
}

LineDraft MakeDraft(model::CouncilNo council, int64_t row, std::string reference,
                    const model::PurchaseContent& content, model::Day received) {
  return Draft(council, row, std::move(reference), received, codec::EncodeContent(content),
               FiguresOf(content, received));
}

LineDraft MakeDraft(model::CouncilNo council, int64_t row, std::string reference,
                    const model::OutcomeContent& content, model::Day received) {
  return Draft(council, row, std::move(reference), received, codec::EncodeContent(content),
               model::FactOf(content));
}

absl::StatusOr<LineFact> FactOfLine(Resource resource, model::CouncilNo council,
                                    const codec::LineRecord& record) {
  LineFact fact;
  if (resource == Resource::kPurchases) {
    ASSIGN_OR_RETURN(model::PurchaseContent content, codec::DecodeContent(record.content));
    fact = FiguresOf(content, model::Day{record.received_day});
  } else {
    ASSIGN_OR_RETURN(model::OutcomeContent content, codec::DecodeOutcomeContent(record.content));
    fact = model::FactOf(content);
  }
  SetPlace(council, record.line, record.sequence, fact);
  return fact;
}

absl::StatusOr<LineDraft> DraftOf(Resource resource, codec::StagedLine line) {
  codec::LineRecord record;
  record.received_day = line.received_day;
  record.content = std::move(line.content);
  ASSIGN_OR_RETURN(LineFact fact, FactOfLine(resource, line.council, record));
  return Draft(line.council, line.row, std::move(line.reference), model::Day{line.received_day},
               std::move(record.content), std::move(fact));
}

void SetPlace(model::CouncilNo council, model::LineNo line, uint64_t sequence, LineFact& fact) {
  auto set = [&](auto& f) {
    f.council = council;
    f.line = line;
    f.sequence = sequence;
  };
  if (auto* purchase = std::get_if<PurchaseFigures>(&fact)) {
    set(purchase->fact);
  } else {
    set(std::get<model::OutcomeFact>(fact));
  }
}

std::string FactKeyOf(const LineFact& fact) {
  return std::visit([](const auto& f) { return codec::Encode(KeyOf(f)); }, fact);
}

std::string FactHistoryKeyOf(const LineFact& fact, uint64_t end_sequence) {
  return std::visit([&](const auto& f) { return codec::FactHistoryKey(KeyOf(f), end_sequence); },
                    fact);
}

std::string FactBytesOf(const LineFact& fact) {
  return std::visit([](const auto& f) { return codec::EncodeFact(FactIn(f)); }, fact);
}

void TouchFact(const LineFact& fact, Transaction& tx) {
  if (const auto* purchase = std::get_if<PurchaseFigures>(&fact)) {
    tx.Touch(purchase->series);
  } else {
    tx.Touch(YearOf(std::get<model::OutcomeFact>(fact)));
  }
}

}  // namespace steelyard::ledger
