#include "client/cli/app.h"

#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "tests/support/temp_dir.h"

namespace steelyard::cli {
namespace {

using ::testing::HasSubstr;

class AppTest : public ::testing::Test {
 protected:
  int RunWith(std::vector<std::string> arguments) {
    Terminal terminal{.out = out_, .err = err_};
    terminal.environment = [this](const char* name) {
      return std::string(name) == "STEELYARD_TOKEN_FILE" ? token_file_ : "";
    };
    return cli::Run(std::move(arguments), terminal);
  }
  std::string out() const { return out_.str(); }
  std::string err() const { return err_.str(); }

  testing::TempDir folder_;
  std::string token_file_;
  std::ostringstream out_, err_;
};

TEST_F(AppTest, HelpIsDone) {
  EXPECT_EQ(RunWith({"--help"}), 0);
  for (const char* noun :
       {"purchases", "benchmark", "registry", "spend", "token", "policy", "status", "audit"}) {
    EXPECT_THAT(out(), HasSubstr(noun));
  }
}

TEST_F(AppTest, WrongUsageIsTwo) {
  EXPECT_EQ(RunWith({}), 2);
  EXPECT_EQ(RunWith({"purchases", "uplaod"}), 2);
  EXPECT_EQ(RunWith({"benchmark", "price", "glove"}), 2);
  EXPECT_EQ(RunWith({"benchmark", "price", "glove", "--period", "last year"}), 2);
  EXPECT_THAT(err(), HasSubstr("write it as 2020, 2020-Q2"));
  EXPECT_EQ(RunWith({"purchases", "correct", "PO-1", "--set", "colour=blue"}), 2);
  EXPECT_EQ(RunWith({"status", "--format", "xml"}), 2);
  EXPECT_EQ(RunWith({"token", "create", "--role", "king", "--name", "x"}), 2);
  EXPECT_EQ(RunWith({"policy", "set"}), 2);
  EXPECT_EQ(RunWith({"spend", "top", "keys"}), 2);
  EXPECT_EQ(RunWith({"spend", "top", "keys", "--period", "2016-02"}), 2);
  EXPECT_EQ(RunWith({"spend", "names", "decide"}), 2);
}

TEST_F(AppTest, WhatIsWrongOnTheLineIsSaidInPlainLists) {
  RunWith({"benchmark", "price", "glove", "--period", "1999"});
  EXPECT_THAT(err(), HasSubstr("'1999' is not a period of the years 2000 to 2100"));
  RunWith({"benchmark", "trend", "glove", "--period", "2020", "--by", "week"});
  EXPECT_THAT(err(), HasSubstr("--by: 'week' is not one of month, period, quarter\n"));
  RunWith({"audit", "list", "--limit", "-1"});
  EXPECT_THAT(err(), HasSubstr("--limit: '-1' is not a whole number from 0 on\n"));
  EXPECT_EQ(RunWith({"purchases", "uplaod", "x.csv"}), 2);
  EXPECT_THAT(err(), HasSubstr("steelyard: there is no command 'uplaod'; `steelyard purchases "
                               "--help` lists"));
}

TEST_F(AppTest, AnActionThatThereIsNotIsRefusedWithThoseThatThereAre) {
  EXPECT_EQ(RunWith({"audit", "list", "--action", "Steal"}), 1);
  EXPECT_THAT(err(), HasSubstr("there is no action 'Steal'; there are "));
  EXPECT_THAT(err(), HasSubstr(", GetPurchase,"));
  EXPECT_THAT(err(), HasSubstr(", PutPolicy,"));
}

TEST_F(AppTest, TheVersionIsSaid) {
  EXPECT_EQ(RunWith({"--version"}), 0);
  EXPECT_THAT(out(), HasSubstr("steelyard 0."));
}

TEST_F(AppTest, NoTokenIsSaidInWordsAndIsOne) {
  EXPECT_EQ(RunWith({"status"}), 1);
  EXPECT_THAT(err(), HasSubstr("steelyard: no token: say --token-file FILE"));
}

TEST_F(AppTest, ADecisionSaysWhoseTheNameIsOrThatItIsNobodys) {
  EXPECT_EQ(RunWith({"spend", "names", "decide", "Keys"}), 1);
  EXPECT_EQ(RunWith({"spend", "names", "decide", "Keys", "--nobody", "--provider", "keys"}), 1);
  EXPECT_THAT(err(), HasSubstr("--provider ID or --nobody"));
}

TEST_F(AppTest, OptionsOfTheProgramMayStandBehindTheVerb) {
  std::ofstream(folder_ / "token") << "secret\n";
  token_file_ = folder_ / "token";
  const std::string address = "unix:" + (folder_ / "nobody");
  EXPECT_EQ(
      RunWith({"registry", "search", "products", "glove", "--server", address, "--timeout", "0.3"}),
      1);
  EXPECT_THAT(err(), HasSubstr("no server answers at " + address));
}

TEST_F(AppTest, AFileThatIsNotThereIsOne) {
  EXPECT_EQ(RunWith({"purchases", "upload", folder_ / "none.csv", "--council", "ken"}), 1);
  EXPECT_THAT(err(), HasSubstr("none.csv"));
  EXPECT_EQ(RunWith({"purchases", "upload", "x.csv", "--council", "ken", "--profile", "martian"}),
            1);
  EXPECT_THAT(err(), HasSubstr("martian"));
  EXPECT_EQ(RunWith({"spend", "import", folder_ / "gone.csv", "--council", "ken"}), 1);
  EXPECT_THAT(err(), HasSubstr("gone.csv"));
}

}  // namespace
}  // namespace steelyard::cli
