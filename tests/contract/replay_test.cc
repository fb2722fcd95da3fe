// The same request many times at once, and after a restart (RELIABILITY
// section 3, replay).

#include <functional>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "tests/contract/harness.h"

namespace steelyard::contract {
namespace {

using grpc::StatusCode;
using ::testing::Each;
using ::testing::SizeIs;

constexpr int kCallers = 100;

// Calls `call(i)` from a thread for each i at once; the answers by i.
template <typename Reply>
std::vector<Answer<Reply>> AllAtOnce(const std::function<Answer<Reply>(int)>& call) {
  std::vector<Answer<Reply>> answers(kCallers);
  std::vector<std::thread> threads;
  for (int i = 0; i < kCallers; ++i) {
    threads.emplace_back([&, i] { answers[i] = call(i); });
  }
  for (std::thread& t : threads) t.join();
  return answers;
}

class ReplayTest : public ContractTest {
 protected:
  v1::CreatePurchaseRequest request_ = [] {
    v1::CreatePurchaseRequest request;
    request.set_parent(kHackney);
    request.set_request_id(NewUuid());
    *request.mutable_purchase() = Line("A1");
    return request;
  }();
  int64_t LedgerSequence() {
    return steward_.Call(&Operations::GetStatus, "").reply.ledger_sequence();
  }
};

TEST_F(ReplayTest, AHundredTimesAtOnceIsOnce) {
  const int64_t before = LedgerSequence();
  const auto answers = AllAtOnce<v1::Purchase>(
      [&](int) { return hackney_.Call(&Purchases::CreatePurchase, request_); });
  EXPECT_THAT(answers, Each(Succeeds()));
  std::set<std::string> bytes;
  for (const auto& a : answers) bytes.insert(a.reply.SerializeAsString());
  EXPECT_THAT(bytes, SizeIs(1));
  EXPECT_EQ(LedgerSequence(), before + 1);
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 1);
  EXPECT_THAT(
      hackney_.Call(&Purchases::ListSubmissions, "parent: 'councils/hck'").reply.submissions(),
      SizeIs(1));
}

TEST_F(ReplayTest, OfAHundredBodiesUnderOneIdOneWins) {
  const auto answers = AllAtOnce<v1::Purchase>([&](int i) {
    auto request = request_;
    request.mutable_purchase()->set_reference(absl::StrCat("A", i));
    return hackney_.Call(&Purchases::CreatePurchase, request);
  });
  int won = 0;
  for (const auto& a : answers) {
    won += a.status.ok() ? 1 : 0;
    if (!a.status.ok()) {
      EXPECT_THAT(a, Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 1);
}

TEST_F(ReplayTest, OfAHundredCorrectionsOfOneVersionOneWins) {
  const v1::Purchase made = hackney_.Call(&Purchases::CreatePurchase, request_).reply;
  const auto answers = AllAtOnce<v1::Purchase>([&](int i) {
    v1::UpdatePurchaseRequest request;
    request.mutable_purchase()->set_name(made.name());
    request.mutable_purchase()->set_etag(made.etag());
    request.mutable_purchase()->set_packs(100 + i);
    request.set_request_id(NewUuid());
    return hackney_.Call(&Purchases::UpdatePurchase, request);
  });
  int won = 0;
  for (const auto& a : answers) {
    won += a.status.ok() ? 1 : 0;
    if (!a.status.ok()) {
      EXPECT_THAT(a, Fails(StatusCode::ABORTED, "ETAG_MISMATCH"));
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_THAT(hackney_.Call(&Purchases::ListPurchaseVersions, "parent: 'councils/hck/purchases/A1'")
                  .reply.purchases(),
              SizeIs(2));
}

TEST_F(ReplayTest, CorrectionsWithoutAVersionAllCountOrAskAgain) {
  const v1::Purchase made = hackney_.Call(&Purchases::CreatePurchase, request_).reply;
  const auto answers = AllAtOnce<v1::Purchase>([&](int i) {
    v1::UpdatePurchaseRequest request;
    request.mutable_purchase()->set_name(made.name());
    request.mutable_purchase()->set_packs(100 + i);
    request.set_request_id(NewUuid());
    return hackney_.Call(&Purchases::UpdatePurchase, request);
  });
  std::set<int32_t> revisions = {1};
  for (const auto& a : answers) {
    if (a.status.ok()) {
      EXPECT_TRUE(revisions.insert(a.reply.revision()).second);
    } else {
      EXPECT_THAT(a, Fails(StatusCode::ABORTED, "ETAG_MISMATCH"));
    }
  }
  const auto now = hackney_.Call(&Purchases::GetPurchase, "name: 'councils/hck/purchases/A1'");
  EXPECT_EQ(now.reply.revision(), *revisions.rbegin());
  EXPECT_EQ(revisions.size(), static_cast<size_t>(*revisions.rbegin()));
}

TEST_F(ReplayTest, AHundredWithdrawalsAtOnceAreOne) {
  hackney_.Call(&Purchases::CreatePurchase, request_);
  const auto answers = AllAtOnce<v1::Purchase>([&](int) {
    return hackney_.Call(&Purchases::WithdrawPurchase,
                         "name: 'councils/hck/purchases/A1' reason: 'x' request_id: '$uuid'");
  });
  EXPECT_THAT(answers, Each(Succeeds()));
  for (const auto& a : answers) EXPECT_EQ(a.reply.revision(), 2);
  EXPECT_EQ(ActiveLines(hackney_, kHackney), 0);
}

TEST_F(ReplayTest, AHundredSuppliersOfOneNameAreOne) {
  const std::string same =
      absl::StrCat("supplier { display_name: 'Delta Ltd' } request_id: '", NewUuid(), "'");
  const auto answers =
      AllAtOnce<v1::Supplier>([&](int) { return hackney_.Call(&Registry::CreateSupplier, same); });
  EXPECT_THAT(answers, Each(Succeeds()));
  std::set<std::string> names;
  for (const auto& a : answers) names.insert(a.reply.name());
  EXPECT_THAT(names, SizeIs(1));
  EXPECT_THAT(hackney_.Call(&Registry::ListSuppliers, "").reply.suppliers(), SizeIs(4));
}

TEST_F(ReplayTest, RivalsForOneNameMakeOneSupplier) {
  const auto answers = AllAtOnce<v1::Supplier>([&](int) {
    return hackney_.Call(&Registry::CreateSupplier,
                         "supplier { display_name: 'Delta Ltd' } request_id: '$uuid'");
  });
  int won = 0;
  for (const auto& a : answers) {
    won += a.status.ok() ? 1 : 0;
    if (!a.status.ok()) {
      EXPECT_THAT(a, Fails(StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS"));
    }
  }
  EXPECT_EQ(won, 1);
  EXPECT_THAT(hackney_.Call(&Registry::ListSuppliers, "").reply.suppliers(), SizeIs(4));
}

TEST_F(ReplayTest, ARestartForgetsNoRequest) {
  const auto first = hackney_.Call(&Purchases::CreatePurchase, request_);
  ASSERT_THAT(first, Succeeds());
  server_.Restart();
  const Client hackney(server_.channel(), hackney_.secret());
  const auto repeat = hackney.Call(&Purchases::CreatePurchase, request_);
  ASSERT_THAT(repeat, Succeeds());
  EXPECT_EQ(repeat.reply.SerializeAsString(), first.reply.SerializeAsString());
  request_.mutable_purchase()->set_packs(11);
  EXPECT_THAT(hackney.Call(&Purchases::CreatePurchase, request_),
              Fails(StatusCode::ABORTED, "REQUEST_ID_REUSED"));
  EXPECT_EQ(ActiveLines(hackney, kHackney), 1);
}

}  // namespace
}  // namespace steelyard::contract
