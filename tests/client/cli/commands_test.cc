// What commands say and send, against a server that is made up.

#include <fstream>
#include <sstream>

#include "absl/time/clock.h"
#include "client/cli/app.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "steelyard/v1/circle_service.grpc.pb.h"
#include "steelyard/v1/purchase_service.grpc.pb.h"
#include "tests/support/temp_dir.h"

namespace steelyard::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Kent's token; version 1 of the policy in force and 2 to come.
class FakeAccess final : public v1::AccessService::Service {
 public:
  grpc::Status GetCaller(grpc::ServerContext*, const v1::GetCallerRequest*,
                         v1::Token* reply) override {
    reply->set_council("councils/ken");
    return grpc::Status::OK;
  }
  grpc::Status ListPolicies(grpc::ServerContext*, const v1::ListPoliciesRequest* request,
                            v1::ListPoliciesResponse* reply) override {
    reply->set_version_in_force(1);
    v1::Policy* to_come = reply->add_policies();
    to_come->set_version(2);
    to_come->set_min_councils(7);
    to_come->mutable_effective_time()->set_seconds(
        absl::ToUnixSeconds(absl::Now() + absl::Hours(48)));
    if (request->page_size() == 1) return grpc::Status::OK;
    v1::Policy* in_force = reply->add_policies();
    in_force->set_version(1);
    in_force->set_min_councils(5);
    return grpc::Status::OK;
  }
  grpc::Status UpdatePolicy(grpc::ServerContext*, const v1::UpdatePolicyRequest* request,
                            v1::Policy* reply) override {
    updates.push_back(*request);
    *reply = request->policy();
    return grpc::Status::OK;
  }
  std::vector<v1::UpdatePolicyRequest> updates;
};

// Has nothing of anybody, and says so as the contract has it.
class FakePurchases final : public v1::PurchaseService::Service {
 public:
  grpc::Status ListPurchases(grpc::ServerContext*, const v1::ListPurchasesRequest* request,
                             v1::ListPurchasesResponse*) override {
    google::rpc::ResourceInfo info;
    info.set_resource_name(request->parent());
    google::rpc::Status status;
    status.add_details()->PackFrom(info);
    return {grpc::StatusCode::NOT_FOUND, "There is no council.", status.SerializeAsString()};
  }
};

// One circle, of which Kent is a member.
class FakeCircles final : public v1::CircleService::Service {
 public:
  grpc::Status GetCircle(grpc::ServerContext*, const v1::GetCircleRequest* request,
                         v1::Circle* reply) override {
    reply->set_name(request->name());
    if (request->name() == "circles/closed-shop") return grpc::Status::OK;
    reply->set_terms_sha256("ab");
    reply->add_members()->set_council("councils/ken");
    return grpc::Status::OK;
  }
  grpc::Status JoinCircle(grpc::ServerContext*, const v1::JoinCircleRequest*,
                          v1::Circle*) override {
    ++steps;
    return grpc::Status::OK;
  }
  grpc::Status CreateCircle(grpc::ServerContext*, const v1::CreateCircleRequest*,
                            v1::Circle*) override {
    ++steps;
    return grpc::Status::OK;
  }
  int steps = 0;
};

class CommandsTest : public ::testing::Test {
 protected:
  CommandsTest() {
    std::ofstream(folder_ / "token") << "secret";
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address_, grpc::InsecureServerCredentials());
    builder.RegisterService(&access_).RegisterService(&purchases_).RegisterService(&circles_);
    server_ = builder.BuildAndStart();
  }
  ~CommandsTest() override { server_->Shutdown(std::chrono::system_clock::now()); }

  int RunWith(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--server", address_, "--token-file", folder_ / "token"});
    out_.str("");
    err_.str("");
    Terminal terminal{.out = out_, .err = err_};
    terminal.confirm = confirm_;
    return cli::Run(std::move(arguments), terminal);
  }

  testing::TempDir folder_;
  const std::string address_ = "unix:" + (folder_ / "server");
  FakeAccess access_;
  FakePurchases purchases_;
  FakeCircles circles_;
  std::unique_ptr<grpc::Server> server_;
  std::function<bool(const std::string&)> confirm_;
  std::ostringstream out_, err_;
};

TEST_F(CommandsTest, AForeignCouncilIsNamedAsSuch) {
  EXPECT_EQ(RunWith({"purchases", "list", "--council", "ess"}), 1);
  EXPECT_EQ(err_.str(),
            "steelyard: your token acts for councils/ken; councils/ess is not yours or does not "
            "exist\n");
  EXPECT_EQ(RunWith({"purchases", "list", "--council", "ken"}), 1);
  EXPECT_EQ(err_.str(), "steelyard: There is no council.\n");
}

TEST_F(CommandsTest, APolicyIsNotInForceAtOnceUnlessSomebodySaysSo) {
  EXPECT_EQ(RunWith({"policy", "set", "--min-councils", "6"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("nothing was changed: this would be in force at once"));
  EXPECT_THAT(out_.str(), HasSubstr("It replaces version 2"));
  confirm_ = [](const std::string&) { return false; };
  EXPECT_EQ(RunWith({"policy", "set", "--min-councils", "6"}), 1);
  EXPECT_EQ(RunWith({"policy", "set", "--min-councils", "6", "--from", "2020-01-01"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("--from 2020-01-01 has passed"));
  EXPECT_THAT(access_.updates, IsEmpty());
  EXPECT_EQ(RunWith({"policy", "set", "--min-councils", "6", "--yes"}), 0);
  confirm_ = [](const std::string&) { return true; };
  EXPECT_EQ(RunWith({"policy", "set", "--min-councils", "6"}), 0);
  ASSERT_EQ(access_.updates.size(), 2u);
  EXPECT_FALSE(access_.updates[0].policy().has_effective_time());
}

TEST_F(CommandsTest, TheHistoryTellsWhatIsInForceAndWhatIsToCome) {
  ASSERT_EQ(RunWith({"policy", "history"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("State"));
  EXPECT_THAT(out_.str(), HasSubstr("to come"));
  EXPECT_THAT(out_.str(), HasSubstr("the store was made"));
}

TEST_F(CommandsTest, AStepOfACircleThatChangesNothingIsNotSent) {
  EXPECT_EQ(RunWith({"circle", "join", "ppe", "--agree"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("Nothing was changed: your council is a member already."));
  EXPECT_EQ(RunWith({"circle", "join", "closed-shop", "--agree"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("the councils that may join, and yours is not among them"));
  EXPECT_EQ(circles_.steps, 0);
}

TEST_F(CommandsTest, ACircleIsFoundedOnceItsTermsAreAgreed) {
  const std::vector<std::string> create = {"circle",     "create",   "PPE",   "--product",
                                           "mask",       "--field",  "spend", "--field",
                                           "unit-price", "--period", "2024"};
  EXPECT_EQ(RunWith(create), 1);
  EXPECT_THAT(out_.str(), HasSubstr("any two give the third"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("Founded")));
  EXPECT_EQ(circles_.steps, 0);
  std::vector<std::string> agreed = create;
  agreed.push_back("--agree");
  EXPECT_EQ(RunWith(agreed), 0);
  EXPECT_EQ(circles_.steps, 1);
}

}  // namespace
}  // namespace steelyard::cli
