// Kills the real server with SIGKILL again and again while it takes uploads
// and requests, and reads everything back after each kill: no acknowledged
// line is lost, doubled or half saved.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "client/cpp/request_id.h"
#include "steelyard/v1/access_service.grpc.pb.h"
#include "steelyard/v1/operations_service.grpc.pb.h"
#include "steelyard/v1/registry_service.grpc.pb.h"
#include "storage/base/status_macros.h"
#include "tests/crash/kill_lines.h"
#include "tests/crash/kill_load.h"
#include "tests/crash/kill_oracle.h"
#include "tests/crash/kill_reading.h"
#include "tests/crash/kill_server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::crash {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kMaxRest = absl::Minutes(1);

bool FullRun() {
  const char* full = std::getenv("STEELYARD_FULL");
  return full != nullptr && std::string_view(full) == "1";
}

// That of the run to be repeated, or another each time.
uint64_t Seed() {
  const char* seed = std::getenv("STEELYARD_SEED");
  return seed != nullptr ? std::strtoull(seed, nullptr, 10) : std::random_device{}();
}

class KillLoopTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::printf("kill loop: seed %lu\n", seed_);
    ASSERT_OK(server_.Init());
    ASSERT_OK(server_.Launch(128));
    ASSERT_OK(server_.WaitReady());
    steward_ = Connect(server_.steward_token());
    ASSERT_OK(LoadSuppliers());
    for (const char* id : {"hck", "cmd", "bir", "lds"}) {
      ASSERT_OK_AND_ASSIGN(const std::string token, MakeToken(absl::StrCat("councils/", id)));
      connections_.push_back(Connect(token));
      submitters_.push_back({absl::StrCat("councils/", id), connections_.back().get()});
    }
    load_ = std::make_unique<Load>(oracle_, seed_);
    load_->AddValidLines(submitters_[0]);
    load_->AddRequests(submitters_[0]);
    load_->AddValidLines(submitters_[1]);
    load_->AddWhole(submitters_[1]);
    // These two councils' receipts are one for each commit.
    load_->AddWhole(submitters_[2]);
    load_->AddRequests(submitters_[2]);
    load_->AddRequests(submitters_[3]);
    load_->AddRequests(submitters_[3]);
  }

  void TearDown() override {
    if (load_ != nullptr && HasFailure()) load_->Abandon();
  }

  std::unique_ptr<client::Connection> Connect(const std::string& token) const {
    client::ConnectionOptions options;
    options.address = server_.address();
    options.token = token;
    options.deadline = absl::Seconds(20);
    return std::make_unique<client::Connection>(options);
  }

  absl::Status LoadSuppliers() const {
    v1::LoadRegisterRequest request;
    request.set_register_(v1::LoadRegisterRequest::SUPPLIERS);
    request.set_csv(kSuppliersCsv);
    request.set_request_id(client::RequestId());
    ASSIGN_OR_RETURN(v1::LoadRegisterResponse reply,
                     steward_->Call(&v1::RegistryService::Stub::LoadRegister, request));
    if (reply.problems_size() == 0) return absl::OkStatus();
    return absl::InvalidArgumentError(reply.ShortDebugString());
  }

  absl::StatusOr<std::string> MakeToken(const std::string& council) const {
    v1::CreateTokenRequest request;
    request.mutable_token()->set_role(v1::ROLE_SUBMITTER);
    request.mutable_token()->set_display_name("kill loop");
    request.mutable_token()->set_council(council);
    request.set_request_id(client::RequestId());
    ASSIGN_OR_RETURN(v1::CreateTokenResponse reply,
                     steward_->Call(&v1::AccessService::Stub::CreateToken, request));
    return reply.secret();
  }

  // Starts the server, with memory of another size each time, and waits for
  // its first answer.
  void Restart() {
    static constexpr int kCacheMib[] = {2, 16, 128};
    const absl::Time start = absl::Now();
    ASSERT_OK(server_.Launch(kCacheMib[random_.Below(3)]));
    ASSERT_OK(server_.WaitReady());
    ASSERT_OK(steward_->Call(&v1::OperationsService::Stub::GetStatus, v1::GetStatusRequest()));
    restarts_.push_back(absl::Now() - start);
  }

  // Lets the load run for a while and kills the server under it, at times
  // once more while it recovers.
  void Kill() {
    const int64_t cut_off = load_->cut_off();
    load_->gate().Open();
    absl::SleepFor(absl::Milliseconds(random_.Between(50, 600)));
    load_->gate().Close();
    server_.Kill();
    ++kills_;
    if (random_.Chance(0.2)) {
      ASSERT_OK(server_.Launch(16));
      absl::SleepFor(absl::Milliseconds(random_.Between(0, 150)));
      server_.Kill();
      ++kills_;
    }
    ASSERT_NO_FATAL_FAILURE(Restart());
    ASSERT_TRUE(load_->gate().WaitFor(load_->workers(), kMaxRest)) << "the load hangs";
    kills_that_cut_ += load_->cut_off() > cut_off;
  }

  // Reads everything back, and on the way out what was refused.
  void Check() {
    ASSERT_OK_AND_ASSIGN(Findings found, CheckAll(submitters_, oracle_, random_));
    found_.Add(found);
    EXPECT_TRUE(found.empty()) << "after " << kills_
                               << " kills: " << absl::StrJoin(found.words, "\n");
    ASSERT_THAT(load_->refusals(), ::testing::IsEmpty());
  }

  // Stops the server as an operator would and has the whole store read.
  void Verify() {
    ASSERT_OK(server_.Stop());
    ASSERT_OK_AND_ASSIGN(const std::string words, server_.Verify());
    ASSERT_THAT(words, ::testing::StartsWith("The store is sound: "));
  }

  void PrintSummary(int cycles) {
    std::sort(restarts_.begin(), restarts_.end());
    std::printf(
        "kill loop: seed %lu, %d cycles, %ld acknowledged lines, %ld lost, %ld doubled, "
        "%ld half saved, restart p50 %ld ms, max %ld ms (%d kills, %ld calls cut off)\n",
        seed_, cycles, oracle_.acknowledged_lines(), found_.lost, found_.doubled, found_.half_saved,
        absl::ToInt64Milliseconds(restarts_[restarts_.size() / 2]),
        absl::ToInt64Milliseconds(restarts_.back()), kills_, load_->cut_off());
    std::fflush(stdout);
  }

  const uint64_t seed_ = Seed();
  demo::Random random_{seed_};
  testing::TempDir folder_;
  KillServer server_{STEELYARD_SERVER, folder_.path()};
  Oracle oracle_;
  std::unique_ptr<client::Connection> steward_;
  std::vector<std::unique_ptr<client::Connection>> connections_;
  std::vector<Submitter> submitters_;
  std::unique_ptr<Load> load_;
  int kills_ = 0;
  int kills_that_cut_ = 0;
  Findings found_;
  std::vector<absl::Duration> restarts_;
};

