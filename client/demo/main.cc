// steelyard-demo: made-up purchases to try Steelyard on, the same every time.

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/strings/numbers.h"
#include "client/demo/files.h"
#include "client/demo/provider_files.h"

namespace steelyard::demo {
namespace {

constexpr char kUsage[] =
    "steelyard-demo --out DIR [--lines N] [--seed S]\n"
    "\n"
    "Writes demonstration data to DIR: suppliers.csv for `steelyard registry load\n"
    "suppliers`, purchases.csv for `steelyard purchases upload --council -`, and\n"
    "purchases-with-errors.csv for `steelyard purchases upload --council ken`;\n"
    "providers.csv for `steelyard registry load providers`, outcomes.csv for\n"
    "`steelyard outcomes upload --council -`, outcomes-with-errors.csv for\n"
    "`steelyard outcomes upload --council ken`, and payments/COUNCIL.csv for\n"
    "`steelyard spend import --council COUNCIL`.\n"
    "About N lines, 30,000 if not said; the same for the same N and S.\n";

struct Options {
  std::string out;
  int lines = 30'000;
  uint64_t seed = 2020;
};

bool Parse(int argc, char** argv, Options& options) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--out") {
      options.out = value;
    } else if (name == "--lines") {
      if (!absl::SimpleAtoi(value, &options.lines)) return false;
    } else if (name == "--seed") {
      if (!absl::SimpleAtoi(value, &options.seed)) return false;
    } else {
      return false;
    }
  }
  return argc % 2 == 1 && !options.out.empty() && options.lines >= 1'000 &&
         options.lines <= 1'000'000;
}

template <typename Write>
bool WriteFile(const std::filesystem::path& path, const Write& write) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  write(out);
  out.flush();
  if (!out) std::cerr << "steelyard-demo: cannot write " << path.string() << "\n";
  return static_cast<bool>(out);
}

bool WriteAllPayments(const std::filesystem::path& folder, const std::vector<Payment>& payments) {
  std::string_view written;
  for (const Payment& payment : payments) {
    const std::string_view council = payment.council->id;
    if (council == written) continue;
    written = council;
    if (!WriteFile(folder / (std::string(council) + ".csv"),
                   [&](auto& file) { WritePayments(file, payments, council); })) {
      return false;
    }
  }
  return true;
}

int Run(const Options& options) {
  const std::vector<Council> councils = MakeCouncils(options.seed);
  const std::vector<Supplier> suppliers = MakeSuppliers(options.seed);
  const std::vector<Line> lines = MakePurchases(options.seed, options.lines, councils, suppliers);
  const std::vector<Provider> providers = MakeProviders(options.seed);
  const std::vector<Report> reports = MakeReports(options.seed, councils, providers);
  const std::vector<Payment> payments = MakePayments(options.seed, reports);
  const std::filesystem::path out = options.out;
  std::error_code ignored;
  std::filesystem::create_directories(out / "payments", ignored);
  const bool written =
      WriteFile(out / "suppliers.csv", [&](auto& file) { WriteSuppliers(file, suppliers); }) &&
      WriteFile(out / "purchases.csv", [&](auto& file) { WritePurchases(file, lines); }) &&
      WriteFile(out / "purchases-with-errors.csv",
                [&](auto& file) { WritePurchasesWithErrors(file, lines); }) &&
      WriteFile(out / "providers.csv", [&](auto& file) { WriteProviders(file, providers); }) &&
      WriteFile(out / "outcomes.csv", [&](auto& file) { WriteReports(file, reports); }) &&
      WriteFile(out / "outcomes-with-errors.csv",
                [&](auto& file) { WriteReportsWithErrors(file, reports); }) &&
      WriteAllPayments(out / "payments", payments);
  if (!written) return 1;
  std::cout << "Demonstration data, all of it made up: " << lines.size() << " purchase lines and "
            << suppliers.size() << " suppliers, " << reports.size() << " outcome reports of "
            << providers.size() << " providers and " << payments.size() << " payments in "
            << options.out << "\n";
  return 0;
}

}  // namespace
}  // namespace steelyard::demo

int main(int argc, char** argv) {
  steelyard::demo::Options options;
  if (argc == 2 && std::string(argv[1]) == "--help") {
    std::cout << steelyard::demo::kUsage;
    return 0;
  }
  if (!steelyard::demo::Parse(argc, argv, options)) {
    std::cerr << steelyard::demo::kUsage;
    return 2;
  }
  return steelyard::demo::Run(options);
}
