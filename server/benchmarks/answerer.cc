#include "server/benchmarks/answerer.h"

#include <algorithm>
#include <utility>

#include "server/benchmarks/price_figures.h"
#include "server/rpc/convert.h"
#include "server/rpc/names.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

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
      return "millilitre";
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

}  // namespace

absl::StatusOr<Answer> Answerer::Ask(const Question& question, const model::Registers& registers) {
  Answer answer;
  ASSIGN_OR_RETURN(
      editions::EditionStore::Shown shown,
      editions_.Show({question.product, question.currency}, question.period.first.year(),
                     question.period.last.year(), question.edition));
  answer.edition = shown.edition;
  answer.blocks = std::move(shown.blocks);
  int64_t policy_version = 0;
  for (const auto& block : answer.blocks) {
    policy_version = std::max(policy_version, block->policy_version);
  }
  answer.policy = policies_(policy_version);
  answer.tiles = TileQuestion(question, answer.blocks);
  answer.figures.reserve(answer.tiles.size());
  for (const Tile& tile : answer.tiles) {
    answer.figures.push_back(tile.atoms.empty() ? editions::Figures()
                                                : editions::Combine(tile.atoms));
    answer.available.push_back(MayShow(answer.figures.back(), registers, answer.policy));
  }
  return answer;
}

void ToProto(const Question& question, const Answer& answer, const model::Registers& registers,
             v1::PriceBenchmark* out) {
  const model::Product* product = registers.FindProduct(question.product);
  out->set_product(rpc::ProductName(product->id));
  out->set_currency_code(question.currency.code());
  out->set_base_unit(std::string(UnitName(product->base_unit)));
  for (size_t i = 0; i < answer.tiles.size(); ++i) {
    const Tile& tile = answer.tiles[i];
    const bool available = answer.available[i];
    v1::PriceCell* cell = out->add_cells();
    // What cannot be shown says nothing but what was asked.
    const model::Period& shown = available ? tile.answered : tile.asked;
    rpc::ToProto(shown.first, cell->mutable_from_month());
    rpc::ToProto(shown.last, cell->mutable_to_month());
    rpc::ToProto(tile.asked.first, cell->mutable_asked_from_month());
    rpc::ToProto(tile.asked.last, cell->mutable_asked_to_month());
    cell->set_answer(KindOf(tile, available));
    if (!available) continue;
    if (!tile.areas.empty()) {
      for (std::string& name : NameAreas(registers, tile.areas)) cell->add_areas(std::move(name));
    } else {
      for (const model::Area& area : registers.areas) {
        if (!area.parent) cell->add_areas(rpc::AreaName(area.id));
      }
    }
    for (const std::string& type : tile.types) cell->add_authority_types(type);
    ToProto(answer.figures[i], registers, answer.policy, cell->mutable_figures());
  }
}

void SetReceipt(const v1::GetPriceBenchmarkRequest& request, const Answer& answer,
                v1::PriceBenchmark* out) {
  v1::GetPriceBenchmarkRequest asked = request;
  asked.set_edition(static_cast<int64_t>(answer.edition));
  std::string bytes = asked.SerializeAsString();
  out->AppendToString(&bytes);
  v1::Receipt* receipt = out->mutable_receipt();
  receipt->set_edition(static_cast<int64_t>(answer.edition));
  receipt->set_method_version(kMethodVersion);
  receipt->set_policy_version(answer.policy.version);
  receipt->set_content_sha256(HexOf(Sha256(bytes)));
}

}  // namespace steelyard::benchmarks
