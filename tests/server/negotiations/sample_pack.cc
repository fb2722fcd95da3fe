#include "tests/server/negotiations/sample_pack.h"

#include <array>
#include <cmath>

#include "server/negotiations/pack_changes.h"
#include "storage/model/codes.h"

namespace steelyard::negotiations {
namespace {

constexpr std::array<const char*, 20> kCouncils = {
    "Birmingham",      "Kent",       "Lancashire", "Essex",     "Surrey",
    "Manchester",      "Leeds",      "Norfolk",    "Hampshire", "Staffordshire",
    "Nottinghamshire", "Derbyshire", "Sheffield",  "Liverpool", "Bradford",
    "Durham",          "Bristol",    "Hackney",    "Camden",    "Isle of Wight"};
constexpr std::array<const char*, 9> kAreas = {
    "North East",    "North West",    "Yorkshire and the Humber",
    "East Midlands", "West Midlands", "East of England",
    "London",        "South East",    "South West"};

v1::Receipt ReceiptOf(char digit, const char* method) {
  v1::Receipt receipt;
  receipt.set_edition(412);
  receipt.set_method_version(method);
  receipt.set_policy_version(3);
  receipt.set_content_sha256(std::string(63, digit) + "e");
  return receipt;
}

v1::StatusWord Word(const char* word, const char* scheme, const char* threshold,
                    const char* meaning) {
  v1::StatusWord status;
  status.set_word(word);
  status.set_scheme(scheme);
  status.set_threshold(threshold);
  status.set_meaning(meaning);
  return status;
}

v1::Proportion Share(double value, int64_t of) {
  v1::Proportion p;
  const double half = 1.96 * std::sqrt(value * (1 - value) / static_cast<double>(of));
  p.set_value(value);
  p.set_lower(value - half);
  p.set_upper(value + half);
  p.set_denominator(of);
  return p;
}

void SetQuarter(int year, int quarter, v1::Quarter* out) {
  out->set_year(year);
  out->set_quarter(quarter);
}

void AddMeasure(int index, v1::ProviderFigures* figures) {
  const model::Code& code = model::Measures()[static_cast<size_t>(index)].code;
  v1::MeasureFigures* m = figures->add_measures();
  m->set_measure("measures/" + std::string(code.id));
  m->set_display_name(std::string(code.display_name));
  const std::array<int, 5> counts = {30 - 3 * index, 40, 12 + 4 * index, 3 + 2 * index, 2};
  for (int level = 1; level <= 5; ++level) {
    v1::LevelCount* count = m->add_levels();
    count->set_level(static_cast<v1::OutcomeReport::Level>(level));
    count->set_ratings(counts[static_cast<size_t>(level - 1)]);
  }
  const int ranked = counts[0] + counts[1] + counts[2] + counts[3];
  const double mean = static_cast<double>(3 * counts[0] + 2 * counts[1] + counts[2]) / ranked;
  m->set_councils(24 - index);
  m->set_score_map("even-steps-1");
  m->set_mean_score(mean);
  m->set_shrunk_score(mean * 0.8 + 1.9 * 0.2);
  m->set_shrunk_lower(m->shrunk_score() - 0.21);
  m->set_shrunk_upper(m->shrunk_score() + 0.21);
  m->set_overall_score(1.9);
  m->set_compared_providers(143);
  m->set_best_quarter_probability(index < 2 ? 0.31 : 0.04);
  m->set_worst_quarter_probability(0.05 + 0.1 * index);
  m->set_agreement(0.41);
  v1::FunnelPosition* f = m->mutable_funnel();
  f->set_ratings(ranked);
  f->set_below_target(counts[2] + counts[3]);
  f->set_share(static_cast<double>(f->below_target()) / ranked);
  f->set_target(0.27);
  f->set_lower_95(0.17);
  f->set_upper_95(0.37);
  f->set_lower_998(0.11);
  f->set_upper_998(0.43);
  const char* word = f->share() > 0.43   ? "far above expected"
                     : f->share() > 0.37 ? "above expected"
                                         : "as expected";
  *f->mutable_status() =
      Word(word, "funnel-95-998", "Beside the 95 % and 99.8 % limits of the funnel.",
           "How the share of ratings below target compares with all providers, chance and their "
           "usual spread allowed for. It does not say why.");
  *m->mutable_status() = Word(index < 3 ? "Approaching target" : "Requires improvement",
                              "mean-level-1", "The level whose number lies nearest.",
                              "What the mean stands for; its interval may span two levels.");
}

void FillFigures(bool own, v1::ProviderFigures* f) {
  f->set_councils(own ? 24 : 131);
  f->set_reports(own ? 210 : 4380);
  f->set_placements(own ? 1260 : 30'400);
  f->set_spend_micros((own ? 91'300 : 2'110'000) * int64_t{1'000'000'000});
  *f->mutable_unplanned_endings() = own ? Share(0.143, 1260) : Share(0.108, 30'400);
  v1::SufficiencyFigures* s = f->mutable_sufficiency();
  *s->mutable_offers_per_referral() = own ? Share(0.052, 4100) : Share(0.071, 66'000);
  *s->mutable_no_alternative() = own ? Share(0.61, 180) : Share(0.44, 3700);
  s->set_nearest_offer_p25_km(own ? 22 : 18.5);
  s->set_nearest_offer_p50_km(own ? 46.5 : 39);
  s->set_nearest_offer_p75_km(own ? 96 : 81);
  v1::FeeFigures* fees = f->mutable_fees();
  const int64_t pound = 1'000'000;
  fees->set_mean_micros((own ? 5'870 : 5'120) * pound);
  if (!own) fees->set_p10_micros(3'410 * pound);
  fees->set_p25_micros((own ? 5'090 : 4'260) * pound);
  fees->set_p50_micros((own ? 5'720 : 4'980) * pound);
  fees->set_p75_micros((own ? 6'450 : 5'830) * pound);
  fees->set_mean_extras_micros((own ? 412 : 265) * pound);
  if (!own) return;
  for (int i = 0; i < 8; ++i) AddMeasure(i, f);
  const std::array<int64_t, 5> reports = {41, 68, 55, 22, 24};
  for (int i = 0; i < 5; ++i) {
    v1::IntentionCount* count = f->add_intentions();
    count->set_intention(static_cast<v1::OutcomeReport::Intention>(i + 1));
    count->set_reports(reports[static_cast<size_t>(i)]);
  }
  for (int i = 0; i < 6; ++i) {
    const model::Code& code = model::Priorities()[static_cast<size_t>(i)];
    v1::PriorityCount* count = f->add_priorities();
    count->set_priority(std::string(code.id));
    count->set_display_name(std::string(code.display_name));
    count->set_reports(150 - 20 * i);
    count->set_points(610 - 95 * i);
  }
}

void AddChart(int index, bool signal, v1::ProviderBenchmark* benchmark) {
  const model::Code& code = model::Measures()[static_cast<size_t>(index)].code;
  v1::MeasureChart* chart = benchmark->add_charts();
  chart->set_measure("measures/" + std::string(code.id));
  chart->set_score_map("even-steps-1");
  const std::array<double, 12> scores = {2.1,  2.2, 2.0,  2.15, 2.05, 2.1,
                                         1.95, 1.9, 1.85, 1.8,  1.7,  1.45};
  for (int q = 0; q < 12; ++q) {
    v1::MeasureChart::Point* point = chart->add_points();
    SetQuarter(2023 + q / 4, q % 4 + 1, point->mutable_from_quarter());
    SetQuarter(2023 + q / 4, q % 4 + 1, point->mutable_to_quarter());
    point->set_score(signal ? scores[static_cast<size_t>(q)] : 2.0 + 0.05 * (q % 3));
    if (signal && q == 11) {
      point->add_signals("outside-limits");
      point->add_signals("trend");
    }
  }
  chart->set_mean(signal ? 1.94 : 2.05);
  chart->set_lower_limit(signal ? 1.66 : 1.84);
  chart->set_upper_limit(signal ? 2.21 : 2.25);
  chart->set_trial_limits(!signal);
  *chart->mutable_status() = signal
                                 ? Word("special cause, worse", "xmr-making-data-count",
                                        "The newest point lies below the lower limit.",
                                        "Something changed; it is not the usual variation.")
                                 : Word("common cause", "xmr-making-data-count",
                                        "No rule is broken.", "The usual variation, good or bad.");
}

void AddService(const char* id, v1::Pack* pack) {
  v1::Pack::Service* service = pack->add_services();
  service->set_service(id);
  service->set_display_name(std::string(model::CodeOf(*model::ParseService(id)).display_name));
  for (v1::ProviderBenchmark* b : {service->mutable_benchmark(), service->mutable_all()}) {
    b->set_answer(v1::ANSWER_EXACT);
    b->mutable_whole()->set_answer(v1::ANSWER_EXACT);
    SetQuarter(2023, 1, b->mutable_whole()->mutable_from_quarter());
    SetQuarter(2025, 4, b->mutable_whole()->mutable_to_quarter());
  }
  FillFigures(true, service->mutable_benchmark()->mutable_whole()->mutable_figures());
  FillFigures(false, service->mutable_all()->mutable_whole()->mutable_figures());
  AddChart(0, false, service->mutable_benchmark());
  AddChart(1, true, service->mutable_benchmark());
  *service->mutable_benchmark()->mutable_receipt() = ReceiptOf('a', "provider-1");
  *service->mutable_all()->mutable_receipt() = ReceiptOf('b', "provider-1");
}

void AddSpend(v1::Pack* pack) {
  int64_t total = 0;
  for (size_t i = 0; i < kCouncils.size(); ++i) {
    v1::TopSpender* s = pack->mutable_top_spenders()->add_spenders();
    s->set_rank(static_cast<int32_t>(i + 1));
    s->set_council("councils/c" + std::to_string(i));
    s->set_council_display_name(kCouncils[i]);
    s->set_published_micros(static_cast<int64_t>(21'000'000.0 / static_cast<double>(i + 1)) *
                            1'000'000);
    total += s->published_micros();
  }
  total += 9'400'000 * int64_t{1'000'000};
  for (v1::TopSpender& s : *pack->mutable_top_spenders()->mutable_spenders()) {
    s.set_share_of_known(static_cast<double>(s.published_micros()) / static_cast<double>(total));
  }
  pack->mutable_top_spenders()->set_known_total_micros(total);
  pack->mutable_top_spenders()->set_known_councils(57);
  *pack->mutable_top_spenders()->mutable_receipt() = ReceiptOf('c', "spend-1");
  pack->set_members_published_micros(41'730'218 * int64_t{1'000'000});
  pack->set_members_submitted_micros(44'915'004 * int64_t{1'000'000});
}

void AddProvision(v1::Pack* pack) {
  v1::Provision* p = pack->mutable_provision();
  p->mutable_as_of_date()->set_year(2025);
  p->mutable_as_of_date()->set_month(3);
  p->mutable_as_of_date()->set_day(31);
  for (size_t i = 0; i < kAreas.size(); ++i) {
    v1::Provision::AreaProvision* a = p->add_areas();
    const auto n = static_cast<int64_t>(i);
    a->set_area("areas/a" + std::to_string(i));
    a->set_establishments(30 - 3 * n);
    a->set_places(120 - 12 * n);
    a->set_all_establishments(300 + 40 * n);
    a->set_all_places(1200 + 150 * n);
    a->set_hhi(412.4 + 61 * static_cast<double>(i));
    a->set_owners(90 + n);
  }
  v1::Provision::AreaProvision* whole = p->mutable_whole();
  whole->set_establishments(162);
  whole->set_places(648);
  whole->set_all_establishments(4140);
  whole->set_all_places(16'200);
  whole->set_hhi(188);
  whole->set_owners(702);
  for (const char* name : {"CareTech Group", "Keys Group", "Priory Group", "Witherslack Group"}) {
    v1::Provision::OwnerShare* o = p->add_owners();
    o->set_display_name(name);
    o->set_establishments(210);
    o->set_places(870);
    o->set_share(0.0537);
  }
  const std::array<int64_t, 4> judged = {14, 118, 23, 3};
  for (int i = 0; i < 4; ++i) {
    v1::Provision::JudgementCount* j = p->add_judgements();
    j->set_level(static_cast<v1::Establishment::Judgement::Level>(i + 1));
    j->set_establishments(judged[static_cast<size_t>(i)]);
  }
  v1::FunnelPosition* f = p->mutable_funnel();
  f->set_ratings(158);
  f->set_below_target(26);
  f->set_share(26.0 / 158);
  f->set_target(0.19);
  f->set_lower_95(0.12);
  f->set_upper_95(0.26);
  *f->mutable_status() = Word("as expected", "funnel-95-998", "Within the 95 % limits.",
                              "No other than owners of its size usually are.");
}

v1::Negotiation Talks() {
  v1::Negotiation n;
  n.set_name("negotiations/keys-c5-1");
  n.set_provider("providers/keys");
  n.set_title("Children's homes: fees and stability from April 2026");
  n.add_services("childrens-homes");
  n.add_services("special-schools");
  SetQuarter(2023, 1, n.mutable_from_quarter());
  SetQuarter(2025, 4, n.mutable_to_quarter());
  n.set_quorum(5);
  n.set_link_authority("councils/c5");
  for (int i = 0; i < 12; ++i) n.add_members()->set_council("councils/c" + std::to_string(i));
  n.set_member_count(12);
  const std::array<const char*, 4> texts = {
      "No rise above the index of costs that the provider opens to us, and none before it is open.",
      "Extras that were agreed at placement are part of the weekly fee.",
      "Notice is given only after a meeting about how to keep the placement going, and is of at "
      "least 28 days.",
      "Ten more places in the North East and in Yorkshire and the Humber within two years."};
  for (int i = 0; i < 4; ++i) {
    v1::Negotiation::Position* p = n.add_positions();
    p->set_number(i + 1);
    p->set_text(texts[static_cast<size_t>(i)]);
    for (int k = 0; k < 12 - 2 * i; ++k) p->add_endorsed_by("councils/c" + std::to_string(k));
  }
  n.mutable_reply()->mutable_send_time()->set_seconds(1'770'000'000);
  n.mutable_reply()->mutable_due_time()->set_seconds(1'771'209'600);
  v1::Negotiation::ReleasedPack* before = n.add_packs();
  before->set_number(1);
  before->set_edition(377);
  before->mutable_release_time()->set_seconds(1'740'000'000);
  return n;
}

}  // namespace

std::string SampleName(const std::string& name) {
  const size_t slash = name.find('/');
  const auto at = static_cast<size_t>(std::stoi(name.substr(slash + 2)));
  return name[0] == 'a' ? kAreas[at % kAreas.size()] : kCouncils[at % kCouncils.size()];
}

v1::Pack FullPack() {
  v1::Pack pack;
  *pack.mutable_negotiation() = Talks();
  pack.mutable_negotiation()->set_state(v1::Negotiation::RELEASED);
  v1::Negotiation::Reply* reply = pack.mutable_negotiation()->mutable_reply();
  reply->mutable_reply_time()->set_seconds(1'770'900'000);
  reply->set_text(
      "We thank the councils for this draft.\n\nOur costs of staff rose by 9 % in the year; the "
      "pack's index does not show that. We accept positions 2 and 3 from 1 April 2026.\n\nTen "
      "places in the North are planned already: six in Durham, four in Leeds.");
  pack.set_number(2);
  pack.mutable_make_time()->set_seconds(1'771'000'000);
  pack.set_provider_display_name("Keys Group");
  AddSpend(&pack);
  for (const char* id : {"childrens-homes", "special-schools"}) AddService(id, &pack);
  AddProvision(&pack);
  *pack.mutable_receipt() = ReceiptOf('d', "pack-1");
  v1::Pack before = pack;
  before.set_members_published_micros(38'002'100 * int64_t{1'000'000});
  before.clear_members_submitted_micros();
  auto* figures = before.mutable_services(0)->mutable_benchmark()->mutable_whole();
  *figures->mutable_figures()->mutable_unplanned_endings() = Share(0.121, 1010);
  figures->mutable_figures()->mutable_fees()->set_mean_micros(5'540'000'000);
  for (v1::Pack::Change& change : ChangesBetween(before, pack)) *pack.add_changes() = change;
  return pack;
}

v1::Pack DraftPack() {
  v1::Pack pack = FullPack();
  pack.set_number(0);
  v1::Negotiation* n = pack.mutable_negotiation();
  n->set_state(v1::Negotiation::WITH_PROVIDER);
  n->mutable_reply()->clear_reply_time();
  n->mutable_reply()->clear_text();
  // One service that cannot be shown, and one that can over a longer time only.
  pack.mutable_services(0)->mutable_benchmark()->mutable_whole()->set_answer(v1::ANSWER_NEAREST);
  SetQuarter(
      2022, 1,
      pack.mutable_services(0)->mutable_benchmark()->mutable_whole()->mutable_from_quarter());
  pack.mutable_services(1)->mutable_benchmark()->mutable_whole()->clear_figures();
  pack.mutable_services(1)->mutable_benchmark()->mutable_whole()->set_answer(
      v1::ANSWER_NOT_AVAILABLE);
  for (v1::TopSpender& s : *pack.mutable_top_spenders()->mutable_spenders()) {
    if (s.rank() <= 12) s.set_submitted_micros(s.published_micros() + 210'000'000'000);
  }
  return pack;
}

v1::Pack EmptyPack() {
  v1::Pack pack;
  *pack.mutable_negotiation() = Talks();
  v1::Negotiation* n = pack.mutable_negotiation();
  n->set_state(v1::Negotiation::OPEN);
  n->clear_positions();
  n->clear_reply();
  n->clear_packs();
  n->clear_services();
  n->add_services("fostering");
  n->clear_members();
  n->add_members()->set_council("councils/c5");
  n->set_member_count(1);
  pack.mutable_make_time()->set_seconds(1'771'000'000);
  pack.set_provider_display_name("Keys Group");
  v1::Pack::Service* service = pack.add_services();
  service->set_service("fostering");
  service->set_display_name("Fostering agencies");
  service->mutable_benchmark()->set_answer(v1::ANSWER_NOT_AVAILABLE);
  *pack.mutable_receipt() = ReceiptOf('d', "pack-1");
  return pack;
}

}  // namespace steelyard::negotiations
