#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/output_file.h"
#include "client/cli/parse.h"
#include "client/cli/words.h"
#include "client/cpp/request_id.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/access_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::AccessService::Stub;

struct TokenOptions {
  v1::Role role = v1::ROLE_UNSPECIFIED;
  std::string council;
  std::string name;
  std::string out;
  std::string id;
  std::string certificate;
  std::optional<int> grace_minutes;
  int days = 0;
  int limit = 0;
};

std::string RoleWords(v1::Role role) { return EnumWords(v1::Role_Name(role)).substr(5); }

Grid TokenGrid(const google::protobuf::RepeatedPtrField<v1::Token>& tokens) {
  Grid grid({{"Token", "token"},
             {"Role", "role"},
             {"Council", "council"},
             {"For", "display_name", GridColumn::kWrapped},
             {"Shows", "credential", GridColumn::kWrapped},
             {"Made", "create_time"},
             {"Ends", "expire_time"},
             {"Revoked", "revoke_time"},
             {"Last used", "last_use_time"}});
  for (const v1::Token& token : tokens) {
    const auto time = [](const google::protobuf::Timestamp& t) -> Cell {
      return {TimeWords(t), RawTime(t)};
    };
    grid.Add({LastPart(token.name()), RoleWords(token.role()), LastPart(token.council()),
              token.display_name(),
              token.certificate_uri().empty() ? std::string("secret") : token.certificate_uri(),
              time(token.create_time()), time(token.expire_time()), time(token.revoke_time()),
              time(token.last_use_time())});
  }
  return grid;
}

Grid OneToken(const v1::Token& token) {
  google::protobuf::RepeatedPtrField<v1::Token> one;
  *one.Add() = token;
  return TokenGrid(one);
}

// Writes a secret to a new file that only its owner reads.
absl::Status WriteSecret(const std::string& path, const std::string& secret) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  const std::string line = secret + "\n";
  const bool written =
      file >= 0 && write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  if (file >= 0 && close(file) == 0 && written) return absl::OkStatus();
  return absl::AlreadyExistsError(absl::StrCat(
      "cannot write ", path, "; it must not exist yet. The token was made: revoke it"));
}

// Shows a new token, and its secret or where it is.
absl::Status HandOver(Session& session, const TokenOptions& options,
                      v1::CreateTokenResponse reply) {
  if (!options.out.empty() && !reply.secret().empty()) {
    RETURN_IF_ERROR(WriteSecret(options.out, reply.secret()));
    reply.clear_secret();
  }
  session.Print(reply, OneToken(reply.token()));
  if (!reply.token().certificate_uri().empty()) {
    session.Say("\nIt has no secret: the machine shows its certificate.");
  } else if (!options.out.empty()) {
    session.Say(absl::StrCat("\nIts secret is in ", options.out, ", which only you can read."));
  } else if (session.format() != Format::kJson) {
    session.terminal().out << "\nIts secret, shown this once; keep it in a file that only you can "
                              "read:\n"
                           << reply.secret() << "\n";
  }
  return absl::OkStatus();
}

absl::Status Create(Session& session, const TokenOptions& options) {
  // Before the secret is made: it is shown once, and a file that cannot be
  // written would lose it.
  RETURN_IF_ERROR(CheckNewFile(options.out));
  v1::CreateTokenRequest request;
  request.mutable_token()->set_role(options.role);
  request.mutable_token()->set_display_name(options.name);
  if (!options.council.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_token()->mutable_council(),
                     session.CouncilName(options.council));
  }
  request.mutable_token()->set_certificate_uri(options.certificate);
  request.set_lifetime_days(options.days);
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::CreateTokenResponse reply, session.Call(&Stub::CreateToken, request));
  return HandOver(session, options, reply);
}

// When the secret before the newest ends, for a token that still has one.
absl::StatusOr<google::protobuf::Timestamp> EndOfPriorSecret(Session& session,
                                                             const std::string& name) {
  ASSIGN_OR_RETURN(const v1::ListTokensResponse all,
                   CallPages(session, &Stub::ListTokens, v1::ListTokensRequest(), 0,
                             [](auto& reply) { return reply.mutable_tokens(); }));
  for (const v1::Token& token : all.tokens()) {
    if (token.name() == name) return token.prior_secret_expire_time();
  }
  return google::protobuf::Timestamp();
}

