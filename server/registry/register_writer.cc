#include "server/registry/register_writer.h"

#include <utility>

#include "absl/time/time.h"
#include "server/rpc/errors.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

namespace error = rpc::error;
using ledger::PutRegisters;

// Other requests and uploads may change the registers in between.
constexpr int kTries = 50;

absl::Status FromLedger(const absl::Status& status) {
  if (Sv(status.message()) == ledger::kRequestIdReused) return error::RequestIdReused();
  switch (status.code()) {
    case absl::StatusCode::kResourceExhausted:
      return error::StoreReadOnly();
    case absl::StatusCode::kUnavailable:
      return error::OutcomeUnknown();
    default:
      return status;
  }
}

}  // namespace

absl::StatusOr<std::string> RegisterWriter::Execute(const rpc::Caller& caller,
                                                    const rpc::RequestKey& key,
                                                    const Change& change) {
  for (int i = 0; i < kTries; ++i) {
    // In this order: what is done after the look at the registers is seen by
    // the look at the requests, or else by the ledger.
    const auto resolver = directory_.Current();
    const auto earlier = ledger_.FindRequest(key.id, key.body_sha256);
    if (!earlier.ok()) return FromLedger(earlier.status());
    // A repeat goes to the ledger too, bare: its answer comes once everybody
    // can see what the first did.
    std::optional<PutRegisters> put = PutRegisters();
    if (!earlier->has_value()) {
      ASSIGN_OR_RETURN(put, change(*resolver));
      if (!put) return std::string();
      put->expected_version = resolver->registers().version;
    }
    put->meta = {absl::ToUnixMicros(clock_.Now()), caller.token_id};
    put->request = key.id;
    put->body_sha256 = key.body_sha256;
    const auto done = ledger_.Execute(*std::move(put));
    if (done.ok()) return done->request.result;
    if (Sv(done.status().message()) != ledger::kRegistersChanged) return FromLedger(done.status());
  }
  return error::Overloaded();
}

}  // namespace steelyard::registry
