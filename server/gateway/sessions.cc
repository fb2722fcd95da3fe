#include "server/gateway/sessions.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "absl/strings/escaping.h"
#include "storage/base/text.h"

namespace steelyard::gateway {
namespace {

constexpr size_t kBytes = 32;

std::string Hash(std::string_view text, std::string_view key) {
  std::string hash(kBytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return hash;
}

std::string Base64Url(std::string_view bytes) { return absl::WebSafeBase64Escape(Av(bytes)); }

}  // namespace

std::optional<std::string> Sessions::Start(std::string_view secret) {
  const absl::Time now = clock_.Now();
  const std::lock_guard lock(mutex_);
  Sweep(now);
  MakeRoom(secret);
  if (sessions_.size() >= limits_.most) return std::nullopt;
  std::string cookie = RandomText();
  sessions_[Hash(cookie, "")] = Session{std::string(secret), now, now};
  return cookie;
}

std::optional<std::string> Sessions::Find(std::string_view cookie) {
  if (cookie.empty()) return std::nullopt;
  const absl::Time now = clock_.Now();
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(Hash(cookie, ""));
  if (found == sessions_.end()) return std::nullopt;
  if (Ended(found->second, now)) {
    sessions_.erase(found);
    return std::nullopt;
  }
  found->second.used = now;
  return found->second.secret;
}

void Sessions::End(std::string_view cookie) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(Hash(cookie, ""));
}

size_t Sessions::size() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

bool Sessions::Ended(const Session& session, absl::Time now) const {
  return now - session.used >= limits_.idle || now - session.started >= limits_.absolute;
}

void Sessions::Sweep(absl::Time now) {
  std::erase_if(sessions_, [&](const auto& entry) { return Ended(entry.second, now); });
}

void Sessions::MakeRoom(std::string_view secret) {
  size_t count = 0;
  auto oldest = sessions_.end();
  for (auto it = sessions_.begin(); it != sessions_.end(); ++it) {
    if (it->second.secret != secret) continue;
    ++count;
    if (oldest == sessions_.end() || it->second.used < oldest->second.used) oldest = it;
  }
  if (count >= limits_.most_per_token) sessions_.erase(oldest);
}

std::string RandomText() {
  std::string bytes(kBytes, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return Base64Url(bytes);
}

std::string KeyedHash(std::string_view key, std::string_view text) {
  return Base64Url(Hash(text, key));
}

bool SameText(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace steelyard::gateway
