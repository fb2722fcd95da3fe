#include "server/benchmarks/provider_answers.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/benchmarks/outcome_figures.h"
#include "server/benchmarks/provider_charts.h"
#include "server/benchmarks/question.h"
#include "server/benchmarks/shown.h"
#include "server/benchmarks/uplift.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/bytes.h"
#include "storage/base/status_macros.h"

namespace steelyard::benchmarks {
namespace {

using Providers = std::vector<model::ProviderNo>;

// Providers that the tile is of and that are released by themselves, ascending.
Providers ReleasedAlone(const ProviderTile& tile) {
  Providers out;
  for (const auto& run : tile.runs) {
    if (run.block->group.kind == editions::ProviderGroup::Kind::kProvider) {
      out.push_back(run.block->group.provider);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string GroundKey(model::Service service, const model::Period& quarters) {
  ByteWriter w;
  w.Varint(static_cast<uint64_t>(service));
  w.Signed(quarters.first.year()).Signed(quarters.last.year());
  return std::move(w).str();
}

std::string WithPeriod(std::string key, const model::Period& quarters) {
  ByteWriter w;
  w.Signed(quarters.first.number).Signed(quarters.last.number);
  return std::move(key) + std::move(w).str();
}

// Writes the cells of one answer.
class CellWriter {
 public:
  CellWriter(const ProviderField& field, const model::Registers& registers,
             const model::Policy& policy)
      : field_(field), registers_(registers), policy_(policy) {}

  // Returns the ratings that are shown.
  QuarterRatings Write(const ProviderTile& tile, Standing standing, const Providers& own,
                       v1::ProviderCell* cell) const {
    const editions::OutcomeFigures figures = FiguresOf(tile);
    const bool available = !tile.atoms.empty() && MayShow(figures, registers_, policy_);
    // What cannot be shown says nothing but what was asked.
    QuarterRatings shown{available ? tile.answered : tile.asked, {}};
    QuartersToProto(shown.quarters, cell->mutable_from_quarter(), cell->mutable_to_quarter());
    cell->set_answer(!available     ? v1::ANSWER_NOT_AVAILABLE
                     : tile.nearest ? v1::ANSWER_NEAREST
                                    : v1::ANSWER_EXACT);
    if (!available) return shown;
    for (std::string& area : NameCovered(registers_, tile.areas)) cell->add_areas(std::move(area));
    ToProto(figures, registers_, policy_, cell->mutable_figures());
    for (size_t m = 0; m < model::kMeasureCount; ++m) {
      if (!MayShow(figures.ratings[m], policy_)) continue;
      shown.ratings[m] = figures.ratings[m];
      ToProto(field_, static_cast<model::Measure>(m), *figures.ratings[m], standing, own, policy_,
              cell->mutable_figures()->add_measures());
    }
    return shown;
  }

 private:
  const ProviderField& field_;
  const model::Registers& registers_;
  const model::Policy& policy_;
};

}  // namespace

absl::StatusOr<ProviderAnswers::Asked> ProviderAnswers::GroundOf(
    model::Service service, const model::Period& quarters, uint64_t edition,
    const model::Registers& registers) {
  if (edition > outcomes_.newest()) {
    return rpc::error::NotFound("edition", absl::StrCat(edition));
  }
  const std::string place = GroundKey(service, quarters);
  const uint64_t wanted = edition == 0 ? outcomes_.newest() : edition;
  KeptGround kept;
  {
    std::lock_guard lock(ground_mutex_);
    if (auto it = grounds_.find(place); it != grounds_.end()) kept = it->second;
  }
  if (kept.ground == nullptr || kept.edition != wanted || kept.registers != registers.version) {
    ASSIGN_OR_RETURN(editions::OutcomeStore::Shown shown,
                     outcomes_.Show(service, quarters.first.year(), quarters.last.year(), edition));
    uint64_t newest_block = 0;
    int64_t policy_version = 0;
    for (const auto& block : shown.blocks) {
      newest_block = std::max(newest_block, block->edition);
      policy_version = std::max(policy_version, block->policy_version);
    }
    // No block is newer than the newest of an edition's, so that says which
    // blocks there are.
    ByteWriter w;
    w.Text(place).Varint(newest_block);
    const std::string key = std::move(w).str();
    if (kept.ground == nullptr || kept.registers != registers.version || kept.ground->key != key) {
      auto ground = std::make_shared<ProviderGround>(std::move(shown.blocks), registers);
      ground->key = key;
      ground->policy_version = policy_version;
      kept.ground = std::move(ground);
    }
    kept.edition = shown.edition;
    kept.registers = registers.version;
    if (edition == 0) {
      std::lock_guard lock(ground_mutex_);
      if (grounds_.size() >= kMostGrounds) grounds_.clear();
      grounds_[place] = kept;
    }
  }
  return Asked{kept.edition, kept.ground, policies_(kept.ground->policy_version)};
}

std::shared_ptr<const ProviderField> ProviderAnswers::FieldOf(const ProviderGround& ground,
                                                              const model::Period& quarters) {
  const std::string key = WithPeriod(ground.key, quarters);
  if (auto field = fields_.Get(key)) return field;
  // Whoever comes second waits for the first rather than doing it again.
  std::lock_guard lock(field_mutex_);
  if (auto field = fields_.Get(key)) return field;
  auto field = std::make_shared<ProviderField>(ground.index, quarters);
  fields_.Put(key, field);
  return field;
}

std::shared_ptr<const ProviderAnswers::Body> ProviderAnswers::Work(
    const ProviderQuestion& question, const Asked& asked, const model::Registers& registers) {
  v1::ProviderBenchmark out;
  const bool all = question.provider.value == 0;
  if (const model::Provider* provider = registers.FindProvider(question.provider)) {
    out.set_provider(rpc::ProviderName(provider->id));
    out.set_provider_display_name(provider->display_name);
  }
  out.set_service(std::string(model::CodeOf(question.service).id));

  const auto field = FieldOf(*asked.ground, question.quarters);
  const CellWriter writer(*field, registers, asked.policy);
  const ProviderTiler tiler(asked.ground->index, registers, question.provider,
                            {question.areas, question.everywhere});
  const ProviderTile whole = tiler.Tile(question.quarters);
  const Providers own = all ? Providers() : ReleasedAlone(whole);
  writer.Write(whole, all ? Standing::kAll : Standing::kPlaced, own, out.mutable_whole());
  out.set_answer(out.whole().answer());
  if (out.whole().has_figures()) {
    for (model::ProviderNo no : own) {
      if (const auto* entry = registers.FindProvider(no)) {
        out.add_providers(rpc::ProviderName(entry->id));
      }
    }
    std::sort(out.mutable_providers()->begin(), out.mutable_providers()->end());
  }
  std::vector<QuarterRatings> quarters;
  for (const ProviderTile& tile : tiler.TileQuarters(question.quarters)) {
    quarters.push_back(writer.Write(tile, Standing::kPlain, {}, out.add_quarters()));
  }
  AddCharts(quarters, out.mutable_charts());
  auto body = std::make_shared<Body>();
  body->bytes = out.SerializeAsString();
  return body;
}

absl::StatusOr<std::shared_ptr<const v1::ProviderBenchmark>> ProviderAnswers::Benchmark(
    const v1::GetProviderBenchmarkRequest& request, const directory::Resolver& resolver) {
  const model::Registers& registers = resolver.registers();
  ASSIGN_OR_RETURN(const ProviderQuestion question, ParseQuestion(request, resolver));
  ASSIGN_OR_RETURN(const Asked asked,
                   GroundOf(question.service, question.quarters, question.edition, registers));
  ByteWriter key;
  key.Text(WithPeriod(asked.ground->key, question.quarters)).Varint(registers.version);
  key.Varint(question.provider.value).Varint(question.everywhere ? 1 : 0);
  for (model::AreaNo area : question.areas) key.Varint(area.value);
  const std::string name = std::move(key).str();
  // The receipt holds the edition, and a hash over the question as it was put.
  ByteWriter put;
  put.Text(name).Varint(asked.edition).Text(request.SerializeAsString());
  const std::string as_put = std::move(put).str();
  // Without blocks the policy in force decides, which the keys do not hold.
  const bool keep = asked.ground->policy_version != 0;
  std::shared_ptr<const Sent> sent = sent_.Get(as_put);
  if (sent == nullptr) {
    auto body = answers_.Get(name);
    if (body == nullptr) {
      body = Work(question, asked, registers);
      if (keep) answers_.Put(name, body);
    }
    auto made = std::make_shared<Sent>();
    if (!made->reply->ParseFromString(body->bytes)) {
      return absl::InternalError("a kept answer is damaged");
    }
    AddReceipt(request, body->bytes, asked.edition, kProviderMethodVersion, asked.policy.version,
               made->reply);
    if (keep) sent_.Put(as_put, made);
    sent = std::move(made);
  }
  return std::shared_ptr<const v1::ProviderBenchmark>(sent, sent->reply);
}

absl::StatusOr<PositionsPage> ProviderAnswers::Positions(
    const v1::ListProviderPositionsRequest& request, const directory::Resolver& resolver,
    uint64_t edition, int32_t size, const std::string& after) {
  const model::Registers& registers = resolver.registers();
  ASSIGN_OR_RETURN(const PositionsQuestion question, ParseQuestion(request));
  ASSIGN_OR_RETURN(const Asked asked,
                   GroundOf(question.service, question.quarters,
                            edition == 0 ? question.edition : edition, registers));
  const auto field = FieldOf(*asked.ground, question.quarters);
  const auto m = static_cast<size_t>(question.measure);
  std::vector<std::pair<const model::Provider*, const FieldUnit*>> order;
  for (const FieldUnit& unit : field->units()) {
    const model::Provider* provider = registers.FindProvider(unit.provider);
    if (provider == nullptr || provider->id <= after) continue;
    if (!MayShow(unit, registers, asked.policy)) continue;
    if (!MayShow(unit.ratings[m], asked.policy) || unit.ratings[m]->ranks() == 0) continue;
    order.emplace_back(provider, &unit);
  }
  std::sort(order.begin(), order.end(),
            [](const auto& a, const auto& b) { return a.first->id < b.first->id; });
  PositionsPage page;
  page.edition = asked.edition;
  if (order.size() > static_cast<size_t>(size)) {
    order.resize(static_cast<size_t>(size));
    page.last = order.back().first->id;
  }
  for (const auto& [provider, unit] : order) {
    v1::ProviderPosition* position = page.reply.add_positions();
    position->set_provider(rpc::ProviderName(provider->id));
    position->set_display_name(provider->display_name);
    ToProto(*field, question.measure, *unit->ratings[m], Standing::kPlaced, {unit->provider},
            asked.policy, position->mutable_figures());
  }
  AddReceipt(request, asked.edition, kProviderMethodVersion, asked.policy.version, &page.reply);
  return page;
}

absl::StatusOr<v1::UpliftCheck> ProviderAnswers::Uplift(const v1::CheckUpliftRequest& request,
                                                        const directory::Resolver& resolver) {
  const model::Registers& registers = resolver.registers();
  ASSIGN_OR_RETURN(const UpliftQuestion question, ParseQuestion(request, resolver));
  ASSIGN_OR_RETURN(const Asked asked,
                   GroundOf(question.service, {question.base.first, question.current.last},
                            question.edition, registers));
  v1::UpliftCheck reply = CheckUplift(question, asked.ground->index, registers, asked.policy);
  reply.set_draft_reply(DraftReply(reply, asked.edition));
  AddReceipt(request, asked.edition, kProviderMethodVersion, asked.policy.version, &reply);
  return reply;
}

}  // namespace steelyard::benchmarks
