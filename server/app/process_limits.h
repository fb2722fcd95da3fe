#ifndef STEELYARD_SERVER_APP_PROCESS_LIMITS_H_
#define STEELYARD_SERVER_APP_PROCESS_LIMITS_H_

namespace steelyard::app {

// Keeps the memory of this process, which holds secrets and prices, out of core
// dumps and from debuggers of the same user; lets it have as many files open as
// RocksDB and many clients want, if it may; and has freed memory used again by
// other threads. To be called first.
void LimitProcess();

}  // namespace steelyard::app

#endif  // STEELYARD_SERVER_APP_PROCESS_LIMITS_H_
