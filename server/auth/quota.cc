#include "server/auth/quota.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/text.h"

namespace steelyard::auth {
namespace {

constexpr double kDaySeconds = 24 * 3600;

// Adds what came since; a clock that was set back adds nothing.
void FillBucket(double& left, absl::Time& at, double rate, double room, absl::Time now) {
  if (at == absl::InfinitePast()) {
    left = room;
  } else if (now > at) {
    left = std::min(room, left + rate * absl::ToDoubleSeconds(now - at));
  }
  at = now;
}

}  // namespace

Quotas DefaultQuotas() {
  Quotas quotas;
  quotas.Of(model::Role::kSubmitter) = {50, 250, 500'000};
  quotas.Of(model::Role::kReader) = {50, 250, 500'000};
  quotas.Of(model::Role::kAnalyst) = {50, 250, 500'000};
  quotas.Of(model::Role::kSteward) = {100, 500, 1'000'000};
  quotas.Of(model::Role::kAuditor) = {50, 250, 500'000};
  return quotas;
}

absl::Duration QuotaKeeper::Fill(Account& account, const Quota& quota, absl::Time now) {
  double wait_seconds = 0;
  if (quota.per_second > 0) {
    const double room = std::max(1.0, quota.burst);
    FillBucket(account.moment.left, account.moment.at, quota.per_second, room, now);
    wait_seconds = std::max(wait_seconds, (1 - account.moment.left) / quota.per_second);
  }
  if (quota.per_day > 0) {
    const double rate = quota.per_day / kDaySeconds;
    FillBucket(account.day.left, account.day.at, rate, std::max(1.0, quota.per_day), now);
    wait_seconds = std::max(wait_seconds, (1 - account.day.left) / rate);
  }
  return absl::Seconds(wait_seconds);
}

void QuotaKeeper::Pay(Account& account) {
  account.moment.left -= 1;
  account.day.left -= 1;
}

absl::Duration QuotaKeeper::Charge(std::string_view key, const Quota& quota, absl::Time now,
                                   absl::Duration most) {
  if (quota.per_second <= 0 && quota.per_day <= 0) return absl::ZeroDuration();
  Shard& shard = shards_[absl::HashOf(key) % kShards];
  std::lock_guard lock(shard.mutex);
  Account& account = shard.accounts[Av(key)];
  const absl::Duration wait = Fill(account, quota, now);
  if (wait <= most) Pay(account);
  return wait;
}

absl::StatusOr<absl::Duration> QuotaKeeper::ChargeAll(const rpc::Caller& caller,
                                                      absl::Duration most) {
  const Quota& quota = quotas_.Of(caller.role);
  const absl::Time now = clock_.Now();
  const absl::Duration wait = Charge(caller.token_id, quota, now, most);
  if (wait > most) {
    return rpc::error::QuotaExceeded(
        rpc::TokenName(caller.token_id),
        "This token asks more often than its role may; slow down, or send many lines at once.",
        wait);
  }
  if (caller.council.value == 0 || quotas_.council_factor <= 0) return wait;
  const Quota of_council{quota.per_second * quotas_.council_factor,
                         quota.burst * quotas_.council_factor,
                         quota.per_day * quotas_.council_factor};
  const absl::Duration council_wait =
      Charge(absl::StrCat("council ", caller.council.value), of_council, now, most);
  if (council_wait > most) {
    return rpc::error::QuotaExceeded(
        rpc::TokenName(caller.token_id),
        "The tokens of this council together ask too often; slow down.", council_wait);
  }
  return std::max(wait, council_wait);
}

absl::Status QuotaKeeper::Take(const rpc::Caller& caller) {
  return ChargeAll(caller, absl::ZeroDuration()).status();
}

absl::StatusOr<absl::Duration> QuotaKeeper::Pace(const rpc::Caller& caller) {
  return ChargeAll(caller, kMaxPause);
}

}  // namespace steelyard::auth
