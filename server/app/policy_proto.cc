#include "server/app/policy_proto.h"

#include <string>
#include <utility>

#include "server/benchmarks/question.h"
#include "server/rpc/convert.h"
#include "server/rpc/names.h"

namespace steelyard::app {

void ToProto(const publisher::PolicyPreview& preview, const model::Registers& registers,
             v1::PolicyPreview* out) {
  using Effect = publisher::PolicyPreview::Effect;
  out->set_figures_now(preview.figures_shown);
  out->set_figures_then(preview.figures_then);
  int64_t counts[3] = {};
  for (const publisher::PolicyPreview::Change& change : preview.changes) {
    counts[static_cast<size_t>(change.effect)] += change.figures;
    if (out->changes_size() == kMaxPreviewChanges) continue;
    const publisher::FigurePlace& place = change.place;
    v1::PolicyPreview::Change* shown = out->add_changes();
    shown->set_effect(change.effect == Effect::kOpens    ? v1::PolicyPreview::OPENS
                      : change.effect == Effect::kCloses ? v1::PolicyPreview::CLOSES
                                                         : v1::PolicyPreview::HOLDS);
    if (const model::Product* product = registers.FindProduct(place.series.product)) {
      shown->set_product(rpc::ProductName(product->id));
    }
    shown->set_figures(change.figures);
    shown->set_currency_code(place.series.currency.code());
    rpc::ToProto(place.months.first, shown->mutable_from_month());
    rpc::ToProto(place.months.last, shown->mutable_to_month());
    if (!place.areas.empty()) {
      for (std::string& area : benchmarks::NameCovered(registers, place.areas)) {
        shown->add_areas(std::move(area));
      }
    }
    for (const std::string& type : place.types) shown->add_authority_types(type);
    if (const model::Supplier* supplier = registers.FindSupplier(place.supplier)) {
      shown->set_supplier(rpc::SupplierName(supplier->id));
    }
  }
  out->set_opens(counts[static_cast<size_t>(Effect::kOpens)]);
  out->set_closes(counts[static_cast<size_t>(Effect::kCloses)]);
  out->set_holds(counts[static_cast<size_t>(Effect::kHolds)]);
}

}  // namespace steelyard::app
