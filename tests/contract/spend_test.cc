// Spend from the payments that councils publish.

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kYear[] =
    "from_quarter { year: 2024 quarter: 1 } to_quarter { year: 2024 quarter: 4 }";

class SpendTest : public ContractTest {
 protected:
  static std::string Payment(int row, const std::string& name, int pounds, int month = 2,
                             const std::string& more = "") {
    return absl::StrCat("payments { row: ", row, " supplier_name: \"", name,
                        "\" amount_micros: ", pounds, "000000 date { year: 2024 month: ", month,
                        " day: 9 } ", more, " } ");
  }
  Answer<v1::ImportPaymentsResponse> Import(const Client& client, const std::string& payments,
                                            const std::string& parent = kHackney,
                                            const std::string& source = "2024.csv") {
    return client.Call(&Spend::ImportPayments,
                       absl::StrCat("parent: '", parent, "' source: '", source,
                                    "' request_id: '$uuid' ", payments));
  }
  Answer<v1::NameDecision> Decide(const std::string& text) {
    return steward_.Call(&Spend::DecideName, absl::StrCat(text, " request_id: '$uuid'"));
  }
  v1::ListSpendResponse ListSpend(const Client& client, const std::string& filter = "") {
    const auto list = client.Call(&Spend::ListSpend, absl::StrCat(kYear, " ", filter));
    EXPECT_THAT(list, Succeeds());
    return list.reply;
  }
  v1::ListTopSpendingCouncilsResponse Top(const Client& client, const std::string& more = "") {
    const auto top = client.Call(&Spend::ListTopSpendingCouncils,
                                 absl::StrCat("provider: 'providers/keys' ", kYear, " ", more));
    EXPECT_THAT(top, Succeeds());
    return top.reply;
  }
  // What the top spenders submitted, as far as `client` sees it, in pounds; -1
  // where it does not.
  std::vector<int64_t> SubmittedSeen(const Client& client, const std::string& more = "") {
    std::vector<int64_t> pounds;
    const auto top = Top(client, more);
    for (const v1::TopSpender& s : top.spenders()) {
      pounds.push_back(s.has_submitted_micros() ? s.submitted_micros() / 1'000'000 : -1);
    }
    return pounds;
  }
};

