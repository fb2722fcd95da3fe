#include "server/benchmarks/answerer.h"

#include <algorithm>
#include <utility>

#include "server/benchmarks/price_figures.h"
#include "server/benchmarks/shown.h"
#include "server/benchmarks/supplier_scorecards.h"
#include "server/benchmarks/tiling.h"
#include "server/rpc/convert.h"
#include "server/rpc/names.h"
#include "storage/base/bytes.h"
#include "storage/base/status_macros.h"
#include "storage/editions/combine.h"

namespace steelyard::benchmarks {
namespace {

constexpr char kMethodVersion[] = "price-1";

std::string_view UnitName(model::BaseUnit unit) {
  switch (unit) {
    case model::BaseUnit::kPiece:
      return "piece";
    case model::BaseUnit::kPair:
      return "pair";
    case model::BaseUnit::kMilliliter:
      return "milliliter";
  }
  return "unit";
}

v1::PriceCell::Answer KindOf(const Tile& tile, bool available) {
  if (!available) return v1::PriceCell::NOT_AVAILABLE;
  if (tile.longer) {
    return tile.wider ? v1::PriceCell::LONGER_PERIOD_AND_WIDER_GROUP : v1::PriceCell::LONGER_PERIOD;
  }
  if (tile.shorter) {
    return tile.wider ? v1::PriceCell::PART_OF_PERIOD_AND_WIDER_GROUP
                      : v1::PriceCell::PART_OF_PERIOD;
  }
  return tile.wider ? v1::PriceCell::WIDER_GROUP : v1::PriceCell::EXACT;
}

// All that an answer depends on: the question, the blocks and the registers.
std::string KeyOf(const Question& q, const editions::EditionStore::Shown& shown,
                  const model::Registers& registers) {
  ByteWriter w;
  w.Varint(q.product.value).Fixed16(q.currency.number()).Varint(registers.version);
  w.Varint(shown.blocks.size());
  for (const auto& block : shown.blocks) w.Signed(block->year).Varint(block->edition);
  w.Varint(q.segments.size());
  for (const model::Period& p : q.segments) w.Signed(p.first.number).Signed(p.last.number);
  w.Varint(q.everywhere ? 1 : 0).Varint(q.areas.size());
  for (model::AreaNo area : q.areas) w.Varint(area.value);
  w.Text(q.authority_type);
  return std::move(w).str();
}

// One cell, in words and as own figures need it.
void AddCell(const Tile& tile, const model::Registers& registers, AnswerBody& body) {
  const editions::Figures figures =
      tile.atoms.empty() ? editions::Figures() : editions::Combine(tile.atoms);
  AnswerCell& own = body.cells.emplace_back();
  own.available = MayShow(figures, registers, body.policy);
  // What cannot be shown says nothing but what was asked.
  own.period = own.available ? tile.answered : tile.asked;
  v1::PriceCell* cell = body.benchmark.add_cells();
  rpc::ToProto(own.period.first, cell->mutable_from_month());
  rpc::ToProto(own.period.last, cell->mutable_to_month());
  rpc::ToProto(tile.asked.first, cell->mutable_asked_from_month());
  rpc::ToProto(tile.asked.last, cell->mutable_asked_to_month());
  cell->set_answer(KindOf(tile, own.available));
  if (!own.available) return;
  for (std::string& area : NameCovered(registers, tile.areas)) cell->add_areas(std::move(area));
  for (const std::string& type : tile.types) cell->add_authority_types(type);
  editions::DeliveryTotals delivery;
  for (const editions::DeliveryTotals* row : tile.deliveries) delivery.Add(*row);
  ToProto(figures, delivery, registers, body.policy, cell->mutable_figures());
  own.least = body.policy.min_councils + RelatedExcess(figures, registers);
  own.council_means = figures.council_means;
}

std::shared_ptr<const AnswerBody> Work(const Question& question,
                                       const editions::EditionStore::Shown& shown,
                                       const model::Policy& policy,
                                       const model::Registers& registers) {
  auto body = std::make_shared<AnswerBody>();
  body->policy = policy;
  const model::Product* product = registers.FindProduct(question.product);
  body->benchmark.set_product(rpc::ProductName(product->id));
  body->benchmark.set_currency_code(question.currency.code());
  body->benchmark.set_base_unit(std::string(UnitName(product->base_unit)));
  for (const Tile& tile : TileQuestion(question, shown.blocks)) AddCell(tile, registers, *body);
  return body;
}

}  // namespace

absl::StatusOr<editions::EditionStore::Shown> Answerer::Show(const Question& question) {
  return editions_.Show({question.product, question.currency}, question.period.first.year(),
                        question.period.last.year(), question.edition);
}

model::Policy Answerer::PolicyOf(const editions::EditionStore::Shown& shown) const {
  int64_t version = 0;
  for (const auto& block : shown.blocks) version = std::max(version, block->policy_version);
  return policies_(version);
}

absl::StatusOr<Answer> Answerer::Ask(const Question& question, const model::Registers& registers) {
  ASSIGN_OR_RETURN(editions::EditionStore::Shown shown, Show(question));
  const std::string key = KeyOf(question, shown, registers);
  Answer answer{shown.edition, cache_.Get(key)};
  if (answer.body != nullptr) return answer;
  answer.body = Work(question, shown, PolicyOf(shown), registers);
  // Without blocks the policy in force decides, which the key does not hold.
  if (!shown.blocks.empty()) cache_.Put(key, answer.body);
  return answer;
}

absl::Status Answerer::AskSuppliers(const v1::ListSupplierScorecardsRequest& request,
                                    const Question& question, const model::Registers& registers,
                                    v1::ListSupplierScorecardsResponse* out) {
  ASSIGN_OR_RETURN(const editions::EditionStore::Shown shown, Show(question));
  const model::Policy policy = PolicyOf(shown);
  const model::Product* product = registers.FindProduct(question.product);
  out->set_product(rpc::ProductName(product->id));
  out->set_currency_code(question.currency.code());
  out->set_base_unit(std::string(UnitName(product->base_unit)));
  SupplierScorecards(question, shown.blocks, registers, policy, out);
  AddReceipt(request, shown.edition, kMethodVersion, policy.version, out);
  // What an edition does not fix is in no receipt.
  out->set_delay_months(policies_(0).supplier_delay_months);
  for (v1::SupplierScorecard& card : *out->mutable_scorecards()) {
    const auto id = rpc::ParseSupplier(card.supplier());
    const model::Supplier* supplier = id.ok() ? registers.FindSupplier(*id) : nullptr;
    if (supplier != nullptr) card.set_display_name(supplier->display_name);
  }
  return absl::OkStatus();
}

void ToProto(const v1::GetPriceBenchmarkRequest& request, const Answer& answer,
             v1::PriceBenchmark* out) {
  *out = answer.body->benchmark;
  AddReceipt(request, answer.edition, kMethodVersion, answer.body->policy.version, out);
}

}  // namespace steelyard::benchmarks
