// Uploads by callers who ask too much: they are held back, and nobody else
// notices.

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;

// For Fails, which looks at an answer.
struct Ended {
  grpc::Status status;
};

class UploadPressureTest : public ContractTest {
 protected:
  static std::string Start(const std::string& options, const std::string& parent = kHackney) {
    return absl::StrCat("parent: '", parent, "' upload_id: '", NewUuid(), "' ", options);
  }
  // 2,000 lines that say nothing but a supplier nobody knows: the answer is
  // many times as long.
  static v1::UploadPurchasesRequest EmptyLines(int64_t index) {
    return ChunkOf(index, std::vector<v1::Purchase>(
                              2000, Parse<v1::Purchase>("supplier: 'Nobody Knows This Name'")));
  }
  // Whether an upload can be begun soon, once streams that ended are gone.
  static bool Resumes(const Client& client) {
    for (int i = 0; i < 100; ++i) {
      if (Upload(client).Start(Start("validate_only: true"))) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
  }
  int64_t MemoryBytes() { return steward_.Call(&Operations::GetStatus, "").reply.resident_bytes(); }
};

// Waits until `count` stands still.
void AwaitStandstill(const std::atomic<int>& count) {
  int before = -1;
  while (count != before) {
    before = count;
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

TEST_F(UploadPressureTest, WhoSendsAndNeverReadsIsHeldBack) {
  constexpr int kChunks = 80;
  Upload upload(hackney_);
  ASSERT_TRUE(upload.Start(Start("validate_only: true")));
  const int64_t before = MemoryBytes();
  std::atomic<int> sent = 0;
  std::thread sender([&] {
    while (sent < kChunks && upload.Send(EmptyLines(sent))) ++sent;
  });
  AwaitStandstill(sent);
  // All the answers are some 600 MiB. (What was sent is for the most part still
  // with gRPC.)
  EXPECT_LT(MemoryBytes() - before, 200 << 20);
  // Every problem of every line is there for who reads after all.
  int problems = 0;
  for (int i = 0; i < kChunks; ++i) {
    const auto ack = upload.Read();
    ASSERT_TRUE(ack.has_value()) << i;
    EXPECT_EQ(ack->chunk().index(), i);
    if (i == 0) problems = ack->chunk().problems_size();
    EXPECT_GE(problems, 2000);
    EXPECT_EQ(ack->chunk().problems_size(), problems);
  }
  sender.join();
  const auto finished = upload.Finish(kChunks);
  ASSERT_TRUE(finished.has_value());
  EXPECT_EQ(finished->finished().total().rejected_lines(), 2000 * kChunks);
}

TEST_F(UploadPressureTest, ACouncilHasFewStreamsAndTheOthersTheirs) {
  std::vector<std::unique_ptr<Upload>> open;
  for (int i = 0; i < 8; ++i) {
    open.push_back(
        std::make_unique<Upload>(i % 2 == 0 ? hackney_ : As(v1::ROLE_SUBMITTER, kHackney)));
    ASSERT_TRUE(open.back()->Start(Start("validate_only: true")).has_value()) << i;
  }
  Upload ninth(hackney_);
  EXPECT_FALSE(ninth.Start(Start("validate_only: true")).has_value());
  const Ended refused{ninth.End()};
  EXPECT_THAT(refused, Fails(StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_UPLOADS"));
  EXPECT_EQ(refused.status.error_message(),
            "Your council is sending 8 uploads already, the most at a time; let one of them end "
            "first.");
  // All eight send as fast as they can; another council's upload goes through.
  std::atomic<bool> enough = false;
  std::vector<std::thread> busy;
  for (const auto& upload : open) {
    busy.emplace_back([&enough, &upload = *upload] {
      for (int i = 0; !enough && upload.Exchange(EmptyLines(i)); ++i) {
      }
    });
  }
  Upload other(camden_);
  ASSERT_TRUE(other.Start(Start("mode: VALID_LINES", kCamden)).has_value());
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(other.Chunk(i, Lines(100, absl::StrCat("C", i, "-"))).has_value()) << i;
  }
  EXPECT_TRUE(other.Finish(5).has_value());
  enough = true;
  for (std::thread& thread : busy) thread.join();
  // Who ends makes room.
  open.clear();
  EXPECT_TRUE(Resumes(hackney_));
}

// Chunks count as calls do: an upload beyond the quota is slowed down, not
// refused.
TEST_F(UploadPressureTest, ChunksAreOfTheQuota) {
  constexpr int kChunks = 30;
  constexpr int kBurst = 20;
  constexpr int kPerSecond = 10;
  TestServer server({.calls_per_second = kPerSecond, .burst = kBurst});
  const Client client(server.channel(), server.MakeToken(v1::ROLE_SUBMITTER, kHackney));
  const auto begun = std::chrono::steady_clock::now();
  Upload upload(client);
  ASSERT_TRUE(upload.Start(Start("validate_only: true")).has_value());
  for (int i = 0; i < kChunks; ++i) ASSERT_TRUE(upload.Chunk(i, Lines(1)).has_value()) << i;
  // What is left of the quota is for nothing else either.
  EXPECT_THAT(client.Call(&Operations::Ping, ""),
              Fails(StatusCode::RESOURCE_EXHAUSTED, "QUOTA_EXCEEDED"));
  EXPECT_TRUE(upload.Finish(kChunks).has_value());
  EXPECT_TRUE(upload.End().ok());
  EXPECT_GE(std::chrono::steady_clock::now() - begun,
            std::chrono::milliseconds(1000 * (kChunks - kBurst) / kPerSecond));
}

}  // namespace
}  // namespace steelyard::contract
