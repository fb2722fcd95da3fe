#ifndef STEELYARD_TESTS_EDGE_PROCESS_H_
#define STEELYARD_TESTS_EDGE_PROCESS_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace steelyard::edge {

// A program that runs beside the test, and ends with the object. What it says
// goes to a file. Not thread-safe, but for the figures.
class Process {
 public:
  Process() = default;
  ~Process() { Stop(); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Starts it; `open_files` limits it, if it is not 0. False if it cannot.
  bool Start(const std::vector<std::string>& words, const std::string& log, int open_files = 0);
  // Starts it and waits; its exit status.
  static int Run(const std::vector<std::string>& words, const std::string& log);

  // Asks it to end, and kills it after ten seconds.
  void Stop();
  bool Running();

  // Of the program and its children.
  int64_t ResidentBytes() const;
  double CpuSeconds() const;
  // /proc/PID/limits.
  std::string Limits() const;

 private:
  pid_t pid_ = -1;
};

std::string ReadFile(const std::string& path);

// A loopback port that is free now.
int FreePort();

}  // namespace steelyard::edge

#endif  // STEELYARD_TESTS_EDGE_PROCESS_H_
