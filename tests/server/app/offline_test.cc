#include "server/app/offline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "server/app/server.h"
#include "server/auth/secret.h"
#include "storage/engine/batch.h"
#include "storage/ledger/audit.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace steelyard::app {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;

class OfflineTest : public ::testing::Test {
 protected:
  OfflineTest() {
    options_.data_dir = dir_ / "data";
    options_.ballast_mib = 0;
    options_.min_free_mib = 16;
    EXPECT_OK(InitStore(options_, dir_ / "token"));
  }

  // Changes an entry's bytes through the engine, as somebody would who has the
  // disk.
  void Tamper(uint64_t sequence) {
    ASSERT_OK_AND_ASSIGN(Store store, OpenStore(options_));
    const std::string key = codec::AuditKey(sequence);
    ASSERT_OK_AND_ASSIGN(const auto bytes, store.database->Get(engine::Family::kAudit, key));
    ASSERT_OK_AND_ASSIGN(model::AuditEntry entry, codec::DecodeAudit(key, *bytes));
    entry.principal = "somebody else";
    engine::Batch batch;
    batch.Put(engine::Family::kAudit, key, codec::Encode(entry));
    ASSERT_OK(store.database->Commit(std::move(batch)));
  }
  // Makes the chain and the head anew from `sequence` on.
  void MakeAnew(uint64_t from) {
    ASSERT_OK_AND_ASSIGN(Store store, OpenStore(options_));
    ASSERT_OK_AND_ASSIGN(const auto all, ledger::AuditReader(*store.database).List({}, SIZE_MAX));
    codec::LedgerHead head = store.ledger->state()->head;
    std::string chain = ledger::kChainStart;
    engine::Batch batch;
    for (model::AuditEntry entry : all) {
      if (entry.sequence == from) entry.principal = "somebody else";
      entry.chain_sha256 = chain = codec::ChainAudit(chain, entry);
      batch.Put(engine::Family::kAudit, codec::AuditKey(entry.sequence, entry.index),
                codec::Encode(entry));
    }
    head.audit_sha256 = chain;
    batch.Put(engine::Family::kMeta, codec::LedgerHeadKey(), codec::Encode(head));
    ASSERT_OK(store.database->Commit(std::move(batch)));
  }
  std::string SaveCheckpoint(const std::string& name) {
    const auto text = SignAudit(options_);
    EXPECT_OK(text);
    std::ofstream(dir_ / name) << *text;
    return dir_ / name;
  }
  std::string ReadFile(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  testing::TempDir dir_;
  StoreOptions options_;
};

TEST_F(OfflineTest, AnUntouchedAuditIsSoundAndContinuesItsCheckpoint) {
  const std::string checkpoint = SaveCheckpoint("one.txt");
  ASSERT_OK(RecoverToken(options_, dir_ / "second"));
  ASSERT_OK_AND_ASSIGN(const std::string plain, VerifyAudit(options_, {}));
  EXPECT_THAT(plain, HasSubstr("The audit is sound: 7 entries up to 7"));
  ASSERT_OK_AND_ASSIGN(const std::string key, AuditPublicKey(options_));
  ASSERT_OK_AND_ASSIGN(const std::string held, VerifyAudit(options_, {checkpoint, key}));
  EXPECT_THAT(held, HasSubstr("continues the one that the checkpoint was made of"));
}

TEST_F(OfflineTest, AnAlteredEntryIsNamed) {
  Tamper(3);
  EXPECT_THAT(VerifyAudit(options_, {}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("entry 3 does not follow")));
}

TEST_F(OfflineTest, AChainMadeAnewIsFoundByACheckpointAlone) {
  const std::string checkpoint = SaveCheckpoint("one.txt");
  MakeAnew(3);
  EXPECT_OK(VerifyAudit(options_, {}));
  EXPECT_THAT(VerifyAudit(options_, {checkpoint, ""}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("made anew")));
}

TEST_F(OfflineTest, ACheckpointOfAnotherKeyOrChangedByHandIsRefused) {
  const std::string checkpoint = SaveCheckpoint("one.txt");
  EXPECT_THAT(VerifyAudit(options_, {checkpoint, std::string(64, 'a')}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is not signed by the key")));
  std::string text = ReadFile(checkpoint);
  text.replace(text.find("sequence 6"), 10, "sequence 5");
  std::ofstream(dir_ / "two.txt") << text;
  EXPECT_THAT(VerifyAudit(options_, {dir_ / "two.txt", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(VerifyAudit(options_, {dir_ / "token", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(VerifyAudit(options_, {dir_ / "missing", ""}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(OfflineTest, ALostTokenIsRecoveredAtTheServerAndTheAuditSaysSo) {
  ASSERT_OK(RecoverToken(options_, dir_ / "second"));
  std::string secret = ReadFile(dir_ / "second");
  secret.pop_back();
  ASSERT_OK_AND_ASSIGN(Store store, OpenStore(options_));
  const auto id = auth::TokenIdIn(secret);
  ASSERT_TRUE(id.has_value());
  const auto& tokens = *store.ledger->state()->tokens;
  const auto found = tokens.find(std::string(*id));
  ASSERT_NE(found, tokens.end());
  EXPECT_EQ(found->second.role, model::Role::kSteward);
  EXPECT_TRUE(auth::SameHash(auth::HashSecret(secret), found->second.secret_hash));
  ASSERT_OK_AND_ASSIGN(const auto last, ledger::AuditReader(*store.database).Last());
  EXPECT_EQ(last->action, "CreateToken");
  EXPECT_EQ(last->principal, "system");
  EXPECT_THAT(last->detail, HasSubstr("recovered at the server"));
}

TEST_F(OfflineTest, ATokenFileThatIsThereIsNotWrittenOver) {
  EXPECT_THAT(RecoverToken(options_, dir_ / "token"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  ASSERT_OK_AND_ASSIGN(Store store, OpenStore(options_));
  EXPECT_EQ(store.ledger->state()->tokens->size(), 1u);
}

TEST_F(OfflineTest, NothingIsListenedOnWithoutTlsButLoopback) {
  ServeOptions serve;
  serve.store = options_;
  for (const char* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:7443", "example.org:7443"}) {
    serve.grpc_address = address;
    EXPECT_THAT(Server::Start(serve),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not a loopback address")))
        << address;
  }
  serve.tls.certificate = dir_ / "none.pem";
  EXPECT_THAT(Server::Start(serve),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("--tls-key")));
}

}  // namespace
}  // namespace steelyard::app
