#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cli/circle_grids.h"
#include "client/cli/commands.h"
#include "client/cli/parse.h"
#include "client/cli/words.h"
#include "client/cpp/request_id.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/circle_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::CircleService::Stub;
using Field = v1::CircleTerms::Field;

struct Options {
  std::string id;
  std::string council;
  std::string etag;
  std::string title;
  std::vector<std::string> products;
  bool all_products = false;
  std::vector<std::string> providers;
  std::vector<Field> fields;
  std::string period;
  std::string until;
  std::vector<std::string> invited;
  bool agree = false;
  std::string terms;
  bool joined = false;
  std::string member;
  std::string product;
  std::string provider;
  std::string currency;
  v1::Granularity granularity = v1::GRANULARITY_WHOLE_PERIOD;
  bool ended = false;
  int limit = 50;
};

std::string Lower(const std::string& text) { return absl::AsciiStrToLower(text); }

std::string NameOf(const Options& options) { return ResourceName("circles", options.id); }

void Show(Session& session, const v1::Circle& circle) {
  if (session.format() != Format::kTable) return session.Print(circle, GridOf(circle));
  PrintCircle(session.terminal().out, session.terminal().width, circle);
}

// A list; where it is empty, people are told what that means.
template <typename Reply, typename Entries>
void PrintList(Session& session, const Reply& reply, const Entries& entries,
               std::string_view empty) {
  const Grid grid = GridOf(entries);
  if (grid.rows() == 0 && session.format() == Format::kTable) return session.SayWrapped(empty);
  session.Print(reply, grid);
  if (!reply.next_page_token().empty()) {
    session.Say(absl::StrCat("The first ", grid.rows(), "; there are more. --limit 0 shows all."));
  }
}

// Of three figures of products any two give the third.
void WarnOfThird(Session& session, const v1::CircleTerms& terms) {
  std::map<Field, std::string> missing = {{v1::CircleTerms::UNIT_PRICE, "mean unit price"},
                                          {v1::CircleTerms::SPEND, "spend"},
                                          {v1::CircleTerms::UNITS, "units"}};
  for (const int field : terms.fields()) missing.erase(static_cast<Field>(field));
  const bool of_products = terms.all_products() || terms.products_size() > 0;
  if (!of_products || missing.size() != 1) return;
  session.SayWrapped(
      absl::StrCat("\nOf mean unit price, spend and units any two give the third: who "
                   "agrees to these terms shows its ",
                   missing.begin()->second, " as well."));
}

absl::Status Create(Session& session, const Options& options) {
  v1::CreateCircleRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.CouncilName(options.council));
  v1::CircleTerms* terms = request.mutable_circle()->mutable_terms();
  terms->set_title(options.title);
  terms->set_all_products(options.all_products);
  for (const std::string& id : options.products) {
    terms->add_products(ResourceName("products", Lower(id)));
  }
  for (const std::string& id : options.providers) {
    terms->add_providers(ResourceName("providers", Lower(id)));
  }
  for (const Field field : options.fields) terms->add_fields(field);
  const auto period = ParsePeriod(options.period);  // was checked as it was read
  *terms->mutable_from_month() = period->first;
  *terms->mutable_to_month() = period->second;
  if (!options.until.empty()) *terms->mutable_expire_date() = *ParseDate(options.until);
  for (const std::string& id : options.invited) {
    terms->add_invited_councils(ResourceName("councils", Lower(id)));
  }
  if (!options.agree) {
    Show(session, request.circle());
    WarnOfThird(session, *terms);
    return absl::FailedPreconditionError(
        "nothing was founded; your council would consent to these terms, which never change: if it "
        "agrees, say it with --agree");
  }
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::Circle made, session.Call(&Stub::CreateCircle, request));
  Show(session, made);
  session.SayWrapped(absl::StrCat(
      "\nFounded; your council has consented to these terms. Others read them and consent with "
      "`steelyard circle join ",
      LastPart(made.name()), "`."));
  return absl::OkStatus();
}

