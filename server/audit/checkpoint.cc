#include "server/audit/checkpoint.h"

#include <sodium.h>

#include <charconv>
#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "storage/base/text.h"

namespace steelyard::audit {
namespace {

constexpr std::string_view kTitle = "steelyard-audit-checkpoint-1";
constexpr char kTimeFormat[] = "%Y-%m-%dT%H:%M:%SZ";
constexpr size_t kHashBytes = 32;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// What follows `word` and a space in `line`.
std::optional<std::string_view> After(std::string_view line, std::string_view word) {
  if (!line.starts_with(word) || line.size() <= word.size() || line[word.size()] != ' ') {
    return std::nullopt;
  }
  return line.substr(word.size() + 1);
}

template <typename Number>
bool ReadNumber(std::string_view line, std::string_view word, Number& out) {
  const auto text = After(line, word);
  if (!text) return false;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), out);
  return error == std::errc() && end == text->data() + text->size();
}

bool ReadHex(std::string_view line, std::string_view word, size_t bytes, std::string& out) {
  const auto text = After(line, word);
  if (!text || text->size() != 2 * bytes) return false;
  out = absl::HexStringToBytes(Av(*text));
  return HexOf(out) == *text;
}

bool ReadTime(std::string_view line, std::string_view word, int64_t& unix_seconds) {
  const auto text = After(line, word);
  absl::Time time;
  std::string error;
  if (!text || !absl::ParseTime(kTimeFormat, Av(*text), &time, &error)) return false;
  unix_seconds = absl::ToUnixSeconds(time);
  return true;
}

}  // namespace

std::string TextOf(const Checkpoint& c) {
  return absl::StrCat(
      Av(kTitle), "\nsequence ", c.place.sequence, "\nindex ", c.place.index, "\nchain ",
      HexOf(c.chain_sha256), "\ntime ",
      absl::FormatTime(kTimeFormat, absl::FromUnixSeconds(c.unix_seconds), absl::UTCTimeZone()),
      "\n");
}

std::string FileOf(const Checkpoint& c) {
  return absl::StrCat(TextOf(c), "key ", HexOf(c.public_key), "\nsignature ", HexOf(c.signature),
                      "\n");
}

absl::StatusOr<Checkpoint> ReadCheckpoint(std::string_view file) {
  std::vector<std::string> lines = absl::StrSplit(Av(file), '\n');
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  Checkpoint c;
  const bool good = lines.size() == 7 && lines[0] == kTitle &&
                    ReadNumber(lines[1], "sequence", c.place.sequence) &&
                    ReadNumber(lines[2], "index", c.place.index) &&
                    ReadHex(lines[3], "chain", kHashBytes, c.chain_sha256) &&
                    ReadTime(lines[4], "time", c.unix_seconds) &&
                    ReadHex(lines[5], "key", crypto_sign_PUBLICKEYBYTES, c.public_key) &&
                    ReadHex(lines[6], "signature", crypto_sign_BYTES, c.signature);
  if (!good) return absl::InvalidArgumentError("this is not a checkpoint of the audit");
  return c;
}

bool IsSignedBy(const Checkpoint& c, std::string_view public_key) {
  if (public_key.size() != crypto_sign_PUBLICKEYBYTES || c.signature.size() != crypto_sign_BYTES) {
    return false;
  }
  const std::string text = TextOf(c);
  return crypto_sign_verify_detached(Bytes(c.signature), Bytes(text), text.size(),
                                     Bytes(public_key)) == 0;
}

SigningKey::SigningKey(std::string_view seed)
    : secret_key_(crypto_sign_SECRETKEYBYTES, '\0'), public_key_(crypto_sign_PUBLICKEYBYTES, '\0') {
  static_assert(kSeedBytes == crypto_sign_SEEDBYTES);
  std::string padded(seed);
  padded.resize(kSeedBytes);
  crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(public_key_.data()),
                           reinterpret_cast<unsigned char*>(secret_key_.data()), Bytes(padded));
}

void SigningKey::Sign(Checkpoint& checkpoint) const {
  checkpoint.public_key = public_key_;
  checkpoint.signature.assign(crypto_sign_BYTES, '\0');
  const std::string text = TextOf(checkpoint);
  crypto_sign_detached(reinterpret_cast<unsigned char*>(checkpoint.signature.data()), nullptr,
                       Bytes(text), text.size(), Bytes(secret_key_));
}

std::string MakeSeed() {
  std::string seed(SigningKey::kSeedBytes, '\0');
  randombytes_buf(seed.data(), seed.size());
  return seed;
}

}  // namespace steelyard::audit
