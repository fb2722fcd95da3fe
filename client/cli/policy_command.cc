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
  bool yes = false;
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

// The first version has no time: the store was made with it.
std::string StartWords(const v1::Policy& policy) {
  return policy.effective_time().seconds() == 0 ? "the store was made"
                                                : TimeWords(policy.effective_time());
}

void PrintPolicy(Session& session, const v1::Policy& policy, bool in_force) {
  Grid grid({{"Rule", "rule"}, {"Value", "value", GridColumn::kNumber}});
  for (const PolicyField& field : kPolicyFields) {
    grid.Add({{field.words, field.option + 2}, absl::StrCat((policy.*field.get)())});
  }
  grid.Add({{"Version", "version"}, absl::StrCat(policy.version())});
  grid.Add({{in_force ? "In force since" : "Comes into force", "effective_time"},
            {StartWords(policy), RawTime(policy.effective_time())}});
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

// What a change would be: every version that there is, newest first, and the
// one that would come.
struct Plan {
  v1::ListPoliciesResponse all;
  v1::Policy next;
  bool at_once = true;
};

absl::Time TimeOf(const v1::Policy& policy) {
  return absl::FromUnixSeconds(policy.effective_time().seconds());
}

absl::StatusOr<v1::ListPoliciesResponse> AllVersions(Session& session) {
  return CallPages(session, &Stub::ListPolicies, v1::ListPoliciesRequest(), 0,
                   [](auto& reply) { return reply.mutable_policies(); });
}

absl::StatusOr<Plan> MakePlan(Session& session, const PolicyOptions& options) {
  Plan plan;
  ASSIGN_OR_RETURN(plan.next, Changed(session, options));
  ASSIGN_OR_RETURN(plan.all, AllVersions(session));
  if (options.from.empty()) return plan;
  ASSIGN_OR_RETURN(const google::type::Date from, ParseDate(options.from));
  const absl::CivilDay day(from.year(), from.month(), from.day());
  const absl::CivilDay today = absl::ToCivilDay(absl::Now(), absl::UTCTimeZone());
  if (day < today) {
    return absl::InvalidArgumentError(
        absl::StrCat("--from ", options.from,
                     " has passed, and a policy is not put into force backwards; give "
                     "a day to come, or leave --from out for at once"));
  }
  plan.at_once = day == today;
  if (plan.at_once) return plan;
  const absl::Time time = absl::FromCivil(day, absl::UTCTimeZone());
  plan.next.mutable_effective_time()->set_seconds(absl::ToUnixSeconds(time));
  return plan;
}

// The newer version that took this one's place before it was in force; 0 if
// none: a version is in force from its own time on, unless a newer one is.
int64_t ReplacedBy(const v1::ListPoliciesResponse& all, const v1::Policy& policy) {
  for (const v1::Policy& newer : all.policies()) {
    if (newer.version() > policy.version() && TimeOf(newer) <= TimeOf(policy)) {
      return newer.version();
    }
  }
  return 0;
}

// Each rule that is another than in the version that would be in force then,
// and the versions that would never be.
void PrintPlan(Session& session, const Plan& plan) {
  const absl::Time start = plan.at_once ? absl::Now() : TimeOf(plan.next);
  const v1::Policy* before = nullptr;
  std::vector<std::string> replaced;
  for (const v1::Policy& policy : plan.all.policies()) {  // newest first
    const bool to_come =
        policy.version() > plan.all.version_in_force() && ReplacedBy(plan.all, policy) == 0;
    if (to_come && TimeOf(policy) >= start) {
      replaced.push_back(absl::StrCat("version ", policy.version(), " of ", StartWords(policy)));
    }
    const bool counts =
        policy.version() == plan.all.version_in_force() || (to_come && TimeOf(policy) <= start);
    if (before == nullptr && counts) before = &policy;
  }
  Grid grid({{"Rule", "rule"},
             {"Before", "before", GridColumn::kNumber},
             {"After", "after", GridColumn::kNumber}});
  for (const PolicyField& field : kPolicyFields) {
    const int32_t was = before == nullptr ? 0 : (before->*field.get)();
    const int32_t will = (plan.next.*field.get)();
    if (was != will) grid.Add({field.words, absl::StrCat(was), absl::StrCat(will)});
  }
  if (session.format() == Format::kTable && grid.rows() > 0) {
    grid.Print(session.terminal().out, session.terminal().width);
  }
  if (grid.rows() == 0 && replaced.empty()) return;  // the server says that nothing changes
  session.Say(plan.at_once ? "It starts at once."
                           : absl::StrCat("It starts on ", StartWords(plan.next), "."));
  for (const std::string& version : replaced) {
    session.Say(absl::StrCat("It replaces ", version, ", which will never be in force."));
  }
}

absl::Status Agree(Session& session, const PolicyOptions& options, const Plan& plan) {
  if (!plan.at_once || options.yes) return absl::OkStatus();
  if (session.terminal().confirm == nullptr) {
    return absl::FailedPreconditionError(
        "nothing was changed: this would be in force at once; add --yes if that is meant, or "
        "--from DAY");
  }
  if (session.terminal().confirm("Put it into force at once?")) return absl::OkStatus();
  return absl::CancelledError("nothing was changed");
}

absl::Status SetPolicy(Session& session, const PolicyOptions& options) {
  ASSIGN_OR_RETURN(const Plan plan, MakePlan(session, options));
  PrintPlan(session, plan);
  RETURN_IF_ERROR(Agree(session, options, plan));
  session.Say("");
  v1::UpdatePolicyRequest request;
  *request.mutable_policy() = plan.next;
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::Policy changed, session.Call(&Stub::UpdatePolicy, request));
  ASSIGN_OR_RETURN(const v1::ListPoliciesResponse newest, Newest(session));
  PrintPolicy(session, changed, newest.version_in_force() == changed.version());
  return absl::OkStatus();
}

