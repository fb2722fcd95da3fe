// `steelyard policy`: the rules by which figures are safe to show.

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/cli/commands.h"
#include "client/cli/grid.h"
#include "client/cli/parse.h"
#include "client/cli/words.h"
#include "client/cpp/request_id.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/access_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::AccessService::Stub;

struct PolicyOptions {
  std::map<std::string, int32_t> values;  // of the fields that were given
  std::string from;
  std::string product;
};

struct PolicyField {
  const char* option;
  const char* words;
  int32_t (v1::Policy::*get)() const;
  void (v1::Policy::*set)(int32_t);
};

constexpr PolicyField kPolicyFields[] = {
    {"--min-councils", "Fewest councils behind a price", &v1::Policy::min_councils,
     &v1::Policy::set_min_councils},
    {"--min-supplier-groups", "Fewest supplier groups behind a price",
     &v1::Policy::min_supplier_groups, &v1::Policy::set_min_supplier_groups},
    {"--p-percent", "The p of the p% rule, percent", &v1::Policy::p_percent,
     &v1::Policy::set_p_percent},
    {"--max-share-percent", "Most that one contributor may hold, percent",
     &v1::Policy::max_share_percent, &v1::Policy::set_max_share_percent},
    {"--total-rounding", "Rounding of totals, hundredths of a percent",
     &v1::Policy::total_rounding_basis_points, &v1::Policy::set_total_rounding_basis_points},
    {"--price-rounding", "Rounding of unit prices, hundredths of a percent",
     &v1::Policy::price_rounding_basis_points, &v1::Policy::set_price_rounding_basis_points},
    {"--min-outcome-councils", "Fewest councils behind a figure of a provider",
     &v1::Policy::min_outcome_councils, &v1::Policy::set_min_outcome_councils},
    {"--min-placements", "Fewest placements behind a figure of a provider",
     &v1::Policy::min_placements, &v1::Policy::set_min_placements},
    {"--min-cohort", "Fewest placements that one report may be of", &v1::Policy::min_cohort,
     &v1::Policy::set_min_cohort},
    {"--supplier-delay", "Months before suppliers are shown by name",
     &v1::Policy::supplier_delay_months, &v1::Policy::set_supplier_delay_months},
};

// The newest version, in force or not yet, with its version in force beside it.
absl::StatusOr<v1::ListPoliciesResponse> Newest(Session& session) {
  v1::ListPoliciesRequest request;
  request.set_page_size(1);
  return session.Call(&Stub::ListPolicies, request);
}

void PrintPolicy(Session& session, const v1::Policy& policy, bool in_force) {
  Grid grid({{"Rule", "rule"}, {"Value", "value", GridColumn::kNumber}});
  for (const PolicyField& field : kPolicyFields) {
    grid.Add({{field.words, field.option + 2}, absl::StrCat((policy.*field.get)())});
  }
  grid.Add({{"Version", "version"}, absl::StrCat(policy.version())});
  grid.Add({{in_force ? "In force since" : "Comes into force", "effective_time"},
            {TimeWords(policy.effective_time()), RawTime(policy.effective_time())}});
  session.Print(policy, grid);
}

absl::Status ShowPolicy(Session& session, const PolicyOptions&) {
  ASSIGN_OR_RETURN(const v1::Policy policy, session.Call(&Stub::GetPolicy, v1::GetPolicyRequest()));
  PrintPolicy(session, policy, true);
  ASSIGN_OR_RETURN(const v1::ListPoliciesResponse newest, Newest(session));
  if (newest.policies_size() == 1 && newest.policies(0).version() > policy.version()) {
    session.Say(absl::StrCat("Version ", newest.policies(0).version(), " comes into force on ",
                             TimeWords(newest.policies(0).effective_time()),
                             "; see `steelyard policy history`."));
  }
  return absl::OkStatus();
}

// The newest policy with what was given on top.
absl::StatusOr<v1::Policy> Changed(Session& session, const PolicyOptions& options) {
  ASSIGN_OR_RETURN(const v1::ListPoliciesResponse newest, Newest(session));
  v1::Policy policy = newest.policies(0);
  policy.clear_effective_time();
  for (const PolicyField& field : kPolicyFields) {
    const auto given = options.values.find(field.option);
    if (given != options.values.end()) (policy.*field.set)(given->second);
  }
  return policy;
}

absl::Status SetPolicy(Session& session, const PolicyOptions& options) {
  v1::UpdatePolicyRequest request;
  ASSIGN_OR_RETURN(*request.mutable_policy(), Changed(session, options));
  if (!options.from.empty()) {
    ASSIGN_OR_RETURN(const google::type::Date from, ParseDate(options.from));
    const absl::Time time =
        absl::FromCivil(absl::CivilDay(from.year(), from.month(), from.day()), absl::UTCTimeZone());
    request.mutable_policy()->mutable_effective_time()->set_seconds(absl::ToUnixSeconds(time));
  }
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::Policy changed, session.Call(&Stub::UpdatePolicy, request));
  ASSIGN_OR_RETURN(const v1::ListPoliciesResponse newest, Newest(session));
  PrintPolicy(session, changed, newest.version_in_force() == changed.version());
  return absl::OkStatus();
}

