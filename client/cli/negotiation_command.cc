#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/negotiation_grids.h"
#include "client/cli/output_file.h"
#include "client/cli/parse.h"
#include "client/cli/words.h"
#include "client/cpp/request_id.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/negotiation_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

using Stub = v1::NegotiationService::Stub;
using PackFormat = v1::ExportPackRequest::Format;

struct Options {
  std::string id;
  std::string council;
  std::string etag;
  std::string provider;
  std::string title;
  std::vector<std::string> services;
  std::string period;
  int quorum = 0;
  std::string text;
  std::string file;
  int position = 0;
  bool take_back = false;
  int limit = 50;
  int pack = 0;
  PackFormat format = v1::ExportPackRequest::HTML;
  std::string out;
  bool overwrite = false;
};

std::string ProviderName(const std::string& given) {
  return ResourceName("providers", absl::AsciiStrToLower(given));
}

std::string NameOf(const Options& options) { return ResourceName("negotiations", options.id); }

void Show(Session& session, const v1::Negotiation& n) {
  if (session.format() != Format::kTable) return session.Print(n, GridOf(n));
  PrintNegotiation(session.terminal().out, session.terminal().width, n);
}

// A step of the caller's council, shown as it is afterwards. `fill` adds what
// only this step has.
template <typename Request, typename Fill>
absl::Status Take(Session& session, const Options& options,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                               v1::Negotiation*),
                  std::string_view done, Fill fill) {
  Request request;
  request.set_name(NameOf(options));
  ASSIGN_OR_RETURN(*request.mutable_council(), session.CouncilName(options.council));
  request.set_etag(options.etag);
  request.set_request_id(client::RequestId());
  fill(request);
  ASSIGN_OR_RETURN(const v1::Negotiation n, session.Call(method, request));
  Show(session, n);
  session.Say(absl::StrCat("\n", std::string(done)));
  return absl::OkStatus();
}

constexpr auto kNothingMore = [](auto&) {};

absl::Status Create(Session& session, const Options& options) {
  v1::CreateNegotiationRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), session.CouncilName(options.council));
  v1::Negotiation* n = request.mutable_negotiation();
  n->set_provider(ProviderName(options.provider));
  n->set_title(options.title);
  for (const std::string& service : options.services) n->add_services(service);
  const auto quarters = ParseQuarters(options.period);  // was checked as it was read
  *n->mutable_from_quarter() = quarters->first;
  *n->mutable_to_quarter() = quarters->second;
  n->set_quorum(options.quorum);
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::Negotiation made, session.Call(&Stub::CreateNegotiation, request));
  Show(session, made);
  session.Say(absl::StrCat("\nOpened. Councils join with `steelyard negotiation join ",
                           LastPart(made.name()), "`."));
  return absl::OkStatus();
}

absl::Status List(Session& session, const Options& options) {
  v1::ListNegotiationsRequest request;
  if (!options.provider.empty()) request.set_provider(ProviderName(options.provider));
  ASSIGN_OR_RETURN(v1::ListNegotiationsResponse all,
                   CallPages(session, &Stub::ListNegotiations, request, options.limit,
                             [](auto& reply) { return reply.mutable_negotiations(); }));
  session.Print(all, GridOf(all.negotiations()));
  if (!all.next_page_token().empty()) {
    session.Say(absl::StrCat("The first ", all.negotiations_size(),
                             "; there are more. --limit 0 shows all."));
  }
  return absl::OkStatus();
}

absl::Status ShowOne(Session& session, const Options& options) {
  v1::GetNegotiationRequest request;
  request.set_name(NameOf(options));
  ASSIGN_OR_RETURN(const v1::Negotiation n, session.Call(&Stub::GetNegotiation, request));
  Show(session, n);
  return absl::OkStatus();
}

absl::Status Join(Session& session, const Options& options) {
  return Take(session, options, &Stub::JoinNegotiation,
              "Joined. The other members see what your council submits as its spend with the "
              "provider over these quarters, and you see theirs, until you withdraw.",
              kNothingMore);
}

absl::Status Withdraw(Session& session, const Options& options) {
  return Take(session, options, &Stub::WithdrawConsent,
              "Withdrawn. What your council submitted is shown to nobody any more, and its "
              "endorsements are gone.",
              kNothingMore);
}

absl::Status Propose(Session& session, const Options& options) {
  return Take(session, options, &Stub::ProposePosition, "Proposed; your council endorses it.",
              [&](v1::ProposePositionRequest& request) { request.set_text(options.text); });
}

absl::Status Endorse(Session& session, const Options& options) {
  return Take(session, options, &Stub::EndorsePosition,
              options.take_back ? "Taken back." : "Endorsed.",
              [&](v1::EndorsePositionRequest& request) {
                request.set_position(options.position);
                request.set_take_back(options.take_back);
              });
}

absl::Status Send(Session& session, const Options& options) {
  return Take(session, options, &Stub::SendForReply,
              absl::StrCat("The provider's 14 days have begun. Give it the draft now: `steelyard "
                           "negotiation pack ",
                           options.id, " --format html --out draft.html`."),
              kNothingMore);
}

