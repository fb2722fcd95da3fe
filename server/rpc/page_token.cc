#include "server/rpc/page_token.h"

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "server/rpc/errors.h"
#include "server/rpc/request_key.h"
#include "sodium.h"
#include "storage/base/log.h"
#include "storage/base/text.h"

namespace steelyard::rpc {
namespace {

constexpr size_t kChecksumBytes = 16;
constexpr char kSizeField[] = "page_size";
constexpr char kTokenField[] = "page_token";

using google::protobuf::Message;

FieldViolation NegativeSize() {
  return {kSizeField, "Must not be negative; leave it out for the default."};
}

}  // namespace

absl::StatusOr<int32_t> PageSize(int32_t asked, int32_t fallback, int32_t max) {
  if (asked < 0) return error::InvalidFields({NegativeSize()});
  return asked == 0 ? fallback : std::min(asked, max);
}

PageTokens::PageTokens(std::string key) : key_(std::move(key)) {
  if (sodium_init() < 0 || key_.size() < crypto_generichash_KEYBYTES_MIN ||
      key_.size() > crypto_generichash_KEYBYTES_MAX) {
    Log(LogLevel::kError, "page_token_key_unusable");
    std::abort();
  }
}

absl::StatusOr<Page> PageTokens::Open(const Message& request) const {
  std::vector<FieldViolation> violations;
  Page page;
  page.query = Fingerprint(request, {kSizeField, kTokenField});
  const auto* type = request.GetDescriptor();  // the fingerprint saw that both are there
  const auto* reflection = request.GetReflection();
  const int32_t asked = reflection->GetInt32(request, type->FindFieldByName(kSizeField));
  const std::string token = reflection->GetString(request, type->FindFieldByName(kTokenField));
  const absl::StatusOr<int32_t> size = PageSize(asked);
  if (size.ok()) {
    page.size = *size;
  } else {
    violations.push_back(NegativeSize());
  }
  if (!token.empty()) {
    std::string bytes;
    bool good = absl::WebSafeBase64Unescape(token, &bytes) && bytes.size() > kChecksumBytes;
    if (good) {
      page.after = bytes.substr(kChecksumBytes);
      const std::string expected = Checksum(page.query, page.after);
      good = sodium_memcmp(bytes.data(), expected.data(), kChecksumBytes) == 0;
    }
    if (!good) {
      violations.push_back({kTokenField,
                            "Not the token of a page of this list: send it as it came, with the "
                            "other fields unchanged, or leave it out to start again."});
    }
  }
  if (!violations.empty()) return error::InvalidFields(violations);
  return page;
}

std::string PageTokens::Token(const Page& page, std::string_view last_key) const {
  return absl::WebSafeBase64Escape(absl::StrCat(Checksum(page.query, last_key), Av(last_key)));
}

std::string PageTokens::Checksum(std::string_view query, std::string_view last_key) const {
  // The query is of fixed length, so the two cannot run into each other.
  const std::string text = absl::StrCat(Av(query), Av(last_key));
  std::string out(kChecksumBytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     reinterpret_cast<const unsigned char*>(key_.data()), key_.size());
  return out;
}

}  // namespace steelyard::rpc
