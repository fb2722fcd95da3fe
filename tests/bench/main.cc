// steelyard_bench: starts the real server on a temporary folder, loads it and
// measures it. docs/bench.md says how to run it and what its figures mean.

#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/time/clock.h"
#include "tests/bench/bench.h"
#include "tests/bench/forms.h"
#include "tests/support/temp_dir.h"

namespace steelyard::bench {
namespace {

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "steelyard_bench: %s\n", status.ToString().c_str());
  return 1;
}

absl::Status WriteCsv(const World& world, int64_t lines, const std::string& path) {
  std::ofstream out(path);
  WriteCsvHeader(out);
  const std::vector<int64_t> shares = world.Shares(lines);
  for (int body = 0; body < World::kBodies; ++body) {
    for (const Line& line : world.Lines(body, 0, shares[static_cast<size_t>(body)])) {
      WriteCsvLine(world, line, out);
    }
  }
  if (!out.flush()) return absl::UnavailableError("cannot write " + path);
  return absl::OkStatus();
}

// How busy the machine is with other things: figures of a busy one are low.
void PrintMachine() {
  double load[1] = {};
  if (getloadavg(load, 1) != 1) return;
  std::printf("%u processors, load %.1f before the start\n\n", std::thread::hardware_concurrency(),
              load[0]);
}

int Main(int argc, char** argv) {
  CLI::App app{"Loads the real server with made-up lines and measures it."};
  int64_t lines = 1'000'000;
  std::string csv;
  std::string server =
      std::filesystem::read_symlink("/proc/self/exe").replace_filename("steelyardd").string();
  bool check = false;
  app.add_option("--lines", lines, "Lines to load")->check(CLI::Range(1'000, 100'000'000));
  app.add_option("--csv", csv, "Only write the lines here, as CSV for the profile 'steelyard'");
  app.add_option("--server", server, "The server's program")->check(CLI::ExistingFile);
  app.add_flag("--check", check, "Fail if a bar is missed");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }

  const World world;
  if (!csv.empty()) {
    const absl::Status written = WriteCsv(world, lines, csv);
    return written.ok() ? 0 : Fail(written);
  }
  PrintMachine();
  const testing::TempDir folder;
  ServerProcess process(server, folder.path());
  if (const absl::Status made = process.Init(); !made.ok()) return Fail(made);
  Report report;
  const absl::Status done = Bench(world, process, lines, report).Run();
  std::printf("%s\n", report.Table().c_str());
  if (!done.ok()) return Fail(done);
  std::printf("%s\n", report.Json().c_str());
  return check && !report.AllMet() ? 1 : 0;
}

}  // namespace
}  // namespace steelyard::bench

int main(int argc, char** argv) { return steelyard::bench::Main(argc, argv); }
