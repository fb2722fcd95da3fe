#include "server/app/config.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::app {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::AllOf;
using ::testing::HasSubstr;

class ConfigTest : public ::testing::Test {
 protected:
  absl::Status Read(const std::string& text) {
    std::ofstream(dir_ / "settings.toml") << text;
    options_ = {};
    options_.quotas = auth::DefaultQuotas();
    return ReadConfig(dir_ / "settings.toml", options_);
  }
  std::string Problem(const std::string& text) {
    const absl::Status read = Read(text);
    EXPECT_THAT(read, StatusIs(absl::StatusCode::kInvalidArgument)) << text;
    return std::string(read.message());
  }

  testing::TempDir dir_;
  ServeOptions options_;
};

TEST_F(ConfigTest, EverySettingIsRead) {
  std::ofstream(dir_ / "secret") << "hidden\n";
  ASSERT_OK(Read(R"(
grpc = "0.0.0.0:1"
portal = "127.0.0.1:2"
internal = "127.0.0.1:3"
portal_origins = ["https://a.example", "https://b.example"]
portal_pages = "/pages"
reflection = true
cache_mib = 4
edition_cache_mib = 5
outcome_settle_seconds = 0
min_free_mib = 7
ballast_mib = 0
tls_cert = "c"
tls_key = "k"
tls_client_ca = "a"
tls_require_client_cert = true
[quotas]
council_factor = 3
[quotas.reader]
per_second = 0.5
burst = 8
per_day = 0
[oidc]
issuer = "https://id.example"
client_id = "steelyard"
redirect_uri = "https://a.example/sign-in/openid/return"
scope = "openid"
label = "Sign in"
role_claim = "r"
council_claim = "c"
roles = { "Send" = "submitter" }
councils = { "E1" = "ken" }
client_secret_file = ")" +
                 (dir_ / "secret") + "\"\n"));
  EXPECT_EQ(options_.grpc_address, "0.0.0.0:1");
  EXPECT_EQ(options_.gateway.address, "127.0.0.1:2");
  EXPECT_EQ(options_.gateway.internal_address, "127.0.0.1:3");
  EXPECT_THAT(options_.gateway.origins,
              ::testing::ElementsAre("https://a.example", "https://b.example"));
  EXPECT_EQ(options_.gateway.pages, "/pages");
  EXPECT_TRUE(options_.reflection);
  EXPECT_EQ(options_.store.cache_mib, 4);
  EXPECT_EQ(options_.edition_cache_mib, 5);
  EXPECT_EQ(options_.outcome_settle_seconds, 0);
  EXPECT_EQ(options_.store.min_free_mib, 7);
  EXPECT_EQ(options_.store.ballast_mib, 0);
  EXPECT_EQ(options_.tls.certificate + options_.tls.key + options_.tls.client_ca, "cka");
  EXPECT_TRUE(options_.tls.require_client_certificate);
  EXPECT_EQ(options_.quotas.council_factor, 3);
  EXPECT_EQ(options_.quotas.Of(model::Role::kReader).per_second, 0.5);
  EXPECT_EQ(options_.quotas.Of(model::Role::kReader).per_day, 0);
  EXPECT_EQ(options_.oidc.issuer, "https://id.example");
  EXPECT_EQ(options_.oidc.client_secret, "hidden");
  EXPECT_EQ(options_.oidc.roles.at("Send"), model::Role::kSubmitter);
  EXPECT_EQ(options_.oidc.councils.at("E1"), "ken");
  ASSERT_OK(Read("portal_origins = \"https://one.example\"\n[quotas]\nenabled = false\n"));
  EXPECT_THAT(options_.gateway.origins, ::testing::ElementsAre("https://one.example"));
  EXPECT_EQ(options_.quotas.Of(model::Role::kReader).per_second, 0);
}

// A wrong one must never mean the default, which may be open.
TEST_F(ConfigTest, AWrongValueIsNamedWithWhatIsExpected) {
  EXPECT_THAT(Problem("tls_require_client_cert = \"true\""),
              AllOf(HasSubstr("settings.toml: 'tls_require_client_cert' is the text \"true\""),
                    HasSubstr("must be true or false")));
  const struct {
    const char* text;
    const char* key;
  } cases[] = {
      {"grpc = 7443", "'grpc' is the number 7443"},
      {"grpc = \"\"", "'grpc' is the text"},
      {"tls_cert = true", "'tls_cert' is true"},
      {"tls_key = [\"a\"]", "'tls_key' is a list"},
      {"cache_mib = 1.5", "'cache_mib' is the number 1.5"},
      {"cache_mib = 0", "'cache_mib' is the number 0, and must be a whole number from 1"},
      {"edition_cache_mib = 9999999999", "'edition_cache_mib'"},
      {"min_free_mib = -1", "'min_free_mib'"},
      {"outcome_settle_seconds = \"30\"", "'outcome_settle_seconds'"},
      {"reflection = 1", "'reflection'"},
      {"portal_origins = [1]", "'portal_origins' is the number 1"},
      {"portal_origins = []", "'portal_origins' is a list"},
      {"quotas = false", "'quotas' is false, and must be a table"},
      {"[grpc]", "'grpc' is a table"},
      {"nonsense = 1", "'nonsense' is no setting"},
      {"[quotas]\nenabled = \"no\"", "'quotas.enabled' is the text \"no\""},
      {"[quotas]\ncouncil_factor = 0", "'quotas.council_factor' is the number 0"},
      {"[quotas]\ncouncil_factor = -2", "'quotas.council_factor'"},
      {"[quotas]\ncouncil_factor = inf", "'quotas.council_factor'"},
      {"[quotas]\nclerk = { burst = 1 }", "'quotas.clerk' is no setting"},
      {"[quotas.reader]\nper_second = \"50\"", "'quotas.reader.per_second' is the text \"50\""},
      {"[quotas.reader]\nper_day = -1", "'quotas.reader.per_day'"},
      {"[quotas.reader]\nper_hour = 1", "'quotas.reader.per_hour' is no setting"},
      {"[oidc]\nclient_id = \"x\"", "'oidc.issuer' is not set"},
      {"[oidc]\nissuer = 1", "'oidc.issuer' is the number 1"},
      {"[oidc]\nissuer = \"x\"\nroles = { a = \"boss\" }", "'oidc.roles.a' is the text \"boss\""},
      {"[oidc]\nissuer = \"x\"\nroles = \"a\"", "'oidc.roles' is the text \"a\""},
      {"[oidc]\nissuer = \"x\"\ncouncils = { a = 1 }", "'oidc.councils.a' is the number 1"},
      {"[oidc]\nissuer = \"x\"\nclient_secret_file = \"/none\"", "'oidc.client_secret_file'"},
      {"grpc =", "settings.toml: "},
  };
  for (const auto& c : cases) EXPECT_THAT(Problem(c.text), HasSubstr(c.key)) << c.text;
}

TEST_F(ConfigTest, AllProblemsAreSaidAtOnce) {
  EXPECT_THAT(Problem("grpc = 1\nreflection = \"yes\"\nnonsense = 1\n"),
              AllOf(HasSubstr("'grpc'"), HasSubstr("'reflection'"), HasSubstr("'nonsense'")));
}

}  // namespace
}  // namespace steelyard::app
