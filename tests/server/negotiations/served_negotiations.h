#ifndef STEELYARD_TESTS_SERVER_NEGOTIATIONS_SERVED_NEGOTIATIONS_H_
#define STEELYARD_TESTS_SERVER_NEGOTIATIONS_SERVED_NEGOTIATIONS_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "google/protobuf/text_format.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/negotiations/negotiation_service.h"
#include "server/rpc/server_options.h"
#include "tests/storage/ledger/open_ledger.h"
#include "tests/support/fake_clock.h"

namespace steelyard::negotiations {

// Knows a caller by what stands behind Bearer: the number of its council, or
// `analyst`. Who may do what is auth's to test.
class NamedDoor final : public rpc::Authorizer {
 public:
  absl::StatusOr<rpc::Caller> Admit(std::string_view,
                                    const rpc::Credentials& credentials) override {
    const std::string_view authorization = credentials.authorization;
    const std::string who(authorization.substr(authorization.find(' ') + 1));
    if (who == "analyst") return rpc::Caller{who, model::Role::kAnalyst, {}};
    return rpc::Caller{who, model::Role::kSubmitter,
                       model::CouncilNo{static_cast<uint16_t>(std::stoi(who))}};
  }
  absl::Status CheckOwner(const rpc::Caller&, std::string_view,
                          const google::protobuf::Message&) override {
    return absl::OkStatus();
  }
  bool StillValid(const rpc::Caller&) override { return true; }
};

// The service over a real ledger and a real server on loopback, with councils
// c1 to c9 and two providers. The figures of packs are made up here: `edition_`
// is the newest, fees are 1,000 pounds times it, every council submitted
// 10 pounds times its number and published ten times as much.
class ServedNegotiations : public ledger::LedgerTest {
 protected:
  using Stub = v1::NegotiationService::Stub;

  void SetUp() override {
    Open(true);
    ledger::PutRegisters registers;
    registers.meta = {1, "t1"};
    for (int i = 1; i <= 9; ++i) {
      model::Council council;
      council.id = "c" + std::to_string(i);
      council.display_name = "Council " + std::to_string(i);
      registers.councils.push_back(council);
    }
    for (const char* id : {"keys", "priory"}) {
      model::Provider provider;
      provider.id = id;
      provider.display_name = std::string(id) + " Group";
      registers.providers.push_back(provider);
    }
    ASSERT_OK(ledger_->Execute(registers));
    Serve();
  }
  void TearDown() override { Stop(); }

  void Serve() {
    executor_ = std::make_unique<rpc::Executor>(clock_, rpc::Executor::Options{});
    unary_ = std::make_unique<rpc::Unary>(door_, *executor_, clock_);
    service_ = std::make_unique<NegotiationServiceImpl>(*unary_, *ledger_, pages_, clock_,
                                                        MadeUpSources());
    grpc::ServerBuilder builder;
    rpc::ApplyServerOptions(builder, {});
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
    stub_ = v1::NegotiationService::NewStub(grpc::CreateChannel(
        "127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials()));
  }

  void Stop() {
    if (server_ != nullptr) server_->Shutdown();
    if (executor_ != nullptr) executor_->Stop();
  }

  PackSources MadeUpSources() {
    PackSources sources;
    sources.benchmark = [this](const v1::GetProviderBenchmarkRequest& request)
        -> absl::StatusOr<v1::ProviderBenchmark> {
      v1::ProviderBenchmark reply;
      const int64_t edition = request.edition() == 0 ? edition_ : request.edition();
      reply.set_provider(request.provider());
      reply.set_answer(v1::ANSWER_EXACT);
      reply.mutable_receipt()->set_edition(edition);
      reply.mutable_receipt()->set_policy_version(3);
      v1::ProviderFigures* figures = reply.mutable_whole()->mutable_figures();
      figures->set_placements(120);
      figures->mutable_fees()->set_mean_micros(edition * 1'000'000'000);
      return reply;
    };
    sources.provision =
        [](const v1::GetProvisionRequest& request) -> absl::StatusOr<v1::Provision> {
      v1::Provision reply;
      *reply.mutable_as_of_date() = request.date();
      reply.mutable_whole()->set_places(500);
      return reply;
    };
    sources.top_spenders = [](const rpc::Caller& caller,
                              const v1::ListTopSpendingCouncilsRequest& request)
        -> absl::StatusOr<v1::ListTopSpendingCouncilsResponse> {
      v1::ListTopSpendingCouncilsResponse reply;
      for (int i = 9; i >= 1; --i) {
        v1::TopSpender* spender = reply.add_spenders();
        spender->set_council("councils/c" + std::to_string(i));
        spender->set_published_micros(i * 100'000'000);
        const bool circle = caller.council.value != 0 && !request.negotiation().empty();
        if (circle) spender->set_submitted_micros(i * 10'000'000);
      }
      reply.set_known_total_micros(4'500'000'000);
      return reply;
    };
    return sources;
  }

  // Calls `method` as `who` with the request as text; $id stands for an id of
  // its own. The call's status is in status_.
  template <typename Request, typename Reply>
  Reply Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
             const std::string& who, std::string text) {
    const size_t at = text.find("$id");
    if (at != std::string::npos) text.replace(at, 3, NewId());
    Request request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request)) << text;
    return Send(method, who, request);
  }
  template <typename Request, typename Reply>
  Reply Send(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
             const std::string& who, const Request& request) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + who);
    context.set_wait_for_ready(true);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    Reply reply;
    status_ = ((*stub_).*method)(&context, request, &reply);
    return reply;
  }

