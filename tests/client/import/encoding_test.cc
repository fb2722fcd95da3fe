#include "client/import/encoding.h"

#include "gmock/gmock.h"
#include "tests/support/status_matchers.h"

namespace steelyard::importing {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;

Encoding Detect(std::string_view bytes, size_t piece = 7) {
  EncodingDetector detector;
  for (size_t i = 0; i < bytes.size(); i += piece) {
    detector.Add(bytes.substr(i, piece));
  }
  return detector.Finish();
}

std::string Decode(Encoding encoding, std::string_view bytes, size_t piece = 1) {
  Decoder decoder(encoding);
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += piece) {
    decoder.Decode(bytes.substr(i, piece), out);
  }
  decoder.Finish(out);
  return out;
}

std::string Utf16(std::u16string_view text, bool little) {
  std::string out;
  for (const char16_t c : text) {
    const char low = static_cast<char>(c & 0xFF), high = static_cast<char>(c >> 8);
    out += little ? std::string{low, high} : std::string{high, low};
  }
  return out;
}

TEST(EncodingTest, MarksAreFound) {
  EXPECT_EQ(FindByteOrderMark("\xEF\xBB\xBFx").encoding, Encoding::kUtf8);
  EXPECT_EQ(FindByteOrderMark("\xEF\xBB\xBFx").bytes, 3u);
  EXPECT_EQ(FindByteOrderMark("\xFF\xFEx").encoding, Encoding::kUtf16Le);
  EXPECT_EQ(FindByteOrderMark("\xFE\xFFx").encoding, Encoding::kUtf16Be);
  EXPECT_EQ(FindByteOrderMark("Ref,").bytes, 0u);
  EXPECT_EQ(FindByteOrderMark("").bytes, 0u);
}

TEST(EncodingTest, NamesGoBothWays) {
  for (int i = 0; i <= static_cast<int>(Encoding::kCp437); ++i) {
    const Encoding encoding = static_cast<Encoding>(i);
    EXPECT_EQ(EncodingNamed(EncodingName(encoding)).value(), encoding);
  }
  EXPECT_THAT(EncodingNamed("latin9"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("utf-16be, cp1252")));
}

struct Sample {
  const char* what;
  std::string bytes;
  Encoding expected;
};

// Each non-ASCII byte as the encoding has it.
const Sample kSamples[] = {
    {"plain", "Ref,Name\n1,Acme\n", Encoding::kUtf8},
    {"empty", "", Encoding::kUtf8},
    {"utf-8",
     "C\xC3\xB4te d\xE2\x80\x99Ivoire, \xC2\xA3"
     "3\n",
     Encoding::kUtf8},
    {"utf-8, cut at its end", "Caf\xC3\xA9 caf\xC3\xA9 caf\xC3\xA9 caf\xC3\xA9 caf\xC3",
     Encoding::kUtf8},
    {"utf-8, one bad byte",
     "\xC2\xA3"
     "1 \xC2\xA3"
     "2 \xC2\xA3"
     "3 \xC2\xA3"
     "4 \xA3"
     "5",
     Encoding::kUtf8},
    {"pound, cp1252 or mac", "Net Amount(\xA3)\n", Encoding::kCp1252},
    {"pound before a figure, cp1252",
     "paid \xA3"
     "4,490.00\n",
     Encoding::kCp1252},
    {"pound, 850 or 437", "Net Amount(\x9C)\n", Encoding::kCp850},
    {"accents, cp1252", "C\xF4te d'Ivoire, Caf\xE9 Ren\xE9", Encoding::kCp1252},
    {"accents in capitals, cp1252", "CAF\xC9 REN\xC9", Encoding::kCp1252},
    {"apostrophe, cp1252", "Children\x92s masks", Encoding::kCp1252},
    {"accents, mac", "C\x99te d'Ivoire, Caf\x8E Ren\x8E", Encoding::kMacRoman},
    {"accents in capitals, mac", "CAF\x83 REN\x83", Encoding::kMacRoman},
    {"apostrophe, mac", "Children\xD5s masks", Encoding::kMacRoman},
    {"accents, 850", "C\x93te d'Ivoire, Caf\x82 Ren\x82", Encoding::kCp850},
};

TEST(EncodingTest, DetectionIsRightForWhatCouncilsSend) {
  for (const Sample& sample : kSamples) {
    for (const size_t piece : {1, 3, 8, 1000}) {
      EXPECT_EQ(EncodingName(Detect(sample.bytes, piece)), EncodingName(sample.expected))
          << sample.what << " in pieces of " << piece;
    }
  }
}

TEST(EncodingTest, TheOnlyPoundSignMayComeLast) {
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) {
    bytes += "plain row after plain row\n";
  }
  EXPECT_EQ(Detect(bytes, 65'536), Encoding::kUtf8);
  EXPECT_EQ(Detect(bytes + "\x9C"
                           "3.50\n",
                   65'536),
            Encoding::kCp850);
}

TEST(EncodingTest, Utf16WithoutAMarkIsKnownByItsZeros) {
  const std::u16string_view text = u"Ref;Lieferant\n1;Müller £3\n";
  EXPECT_EQ(Detect(Utf16(text, true)), Encoding::kUtf16Le);
  EXPECT_EQ(Detect(Utf16(text, false)), Encoding::kUtf16Be);
  EXPECT_EQ(Detect(std::string(100, '\0')), Encoding::kUtf8);  // zeros alone say nothing
}

TEST(EncodingTest, DecodingInPiecesIsDecodingAtOnce) {
  const std::string utf8 = "£ é ’ \U0001F637 x";
  EXPECT_EQ(Decode(Encoding::kUtf8, utf8, 1), utf8);
  EXPECT_EQ(Decode(Encoding::kUtf16Le, Utf16(u"£ é ’ \U0001F637 x", true), 1), utf8);
  EXPECT_EQ(Decode(Encoding::kUtf16Be, Utf16(u"£ é ’ \U0001F637 x", false), 3), utf8);
  EXPECT_EQ(Decode(Encoding::kCp1252, "\x80 \xA3 \xE9 \x92", 2), "€ £ é ’");
  EXPECT_EQ(Decode(Encoding::kMacRoman, "\xDB \xA3 \x8E \xD5", 2), "€ £ é ’");
  EXPECT_EQ(Decode(Encoding::kCp850, "\x9C \x82 \xD5", 2), "£ é ı");
  EXPECT_EQ(Decode(Encoding::kCp437, "\x9C \x82 \xE3", 2), "£ é π");
}

TEST(EncodingTest, WhatCannotBeReadIsReplacedAndTheRestStays) {
  EXPECT_EQ(Decode(Encoding::kUtf8,
                   "a\xFF"
                   "b\xC3(c\xE2\x82"),
            "a\uFFFDb\uFFFD(c\uFFFD");
  EXPECT_EQ(Decode(Encoding::kUtf8, "\xED\xA0\x80z"), "\uFFFDz");
  EXPECT_EQ(Decode(Encoding::kCp1252, "a\x81z"), "a\uFFFDz");
  EXPECT_EQ(Decode(Encoding::kUtf16Le, std::string("\x00\xDC"
                                                   "a\0\x00\xD8"
                                                   "b\0",
                                                   8)),
            "\uFFFDa\uFFFDb");
  EXPECT_EQ(Decode(Encoding::kUtf16Le, std::string("a\0b", 3)), "a\uFFFD");
}

}  // namespace
}  // namespace steelyard::importing
