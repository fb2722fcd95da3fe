#ifndef STEELYARD_TESTS_EDGE_H2_H_
#define STEELYARD_TESTS_EDGE_H2_H_

// Frames of HTTP/2 (RFC 9113) and header blocks (RFC 7541) by hand, so that
// they can be wrong.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace steelyard::edge::h2 {

enum Type : uint8_t {
  kData = 0,
  kHeaders = 1,
  kReset = 3,
  kSettings = 4,
  kPing = 6,
  kContinuation = 9
};
inline constexpr uint8_t kEndStream = 0x1;
inline constexpr uint8_t kEndHeaders = 0x4;

// What a client sends first: the preface, and settings that change nothing.
std::string Preface();
std::string Frame(Type type, uint8_t flags, uint32_t stream, const std::string& payload);
std::string ResetFrame(uint32_t stream);

// Headers as literals that are not indexed and not compressed.
std::string Block(const std::vector<std::pair<std::string, std::string>>& headers);

// The block of a gRPC call.
std::string CallBlock(const std::string& host, const std::string& path,
                      const std::string& authorization);

// A literal header whose lengths are written with `padding` needless zero
// bytes each.
std::string PaddedHeader(size_t padding);

}  // namespace steelyard::edge::h2

#endif  // STEELYARD_TESTS_EDGE_H2_H_