TEST_F(KillLoopTest, NoAcknowledgedLineIsLostDoubledOrHalfSaved) {
  const int cycles = FullRun() ? 200 : 20;
  for (int cycle = 1; cycle <= cycles && !HasFailure(); ++cycle) {
    ASSERT_NO_FATAL_FAILURE(Kill());
    ASSERT_NO_FATAL_FAILURE(Check());
    if (cycle % 10 != 0) continue;
    ASSERT_NO_FATAL_FAILURE(Verify());
    ASSERT_NO_FATAL_FAILURE(Restart());
  }
  load_->Finish();
  ASSERT_NO_FATAL_FAILURE(Check());
  EXPECT_EQ(oracle_.open_commits(), 0);
  ASSERT_NO_FATAL_FAILURE(Verify());
  PrintSummary(cycles);
  // A loop that did nothing proves nothing.
  EXPECT_GE(kills_, cycles);
  EXPECT_GE(kills_that_cut_, cycles * 3 / 4);
  EXPECT_GE(oracle_.acknowledged_lines(), cycles * 50);
}

// The control: the same loop must catch a server that forgets. A whole older
// copy of its folder is sound in itself, so nobody but the oracle can tell.
TEST_F(KillLoopTest, TheLoopCatchesAStoreThatWentBack) {
  ASSERT_NO_FATAL_FAILURE(Kill());
  ASSERT_NO_FATAL_FAILURE(Check());
  ASSERT_OK(server_.Stop());
  fs::copy(server_.data_dir(), folder_ / "older", fs::copy_options::recursive);
  ASSERT_NO_FATAL_FAILURE(Restart());
  const int64_t acknowledged = oracle_.acknowledged_lines();
  load_->Finish();  // each worker ends what it has begun
  ASSERT_GT(oracle_.acknowledged_lines(), acknowledged);
  ASSERT_NO_FATAL_FAILURE(Check());

  ASSERT_NO_FATAL_FAILURE(Verify());
  fs::remove_all(server_.data_dir());
  fs::rename(folder_ / "older", server_.data_dir());
  ASSERT_NO_FATAL_FAILURE(Restart());
  ASSERT_OK_AND_ASSIGN(const Findings found, CheckAll(submitters_, oracle_, random_));
  EXPECT_GT(found.lost, 0);
  EXPECT_EQ(found.doubled, 0) << absl::StrJoin(found.words, "\n");
}

}  // namespace
}  // namespace steelyard::crash