absl::Status List(Session& session, const Options& options) {
  v1::ListCirclesRequest request;
  request.set_joined(options.joined);
  ASSIGN_OR_RETURN(const v1::ListCirclesResponse all,
                   CallPages(session, &Stub::ListCircles, request, options.limit,
                             [](auto& reply) { return reply.mutable_circles(); }));
  PrintList(session, all, all.circles(),
            options.joined ? "Your council is a member of no circle."
                           : "There are no circles yet; `steelyard circle create` founds one.");
  return absl::OkStatus();
}

absl::StatusOr<v1::Circle> Get(Session& session, const Options& options) {
  v1::GetCircleRequest request;
  request.set_name(NameOf(options));
  return session.Call(&Stub::GetCircle, request);
}

absl::Status ShowOne(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const v1::Circle circle, Get(session, options));
  Show(session, circle);
  return absl::OkStatus();
}

// Whether the council's own consent stands, as far as the caller sees it.
bool IsMember(const v1::Circle& circle, const std::string& council) {
  return std::any_of(circle.members().begin(), circle.members().end(), [&](const auto& member) {
    return member.council() == council && !member.has_withdraw_time();
  });
}

// Consent is to terms that somebody read: to those shown now, or to those with
// the hash that was given.
absl::Status Join(Session& session, const Options& options) {
  v1::JoinCircleRequest request;
  request.set_name(NameOf(options));
  ASSIGN_OR_RETURN(*request.mutable_council(), session.CouncilName(options.council));
  request.set_terms_sha256(options.terms);
  ASSIGN_OR_RETURN(const v1::Circle circle, Get(session, options));
  if (circle.terms_sha256().empty()) {
    return absl::FailedPreconditionError(
        "the terms of this circle name the councils that may join, and yours is not among them");
  }
  if (IsMember(circle, request.council())) {
    session.Say("Nothing was changed: your council is a member already.");
    return absl::OkStatus();
  }
  if (options.terms.empty()) {
    if (!options.agree) {
      Show(session, circle);
      WarnOfThird(session, circle.terms());
      return absl::FailedPreconditionError(
          "nothing was consented to; if your council agrees to these terms, say it with --agree");
    }
    request.set_terms_sha256(circle.terms_sha256());
  }
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::Circle joined, session.Call(&Stub::JoinCircle, request));
  Show(session, joined);
  session.SayWrapped(
      "\nJoined. The other members see your council's figures within these terms by name, and you "
      "see theirs, until you withdraw.");
  return absl::OkStatus();
}

// A step that ends something, shown as the circle is afterwards.
template <typename Request>
absl::Status Take(Session& session, const Options& options,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, v1::Circle*),
                  std::string_view done) {
  Request request;
  request.set_name(NameOf(options));
  ASSIGN_OR_RETURN(*request.mutable_council(), session.CouncilName(options.council));
  request.set_etag(options.etag);
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::Circle circle, session.Call(method, request));
  Show(session, circle);
  session.SayWrapped(absl::StrCat("\n", std::string(done)));
  return absl::OkStatus();
}

absl::Status Withdraw(Session& session, const Options& options) {
  ASSIGN_OR_RETURN(const v1::Circle circle, Get(session, options));
  ASSIGN_OR_RETURN(const std::string council, session.CouncilName(options.council));
  const bool was_member =
      std::any_of(circle.members().begin(), circle.members().end(),
                  [&](const auto& member) { return member.council() == council; });
  if (was_member && !IsMember(circle, council)) {
    session.Say("Nothing was changed: your council has withdrawn already.");
    return absl::OkStatus();
  }
  return Take(session, options, &Stub::WithdrawCircleConsent,
              "Withdrawn. No member sees your council's figures through this circle any more, and "
              "you see nobody's.");
}

