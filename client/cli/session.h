#ifndef STEELYARD_CLIENT_CLI_SESSION_H_
#define STEELYARD_CLIENT_CLI_SESSION_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/grid.h"
#include "client/cli/terminal.h"
#include "client/cpp/connection.h"
#include "client/cpp/tls.h"
#include "google/protobuf/message.h"

namespace steelyard::cli {

enum class Format { kTable, kJson, kCsv };

// What is said before any command.
struct GlobalOptions {
  std::string server = "127.0.0.1:7443";
  std::string token_file;
  bool use_tls = false;  // also without any of the files
  client::TlsFiles tls;
  Format format = Format::kTable;
  double timeout_seconds = 60;
};

// One run of the program: its options, its terminal, and its way to the
// server, which is opened when first needed. Not thread-safe.
class Session {
 public:
  Session(const GlobalOptions& options, Terminal& terminal)
      : options_(options), terminal_(terminal) {}

  // The way to the server. UNAVAILABLE if it cannot be reached; whatever is
  // wrong with the token file.
  absl::StatusOr<const client::Connection*> Connect();

  // One unary call.
  template <typename Stub, typename Request, typename Reply>
  absl::StatusOr<Reply> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                          Reply*),
                             const Request& request) {
    absl::StatusOr<const client::Connection*> connection = Connect();
    if (!connection.ok()) return connection.status();
    return (*connection)->Call(method, request);
  }

  // `councils/ken` for `ken`, `KEN` or `councils/ken`; for an empty `given`
  // the council that the token acts for. INVALID_ARGUMENT if that is none.
  absl::StatusOr<std::string> CouncilName(std::string_view given);

  // A refusal, with what to do about it where the server may not say: of a
  // foreign council it says no more than that there is none.
  absl::Status Explain(const absl::Status& status);

  // Prints the reply as JSON, or the grid as CSV or as a table.
  void Print(const google::protobuf::Message& reply, const Grid& grid);
  void PrintJson(const google::protobuf::Message& message);
  // For people only: nothing when the format is for programs.
  void Say(std::string_view line);
  // The same, broken to the width of the terminal.
  void SayWrapped(std::string_view text);

  Format format() const { return options_.format; }
  Terminal& terminal() { return terminal_; }

 private:
  const GlobalOptions& options_;
  Terminal& terminal_;
  std::unique_ptr<client::Connection> connection_;
  std::string council_;  // that was said to CouncilName
};

// `message` as proto3 JSON, on several lines.
std::string JsonOf(const google::protobuf::Message& message);

// `{collection}/{id}` unless `given` has a slash already.
std::string ResourceName(std::string_view collection, std::string_view given);
// `{council}/purchases/{reference}`, percent-encoded as the contract says; a
// full name is taken as it is.
std::string PurchaseName(std::string_view council, std::string_view reference);

// Asks for one page after another and adds the rest of the pages to the first
// reply; stops at `limit` entries, 0 for all. `entries` gives the repeated
// field of a reply.
template <typename Stub, typename Request, typename Reply, typename Entries>
absl::StatusOr<Reply> CallPages(Session& session,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Reply*),
                                Request request, int limit, Entries entries) {
  Reply all;
  while (true) {
    const int missing = limit == 0 ? 500 : limit - entries(all)->size();
    request.set_page_size(missing < 500 ? missing : 500);
    absl::StatusOr<Reply> page = session.Call(method, request);
    if (!page.ok()) return page.status();
    request.set_page_token(page->next_page_token());
    all.MergeFrom(*page);
    all.set_next_page_token(page->next_page_token());
    if (request.page_token().empty() || (limit != 0 && entries(all)->size() >= limit)) return all;
  }
}

// What was chosen on the command line, to be done once all of it is read.
using Action = std::function<absl::Status(Session&)>;

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_SESSION_H_
