#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/server/gateway/harness.h"
#include "tests/support/temp_dir.h"

namespace steelyard::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class StaticFilesTest : public GatewayTest {
 protected:
  StaticFilesTest() {
    const std::string root = dir_ / "pages";
    std::filesystem::create_directories(root + "/sub");
    Write(dir_ / "secret", "the secret");
    Write(root + "/index.html", "<p>home</p>");
    Write(root + "/app.js", "let a = 1;");
    Write(root + "/.hidden", "the secret");
    Write(root + "/sub/index.html", "<p>sub</p>");
    Write(root + "/a b%.txt", "odd");
    std::filesystem::create_symlink(dir_ / "secret", root + "/link");
    std::filesystem::create_directory_symlink(dir_ / "", root + "/up");
    mkfifo((root + "/pipe").c_str(), 0600);
    options_.pages = root;
    Open();
  }
  static void Write(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
  }

  testing::TempDir dir_;
};

TEST_F(StaticFilesTest, ServesTheFilesOfItsFolder) {
  const HttpReply home = Ask("GET", "/");
  EXPECT_EQ(home.status, 200);
  EXPECT_EQ(home.body, "<p>home</p>");
  EXPECT_EQ(home.Get("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(home.Get("cache-control"), "no-cache");
  EXPECT_EQ(Ask("GET", "/app.js?v=2").Get("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(Ask("GET", "/sub/").body, "<p>sub</p>");
  EXPECT_EQ(Ask("GET", "/a%20b%25.txt").body, "odd");
  EXPECT_EQ(Ask("GET", "/sign-in").status, 200);  // still ours
}

TEST_F(StaticFilesTest, FilesAreAsStrictAsAnyAnswer) {
  for (const char* path : {"/", "/app.js", "/sub/", "/nothing"}) {
    const HttpReply reply = Ask("GET", path);
    EXPECT_THAT(reply.Get("content-security-policy"), HasSubstr("default-src 'self'"));
    EXPECT_EQ(reply.Get("x-content-type-options"), "nosniff");
    EXPECT_EQ(reply.Get("x-frame-options"), "DENY");
    EXPECT_THAT(reply.Get("strict-transport-security"), HasSubstr("max-age="));
    // Looked after each time, so that a new portal is seen at once.
    EXPECT_EQ(reply.Get("cache-control"), reply.status == 200 ? "no-cache" : "no-store");
  }
}

TEST_F(StaticFilesTest, NothingElseIsReached) {
  for (const char* path : {"/../secret",
                           "/sub/../../secret",
                           "/%2e%2e/secret",
                           "/%2e%2e%2fsecret",
                           "/..%2fsecret",
                           "/.%2e/secret",
                           "/%252e%252e/secret",
                           "/..%5csecret",
                           "/..\\secret",
                           "//secret",
                           "/sub//index.html",
                           "/./index.html",
                           "/.hidden",
                           "/%2ehidden",
                           "/link",
                           "/up/secret",
                           "/pipe",
                           "/sub",
                           "/index.html%00.js",
                           "/index.html/",
                           "/%",
                           "/%2",
                           "/%zz",
                           "/etc/passwd",
                           "//etc/passwd",
                           "/%2fetc%2fpasswd",
                           "/..;/secret",
                           "/%c0%ae%c0%ae/secret"}) {
    const HttpReply reply = Ask("GET", path);
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_THAT(reply.body, Not(HasSubstr("secret"))) << path;
    EXPECT_THAT(reply.body, Not(HasSubstr("root:"))) << path;
  }
  for (const char* target : {"http://steelyard.example.gov.uk/../secret", "*", "secret"}) {
    EXPECT_EQ(Ask("GET", target).status, 400) << target;
  }
}

}  // namespace
}  // namespace steelyard::gateway
