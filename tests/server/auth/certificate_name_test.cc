#include "server/auth/certificate_name.h"

#include <gtest/gtest.h>

namespace steelyard::auth {
namespace {

using model::Role;

TEST(CertificateNameTest, ACouncilARoleOrBothAreRead) {
  EXPECT_EQ(ParseCertificateUri("steelyard://councils/ken"), (CertificateName{"ken", {}}));
  EXPECT_EQ(ParseCertificateUri("steelyard://councils/ken/roles/submitter"),
            (CertificateName{"ken", Role::kSubmitter}));
  EXPECT_EQ(ParseCertificateUri("steelyard://roles/auditor"),
            (CertificateName{"", Role::kAuditor}));
}

TEST(CertificateNameTest, AnythingElseIsNone) {
  for (const char* uri :
       {"", "steelyard://", "steelyard://councils/", "steelyard://councils/-/x",
        "steelyard://councils/ken/", "steelyard://councils/ken/roles/", "steelyard://roles/reader",
        "steelyard://councils/ken/roles/steward", "steelyard://councils/ken/roles/reader/x",
        "steelyard://councils/KEN", "steelyard://councils/k%65n", "spiffe://councils/ken",
        "STEELYARD://councils/ken", " steelyard://councils/ken"}) {
    EXPECT_EQ(ParseCertificateUri(uri), std::nullopt) << uri;
  }
}

TEST(CertificateNameTest, EveryRoleHasItsWord) {
  for (Role role :
       {Role::kSubmitter, Role::kReader, Role::kAnalyst, Role::kSteward, Role::kAuditor}) {
    EXPECT_EQ(RoleOfWord(RoleWord(role)), role);
  }
  EXPECT_EQ(RoleOfWord("root"), std::nullopt);
}

}  // namespace
}  // namespace steelyard::auth
