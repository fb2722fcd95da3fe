#include "client/import/bytes.h"

#include <sstream>

#include "tests/client/import/support.h"

namespace steelyard::importing {
namespace {

using ::steelyard::testing::StatusIs;
using ::testing::HasSubstr;

absl::StatusOr<std::unique_ptr<ByteSource>> OpenBytes(std::string bytes, ByteLimits limits = {}) {
  return ByteSource::Open(std::make_unique<std::istringstream>(std::move(bytes)), limits);
}

absl::StatusOr<std::string> ReadWhole(ByteSource& source) {
  std::string all;
  while (true) {
    const absl::StatusOr<std::string_view> block = source.Read();
    if (!block.ok()) return block.status();
    if (block->empty()) return all;
    all.append(*block);
  }
}

absl::StatusOr<std::string> ReadWhole(std::string bytes, ByteLimits limits = {}) {
  auto source = OpenBytes(std::move(bytes), limits);
  return source.ok() ? ReadWhole(**source) : source.status();
}

std::string Noise(size_t size) {
  std::string noise(size, '\0');
  uint32_t state = 1;
  for (char& c : noise) {
    state = state * 1664525u + 1013904223u;
    c = static_cast<char>(state >> 24);
  }
  return noise;
}

TEST(BytesTest, PlainFilesPassThroughAndCanBeReadAgain) {
  const std::string text = Noise(700'000);
  ASSERT_OK_AND_ASSIGN(auto source, OpenBytes(text));
  EXPECT_FALSE(source->gzip());
  EXPECT_EQ(ReadWhole(*source).value(), text);
  EXPECT_EQ(source->bytes_read(), source->total_bytes());
  ASSERT_OK(source->Rewind());
  EXPECT_EQ(source->bytes_read(), 0);
  EXPECT_EQ(ReadWhole(*source).value(), text);
}

TEST(BytesTest, GzipIsKnownByItsFirstBytes) {
  const std::string text = Noise(700'000);
  const std::string packed = Gzipped(text);
  ASSERT_OK_AND_ASSIGN(auto source, OpenBytes(packed));
  EXPECT_TRUE(source->gzip());
  EXPECT_EQ(ReadWhole(*source).value(), text);
  EXPECT_EQ(source->bytes_read(), static_cast<int64_t>(packed.size()));
  ASSERT_OK(source->Rewind());
  EXPECT_EQ(ReadWhole(*source).value(), text);
}

TEST(BytesTest, SeveralGzipMembersAreOneFile) {
  EXPECT_EQ(ReadWhole(Gzipped("one\n") + Gzipped("two\n")).value(), "one\ntwo\n");
  EXPECT_EQ(ReadWhole(Gzipped("one\n") + std::string(512, '\0')).value(), "one\n");
}

TEST(BytesTest, DamagedGzipIsRefused) {
  const std::string packed = Gzipped(Noise(100'000));
  EXPECT_THAT(ReadWhole(packed.substr(0, packed.size() / 2)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("cut short")));
  std::string flipped = packed;
  flipped[packed.size() / 2] ^= 0x55;
  EXPECT_THAT(ReadWhole(flipped), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(ReadWhole(packed + "more"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("after its end")));
}

TEST(BytesTest, AGzipBombIsRefusedByItsRatio) {
  const std::string bomb = Gzipped(std::string(size_t{8} << 20, 'a'));
  EXPECT_THAT(ReadWhole(bomb), StatusIs(absl::StatusCode::kResourceExhausted,
                                        HasSubstr("more than 1000 times its size")));
}

TEST(BytesTest, AFileThatIsTooLargeIsRefused) {
  const ByteLimits limits{.max_unpacked = 2 << 20, .max_ratio = 1 << 30};
  EXPECT_OK(ReadWhole(std::string(2 << 20, 'a'), limits));
  EXPECT_THAT(ReadWhole(std::string((2 << 20) + 1, 'a'), limits),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("larger than 2 MiB")));
  EXPECT_THAT(ReadWhole(Gzipped(std::string((2 << 20) + 1, 'a')), limits),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("larger than 2 MiB")));
}

TEST(BytesTest, EmptyFilesAreEmpty) {
  EXPECT_EQ(ReadWhole(std::string()).value(), "");
  EXPECT_EQ(ReadWhole(std::string("\x1f")).value(), "\x1f");
  EXPECT_EQ(ReadWhole(Gzipped("")).value(), "");
}

}  // namespace
}  // namespace steelyard::importing
