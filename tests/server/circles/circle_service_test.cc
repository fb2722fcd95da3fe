// The service over a real ledger and a real server on loopback, with a clock
// of its own: what time does to a circle, and what happens while figures are
// read. Who may call what is auth's to test, rows are made up.

#include "server/circles/circle_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/rpc/errors.h"
#include "server/rpc/server_options.h"
#include "tests/storage/ledger/open_ledger.h"
#include "tests/support/fake_clock.h"

namespace steelyard::circles {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Knows a submitter by what stands behind Bearer: the number of its council.
class NumberedDoor final : public rpc::Authorizer {
 public:
  absl::StatusOr<rpc::Caller> Admit(std::string_view,
                                    const rpc::Credentials& credentials) override {
    const std::string who(credentials.authorization.substr(7));
    return rpc::Caller{"t" + who, model::Role::kSubmitter,
                       model::CouncilNo{static_cast<uint16_t>(std::stoi(who))}};
  }
  absl::Status CheckOwner(const rpc::Caller&, std::string_view,
                          const google::protobuf::Message&) override {
    return absl::OkStatus();
  }
  bool StillValid(const rpc::Caller&) override { return true; }
};

class CircleServiceTest : public ledger::LedgerTest {
 protected:
  using Stub = v1::CircleService::Stub;

  void SetUp() override {
    Open(true);
    ledger::PutRegisters registers;
    registers.meta = {1, "t1"};
    for (const char* id : {"c1", "c2", "c3"}) {
      registers.councils.emplace_back().id = id;
    }
    registers.products.emplace_back().id = "mask";
    ASSERT_OK(ledger_->Execute(registers));
    CircleSources sources;
    sources.rows.purchases =
        [this](model::CouncilNo council, model::ProductNo, model::Currency,
               const model::Period& period) -> absl::StatusOr<std::vector<model::PurchaseFact>> {
      if (before_rows_) std::exchange(before_rows_, nullptr)();
      model::PurchaseFact fact;
      fact.month = period.first;
      fact.units = 1;
      fact.spend_micros = council.value;
      return std::vector{fact};
    };
    sources.rows.reports = [](auto, auto, const auto&) {
      return std::vector<model::OutcomeFact>();
    };
    sources.negotiated = [](model::CouncilNo) { return std::vector<Exposure>(); };
    sources.looked = [this](const rpc::Caller& caller, std::string_view action,
                            std::string_view resource) {
      if (!recording_) return rpc::error::NotRecorded();
      looks_.push_back(caller.token_id + " " + std::string(action) + " " + std::string(resource));
      return absl::OkStatus();
    };
    sources.write_looks = [] {};
    executor_ = std::make_unique<rpc::Executor>(clock_, rpc::Executor::Options{});
    unary_ = std::make_unique<rpc::Unary>(door_, *executor_, clock_);
    service_ =
        std::make_unique<CircleServiceImpl>(*unary_, *ledger_, pages_, clock_, std::move(sources));
    grpc::ServerBuilder builder;
    rpc::ApplyServerOptions(builder, {});
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    stub_ = v1::CircleService::NewStub(grpc::CreateChannel("127.0.0.1:" + std::to_string(port),
                                                           grpc::InsecureChannelCredentials()));
  }
  void TearDown() override {
    if (server_ != nullptr) server_->Shutdown();
    if (executor_ != nullptr) executor_->Stop();
  }

