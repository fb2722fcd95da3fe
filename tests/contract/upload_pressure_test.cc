// Uploads by callers who ask too much: they are held back, and nobody else
// notices.

#include <atomic>
#include <chrono>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

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

}  // namespace
}  // namespace steelyard::contract
