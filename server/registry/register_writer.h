#ifndef STEELYARD_SERVER_REGISTRY_REGISTER_WRITER_H_
#define STEELYARD_SERVER_REGISTRY_REGISTER_WRITER_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "server/directory/directory.h"
#include "server/rpc/authorizer.h"
#include "server/rpc/request_key.h"
#include "storage/base/clock.h"
#include "storage/ledger/ledger.h"

namespace steelyard::registry {

// Changes the registers on behalf of requests. Thread-safe; everything given to
// it must outlive it.
class RegisterWriter {
 public:
  // What a request wants changed, seen from the registers as they are; nothing
  // if it turns out that nothing is to be done.
  using Change = std::function<absl::StatusOr<std::optional<ledger::PutRegisters>>(
      const directory::Resolver& resolver)>;

  RegisterWriter(ledger::Ledger& ledger, directory::Directory& directory, Clock& clock)
      : ledger_(ledger), directory_(directory), clock_(clock) {}

  // Makes the change of a request, once however often it is sent, and looks at
  // it anew if the registers changed meanwhile. Returns its `result`; empty if
  // there was nothing to do.
  absl::StatusOr<std::string> Execute(const rpc::Caller& caller, const rpc::RequestKey& key,
                                      const Change& change);

 private:
  ledger::Ledger& ledger_;
  directory::Directory& directory_;
  Clock& clock_;
};

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_REGISTER_WRITER_H_
