#include "server/negotiations/pack_layout.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/negotiations/figure_words.h"
#include "server/negotiations/pack_parts.h"
#include "storage/base/text.h"
#include "storage/model/codes.h"

namespace steelyard::negotiations {
namespace {

std::string PeriodOf(const v1::Pack& pack) {
  return PeriodWords(pack.negotiation().from_quarter(), pack.negotiation().to_quarter());
}

void AddFacts(const v1::Pack& pack, const NameSource& name_of, PackDocument& document) {
  const v1::Negotiation& n = pack.negotiation();
  std::vector<std::string> services;
  for (const std::string& service : n.services()) services.push_back(ServiceWords(service));
  document.facts = {
      {"Provider", pack.provider_display_name()},
      {"Kinds of service", absl::StrJoin(services, ", ")},
      {"Period", PeriodOf(pack)},
      {"Councils", absl::StrCat(CountOf(n.member_count(), "member", "members"), "; ",
                                name_of(n.link_authority()), " leads")},
      {pack.number() > 0 ? "Released" : "Drawn up", TimeWords(pack.make_time())},
      {"Edition of the figures", pack.receipt().edition() > 0
                                     ? absl::StrCat(pack.receipt().edition())
                                     : "none; no outcomes were published yet"},
  };
}

std::string DraftNotice(const v1::Pack& pack) {
  std::string notice =
      "This is a draft. It is not released: figures, positions and words may still change.";
  if (pack.negotiation().has_reply()) {
    absl::StrAppend(&notice, " The provider may reply until ",
                    TimeWords(pack.negotiation().reply().due_time()), ".");
  }
  return notice;
}

void AddPositions(const v1::Pack& pack, PackDocument& document) {
  const v1::Negotiation& n = pack.negotiation();
  PackSection section{2, "What the councils ask for", {}};
  if (n.positions().empty()) {
    section.blocks.emplace_back(
        PackText{absl::StrCat("No position stands here: each needs the endorsement of ",
                              CountOf(n.quorum(), "council", "councils"), ".")});
  } else {
    PackTable table;
    table.caption = absl::StrCat("Positions that at least ", n.quorum(), " councils endorse");
    table.columns = {{"Number"}, {"Position"}, {"Councils that endorse it", true}};
    for (const v1::Negotiation::Position& position : n.positions()) {
      table.rows.push_back({absl::StrCat(position.number()), position.text(),
                            CountCell(position.endorsed_by_size())});
    }
    section.blocks.emplace_back(std::move(table));
  }
  document.sections.push_back(std::move(section));
}

// What the provider got differs from what stands here.
void AddChangesSinceDraft(const v1::Pack& pack, Receipts& receipts, PackSection& section) {
  const v1::Negotiation::Reply& reply = pack.negotiation().reply();
  if (!reply.draft_sha256().empty()) {
    section.blocks.emplace_back(PackText{absl::StrCat(
        "SHA-256 of the content of that draft: ", reply.draft_sha256(), ".",
        pack.changes_since_draft().empty() ? " No headline figure has changed since." : "")});
  }
  if (pack.changes_since_draft().empty()) return;
  PackTable table;
  table.caption = absl::StrCat("Headline figures that changed since the draft that ",
                               pack.provider_display_name(), " got");
  table.receipt = receipts.Label(pack.receipt(), "This pack");
  table.columns = {{"Figure"}, {"In its draft"}, {"Now"}};
  for (const v1::Pack::Change& change : pack.changes_since_draft()) {
    table.rows.push_back({change.figure(), change.before(), change.now()});
  }
  section.blocks.emplace_back(std::move(table));
}

void AddReply(const v1::Pack& pack, Receipts& receipts, PackDocument& document) {
  const v1::Negotiation& n = pack.negotiation();
  PackSection section{2, absl::StrCat("What ", pack.provider_display_name(), " says"), {}};
  if (!n.has_reply()) {
    section.blocks.emplace_back(PackText{
        "The provider has not been sent this draft yet. It has 14 days to reply once it is, and "
        "its reply will stand here word for word."});
  } else if (n.reply().has_reply_time()) {
    section.blocks.emplace_back(
        PackText{absl::StrCat("The provider got the draft on ", TimeWords(n.reply().send_time()),
                              ". Its reply was recorded on ", TimeWords(n.reply().reply_time()),
                              " and follows word for word.")});
    section.blocks.emplace_back(PackQuote{n.reply().text(), pack.provider_display_name()});
  } else {
    section.blocks.emplace_back(PackText{
        absl::StrCat("The provider got the draft on ", TimeWords(n.reply().send_time()),
                     pack.number() > 0 ? " and did not reply by " : " and may reply until ",
                     TimeWords(n.reply().due_time()),
                     pack.number() > 0 ? "." : ". It has not replied so far.")});
  }
  if (n.has_reply()) AddChangesSinceDraft(pack, receipts, section);
  document.sections.push_back(std::move(section));
}

void AddChanges(const v1::Pack& pack, Receipts& receipts, PackDocument& document) {
  const auto& packs = pack.negotiation().packs();
  if (packs.empty()) return;
  const v1::Negotiation::ReleasedPack& before = packs[packs.size() - 1];
  PackSection section{2, absl::StrCat("What changed since pack ", before.number()), {}};
  if (pack.changes().empty()) {
    section.blocks.emplace_back(PackText{"No headline figure reads differently."});
  } else {
    PackTable table;
    table.caption =
        absl::StrCat("Headline figures that changed since pack ", before.number(), " of ",
                     TimeWords(before.release_time()), " (edition ", before.edition(), ")");
    table.receipt = receipts.Label(pack.receipt(), "This pack");
    table.columns = {{"Figure"}, {"Before"}, {"Now"}};
    for (const v1::Pack::Change& change : pack.changes()) {
      table.rows.push_back({change.figure(), change.before(), change.now()});
    }
    section.blocks.emplace_back(std::move(table));
  }
  document.sections.push_back(std::move(section));
}

void AddSpendTogether(const v1::Pack& pack, Receipts& receipts, PackSection& section) {
  PackTable table;
  table.caption = absl::StrCat("Spend with ", pack.provider_display_name(), ", ", PeriodOf(pack));
  table.receipt = receipts.Label(pack.receipt(), "This pack");
  table.columns = {{"Whose"}, {"Published payments", true}, {"Submitted in outcome reports", true}};
  const int64_t published = pack.members_published_micros();
  table.rows.push_back(
      {"Members together", published == 0 ? PackCell("none known", "0.00") : PoundCell(published),
       pack.has_members_submitted_micros() ? PoundCell(pack.members_submitted_micros())
                                           : NotShownCell()});
  table.rows.push_back(
      {"All councils known", PoundCell(pack.top_spenders().known_total_micros()), NotShownCell()});
  section.blocks.emplace_back(std::move(table));
  if (!pack.has_members_submitted_micros()) {
    section.blocks.emplace_back(PackText{absl::StrCat(
        "What the members submitted together is not shown: fewer than ",
        pack.negotiation().quorum(),
        " of them submitted their spend, or the sum set against that of an earlier pack or "
        "draft would give one of them away.")});
  }
}

void AddSpend(const v1::Pack& pack, Receipts& receipts, PackDocument& document) {
  PackSection section{2, "Who spends most", {}};
  section.blocks.emplace_back(PackText{
      "Published: payments that councils publish by law, less credit notes, as far as they were "
      "imported here. Submitted: what councils say in their outcome reports, in confidence."});
  if (!pack.has_top_spenders() || pack.top_spenders().spenders().empty()) {
    section.blocks.emplace_back(PackText{
        "No published payment to the provider is known for this period, so no council is named."});
    document.sections.push_back(std::move(section));
    return;
  }
  AddSpendTogether(pack, receipts, section);
  bool submitted = false;
  for (const v1::TopSpender& s : pack.top_spenders().spenders()) {
    submitted |= s.has_submitted_micros();
  }
  PackTable table;
  table.caption = absl::StrCat(
      "Councils that spend most with ", pack.provider_display_name(), " (",
      pack.top_spenders().spenders_size(), " of ",
      CountOf(pack.top_spenders().known_councils(), "council known", "councils known"), ")");
  table.receipt = receipts.Label(pack.top_spenders().receipt(), "Spending councils");
  table.columns = {
      {"Council"}, {"Rank", true}, {"Published", true}, {"Share of known total", true}};
  if (submitted) table.columns.push_back({"Submitted (members only)", true});
  for (const v1::TopSpender& s : pack.top_spenders().spenders()) {
    table.rows.push_back(
        {s.council_display_name().empty() ? LastPart(s.council()) : s.council_display_name(),
         CountCell(s.rank()), PoundCell(s.published_micros()), ShareCell(s.share_of_known())});
    if (submitted) {
      table.rows.back().push_back(s.has_submitted_micros() ? PoundCell(s.submitted_micros())
                                                           : NotShownCell());
    }
  }
  section.blocks.emplace_back(std::move(table));
  document.sections.push_back(std::move(section));
}

void AddMembers(const v1::Pack& pack, const NameSource& name_of, PackDocument& document) {
  PackSection section{2, "Councils that speak here", {}};
  std::vector<std::string> names;
  for (const v1::Negotiation::Member& member : pack.negotiation().members()) {
    names.push_back(name_of(member.council()));
  }
  section.blocks.emplace_back(PackText{absl::StrJoin(names, ", ") + "."});
  document.sections.push_back(std::move(section));
}

void AddReading(const v1::Pack& pack, PackDocument& document) {
  PackSection section{2, "How to read this", {}};
  section.blocks.emplace_back(PackText{absl::StrCat(
      "Outcomes are councils' own ratings of how a provider serves those placed with it, never of "
      "one person. "
      "'",
      kNotShown,
      "' stands where nobody reported a figure or where it would give one council or provider "
      "away. A figure in brackets after another is its 95 % interval. Every figure has a receipt: "
      "asked for again with its edition, it is the same. What has no edition comes from published "
      "payments and public registers as they stood when this was drawn up; a released pack keeps "
      "it.")});
  bool rated = false;
  for (const v1::Pack::Service& service : pack.services()) {
    rated |= !service.benchmark().whole().figures().measures().empty();
  }
  if (rated) {
    PackTable levels;
    levels.caption = absl::StrCat("Levels of the scale ", model::kLevelScale.data(),
                                  " and their numbers in the map ", model::kScoreMap.data());
    levels.columns = {{"Level"}, {"When it is given"}, {"Counts as", true}};
    for (size_t i = 0; i < model::kLevelCount; ++i) {
      const model::Code& code = model::Levels()[i];
      const auto level = static_cast<model::Level>(i + 1);
      levels.rows.push_back(
          {std::string(code.display_name), std::string(code.meaning),
           i < model::kRankCount ? CountCell(model::ScoreOf(level)) : PackCell("no rank")});
    }
    section.blocks.emplace_back(std::move(levels));
    PackTable measures;
    measures.caption = "What is rated";
    measures.columns = {{"Measure"}, {"Definition"}};
    for (const model::MeasureCode& measure : model::Measures()) {
      measures.rows.push_back(
          {std::string(measure.code.display_name), std::string(measure.code.meaning)});
    }
    section.blocks.emplace_back(std::move(measures));
  }
  document.sections.push_back(std::move(section));
}

void AddReceipts(std::vector<LabeledReceipt> list, PackDocument& document) {
  PackSection section{2, "Receipts", {}};
  PackTable table;
  table.caption = "Where the figures come from";
  table.columns = {{"Receipt"}, {"Of"},           {"Edition", true},
                   {"Method"},  {"Policy", true}, {"SHA-256 of the content"}};
  for (const LabeledReceipt& r : list) {
    const bool published = r.receipt.edition() > 0;
    table.rows.push_back({r.label, r.of, published ? absl::StrCat(r.receipt.edition()) : "none",
                          r.receipt.method_version(),
                          published ? absl::StrCat(r.receipt.policy_version()) : "none",
                          r.receipt.content_sha256()});
  }
  section.blocks.emplace_back(std::move(table));
  document.sections.push_back(std::move(section));
  document.receipts = std::move(list);
}

}  // namespace

PackDocument Layout(const v1::Pack& pack, const NameSource& name_of) {
  PackDocument document;
  Receipts receipts;
  receipts.Label(pack.receipt(), "This pack");
  document.draft = pack.number() == 0;
  document.title = pack.negotiation().title();
  document.kind = document.draft ? "Draft pack" : absl::StrCat("Pack ", pack.number());
  if (document.draft) document.notice = DraftNotice(pack);
  AddFacts(pack, name_of, document);
  AddSummary(pack, receipts, document);
  AddPositions(pack, document);
  AddReply(pack, receipts, document);
  AddChanges(pack, receipts, document);
  AddSpend(pack, receipts, document);
  for (const v1::Pack::Service& service : pack.services()) {
    AddService(pack, service, receipts, document);
  }
  AddProvision(pack, name_of, receipts, document);
  AddMembers(pack, name_of, document);
  AddReading(pack, document);
  AddReceipts(std::move(receipts).Take(), document);
  return document;
}

}  // namespace steelyard::negotiations
