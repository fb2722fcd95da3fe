#include "server/oidc/id_token.h"

#include <cjose/cjose.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/oidc/openid_client.h"
#include "tests/support/status_matchers.h"

namespace steelyard::oidc {
namespace {

using Json = nlohmann::json;
using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;

constexpr absl::StatusCode kUnauthenticated = absl::StatusCode::kUnauthenticated;
const absl::Time kNow = absl::FromUnixSeconds(1'770'000'000);

// An RSA key of a provider, with its id.
class Key {
 public:
  explicit Key(const std::string& id)
      : key_(cjose_jwk_create_RSA_random(2048, nullptr, 0, &error_)) {
    EXPECT_TRUE(cjose_jwk_set_kid(key_, id.data(), id.size(), &error_));
  }
  ~Key() { cjose_jwk_release(key_); }

  std::string Public() {
    char* text = cjose_jwk_to_json(key_, false, &error_);
    std::string json(text);
    cjose_get_dealloc()(text);
    return json;
  }

  std::string Sign(const Json& claims, const char* algorithm = "RS256") {
    cjose_header_t* header = cjose_header_new(&error_);
    const char* id = cjose_jwk_get_kid(key_, &error_);
    EXPECT_TRUE(cjose_header_set(header, CJOSE_HDR_ALG, algorithm, &error_));
    EXPECT_TRUE(cjose_header_set(header, CJOSE_HDR_KID, id, &error_));
    const std::string text = claims.dump();
    cjose_jws_t* jws = cjose_jws_sign(key_, header, reinterpret_cast<const uint8_t*>(text.data()),
                                      text.size(), &error_);
    EXPECT_NE(jws, nullptr) << error_.message;
    const char* token = nullptr;
    EXPECT_TRUE(cjose_jws_export(jws, &token, &error_));
    std::string out(token);
    cjose_jws_release(jws);
    cjose_header_release(header);
    return out;
  }

 private:
  cjose_err error_;
  cjose_jwk_t* key_;
};

std::string Base64Url(const std::string& text) {
  std::string out = absl::WebSafeBase64Escape(text);
  while (!out.empty() && out.back() == '=') out.pop_back();
  return out;
}

class IdTokenTest : public ::testing::Test {
 protected:
  static Key& TheKey() {
    static auto* key = new Key("k1");
    return *key;
  }
  static KeySet Keys() {
    auto keys = KeySet::Parse(absl::StrCat("{\"keys\":[", TheKey().Public(), "]}"));
    EXPECT_OK(keys);
    return *std::move(keys);
  }
  static Json Claims() {
    return {{"iss", "https://id.example"},
            {"aud", "steelyard"},
            {"sub", "person-7"},
            {"nonce", "n"},
            {"iat", absl::ToUnixSeconds(kNow) - 5},
            {"exp", absl::ToUnixSeconds(kNow) + 300},
            {"name", "Anna"},
            {"roles", {"Send"}},
            {"council", "E1"}};
  }
  static absl::StatusOr<std::string> Check(const std::string& token, absl::Time now = kNow) {
    return CheckIdToken(token, Keys(), {"https://id.example", "steelyard", "n", now});
  }
  // What comes of claims with one changed.
  static absl::Status With(const char* name, const Json& value) {
    Json claims = Claims();
    if (value.is_null()) {
      claims.erase(name);
    } else {
      claims[name] = value;
    }
    return Check(TheKey().Sign(claims)).status();
  }
};

TEST_F(IdTokenTest, AGoodOneGivesItsClaims) {
  ASSERT_OK_AND_ASSIGN(const std::string claims, Check(TheKey().Sign(Claims())));
  EXPECT_EQ(Json::parse(claims), Claims());
  EXPECT_OK(Check(TheKey().Sign(Claims(), "PS256")));
  EXPECT_OK(With("aud", {"steelyard"}));
}

TEST_F(IdTokenTest, IssuerAudienceTimesAndNonceMustBeRight) {
  const int64_t now = absl::ToUnixSeconds(kNow);
  EXPECT_THAT(With("iss", "https://id.example/"), StatusIs(kUnauthenticated, HasSubstr("issuer")));
  EXPECT_THAT(With("iss", nullptr), StatusIs(kUnauthenticated));
  EXPECT_THAT(With("aud", "somebody-else"), StatusIs(kUnauthenticated, HasSubstr("audience")));
  EXPECT_THAT(With("aud", nullptr), StatusIs(kUnauthenticated));
  EXPECT_THAT(With("aud", {"steelyard", "somebody-else"}), StatusIs(kUnauthenticated));
  EXPECT_THAT(With("azp", "somebody-else"), StatusIs(kUnauthenticated, HasSubstr("party")));
  EXPECT_THAT(With("exp", now - 61), StatusIs(kUnauthenticated, HasSubstr("expired")));
  EXPECT_THAT(With("exp", nullptr), StatusIs(kUnauthenticated));
  EXPECT_THAT(With("exp", "soon"), StatusIs(kUnauthenticated));
  EXPECT_THAT(With("iat", now + 61), StatusIs(kUnauthenticated, HasSubstr("future")));
  EXPECT_THAT(With("nbf", now + 61), StatusIs(kUnauthenticated));
  EXPECT_THAT(With("nonce", "other"), StatusIs(kUnauthenticated, HasSubstr("sign-in")));
  EXPECT_THAT(With("nonce", nullptr), StatusIs(kUnauthenticated));
  EXPECT_THAT(With("sub", ""), StatusIs(kUnauthenticated));
  // Clocks differ a little.
  EXPECT_OK(With("exp", now - 59));
  EXPECT_OK(With("iat", now + 59));
  // Without a nonce of ours there is nothing that ties it to this browser.
  EXPECT_THAT(
      CheckIdToken(TheKey().Sign(Claims()), Keys(), {"https://id.example", "steelyard", "", kNow}),
      StatusIs(kUnauthenticated));
}

TEST_F(IdTokenTest, AnythingUnsignedOrSignedByAnotherWayIsRefused) {
  const std::string good = TheKey().Sign(Claims());
  const std::string payload = Base64Url(Claims().dump());
  for (const char* header :
       {R"({"alg":"none"})", R"({"alg":"None","kid":"k1"})", R"({"alg":"HS256","kid":"k1"})",
        R"({"kid":"k1"})", R"({"alg":"","kid":"k1"})"}) {
    const std::string head = Base64Url(header);
    for (const std::string& token :
         {head + "." + payload + ".", head + "." + payload + good.substr(good.rfind('.'))}) {
      EXPECT_THAT(Check(token), StatusIs(kUnauthenticated)) << header;
    }
  }
}

TEST_F(IdTokenTest, ASharedSecretMadeOfThePublicKeyIsNoSignature) {
  cjose_err error;
  const std::string secret = TheKey().Public();
  cjose_jwk_t* shared = cjose_jwk_create_oct_spec(reinterpret_cast<const uint8_t*>(secret.data()),
                                                  secret.size(), &error);
  cjose_header_t* header = cjose_header_new(&error);
  cjose_header_set(header, CJOSE_HDR_ALG, "HS256", &error);
  cjose_header_set(header, CJOSE_HDR_KID, "k1", &error);
  const std::string text = Claims().dump();
  cjose_jws_t* jws = cjose_jws_sign(shared, header, reinterpret_cast<const uint8_t*>(text.data()),
                                    text.size(), &error);
  ASSERT_NE(jws, nullptr);
  const char* token = nullptr;
  ASSERT_TRUE(cjose_jws_export(jws, &token, &error));
  EXPECT_THAT(Check(token), StatusIs(kUnauthenticated, HasSubstr("algorithm")));
  cjose_jws_release(jws);
  cjose_header_release(header);
  cjose_jwk_release(shared);
}

TEST_F(IdTokenTest, AChangedByteIsNotTaken) {
  const std::string good = TheKey().Sign(Claims());
  const size_t dot = good.find('.');
  Json other = Claims();
  other["roles"] = {"Steward"};
  const std::string swapped =
      good.substr(0, dot + 1) + Base64Url(other.dump()) + good.substr(good.rfind('.'));
  EXPECT_THAT(Check(swapped), StatusIs(kUnauthenticated, HasSubstr("signature")));
  for (const std::string& bad : {std::string(), std::string("a.b.c"), good + "x",
                                 good.substr(0, good.size() - 4), std::string(40'000, 'x')}) {
    EXPECT_FALSE(Check(bad).ok()) << bad.substr(0, 40);
  }
}

TEST_F(IdTokenTest, AKeyThatIsNotInTheSetIsSaidSoThatItIsLookedFor) {
  Key other("k2");
  EXPECT_THAT(Check(other.Sign(Claims())), StatusIs(absl::StatusCode::kNotFound));
  Key impostor("k1");
  EXPECT_THAT(Check(impostor.Sign(Claims())), StatusIs(kUnauthenticated, HasSubstr("signature")));
}

Settings Mapping() {
  Settings settings;
  settings.roles = {{"Send", model::Role::kSubmitter},
                    {"Read", model::Role::kReader},
                    {"Subgroup", model::Role::kAnalyst}};
  settings.councils = {{"E1", "ken"}};
  return settings;
}

Json PersonClaims() {
  return {{"sub", "7"}, {"name", "Anna"}, {"roles", {"Send", "Canteen"}}, {"council", "E1"}};
}

TEST(PersonTest, ClaimsBecomeARoleAndACouncil) {
  ASSERT_OK_AND_ASSIGN(const Person anna, PersonOf(PersonClaims().dump(), Mapping()));
  EXPECT_EQ(anna, (Person{"7", "Anna", model::Role::kSubmitter, "ken"}));
  Json analyst = PersonClaims();
  analyst["roles"] = "Subgroup";
  analyst.erase("name");
  ASSERT_OK_AND_ASSIGN(const Person other, PersonOf(analyst.dump(), Mapping()));
  EXPECT_EQ(other, (Person{"7", "7", model::Role::kAnalyst, ""}));
  Settings plain = Mapping();
  plain.councils.clear();
  Json ken = PersonClaims();
  ken["council"] = "ken";
  ASSERT_OK_AND_ASSIGN(const Person as_it_is, PersonOf(ken.dump(), plain));
  EXPECT_EQ(as_it_is.council, "ken");
}

TEST(PersonTest, WhoeverHasNoOneRoleOrNoOneCouncilIsDenied) {
  const auto with = [](const char* name, const Json& value) {
    Json claims = PersonClaims();
    claims[name] = value;
    return PersonOf(claims.dump(), Mapping());
  };
  EXPECT_THAT(with("roles", {"Canteen"}),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("no role")));
  EXPECT_THAT(with("roles", {"Send", "Read"}),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("more than one")));
  EXPECT_THAT(with("roles", {{"Send", true}}), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(with("council", "E2"), StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(with("council", {"E1", "E2"}), StatusIs(absl::StatusCode::kPermissionDenied));
}

// RFC 7636, appendix B.
TEST(PkceTest, TheChallengeIsThatOfTheStandard) {
  EXPECT_EQ(ChallengeOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  EXPECT_EQ(RandomValue().size(), 43u);
  EXPECT_NE(RandomValue(), RandomValue());
}

}  // namespace
}  // namespace steelyard::oidc
