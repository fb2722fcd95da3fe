// Circles as councils meet them: who joins and leaves, who sees whose figures,
// who looked, and what is refused.

#include <map>

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kMask[] = "products/mask-type-iir-ear-loop";

// The words of a refusal.
std::string Words(const grpc::Status& status) { return status.error_message(); }

// Councils by their codes. Hackney (hck) founds a circle about masks and about
// Keys in 2024; each council buys the same mask, at a price of its own.
class CircleTest : public ContractTest {
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

  // With other terms, where `terms` has some.
  static v1::CreateCircleRequest Wanted(const std::string& terms = "") {
    v1::CreateCircleRequest request;
    Merge(absl::StrCat(R"(parent: 'councils/hck' request_id: '$uuid' circle { terms {
        title: 'PPE sub-group' products: 'products/mask-type-iir-ear-loop'
        providers: 'providers/keys' fields: UNIT_PRICE fields: SPEND fields: PLACEMENTS
        from_month { year: 2024 month: 1 } to_month { year: 2024 month: 12 } )",
                       terms, " } }"),
          request);
    return request;
  }
  // Founds it, and `members` join; its name is in name_, its terms' hash in hash_.
  void Found(const std::vector<std::string>& members = {}, const std::string& terms = "") {
    const auto made = hackney_.Call(&Circles::CreateCircle, Wanted(terms));
    ASSERT_THAT(made, Succeeds());
    name_ = made.reply.name();
    hash_ = made.reply.terms_sha256();
    for (const std::string& council : members) ASSERT_THAT(Join(council), Succeeds());
  }
  std::string By(const std::string& council, const std::string& rest = "") const {
    return absl::StrCat("name: '", name_, "' council: 'councils/", council,
                        "' request_id: '$uuid' ", rest);
  }
  std::string WithHash() const { return absl::StrCat("terms_sha256: '", hash_, "'"); }
  Answer<v1::Circle> Join(const std::string& council) {
    return Of(council).Call(&Circles::JoinCircle, By(council, WithHash()));
  }
  Answer<v1::Circle> Withdraw(const std::string& council) {
    return Of(council).Call(&Circles::WithdrawCircleConsent, By(council));
  }
  Answer<v1::Circle> Close(const std::string& council) {
    return Of(council).Call(&Circles::CloseCircle, By(council));
  }
  Answer<v1::Circle> Get(const Client& client) const {
    return client.Call(&Circles::GetCircle, absl::StrCat("name: '", name_, "'"));
  }
  Answer<v1::ListCircleFiguresResponse> Figures(const Client& client,
                                                const std::string& rest = "") const {
    return client.Call(&Circles::ListCircleFigures, absl::StrCat("parent: '", name_, "' ", rest));
  }

  // The council buys 500 masks in March 2024 at so many micros a pack of 50.
  void Buy(const std::string& council, int64_t pack_price_micros, const std::string& more = "") {
    v1::CreatePurchaseRequest request;
    request.set_parent("councils/" + council);
    request.set_request_id(NewUuid());
    *request.mutable_purchase() =
        Line("L" + NewUuid().substr(0, 8),
             absl::StrCat("pack_price_micros: ", pack_price_micros, " ", more));
    ASSERT_THAT(Of(council).Call(&Purchases::CreatePurchase, request), Succeeds());
  }
  void Report(const std::string& council, int64_t placements) {
    ASSERT_THAT(Of(council).Call(
                    &Outcomes::CreateOutcomeReport,
                    absl::StrCat("parent: 'councils/", council,
                                 "' request_id: '$uuid' outcome_report { provider: 'keys' "
                                 "service: 'childrens-homes' quarter { year: 2024 quarter: 1 } "
                                 "spend_micros: 70000000000 weekly_fee_micros: 5000000000 "
                                 "placements: ",
                                 placements, " }")),
                Succeeds());
  }

  // The looks at a council's figures, each `hck circles/x`, times counted.
  std::vector<std::string> Looks(const std::string& council) {
    // What was looked at before is in the chain that is walked.
    EXPECT_THAT(steward_.Call(&Audit::VerifyAudit, ""), Succeeds());
    std::vector<std::string> looks;
    std::string token;
    do {
      const auto page = Of(council).Call(
          &Circles::ListLooks,
          absl::StrCat("parent: 'councils/", council, "' page_token: '", token, "'"));
      EXPECT_THAT(page, Succeeds());
      for (const v1::Look& look : page.reply.looks()) {
        EXPECT_GT(look.time().seconds(), 0);
        EXPECT_THAT(look.principal(), HasSubstr("tokens/"));
        for (int i = 0; i < look.times(); ++i) {
          looks.push_back(absl::StrCat(look.council().substr(9), " ", look.source()));
        }
      }
      token = page.reply.next_page_token();
    } while (!token.empty());
    return looks;
  }
  // Who sees what, each `cmd circles/x`, with an asterisk if it ended.
  std::vector<std::string> Exposed(const std::string& council, const std::string& rest = "") {
    const auto list = Of(council).Call(&Circles::ListExposures,
                                       absl::StrCat("parent: 'councils/", council, "' ", rest));
    EXPECT_THAT(list, Succeeds());
    std::vector<std::string> exposed;
    for (const v1::Exposure& e : list.reply.exposures()) {
      exposed.push_back(
          absl::StrCat(e.council().substr(9), " ", e.source(), e.has_end_time() ? "*" : ""));
    }
    return exposed;
  }

  std::string name_;
  std::string hash_;

 private:
  std::map<std::string, Client> clients_;
};