absl::Status Rotate(Session& session, const TokenOptions& options) {
  // Before the secret is made: it is shown once, and a file that cannot be
  // written would lose it.
  RETURN_IF_ERROR(CheckNewFile(options.out));
  v1::RotateTokenRequest request;
  request.set_name(ResourceName("tokens", options.id));
  if (options.grace_minutes) request.set_grace_minutes(*options.grace_minutes);
  request.set_lifetime_days(options.days);
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const google::protobuf::Timestamp earlier,
                   EndOfPriorSecret(session, request.name()));
  ASSIGN_OR_RETURN(const v1::CreateTokenResponse reply, session.Call(&Stub::RotateToken, request));
  RETURN_IF_ERROR(HandOver(session, options, reply));
  const google::protobuf::Timestamp& end = reply.token().prior_secret_expire_time();
  session.SayWrapped(end.seconds() == 0
                         ? std::string("The old secret has ended.")
                         : absl::StrCat("The old secret is good until ", TimeWords(end), "."));
  // Of earlier secrets one is kept, the newest.
  if (earlier.seconds() > 0) {
    session.SayWrapped(absl::StrCat("The secret before that, which would have been good until ",
                                    TimeWords(earlier), ", has ended with this."));
  }
  return absl::OkStatus();
}

absl::Status List(Session& session, const TokenOptions& options) {
  ASSIGN_OR_RETURN(v1::ListTokensResponse all,
                   CallPages(session, &Stub::ListTokens, v1::ListTokensRequest(), options.limit,
                             [](auto& reply) { return reply.mutable_tokens(); }));
  std::sort(all.mutable_tokens()->begin(), all.mutable_tokens()->end(),
            [](const v1::Token& a, const v1::Token& b) {
              return std::tie(a.council(), a.display_name(), a.name()) <
                     std::tie(b.council(), b.display_name(), b.name());
            });
  session.Print(all, TokenGrid(all.tokens()));
  return absl::OkStatus();
}

absl::Status Revoke(Session& session, const TokenOptions& options) {
  v1::RevokeTokenRequest request;
  request.set_name(ResourceName("tokens", options.id));
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::Token token, session.Call(&Stub::RevokeToken, request));
  session.Print(token, OneToken(token));
  session.SayWrapped(absl::StrCat("\nRevoked on ", TimeWords(token.revoke_time()),
                                  ", for good: nothing that it or an earlier secret of it is sent "
                                  "with is answered any more."));
  return absl::OkStatus();
}

absl::Status ShowCaller(Session& session, const TokenOptions&) {
  ASSIGN_OR_RETURN(const v1::Token token, session.Call(&Stub::GetCaller, v1::GetCallerRequest()));
  session.Print(token, OneToken(token));
  return absl::OkStatus();
}

void AddTokenCommands(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<TokenOptions>();
  CLI::App* token = app.add_subcommand("token", "Who may do what (stewards)");
  token->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what,
                        absl::Status (*act)(Session&, const TokenOptions&)) {
    CLI::App* command = token->add_subcommand(name, what);
    command->callback([&chosen, options, act] {
      chosen = [options, act](Session& session) { return act(session, *options); };
    });
    return command;
  };
  CLI::App* create = verb("create", "Make a token; its secret is shown once", &Create);
  const std::map<std::string, v1::Role> roles = {{"submitter", v1::ROLE_SUBMITTER},
                                                 {"reader", v1::ROLE_READER},
                                                 {"analyst", v1::ROLE_ANALYST},
                                                 {"steward", v1::ROLE_STEWARD},
                                                 {"auditor", v1::ROLE_AUDITOR}};
  create->add_option("--role", options->role, "What it may do")
      ->required()
      ->option_text("submitter|reader|analyst|steward|auditor REQUIRED")
      ->transform(CLI::Validator(OneOf(roles), ""));
  create->add_option("--council", options->council, "Whose; for submitters and readers");
  create->add_option("--name", options->name, "What it is for, at most 100 characters")->required();
  create->add_option("--certificate", options->certificate,
                     "For a machine without a secret: the URI in its client certificate");
  CLI::App* rotate = verb("rotate", "Give a token a new secret; the old one ends later", &Rotate);
  rotate->add_option("token", options->id, "Its id, as in the list")->required();
  rotate
      ->add_option("--grace-minutes", options->grace_minutes,
                   "How long the old secret is still good, at most a week; a day if not said")
      ->check(WholeNumber(0, 7 * 24 * 60));
  for (CLI::App* command : {create, rotate}) {
    command
        ->add_option("--days", options->days,
                     "Days until it ends, 1 to 400; as its role has it if not said")
        ->check(WholeNumber(1, 400));
    command->add_option("--out", options->out, "Write the secret to this new file");
  }
  CLI::App* list = verb("list", "List tokens, without their secrets", &List);
  list->add_option("--limit", options->limit, "Most entries; all if 0")->check(ZeroOrMore());
  CLI::App* revoke = verb("revoke", "End a token at once", &Revoke);
  revoke->add_option("token", options->id, "Its id, as in the list")->required();
  verb("whoami", "Show whose token this is", &ShowCaller);
}

}  // namespace

void AddAccessCommands(CLI::App& app, Action& chosen) {
  AddTokenCommands(app, chosen);
  AddPolicyCommands(app, chosen);
}

}  // namespace steelyard::cli
