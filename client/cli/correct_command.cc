#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/parse.h"
#include "client/cli/purchase_grids.h"
#include "client/cpp/request_id.h"
#include "client/import/status_macros.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"

namespace steelyard::cli {
namespace {

struct Options {
  std::string council;
  std::string reference;
  std::vector<std::string> assignments;
  std::string etag;
};

absl::Status Correct(Session& session, const Options& options) {
  v1::UpdatePurchaseRequest request;
  v1::Purchase& purchase = *request.mutable_purchase();
  for (const std::string& assignment : options.assignments) {
    RETURN_IF_ERROR(ParseAssignment(assignment, purchase, *request.mutable_update_mask()));
  }
  std::string council;
  if (options.reference.substr(0, 9) != "councils/") {
    ASSIGN_OR_RETURN(council, session.CouncilName(options.council));
  }
  purchase.set_name(PurchaseName(council, options.reference));
  purchase.set_etag(options.etag);
  request.set_request_id(client::RequestId());
  ASSIGN_OR_RETURN(const v1::Purchase corrected,
                   session.Call(&v1::PurchaseService::Stub::UpdatePurchase, request));
  session.Print(corrected, DetailGrid(corrected));
  session.Say(absl::StrCat("Corrected: ", corrected.reference(), " is now version ",
                           corrected.revision(), "."));
  return absl::OkStatus();
}

}  // namespace

void AddCorrectCommand(CLI::App& purchases, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* correct =
      purchases.add_subcommand("correct", "Correct fields of a line; its former version is kept");
  correct->add_option("reference", options->reference, "Your reference of the line")->required();
  correct->add_option("--council", options->council,
                      "Council code; the token's own council if not said");
  correct
      ->add_option("--set", options->assignments,
                   "FIELD=VALUE, as often as needed; no value takes the field away. Fields: " +
                       FieldsToSet())
      ->required()
      ->allow_extra_args(false)  // a word behind it is the reference
      ->check([](const std::string& text) {
        v1::Purchase purchase;
        google::protobuf::FieldMask mask;
        return std::string(ParseAssignment(text, purchase, mask).message());
      });
  correct->add_option("--etag", options->etag, "Only if the line still has this etag");
  correct->callback([&chosen, options] {
    chosen = [options](Session& session) { return Correct(session, *options); };
  });
}

}  // namespace steelyard::cli