absl::Status Close(Session& session, const Options& options) {
  return Take(session, options, &Stub::CloseCircle,
              "Closed. Members no longer see each other's figures through it.");
}

absl::Status Figures(Session& session, const Options& options) {
  v1::ListCircleFiguresRequest request;
  request.set_parent(NameOf(options));
  if (!options.member.empty()) {
    request.set_council(ResourceName("councils", Lower(options.member)));
  }
  if (!options.product.empty()) {
    request.set_product(ResourceName("products", Lower(options.product)));
  }
  if (!options.provider.empty()) {
    request.set_provider(ResourceName("providers", Lower(options.provider)));
  }
  if (!options.period.empty()) {
    const auto period = ParsePeriod(options.period);
    *request.mutable_from_month() = period->first;
    *request.mutable_to_month() = period->second;
  }
  if (!options.provider.empty() && options.granularity == v1::GRANULARITY_MONTH) {
    return absl::InvalidArgumentError(
        "reports on providers are by quarter: say --by quarter or --by period");
  }
  request.set_granularity(options.granularity);
  request.set_currency_code(options.currency);
  ASSIGN_OR_RETURN(const v1::ListCircleFiguresResponse all,
                   CallPages(session, &Stub::ListCircleFigures, request, options.limit,
                             [](auto& reply) { return reply.mutable_figures(); }));
  PrintList(session, all, all.figures(),
            absl::StrCat("No member has lines or reports of what was asked for",
                         options.period.empty() ? "" : " in " + options.period,
                         ". Members' figures appear as soon as they submit; those of providers "
                         "are of whole quarters, so a period must hold one."));
  if (all.figures_size() > 0) {
    session.SayWrapped(
        "Exact, from each member's own lines as they are now. Each member whose figures are here "
        "can see that your council looked.");
  }
  return absl::OkStatus();
}

absl::Status Who(Session& session, const Options& options) {
  v1::ListExposuresRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.CouncilName(options.council));
  request.set_show_ended(options.ended);
  ASSIGN_OR_RETURN(const v1::ListExposuresResponse all,
                   CallPages(session, &Stub::ListExposures, request, options.limit,
                             [](auto& reply) { return reply.mutable_exposures(); }));
  PrintList(session, all, all.exposures(),
            "No other council can see your council's own figures: it shares none in a circle or a "
            "negotiation.");
  session.Say("Who looked: `steelyard circle looks`.");
  return absl::OkStatus();
}

absl::Status Looks(Session& session, const Options& options) {
  v1::ListLooksRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.CouncilName(options.council));
  ASSIGN_OR_RETURN(const v1::ListLooksResponse all,
                   CallPages(session, &Stub::ListLooks, request, options.limit,
                             [](auto& reply) { return reply.mutable_looks(); }));
  PrintList(session, all, all.looks(),
            "Nobody of another council has looked at your council's own figures.");
  return absl::OkStatus();
}

void AddTerms(CLI::App& command, const std::shared_ptr<Options>& options) {
  static const std::map<std::string, Field> kFields = {
      {"unit-price", v1::CircleTerms::UNIT_PRICE}, {"spend", v1::CircleTerms::SPEND},
      {"units", v1::CircleTerms::UNITS},           {"delivery", v1::CircleTerms::DELIVERY},
      {"placements", v1::CircleTerms::PLACEMENTS}, {"weekly-fee", v1::CircleTerms::WEEKLY_FEE}};
  command.add_option("title", options->title, "What it is for, at most 200 characters")->required();
  command.add_option("--product", options->products, "Id of a product; may be said again");
  command.add_flag("--all-products", options->all_products, "All products");
  command.add_option("--provider", options->providers,
                     "Id of a provider or owner; may be said again");
  command
      .add_option("--field", options->fields,
                  "What is shown: unit-price, spend, units, delivery; of providers spend, "
                  "placements, weekly-fee; may be said again")
      ->required()
      ->option_text("FIELD")
      ->transform(CLI::Validator(OneOf(kFields), ""));
  command
      .add_option("--period", options->period,
                  "Months that are shown, 2024 or 2024-01..2024-12; of providers whole quarters")
      ->required()
      ->check(CheckWith(&ParsePeriod));
  command.add_option("--until", options->until, "Last day, 2026-12-31; until closed if not said")
      ->check(CheckWith(&ParseDate));
  command.add_option("--invite", options->invited,
                     "Council that may join; may be said again; any council if not said");
}

