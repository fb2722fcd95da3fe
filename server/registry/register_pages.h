#ifndef STEELYARD_SERVER_REGISTRY_REGISTER_PAGES_H_
#define STEELYARD_SERVER_REGISTRY_REGISTER_PAGES_H_

// What the reads of all registers share.

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "server/registry/provider_proto.h"
#include "server/registry/registry_proto.h"
#include "server/rpc/errors.h"
#include "server/rpc/page_token.h"
#include "storage/model/registers.h"

namespace steelyard::registry {

inline constexpr int32_t kSearchSize = 10;
inline constexpr int32_t kMaxSearchSize = 50;
inline constexpr size_t kMaxQueryCharacters = 200;

// Puts the entry into the reply; NOT_FOUND if it is null.
template <typename Entry, typename Reply>
absl::Status Found(const Entry* entry, std::string_view name, const model::Registers& registers,
                   Reply* reply) {
  if (entry == nullptr) return rpc::error::NotFound(name);
  ToProto(*entry, registers, reply);
  return absl::OkStatus();
}

// Fills one page: `add` gives room in the reply for each entry that `keep`
// wants, by id. Returns the token of the next page, empty on the last.
template <typename Entry, typename Keep, typename Add>
std::string FillPage(const rpc::PageTokens& tokens, const rpc::Page& page,
                     const std::vector<Entry>& entries, const model::Registers& registers,
                     Keep keep, Add add) {
  std::vector<const Entry*> rest;
  for (const Entry& entry : entries) {
    if (entry.id > page.after && keep(entry)) rest.push_back(&entry);
  }
  const size_t shown = std::min(rest.size(), static_cast<size_t>(page.size));
  std::partial_sort(rest.begin(), rest.begin() + static_cast<ptrdiff_t>(shown), rest.end(),
                    [](const Entry* a, const Entry* b) { return a->id < b->id; });
  for (size_t i = 0; i < shown; ++i) ToProto(*rest[i], registers, add());
  return shown < rest.size() ? tokens.Token(page, rest[shown - 1]->id) : std::string();
}

inline constexpr auto kKeepAll = [](const auto&) { return true; };

// INVALID_ARGUMENT for a search that is too long.
inline absl::Status CheckQuery(std::string_view query) {
  const auto characters =
      std::count_if(query.begin(), query.end(), [](char c) { return (c & 0xC0) != 0x80; });
  if (static_cast<size_t>(characters) <= kMaxQueryCharacters) return absl::OkStatus();
  return rpc::error::InvalidField("query", "give at most 200 characters");
}

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_REGISTER_PAGES_H_
