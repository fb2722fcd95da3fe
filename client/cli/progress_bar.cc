#include "client/cli/progress_bar.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/words.h"

namespace steelyard::cli {
namespace {
constexpr int kCells = 24;
constexpr char kToLineStartAndClear[] = "\r\x1b[K";
}  // namespace

std::string ProgressLine(const std::string& label, int64_t done, int64_t total,
                         absl::Duration taken) {
  std::string line = label + "  ";
  if (total > 0) {
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const int full = static_cast<int>(share * kCells);
    for (int i = 0; i < kCells; ++i) line += i < full ? "█" : "░";
    absl::StrAppendFormat(&line, "  %3d%%  %s of %s", static_cast<int>(share * 100),
                          CountWords(done), CountOf(total, "line", "lines"));
  } else {
    absl::StrAppend(&line, CountOf(done, "line", "lines"));
  }
  const double seconds = absl::ToDoubleSeconds(taken);
  if (seconds < 1 || done == 0) return line;
  const double rate = static_cast<double>(done) / seconds;
  absl::StrAppend(&line, "  ", CountWords(static_cast<int64_t>(rate)), " a second");
  if (const double left = static_cast<double>(total - done) / rate; total > done && left >= 1) {
    absl::StrAppendFormat(
        &line, "  %s left",
        left < 90 ? absl::StrFormat("%.0f s", left) : absl::StrFormat("%.0f min", left / 60));
  }
  return line;
}

ProgressBar::ProgressBar(Terminal& terminal, std::string label, int64_t total)
    : terminal_(terminal), label_(std::move(label)), total_(total) {}

ProgressBar::~ProgressBar() { Clear(); }

void ProgressBar::Update(int64_t done) {
  if (!terminal_.watched) return;
  const absl::Time now = absl::Now();
  if (now - drawn_ < absl::Milliseconds(100) && done != total_) return;
  drawn_ = now;
  terminal_.err << kToLineStartAndClear << ProgressLine(label_, done, total_, now - start_)
                << std::flush;
}

void ProgressBar::Say(const std::string& line) {
  Clear();
  terminal_.err << line << std::endl;
}

void ProgressBar::Clear() {
  if (terminal_.watched && drawn_ != absl::InfinitePast()) {
    terminal_.err << kToLineStartAndClear << std::flush;
  }
}

}  // namespace steelyard::cli
