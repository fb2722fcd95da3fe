// Single purchases: create, batch, correct, withdraw, read back.

#include <set>

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class PurchaseTest : public ContractTest {
 protected:
  static v1::CreatePurchaseRequest NewLine(const std::string& reference,
                                           const std::string& changes = "") {
    v1::CreatePurchaseRequest request;
    request.set_parent(kHackney);
    request.set_request_id(NewUuid());
    *request.mutable_purchase() = Line(reference, changes);
    return request;
  }
  v1::Purchase Create(const std::string& reference, const std::string& changes = "") {
    const auto made = hackney_.Call(&Purchases::CreatePurchase, NewLine(reference, changes));
    EXPECT_THAT(made, Succeeds());
    return made.reply;
  }
  Answer<v1::Purchase> Get(const Client& client, const std::string& name) {
    v1::GetPurchaseRequest request;
    request.set_name(name);
    return client.Call(&Purchases::GetPurchase, request);
  }
  Answer<v1::ListPurchaseVersionsResponse> Versions(const std::string& name) {
    v1::ListPurchaseVersionsRequest request;
    request.set_parent(name);
    return hackney_.Call(&Purchases::ListPurchaseVersions, request);
  }
  // A correction of `name`; `text` adds to the request.
  Answer<v1::Purchase> Correct(const std::string& name, const std::string& text) {
    v1::UpdatePurchaseRequest request;
    request.mutable_purchase()->set_name(name);
    Merge(text, request);
    if (request.request_id().empty()) request.set_request_id(NewUuid());
    return hackney_.Call(&Purchases::UpdatePurchase, request);
  }
};

constexpr char kFull[] = R"(
    currency_code: "GBP" vat_rate_basis_points: 2000 freight_micros: 12500000
    promised_date { year: 2024 month: 3 day: 28 }
    deliveries { date { year: 2024 month: 3 day: 27 } packs: 4 }
    deliveries { date { year: 2024 month: 4 day: 2 } packs: 6 }
    quality { accepted_packs: 9 rejected_packs: 1 reject_reason: DAMAGED
              standard: "EN 14683 type IIR" certificate: "CE-2797" }
    country_of_manufacture: "GB" made_in_uk: true)";

