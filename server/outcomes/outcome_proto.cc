#include "server/outcomes/outcome_proto.h"

#include "server/rpc/convert.h"
#include "server/rpc/names.h"

namespace steelyard::outcomes {

void ToProto(const model::OutcomeContent& c, const model::Registers& registers,
             v1::OutcomeReport* out) {
  if (const model::Provider* p = registers.FindProvider(c.provider)) {
    out->set_provider(rpc::ProviderName(p->id));
  }
  out->set_service(std::string(model::CodeOf(c.service).id));
  rpc::ToProto(c.quarter, out->mutable_quarter());
  out->set_placements(c.placements);
  for (size_t i = 0; i < c.ratings.size(); ++i) {
    if (c.ratings[i] == model::Level::kNone) continue;
    v1::OutcomeReport::Rating* rating = out->add_ratings();
    rating->set_measure(rpc::MeasureName(model::Measures()[i].code.id));
    rating->set_level(static_cast<v1::OutcomeReport::Level>(c.ratings[i]));
  }
  out->set_currency_code(c.currency.code());
  if (c.spend_micros) out->set_spend_micros(*c.spend_micros);
  if (c.weekly_fee_micros) out->set_weekly_fee_micros(*c.weekly_fee_micros);
  if (c.weekly_extras_micros) out->set_weekly_extras_micros(*c.weekly_extras_micros);
  if (c.unplanned_endings) out->set_unplanned_endings(*c.unplanned_endings);
  if (c.referrals) out->set_referrals(*c.referrals);
  if (c.offers) out->set_offers(*c.offers);
  if (c.nearest_offer_meters) out->set_nearest_offer_meters(*c.nearest_offer_meters);
  if (c.no_alternative) out->set_no_alternative(*c.no_alternative);
  out->set_intention(static_cast<v1::OutcomeReport::Intention>(c.intention));
  for (const uint8_t number : c.priorities) {
    out->add_priorities(std::string(model::Priorities()[number - 1u].id));
  }
}

}  // namespace steelyard::outcomes
