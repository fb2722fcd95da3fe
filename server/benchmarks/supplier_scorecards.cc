#include "server/benchmarks/supplier_scorecards.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "server/benchmarks/price_figures.h"
#include "server/rpc/convert.h"
#include "server/rpc/names.h"
#include "storage/editions/combine.h"

namespace steelyard::benchmarks {
namespace {

// The atoms of one supplier group, and of which runs they are.
struct Found {
  std::vector<const editions::Atom*> atoms;
  std::vector<model::Period> runs;
  std::vector<model::SupplierNo> members;
  editions::DeliveryTotals delivery;
};

void Add(const editions::Run& run, size_t i, Found& found) {
  if (run.sellers[i].lines == 0) return;
  found.atoms.push_back(&run.sellers[i]);
  if (found.runs.empty() || found.runs.back() != run.layout.period) {
    found.runs.push_back(run.layout.period);
  }
  const auto& members = run.layout.sellers[i].members;
  found.members.insert(found.members.end(), members.begin(), members.end());
}

bool Combined(const Found& found, const model::Registers& registers, const model::Policy& policy,
              editions::Figures& figures) {
  if (found.atoms.empty()) return false;
  figures = editions::Combine(found.atoms);
  return MayShow(figures, registers, policy);
}

v1::SupplierScorecard Card(const Found& found, const editions::Figures& figures,
                           const model::Registers& registers, const model::Policy& policy) {
  v1::SupplierScorecard card;
  for (const model::Period& run : found.runs) {
    v1::MonthSpan* span = card.add_spans();
    rpc::ToProto(run.first, span->mutable_from_month());
    rpc::ToProto(run.last, span->mutable_to_month());
  }
  ToProto(figures, found.delivery, registers, policy, card.mutable_figures());
  return card;
}

}  // namespace

void SupplierScorecards(const Question& question,
                        const std::vector<std::shared_ptr<const editions::YearBlock>>& blocks,
                        const model::Registers& registers, const model::Policy& policy,
                        v1::ListSupplierScorecardsResponse* out) {
  std::map<model::SupplierNo, Found> named;
  Found others;
  for (const auto& block : blocks) {
    for (const editions::Run& run : block->runs) {
      if (!run.layout.period.Overlaps(question.period) || run.sellers.empty()) continue;
      v1::MonthSpan* span = out->add_spans();
      rpc::ToProto(run.layout.period.first, span->mutable_from_month());
      rpc::ToProto(run.layout.period.last, span->mutable_to_month());
      for (size_t i = 0; i < run.sellers.size(); ++i) {
        const editions::SellerGroup& group = run.layout.sellers[i];
        Add(run, i, group.named ? named[group.owner] : others);
      }
      for (const editions::SellerDelivery& seller : run.delivery.sellers) {
        named[seller.owner].delivery.Add(seller.totals);
      }
    }
  }
  std::vector<std::tuple<absl::int128, model::SupplierNo, v1::SupplierScorecard>> cards;
  for (auto& [owner, found] : named) {
    editions::Figures figures;
    const model::Supplier* supplier = registers.FindSupplier(owner);
    if (supplier == nullptr || !Combined(found, registers, policy, figures)) continue;
    v1::SupplierScorecard card = Card(found, figures, registers, policy);
    card.set_supplier(rpc::SupplierName(supplier->id));
    std::sort(found.members.begin(), found.members.end());
    found.members.erase(std::unique(found.members.begin(), found.members.end()),
                        found.members.end());
    for (model::SupplierNo member : found.members) {
      const model::Supplier* entry = registers.FindSupplier(member);
      if (entry != nullptr && member != owner) card.add_members(rpc::SupplierName(entry->id));
    }
    cards.emplace_back(-figures.spend_micros, owner, std::move(card));
  }
  std::sort(cards.begin(), cards.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  });
  for (auto& [spend, owner, card] : cards) *out->add_scorecards() = std::move(card);
  editions::Figures figures;
  if (Combined(others, registers, policy, figures)) {
    *out->mutable_others() = Card(others, figures, registers, policy);
  }
}

}  // namespace steelyard::benchmarks