TEST_F(CircleTest, TheCouncilThatFoundsItLeadsAndHasConsented) {
  const auto made = hackney_.Call(&Circles::CreateCircle, Wanted());
  ASSERT_THAT(made, Succeeds());
  const v1::Circle& c = made.reply;
  EXPECT_EQ(c.name(), "circles/ppe-sub-group-hck-1");
  EXPECT_EQ(c.lead_council(), kHackney);
  EXPECT_EQ(c.state(), v1::Circle::OPEN);
  EXPECT_THAT(c.terms().products(), ElementsAre(kMask));
  EXPECT_THAT(c.terms().fields(), ElementsAre(v1::CircleTerms::UNIT_PRICE, v1::CircleTerms::SPEND,
                                              v1::CircleTerms::PLACEMENTS));
  EXPECT_EQ(c.terms_sha256().size(), 64u);
  ASSERT_THAT(c.members(), SizeIs(1));
  EXPECT_EQ(c.members(0).council(), kHackney);
  EXPECT_GT(c.members(0).consent_time().seconds(), 0);
  EXPECT_EQ(c.members(0).terms_sha256(), c.terms_sha256());
  name_ = c.name();
  EXPECT_EQ(Get(hackney_).reply.DebugString(), c.DebugString());
  // Another scope is another circle.
  EXPECT_EQ(hackney_.Call(&Circles::CreateCircle, Wanted("fields: UNITS")).reply.name(),
            "circles/ppe-sub-group-hck-2");
}

TEST_F(CircleTest, TermsThatMakeNoSenseAreRefusedWithEveryProblem) {
  v1::CreateCircleRequest wrong;
  Merge(R"(parent: 'councils/hck' request_id: '$uuid' circle { terms {
      title: 'About jane@keys.example' all_products: true products: 'products/none'
      providers: 'keys' fields: UNIT_PRICE fields: 77 from_month { year: 2024 month: 2 }
      to_month { year: 2024 month: 11 } expire_date { year: 2030 month: 2 day: 30 }
      invited_councils: 'councils/zzz' } })",
        wrong);
  const auto refused = hackney_.Call(&Circles::CreateCircle, wrong);
  EXPECT_THAT(refused, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(
      ViolationsOf(refused.status),
      ElementsAre(HasSubstr("circle.terms.title: it looks like"),
                  "circle.terms.products[0]: 'products/none' is no registered product; give its "
                  "name, such as `products/…`",
                  "circle.terms.providers[0]: 'keys' is no registered provider; give its name, "
                  "such as `providers/…`",
                  "circle.terms.products: name products, or say all_products, not both",
                  "circle.terms.fields[1]: 77 is no field; give one of UNIT_PRICE, SPEND, UNITS, "
                  "DELIVERY, PLACEMENTS and WEEKLY_FEE",
                  "circle.terms.fields: give what is shown of the providers: SPEND, PLACEMENTS or "
                  "WEEKLY_FEE",
                  "circle.terms.from_month: reports of providers are of quarters: begin with one, "
                  "such as 2024-01",
                  "circle.terms.to_month: reports of providers are of quarters: end with one, such "
                  "as 2024-12",
                  "circle.terms.expire_date: not a day in the calendar",
                  "circle.terms.invited_councils[0]: 'councils/zzz' is no registered council; give "
                  "its name, such as `councils/…`"));

  v1::CreateCircleRequest bare;
  Merge(R"(parent: 'councils/hck' request_id: '$uuid' circle { terms { title: 'PPE'
      fields: UNITS fields: WEEKLY_FEE from_month { year: 2024 month: 2 }
      to_month { year: 2023 month: 1 } invited_councils: 'councils/hck' } })",
        bare);
  EXPECT_THAT(ViolationsOf(hackney_.Call(&Circles::CreateCircle, bare).status),
              ElementsAre("circle.terms.products: say what is shown: products, all_products or "
                          "providers",
                          "circle.terms.fields[0]: UNITS is of products, and the terms name none",
                          "circle.terms.fields[1]: WEEKLY_FEE is of providers, and the terms name "
                          "none",
                          "circle.terms.to_month: must not be before from_month"));
  v1::CreateCircleRequest alone = Wanted("invited_councils: 'councils/hck'");
  EXPECT_THAT(ViolationsOf(hackney_.Call(&Circles::CreateCircle, alone).status),
              ElementsAre("circle.terms.invited_councils: name at least one other council, or none "
                          "to let any join"));
  v1::CreateCircleRequest none;
  Merge("parent: 'councils/hck' request_id: '$uuid' circle { terms { } }", none);
  EXPECT_THAT(ViolationsOf(hackney_.Call(&Circles::CreateCircle, none).status),
              ElementsAre("circle.terms.title: Required, but not given.",
                          "circle.terms.fields: Required, but not given.",
                          "circle.terms.from_month: Required, but not given.",
                          "circle.terms.to_month: Required, but not given."));
}

