#include "tests/edge/h2.h"

namespace steelyard::edge::h2 {
namespace {

// RFC 7541, 5.1: an integer after the first `bits` bits of a byte.
std::string Integer(uint8_t first, int bits, size_t value, size_t padding = 0) {
  const size_t most = (size_t{1} << bits) - 1;
  if (value < most && padding == 0) return std::string(1, static_cast<char>(first | value));
  std::string out(1, static_cast<char>(first | most));
  value -= most;
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  if (padding == 0) return out + static_cast<char>(value);
  out.push_back(static_cast<char>(value | 0x80));
  out.append(padding, '\x80');
  out.push_back('\0');
  return out;
}

std::string Text(const std::string& text) { return Integer(0, 7, text.size()) + text; }

}  // namespace

std::string Preface() { return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, 0, 0, ""); }

std::string Frame(Type type, uint8_t flags, uint32_t stream, const std::string& payload) {
  std::string out;
  for (int shift = 16; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(payload.size() >> shift));
  }
  out.push_back(static_cast<char>(type));
  out.push_back(static_cast<char>(flags));
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(stream >> shift));
  return out + payload;
}

std::string ResetFrame(uint32_t stream) {
  return Frame(kReset, 0, stream, std::string("\0\0\0\x08", 4));  // CANCEL
}

std::string Block(const std::vector<std::pair<std::string, std::string>>& headers) {
  std::string block;
  for (const auto& [name, value] : headers) block += '\0' + Text(name) + Text(value);
  return block;
}

std::string CallBlock(const std::string& host, const std::string& path,
                      const std::string& authorization) {
  return Block({{":method", "POST"},
                {":scheme", "https"},
                {":authority", host},
                {":path", path},
                {"content-type", "application/grpc"},
                {"te", "trailers"},
                {"authorization", authorization}});
}

std::string PaddedHeader(size_t padding) {
  const std::string name(200, 'a');
  const std::string value(200, 'b');
  return '\0' + Integer(0, 7, name.size(), padding) + name + Integer(0, 7, value.size(), padding) +
         value;
}

}  // namespace steelyard::edge::h2