TEST_F(SpendTest, NamesAreMatchedProposedOrNobodys) {
  const auto imported = Import(
      hackney_, Payment(2, "KEYS CARE LIMITED", 50'000) + Payment(3, "Keys Child Care Ltd", 900) +
                    Payment(4, "Keys Care Limited", -600) + Payment(5, "Keys Cares Ltd", 700) +
                    Payment(6, "Northern Keys", 300) + Payment(7, "Norton Priory Museum", 80) +
                    Payment(8, "Compass Minerals", 40));
  ASSERT_THAT(imported, Succeeds());
  EXPECT_EQ(imported.reply.received_payments(), 7);
  EXPECT_EQ(imported.reply.kept_payments(), 7);
  EXPECT_EQ(imported.reply.credit_notes(), 1);
  EXPECT_EQ(imported.reply.matched_payments(), 3);
  EXPECT_EQ(imported.reply.matched_amount_micros(), 50'300'000'000);
  std::vector<std::string> names;
  for (const auto& n : imported.reply.names()) {
    names.push_back(absl::StrCat(n.supplier_name(), " ", n.provider(), " ",
                                 v1::MatchedName::Match_Name(n.match())));
  }
  EXPECT_THAT(names, ElementsAre("KEYS CARE LIMITED providers/keys NAME",
                                 "Keys Child Care Ltd providers/keys NAME",
                                 "Keys Cares Ltd providers/keys PROPOSED",
                                 "Northern Keys providers/keys PROPOSED",
                                 "Compass Minerals providers/compass PROPOSED"));
}

TEST_F(SpendTest, WhatAPersonDecidesIsRemembered) {
  ASSERT_THAT(
      Import(hackney_, Payment(2, "Keys Care Limited", 1000) + Payment(3, "Keys Cares Ltd", 700)),
      Succeeds());
  EXPECT_EQ(Top(hackney_).known_total_micros(), 1'000'000'000);
  const auto proposals = steward_.Call(&Spend::ListNameProposals, "");
  ASSERT_THAT(proposals, Succeeds());
  ASSERT_THAT(proposals.reply.proposals(), SizeIs(1));
  EXPECT_EQ(proposals.reply.proposals(0).supplier_name(), "Keys Cares Ltd");
  EXPECT_EQ(proposals.reply.proposals(0).candidates(0), "providers/keys");

  ASSERT_THAT(Decide("supplier_name: 'Keys Cares Ltd' provider: 'providers/keys'"), Succeeds());
  EXPECT_EQ(Top(hackney_).known_total_micros(), 1'700'000'000);
  EXPECT_THAT(steward_.Call(&Spend::ListNameProposals, "").reply.proposals(), IsEmpty());
  // Another council's payments under that name need no decision any more.
  const auto camden = Import(camden_, Payment(2, "KEYS CARES LTD", 400), kCamden);
  ASSERT_THAT(camden, Succeeds());
  ASSERT_THAT(camden.reply.names(), SizeIs(1));
  EXPECT_EQ(camden.reply.names(0).match(), v1::MatchedName::DECIDED);

  ASSERT_THAT(Decide("supplier_name: 'Keys Cares Ltd'"), Succeeds());  // nobody's after all
  EXPECT_EQ(Top(hackney_).known_total_micros(), 1'000'000'000);
  const auto decisions = steward_.Call(&Spend::ListNameDecisions, "");
  ASSERT_THAT(decisions, Succeeds());
  ASSERT_THAT(decisions.reply.decisions(), SizeIs(1));
  EXPECT_THAT(decisions.reply.decisions(0).provider(), IsEmpty());
  EXPECT_THAT(decisions.reply.decisions(0).decided_by(), HasSubstr("tokens/"));
  EXPECT_THAT(Decide("supplier_name: 'x' provider: 'providers/none'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
}

TEST_F(SpendTest, AFileSentAgainReplacesWhatItHeld) {
  const std::string payments = Payment(2, "Keys Care Limited", 1000);
  ASSERT_THAT(Import(hackney_, payments), Succeeds());
  const auto again = Import(hackney_, payments);
  ASSERT_THAT(again, Succeeds());
  EXPECT_TRUE(again.reply.unchanged());
  ASSERT_THAT(Import(hackney_, Payment(2, "Keys Care Limited", 400)), Succeeds());
  EXPECT_EQ(Top(hackney_).known_total_micros(), 400'000'000);
  ASSERT_THAT(Import(hackney_, Payment(2, "Keys Care Limited", 50, 8), kHackney, "aug.csv"),
              Succeeds());

  const auto sources = camden_.Call(&Spend::ListPaymentSources, "council: 'councils/hck'");
  ASSERT_THAT(sources, Succeeds());
  ASSERT_THAT(sources.reply.sources(), SizeIs(2));
  EXPECT_EQ(sources.reply.sources(0).source(), "2024.csv");
  EXPECT_EQ(sources.reply.sources(1).from_quarter().quarter(), 3);
}

TEST_F(SpendTest, PaymentsThatAreInAnotherSourceTooAreWarnedOf) {
  const std::string three = Payment(2, "Keys Care Limited", 1000) + Payment(3, "Some Shop", 80) +
                            Payment(4, "A Garage", 70, 5);
  ASSERT_THAT(Import(hackney_, three), Succeeds());
  const auto same_name = Import(hackney_, three);
  EXPECT_THAT(same_name.reply.problems(), IsEmpty());
  const auto other = Import(hackney_, three + Payment(5, "Only Here", 60), kHackney, "copy.csv");
  ASSERT_THAT(other, Succeeds());
  ASSERT_THAT(other.reply.problems(), SizeIs(1));
  EXPECT_EQ(other.reply.problems(0).code(), "SOURCE_OVERLAPS");
  EXPECT_EQ(other.reply.problems(0).severity(), v1::Problem::WARNING);
  EXPECT_EQ(other.reply.problems(0).message(),
            "Of 3 names paid in the same quarters as in '2024.csv' 3 have the very same payments, "
            "which count twice; if it is the same file, send it under that name.");
  EXPECT_EQ(other.reply.kept_payments(), 4);
  // Another council's are other payments.
  EXPECT_THAT(Import(camden_, three, kCamden, "c.csv").reply.problems(), IsEmpty());
}

TEST_F(SpendTest, PaymentsWithProblemsAreLeftOutAndNamed) {
  const auto imported =
      Import(hackney_, Payment(2, "Keys Care Limited", 1000) + Payment(3, "", 5) +
                           "payments { row: 4 supplier_name: 'Keys' amount_micros: 1 } ");
  ASSERT_THAT(imported, Succeeds());
  EXPECT_EQ(imported.reply.kept_payments(), 1);
  EXPECT_EQ(imported.reply.refused_payments(), 2);
  std::vector<std::string> words;
  for (const v1::Problem& p : imported.reply.problems()) {
    words.push_back(absl::StrCat("row ", p.row(), " ", p.field()));
    EXPECT_FALSE(p.message().empty());
    EXPECT_FALSE(p.expected().empty());
  }
  EXPECT_THAT(words, ElementsAre("row 3 supplier_name", "row 4 date"));
  EXPECT_THAT(Import(hackney_, ""), Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(SpendTest, ALookBeforehandKeepsNothing) {
  const std::string payments = Payment(2, "Keys Care Limited", 1000);
  const auto looked = Import(hackney_, payments + " validate_only: true");
  ASSERT_THAT(looked, Succeeds());
  EXPECT_EQ(looked.reply.matched_payments(), 1);
  EXPECT_THAT(camden_.Call(&Spend::ListPaymentSources, "").reply.sources(), IsEmpty());
  // Nor does a file of which nothing can be kept take the place of another.
  ASSERT_THAT(Import(hackney_, payments), Succeeds());
  ASSERT_THAT(Import(hackney_, Payment(2, "", 5)), Succeeds());
  EXPECT_EQ(Top(hackney_).known_total_micros(), 1'000'000'000);
}

TEST_F(SpendTest, ListsComeInPagesThatJoinUp) {
  std::string payments;
  for (int month = 1; month <= 12; month += 3) {
    payments += Payment(month, "Keys Care Limited", 100 + month, month);
  }
  ASSERT_THAT(Import(hackney_, payments), Succeeds());
  std::vector<int> quarters;
  std::string token;
  do {
    const auto page = ListSpend(camden_, absl::StrCat("page_size: 3 page_token: '", token, "'"));
    EXPECT_LE(page.rows_size(), 3);
    for (const v1::SpendRow& row : page.rows()) quarters.push_back(row.quarter().quarter());
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_THAT(quarters, ElementsAre(1, 2, 3, 4));
}

TEST_F(SpendTest, NobodyImportsForAnotherCouncil) {
  EXPECT_THAT(Import(camden_, Payment(2, "Keys Care Limited", 1000)),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(Import(steward_, Payment(2, "Keys Care Limited", 1000)), Succeeds());
}

TEST_F(SpendTest, RowsAreByCouncilProviderAndQuarterWithTheOwnerOfTheTime) {
  ASSERT_THAT(Import(hackney_, Payment(2, "Cambian Childcare Ltd", 900, 2) +
                                   Payment(3, "Cambian Childcare Ltd", -100, 3) +
                                   Payment(4, "Priory Education Services Limited", 70, 5)),
              Succeeds());
  const auto rows = ListSpend(camden_).rows();
  ASSERT_THAT(rows, SizeIs(2));
  EXPECT_EQ(rows[0].council(), kHackney);
  EXPECT_EQ(rows[0].provider(), "providers/cambian");
  EXPECT_NE(rows[0].owner(), "providers/cambian");  // sold to CareTech in 2018
  EXPECT_EQ(rows[0].published_micros(), 800'000'000);
  EXPECT_EQ(rows[0].payments(), 2);
  EXPECT_EQ(rows[0].credit_notes(), 1);
  EXPECT_EQ(rows[1].provider(), "providers/priory");
  EXPECT_EQ(rows[1].quarter().quarter(), 2);
  EXPECT_THAT(ListSpend(camden_, "provider: 'providers/waterland'").rows(), SizeIs(1));
  EXPECT_THAT(camden_.Call(&Spend::ListSpend, "from_quarter { year: 2024 quarter: 5 }"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(SpendTest, WhatACouncilSubmittedIsShownToItAndToItsCircleAlone) {
  ASSERT_THAT(Import(hackney_, Payment(2, "Keys Care Limited", 1000)), Succeeds());
  ASSERT_THAT(Import(camden_, Payment(2, "Keys Care Limited", 3000), kCamden), Succeeds());
  for (const auto& [client, parent] : {std::pair(&hackney_, kHackney), {&camden_, kCamden}}) {
    ASSERT_THAT(
        client->Call(&Outcomes::CreateOutcomeReport,
                     absl::StrCat("parent: '", parent,
                                  "' request_id: '$uuid' outcome_report { provider: 'keys' "
                                  "service: 'childrens-homes' quarter { year: 2024 quarter: "
                                  "1 } placements: 9 spend_micros: 1234000000 }")),
        Succeeds());
  }
  const auto own = ListSpend(hackney_).rows();
  ASSERT_THAT(own, SizeIs(2));  // Camden first
  EXPECT_FALSE(own[0].has_submitted_micros());
  EXPECT_EQ(own[1].submitted_micros(), 1'234'000'000);

  const auto top = Top(hackney_);
  ASSERT_THAT(top.spenders(), SizeIs(2));
  EXPECT_EQ(top.spenders(0).council(), kCamden);
  EXPECT_EQ(top.spenders(0).council_display_name(), "London Borough of Camden");
  EXPECT_EQ(top.spenders(0).share_of_known(), 0.75);
  EXPECT_EQ(top.known_councils(), 2);
  EXPECT_THAT(SubmittedSeen(hackney_), Each(-1));

  const auto talks = hackney_.Call(
      &Negotiations::CreateNegotiation,
      "parent: 'councils/hck' request_id: '$uuid' negotiation { provider: 'providers/keys' title: "
      "'Fees' services: 'childrens-homes' from_quarter { year: 2024 quarter: 1 } to_quarter { "
      "year: 2024 quarter: 4 } }");
  ASSERT_THAT(talks, Succeeds());
  const std::string circle = absl::StrCat("negotiation: '", talks.reply.name(), "'");
  // Camden is not in it: it sees nothing of Hackney's, nor Hackney of Camden's.
  EXPECT_THAT(SubmittedSeen(camden_, circle), Each(-1));
  EXPECT_THAT(SubmittedSeen(hackney_, circle), ElementsAre(-1, 1234));
  const std::string member =
      absl::StrCat("name: '", talks.reply.name(), "' council: 'councils/cmd' request_id: '$uuid'");
  ASSERT_THAT(camden_.Call(&Negotiations::JoinNegotiation, member), Succeeds());
  EXPECT_THAT(SubmittedSeen(hackney_, circle), Each(1234));
  EXPECT_THAT(SubmittedSeen(camden_, circle), Each(1234));
  ASSERT_THAT(camden_.Call(&Negotiations::WithdrawConsent, member), Succeeds());
  EXPECT_THAT(SubmittedSeen(hackney_, circle), ElementsAre(-1, 1234));
  EXPECT_THAT(SubmittedSeen(camden_, circle), Each(-1));
}

}  // namespace
}  // namespace steelyard::contract