absl::Status ShowHistory(Session& session, const PolicyOptions&) {
  ASSIGN_OR_RETURN(const v1::ListPoliciesResponse all,
                   CallPages(session, &Stub::ListPolicies, v1::ListPoliciesRequest(), 0,
                             [](auto& reply) { return reply.mutable_policies(); }));
  std::vector<GridColumn> columns = {
      {"Version", "version", GridColumn::kNumber}, {"From", "effective_time"}, {"", "in_force"}};
  for (const char* heading : {"Councils", "Suppliers", "p%", "Share%", "Totals", "Prices",
                              "Councils (providers)", "Placements", "Cohort", "Delay"}) {
    columns.push_back({heading, "", GridColumn::kNumber});
  }
  for (size_t i = 0; i < std::size(kPolicyFields); ++i) {
    columns[i + 3].key = kPolicyFields[i].option + 2;
  }
  Grid grid(std::move(columns));
  for (const v1::Policy& policy : all.policies()) {
    const bool in_force = policy.version() == all.version_in_force();
    const bool to_come = policy.version() > all.version_in_force();
    std::vector<Cell> row = {absl::StrCat(policy.version()),
                             {TimeWords(policy.effective_time()), RawTime(policy.effective_time())},
                             {in_force  ? "in force"
                              : to_come ? "to come"
                                        : "",
                              in_force ? "true" : "false"}};
    for (const PolicyField& field : kPolicyFields)
      row.push_back(absl::StrCat((policy.*field.get)()));
    grid.Add(std::move(row));
  }
  session.Print(all, grid);
  return absl::OkStatus();
}

const char* EffectWords(v1::PolicyPreview::Effect effect) {
  switch (effect) {
    case v1::PolicyPreview::OPENS:
      return "opens";
    case v1::PolicyPreview::CLOSES:
      return "closes";
    default:
      return "holds";
  }
}

absl::Status ShowPreview(Session& session, const PolicyOptions& options) {
  v1::PreviewPolicyRequest request;
  ASSIGN_OR_RETURN(*request.mutable_policy(), Changed(session, options));
  request.set_product(options.product);
  ASSIGN_OR_RETURN(const v1::PolicyPreview preview, session.Call(&Stub::PreviewPolicy, request));
  Grid grid({{"", "effect"},
             {"Product", "product"},
             {"", "currency"},
             {"Period", ""},
             {"", "from"},
             {"", "to"},
             {"Of", "areas", GridColumn::kWrapped},
             {"", "authority_types", GridColumn::kWrapped},
             {"", "supplier"},
             {"Figures", "figures", GridColumn::kNumber}});
  for (const v1::PolicyPreview::Change& change : preview.changes()) {
    std::string areas;
    for (const std::string& area : change.areas()) {
      absl::StrAppend(&areas, areas.empty() ? "" : ", ", LastPart(area));
    }
    std::string types;
    for (const std::string& type : change.authority_types()) {
      absl::StrAppend(&types, types.empty() ? "" : ", ", type);
    }
    grid.Add({EffectWords(change.effect()),
              std::string(LastPart(change.product())),
              {"", change.currency_code()},
              {PeriodWords(change.from_month(), change.to_month()), ""},
              {"", RawMonth(change.from_month())},
              {"", RawMonth(change.to_month())},
              std::move(areas),
              std::move(types),
              std::string(LastPart(change.supplier())),
              CountWords(change.figures())});
  }
  if (session.format() != Format::kTable) {
    session.Print(preview, grid);
    return absl::OkStatus();
  }
  session.SayWrapped(absl::StrCat(
      "Figures of prices under the policy in force ", CountWords(preview.figures_now()),
      ", under this one ", CountWords(preview.figures_then()), ": ", CountWords(preview.opens()),
      " open, ", CountWords(preview.closes()), " close, ", CountWords(preview.holds()),
      " hold. Nothing that is out is called back: a figure that holds stays "
      "as it is until it is safe again. Nothing was changed."));
  if (grid.rows() == 0) return absl::OkStatus();
  session.terminal().out << "\n";
  grid.Print(session.terminal().out, session.terminal().width);
  if (preview.opens() + preview.closes() + preview.holds() > preview.changes_size()) {
    session.Say(absl::StrCat("The first ", CountWords(preview.changes_size()),
                             " are shown; ask with --product for those of one product."));
  }
  return absl::OkStatus();
}

}  // namespace

void AddPolicyCommands(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<PolicyOptions>();
  CLI::App* policy = app.add_subcommand("policy", "The rules by which figures are safe to show");
  policy->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what,
                        absl::Status (*act)(Session&, const PolicyOptions&)) {
    CLI::App* command = policy->add_subcommand(name, what);
    command->callback([&chosen, options, act] {
      chosen = [options, act](Session& session) { return act(session, *options); };
    });
    return command;
  };
  const auto add_fields = [&](CLI::App* command) {
    for (const PolicyField& field : kPolicyFields) {
      command->add_option_function<int32_t>(
          field.option,
          [options, name = std::string(field.option)](const int32_t& value) {
            options->values[name] = value;
          },
          field.words);
    }
    command->require_option(1, 0);
  };
  verb("show", "Show the policy in force", &ShowPolicy);
  verb("history", "Every version there was or will be", &ShowHistory);
  CLI::App* preview =
      verb("preview", "What a change would open and close; changes nothing", &ShowPreview);
  add_fields(preview);
  preview->add_option("--product", options->product, "Only this product");
  CLI::App* set = verb("set", "Change some of the policy (stewards)", &SetPolicy);
  add_fields(set);
  set->add_option("--from", options->from, "Day from which it is in force; at once if not said")
      ->check(CheckWith(&ParseDate));
}

}  // namespace steelyard::cli
