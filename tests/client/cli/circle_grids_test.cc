#include "client/cli/circle_grids.h"

#include <sstream>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace steelyard::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

std::string Printed(const Grid& grid) {
  std::ostringstream out;
  grid.Print(out, 120);
  return out.str();
}
std::string Csv(const Grid& grid) {
  std::ostringstream out;
  grid.PrintCsv(out);
  return out.str();
}

TEST(CircleGridsTest, AMemberSeesTermsAndConsents) {
  const auto circle = Parse<v1::Circle>(R"(name: "circles/ppe-hck-1" etag: "\"e\""
      terms { title: "PPE" all_products: true providers: "providers/keys" fields: UNIT_PRICE
              fields: WEEKLY_FEE from_month { year: 2024 month: 1 }
              to_month { year: 2024 month: 12 } expire_date { year: 2026 month: 12 day: 31 }
              invited_councils: "councils/hck" invited_councils: "councils/cmd" }
      terms_sha256: "abc" lead_council: "councils/hck" state: OPEN member_count: 1
      members { council: "councils/hck" consent_time { seconds: 1770000000 } }
      members { council: "councils/cmd" consent_time { seconds: 1770000000 }
                withdraw_time { seconds: 1770086400 } })");
  std::ostringstream out;
  PrintCircle(out, 100, circle);
  for (const char* words : {"unit price, weekly fee", "Jan–Dec 2024", "31 Dec 2026", "hck, cmd",
                            "Consents, withdrawn ones too", "3 Feb 2026 02:40 UTC", "abc"}) {
    EXPECT_THAT(out.str(), HasSubstr(words));
  }
}

TEST(CircleGridsTest, OutsideThereIsAHeadAlone) {
  const auto circle = Parse<v1::Circle>(R"(name: "circles/ppe-hck-1" terms { title: "PPE" }
      lead_council: "councils/hck" state: OPEN member_count: 3)");
  std::ostringstream out;
  PrintCircle(out, 100, circle);
  EXPECT_THAT(out.str(), HasSubstr("ppe-hck-1"));
  for (const char* absent : {"Consents", "months", "any council", "etag"}) {
    EXPECT_THAT(out.str(), Not(HasSubstr(absent)));
  }
}

TEST(CircleGridsTest, FiguresHaveTheColumnsThatTheTermsGive) {
  const auto reply = Parse<v1::ListCircleFiguresResponse>(R"(figures {
      council: "councils/hck" product: "products/mask" base_unit: PIECE
      from_month { year: 2024 month: 1 } to_month { year: 2024 month: 3 } currency_code: "GBP"
      mean_unit_price_micros: 120000 spend_micros: 60000000
      delivery { due_lines: 4 on_time_lines: 3 fill_rate: 0.975 rejected_share: 0.02 } })");
  const std::string text = Printed(GridOf(reply.figures()));
  for (const char* words :
       {"hck", "mask", "Jan–Mar 2024", "£0.12", "£60.00", "3 of 4", "97.5%", "2.0%", "piece"}) {
    EXPECT_THAT(text, HasSubstr(words));
  }
  for (const char* absent : {"Units", "Placements", "Weekly fee", "Provider", "Currency"}) {
    EXPECT_THAT(text, Not(HasSubstr(absent)));
  }
  const std::string csv = Csv(GridOf(reply.figures()));
  EXPECT_THAT(csv, HasSubstr("2024-01..2024-03,0.12,60.00,GBP"));
  EXPECT_THAT(csv, HasSubstr("on_time_lines,due_lines,"));
  EXPECT_THAT(csv, HasSubstr(",3,4,0.975,0.02,")) << "3/4 would be a day in a spreadsheet";
}

TEST(CircleGridsTest, ExposuresAndLooksSayWho) {
  const auto exposed = Parse<v1::ListExposuresResponse>(R"(exposures {
      source: "negotiations/keys-hck-1" council: "councils/cmd"
      terms { providers: "providers/keys" fields: SPEND from_month { year: 2024 month: 1 }
              to_month { year: 2024 month: 12 } } start_time { seconds: 1770000000 } })");
  const std::string text = Printed(GridOf(exposed.exposures()));
  EXPECT_THAT(text, HasSubstr("negotiations/keys-hck-1"));
  EXPECT_THAT(text, HasSubstr("spend"));
  EXPECT_THAT(text, Not(HasSubstr("Ended")));
  const auto looks = Parse<v1::ListLooksResponse>(R"(looks { council: "councils/cmd"
      principal: "tokens/tabc" source: "circles/ppe-hck-1" times: 2
      time { seconds: 1770000000 } })");
  EXPECT_THAT(Csv(GridOf(looks.looks())),
              HasSubstr("2026-02-02T02:40:00Z,cmd,tabc,circles/ppe-hck-1,2"));
}

}  // namespace
}  // namespace steelyard::cli
