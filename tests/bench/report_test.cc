#include "tests/bench/report.h"

#include "gmock/gmock.h"

namespace steelyard::bench {
namespace {

using ::testing::HasSubstr;

TEST(ReportTest, JsonHasEveryKeyInOrderAndNullForWhatIsMissing) {
  Report report;
  report.Set("lines", 1'000'000);
  report.Set("benchmark_p50_us", 234.56);
  report.Set("restart_ms", 12.345);
  report.Set("publish_lag_ms", 5);  // in the table alone
  EXPECT_EQ(report.Json(),
            R"({"lines":1000000,"empty_rpc_p50_us":null,"empty_rpc_rps_16":null,)"
            R"("benchmark_p50_us":235,"benchmark_p99_us":null,"benchmark_hot_p50_us":null,)"
            R"("benchmark_rps_16":null,"trend_p50_us":null,"region_p50_us":null,)"
            R"("savings_p50_us":null,"provider_p50_us":null,"upload_lines_per_s":null,)"
            R"("upload_16_lines_per_s":null,"unary_write_rps_64":null,"unary_write_p99_us":null,)"
            R"("freshness_p99_ms":null,"benchmark_p99_under_upload_us":null,"rss_mib":null,)"
            R"("store_bytes_per_line":null,"restart_ms":12.3})");
}

TEST(ReportTest, BarsAreMetOrMissedByRatio) {
  Report report;
  EXPECT_TRUE(report.AllMet()) << "nothing is measured, nothing is missed";
  report.Set("empty_rpc_p50_us", 100);
  report.Set("benchmark_p50_us", 300);
  EXPECT_TRUE(report.AllMet());
  EXPECT_THAT(report.Table(), HasSubstr("3.00       3.00  pass"));
  report.Set("benchmark_p50_us", 301);
  EXPECT_FALSE(report.AllMet());
  EXPECT_THAT(report.Table(), HasSubstr("3.01       3.00  MISS"));
}

TEST(ReportTest, RatesMustNotBeLower) {
  Report report;
  report.Set("upload_lines_per_s", 50'000);
  EXPECT_TRUE(report.AllMet());
  report.Set("upload_lines_per_s", 49'999);
  EXPECT_FALSE(report.AllMet());
}

}  // namespace
}  // namespace steelyard::bench
