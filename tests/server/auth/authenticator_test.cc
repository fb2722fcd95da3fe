#include "server/auth/authenticator.h"

#include <functional>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/access_table.h"
#include "server/auth/secret.h"
#include "server/rpc/errors.h"
#include "server/rpc/to_grpc.h"
#include "steelyard/v1/benchmark_service.pb.h"
#include "steelyard/v1/purchase_service.pb.h"
#include "steelyard/v1/registry_service.pb.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace steelyard::auth {
namespace {

using model::Role;
using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;

constexpr char kGetPurchase[] = "/steelyard.v1.PurchaseService/GetPurchase";
constexpr char kUpdatePurchase[] = "/steelyard.v1.PurchaseService/UpdatePurchase";
constexpr char kUpload[] = "/steelyard.v1.PurchaseService/UploadPurchases";
constexpr char kValidate[] = "/steelyard.v1.PurchaseService/ValidatePurchases";
constexpr char kGetArea[] = "/steelyard.v1.RegistryService/GetArea";

class AuthenticatorTest : public ::testing::Test {
 protected:
  AuthenticatorTest() {
    auto registers = std::make_shared<model::Registers>();
    for (const char* id : {"abc", "xyz"}) {
      model::Council council;
      council.id = id;
      registers->Put(council);
    }
    registers_ = registers;
  }

  // A token of the role, good for a day; `change` may spoil it. Returns the
  // header that shows it.
  std::string Add(Role role, uint16_t council = 0,
                  const std::function<void(model::Token&)>& change = nullptr) {
    const NewSecret made = MakeSecret();
    model::Token token;
    token.id = made.token_id;
    token.secret_hash = made.hash;
    token.role = role;
    token.council = {council};
    token.expire_unix_micros = absl::ToUnixMicros(clock_.Now() + absl::Hours(24));
    if (change) change(token);
    Put(token);
    return "Bearer " + made.secret;
  }

  void Put(const model::Token& token) {
    auto next = std::make_shared<TokenMap>(*tokens_);
    (*next)[token.id] = token;
    tokens_ = next;
  }

  rpc::Caller Of(const std::string& header) { return *authenticator_.Authenticate(header); }

  absl::Status Owner(const std::string& header, std::string_view method,
                     const google::protobuf::Message& request) {
    return authenticator_.CheckOwner(Of(header), method, request);
  }

  static v1::GetPurchaseRequest Purchase(std::string name) {
    v1::GetPurchaseRequest request;
    request.set_name(std::move(name));
    return request;
  }

