#include "storage/engine/health.h"

#include <string>

#include "storage/base/log.h"

namespace steelyard::engine {

void Health::Fail(std::string_view what, const rocksdb::Status& status) {
  if (!ok_.exchange(false)) return;
  Log(LogLevel::kError, "store_failed",
      {{"doing", std::string(what)}, {"error", status.ToString()}});
}

void Health::OnBackgroundError(rocksdb::BackgroundErrorReason /*reason*/, rocksdb::Status* status) {
  Fail("background work", *status);
}

void Health::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason /*reason*/,
                                  rocksdb::Status /*status*/, bool* auto_recovery) {
  *auto_recovery = false;
}

}  // namespace steelyard::engine
