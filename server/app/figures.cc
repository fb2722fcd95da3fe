#include "server/app/figures.h"

#include <sys/resource.h>

#include <filesystem>
#include <system_error>

#include "server/app/operations_service.h"
#include "storage/ledger/publication_log.h"

namespace steelyard::app {
namespace {

double CpuSeconds() {
  rusage used{};
  if (getrusage(RUSAGE_SELF, &used) != 0) return 0;
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

int64_t OpenFiles() {
  std::error_code error;
  int64_t count = 0;
  for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end;
       it.increment(error)) {
    ++count;
  }
  return count;
}

}  // namespace

std::vector<gateway::Figure> ServerFigures(const ledger::Ledger& ledger,
                                           const engine::Database& database) {
  const auto published = ledger::PublicationLog(database).Head();
  const auto state = ledger.state();
  std::vector<gateway::Figure> figures;
  const auto add = [&](const char* name, const char* help, auto value) {
    figures.push_back({name, help, static_cast<double>(value)});
  };
  add("steelyard_healthy", "1 while the store takes commits.", database.healthy() ? 1 : 0);
  add("steelyard_ledger_sequence", "Commits so far.", state->head.sequence);
  if (published.ok()) {
    add("steelyard_published_sequence", "Commits that the publisher has looked at.",
        published->sequence);
    add("steelyard_edition", "Newest edition.", published->edition);
  }
  add("steelyard_purchase_lines", "Lines of purchases, of all councils.", state->head.lines);
  add("process_resident_memory_bytes", "Memory in use.", ResidentBytes());
  add("process_cpu_seconds_total", "Processor time used.", CpuSeconds());
  add("process_open_fds", "Open files and connections.", OpenFiles());
  return figures;
}

}  // namespace steelyard::app
