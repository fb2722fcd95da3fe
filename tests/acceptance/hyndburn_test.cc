// Nine layouts in which one council published its payments over the years. A
// payment is no purchase (no product, no packs), so every row is refused; what
// matters is that it is read right and refused clearly.

#include <algorithm>
#include <cstdio>

#include "gtest/gtest.h"
#include "tests/acceptance/files.h"
#include "tests/acceptance/sending.h"

namespace steelyard::acceptance {
namespace {

// A layout: where its header is, its column of amounts by name or, without a
// header, by position among the 17 of March 2025.
struct Layout {
  const char* file;
  const char* profile;
  int64_t header;
  const char* amounts;
};
constexpr Layout kLayouts[] = {
    {"1700664724wpdm_May-2023-csv", "hyndburn-spend", 2, "Net Amount (\xC2\xA3)"},
    {"1703", "hyndburn-spend", 1, "Net Amount(\x9C)"},
    {"1711", "hyndburn-spend", 1, "Net Amount(\xA3)"},
    {"2005", "hyndburn-spend", 1, "Net Amount(\xA3)"},
    {"August-24", "hyndburn-spend", 1, "Amount Paid"},
    {"February-2023-csv", "hyndburn-spend", 1, "Net Amount(\xA3)"},
    {"March-25-CSV", "hyndburn-spend-2025", 1, "17"},
    {"October-2021-csv", "hyndburn-spend", 1, "Net Amount(\xA3)"},
    {"September-2022", "hyndburn-spend", 1, "Net Amount"},
};

// What the file itself says.
struct Ledger {
  size_t rows = 0;
  int64_t paid_micros = 0;  // amounts above zero
  size_t credits = 0;       // amounts below zero
};

Ledger ReadLedger(const std::string& path, const Layout& layout) {
  const bool headless = std::string(layout.amounts) == "17";
  std::string text = ReadWhole(path);
  if (headless) text = "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\n" + text;
  const Csv csv(text, ',', layout.header);
  Ledger ledger;
  for (size_t i = 0; i < csv.rows(); ++i) {
    std::string amount = csv.at(i, layout.amounts);
    const bool header_again = headless && csv.at(i, "1") == "Department Area";
    if (csv.blank(i) || header_again) continue;
    ++ledger.rows;
    std::erase(amount, ' ');
    if (amount.empty()) continue;
    const int64_t micros = Micros(amount);
    ledger.paid_micros += std::max<int64_t>(0, micros);
    ledger.credits += micros < 0 ? 1 : 0;
  }
  return ledger;
}

TEST(HyndburnTest, NineLayoutsAreReadRightAndRefusedClearly) {
  if (DataFolder().empty()) {
    GTEST_SKIP() << "the folder ../shared/data with published files is not here";
  }
  testing::TestServer server;
  Steward steward(server);
  size_t rows = 0;
  for (const Layout& layout : kLayouts) {
    SCOPED_TRACE(layout.file);
    const std::string path =
        DataFolder() + "council_spend/hyndburn_original_" + layout.file + ".csv";
    const Ledger ledger = ReadLedger(path, layout);
    const Sent sent = steward.Send(path, layout.profile, "councils/hyn");
    sent.Print(std::string("Hyndburn, ") + layout.file);
    EXPECT_EQ(sent.lines.size(), ledger.rows);
    EXPECT_EQ(sent.accepted(), 0);
    EXPECT_EQ(sent.rejected(), static_cast<int64_t>(ledger.rows));
    EXPECT_EQ(sent.finished.total().received_lines(), 0);
    int64_t paid = 0;
    size_t without_amount = 0;
    for (const importing::ImportedLine& line : sent.lines) {
      paid += std::max<int64_t>(0, line.purchase.pack_price_micros());
      without_amount += line.purchase.pack_price_micros() <= 0 ? 1 : 0;
      const bool clear =
          std::any_of(line.problems.begin(), line.problems.end(), [&](const v1::Problem& problem) {
            return problem.row() == line.row && problem.field() == "product" &&
                   !problem.message().empty() && !problem.expected().empty();
          });
      EXPECT_TRUE(clear) << line.row;
    }
    EXPECT_EQ(paid, ledger.paid_micros);
    EXPECT_GE(without_amount, ledger.credits);
    std::printf("  amounts read: %.2f GBP, as in the file; %zu credit notes refused\n",
                static_cast<double>(paid) / 1e6, ledger.credits);
    rows += sent.lines.size();
  }
  std::printf("\nNine layouts: %zu rows read, all refused as no purchases\n", rows);
}

}  // namespace
}  // namespace steelyard::acceptance
