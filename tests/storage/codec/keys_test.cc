#include "storage/codec/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/text.h"

namespace steelyard::codec {
namespace {

using model::CouncilNo;
using model::LineNo;

FactKey Fact(uint32_t product, int month, uint16_t council, uint32_t line) {
  FactKey key;
  key.series = {model::ProductNo{product}, model::Currency::Gbp(), 2020};
  key.council = CouncilNo{council};
  key.month = *model::Month::FromYm(2020, month);
  key.line = LineNo{line};
  return key;
}

// Frozen: a change here is a change of the format on disk.
TEST(KeysTest, GoldenBytes) {
  EXPECT_EQ(HexOf(LineKey(CouncilNo{258}, "PO-1/7")), "0102504f2d312f37");
  EXPECT_EQ(HexOf(VersionKey(CouncilNo{1}, LineNo{2}, 1)), "000100000002fffffffe");
  EXPECT_EQ(HexOf(Encode(Fact(7, 4, 258, 9))),
            "000000071c50"
            "14"
            "0102"
            "04"
            "00000009");
  EXPECT_EQ(HexOf(FactHistoryKey(Fact(7, 4, 258, 9), 5)),
            "000000071c50"
            "14"
            "0102"
            "04"
            "00000009"
            "0000000000000005");
  EXPECT_EQ(HexOf(SubmissionKey(CouncilNo{1}, 3)), "000100000003");
  const std::string uuid(16, 'u');
  EXPECT_EQ(HexOf(UploadKey(CouncilNo{258}, uuid)), "0102" + HexOf(uuid));
  EXPECT_EQ(HexOf(UploadChunkKey(CouncilNo{258}, uuid, 3)), "0102" + HexOf(uuid) + "00000003");
  EXPECT_EQ(HexOf(UploadHashKey(CouncilNo{258}, uuid, 3)), "0102" + HexOf(uuid) + "0000000301");
  EXPECT_EQ(HexOf(StagedUploadsKey(CouncilNo{258})), "0102");
  EXPECT_EQ(HexOf(AuditKey(1)), "0000000000000001");
  EXPECT_EQ(HexOf(TouchedKey(1)), "740000000000000001");
  EXPECT_EQ(HexOf(AdmittedKey(Fact(7, 4, 1, 1).series)), "61000000071c5014");
  EXPECT_EQ(HexOf(OutcomePlanKey({model::Service::kFostering, 2024})), "6f0218");
  EXPECT_EQ(HexOf(OutcomeAdmittedKey({model::Service::kFostering, 2024}, 258)), "67021800000102");
  EXPECT_EQ(RegistersVersionKey(), "registers");
  EXPECT_EQ(HexOf(CouncilHeadKey(CouncilNo{1})), HexOf("council") + "0001");
  EXPECT_EQ(HexOf(RegisterKey(RegisterKind::kSupplier, 1)), "0400000001");
  EXPECT_EQ(HexOf(RegisterKey(RegisterKind::kProvider, 2)), "0500000002");
  EXPECT_EQ(HexOf(RegisterKey(RegisterKind::kEstablishment, 3)), "0600000003");
}

TEST(KeysTest, FactKeysSortByProductYearCouncilMonth) {
  EXPECT_LT(Encode(Fact(1, 12, 9, 9)), Encode(Fact(2, 1, 1, 1)));
  EXPECT_LT(Encode(Fact(1, 12, 1, 9)), Encode(Fact(1, 1, 2, 1)));
  EXPECT_LT(Encode(Fact(1, 2, 1, 9)), Encode(Fact(1, 11, 1, 1)));
  EXPECT_LT(Encode(Fact(1, 2, 1, 9)), Encode(Fact(1, 2, 1, 256)));
}

TEST(KeysTest, OutcomeFactKeysAreFrozenAndComeBack) {
  const OutcomeFactKey key{{model::Service::kFostering, 2024},
                           CouncilNo{258},
                           *model::Month::FromYm(2024, 10),
                           LineNo{9}};
  EXPECT_EQ(HexOf(Encode(key)), "021801020a00000009");
  EXPECT_EQ(HexOf(FactHistoryKey(key, 5)), "021801020a000000090000000000000005");
  EXPECT_EQ(HexOf(OutcomeFactPrefix(key.year, key.council)), "02180102");
  EXPECT_EQ(DecodeOutcomeFactKey(Encode(key)), key);
  EXPECT_EQ(FactHistoryEnd(FactHistoryKey(key, 5)), 5u);
  EXPECT_EQ(DecodeOutcomeFactKey("short"), std::nullopt);
  // November begins no quarter.
  EXPECT_EQ(DecodeOutcomeFactKey(std::string("\2\x18\1\2\xb\0\0\0\x9", 9)), std::nullopt);
}

TEST(KeysTest, NewestVersionComesFirst) {
  EXPECT_LT(VersionKey(CouncilNo{1}, LineNo{1}, 2), VersionKey(CouncilNo{1}, LineNo{1}, 1));
}

TEST(KeysTest, FactKeyComesBack) {
  const FactKey key = Fact(70000, 11, 400, 123456);
  EXPECT_EQ(DecodeFactKey(Encode(key)), key);
  EXPECT_EQ(FactHistoryEnd(FactHistoryKey(key, 77)), 77u);
  EXPECT_EQ(DecodeFactKey("short"), std::nullopt);
}

TEST(KeysTest, DocumentKeysAreFrozenAndComeBack) {
  const std::string key = DocumentKey(DocumentKind::kPaymentSource, "ken/may", 3);
  EXPECT_EQ(key, std::string("\x02ken/may\0\xff\xff\xff\xfc", 13));
  EXPECT_EQ(DocumentKey(DocumentKind::kCircle, "c", 1), std::string("\x04"
                                                                    "c\0\xff\xff\xff\xfe",
                                                                    7));
  const auto name = DecodeDocumentKey(key);
  ASSERT_TRUE(name);
  EXPECT_EQ(name->id, "ken/may");
  EXPECT_EQ(name->revision, 3u);
  EXPECT_LT(DocumentKey(DocumentKind::kNegotiation, "a", 2),
            DocumentKey(DocumentKind::kNegotiation, "a", 1));
  EXPECT_EQ(DecodeDocumentKey("short"), std::nullopt);
}

TEST(KeysTest, PrefixEndIsTheNextPrefix) {
  EXPECT_EQ(PrefixEnd("ab"), "ac");
  EXPECT_EQ(PrefixEnd(std::string("a\xff", 2)), "b");
  EXPECT_EQ(PrefixEnd("\xff"), "");
}

TEST(KeysTest, UuidComesBackInLowerCase) {
  const std::string bytes = UuidBytes("3F2504E0-4F89-41D3-9A0C-0305E82C3301");
  EXPECT_EQ(bytes.size(), 16u);
  EXPECT_EQ(UuidText(bytes), "3f2504e0-4f89-41d3-9a0c-0305e82c3301");
}

}  // namespace
}  // namespace steelyard::codec