  static std::string NewId() {
    static int count = 0;
    char text[37];
    snprintf(text, sizeof text, "3f0b8f3e-5d1a-4c3e-9c67-%012d", ++count);
    return text;
  }

  // Opens one with keys for a year of children's homes, but as `changes` say.
  v1::Negotiation Create(const std::string& who, const std::string& changes = "") {
    v1::CreateNegotiationRequest request;
    for (const std::string& text :
         {"parent: 'councils/c" + who + "' request_id: '" + NewId() + "'" +
              " negotiation { provider: 'providers/keys' title: 'Fees' quorum: 3"
              " services: 'childrens-homes' from_quarter { year: 2025 quarter: 1 }"
              " to_quarter { year: 2025 quarter: 4 } }",
          "negotiation { " + changes + " }"}) {
      EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(text, &request)) << text;
    }
    return Send(&Stub::CreateNegotiation, who, request);
  }
  // A request of a council's own about `name_`.
  std::string By(const std::string& who, const std::string& rest = "") {
    return "name: '" + name_ + "' council: 'councils/c" + who + "' request_id: '$id' " + rest;
  }
  v1::Negotiation Join(const std::string& who) {
    return Call(&Stub::JoinNegotiation, who, By(who));
  }
  v1::Negotiation Withdraw(const std::string& who) {
    return Call(&Stub::WithdrawConsent, who, By(who));
  }
  v1::Negotiation Get(const std::string& who) {
    return Call(&Stub::GetNegotiation, who, "name: '" + name_ + "'");
  }
  v1::Pack GetPack(const std::string& who, int number = 0) {
    return Call(&Stub::GetPack, who, "name: '" + name_ + "' pack: " + std::to_string(number));
  }
  // Opens one led by c1 with c2 to c`last` as members; its name is in name_.
  void OpenWith(int last) {
    name_ = Create("1").name();
    ASSERT_TRUE(status_.ok()) << status_.error_message();
    for (int i = 2; i <= last; ++i) Join(std::to_string(i));
    ASSERT_TRUE(status_.ok()) << status_.error_message();
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
  // Field to description of the last call's violations.
  std::map<std::string, std::string> Violations() const {
    google::rpc::Status details;
    details.ParseFromString(status_.error_details());
    std::map<std::string, std::string> fields;
    for (const auto& any : details.details()) {
      google::rpc::BadRequest bad;
      if (!any.UnpackTo(&bad)) continue;
      for (const auto& v : bad.field_violations()) fields[v.field()] = v.description();
    }
    return fields;
  }

  testing::FakeClock clock_{absl::FromUnixSeconds(1'770'000'000)};  // 2 February 2026
  grpc::Status status_;
  std::string name_;
  int64_t edition_ = 1;

 private:
  NamedDoor door_;
  const rpc::PageTokens pages_{std::string(32, 'k')};
  std::unique_ptr<rpc::Executor> executor_;
  std::unique_ptr<rpc::Unary> unary_;
  std::unique_ptr<NegotiationServiceImpl> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

#define EXPECT_CALL_OK EXPECT_TRUE(status_.ok()) << status_.error_message()

}  // namespace steelyard::negotiations

#endif  // STEELYARD_TESTS_SERVER_NEGOTIATIONS_SERVED_NEGOTIATIONS_H_