Cell StateCell(const v1::ListPoliciesResponse& all, const v1::Policy& policy) {
  if (policy.version() == all.version_in_force()) return {"in force", "true"};
  if (const int64_t newer = ReplacedBy(all, policy)) {
    return {absl::StrCat("replaced by ", newer, ", never in force"), "false"};
  }
  return {policy.version() > all.version_in_force() ? "to come" : "past", "false"};
}

absl::Status ShowHistory(Session& session, const PolicyOptions&) {
  ASSIGN_OR_RETURN(const v1::ListPoliciesResponse all, AllVersions(session));
  std::vector<GridColumn> columns = {{"Version", "version", GridColumn::kNumber},
                                     {"From", "effective_time"},
                                     {"State", "in_force", GridColumn::kWrapped}};
  for (const char* heading : {"Councils", "Suppliers", "p%", "Share%", "Totals", "Prices",
                              "Councils (providers)", "Placements", "Cohort", "Delay"}) {
    columns.push_back({heading, "", GridColumn::kNumber});
  }
  for (size_t i = 0; i < std::size(kPolicyFields); ++i) {
    columns[i + 3].key = kPolicyFields[i].option + 2;
  }
  Grid grid(std::move(columns));
  for (const v1::Policy& policy : all.policies()) {
    std::vector<Cell> row = {absl::StrCat(policy.version()),
                             {StartWords(policy), RawTime(policy.effective_time())},
                             StateCell(all, policy)};
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

// Whether a rule was given that is of figures of providers.
bool ChangesProviders(const PolicyOptions& options) {
  for (const char* option : {"--min-outcome-councils", "--min-placements", "--min-cohort"}) {
    if (options.values.count(option) > 0) return true;
  }
  return false;
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
  if (ChangesProviders(options)) {
    session.SayWrapped(
        "Figures of providers are not previewed: what the change of their rules would open or "
        "close is not in these counts.");
  }
  if (grid.rows() == 0) return absl::OkStatus();
  session.terminal().out << "\n";
  grid.Print(session.terminal().out, session.terminal().width);
  // A line stands for one figure or more.
  int64_t shown = 0;
  for (const v1::PolicyPreview::Change& change : preview.changes()) shown += change.figures();
  if (preview.opens() + preview.closes() + preview.holds() > shown) {
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
  set->add_flag("--yes", options->yes, "Do not ask before it is in force at once");
}

}  // namespace steelyard::cli