void AddFigures(CLI::App& command, const std::shared_ptr<Options>& options) {
  static const std::map<std::string, v1::Granularity> kKinds = {
      {"period", v1::GRANULARITY_WHOLE_PERIOD},
      {"quarter", v1::GRANULARITY_QUARTER},
      {"month", v1::GRANULARITY_MONTH}};
  command.add_option("--council", options->member, "Only this member");
  auto* product = command.add_option("--product", options->product, "Only this product");
  command.add_option("--provider", options->provider, "Only this provider or owner")
      ->excludes(product);
  command.add_option("--period", options->period, "Only these months, 2024 or 2024-01..2024-06")
      ->check(CheckWith(&ParsePeriod));
  command.add_option("--by", options->granularity, "How to cut the period")
      ->option_text("period|quarter|month")
      ->transform(CLI::Validator(OneOf(kKinds), ""));
  command.add_option("--currency", options->currency, "ISO 4217 code; GBP if not said");
}

}  // namespace

void AddCircleCommands(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* circle = app.add_subcommand(
      "circle", "Councils that agreed to see each other's figures by name, and who looked");
  circle->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what,
                        absl::Status (*act)(Session&, const Options&)) {
    CLI::App* command = circle->add_subcommand(name, what);
    command->callback([&chosen, options, act] {
      chosen = [options, act](Session& session) { return act(session, *options); };
    });
    return command;
  };
  const auto add_id = [&](CLI::App* command) {
    command->add_option("circle", options->id, "Its id, such as ppe-hck-1")->required();
    return command;
  };
  const auto add_council = [&](CLI::App* command) {
    command->add_option("--council", options->council,
                        "Council code; the token's own council if not said");
    return command;
  };
  const auto add_limit = [&](CLI::App* command) {
    command->add_option("--limit", options->limit, "Most entries; all if 0")
        ->check(ZeroOrMore())
        ->capture_default_str();
    return command;
  };
  const auto add_etag = [&](CLI::App* command) {
    command->add_option("--etag", options->etag, "Only if it still has this etag");
  };

  CLI::App* create =
      add_council(verb("create", "Found one: your council leads it and consents", &Create));
  AddTerms(*create, options);
  create->add_flag("--agree", options->agree, "Your council agrees to the terms as they are shown");
  add_limit(verb("list", "List circles, newest first", &List))
      ->add_flag("--joined", options->joined, "Only those your council is a member of");
  add_id(verb("show", "Show one: its terms, and its members if you are one", &ShowOne));
  CLI::App* join = add_council(add_id(verb("join", "Consent to a circle's terms", &Join)));
  join->add_flag("--agree", options->agree, "Your council agrees to the terms as they are shown");
  join->add_option("--terms", options->terms, "It agrees to the terms with this SHA-256");
  add_etag(add_council(add_id(verb("withdraw", "Withdraw your council's consent", &Withdraw))));
  add_etag(add_council(add_id(verb("close", "End it for all (who leads)", &Close))));
  AddFigures(*add_limit(add_id(verb("figures", "Show members' figures (members)", &Figures))),
             options);
  add_limit(add_council(verb("who", "Who can see what of your council's own figures", &Who)))
      ->add_flag("--ended", options->ended, "What has ended too");
  add_limit(add_council(verb("looks", "Who looked at your council's own figures", &Looks)));
}

}  // namespace steelyard::cli