TEST_F(CircleTest, ConsentIsToTheTermsThatWereRead) {
  Found();
  const auto without = camden_.Call(&Circles::JoinCircle, By("cmd"));
  EXPECT_THAT(ViolationsOf(without.status), ElementsAre("terms_sha256: Required, but not given."));
  const auto other = camden_.Call(&Circles::JoinCircle, By("cmd", "terms_sha256: 'abc'"));
  EXPECT_THAT(other, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(other.status),
              ElementsAre("terms_sha256: 'abc' is not of the terms of this circle; read them, and "
                          "give their terms_sha256 if your council agrees"));
  EXPECT_EQ(Get(hackney_).reply.member_count(), 1);
  // A council that may join sees the terms, and nobody's consent.
  const v1::Circle read = Get(camden_).reply;
  EXPECT_EQ(read.terms_sha256(), hash_);
  EXPECT_THAT(read.members(), IsEmpty());
  const auto joined = Join("cmd");
  ASSERT_THAT(joined, Succeeds());
  ASSERT_THAT(joined.reply.members(), SizeIs(2));
  EXPECT_EQ(joined.reply.members(1).council(), kCamden);
  EXPECT_EQ(joined.reply.members(1).terms_sha256(), hash_);
  EXPECT_EQ(Join("cmd").reply.etag(), joined.reply.etag()) << "joining twice changes nothing";
}

TEST_F(CircleTest, MembersSeeEachOthersFiguresByNameAndNothingElse) {
  Found({"cmd"});
  Buy("hck", 6'000'000);
  Buy("cmd", 7'500'000);
  Buy("cmd", 7'500'000, "order_date { year: 2025 month: 1 day: 5 }");
  Buy("cmd", 9'000'000, "product: 'apron-roll-white' pack_content: 200");
  Buy("ken", 5'000'000);
  Report("cmd", 8);
  v1::ListCircleFiguresResponse wanted;
  Merge(R"(figures { council: 'councils/cmd' product: 'products/mask-type-iir-ear-loop'
             base_unit: PIECE from_month { year: 2024 month: 1 } to_month { year: 2024 month: 12 }
             currency_code: 'GBP' mean_unit_price_micros: 150000 spend_micros: 75000000 }
           figures { council: 'councils/cmd' provider: 'providers/keys' service: 'childrens-homes'
             from_month { year: 2024 month: 1 } to_month { year: 2024 month: 12 }
             currency_code: 'GBP' spend_micros: 70000000000 placements: 8 }
           figures { council: 'councils/hck' product: 'products/mask-type-iir-ear-loop'
             base_unit: PIECE from_month { year: 2024 month: 1 } to_month { year: 2024 month: 12 }
             currency_code: 'GBP' mean_unit_price_micros: 120000 spend_micros: 60000000 })",
        wanted);
  // Both, and who reads for one of them.
  for (const Client& who : {hackney_, camden_, As(v1::ROLE_READER, kHackney)}) {
    EXPECT_EQ(Figures(who).reply.DebugString(), wanted.DebugString());
  }
  // A correction counts at once.
  Buy("hck", 12'000'000);
  const auto now = Figures(camden_, "council: 'councils/hck'");
  ASSERT_THAT(now.reply.figures(), SizeIs(1));
  EXPECT_EQ(now.reply.figures(0).mean_unit_price_micros(), 180'000);
}