absl::Status Reply(Session& session, const Options& options) {
  std::string text = options.text;
  if (!options.file.empty()) {
    std::ifstream file(options.file, std::ios::binary);
    if (!file) return absl::NotFoundError("cannot read " + options.file);
    text.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return Take(session, options, &Stub::RecordReply,
              "Recorded, word for word; the pack can be released.",
              [&](v1::RecordReplyRequest& request) { request.set_text(text); });
}

absl::Status Release(Session& session, const Options& options) {
  return Take(session, options, &Stub::ReleasePack,
              "Released. The pack stays as it is from now on.", kNothingMore);
}

absl::Status Close(Session& session, const Options& options) {
  return Take(session, options, &Stub::CloseNegotiation,
              "Closed. Members no longer see each other's figures.", kNothingMore);
}

absl::Status Pack(Session& session, const Options& options) {
  v1::ExportPackRequest request;
  request.set_name(NameOf(options));
  request.set_pack(options.pack);
  request.set_format(options.format);
  ASSIGN_OR_RETURN(const v1::ExportPackResponse reply, session.Call(&Stub::ExportPack, request));
  if (options.out == "-") {
    session.terminal().out << reply.content();
    return absl::OkStatus();
  }
  // The server names no folder to write to.
  const std::string path = options.out.empty() ? LastPart(reply.file_name()) : options.out;
  if (!options.overwrite) RETURN_IF_ERROR(CheckNewFile(path));
  ASSIGN_OR_RETURN(OutputFile file, OutputFile::Create(path));
  file.stream() << reply.content();
  RETURN_IF_ERROR(file.Commit());
  session.Say(absl::StrCat("Wrote ", path, " (",
                           BytesWords(static_cast<int64_t>(reply.content().size())), ")."));
  return absl::OkStatus();
}

void AddCreate(CLI::App& command, const std::shared_ptr<Options>& options) {
  command.add_option("provider", options->provider, "Id of the owner or provider, such as keys")
      ->required();
  command.add_option("--title", options->title, "What it is about, at most 200 characters")
      ->required();
  command
      .add_option("--service", options->services,
                  "Kind of service, such as childrens-homes; may be said again")
      ->required();
  command.add_option("--period", options->period, "Quarters that packs show, 2023-Q1..2025-Q4")
      ->required()
      ->check(CheckWith(&ParseQuarters));
  command.add_option("--quorum", options->quorum, "Fewest members for a pack, 3 to 100; 5 if 0")
      ->check(WholeNumber(0, 100));
}

void AddPack(CLI::App& command, const std::shared_ptr<Options>& options) {
  static const std::map<std::string, PackFormat> kFormats = {
      {"html", v1::ExportPackRequest::HTML},
      {"markdown", v1::ExportPackRequest::MARKDOWN},
      {"csv", v1::ExportPackRequest::CSV}};
  command.add_option("--number", options->pack, "A released pack's number; the draft if 0")
      ->check(ZeroOrMore());
  command.add_option("--format", options->format, "html to print, markdown or csv to work on")
      ->option_text("html|markdown|csv")
      ->transform(CLI::Validator(OneOf(kFormats), ""));
  command.add_option("--out", options->out,
                     "New file to write, - for the terminal; a name of its own if not said");
  command.add_flag("--overwrite", options->overwrite, "Write it even if there is such a file");
}

}  // namespace

void AddNegotiationCommands(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* negotiation = app.add_subcommand(
      "negotiation", "Speak to a provider with one voice: join, agree, send, release packs");
  negotiation->require_subcommand(1);
  const auto verb = [&](const char* name, const char* what,
                        absl::Status (*act)(Session&, const Options&)) {
    CLI::App* command = negotiation->add_subcommand(name, what);
    command->callback([&chosen, options, act] {
      chosen = [options, act](Session& session) { return act(session, *options); };
    });
    return command;
  };
  const auto add_id = [&](CLI::App* command) {
    command->add_option("negotiation", options->id, "Its id, such as keys-hck-1")->required();
    return command;
  };
  // Verbs that change one.
  const auto step = [&](const char* name, const char* what,
                        absl::Status (*act)(Session&, const Options&)) {
    CLI::App* command = add_id(verb(name, what, act));
    command->add_option("--council", options->council,
                        "Council code; the token's own council if not said");
    command->add_option("--etag", options->etag, "Only if it still has this etag");
    return command;
  };

  CLI::App* create = verb("create", "Open one; your council leads it", &Create);
  AddCreate(*create, options);
  create->add_option("--council", options->council,
                     "Council code; the token's own council if not said");

  CLI::App* list = verb("list", "List negotiations, newest first", &List);
  list->add_option("--provider", options->provider, "Only with this owner or provider");
  list->add_option("--limit", options->limit, "Most entries; all if 0")
      ->check(ZeroOrMore())
      ->capture_default_str();
  add_id(verb("show", "Show one, with positions and members if you are one", &ShowOne));

  step("join", "Join: give your council's consent", &Join);
  step("withdraw", "Withdraw your council's consent", &Withdraw);
  step("propose", "Put a position forward (members)", &Propose)
      ->add_option("text", options->text, "What is asked, at most 500 characters")
      ->required();
  CLI::App* endorse = step("endorse", "Endorse a position (members)", &Endorse);
  endorse->add_option("position", options->position, "Its number")->required();
  endorse->add_flag("--take-back", options->take_back, "Take your endorsement back");
  step("send", "Send the draft to the provider: its 14 days begin (who leads)", &Send);
  CLI::App* reply = step("reply", "Record what the provider says (who leads)", &Reply);
  auto* text = reply->add_option("--text", options->text, "Its words");
  reply->add_option("--file", options->file, "A text file with its words")->excludes(text);
  step("release", "Release the pack (who leads)", &Release);
  step("close", "End it (who leads)", &Close);

  AddPack(*add_id(verb("pack", "Write the draft or a released pack to a file", &Pack)), options);
}

}  // namespace steelyard::cli
