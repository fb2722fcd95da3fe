#ifndef STEELYARD_TESTS_CONTRACT_NEGOTIATIONS_H_
#define STEELYARD_TESTS_CONTRACT_NEGOTIATIONS_H_

// What the contract tests of negotiations share.

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {

// Councils by their codes. Hackney (hck) opens talks with Keys about children's
// homes in 2024, with a quorum of 3.
class NegotiationTest : public ContractTest {
 protected:
  // A submitter of that council.
  const Client& Of(const std::string& council) {
    if (council == "hck") return hackney_;
    if (council == "cmd") return camden_;
    auto found = clients_.find(council);
    if (found == clients_.end()) {
      found = clients_.emplace(council, As(v1::ROLE_SUBMITTER, "councils/" + council)).first;
    }
    return found->second;
  }

  static v1::CreateNegotiationRequest Wanted(const std::string& changes = "") {
    v1::CreateNegotiationRequest request;
    Merge(R"(parent: 'councils/hck' request_id: '$uuid' negotiation {
        provider: 'providers/keys' title: 'Fees of children\'s homes' quorum: 3
        services: 'childrens-homes' from_quarter { year: 2024 quarter: 1 }
        to_quarter { year: 2024 quarter: 4 } })",
          request);
    Merge(absl::StrCat("negotiation { ", changes, " }"), request);
    return request;
  }
  // Opens it, and `members` join; its name is in name_.
  void Open(const std::vector<std::string>& members = {}) {
    const auto made = hackney_.Call(&Negotiations::CreateNegotiation, Wanted());
    ASSERT_THAT(made, Succeeds());
    name_ = made.reply.name();
    for (const std::string& council : members) ASSERT_THAT(Join(council), Succeeds());
  }

  // A step of a council; `rest` is what only this step has.
  template <typename Request>
  Answer<v1::Negotiation> Take(grpc::Status (Negotiations::*method)(grpc::ClientContext*,
                                                                    const Request&,
                                                                    v1::Negotiation*),
                               const std::string& council, const std::string& rest = "") {
    return Of(council).Call(method, Step<Request>(council, rest));
  }
  template <typename Request>
  Request Step(const std::string& council, const std::string& rest = "") const {
    return Parse<Request>(absl::StrCat("name: '", name_, "' council: 'councils/", council,
                                       "' request_id: '$uuid' ", rest));
  }
  Answer<v1::Negotiation> Join(const std::string& council) {
    return Take(&Negotiations::JoinNegotiation, council);
  }
  Answer<v1::Negotiation> Withdraw(const std::string& council) {
    return Take(&Negotiations::WithdrawConsent, council);
  }
  Answer<v1::Negotiation> Propose(const std::string& council, const std::string& text) {
    return Take(&Negotiations::ProposePosition, council, absl::StrCat("text: '", text, "'"));
  }
  Answer<v1::Negotiation> Endorse(const std::string& council, int position,
                                  bool take_back = false) {
    return Take(&Negotiations::EndorsePosition, council,
                absl::StrCat("position: ", position, take_back ? " take_back: true" : ""));
  }
  Answer<v1::Negotiation> Send(const std::string& council = "hck") {
    return Take(&Negotiations::SendForReply, council);
  }
  Answer<v1::Negotiation> Reply(const std::string& text, const std::string& council = "hck") {
    return Take(&Negotiations::RecordReply, council, absl::StrCat("text: '", text, "'"));
  }
  Answer<v1::Negotiation> Release(const std::string& council = "hck") {
    return Take(&Negotiations::ReleasePack, council);
  }
  Answer<v1::Negotiation> Get(const Client& client) const {
    return client.Call(&Negotiations::GetNegotiation, absl::StrCat("name: '", name_, "'"));
  }
  Answer<v1::Pack> GetPack(const Client& client, int pack = 0) const {
    return client.Call(&Negotiations::GetPack, absl::StrCat("name: '", name_, "' pack: ", pack));
  }
  Answer<v1::ExportPackResponse> File(const Client& client, const std::string& format,
                                      int pack = 0) const {
    return client.Call(&Negotiations::ExportPack,
                       absl::StrCat("name: '", name_, "' pack: ", pack, " format: ", format));
  }

  // The council says that it spent so many pounds with Keys in 2024-Q1.
  void Submit(const std::string& council, int64_t pounds) {
    const auto made = Of(council).Call(
        &Outcomes::CreateOutcomeReport,
        absl::StrCat("parent: 'councils/", council,
                     "' request_id: '$uuid' outcome_report { provider: 'keys' "
                     "service: 'childrens-homes' quarter { year: 2024 quarter: 1 } placements: 12 "
                     "spend_micros: ",
                     pounds * 1'000'000, " }"));
    ASSERT_THAT(made, Succeeds());
  }
  // The council publishes that it paid Keys so many pounds in February 2024.
  void Publish(const std::string& council, int64_t pounds, const std::string& source = "feb.csv") {
    const auto kept = Of(council).Call(
        &Spend::ImportPayments,
        absl::StrCat("parent: 'councils/", council, "' request_id: '$uuid' source: '", source,
                     "' payments { row: 2 date { year: 2024 month: 2 day: 9 } "
                     "supplier_name: 'KEYS GROUP' amount_micros: ",
                     pounds * 1'000'000, " }"));
    ASSERT_THAT(kept, Succeeds());
    ASSERT_EQ(kept.reply.matched_payments(), 1);
  }

  std::string name_;

 private:
  std::map<std::string, Client> clients_;
};

// The words of a refusal.
inline std::string Words(const grpc::Status& status) { return status.error_message(); }

}  // namespace steelyard::contract

#endif  // STEELYARD_TESTS_CONTRACT_NEGOTIATIONS_H_
