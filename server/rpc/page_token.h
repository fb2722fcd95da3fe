#ifndef STEELYARD_SERVER_RPC_PAGE_TOKEN_H_
#define STEELYARD_SERVER_RPC_PAGE_TOKEN_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace steelyard::rpc {

inline constexpr int32_t kDefaultPageSize = 50;
inline constexpr int32_t kMaxPageSize = 500;

// `asked`, or `fallback` for 0, and never more than `max` (AIP-158).
// INVALID_ARGUMENT on `page_size` for a negative one.
absl::StatusOr<int32_t> PageSize(int32_t asked, int32_t fallback = kDefaultPageSize,
                                 int32_t max = kMaxPageSize);

// One page of a list that a caller asked for.
struct Page {
  int32_t size = kDefaultPageSize;
  std::string after;  // last key of the page before; empty for the first page
  std::string query;  // fingerprint of the question, for `Token`
};

// Makes and opens page tokens: base64url of a keyed checksum (BLAKE2b, 128
// bits, over the question and the key) and the last key shown. A token
// continues exactly the list it came from, and gives no right to read it.
// Immutable, thread-safe.
//
//   ASSIGN_OR_RETURN(Page page, tokens.Open(request));
//   ... list up to page.size entries after page.after ...
//   reply->set_next_page_token(tokens.Token(page, last_key));  // if more follow
class PageTokens {
 public:
  // `key`: 16 to 64 bytes, the same for as long as tokens should work. Any
  // other length ends the program.
  explicit PageTokens(std::string key);

  // Reads `page_size` and `page_token` of a List request, whose other fields
  // are the question. INVALID_ARGUMENT with both, if both are bad.
  absl::StatusOr<Page> Open(const google::protobuf::Message& request) const;

  // The token of the page after the one that ends with `last_key` (not empty).
  std::string Token(const Page& page, std::string_view last_key) const;

 private:
  std::string Checksum(std::string_view query, std::string_view last_key) const;

  const std::string key_;
};

}  // namespace steelyard::rpc

#endif  // STEELYARD_SERVER_RPC_PAGE_TOKEN_H_
