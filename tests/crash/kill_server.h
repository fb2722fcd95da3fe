#ifndef STEELYARD_TESTS_CRASH_KILL_SERVER_H_
#define STEELYARD_TESTS_CRASH_KILL_SERVER_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace steelyard::crash {

// The real steelyardd as a process to be killed, on a folder of its own and a
// loopback address that it keeps over restarts. Ends with the object. Used by
// one thread, which must outlive the process.
class KillServer {
 public:
  // `program` is a steelyardd; `folder` is empty and outlives this.
  KillServer(std::string program, std::string folder);
  KillServer(const KillServer&) = delete;
  KillServer& operator=(const KillServer&) = delete;
  ~KillServer();

  // Makes the store. INTERNAL, with the server's own words, if it fails; the
  // same for all that follow.
  absl::Status Init();
  // Begins to start with a cache of so many MiB: a small one writes to its
  // files more often.
  absl::Status Launch(int cache_mib);
  // Waits until it serves.
  absl::Status WaitReady();
  // Kills it with SIGKILL at whatever it is doing, and waits.
  void Kill();
  // Asks it to stop, and waits.
  absl::Status Stop();
  // What `steelyardd verify` says about the store, which must be stopped.
  absl::StatusOr<std::string> Verify();

  // Is HOST:PORT once WaitReady has succeeded.
  const std::string& address() const { return address_; }
  const std::string& steward_token() const { return token_; }
  std::string data_dir() const { return folder_ + "/data"; }

 private:
  void Configure(int cache_mib) const;
  absl::Status Spawn(std::vector<std::string> arguments, const std::string& output);
  // Waits for the process, kills it after `longest`; its exit status.
  int Wait(absl::Duration longest);
  absl::Status Failed(std::string_view what, int status) const;

  const std::string program_;
  const std::string folder_;
  std::string address_;
  std::string token_;
  pid_t pid_ = -1;
};

}  // namespace steelyard::crash

#endif  // STEELYARD_TESTS_CRASH_KILL_SERVER_H_
