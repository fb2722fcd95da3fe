#ifndef STEELYARD_TESTS_BENCH_SERVER_PROCESS_H_
#define STEELYARD_TESTS_BENCH_SERVER_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace steelyard::bench {

// The real server as a process of its own, on a folder that it is given and a
// loopback port that it picks. Ends with the object. Not thread-safe.
class ServerProcess {
 public:
  // `program` is a steelyardd; `folder` is empty and outlives this.
  ServerProcess(std::string program, std::string folder);
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;
  ~ServerProcess();

  // Makes the store and reads the first steward's token. INTERNAL, with the
  // server's own words, if it fails.
  absl::Status Init();

  // Starts and returns once it serves. INTERNAL, with the server's own words,
  // if it stops; DEADLINE_EXCEEDED if it takes more than a minute.
  absl::Status Start();

  // Asks it to stop and waits; kills it after half a minute. INTERNAL if it
  // did not end well.
  absl::Status Stop();

  // Processor time since the last Start, microseconds, in steps of 10 ms. Says
  // what work costs on a machine that has other things to do.
  double CpuMicros() const;

  // HOST:PORT since the last Start.
  const std::string& address() const { return address_; }
  const std::string& steward_token() const { return token_; }

 private:
  absl::Status Spawn(const std::vector<std::string>& arguments);
  // The last lines that the server wrote.
  std::string Words() const;

  const std::string program_;
  const std::string folder_;
  std::string address_;
  std::string token_;
  pid_t pid_ = -1;
};

}  // namespace steelyard::bench

#endif  // STEELYARD_TESTS_BENCH_SERVER_PROCESS_H_