  testing::FakeClock clock_{absl::FromUnixSeconds(1'600'000'000)};
  std::shared_ptr<const TokenMap> tokens_ = std::make_shared<TokenMap>();
  std::shared_ptr<const model::Registers> registers_;
  Authenticator authenticator_{clock_, [this] { return tokens_; }, [this] { return registers_; }};
};

TEST_F(AuthenticatorTest, KnowsTheCallerByItsToken) {
  const std::string header = Add(Role::kReader, 2);
  ASSERT_OK_AND_ASSIGN(const rpc::Caller caller, authenticator_.Authenticate(header));
  EXPECT_EQ(caller.role, Role::kReader);
  EXPECT_EQ(caller.council, model::CouncilNo{2});
  EXPECT_EQ("Bearer sty_" + caller.token_id, header.substr(0, 28));
  EXPECT_EQ(*authenticator_.Authenticate("bearer " + header.substr(7)), caller);
}

TEST_F(AuthenticatorTest, EveryBadTokenIsRefusedInTheSameWords) {
  const std::string good = Add(Role::kReader, 1);
  std::string wrong = good;
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  const std::string other = Add(Role::kReader, 1);
  const std::string swapped = good.substr(0, 29) + other.substr(29);
  const std::string expired = Add(Role::kReader, 1, [&](model::Token& token) {
    token.expire_unix_micros = absl::ToUnixMicros(clock_.Now());
  });
  const std::string revoked =
      Add(Role::kReader, 1, [](model::Token& token) { token.revoke_unix_micros = 1; });
  for (const std::string& bad :
       {std::string(), std::string("Bearer"), std::string("Bearer "), std::string("Basic abc"),
        good.substr(7), good + " ", " " + good, "Bearer " + good, wrong, swapped, expired, revoked,
        "Bearer " + MakeSecret().secret, std::string("Bearer eyJhbGciOiJub25lIn0.e30.")}) {
    const auto caller = authenticator_.Authenticate(bad);
    EXPECT_EQ(caller.status(), rpc::error::Unauthenticated()) << bad;
  }
  EXPECT_OK(authenticator_.Authenticate(good).status());
}

TEST_F(AuthenticatorTest, ATokenEndsByItselfWhenItExpires) {
  const std::string header = Add(Role::kReader, 1);
  const rpc::Caller caller = Of(header);
  clock_.Advance(absl::Hours(23));
  EXPECT_TRUE(authenticator_.StillValid(caller));
  clock_.Advance(absl::Hours(1));
  EXPECT_FALSE(authenticator_.StillValid(caller));
  EXPECT_THAT(authenticator_.Authenticate(header), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(AuthenticatorTest, ARevokedTokenEndsAtOnceAlsoForWhoIsAlreadyIn) {
  const std::string header = Add(Role::kSubmitter, 1);
  const rpc::Caller caller = Of(header);
  EXPECT_TRUE(authenticator_.StillValid(caller));
  model::Token token = tokens_->begin()->second;
  token.revoke_unix_micros = 5;
  Put(token);
  EXPECT_FALSE(authenticator_.StillValid(caller));
  EXPECT_THAT(authenticator_.Admit(kGetPurchase, header),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(AuthenticatorTest, AdmitFollowsTheTableForEveryMethodAndRole) {
  for (const Role role :
       {Role::kSubmitter, Role::kReader, Role::kAnalyst, Role::kSteward, Role::kAuditor}) {
    const std::string header = Add(role, role <= Role::kReader ? 1 : 0);
    for (const Access& access : AccessTable()) {
      const auto caller = authenticator_.Admit(access.method, header);
      if (access.roles.Has(role)) {
        EXPECT_OK(caller.status());
      } else {
        EXPECT_EQ(caller.status(), rpc::error::PermissionDenied(RefusalWords(access.roles, role)))
            << access.method;
      }
    }
  }
}

TEST_F(AuthenticatorTest, AMethodThatIsNotInTheTableIsRefusedToAll) {
  const std::string steward = Add(Role::kSteward);
  EXPECT_THAT(authenticator_.Admit("/steelyard.v1.PurchaseService/Erase", steward),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Owner(steward, "/steelyard.v1.PurchaseService/Erase", v1::GetPurchaseRequest()),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(AuthenticatorTest, ABadTokenIsSaidBeforeABadRole) {
  EXPECT_THAT(authenticator_.Admit("/steelyard.v1.AccessService/CreateToken", "Bearer x"),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST_F(AuthenticatorTest, ACouncilsPeopleMayNameTheirOwn) {
  const std::string header = Add(Role::kReader, 1);
  EXPECT_OK(Owner(header, kGetPurchase, Purchase("councils/abc/purchases/1")));
  EXPECT_OK(Owner(header, kGetArea, v1::GetAreaRequest()));
}

TEST_F(AuthenticatorTest, AForeignCouncilAndAMissingOneAreTheSameBytes) {
  const std::string header = Add(Role::kReader, 1);
  const auto bytes = [&](std::string_view council) {
    const absl::Status status =
        Owner(header, kGetPurchase, Purchase("councils/" + std::string(council) + "/purchases/1"));
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
    const grpc::Status wire = rpc::ToGrpc(status);
    std::string all = wire.error_message() + wire.error_details();
    for (size_t at; (at = all.find(council)) != std::string::npos;) all.replace(at, 3, "***");
    return all;
  };
  EXPECT_EQ(bytes("xyz"), bytes("nil"));
  // Also the same as what the service says of the caller's own missing rows.
  EXPECT_EQ(Owner(header, kGetPurchase, Purchase("councils/xyz/purchases/1")),
            rpc::error::NotFound("councils/xyz/purchases/1"));
}

TEST_F(AuthenticatorTest, LooksAtTheFieldThatTheTableNames) {
  const std::string header = Add(Role::kSubmitter, 1);
  v1::UpdatePurchaseRequest update;
  update.mutable_purchase()->set_name("councils/xyz/purchases/1");
  EXPECT_THAT(Owner(header, kUpdatePurchase, update), StatusIs(absl::StatusCode::kNotFound));
  update.mutable_purchase()->set_name("councils/abc/purchases/1");
  EXPECT_OK(Owner(header, kUpdatePurchase, update));

  v1::UploadPurchasesRequest upload;
  upload.mutable_start()->set_parent("councils/xyz");
  EXPECT_THAT(Owner(header, kUpload, upload), StatusIs(absl::StatusCode::kNotFound));
  upload.mutable_start()->set_parent("councils/abc");
  EXPECT_OK(Owner(header, kUpload, upload));
}

TEST_F(AuthenticatorTest, ANameWithoutACouncilNeverPasses) {
  const std::string header = Add(Role::kSubmitter, 1);
  for (const char* bad : {"", "abc", "councils/", "councils/ABC/purchases/1", "products/abc",
                          "councils//abc", " councils/abc"}) {
    EXPECT_THAT(Owner(header, kGetPurchase, Purchase(bad)),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("name: ")))
        << bad;
  }
  v1::UploadPurchasesRequest chunk;
  chunk.mutable_chunk()->set_index(0);
  EXPECT_THAT(Owner(header, kUpload, chunk), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Owner(header, kUpdatePurchase, v1::UpdatePurchaseRequest()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("purchase.name: ")));
}

TEST_F(AuthenticatorTest, OnlyAStewardSendsForAnyCouncilOrForAll) {
  const std::string steward = Add(Role::kSteward);
  const std::string submitter = Add(Role::kSubmitter, 1);
  v1::ValidatePurchasesRequest request;
  request.set_parent("councils/-");
  EXPECT_OK(Owner(steward, kValidate, request));
  EXPECT_THAT(Owner(submitter, kValidate, request), StatusIs(absl::StatusCode::kNotFound));
  request.set_parent("councils/xyz");
  EXPECT_OK(Owner(steward, kValidate, request));
  EXPECT_THAT(Owner(submitter, kValidate, request), StatusIs(absl::StatusCode::kNotFound));
  request.set_parent("nonsense");
  EXPECT_THAT(Owner(steward, kValidate, request), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(AuthenticatorTest, ACallerWithoutACouncilOwnsNone) {
  rpc::Caller nobody{"t1", Role::kReader, model::CouncilNo{0}};
  EXPECT_THAT(authenticator_.CheckOwner(nobody, kGetPurchase, Purchase("councils/abc/purchases/1")),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(AuthenticatorTest, AChangeOfRoleOrCouncilEndsWhatIsOpen) {
  const std::string header = Add(Role::kSubmitter, 1);
  const rpc::Caller caller = Of(header);
  const model::Token before = tokens_->begin()->second;
  model::Token token = before;
  token.role = Role::kReader;
  Put(token);
  EXPECT_FALSE(authenticator_.StillValid(caller));
  EXPECT_EQ(Of(header).role, Role::kReader);
  token = before;
  token.council = {2};
  Put(token);
  EXPECT_FALSE(authenticator_.StillValid(caller));
  Put(before);
  EXPECT_TRUE(authenticator_.StillValid(caller));
}

TEST_F(AuthenticatorTest, ARotatedSecretIsGoodForItsGraceAndNoLonger) {
  const std::string old_header = Add(Role::kReader, 1);
  model::Token token = tokens_->begin()->second;
  const NewSecret made = MakeSecret(token.id);
  token.prior_secret_hash = token.secret_hash;
  token.prior_expire_unix_micros = absl::ToUnixMicros(clock_.Now() + absl::Hours(1));
  token.secret_hash = made.hash;
  Put(token);
  const std::string new_header = "Bearer " + made.secret;
  EXPECT_EQ(Of(old_header), Of(new_header));
  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(authenticator_.Authenticate(old_header),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_OK(authenticator_.Authenticate(new_header));
  clock_.Advance(-absl::Hours(1));
  token.revoke_unix_micros = 5;
  Put(token);
  for (const std::string& header : {old_header, new_header}) {
    EXPECT_THAT(authenticator_.Authenticate(header), StatusIs(absl::StatusCode::kUnauthenticated));
  }
}

rpc::Credentials Certified(std::vector<std::string_view> uris, std::string_view header = "") {
  rpc::Credentials credentials(header);
  credentials.certified = true;
  credentials.certificate_uris = std::move(uris);
  return credentials;
}

constexpr char kMachine[] = "steelyard://councils/abc/roles/submitter";

TEST_F(AuthenticatorTest, AMachineIsKnownByItsRegisteredCertificateAlone) {
  const auto unknown = authenticator_.Authenticate(Certified({kMachine}));
  EXPECT_EQ(unknown.status(), rpc::error::Unauthenticated());
  Add(Role::kSubmitter, 1, [](model::Token& token) {
    token.secret_hash.clear();
    token.certificate_uri = kMachine;
  });
  ASSERT_OK_AND_ASSIGN(const rpc::Caller caller,
                       authenticator_.Authenticate(Certified({kMachine, "https://elsewhere"})));
  EXPECT_EQ(caller.role, Role::kSubmitter);
  EXPECT_EQ(caller.council, model::CouncilNo{1});
  for (const auto& bad :
       {Certified({}), Certified({"steelyard://councils/xyz/roles/submitter"}),
        Certified({kMachine, "steelyard://councils/abc"}),  // which of the two?
        Certified({kMachine, "steelyard://nonsense"}), Certified({kMachine}, "Bearer x")}) {
    EXPECT_EQ(authenticator_.Authenticate(bad).status(), rpc::error::Unauthenticated());
  }
  model::Token token = tokens_->begin()->second;
  token.revoke_unix_micros = 5;
  Put(token);
  EXPECT_EQ(authenticator_.Authenticate(Certified({kMachine})).status(),
            rpc::error::Unauthenticated());
  EXPECT_FALSE(authenticator_.StillValid(caller));
}

TEST_F(AuthenticatorTest, ATokenThatContradictsItsCertificateIsRefused) {
  const std::string reader = Add(Role::kReader, 1);
  const std::string analyst = Add(Role::kAnalyst);
  const auto with = [&](const char* uri, const std::string& header) {
    return authenticator_.Authenticate(Certified({uri}, header)).status();
  };
  EXPECT_OK(with("steelyard://councils/abc", reader));
  EXPECT_OK(with("steelyard://councils/abc/roles/reader", reader));
  EXPECT_OK(with("steelyard://roles/analyst", analyst));
  EXPECT_EQ(with("steelyard://councils/xyz", reader), rpc::error::Unauthenticated());
  EXPECT_EQ(with("steelyard://councils/nil", reader), rpc::error::Unauthenticated());
  EXPECT_EQ(with(kMachine, reader), rpc::error::Unauthenticated());
  EXPECT_EQ(with("steelyard://councils/abc", analyst), rpc::error::Unauthenticated());
  EXPECT_EQ(with("steelyard://roles/steward", analyst), rpc::error::Unauthenticated());
}

TEST_F(AuthenticatorTest, LooksAtNamedOrOwnDataAreToldWithWhatWasLookedAt) {
  std::vector<std::string> told;
  absl::Status answer;
  Hooks hooks;
  hooks.looked = [&](const rpc::Caller& caller, std::string_view method,
                     std::string_view resource) {
    told.push_back(caller.token_id + " " + std::string(method.substr(method.rfind('/') + 1)) + " " +
                   std::string(resource));
    return answer;
  };
  Authenticator recording(
      clock_, [this] { return tokens_; }, [this] { return registers_; }, hooks);
  const rpc::Caller caller{"t1", Role::kReader, model::CouncilNo{1}};
  EXPECT_OK(recording.Looked(caller, kGetPurchase, Purchase("councils/abc/purchases/1")));
  EXPECT_OK(recording.Looked(caller, kGetArea, v1::GetAreaRequest()));
  EXPECT_OK(recording.Looked(caller, "/steelyard.v1.NegotiationService/ListNegotiations",
                             v1::GetAreaRequest()));
  EXPECT_THAT(told, ::testing::ElementsAre("t1 GetPurchase councils/abc/purchases/1",
                                           "t1 ListNegotiations councils/abc"));
  answer = rpc::error::NotRecorded();
  EXPECT_EQ(recording.Looked(caller, kGetPurchase, Purchase("councils/abc/purchases/1")), answer);
}

TEST_F(AuthenticatorTest, WhoAsksTooOftenIsRefusedAlsoWhereItMayNotAsk) {
  Hooks hooks;
  hooks.charge = [](const rpc::Caller& caller) {
    return rpc::error::QuotaExceeded(caller.token_id, "too often", absl::Seconds(1));
  };
  bool used = false;
  hooks.used = [&](const rpc::Caller&) { used = true; };
  Authenticator charging(
      clock_, [this] { return tokens_; }, [this] { return registers_; }, hooks);
  const std::string header = Add(Role::kReader, 1);
  for (const char* method : {kGetPurchase, "/steelyard.v1.AccessService/CreateToken"}) {
    EXPECT_THAT(charging.Admit(method, header), StatusIs(absl::StatusCode::kResourceExhausted));
  }
  EXPECT_THAT(charging.Admit(kGetPurchase, "Bearer x"),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_FALSE(used);
  // Who somebody is can always be asked: the proxy does, before each call.
  EXPECT_OK(charging.Admit("/steelyard.v1.AccessService/GetCaller", header));
}

}  // namespace
}  // namespace steelyard::auth
