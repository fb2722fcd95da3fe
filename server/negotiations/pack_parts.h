#ifndef STEELYARD_SERVER_NEGOTIATIONS_PACK_PARTS_H_
#define STEELYARD_SERVER_NEGOTIATIONS_PACK_PARTS_H_

// Parts that a pack is laid out of (pack_layout.h puts them in order).

#include <string>
#include <string_view>
#include <vector>

#include "server/negotiations/pack_document.h"
#include "server/negotiations/pack_layout.h"
#include "steelyard/v1/negotiation_service.pb.h"
#include "steelyard/v1/provider_benchmark.pb.h"

namespace steelyard::negotiations {

// Gives receipts their labels, R1 for the first; the same receipt has one
// label. Not thread-safe.
class Receipts {
 public:
  std::string Label(const v1::Receipt& receipt, std::string_view of);
  std::vector<LabeledReceipt> Take() && { return std::move(list_); }

 private:
  std::vector<LabeledReceipt> list_;
};

// Collects status words, each once, and says what they mean. Not thread-safe.
class StatusNotes {
 public:
  // Notes the word; returns it, or that it is not shown.
  std::string Add(const v1::StatusWord& status);
  // Adds the table of what they mean, if there are any.
  void AddTo(PackSection& section) const;

 private:
  std::vector<v1::StatusWord> words_;
};

// Cells: a figure in words, with what a program reads.
PackCell CountCell(int64_t count);
PackCell PoundCell(int64_t micros);
PackCell ShareCell(double share);
PackCell ScoreCell(double score);
PackCell ProportionCell(const v1::Proportion& proportion);
PackCell NotShownCell();

// One service's figures on their way into the document.
struct ServicePart {
  const v1::Pack::Service& service;
  std::string provider;  // name for people
  std::string receipt;   // label of the provider's figures
  std::string all_receipt;
  const v1::ProviderFigures& own;
  const v1::ProviderFigures& all;
};
// A part of the service's section, without anything in it.
PackSection Section(const ServicePart& part, std::string_view heading);
// The part, with labels for its receipts.
ServicePart PartOf(const v1::Pack& pack, const v1::Pack::Service& service, Receipts& receipts);
// Its charts, if there are any.
void AddTrends(const ServicePart& part, PackDocument& document);

// The pack in a few sentences, if there is anything to say.
void AddSummary(const v1::Pack& pack, Receipts& receipts, PackDocument& document);

// Everything of one kind of service.
void AddService(const v1::Pack& pack, const v1::Pack::Service& service, Receipts& receipts,
                PackDocument& document);

// Places, concentration and judgements.
void AddProvision(const v1::Pack& pack, const NameSource& name_of, Receipts& receipts,
                  PackDocument& document);

}  // namespace steelyard::negotiations

#endif  // STEELYARD_SERVER_NEGOTIATIONS_PACK_PARTS_H_
