#include "storage/codec/record_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/base/text.h"
#include "storage/codec/register_codec.h"
#include "tests/support/status_matchers.h"

namespace steelyard::codec {
namespace {

using ::steelyard::testing::StatusIs;

const std::string kHash(32, 'h');

template <typename T, typename Decode>
void ExpectComesBack(const T& value, const std::string& bytes, Decode decode) {
  ASSERT_OK_AND_ASSIGN(T back, decode(bytes));
  EXPECT_EQ(back, value);
  EXPECT_THAT(decode(bytes + "x"), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(decode(std::string_view(bytes).substr(0, bytes.size() - 1)),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST(RecordCodecTest, HeadsComeBack) {
  const LedgerHead ledger{42, kHash, 1'600'000'000'000'000, 7};
  ExpectComesBack(ledger, Encode(ledger), DecodeLedgerHead);
  const CouncilHead council{3, kHash, 100, 4, 99};
  ExpectComesBack(council, Encode(council), DecodeCouncilHead);
}

TEST(RecordCodecTest, RequestsAndUploadsComeBack) {
  const RequestRecord request{kHash, 5, {{"PO-1", 1}, {"PO-2", 3}}, "tokens/t1"};
  ExpectComesBack(request, Encode(request), DecodeRequest);
  UploadState upload;
  upload.body_sha256 = kHash;
  upload.mode = model::SubmissionMode::kValidLines;
  upload.next_chunk = 8;
  upload.total = {1, 2, 3, 4, 5};
  upload.parts = {{model::CouncilNo{7}, 2, {1, 2, 3, 4, 5}}};
  ExpectComesBack(upload, Encode(upload), DecodeUpload);
  const std::vector<StagedUpload> staged = {{std::string(16, 'u'), 5, 300}, {"v", 6, 0}};
  ExpectComesBack(staged, Encode(staged), DecodeStagedUploads);
  EXPECT_EQ(HexOf(Encode(std::vector<StagedUpload>{{"u", 5, 300}})), "0101750aac02");
  const std::vector<StagedLine> lines = {{model::CouncilNo{7}, 12, 18353, "PO-1", "content"}};
  ExpectComesBack(lines, Encode(lines), DecodeStaged);
}

// Records of purchases are those of before there was anything else: frozen.
TEST(RecordCodecTest, WhatIsOfOutcomesIsSaidAfterAllElse) {
  LedgerHead head{42, "h", 1, 7};
  EXPECT_EQ(HexOf(Encode(head)), "2a01680207");
  head.reports = 300;
  EXPECT_EQ(HexOf(Encode(head)), "2a0168020702ac02");
  ExpectComesBack(head, Encode(head), DecodeLedgerHead);

  UploadState upload;
  EXPECT_EQ(HexOf(Encode(upload)),
            "00010100000000000000"
            "00");
  upload.resource = model::Resource::kOutcomes;
  EXPECT_EQ(HexOf(Encode(upload)),
            "00010100000000000000"
            "00"
            "02");
  ASSERT_OK_AND_ASSIGN(UploadState upload_back, DecodeUpload(Encode(upload)));
  EXPECT_EQ(upload_back, upload);

  model::Submission s;
  const std::string key = SubmissionKey({}, 0);
  EXPECT_EQ(HexOf(Encode(s)),
            "000000010100000000000000"
            "00");
  s.resource = model::Resource::kOutcomes;
  EXPECT_EQ(HexOf(Encode(s)),
            "000000010100000000000000"
            "00"
            "02");
  ASSERT_OK_AND_ASSIGN(model::Submission back, DecodeSubmission(key, Encode(s)));
  EXPECT_EQ(back, s);
  EXPECT_THAT(DecodeSubmission(key, Encode(s) + "x"), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(RecordCodecTest, SubmissionsAuditTokensAndPolicyComeBack) {
  model::Submission s;
  s.council.value = 7;
  s.number = 3;
  s.id = std::string(16, 'u');
  s.create_unix_micros = 1;
  s.update_unix_micros = 2;
  s.state = model::SubmissionState::kCommitted;
  s.counts = {1, 2, 3, 4, 5};
  s.sequence = 6;
  s.content_sha256 = s.running_sha256 = kHash;
  ExpectComesBack(s, Encode(s), [](std::string_view bytes) {
    return DecodeSubmission(SubmissionKey(model::CouncilNo{7}, 3), bytes);
  });
  const model::AuditEntry audit{9, 1, "t1", "CommitPurchases", "councils/abc", "3 lines"};
  ExpectComesBack(audit, Encode(audit),
                  [](std::string_view bytes) { return DecodeAudit(AuditKey(9), bytes); });
  const model::Token token{"t1", kHash, model::Role::kSteward, {}, "first", 1, 2, 3};
  ExpectComesBack(token, Encode(token), DecodeToken);
  const model::Policy policy{3, 6, 4, 25, 40, 200, 20, 5, 4, 12, 6, 90};
  ExpectComesBack(policy, Encode(policy), DecodePolicy);
}

TEST(RecordCodecTest, TouchedSeriesComeBack) {
  Touched touched;
  touched.series = {{model::ProductNo{7}, model::Currency::Gbp(), 2020},
                    {model::ProductNo{70000}, *model::Currency::Parse("EUR"), 2100}};
  ExpectComesBack(touched, Encode(touched), DecodeTouched);
  touched.outcomes = {{model::Service::kFostering, 2024}};
  ExpectComesBack(touched, Encode(touched), DecodeTouched);
}

// Frozen: a change here is a change of the format on disk.
TEST(RecordCodecTest, TouchedBytesAreThoseOfBeforeThereWereOutcomes) {
  Touched touched;
  touched.series = {{model::ProductNo{7}, model::Currency::Gbp(), 2020}};
  EXPECT_EQ(HexOf(Encode(touched)), "01071c5014");
  touched.outcomes = {{model::Service::kFostering, 2024}};
  EXPECT_EQ(HexOf(Encode(touched)), "01071c5014010218");
  EXPECT_THAT(DecodeTouched(std::string("\0\1\77\1", 4)), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(RegisterCodecTest, EntriesComeBack) {
  const model::Area area{{}, "london", "London", "region", model::AreaNo{2}};
  ExpectComesBack(area, EncodeArea(area), DecodeArea);
  const model::Council council{{},
                               "cma",
                               "Cumbria County Council",
                               {"Cumbria"},
                               "county",
                               model::AreaNo{4},
                               "E10000006",
                               {"E10000099"},
                               model::Day::FromYmd(1974, 4, 1),
                               model::Day::FromYmd(2023, 3, 31),
                               {"cbd", "waf"},
                               true,
                               "cumbrian"};
  ExpectComesBack(council, EncodeCouncil(council), DecodeCouncil);
  const model::Product product{{},
                               "mask",
                               "Mask",
                               {"face mask"},
                               "mask",
                               model::BaseUnit::kPiece,
                               {{"BX", "box", 50}},
                               {{"class", "IIR"}},
                               "33140000-3",
                               "EN 14683",
                               "ppe-zero-2020",
                               {"5901234123457"},
                               20'000,
                               900'000,
                               model::Day{1},
                               std::nullopt,
                               true};
  ExpectComesBack(product, EncodeProduct(product), DecodeProduct);
  const model::Supplier supplier{
      {}, "acme", "Acme Ltd", {"Acme"}, "01234567", "GB", {{"big", model::Day{1}, {}}}, "acme-two"};
  ExpectComesBack(supplier, EncodeSupplier(supplier), DecodeSupplier);
}

}  // namespace
}  // namespace steelyard::codec
