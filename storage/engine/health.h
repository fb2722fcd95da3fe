#ifndef STEELYARD_STORAGE_ENGINE_HEALTH_H_
#define STEELYARD_STORAGE_ENGINE_HEALTH_H_

#include <rocksdb/listener.h>

#include <atomic>
#include <string_view>

namespace steelyard::engine {

// Remembers the first failed write. RocksDB's own recovery from errors is kept
// off: a log that failed once is only trusted again after the store was closed
// and replayed. Thread-safe.
class Health final : public rocksdb::EventListener {
 public:
  bool ok() const { return ok_.load(std::memory_order_acquire); }
  // Logs the first failure.
  void Fail(std::string_view what, const rocksdb::Status& status);

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override;
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason reason, rocksdb::Status status,
                            bool* auto_recovery) override;

 private:
  std::atomic<bool> ok_ = true;
};

}  // namespace steelyard::engine

#endif  // STEELYARD_STORAGE_ENGINE_HEALTH_H_
