#include "client/cli/problem_report.h"

#include <sstream>

#include "gmock/gmock.h"

namespace steelyard::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Problem MakeProblem(int64_t row, v1::Problem::Severity severity, const std::string& code,
                        const std::string& field, const std::string& found,
                        const std::string& message) {
  v1::Problem problem;
  problem.set_row(row);
  problem.set_reference("PO-" + std::to_string(row));
  problem.set_field(field);
  problem.set_found(found);
  problem.set_severity(severity);
  problem.set_code(code);
  problem.set_message(message);
  return problem;
}

class ProblemReportTest : public ::testing::Test {
 protected:
  std::string Printed(const ProblemReport& report, Format format, size_t most = 50,
                      const std::string& advice = "") {
    std::ostringstream out;
    Terminal terminal{.out = out, .err = out, .width = 78};
    report.Print(terminal, format, most, advice);
    return out.str();
  }

  ProblemReport Three() {
    ProblemReport report;
    report.Add(MakeProblem(9, v1::Problem::ERROR, "PRODUCT_UNKNOWN", "product", "glov",
                           "No product is called glov; search the register."));
    report.Add(MakeProblem(4, v1::Problem::ERROR, "PRODUCT_UNKNOWN", "product", "msk",
                           "No product is called msk; search the register."));
    report.Add(MakeProblem(7, v1::Problem::CONFIRM, "PRICE_UNUSUAL", "pack_price_micros", "1200.00",
                           "The price is tenfold off; check it, then confirm it."));
    report.Sort();
    return report;
  }
};

TEST_F(ProblemReportTest, PrintsRowsInOrderAndWhatTheyAddUpTo) {
  EXPECT_EQ(Printed(Three(), Format::kTable),
            R"(Row           Reference  Field       Found    What to do
───  ───────  ─────────  ──────────  ───────  ────────────────────────────────
  4  error    PO-4       product     msk      No product is called msk; search
                                              the register.
  7  confirm  PO-7       pack price  1200.00  The price is tenfold off; check
                                              it, then confirm it.
  9  error    PO-9       product     glov     No product is called glov;
                                              search the register.

Times           Problem          First in row
─────  ───────  ───────────────  ────────────
    2  error    product unknown             4
    1  confirm  price unusual               7

)");
}

TEST_F(ProblemReportTest, FieldsAreCalledWhatTheyAreOnAForm) {
  ProblemReport report;
  for (const char* field : {"deliveries[1].date", "ratings[2].level", "ratings[health].level"}) {
    report.Add(MakeProblem(1, v1::Problem::ERROR, "X", field, "", "."));
  }
  const std::string text = Printed(report, Format::kTable);
  for (const char* words : {"delivery 2", "rating 3", "health level"}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
  EXPECT_THAT(text, Not(HasSubstr("[")));
}

TEST_F(ProblemReportTest, CountsRowsNotProblems) {
  ProblemReport report = Three();
  report.Add(
      MakeProblem(4, v1::Problem::ERROR, "PACKS_RANGE", "packs", "0", "Packs are 1 or more."));
  report.Add(
      MakeProblem(5, v1::Problem::WARNING, "VAT_RATE", "vat_rate_basis_points", "17.5", "."));
  EXPECT_EQ(report.errors(), 2);
  EXPECT_EQ(report.warnings(), 1);
  EXPECT_EQ(report.rows_to_confirm(), (std::set<int64_t>{7}));
}

TEST_F(ProblemReportTest, IsCutWithAPointerToTheRest) {
  const std::string text = Printed(Three(), Format::kTable, 1, "Say --rejects FILE.");
  EXPECT_THAT(text, HasSubstr("… and 2 more. Say --rejects FILE.\n"));
  EXPECT_THAT(text, Not(HasSubstr("PO-9")));
  EXPECT_THAT(text, HasSubstr("2  error    product unknown"));
}

TEST_F(ProblemReportTest, HoldsEverythingForPrograms) {
  EXPECT_THAT(Printed(Three(), Format::kCsv, 1),
              HasSubstr("9,ERROR,PRODUCT_UNKNOWN,PO-9,product,glov,,"
                        "No product is called glov; search the register.\r\n"));
  const std::string json = Printed(Three(), Format::kJson, 1);
  EXPECT_EQ(json.substr(0, 2), "[\n");
  EXPECT_THAT(json, HasSubstr("\"row\": \"9\""));
  EXPECT_EQ(Printed(ProblemReport(), Format::kJson), "[]\n");
  EXPECT_EQ(Printed(ProblemReport(), Format::kTable), "");
}

}  // namespace
}  // namespace steelyard::cli
