#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace steelyard::testing {
namespace {

sockaddr_in AddressOf(const std::string& address) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  const size_t colon = address.rfind(':');
  in.sin_port = htons(static_cast<uint16_t>(
      colon == std::string::npos ? 0 : std::atoi(address.substr(colon + 1).c_str())));
  inet_pton(AF_INET, address.substr(0, colon).c_str(), &in.sin_addr);
  return in;
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::string HttpReply::Get(const std::string& name) const {
  std::string found;
  for (const auto& [key, value] : headers) {
    if (key == name) found += (found.empty() ? "" : ", ") + value;
  }
  return found;
}

HttpConnection::HttpConnection(const std::string& address, const std::string& from)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in to = AddressOf(address);
  const sockaddr_in own = AddressOf(from);
  const int one = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  if (!from.empty()) bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof(own));
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
    std::fprintf(stderr, "cannot connect to %s\n", address.c_str());
    std::abort();
  }
}

HttpConnection::~HttpConnection() {
  if (socket_ >= 0) close(socket_);
}

bool HttpConnection::Send(const std::string& bytes) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t n = send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<size_t>(n);
  }
  return true;
}

bool HttpConnection::Fill(int seconds) {
  pollfd waiting{socket_, POLLIN, 0};
  if (poll(&waiting, 1, seconds * 1000) <= 0) return false;
  char part[16 << 10];
  const ssize_t n = recv(socket_, part, sizeof(part), 0);
  if (n <= 0) return false;
  buffer_.append(part, static_cast<size_t>(n));
  return true;
}

std::optional<std::string> HttpConnection::Line(int seconds) {
  size_t end;
  while ((end = buffer_.find("\r\n")) == std::string::npos) {
    if (!Fill(seconds)) return std::nullopt;
  }
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

bool HttpConnection::Take(size_t size, std::string& out, int seconds) {
  while (buffer_.size() < size) {
    if (!Fill(seconds)) return false;
  }
  out += buffer_.substr(0, size);
  buffer_.erase(0, size);
  return true;
}

HttpReply HttpConnection::Read(bool of_head, int seconds) {
  HttpReply reply;
  const auto first = Line(seconds);
  if (!first.has_value() || first->size() < 12) return reply;
  for (auto line = Line(seconds); line.has_value() && !line->empty(); line = Line(seconds)) {
    const size_t colon = std::min(line->find(": "), line->size());
    reply.headers.emplace_back(Lower(line->substr(0, colon)),
                               line->substr(std::min(colon + 2, line->size())));
  }
  const int status = std::atoi(first->substr(9, 3).c_str());
  if (of_head || status == 204 || status == 304 || status == 100) {
    reply.status = status;
    return reply;
  }
  if (reply.Get("transfer-encoding") == "chunked") {
    std::string ignored;
    while (true) {
      const auto line = Line(seconds);
      if (!line.has_value()) return reply;
      const size_t size = std::strtoul(line->c_str(), nullptr, 16);
      if (!Take(size, reply.body, seconds) || !Take(2, ignored, seconds)) return reply;
      if (size == 0) break;
    }
  } else if (const std::string length = reply.Get("content-length"); !length.empty()) {
    if (!Take(std::strtoul(length.c_str(), nullptr, 10), reply.body, seconds)) return reply;
  } else {
    while (Fill(seconds)) continue;
    reply.body = std::exchange(buffer_, "");
  }
  reply.status = status;
  return reply;
}

bool HttpConnection::Closed(int seconds) {
  pollfd waiting{socket_, POLLIN, 0};
  if (!buffer_.empty() || poll(&waiting, 1, seconds * 1000) <= 0) return false;
  char byte;
  return recv(socket_, &byte, 1, 0) <= 0;
}

void HttpConnection::Reset() {
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  close(socket_);
  socket_ = -1;
}

std::string RequestText(const std::string& method, const std::string& target,
                        const std::string& host, const HeaderList& headers,
                        const std::string& body) {
  std::string text = method + " " + target + " HTTP/1.1\r\n";
  const auto given = [&](const std::string& name) {
    return std::any_of(headers.begin(), headers.end(),
                       [&](const auto& h) { return Lower(h.first) == name; });
  };
  if (!given("host")) text += "Host: " + host + "\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  const bool framed = given("content-length") || given("transfer-encoding");
  if (!framed && (!body.empty() || method == "POST")) {
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return text + "\r\n" + body;
}

HttpReply Fetch(const std::string& address, const std::string& method, const std::string& target,
                const HeaderList& headers, const std::string& body) {
  HttpConnection connection(address);
  connection.Send(RequestText(method, target, address, headers, body));
  return connection.Read(method == "HEAD");
}

}  // namespace steelyard::testing
