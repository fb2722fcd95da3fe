// Verbs of `registry` that are of providers and establishments.

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "client/cli/commands.h"
#include "client/cli/parse.h"
#include "client/cli/problem_report.h"
#include "client/cli/provider_register_grids.h"
#include "client/cli/words.h"
#include "client/cpp/request_id.h"
#include "client/import/ofsted.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/registry_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::RegistryService::Stub;

struct Options {
  std::vector<std::string> files;
  std::string as_of;
  bool validate_only = false;
  std::string provider;
  std::string owner;
  std::string from;
  std::string until;
  std::string name;
  std::string company_number;
  std::string sector;
  std::vector<std::string> aliases;
  std::vector<std::string> services;
};

google::type::Date DateOf(const importing::CalendarDay& day) {
  google::type::Date date;
  date.set_year(day.year);
  date.set_month(day.month);
  date.set_day(day.day);
  return date;
}

// One file of Ofsted's, read and ready to be sent.
struct Register {
  std::string file;
  google::type::Date as_of;
  importing::OfstedRegister read;
};

absl::StatusOr<Register> ReadRegister(const std::string& file, const Options& options) {
  Register out;
  out.file = file;
  absl::StatusOr<importing::OfstedRegister> read = importing::ReadOfstedFile(file);
  if (!read.ok()) {
    return absl::Status(read.status().code(),
                        absl::StrCat(file, ": ", std::string(read.status().message())));
  }
  out.read = *std::move(read);
  if (!options.as_of.empty()) {
    ASSIGN_OR_RETURN(out.as_of, ParseDate(options.as_of));
  } else if (out.read.as_of) {
    out.as_of = DateOf(*out.read.as_of);
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat(file,
                     ": neither title nor name says of which day it is; add --as-of, for example "
                     "--as-of 2019-03-31"));
  }
  return out;
}

// Sends one register and says what became of it. INVALID_ARGUMENT if it was
// refused.
absl::Status Send(Session& session, Register& one, const Options& options) {
  ProblemReport report;
  for (const v1::Problem& problem : one.read.problems) report.Add(problem);
  v1::ImportEstablishmentsRequest request;
  *request.mutable_as_of_date() = one.as_of;
  for (v1::EstablishmentRow& row : one.read.rows) *request.add_rows() = std::move(row);
  // What cannot be read here is still looked at there: all problems at once.
  request.set_validate_only(options.validate_only || report.errors() > 0);
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(v1::ImportEstablishmentsResponse reply,
                   session.Call(&Stub::ImportEstablishments, request));
  for (const v1::Problem& problem : reply.problems()) report.Add(problem);
  report.Sort();
  if (session.format() == Format::kJson) {
    session.PrintJson(reply);
  } else {
    report.Print(session.terminal(), session.format(), kReportRows, "");
  }
  if (report.errors() > 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        one.file,
        ": nothing was taken: ", CountOf(report.errors(), "row has an error", "rows have errors")));
  }
  session.Say(absl::StrCat(
      one.file, ": register of ", DateWords(one.as_of), ", ",
      CountOf(request.rows_size(), "row", "rows"),
      options.validate_only ? "; nothing was taken, as you asked. It would be: " : ": ",
      CountWords(reply.created_establishments()), " new, ",
      CountWords(reply.updated_establishments()), " known, ",
      CountWords(reply.unchanged_establishments()), " as before; ",
      CountOf(reply.created_providers(), "new provider", "new providers"), "."));
  return absl::OkStatus();
}

absl::Status ImportOfsted(Session& session, const Options& options) {
  if (options.files.size() > 1 && !options.as_of.empty()) {
    return absl::InvalidArgumentError("--as-of is of one file; give one, or leave it out");
  }
  std::vector<Register> registers;
  for (const std::string& file : options.files) {
    ASSIGN_OR_RETURN(Register one, ReadRegister(file, options));
    registers.push_back(std::move(one));
  }
  std::stable_sort(registers.begin(), registers.end(), [](const Register& a, const Register& b) {
    return RawDate(a.as_of) < RawDate(b.as_of);
  });
  for (Register& one : registers) {
    RETURN_IF_ERROR(Send(session, one, options));
  }
  return absl::OkStatus();
}

