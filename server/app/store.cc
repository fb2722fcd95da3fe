#include "server/app/store.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/app/access_checks.h"
#include "server/audit/checkpoint.h"
#include "server/auth/secret.h"
#include "server/registry/register_csv.h"
#include "server/registry/shipped_registers.h"
#include "storage/base/clock.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"

namespace steelyard::app {
namespace {

namespace fs = std::filesystem;

constexpr size_t kKeyBytes = 32;

engine::OpenOptions EngineOptions(const StoreOptions& options, bool create) {
  engine::OpenOptions engine;
  engine.create_if_missing = create;
  engine.cache_bytes = static_cast<size_t>(options.cache_mib) << 20;
  engine.min_free_bytes = options.min_free_mib << 20;
  engine.ballast_bytes = options.ballast_mib << 20;
  return engine;
}

// Writes a new file that only its owner can read, synced to disk.
absl::Status WriteSecretFile(const std::string& path, std::string_view bytes) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot make '", path, "': ", strerror(errno)));
  }
  const bool written =
      write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && fsync(fd) == 0;
  close(fd);
  if (!written) return absl::UnavailableError(absl::StrCat("cannot write '", path, "'"));
  return absl::OkStatus();
}

absl::Status CheckShipped(const registry::RegisterLoad& load) {
  for (const model::Problem& p : load.problems) {
    if (p.severity == model::Problem::Severity::kError) {
      return absl::InternalError(absl::StrCat("shipped register, row ", p.row, ": ", p.message));
    }
  }
  return absl::OkStatus();
}

absl::Status LoadShippedRegisters(ledger::Ledger& ledger, int64_t now) {
  using registry::Register;
  for (Register which : {Register::kAreas, Register::kCouncils, Register::kProducts,
                         Register::kSuppliers, Register::kProviders}) {
    registry::RegisterLoad load =
        registry::Parse(which, registry::ShippedCsv(which), *ledger.state()->registers);
    RETURN_IF_ERROR(CheckShipped(load));
    ledger::PutRegisters put;
    put.meta = {now, "system"};
    put.areas = std::move(load.areas);
    put.councils = std::move(load.councils);
    put.products = std::move(load.products);
    put.suppliers = std::move(load.suppliers);
    put.providers = std::move(load.providers);
    RETURN_IF_ERROR(ledger.Execute(std::move(put)).status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MakeStewardToken(ledger::Ledger& ledger, int64_t now, const std::string& token_file,
                              const std::string& display_name, const std::string& detail) {
  const auth::NewSecret made = auth::MakeSecret();
  ledger::PutToken put;
  put.meta = {now, "system"};
  put.request = made.token_id;
  put.body_sha256 = Sha256(made.token_id);
  put.token.id = made.token_id;
  put.token.secret_hash = made.hash;
  put.token.role = model::Role::kSteward;
  put.token.display_name = display_name;
  put.detail = detail;
  put.token.create_unix_micros = now;
  put.token.expire_unix_micros =
      now + absl::ToInt64Microseconds(absl::Hours(24) * DefaultLifetimeDays(put.token.role));
  // The file first: a token whose secret nobody has would be of no use.
  RETURN_IF_ERROR(WriteSecretFile(token_file, made.secret + "\n"));
  return ledger.Execute(std::move(put)).status();
}

std::string StorePath(const std::string& data_dir) { return data_dir + "/store"; }
std::string MarkPath(const std::string& data_dir) {
  return absl::StrCat(data_dir, "/", std::string(engine::CommitMark::kFileName));
}
std::string KeyPath(const std::string& data_dir) { return data_dir + "/server.key"; }

std::string SigningSeedPath(const std::string& data_dir) { return data_dir + "/audit.key"; }

absl::StatusOr<std::string> ReadSigningSeed(const std::string& data_dir) {
  std::error_code error;
  const std::string path = SigningSeedPath(data_dir);
  if (!fs::exists(StorePath(data_dir), error)) {
    return absl::NotFoundError(absl::StrCat("there is no store in '", data_dir, "'"));
  }
  if (!fs::exists(path, error)) RETURN_IF_ERROR(WriteSecretFile(path, audit::MakeSeed()));
  std::ifstream file(path, std::ios::binary);
  std::string seed{std::istreambuf_iterator<char>(file), {}};
  if (seed.size() != audit::SigningKey::kSeedBytes) {
    return absl::DataLossError(absl::StrCat("'", path, "' is damaged; take it from a backup"));
  }
  return seed;
}

absl::Status InitStore(const StoreOptions& options, const std::string& token_file) {
  std::error_code error;
  if (fs::exists(StorePath(options.data_dir), error)) {
    return absl::FailedPreconditionError(
        absl::StrCat("there is a store in '", options.data_dir, "' already"));
  }
  if (fs::exists(token_file, error)) {
    return absl::FailedPreconditionError(
        absl::StrCat("'", token_file, "' exists already; name another file for the token"));
  }
  fs::create_directories(options.data_dir, error);
  if (error) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot make '", options.data_dir, "': ", error.message()));
  }
  chmod(options.data_dir.c_str(), 0700);
  std::string key(kKeyBytes, '\0');
  randombytes_buf(key.data(), key.size());
  RETURN_IF_ERROR(WriteSecretFile(KeyPath(options.data_dir), key));
  {
    ASSIGN_OR_RETURN(auto database, engine::Database::Open(StorePath(options.data_dir),
                                                           EngineOptions(options, true)));
    RETURN_IF_ERROR(ledger::Ledger::Create(*database));
  }
  ASSIGN_OR_RETURN(Store store, OpenStore(options));
  SystemClock clock;
  RETURN_IF_ERROR(LoadShippedRegisters(*store.ledger, absl::ToUnixMicros(clock.Now())));
  return MakeStewardToken(*store.ledger, absl::ToUnixMicros(clock.Now()), token_file,
                          "First steward", "first token of the store");
}

absl::StatusOr<Store> OpenStore(const StoreOptions& options) {
  Store store;
  std::ifstream key(KeyPath(options.data_dir), std::ios::binary);
  store.server_key.assign(std::istreambuf_iterator<char>(key), {});
  if (store.server_key.size() != kKeyBytes) {
    return absl::NotFoundError(absl::StrCat("there is no store in '", options.data_dir,
                                            "'; make one with 'steelyardd init'"));
  }
  ASSIGN_OR_RETURN(store.database, engine::Database::Open(StorePath(options.data_dir),
                                                          EngineOptions(options, false)));
  ASSIGN_OR_RETURN(engine::CommitMark mark, engine::CommitMark::Open(MarkPath(options.data_dir)));
  store.mark = std::make_unique<engine::CommitMark>(std::move(mark));
  ASSIGN_OR_RETURN(store.ledger, ledger::Ledger::Open(*store.database, *store.mark));
  ASSIGN_OR_RETURN(store.signing_seed, ReadSigningSeed(options.data_dir));
  return store;
}

}  // namespace steelyard::app
