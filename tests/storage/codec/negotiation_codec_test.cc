#include "storage/codec/negotiation_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/text.h"
#include "tests/support/status_matchers.h"

namespace steelyard::codec {
namespace {

using ::steelyard::testing::StatusIs;

model::Negotiation Full() {
  model::Negotiation n;
  n.id = "keys-hck-1";
  n.create_unix_micros = 1'000'000;
  n.update_unix_micros = 2'000'000;
  n.provider.value = 300;
  n.title = "Fees 2026";
  n.services = {model::Service::kChildrensHomes, model::Service::kSpecialSchools};
  n.from_quarter.number = 276;
  n.to_quarter.number = 309;
  n.quorum = 3;
  n.link_authority.value = 7;
  n.state = model::NegotiationState::kReleased;
  n.members = {{model::CouncilNo{7}, 1'000'000, 0}, {model::CouncilNo{200}, 1'100'000, 1'200'000}};
  n.positions = {{1, "No extras", model::CouncilNo{200}, {model::CouncilNo{7}}}};
  n.reply = model::ProviderReply{1'300'000, 1'400'000, 1'350'000, "No.",
                                 42,        {1},       5,         std::string(32, 'd')};
  n.packs = {{1, 1'500'000, 42, std::string(32, 'h'), 9, {model::CouncilNo{7}}}};
  n.sent_sums = {{model::CouncilNo{7}, model::CouncilNo{200}}};
  n.pack_bytes = "pack";
  return n;
}

// Frozen: a change here is a change of the format on disk.
TEST(NegotiationCodecTest, GoldenBytes) {
  model::Negotiation bare;
  bare.id = "n";
  EXPECT_EQ(HexOf(EncodeNegotiation(bare)),
            "016e00000000000000050001000000"
            "000000");
  EXPECT_EQ(HexOf(EncodeNegotiation(Full())),
            "0a6b6579732d68636b2d3180897a8092f401ac02094665657320323032360201039402b502030703020780"
            "897a00c801c0a3860180be92010101094e6f20657874726173c801010701c0d89e0180f3aa01e0e5a40103"
            "4e6f2e5401010520646464646464646464646464646464646464646464646464646464646464646401"
            "01c08db7015420686868686868686868686868686868686868686868686868686868686868686809"
            "0107010207c801047061636b");
}

TEST(NegotiationCodecTest, ComesBackAsItWas) {
  const std::string bytes = EncodeNegotiation(Full());
  ASSERT_OK_AND_ASSIGN(model::Negotiation back, DecodeNegotiation(bytes));
  EXPECT_EQ(back, Full());
}

TEST(NegotiationCodecTest, DamageIsFound) {
  const std::string bytes = EncodeNegotiation(Full());
  EXPECT_THAT(DecodeNegotiation(bytes + "x"), StatusIs(absl::StatusCode::kDataLoss));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(DecodeNegotiation(std::string_view(bytes).substr(0, size)),
                StatusIs(absl::StatusCode::kDataLoss))
        << size;
  }
}

TEST(NegotiationTest, OnlyThoseWhoDidNotWithdrawAreMembers) {
  const model::Negotiation n = Full();
  EXPECT_EQ(n.ActiveMembers(), std::vector<model::CouncilNo>{model::CouncilNo{7}});
  EXPECT_TRUE(n.IsMember(model::CouncilNo{7}));
  EXPECT_FALSE(n.IsMember(model::CouncilNo{200}));
  EXPECT_FALSE(n.IsMember(model::CouncilNo{1}));
}

}  // namespace
}  // namespace steelyard::codec
