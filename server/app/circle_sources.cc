#include "server/app/circle_sources.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "server/negotiations/moves.h"
#include "server/negotiations/negotiation_store.h"
#include "server/rpc/names.h"
#include "storage/base/status_macros.h"
#include "storage/ledger/fact_reader.h"
#include "storage/ledger/outcome_fact_reader.h"

namespace steelyard::app {
namespace {

using circles::Exposure;
using model::CouncilNo;

// The standing consent of a member.
const model::Consent& ConsentOf(const model::Negotiation& n, CouncilNo council) {
  return *std::find_if(n.members.begin(), n.members.end(),
                       [&](const model::Consent& m) { return m.council == council && m.active(); });
}

// What members of a negotiation consent to: what each submitted as its spend
// with the provider in these quarters.
model::CircleTerms TermsOf(const model::Negotiation& n) {
  model::CircleTerms terms;
  terms.title = n.title;
  terms.providers = {n.provider};
  terms.fields = {model::CircleField::kSpend};
  terms.from_month = n.from_quarter;
  terms.to_month = n.to_quarter.Plus(2);
  return terms;
}

absl::StatusOr<std::vector<Exposure>> Negotiated(const ledger::Ledger& ledger, CouncilNo council) {
  std::vector<Exposure> exposures;
  ASSIGN_OR_RETURN(const auto all, negotiations::NegotiationStore(ledger).List());
  for (const negotiations::Stored& stored : all) {
    const model::Negotiation& n = stored.negotiation;
    if (!negotiations::InCircle(n, council)) continue;
    for (const CouncilNo member : n.ActiveMembers()) {
      if (member == council) continue;
      const int64_t start = std::max(ConsentOf(n, council).consent_unix_micros,
                                     ConsentOf(n, member).consent_unix_micros);
      exposures.push_back({rpc::NegotiationName(n.id), {member, start, 0}, TermsOf(n)});
    }
  }
  return exposures;
}

}  // namespace

circles::CircleSources MakeCircleSources(const ledger::Ledger& ledger,
                                         audit::ReadJournal& journal) {
  circles::CircleSources sources;
  sources.rows.purchases = [&ledger](CouncilNo council, model::ProductNo product,
                                     model::Currency currency, const model::Period& period) {
    return ledger::OwnRows(ledger.database(), council).Read(product, currency, period);
  };
  sources.rows.reports = [&ledger](CouncilNo council, model::Service service,
                                   const model::Period& quarters) {
    return ledger::OwnOutcomes(ledger.database(), council).Read(service, quarters);
  };
  sources.negotiated = [&ledger](CouncilNo council) { return Negotiated(ledger, council); };
  sources.looked = [&journal](const rpc::Caller& caller, std::string_view action,
                              std::string_view resource) {
    return journal.Record(caller.token_id, action, resource);
  };
  sources.write_looks = [&journal] { journal.Flush(); };
  return sources;
}

}  // namespace steelyard::app
