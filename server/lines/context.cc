#include "server/lines/context.h"

#include "absl/time/time.h"

namespace steelyard::lines {

Setting SettingOf(const LineContext& context) {
  constexpr int64_t kMicrosOfDay = 86'400'000'000;
  const int64_t now = absl::ToUnixMicros(context.clock.Now());
  return {context.directory.Current(), context.ledger.state()->policy,
          model::Day{static_cast<int32_t>(now / kMicrosOfDay)}};
}

}  // namespace steelyard::lines
