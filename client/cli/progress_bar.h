#ifndef STEELYARD_CLIENT_CLI_PROGRESS_BAR_H_
#define STEELYARD_CLIENT_CLI_PROGRESS_BAR_H_

#include <cstdint>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/cli/terminal.h"

namespace steelyard::cli {

// One line on the error stream that is drawn over and over; nothing at all
// unless a person watches. Goes away with the object.
class ProgressBar {
 public:
  // `label` says what is being done; `total` may be 0 when it is not known.
  ProgressBar(Terminal& terminal, std::string label, int64_t total);
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar();

  // Draws at most ten times a second.
  void Update(int64_t done);
  // Says something above the bar, whether anybody watches or not.
  void Say(const std::string& line);

 private:
  void Clear();

  Terminal& terminal_;
  const std::string label_;
  const int64_t total_;
  const absl::Time start_ = absl::Now();
  absl::Time drawn_ = absl::InfinitePast();
};

// What the bar says, for example
// `Sending  ███████░░░░░  58%  580,000 of 1,000,000 lines  52,100 a second`.
std::string ProgressLine(const std::string& label, int64_t done, int64_t total,
                         absl::Duration taken);

}  // namespace steelyard::cli

#endif  // STEELYARD_CLIENT_CLI_PROGRESS_BAR_H_
