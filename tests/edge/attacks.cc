#include "tests/edge/attacks.h"

#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "tests/edge/front.h"
#include "tests/edge/h2.h"
#include "tests/edge/tls_client.h"
#include "tests/support/http_client.h"

namespace steelyard::edge {
namespace {

constexpr char kFrom[] = "127.0.0.66:0";
constexpr char kPing[] = "/steelyard.v1.OperationsService/Ping";
constexpr size_t kFrame = 16 << 10;

bool Over(const Target& target) { return absl::Now() >= target.until; }

std::unique_ptr<TlsClient> Open(const Target& target, const std::string& protocol = "h2") {
  auto client = TlsClient::Connect(target.address, kHost, protocol, kFrom);
  if (client != nullptr && protocol == "h2" && !client->Write(h2::Preface(), target.until)) {
    return nullptr;
  }
  return client;
}

// Runs `one` on so many threads and adds up what they say.
template <typename One>
int64_t OnThreads(int count, One one) {
  std::atomic<int64_t> sum{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back([&] { sum += one(); });
  for (std::thread& thread : threads) thread.join();
  return sum;
}

int64_t RapidReset(const Target& target) {
  const std::string block = h2::CallBlock(kHost, kPing, target.authorization);
  const std::string message = std::string(5, '\0');
  return OnThreads(4, [&] {
    int64_t resets = 0;
    while (!Over(target)) {
      const auto client = Open(target);
      if (client == nullptr) continue;
      for (uint32_t stream = 1; !Over(target);) {
        std::string burst;
        for (int i = 0; i < 50; ++i, stream += 2) {
          burst += h2::Frame(h2::kHeaders, h2::kEndHeaders, stream, block);
          burst += h2::Frame(h2::kData, h2::kEndStream, stream, message);
          burst += h2::ResetFrame(stream);
        }
        if (!client->Write(burst, target.until)) break;
        resets += 50;
      }
    }
    return resets;
  });
}

// Frames of a header block that never ends, each holding `part`.
int64_t EndlessHeaders(const Target& target, const std::string& part) {
  std::atomic<int64_t> sent{0};
  OnThreads(2, [&]() -> int64_t {
    while (!Over(target)) {
      const auto client = Open(target);
      if (client == nullptr) continue;
      bool open = client->Write(
          h2::Frame(h2::kHeaders, 0, 1, h2::CallBlock(kHost, kPing, target.authorization)),
          target.until);
      while (open && !Over(target)) {
        open = client->Write(h2::Frame(h2::kContinuation, 0, 1, part), target.until);
        sent += static_cast<int64_t>(part.size());
      }
    }
    return 0;
  });
  return sent >> 10;
}

int64_t HeaderFlood(const Target& target) {
  std::string part;
  while (part.size() < kFrame - 8) part += h2::Block({{"a", "b"}});
  return EndlessHeaders(target, part);
}

int64_t PaddedNumbers(const Target& target) {
  return EndlessHeaders(target, h2::PaddedHeader(7'000));
}

int64_t ManyConnections(const Target& target) {
  std::vector<std::unique_ptr<TlsClient>> open;
  // All of them, however slow the machine.
  const absl::Time until = absl::Now() + absl::Seconds(30);
  while (open.size() < 600 && absl::Now() < until) {
    auto client = Open(target, open.size() % 2 == 0 ? "h2" : "http/1.1");
    if (client != nullptr) open.push_back(std::move(client));
  }
  const std::string ask = h2::Frame(h2::kHeaders, h2::kEndHeaders, 1,
                                    h2::CallBlock(kHost, kPing, target.authorization));
  for (size_t i = 0; i < open.size(); ++i) {
    open[i]->Write(i % 2 == 0 ? ask : "GET /sign-in HTTP/1.1\r\n", target.until);
  }
  absl::SleepFor(target.until - absl::Now());
  return static_cast<int64_t>(open.size());
}

int64_t FrameFlood(const Target& target, const std::string& frame) {
  std::string burst;
  for (int i = 0; i < 200; ++i) burst += frame;
  return OnThreads(2, [&] {
    int64_t frames = 0;
    while (!Over(target)) {
      const auto client = Open(target);
      while (client != nullptr && !Over(target) && client->Write(burst, target.until)) {
        frames += 200;
      }
    }
    return frames;
  });
}

int64_t PingFlood(const Target& target) {
  return FrameFlood(target, h2::Frame(h2::kPing, 0, 0, "12345678"));
}

int64_t SettingsFlood(const Target& target) {
  return FrameFlood(target, h2::Frame(h2::kSettings, 0, 0, std::string("\0\4\0\0\xff\xff", 6)));
}

std::string Gzip(const std::string& plain) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

// Messages that are a thousand times as large once unpacked.
int64_t PackedMessages(const Target& target) {
  constexpr size_t kPlain = 48 << 20;
  static const std::string* const packed = new std::string(Gzip(std::string(kPlain, 'a')));
  std::string body = std::string(1, '\1');
  for (int shift = 24; shift >= 0; shift -= 8) {
    body.push_back(static_cast<char>(packed->size() >> shift));
  }
  body += *packed;
  const std::string block =
      h2::CallBlock(kHost, kPing, target.authorization) + h2::Block({{"grpc-encoding", "gzip"}});
  const int64_t sent = OnThreads(2, [&] {
    int64_t messages = 0;
    while (!Over(target)) {
      const auto client = Open(target);
      bool open = client != nullptr;
      for (uint32_t stream = 1; open && stream < 16; stream += 2, ++messages) {
        std::string call = h2::Frame(h2::kHeaders, h2::kEndHeaders, stream, block);
        for (size_t at = 0; at < body.size(); at += kFrame) {
          const bool last = at + kFrame >= body.size();
          call += h2::Frame(h2::kData, last ? h2::kEndStream : 0, stream, body.substr(at, kFrame));
        }
        open = client->Write(call, target.until);
      }
      absl::SleepFor(std::min(absl::Milliseconds(50), target.until - absl::Now()));
    }
    return messages;
  });
  return sent * static_cast<int64_t>(kPlain >> 20);
}

// Many connections, each with a request that goes on a byte at a time.
int64_t Drip(const Target& target, const std::string& start) {
  std::vector<std::unique_ptr<TlsClient>> open;
  int64_t opened = 0;
  while (!Over(target)) {
    for (auto& client : open) {
      if (client != nullptr && !client->Write("a", target.until)) client = nullptr;
    }
    std::erase(open, nullptr);
    while (open.size() < 150 && !Over(target)) {
      auto client = Open(target, "http/1.1");
      if (client == nullptr || !client->Write(start, target.until)) break;
      open.push_back(std::move(client));
      ++opened;
    }
    absl::SleepFor(std::min(absl::Milliseconds(200), target.until - absl::Now()));
  }
  return opened;
}

int64_t SlowHeaders(const Target& target) {
  return Drip(target,
              std::string("POST ") + kPing + " HTTP/1.1\r\nHost: " + kHost + "\r\nX-Slow: ");
}

int64_t SlowBody(const Target& target) {
  return Drip(target, testing::RequestText("POST", kPing, kHost,
                                           {{"Content-Type", "application/json"},
                                            {"Authorization", target.authorization},
                                            {"Content-Length", "1000000"}}));
}

// Of somebody without a token.
int64_t SlowGrpcBodiesOfNobody(const Target& target) {
  return SlowGrpcBodies({target.address, "", target.until});
}

}  // namespace

int64_t SlowGrpcBodies(const Target& target) {
  constexpr int kAddresses = 6;
  constexpr int kStreams = 25;
  std::string block = h2::Block({{":method", "POST"},
                                 {":scheme", "https"},
                                 {":authority", kHost},
                                 {":path", kPing},
                                 {"content-type", "application/grpc"},
                                 {"te", "trailers"}});
  if (!target.authorization.empty()) block += h2::Block({{"authorization", target.authorization}});
  struct Line {
    std::unique_ptr<TlsClient> client;
    uint32_t next = 1;
  };
  std::vector<Line> lines(kAddresses);
  int64_t begun = 0;
  while (!Over(target)) {
    for (int i = 0; i < kAddresses && !Over(target); ++i) {
      Line& line = lines[static_cast<size_t>(i)];
      if (line.client == nullptr || line.next > 1'500) {
        line = {TlsClient::Connect(target.address, kHost, "h2",
                                   "127.0.0." + std::to_string(70 + i) + ":0")};
        if (line.client == nullptr || !line.client->Write(h2::Preface(), target.until)) continue;
      }
      std::string frames;
      for (int n = 0; n < kStreams; ++n, line.next += 2) {
        frames += h2::Frame(h2::kHeaders, h2::kEndHeaders, line.next, block);
        frames += h2::Frame(h2::kData, 0, line.next, std::string(1, '\0'));
        // And one more byte of those before.
        if (line.next > 2 * kStreams) {
          frames += h2::Frame(h2::kData, 0, line.next - 2 * kStreams, std::string(1, '\0'));
        }
      }
      if (!line.client->Write(frames, target.until) || !line.client->Drain()) {
        line.client = nullptr;
        continue;
      }
      begun += kStreams;
    }
    absl::SleepFor(std::min(absl::Milliseconds(250), target.until - absl::Now()));
  }
  return begun;
}

const std::vector<Attack>& Attacks() {
  static const std::vector<Attack> attacks = {
      {"rapid reset", "resets", RapidReset, 0, 2'000},
      {"header flood (CONTINUATION)", "KiB", HeaderFlood, 0, 5'000},
      {"padded numbers", "KiB", PaddedNumbers, 0, 5'000},
      {"600 connections, 256 files", "connections", ManyConnections, 600},
      {"packed messages", "MiB unpacked", PackedMessages, 0, 500},
      {"PING flood", "frames", PingFlood, 0, 20'000},
      {"SETTINGS flood", "frames", SettingsFlood, 0, 20'000},
      {"slow headers", "connections", SlowHeaders, 150},
      {"slow bodies", "connections", SlowBody, 150},
      {"slow gRPC bodies", "calls", SlowGrpcBodiesOfNobody, 150, 50},
  };
  return attacks;
}

}  // namespace steelyard::edge