google::type::Date DayBefore(const google::type::Date& date) {
  const absl::CivilDay day = absl::CivilDay(date.year(), date.month(), date.day()) - 1;
  return DateOf({static_cast<int>(day.year()), day.month(), day.day()});
}

// Ends the ownership that lasts on the day of the change, and begins the next.
absl::Status SetOwner(Session& session, const Options& options) {
  v1::GetProviderRequest get;
  get.set_name(ResourceName("providers", options.provider));
  ASSIGN_OR_RETURN(v1::Provider provider, session.Call(&Stub::GetProvider, get));
  ASSIGN_OR_RETURN(const google::type::Date from, ParseDate(options.from));
  for (v1::Provider::Owner& owner : *provider.mutable_owners()) {
    const bool begun = !owner.has_start_date() || RawDate(owner.start_date()) < RawDate(from);
    const bool lasts = !owner.has_end_date() || RawDate(owner.end_date()) >= RawDate(from);
    if (begun && lasts) *owner.mutable_end_date() = DayBefore(from);
  }
  if (!options.owner.empty()) {
    v1::Provider::Owner* owner = provider.add_owners();
    owner->set_owner(ResourceName("providers", options.owner));
    *owner->mutable_start_date() = from;
    if (!options.until.empty()) {
      ASSIGN_OR_RETURN(*owner->mutable_end_date(), ParseDate(options.until));
    }
  }
  v1::UpdateProviderRequest request;
  *request.mutable_provider() = std::move(provider);
  request.mutable_update_mask()->add_paths("owners");
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::Provider changed, session.Call(&Stub::UpdateProvider, request));
  session.Print(changed, OwnersGrid(changed));
  return absl::OkStatus();
}

absl::Status AddProvider(Session& session, const Options& options) {
  v1::CreateProviderRequest request;
  v1::Provider& provider = *request.mutable_provider();
  provider.set_display_name(options.name);
  provider.set_company_number(options.company_number);
  provider.set_sector(options.sector);
  provider.mutable_aliases()->Add(options.aliases.begin(), options.aliases.end());
  provider.mutable_services()->Add(options.services.begin(), options.services.end());
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::Provider made, session.Call(&Stub::CreateProvider, request));
  google::protobuf::RepeatedPtrField<v1::Provider> one;
  *one.Add() = made;
  session.Print(made, GridOf(one));
  return absl::OkStatus();
}

}  // namespace

void AddProviderVerbs(CLI::App& registry, Action& chosen) {
  auto options = std::make_shared<Options>();
  const auto verb = [&](const char* name, const char* what,
                        absl::Status (*act)(Session&, const Options&)) {
    CLI::App* command = registry.add_subcommand(name, what);
    command->callback([&chosen, options, act] {
      chosen = [options, act](Session& session) { return act(session, *options); };
    });
    return command;
  };

  CLI::App* import = verb("import-ofsted",
                          "Take Ofsted's yearly provider-level files, each whole or not at all "
                          "(stewards)",
                          &ImportOfsted);
  import->add_option("file", options->files, "Files as published, packed or not")->required();
  import->add_option("--as-of", options->as_of, "Day of the register, if the file does not say")
      ->check(CheckWith(&ParseDate));
  import->add_flag("--validate-only", options->validate_only, "Only say what is wrong");

  CLI::App* owner = verb(
      "set-owner", "Record from when a provider has a new owner, or none (stewards)", &SetOwner);
  owner->add_option("provider", options->provider, "The provider, for example cambian")->required();
  owner->add_option("owner", options->owner, "The owner; leave it out if there is none any more");
  owner->add_option("--from", options->from, "First day of the change")
      ->required()
      ->check(CheckWith(&ParseDate));
  owner->add_option("--until", options->until, "Last day, if it has ended already")
      ->check(CheckWith(&ParseDate));

  CLI::App* add = verb("add-provider", "Add a provider or an owner (stewards)", &AddProvider);
  add->add_option("name", options->name, "Its name")->required();
  add->add_option("--company-number", options->company_number, "8 characters, such as 01234567");
  add->add_option("--alias", options->aliases, "Another name; may be given several times")
      ->allow_extra_args(false);
  add->add_option("--service", options->services,
                  "Kind of service; may be given several times (registry list codes)")
      ->allow_extra_args(false);
  add->add_option("--sector", options->sector, "private, voluntary, local-authority or health");
}

}  // namespace steelyard::cli
