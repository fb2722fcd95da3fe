#include "client/cli/negotiation_grids.h"

#include <sstream>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"

namespace steelyard::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

v1::Negotiation Parse(const std::string& text) {
  v1::Negotiation n;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &n));
  return n;
}

constexpr char kHead[] = R"(name: "negotiations/keys-hck-1" provider: "providers/keys"
    title: "Fees" services: "childrens-homes" link_authority: "councils/hck" member_count: 3 )";

std::string Printed(const v1::Negotiation& n) {
  std::ostringstream out;
  PrintNegotiation(out, 100, n);
  return out.str();
}

TEST(NegotiationGridsTest, AMemberSeesPositionsMembersAndPacks) {
  const std::string text = Printed(Parse(std::string(kHead) + R"(state: RELEASED quorum: 3
      from_quarter { year: 2024 quarter: 1 } to_quarter { year: 2024 quarter: 4 }
      members { council: "councils/hck" consent_time { seconds: 1770000000 } }
      members { council: "councils/cmd" consent_time { seconds: 1770000000 }
                withdraw_time { seconds: 1770086400 } }
      positions { number: 1 text: "No extras" proposed_by: "councils/cmd"
                  endorsed_by: "councils/hck" }
      packs { number: 1 release_time { seconds: 1771000000 } edition: 7
              content_sha256: "abc" })"));
  EXPECT_THAT(text, HasSubstr("Q1–Q4 2024"));
  EXPECT_THAT(text, HasSubstr("No extras"));
  EXPECT_THAT(text, HasSubstr("Members, former ones too"));
  EXPECT_THAT(text, HasSubstr("3 Feb 2026 02:40 UTC"));
  EXPECT_THAT(text, HasSubstr("Released packs"));
}

TEST(NegotiationGridsTest, OutsideThereIsAHeadAlone) {
  const std::string text = Printed(Parse(std::string(kHead) + "state: OPEN"));
  EXPECT_THAT(text, HasSubstr("keys-hck-1"));
  for (const char* absent : {"Positions", "Members, former", "Released packs", "quorum", "etag"}) {
    EXPECT_THAT(text, Not(HasSubstr(absent)));
  }
}

TEST(NegotiationGridsTest, AReplyOfManyLinesIsOneCellAndWholeForPrograms) {
  const Grid grid = GridOf(Parse(std::string(kHead) + R"(state: WITH_PROVIDER
      reply { send_time { seconds: 1770000000 } due_time { seconds: 1771209600 }
              reply_time { seconds: 1770100000 } text: "We disagree.\r\n\n\tOur costs rose." })"));
  std::ostringstream table;
  grid.Print(table, 100);
  EXPECT_THAT(table.str(), HasSubstr("We disagree. Our costs rose."));
  std::ostringstream csv;
  grid.PrintCsv(csv);
  EXPECT_THAT(csv.str(), HasSubstr("We disagree.\r\n\n\tOur costs rose."));
}

}  // namespace
}  // namespace steelyard::cli
