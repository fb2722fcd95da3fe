#include "server/auth/session_tokens.h"

#include <utility>

#include "server/auth/secret.h"
#include "server/rpc/errors.h"
#include "storage/base/text.h"

namespace steelyard::auth {

void SessionTokens::Sweep(int64_t now) {
  for (auto it = sessions_.begin(); it != sessions_.end();) {
    if (it->second.token.expire_unix_micros <= now) {
      sessions_.erase(it++);
    } else {
      ++it;
    }
  }
}

void SessionTokens::MakeRoom(const std::string& person) {
  auto oldest = sessions_.end();
  size_t count = 0;
  for (auto it = sessions_.begin(); it != sessions_.end(); ++it) {
    if (it->second.person != person) continue;
    ++count;
    if (oldest == sessions_.end() ||
        it->second.token.create_unix_micros < oldest->second.token.create_unix_micros) {
      oldest = it;
    }
  }
  if (count >= kMostOfOnePerson) sessions_.erase(oldest);
}

absl::StatusOr<SessionTokens::Opened> SessionTokens::Open(const std::string& person,
                                                          model::Role role,
                                                          model::CouncilNo council,
                                                          const std::string& display_name) {
  NewSecret made = MakeSecret();
  Session session;
  session.person = person;
  session.token.id = made.token_id;
  session.token.secret_hash = made.hash;
  session.token.role = role;
  session.token.council = council;
  session.token.display_name = display_name;
  const absl::Time now = clock_.Now();
  session.token.create_unix_micros = absl::ToUnixMicros(now);
  session.token.expire_unix_micros = absl::ToUnixMicros(now + kLifetime);
  std::lock_guard lock(mutex_);
  Sweep(session.token.create_unix_micros);
  MakeRoom(person);
  if (sessions_.size() >= kMost) return rpc::error::Overloaded();
  sessions_.emplace(made.token_id, std::move(session));
  return Opened{std::move(made.token_id), std::move(made.secret)};
}

std::optional<model::Token> SessionTokens::Find(std::string_view id) const {
  std::lock_guard lock(mutex_);
  const auto found = sessions_.find(Av(id));
  return found == sessions_.end() ? std::nullopt : std::optional(found->second.token);
}

bool SessionTokens::End(std::string_view id) {
  std::lock_guard lock(mutex_);
  return sessions_.erase(Av(id)) > 0;
}

std::vector<model::Token> SessionTokens::List() const {
  const int64_t now = absl::ToUnixMicros(clock_.Now());
  std::vector<model::Token> tokens;
  std::lock_guard lock(mutex_);
  for (const auto& [id, session] : sessions_) {
    if (session.token.expire_unix_micros > now) tokens.push_back(session.token);
  }
  return tokens;
}

}  // namespace steelyard::auth
