#include "server/rpc/executor.h"

#include <atomic>
#include <future>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"

namespace steelyard::rpc {
namespace {

using Turn = Executor::Turn;
using ::testing::Each;

class ExecutorTest : public ::testing::Test {
 protected:
  // Fills the only thread until `release_` is set.
  void Occupy(Executor& executor) {
    std::promise<void> begun;
    ASSERT_TRUE(executor.Submit(absl::InfiniteFuture(), [&, gate = gate_](Turn turn) {
      EXPECT_EQ(turn, Turn::kRun);
      begun.set_value();
      gate.wait();
    }));
    begun.get_future().wait();
  }

  testing::FakeClock clock_{absl::FromUnixSeconds(1'600'000'000)};
  std::promise<void> release_;
  std::shared_future<void> gate_ = release_.get_future().share();
};

TEST_F(ExecutorTest, RunsAllThatItTakes) {
  std::atomic<int> ran = 0;
  {
    Executor executor(clock_, {.threads = 3, .max_in_flight = 1000});
    for (int i = 0; i < 500; ++i) {
      ASSERT_TRUE(executor.Submit(absl::InfiniteFuture(), [&](Turn) { ++ran; }));
    }
  }
  EXPECT_EQ(ran, 500);
}

TEST_F(ExecutorTest, RefusesAtOnceWhenTooMuchIsInFlight) {
  Executor executor(clock_, {.threads = 1, .max_in_flight = 2});
  Occupy(executor);
  std::atomic<int> ran = 0;
  EXPECT_TRUE(executor.Submit(absl::InfiniteFuture(), [&](Turn) { ++ran; }));
  EXPECT_FALSE(executor.Submit(absl::InfiniteFuture(), [&](Turn) { ran += 100; }));
  EXPECT_EQ(executor.in_flight(), 2u);
  release_.set_value();
  while (executor.in_flight() > 0) std::this_thread::yield();
  EXPECT_TRUE(executor.Submit(absl::InfiniteFuture(), [&](Turn) { ++ran; }));
  executor.Stop();
  EXPECT_EQ(ran, 2);
}

TEST_F(ExecutorTest, TellsWorkThatItsDeadlinePassedInTheQueue) {
  Executor executor(clock_, {.threads = 1, .max_in_flight = 8});
  Occupy(executor);
  std::vector<Turn> turns;
  const absl::Time now = clock_.Now();
  ASSERT_TRUE(executor.Submit(now + absl::Seconds(5), [&](Turn turn) { turns.push_back(turn); }));
  ASSERT_TRUE(executor.Submit(now + absl::Seconds(50), [&](Turn turn) { turns.push_back(turn); }));
  clock_.Advance(absl::Seconds(10));
  release_.set_value();
  while (executor.in_flight() > 0) std::this_thread::yield();
  EXPECT_THAT(turns, ::testing::ElementsAre(Turn::kExpired, Turn::kRun));
}

TEST_F(ExecutorTest, StopTellsWhatWaitsAndWaitsForWhatRuns) {
  Executor executor(clock_, {.threads = 1, .max_in_flight = 10'000'000});
  Occupy(executor);
  std::vector<Turn> turns;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(executor.Submit(absl::InfiniteFuture(), [&](Turn turn) { turns.push_back(turn); }));
  }
  std::thread stopper([&] { executor.Stop(); });
  // Refused only because it stops: there is room.
  while (executor.Submit(absl::InfiniteFuture(), [&](Turn turn) { turns.push_back(turn); })) {
    std::this_thread::yield();
  }
  const size_t waiting = executor.in_flight() - 1;
  release_.set_value();
  stopper.join();
  EXPECT_EQ(turns.size(), waiting);
  EXPECT_THAT(turns, Each(Turn::kStopping));
  EXPECT_EQ(executor.in_flight(), 0u);
}

TEST_F(ExecutorTest, TakesNothingAfterStop) {
  Executor executor(clock_, {});
  executor.Stop();
  EXPECT_FALSE(executor.Submit(absl::InfiniteFuture(), [](Turn) { FAIL(); }));
  executor.Stop();
}

}  // namespace
}  // namespace steelyard::rpc
