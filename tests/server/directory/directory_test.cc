#include "server/directory/directory.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/support/status_matchers.h"

namespace steelyard::directory {
namespace {

using model::Registers;

// Registers that grow by a supplier at a time, as the ledger's do.
class DirectoryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Add("first", "First Gloves Ltd");
    ASSERT_OK_AND_ASSIGN(directory_, Directory::Open([this] { return Newest(); }));
  }

  std::shared_ptr<const Registers> Newest() {
    std::lock_guard lock(mutex_);
    return newest_;
  }
  void Add(std::string id, std::string name) {
    std::lock_guard lock(mutex_);
    auto next = std::make_shared<Registers>(*newest_);
    ++next->version;
    model::Supplier supplier;
    supplier.id = std::move(id);
    supplier.display_name = std::move(name);
    next->Put(std::move(supplier));
    newest_ = std::move(next);
  }

  std::mutex mutex_;
  std::shared_ptr<const Registers> newest_ = std::make_shared<Registers>();
  std::unique_ptr<Directory> directory_;
};

TEST_F(DirectoryTest, FindsWhatTheRegistersHeldWhenItOpened) {
  EXPECT_EQ(directory_->Current()->ResolveSupplier("first gloves limited").no.value, 1U);
}

TEST_F(DirectoryTest, KeepsOneResolverForAsLongAsTheRegistersStay) {
  EXPECT_EQ(directory_->Current(), directory_->Current());
}

TEST_F(DirectoryTest, FollowsTheRegistersAndLeavesOldSnapshotsAlone) {
  const std::shared_ptr<const Resolver> before = directory_->Current();
  Add("second", "Second Gowns Ltd");
  const std::shared_ptr<const Resolver> after = directory_->Current();
  EXPECT_NE(before, after);
  EXPECT_FALSE(before->ResolveSupplier("Second Gowns"));
  EXPECT_EQ(after->ResolveSupplier("Second Gowns").no.value, 2U);
  EXPECT_EQ(after->registers().version, before->registers().version + 1);
}

TEST_F(DirectoryTest, NeverGoesBackWhenManyThreadsAsk) {
  constexpr int kSuppliers = 50;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> askers;
  for (int t = 0; t < 4; ++t) {
    askers.emplace_back([&] {
      uint64_t seen = 0;
      while (seen < kSuppliers + 1) {
        const uint64_t version = directory_->Current()->registers().version;
        if (version < seen) ++wrong;
        seen = version;
      }
    });
  }
  for (int i = 0; i < kSuppliers; ++i) {
    Add("s" + std::to_string(i), "Maker number " + std::to_string(i));
  }
  for (std::thread& t : askers) t.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_TRUE(directory_->Current()->ResolveSupplier("Maker number 49"));
}

}  // namespace
}  // namespace steelyard::directory
