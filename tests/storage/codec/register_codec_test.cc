#include "storage/codec/register_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/text.h"
#include "tests/support/status_matchers.h"

namespace steelyard::codec {
namespace {

using ::steelyard::testing::StatusIs;

model::Day Day(int year, int month, int day) { return *model::Day::FromYmd(year, month, day); }

model::Provider Cambian() {
  model::Provider p;
  p.id = "cambian";
  p.display_name = "Cambian";
  p.aliases = {"CC Ltd"};
  p.company_number = "01234567";
  p.services = {model::Service::kChildrensHomes, model::Service::kSpecialSchools};
  p.sector = "private";
  p.owners = {{"caretech", Day(2018, 10, 19), std::nullopt}};
  return p;
}

model::Establishment Home() {
  model::Establishment e;
  e.id = "sc012345";
  e.service = model::Service::kChildrensHomes;
  e.provision_type = "Children's home";
  e.council.value = 7;
  e.area.value = 3;
  e.sector = "private";
  e.records = {{Day(2020, 3, 31), model::ProviderNo{300}, 4, model::Registration::kActive}};
  e.judgements = {{Day(2019, 6, 1), model::Judgement::kGood}};
  return e;
}

// Frozen: a change here is a change of the format on disk.
constexpr char kCambian[] =
    "0763616d6269616e"
    "0743616d6269616e"
    "01064343204c7464"
    "083031323334353637"
    "020103"
    "0770726976617465"
    "0108636172657465636801be960200";
constexpr char kHome[] =
    "0873633031323334350001"
    "0f4368696c6472656e277320686f6d650703"
    "0770726976617465"
    "01e09e02ac020801"
    "01809a0202";

TEST(RegisterCodecTest, GoldenBytes) {
  EXPECT_EQ(HexOf(EncodeProvider(Cambian())), kCambian);
  EXPECT_EQ(HexOf(EncodeEstablishment(Home())), kHome);
}

TEST(RegisterCodecTest, EntriesComeBack) {
  ASSERT_OK_AND_ASSIGN(const model::Provider provider, DecodeProvider(EncodeProvider(Cambian())));
  EXPECT_EQ(provider, Cambian());
  ASSERT_OK_AND_ASSIGN(const model::Establishment home,
                       DecodeEstablishment(EncodeEstablishment(Home())));
  EXPECT_EQ(home, Home());
  const model::Establishment empty;
  ASSERT_OK_AND_ASSIGN(const model::Establishment again,
                       DecodeEstablishment(EncodeEstablishment(empty)));
  EXPECT_EQ(again, empty);
}

TEST(RegisterCodecTest, DamageIsTold) {
  const std::string provider = EncodeProvider(Cambian());
  const std::string home = EncodeEstablishment(Home());
  for (size_t size = 0; size < provider.size(); ++size) {
    EXPECT_THAT(DecodeProvider(provider.substr(0, size)), StatusIs(absl::StatusCode::kDataLoss));
  }
  for (size_t size = 0; size < home.size(); ++size) {
    EXPECT_THAT(DecodeEstablishment(home.substr(0, size)), StatusIs(absl::StatusCode::kDataLoss));
  }
  std::string unknown = home;
  unknown.back() = '\x09';  // no such judgement
  EXPECT_THAT(DecodeEstablishment(unknown), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace steelyard::codec