  // Calls `method` as council `who`; $id stands for an id of its own. The
  // call's status is in status_.
  template <typename Request, typename Reply>
  Reply Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), int who,
             std::string text) {
    const size_t at = text.find("$id");
    if (at != std::string::npos) {
      char id[37];
      snprintf(id, sizeof id, "3f0b8f3e-5d1a-4c3e-9c67-%012d", ++ids_);
      text.replace(at, 3, id);
    }
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + std::to_string(who));
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    Reply reply;
    status_ = ((*stub_).*method)(&context, request, &reply);
    return reply;
  }

  // c1 founds it, c2 joins; its name is in name_.
  void OpenTwo(const std::string& terms = "") {
    const v1::Circle made = Call(
        &Stub::CreateCircle, 1,
        "parent: 'councils/c1' request_id: '$id' circle { terms { title: '2025: PPE, all of it!'"
        " all_products: true fields: UNIT_PRICE from_month { year: 2025 month: 1 }"
        " to_month { year: 2025 month: 12 } " +
            terms + " } }");
    ASSERT_TRUE(status_.ok()) << status_.error_message();
    name_ = made.name();
    hash_ = made.terms_sha256();
    Join(2);
    ASSERT_TRUE(status_.ok()) << status_.error_message();
  }
  std::string By(int who) {
    return "name: '" + name_ + "' council: 'councils/c" + std::to_string(who) +
           "' request_id: '$id' ";
  }
  v1::Circle Join(int who) {
    return Call(&Stub::JoinCircle, who, By(who) + "terms_sha256: '" + hash_ + "'");
  }
  v1::Circle Withdraw(int who) { return Call(&Stub::WithdrawCircleConsent, who, By(who)); }
  v1::ListCircleFiguresResponse Figures(int who) {
    return Call(&Stub::ListCircleFigures, who, "parent: '" + name_ + "'");
  }
  v1::ListExposuresResponse Exposures(int who, const std::string& rest = "") {
    return Call(&Stub::ListExposures, who,
                "parent: 'councils/c" + std::to_string(who) + "' " + rest);
  }
  std::string Reason() const {
    google::rpc::Status details;
    google::rpc::ErrorInfo info;
    details.ParseFromString(status_.error_details());
    for (const auto& any : details.details()) {
      if (any.UnpackTo(&info)) return info.reason();
    }
    return "";
  }

  testing::FakeClock clock_{absl::FromUnixSeconds(1'770'000'000)};  // 2 February 2026
  grpc::Status status_;
  std::string name_;
  std::string hash_;
  std::vector<std::string> looks_;
  bool recording_ = true;
  int ids_ = 0;
  std::function<void()> before_rows_;  // once, before rows are read

 private:
  NumberedDoor door_;
  const rpc::PageTokens pages_{std::string(32, 'k')};
  std::unique_ptr<rpc::Executor> executor_;
  std::unique_ptr<rpc::Unary> unary_;
  std::unique_ptr<CircleServiceImpl> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(CircleServiceTest, AnIdBeginsWithALetter) {
  OpenTwo();
  EXPECT_EQ(name_, "circles/circle-c1-1");
}

TEST_F(CircleServiceTest, MembersSeeEachOtherAndEachLookIsOnRecord) {
  OpenTwo();
  const v1::ListCircleFiguresResponse seen = Figures(2);
  ASSERT_TRUE(status_.ok()) << status_.error_message();
  ASSERT_THAT(seen.figures(), SizeIs(2));
  EXPECT_EQ(seen.figures(0).council(), "councils/c1");
  EXPECT_EQ(seen.figures(0).mean_unit_price_micros(), 1);
  EXPECT_THAT(looks_,
              ElementsAre("t2 ListCircleFigures councils/c1/circles/circle-c1-1/viewers/c2"));
}

TEST_F(CircleServiceTest, WhatCannotBePutOnRecordIsNotShown) {
  OpenTwo();
  recording_ = false;
  const v1::ListCircleFiguresResponse seen = Figures(2);
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(Reason(), "NOT_RECORDED");
  EXPECT_THAT(seen.figures(), IsEmpty());
}

TEST_F(CircleServiceTest, WhoWithdrawsWhileFiguresAreReadIsNotShown) {
  OpenTwo();
  grpc::Status withdrawn;
  before_rows_ = [&] {
    Withdraw(1);
    withdrawn = status_;
  };
  const v1::ListCircleFiguresResponse seen = Figures(2);
  EXPECT_TRUE(withdrawn.ok()) << withdrawn.error_message();
  ASSERT_TRUE(status_.ok()) << status_.error_message();
  ASSERT_THAT(seen.figures(), SizeIs(1));
  EXPECT_EQ(seen.figures(0).council(), "councils/c2");
  EXPECT_THAT(looks_, IsEmpty());
}

TEST_F(CircleServiceTest, WhoLosesItsOwnConsentWhileFiguresAreReadSeesNone) {
  OpenTwo();
  before_rows_ = [&] { Withdraw(2); };
  const v1::ListCircleFiguresResponse seen = Figures(2);
  EXPECT_EQ(Reason(), "NOT_A_MEMBER");
  EXPECT_THAT(seen.figures(), IsEmpty());
}

TEST_F(CircleServiceTest, AnExpiredCircleShowsNothingFromTheDayAfter) {
  OpenTwo("expire_date { year: 2026 month: 2 day: 3 }");
  clock_.Advance(absl::Hours(45));  // 3 February, 23:40 UTC
  EXPECT_THAT(Figures(2).figures(), SizeIs(2));
  EXPECT_THAT(Exposures(1).exposures(), SizeIs(1));
  clock_.Advance(absl::Hours(1));
  EXPECT_THAT(Figures(2).figures(), IsEmpty());
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(Reason(), "CIRCLE_EXPIRED");
  Join(3);
  EXPECT_EQ(Reason(), "CIRCLE_EXPIRED");
  EXPECT_EQ(Call(&Stub::GetCircle, 1, "name: '" + name_ + "'").state(), v1::Circle::EXPIRED);
  EXPECT_THAT(Exposures(1).exposures(), IsEmpty());
  const v1::ListExposuresResponse ended = Exposures(1, "show_ended: true");
  ASSERT_THAT(ended.exposures(), SizeIs(1));
  EXPECT_EQ(ended.exposures(0).council(), "councils/c2");
  EXPECT_EQ(ended.exposures(0).end_time().seconds(), 1'770'163'200);  // 4 February, midnight
  Withdraw(2);
  EXPECT_TRUE(status_.ok()) << "consent can be withdrawn at any time";
}

TEST_F(CircleServiceTest, ALastDayThatIsOverIsRefused) {
  Call(&Stub::CreateCircle, 1,
       "parent: 'councils/c1' request_id: '$id' circle { terms { title: 'PPE' all_products: true"
       " fields: SPEND from_month { year: 2025 month: 1 } to_month { year: 2025 month: 12 }"
       " expire_date { year: 2026 month: 2 day: 1 } } }");
  EXPECT_EQ(status_.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status_.error_message(),
              ::testing::HasSubstr("2026-02-01 is over; give a day to come, or none"));
}

TEST_F(CircleServiceTest, EveryStepIsInTheAuditWithTheChange) {
  OpenTwo();
  Withdraw(2);
  Call(&Stub::CloseCircle, 1, By(1));
  ASSERT_OK_AND_ASSIGN(const auto entries,
                       ledger::AuditReader(*database_).List({}, 100, [](const auto& entry) {
                         return entry.resource == "circles/circle-c1-1";
                       }));
  std::vector<std::string> steps;
  for (const auto& entry : entries) steps.push_back(entry.principal + " " + entry.action);
  EXPECT_THAT(steps, ElementsAre("t1 CreateCircle", "t2 JoinCircle", "t2 WithdrawCircleConsent",
                                 "t1 CloseCircle"));
}

}  // namespace
}  // namespace steelyard::circles