TEST_F(PurchaseTest, ALineIsKeptAsItWasSent) {
  const v1::Purchase made = Create("PO 7/1", kFull);
  EXPECT_EQ(made.name(), "councils/hck/purchases/PO%207%2F1");
  EXPECT_EQ(made.state(), v1::Purchase::ACTIVE);
  EXPECT_EQ(made.revision(), 1);
  EXPECT_EQ(made.unit_price_micros(), 120'000);
  EXPECT_THAT(made.submission(), HasSubstr("councils/hck/submissions/"));
  EXPECT_GT(made.create_time().seconds(), 0);

  const auto got = Get(hackney_, made.name());
  ASSERT_THAT(got, Succeeds());
  EXPECT_EQ(got.reply.SerializeAsString(), made.SerializeAsString());

  v1::Purchase expected = Line("PO 7/1", kFull);
  expected.set_product("products/mask-type-iir-ear-loop");
  expected.set_supplier("suppliers/acme");
  v1::Purchase content = made;
  for (const char* field : {"name", "create_time", "update_time", "etag", "state", "revision",
                            "submission", "unit_price_micros"}) {
    const auto* descriptor = v1::Purchase::descriptor()->FindFieldByName(field);
    content.GetReflection()->ClearField(&content, descriptor);
  }
  EXPECT_EQ(content.DebugString(), expected.DebugString());
}

TEST_F(PurchaseTest, ProductsAndSuppliersAreFoundByAnyOfTheirNames) {
  int n = 0;
  for (const char* names :
       {"product: 'products/mask-type-iir-ear-loop'", "product: 'Fluid-resistant surgical mask'",
        "product: 'FRSM'", "product: '2000000000022'", "supplier: 'suppliers/acme'",
        "supplier: '01234567'", "supplier: 'ACME SUPPLIES LIMITED'"}) {
    const v1::Purchase made = Create(absl::StrCat("N", n++), names);
    EXPECT_EQ(made.product(), "products/mask-type-iir-ear-loop") << names;
    EXPECT_EQ(made.supplier(), "suppliers/acme") << names;
  }
}

TEST_F(PurchaseTest, OutputOnlyFieldsOfARequestAreIgnored) {
  const v1::Purchase made = Create("A1", R"(
      name: "councils/cmd/purchases/X" etag: "x" state: WITHDRAWN withdraw_reason: "no"
      revision: 9 unit_price_micros: 1 submission: "councils/cmd/submissions/x"
      create_time { seconds: 5 })");
  EXPECT_EQ(made.name(), "councils/hck/purchases/A1");
  EXPECT_EQ(made.state(), v1::Purchase::ACTIVE);
  EXPECT_EQ(made.withdraw_reason(), "");
  EXPECT_EQ(made.revision(), 1);
  EXPECT_EQ(made.unit_price_micros(), 120'000);
  EXPECT_GT(made.create_time().seconds(), 5);
}

TEST_F(PurchaseTest, CreateRefusesWhatItCannotTake) {
  const auto missing = hackney_.Call(&Purchases::CreatePurchase, "parent: 'councils/hck'");
  EXPECT_THAT(missing, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(missing.status), ElementsAre("purchase: Required, but not given.",
                                                        "request_id: Required, but not given."));

  auto request = NewLine("A1");
  request.set_request_id("not-a-uuid");
  EXPECT_THAT(hackney_.Call(&Purchases::CreatePurchase, request),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));

  Create("A1");
  EXPECT_THAT(hackney_.Call(&Purchases::CreatePurchase, NewLine("A1", "packs: 11")),
              Fails(StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS"));
  const auto unusual =
      hackney_.Call(&Purchases::CreatePurchase, NewLine("A2", "pack_price_micros: 600000000"));
  EXPECT_THAT(unusual, Fails(StatusCode::INVALID_ARGUMENT, "CONFIRMATION_REQUIRED"));
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 1);
}

TEST_F(PurchaseTest, ARepeatedRequestGivesTheFirstResult) {
  const auto request = NewLine("A1");
  const auto first = hackney_.Call(&Purchases::CreatePurchase, request);
  ASSERT_THAT(first, Succeeds());
  ASSERT_THAT(Correct(first.reply.name(), "purchase { packs: 12 }"), Succeeds());

  const auto repeat = hackney_.Call(&Purchases::CreatePurchase, request);
  ASSERT_THAT(repeat, Succeeds());
  EXPECT_EQ(repeat.reply.SerializeAsString(), first.reply.SerializeAsString());

  auto other = request;
  other.mutable_purchase()->set_packs(11);
  EXPECT_THAT(hackney_.Call(&Purchases::CreatePurchase, other),
              Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  // An id is the council's own: another's use of it is another request.
  auto foreign = request;
  foreign.set_parent(kCamden);
  EXPECT_THAT(camden_.Call(&Purchases::CreatePurchase, foreign), Succeeds());
}

TEST_F(PurchaseTest, ABatchIsTakenWholeOrNotAtAll) {
  auto batch = Parse<v1::BatchCreatePurchasesRequest>(R"(
      parent: "councils/hck" request_id: "$uuid")");
  for (const v1::Purchase& line : Lines(3)) *batch.add_requests()->mutable_purchase() = line;
  const auto made = hackney_.Call(&Purchases::BatchCreatePurchases, batch);
  ASSERT_THAT(made, Succeeds());
  ASSERT_THAT(made.reply.purchases(), SizeIs(3));
  EXPECT_EQ(made.reply.purchases(2).reference(), "A2");
  EXPECT_EQ(made.reply.submission().created_lines(), 3);
  EXPECT_EQ(made.reply.submission().received_lines(), 3);
  EXPECT_EQ(made.reply.submission().state(), v1::Submission::COMMITTED);
  EXPECT_EQ(made.reply.submission().sequence(), 1);
  const auto repeat = hackney_.Call(&Purchases::BatchCreatePurchases, batch);
  EXPECT_EQ(repeat.reply.SerializeAsString(), made.reply.SerializeAsString());

  batch.mutable_requests(1)->mutable_purchase()->set_packs(77);
  EXPECT_THAT(hackney_.Call(&Purchases::BatchCreatePurchases, batch),
              Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  // B9 is new, A1 is not: neither is taken.
  batch.mutable_requests(0)->mutable_purchase()->set_reference("B9");
  batch.set_request_id(NewUuid());
  const auto taken = hackney_.Call(&Purchases::BatchCreatePurchases, batch);
  EXPECT_THAT(taken, Fails(StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS"));
  EXPECT_EQ(DetailOf<google::rpc::ResourceInfo>(taken.status)->resource_name(),
            "councils/hck/purchases/A1");
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 3);
}

TEST_F(PurchaseTest, ABatchNamesEachFaultByItsPlace) {
  auto batch = Parse<v1::BatchCreatePurchasesRequest>(R"(
      parent: "councils/hck" request_id: "$uuid")");
  for (const v1::Purchase& line : Lines(3)) *batch.add_requests()->mutable_purchase() = line;
  batch.mutable_requests(1)->set_parent(kCamden);
  batch.mutable_requests(1)->set_request_id(NewUuid());
  batch.mutable_requests(2)->mutable_purchase()->set_reference("A0");
  const auto refused = hackney_.Call(&Purchases::BatchCreatePurchases, batch);
  EXPECT_THAT(refused, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(refused.status),
              ElementsAre("requests[1].parent: must be empty or the batch's own",
                          "requests[1].request_id: must be empty or the batch's own",
                          "requests[2].purchase.reference: is the same as in requests[0]"));

  auto empty = Parse<v1::BatchCreatePurchasesRequest>("parent: 'councils/hck' request_id: '$uuid'");
  EXPECT_THAT(hackney_.Call(&Purchases::BatchCreatePurchases, empty),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  for (const v1::Purchase& line : Lines(501)) *empty.add_requests()->mutable_purchase() = line;
  EXPECT_THAT(hackney_.Call(&Purchases::BatchCreatePurchases, empty),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 0);
}

TEST_F(PurchaseTest, ACorrectionKeepsTheFormerVersion) {
  const v1::Purchase made = Create("A1", kFull);
  const auto corrected = Correct(made.name(), "purchase { packs: 12 }");
  ASSERT_THAT(corrected, Succeeds());
  EXPECT_EQ(corrected.reply.packs(), 12);
  EXPECT_EQ(corrected.reply.revision(), 2);
  EXPECT_NE(corrected.reply.etag(), made.etag());
  EXPECT_EQ(corrected.reply.quality().certificate(), "CE-2797");

  // With a mask, what is not set is cleared.
  const auto cleared = Correct(made.name(), "update_mask { paths: 'quality' paths: 'deliveries' }");
  ASSERT_THAT(cleared, Succeeds());
  EXPECT_FALSE(cleared.reply.has_quality());
  EXPECT_THAT(cleared.reply.deliveries(), IsEmpty());
  EXPECT_EQ(cleared.reply.packs(), 12);

  const auto versions = Versions(made.name());
  ASSERT_THAT(versions, Succeeds());
  ASSERT_THAT(versions.reply.purchases(), SizeIs(3));
  EXPECT_EQ(versions.reply.purchases(0).SerializeAsString(), cleared.reply.SerializeAsString());
  EXPECT_EQ(versions.reply.purchases(1).SerializeAsString(), corrected.reply.SerializeAsString());
  EXPECT_EQ(versions.reply.purchases(2).SerializeAsString(), made.SerializeAsString());
}

TEST_F(PurchaseTest, ACorrectionOfAStaleVersionIsRefused) {
  const v1::Purchase made = Create("A1");
  const auto first =
      Correct(made.name(), absl::StrCat("purchase { packs: 12 etag: '", made.etag(), "' }"));
  ASSERT_THAT(first, Succeeds());
  for (const std::string& etag : {made.etag(), std::string("x"), std::string("999")}) {
    EXPECT_THAT(Correct(made.name(), absl::StrCat("purchase { packs: 13 etag: '", etag, "' }")),
                Fails(StatusCode::ABORTED, "ETAG_MISMATCH"))
        << etag;
  }
  EXPECT_EQ(Get(hackney_, made.name()).reply.packs(), 12);
}

TEST_F(PurchaseTest, ARepeatedCorrectionGivesTheFirstResult) {
  const v1::Purchase made = Create("A1");
  const std::string request = absl::StrCat("request_id: '", NewUuid(),
                                           "' purchase { packs: 12 etag: '", made.etag(), "' }");
  const auto first = Correct(made.name(), request);
  ASSERT_THAT(first, Succeeds());
  ASSERT_THAT(Correct(made.name(), "purchase { packs: 13 }"), Succeeds());
  const auto repeat = Correct(made.name(), request);
  ASSERT_THAT(repeat, Succeeds());
  EXPECT_EQ(repeat.reply.SerializeAsString(), first.reply.SerializeAsString());
  EXPECT_EQ(Get(hackney_, made.name()).reply.packs(), 13);
  EXPECT_THAT(Correct(made.name(), request + "purchase { pack_content: 100 }"),
              Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
}

TEST_F(PurchaseTest, ACorrectionIsCheckedLikeANewLine) {
  const v1::Purchase made = Create("A1");
  const auto wrong =
      Correct(made.name(), "purchase { pack_content: 33 vat_rate_basis_points: -1 }");
  EXPECT_THAT(wrong, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(ViolationsOf(wrong.status),
              ElementsAre(HasSubstr("purchase.pack_content PACK_CONTENT_MISMATCH: "),
                          HasSubstr("purchase.vat_rate_basis_points NUMBER_OUT_OF_RANGE: ")));

  const auto mask = Correct(made.name(), R"(update_mask { paths: "packs" paths: "nonsense"
      paths: "etag" paths: "reference" paths: "quality.certificate" })");
  EXPECT_THAT(mask, Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  EXPECT_THAT(
      ViolationsOf(mask.status),
      ElementsAre(
          "update_mask.paths[1]: 'nonsense' is not a field of a purchase that can be corrected",
          "update_mask.paths[2]: 'etag' is not a field of a purchase that can be corrected",
          "update_mask.paths[3]: 'reference' is not a field of a purchase that can be corrected"));
  EXPECT_THAT(Correct("councils/hck/purchases/none", "purchase { packs: 1 }"),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_EQ(Get(hackney_, made.name()).reply.revision(), 1);
}

TEST_F(PurchaseTest, AWithdrawnLineIsKeptAndStays) {
  const v1::Purchase made = Create("A1");
  auto withdraw = Parse<v1::WithdrawPurchaseRequest>("reason: 'sent twice' request_id: '$uuid'");
  withdraw.set_name(made.name());
  withdraw.set_etag("stale");
  EXPECT_THAT(hackney_.Call(&Purchases::WithdrawPurchase, withdraw),
              Fails(StatusCode::ABORTED, "ETAG_MISMATCH"));
  withdraw.set_etag(made.etag());
  const auto gone = hackney_.Call(&Purchases::WithdrawPurchase, withdraw);
  ASSERT_THAT(gone, Succeeds());
  EXPECT_EQ(gone.reply.state(), v1::Purchase::WITHDRAWN);
  EXPECT_EQ(gone.reply.withdraw_reason(), "sent twice");
  EXPECT_EQ(gone.reply.revision(), 2);
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 0);

  const auto repeat = hackney_.Call(&Purchases::WithdrawPurchase, withdraw);
  EXPECT_EQ(repeat.reply.SerializeAsString(), gone.reply.SerializeAsString());
  auto other = withdraw;
  other.set_reason("another");
  EXPECT_THAT(hackney_.Call(&Purchases::WithdrawPurchase, other),
              Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  // Withdrawing twice gives the first result.
  other.set_request_id(NewUuid());
  other.set_etag("");
  EXPECT_EQ(hackney_.Call(&Purchases::WithdrawPurchase, other).reply.SerializeAsString(),
            gone.reply.SerializeAsString());
  EXPECT_THAT(Correct(made.name(), "purchase { packs: 12 }"),
              Fails(StatusCode::FAILED_PRECONDITION, "PURCHASE_WITHDRAWN"));
  EXPECT_THAT(hackney_.Call(&Purchases::CreatePurchase, NewLine("A1")),
              Fails(StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS"));
  EXPECT_THAT(Versions(made.name()).reply.purchases(), SizeIs(2));
}

TEST_F(PurchaseTest, AWithdrawalWantsAReason) {
  const v1::Purchase made = Create("A1");
  auto withdraw = Parse<v1::WithdrawPurchaseRequest>("request_id: '$uuid'");
  withdraw.set_name(made.name());
  for (const std::string& reason : {std::string(), std::string(201, 'x'), std::string("a\nb")}) {
    withdraw.set_reason(reason);
    EXPECT_THAT(hackney_.Call(&Purchases::WithdrawPurchase, withdraw),
                Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
  }
  withdraw.set_reason("right");
  withdraw.set_name("councils/hck/purchases/none");
  EXPECT_THAT(hackney_.Call(&Purchases::WithdrawPurchase, withdraw),
              Fails(StatusCode::NOT_FOUND, "NOT_FOUND"));
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 1);
}

TEST_F(PurchaseTest, AnothersLineAndAMissingOneLookTheSame) {
  const v1::Purchase made = Create("A1");
  // Both ask for the same name: once it is there, once it is not.
  const std::string name = made.name();
  auto ask = [&](auto method, const std::string& text) {
    return camden_.Call(method, text).status;
  };
  const std::string update =
      absl::StrCat("purchase { name: '", name, "' packs: 1 } request_id: '$uuid'");
  const std::string withdraw = absl::StrCat("name: '", name, "' reason: 'x' request_id: '$uuid'");
  auto all = [&] {
    return std::vector<grpc::Status>{
        ask(&Purchases::GetPurchase, absl::StrCat("name: '", name, "'")),
        ask(&Purchases::ListPurchaseVersions, absl::StrCat("parent: '", name, "'")),
        ask(&Purchases::UpdatePurchase, update),
        ask(&Purchases::WithdrawPurchase, withdraw),
        ask(&Purchases::GetSubmission, absl::StrCat("name: '", made.submission(), "'")),
        ask(&Purchases::ListPurchases, "parent: 'councils/hck'"),
        ask(&Purchases::ListSubmissions, "parent: 'councils/hck'"),
        ask(&Purchases::GetPublicationStatus, "council: 'councils/hck'")};
  };
  for (const grpc::Status& status : all()) {
    EXPECT_EQ(status.error_code(), StatusCode::NOT_FOUND);
    EXPECT_EQ(ReasonOf(status), "NOT_FOUND");
  }
  // A name of the caller's own that is missing, but for the name itself.
  auto own = camden_.Call(&Purchases::GetPurchase, "name: 'councils/cmd/purchases/A1'").status;
  auto foreign = camden_.Call(&Purchases::GetPurchase, "name: 'councils/hck/purchases/A1'").status;
  auto nobody = camden_.Call(&Purchases::GetPurchase, "name: 'councils/zzz/purchases/A1'").status;
  auto anonymous = [](std::string bytes) {
    for (const char* council : {"hck", "zzz"}) {
      for (size_t at; (at = bytes.find(council)) != std::string::npos;) bytes.replace(at, 3, "cmd");
    }
    return bytes;
  };
  EXPECT_EQ(anonymous(foreign.error_details()), own.error_details());
  EXPECT_EQ(anonymous(nobody.error_details()), own.error_details());
  EXPECT_EQ(anonymous(foreign.error_message()), own.error_message());
  // Even word for word the same whether the line exists or not.
  const auto none = camden_.Call(&Purchases::GetPurchase, "name: 'councils/hck/purchases/A2'");
  std::string there = foreign.error_details();
  there.replace(there.find("purchases/A1"), 12, "purchases/A2");
  there.replace(there.rfind("purchases/A1"), 12, "purchases/A2");
  EXPECT_EQ(there, none.status.error_details());
  EXPECT_EQ(Get(hackney_, name).reply.revision(), 1);
}

TEST_F(PurchaseTest, NamesThatAreNoNamesAreRefused) {
  for (const char* name :
       {"", "A1", "councils/hck", "councils/hck/purchases/", "councils/hck/purchases/a b",
        "councils/hck/purchases/%zz", "councils/hck/purchases/%", "councils/HCK/purchases/A1",
        "councils//purchases/A1"}) {
    EXPECT_THAT(Get(hackney_, name), Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS")) << name;
  }
  EXPECT_THAT(hackney_.Call(&Purchases::GetSubmission, "name: 'councils/hck/submissions/7'"),
              Fails(StatusCode::INVALID_ARGUMENT, "INVALID_FIELDS"));
}

}  // namespace
}  // namespace steelyard::contract
