#ifndef STEELYARD_SERVER_LINES_CONTEXT_H_
#define STEELYARD_SERVER_LINES_CONTEXT_H_

#include <memory>

#include "server/directory/directory.h"
#include "server/rpc/authorizer.h"
#include "server/rpc/executor.h"
#include "storage/base/clock.h"
#include "storage/ledger/ledger.h"

namespace steelyard::lines {

class UploadWatch;

// What every service of lines works with; outlives them all.
struct LineContext {
  ledger::Ledger& ledger;
  directory::Directory& directory;
  Clock& clock;
  rpc::Authorizer& authorizer;
  rpc::Executor& executor;
  UploadWatch& watch;

  ledger::Meta Now(const rpc::Caller& caller) const {
    return {absl::ToUnixMicros(clock.Now()), caller.token_id};
  }
};

// What lines are checked against, at one moment.
struct Setting {
  std::shared_ptr<const directory::Resolver> resolver;
  model::Policy policy;
  model::Day today;  // decides what lies in the future
};
Setting SettingOf(const LineContext& context);

}  // namespace steelyard::lines

#endif  // STEELYARD_SERVER_LINES_CONTEXT_H_