TEST_F(CircleTest, WhoIsNoMemberSeesThatItIsThereAndNoFigures) {
  Found({"cmd"}, "invited_councils: 'councils/cmd' invited_councils: 'councils/ken'");
  Buy("cmd", 7'500'000);
  const auto refused = Figures(Of("ess"));
  EXPECT_THAT(refused, Fails(StatusCode::PERMISSION_DENIED, "NOT_A_MEMBER"));
  EXPECT_EQ(Words(refused.status), "Your council is not a member of this circle.");
  EXPECT_THAT(refused.reply.figures(), IsEmpty());
  for (const Client& who : {As(v1::ROLE_ANALYST), As(v1::ROLE_AUDITOR), steward_}) {
    EXPECT_THAT(Figures(who), Fails(StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED"));
  }
  v1::Circle head;
  Merge(absl::StrCat("name: '", name_,
                     "' terms { title: 'PPE sub-group' } lead_council: 'councils/hck' state: OPEN"
                     " member_count: 2"),
        head);
  // A council that may not join, and who researches.
  EXPECT_EQ(Get(Of("ess")).reply.DebugString(), head.DebugString());
  EXPECT_EQ(Get(As(v1::ROLE_ANALYST)).reply.DebugString(), head.DebugString());
  const auto uninvited = Of("ess").Call(&Circles::JoinCircle, By("ess", WithHash()));
  EXPECT_THAT(uninvited, Fails(StatusCode::FAILED_PRECONDITION, "NOT_INVITED"));
  // One that may sees the terms and nobody's consent.
  const v1::Circle read = Get(Of("ken")).reply;
  EXPECT_EQ(read.terms_sha256(), hash_);
  EXPECT_THAT(read.terms().invited_councils(), ElementsAre(kCamden, kHackney, "councils/ken"));
  EXPECT_THAT(read.members(), IsEmpty());
  // Who oversees the service sees who consented to what.
  for (const Client& who : {As(v1::ROLE_AUDITOR), steward_}) {
    EXPECT_THAT(Get(who).reply.members(), SizeIs(2));
  }
}

TEST_F(CircleTest, AWithdrawalIsEffectiveAtOnceBothWays) {
  Found({"cmd", "ken"});
  for (const char* council : {"hck", "cmd", "ken"}) Buy(council, 6'000'000);
  EXPECT_THAT(Figures(hackney_).reply.figures(), SizeIs(3));
  ASSERT_THAT(Withdraw("cmd"), Succeeds());
  EXPECT_THAT(Figures(camden_), Fails(StatusCode::PERMISSION_DENIED, "NOT_A_MEMBER"));
  const auto left = Figures(hackney_);
  ASSERT_THAT(left.reply.figures(), SizeIs(2));
  for (const v1::CircleFigure& f : left.reply.figures()) EXPECT_NE(f.council(), kCamden);
  // A council that left is as one that there is not.
  for (const std::string council : {"councils/cmd", "councils/zzz"}) {
    const auto gone = Figures(hackney_, absl::StrCat("council: '", council, "'"));
    EXPECT_THAT(gone, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
    EXPECT_THAT(ViolationsOf(gone.status),
                ElementsAre(absl::StrCat("council: '", council, "' is no member of this circle")));
  }
  // It sees its own consent, and that the terms are there to agree to again.
  const v1::Circle outside = Get(camden_).reply;
  ASSERT_THAT(outside.members(), SizeIs(1));
  EXPECT_TRUE(outside.members(0).has_withdraw_time());
  EXPECT_THAT(Get(hackney_).reply.members(), SizeIs(3)) << "former members stay on the record";
  ASSERT_THAT(Join("cmd"), Succeeds());
  EXPECT_THAT(Figures(camden_).reply.figures(), SizeIs(3));
  EXPECT_THAT(Get(hackney_).reply.members(), SizeIs(4)) << "a new consent is a new entry";
}

TEST_F(CircleTest, APageOfBeforeShowsNothingOfWhoLeft) {
  Found({"cmd"});
  for (const char* council : {"hck", "cmd"}) Buy(council, 6'000'000);
  const auto first = Figures(hackney_, "page_size: 1");
  ASSERT_THAT(first.reply.figures(), SizeIs(1));
  EXPECT_EQ(first.reply.figures(0).council(), kCamden);
  const std::string next =
      absl::StrCat("page_size: 1 page_token: '", first.reply.next_page_token(), "'");
  EXPECT_EQ(Figures(hackney_, next).reply.figures(0).council(), kHackney);
  ASSERT_THAT(Withdraw("hck"), Succeeds());
  EXPECT_THAT(Figures(hackney_, next), Fails(StatusCode::PERMISSION_DENIED, "NOT_A_MEMBER"));
  EXPECT_THAT(Figures(camden_, next).reply.figures(), IsEmpty());
  EXPECT_THAT(Figures(camden_, "page_token: 'x'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(CircleTest, WhatTheTermsDoNotNameIsNotShown) {
  Found({"cmd"});
  Buy("cmd", 7'500'000);
  Buy("cmd", 9'000'000, "product: 'apron-roll-white' pack_content: 200");
  const auto seen = Figures(hackney_);
  ASSERT_THAT(seen.reply.figures(), SizeIs(1));
  EXPECT_FALSE(seen.reply.figures(0).has_units());
  EXPECT_FALSE(seen.reply.figures(0).has_delivery());
  // A product outside the terms is as one that there is not, and so on.
  for (const char* product : {"products/apron-roll-white", "products/none"}) {
    EXPECT_THAT(
        ViolationsOf(Figures(hackney_, absl::StrCat("product: '", product, "'")).status),
        ElementsAre(absl::StrCat("product: '", product, "' is no product that the terms name")));
  }
  const auto outside =
      Figures(hackney_,
              "provider: 'providers/priory' from_month { year: 2023 month: 12 }"
              " to_month { year: 2025 month: 1 } currency_code: 'x' granularity: 9");
  EXPECT_THAT(ViolationsOf(outside.status),
              ElementsAre("provider: 'providers/priory' is no provider that the terms name",
                          "from_month: 2023-12 lies outside the months of the terms, 2024-01 to "
                          "2024-12",
                          "to_month: 2025-01 lies outside the months of the terms, 2024-01 to "
                          "2024-12",
                          "granularity: give one of the values of Granularity",
                          "currency_code: give an ISO 4217 code of three capital letters, such as "
                          "GBP"));
  EXPECT_THAT(Figures(hackney_, "granularity: GRANULARITY_MONTH").reply.figures(), SizeIs(1));
  EXPECT_THAT(Figures(hackney_, "to_month { year: 2024 month: 2 }").reply.figures(), IsEmpty());
  EXPECT_THAT(Figures(hackney_, "currency_code: 'EUR'").reply.figures(), IsEmpty());
  EXPECT_THAT(hackney_.Call(&Circles::ListCircleFigures, "parent: 'circles/none'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(hackney_.Call(&Circles::GetCircle, "name: 'ppe'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(CircleTest, OnlyTheLeadClosesAndWhatIsClosedStaysClosed) {
  Found({"cmd"});
  Buy("cmd", 7'500'000);
  const auto refused = Close("cmd");
  EXPECT_THAT(refused, Fails(StatusCode::PERMISSION_DENIED, "NOT_LEAD"));
  EXPECT_EQ(Words(refused.status), "Only the council that leads this circle can do this.");
  ASSERT_THAT(Close("hck"), Succeeds());
  EXPECT_EQ(Get(hackney_).reply.state(), v1::Circle::CLOSED);
  EXPECT_TRUE(Get(hackney_).reply.has_close_time());
  for (const Client& who : {hackney_, camden_}) {
    EXPECT_THAT(Figures(who), Fails(StatusCode::FAILED_PRECONDITION, "CIRCLE_CLOSED"));
  }
  EXPECT_THAT(Join("ken"), Fails(StatusCode::FAILED_PRECONDITION, "CIRCLE_CLOSED"));
  EXPECT_THAT(Withdraw("cmd"), Succeeds()) << "consent can be withdrawn at any time";
}

TEST_F(CircleTest, WhenTheLeadLeavesWhoJoinedFirstLeads) {
  Found({"cmd", "ken"});
  ASSERT_THAT(Withdraw("hck"), Succeeds());
  EXPECT_EQ(Get(camden_).reply.lead_council(), kCamden);
  ASSERT_THAT(Withdraw("cmd"), Succeeds());
  ASSERT_THAT(Withdraw("ken"), Succeeds());
  EXPECT_EQ(Get(camden_).reply.state(), v1::Circle::CLOSED);
}

TEST_F(CircleTest, NobodyConsentsForAnotherCouncil) {
  Found({"cmd"});
  const std::string etag = Get(hackney_).reply.etag();
  const auto steps = [&](const Client& who) {
    return std::vector<grpc::Status>{who.Call(&Circles::CreateCircle, Wanted()).status,
                                     who.Call(&Circles::JoinCircle, By("hck", WithHash())).status,
                                     who.Call(&Circles::WithdrawCircleConsent, By("hck")).status,
                                     who.Call(&Circles::CloseCircle, By("hck")).status};
  };
  for (const grpc::Status& status : steps(camden_)) {
    EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND) << status.error_message();
  }
  // Consent is a submitter's to give; a steward runs the service and gives none.
  for (const Client& who :
       {As(v1::ROLE_READER, kHackney), As(v1::ROLE_ANALYST), steward_, As(v1::ROLE_AUDITOR)}) {
    for (const grpc::Status& status : steps(who)) {
      EXPECT_EQ(status.error_code(), StatusCode::PERMISSION_DENIED) << status.error_message();
    }
  }
  EXPECT_EQ(Get(hackney_).reply.etag(), etag);
  EXPECT_THAT(Withdraw("ken"), Fails(StatusCode::PERMISSION_DENIED, "NOT_A_MEMBER"));
}

TEST_F(CircleTest, ACouncilLearnsWhoCanSeeWhatOfItsOwn) {
  EXPECT_THAT(Exposed("hck"), IsEmpty());
  Found({"cmd", "ken"});
  EXPECT_THAT(Exposed("hck"),
              ElementsAre("cmd circles/ppe-sub-group-hck-1", "ken circles/ppe-sub-group-hck-1"));
  EXPECT_THAT(Exposed("ess"), IsEmpty());
  const auto list = hackney_.Call(&Circles::ListExposures, "parent: 'councils/hck'").reply;
  EXPECT_EQ(list.exposures(0).terms().DebugString(), Get(hackney_).reply.terms().DebugString());
  EXPECT_GT(list.exposures(0).start_time().seconds(), 0);

  ASSERT_THAT(Withdraw("cmd"), Succeeds());
  EXPECT_THAT(Exposed("hck"), ElementsAre("ken circles/ppe-sub-group-hck-1"));
  EXPECT_THAT(Exposed("cmd"), IsEmpty());
  EXPECT_THAT(Exposed("cmd", "show_ended: true"),
              ElementsAre("hck circles/ppe-sub-group-hck-1*", "ken circles/ppe-sub-group-hck-1*"));
  const auto first = hackney_.Call(&Circles::ListExposures,
                                   "parent: 'councils/hck' show_ended: true page_size: 1");
  EXPECT_THAT(Exposed("hck", absl::StrCat("show_ended: true page_size: 1 page_token: '",
                                          first.reply.next_page_token(), "'")),
              ElementsAre("ken circles/ppe-sub-group-hck-1"));
  EXPECT_THAT(camden_.Call(&Circles::ListExposures, "parent: 'councils/hck'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_THAT(hackney_.Call(&Circles::ListExposures, "parent: 'councils/hck' page_size: -1"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(CircleTest, WhatANegotiationShowsIsThereToo) {
  const auto opened = hackney_.Call(&Negotiations::CreateNegotiation,
                                    R"(parent: 'councils/hck' request_id: '$uuid' negotiation {
      provider: 'providers/keys' title: 'Fees' services: 'childrens-homes'
      from_quarter { year: 2024 quarter: 1 } to_quarter { year: 2024 quarter: 4 } })");
  ASSERT_THAT(opened, Succeeds());
  const auto step = [&](auto method) {
    return camden_.Call(method, absl::StrCat("name: '", opened.reply.name(),
                                             "' council: 'councils/cmd' request_id: '$uuid'"));
  };
  EXPECT_THAT(Exposed("hck"), IsEmpty());
  ASSERT_THAT(step(&Negotiations::JoinNegotiation), Succeeds());
  const auto list = hackney_.Call(&Circles::ListExposures, "parent: 'councils/hck'").reply;
  ASSERT_THAT(list.exposures(), SizeIs(1));
  v1::CircleTerms terms;
  Merge(R"(title: 'Fees' providers: 'providers/keys' fields: SPEND
           from_month { year: 2024 month: 1 } to_month { year: 2024 month: 12 })",
        terms);
  EXPECT_EQ(list.exposures(0).source(), "negotiations/keys-hck-1");
  EXPECT_EQ(list.exposures(0).council(), kCamden);
  EXPECT_EQ(list.exposures(0).terms().DebugString(), terms.DebugString());

  // So are looks, of a ranking and of a draft pack; a sum is no look at one.
  Report("hck", 8);
  const std::string top =
      "provider: 'providers/keys' from_quarter { year: 2024 quarter: 1 }"
      " to_quarter { year: 2024 quarter: 4 } ";
  ASSERT_THAT(camden_.Call(&Spend::ListTopSpendingCouncils, top), Succeeds());
  EXPECT_THAT(Looks("hck"), IsEmpty());
  const std::string in = "negotiation: 'negotiations/keys-hck-1'";
  ASSERT_THAT(camden_.Call(&Spend::ListTopSpendingCouncils, top + in), Succeeds());
  ASSERT_THAT(Of("ess").Call(&Spend::ListTopSpendingCouncils, top + in), Succeeds());
  ASSERT_THAT(hackney_.Call(&Spend::ListTopSpendingCouncils, top + in), Succeeds());
  EXPECT_THAT(Looks("hck"), ElementsAre("cmd negotiations/keys-hck-1"));
  ASSERT_THAT(camden_.Call(&Negotiations::GetPack, "name: 'negotiations/keys-hck-1'"), Succeeds());
  EXPECT_THAT(Looks("hck"), SizeIs(2));
  ASSERT_THAT(
      camden_.Call(&Negotiations::ExportPack, "name: 'negotiations/keys-hck-1' format: CSV"),
      Succeeds());
  EXPECT_THAT(Looks("hck"), SizeIs(2)) << "a file holds the members' sum alone";

  ASSERT_THAT(step(&Negotiations::WithdrawConsent), Succeeds());
  EXPECT_THAT(Exposed("hck"), IsEmpty());
}

TEST_F(CircleTest, ACouncilLearnsWhoLookedAtItsOwn) {
  Found({"cmd", "ken"});
  Buy("hck", 6'000'000);
  Buy("cmd", 6'000'000);
  EXPECT_THAT(Looks("hck"), IsEmpty());
  const Client reader = As(v1::ROLE_READER, "councils/ken");
  ASSERT_THAT(Figures(camden_), Succeeds());
  ASSERT_THAT(Figures(reader, "council: 'councils/hck'"), Succeeds());
  const std::string cmd = "cmd circles/ppe-sub-group-hck-1";
  const std::string ken = "ken circles/ppe-sub-group-hck-1";
  EXPECT_THAT(Looks("hck"), ::testing::UnorderedElementsAre(cmd, ken));
  EXPECT_THAT(Looks("cmd"), IsEmpty()) << "who looks at its own, and who asks for another's";
  EXPECT_THAT(Looks("ken"), IsEmpty()) << "nothing of it was there to see";
  // What was refused was not shown.
  Figures(Of("ess"));
  Figures(camden_, "product: 'products/none'");
  EXPECT_THAT(Looks("hck"), SizeIs(2));
  // It stays on record after everybody has left.
  ASSERT_THAT(Withdraw("hck"), Succeeds());
  ASSERT_THAT(Close("cmd"), Succeeds());
  EXPECT_THAT(Looks("hck"), SizeIs(2));
  EXPECT_THAT(camden_.Call(&Circles::ListLooks, "parent: 'councils/hck'"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  // Those who oversee see the same by the audit's own filter, and the token.
  const auto audit =
      As(v1::ROLE_AUDITOR)
          .Call(&Operations::ListAuditEntries, "resource_prefix: 'councils/hck/circles/'");
  ASSERT_THAT(audit.reply.entries(), SizeIs(2));
  EXPECT_EQ(audit.reply.entries(0).action(), "ListCircleFigures");
  // A step says which council took it, not only which circle it was of.
  const auto steps =
      As(v1::ROLE_AUDITOR).Call(&Operations::ListAuditEntries, "action: 'JoinCircle'");
  ASSERT_GE(steps.reply.entries_size(), 1);
  EXPECT_EQ(steps.reply.entries(0).detail(), "councils/cmd");
}

TEST_F(CircleTest, TheyAreListedNewestFirst) {
  Found({"cmd"});
  v1::CreateCircleRequest camdens = Wanted();
  camdens.set_parent(kCamden);
  ASSERT_THAT(camden_.Call(&Circles::CreateCircle, camdens), Succeeds());
  const auto names = [&](const Client& who, const std::string& request) {
    const auto list = who.Call(&Circles::ListCircles, request);
    EXPECT_THAT(list, Succeeds());
    std::vector<std::string> found;
    for (const auto& c : list.reply.circles()) found.push_back(c.name());
    found.push_back(list.reply.next_page_token().empty() ? "end" : "more");
    return found;
  };
  const std::string hck = "circles/ppe-sub-group-hck-1";
  const std::string cmd = "circles/ppe-sub-group-cmd-1";
  EXPECT_THAT(names(Of("ess"), ""), ElementsAre(cmd, hck, "end"));
  EXPECT_THAT(names(camden_, "joined: true"), ElementsAre(cmd, hck, "end"));
  EXPECT_THAT(names(hackney_, "joined: true"), ElementsAre(hck, "end"));
  EXPECT_THAT(names(Of("ess"), "joined: true"), ElementsAre("end"));
  EXPECT_THAT(names(steward_, "joined: true"), ElementsAre("end"));
  EXPECT_THAT(names(hackney_, "page_size: 1"), ElementsAre(cmd, "more"));
  const auto first = hackney_.Call(&Circles::ListCircles, "page_size: 1").reply;
  EXPECT_THAT(
      names(hackney_, absl::StrCat("page_size: 1 page_token: '", first.next_page_token(), "'")),
      ElementsAre(hck, "end"));
  EXPECT_THAT(hackney_.Call(&Circles::ListCircles, "page_token: 'x'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  const auto outside = Of("ess").Call(&Circles::ListCircles, "").reply;
  EXPECT_THAT(outside.circles(1).members(), IsEmpty());
}

TEST_F(CircleTest, AStaleEtagIsRefused) {
  Found({"cmd"});
  const std::string etag = Get(hackney_).reply.etag();
  ASSERT_THAT(Join("ken"), Succeeds());
  const std::string with = absl::StrCat("etag: '", etag, "'");
  EXPECT_THAT(hackney_.Call(&Circles::CloseCircle, By("hck", with)),
              Fails(StatusCode::ABORTED, "ETAG_MISMATCH"));
  EXPECT_THAT(camden_.Call(&Circles::WithdrawCircleConsent, By("cmd", with)),
              Fails(StatusCode::ABORTED, "ETAG_MISMATCH"));
  EXPECT_EQ(Get(hackney_).reply.member_count(), 3);
}

// Sends a step twice and then once more with another content under its id.
template <typename Request>
void ExpectRepeatable(const Client& who,
                      grpc::Status (Circles::*method)(grpc::ClientContext*, const Request&,
                                                      v1::Circle*),
                      const Request& request, Request other) {
  const auto first = who.Call(method, request);
  ASSERT_THAT(first, Succeeds());
  const auto repeat = who.Call(method, request);
  EXPECT_THAT(repeat, Succeeds());
  EXPECT_EQ(repeat.reply.DebugString(), first.reply.DebugString());
  other.set_request_id(request.request_id());
  EXPECT_THAT(who.Call(method, other), Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  Request without = request;
  without.clear_request_id();
  EXPECT_THAT(who.Call(method, without), Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

TEST_F(CircleTest, EveryStepIsTakenOnceHoweverOftenItIsSent) {
  ExpectRepeatable(hackney_, &Circles::CreateCircle, Wanted(), Wanted("fields: UNITS"));
  name_ = "circles/ppe-sub-group-hck-1";
  hash_ = Get(hackney_).reply.terms_sha256();
  EXPECT_THAT(hackney_.Call(&Circles::ListCircles, "").reply.circles(), SizeIs(1));
  const auto join = Parse<v1::JoinCircleRequest>(By("cmd", WithHash()));
  ExpectRepeatable(camden_, &Circles::JoinCircle, join,
                   Parse<v1::JoinCircleRequest>(By("cmd", "terms_sha256: 'another'")));
  const std::string other = "etag: '\"another\"'";
  ExpectRepeatable(camden_, &Circles::WithdrawCircleConsent,
                   Parse<v1::WithdrawCircleConsentRequest>(By("cmd")),
                   Parse<v1::WithdrawCircleConsentRequest>(By("cmd", other)));
  // A late repeat brings no consent back.
  ASSERT_THAT(camden_.Call(&Circles::JoinCircle, join), Succeeds());
  EXPECT_EQ(Get(hackney_).reply.member_count(), 1);
  ExpectRepeatable(hackney_, &Circles::CloseCircle, Parse<v1::CloseCircleRequest>(By("hck")),
                   Parse<v1::CloseCircleRequest>(By("hck", other)));
}

TEST_F(CircleTest, ARestartForgetsNothing) {
  Found({"cmd"});
  Buy("cmd", 7'500'000);
  const std::string before = Get(hackney_).reply.DebugString();
  server_.Restart();
  const Client hackney(server_.channel(), hackney_.secret());
  EXPECT_EQ(Get(hackney).reply.DebugString(), before);
  EXPECT_THAT(Figures(hackney).reply.figures(), SizeIs(1));
}

}  // namespace
}  // namespace steelyard::contract
