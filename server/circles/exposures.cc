#include "server/circles/exposures.h"

#include <charconv>
#include <utility>

#include "absl/strings/str_format.h"
#include "server/circles/circle_proto.h"
#include "server/rpc/convert.h"
#include "server/rpc/names.h"

namespace steelyard::circles {
namespace {

// `3 times` is 3; once is not said.
int32_t TimesOf(std::string_view detail) {
  int32_t times = 1;
  std::from_chars(detail.data(), detail.data() + detail.size(), times);
  return times;
}

}  // namespace

std::vector<Exposure> ExposuresOf(const model::Circle& circle, model::CouncilNo council,
                                  int64_t now) {
  std::vector<Exposure> all;
  for (Shared& shared : SharedBy(circle, council, now)) {
    all.push_back({rpc::CircleName(circle.id), shared, circle.terms});
  }
  return all;
}

std::string KeyOf(const Exposure& exposure, const model::Registers& registers) {
  const model::Council* with = registers.FindCouncil(exposure.shared.with);
  return absl::StrFormat("%s %s %019d", exposure.source, with == nullptr ? "" : with->id,
                         exposure.shared.start_unix_micros);
}

void ToProto(const Exposure& exposure, const model::Registers& registers, v1::Exposure* out) {
  out->set_source(exposure.source);
  out->set_council(CouncilNameOf(exposure.shared.with, registers));
  ToProto(exposure.terms, registers, out->mutable_terms());
  rpc::MicrosToProto(exposure.shared.start_unix_micros, out->mutable_start_time());
  if (exposure.shared.end_unix_micros != 0) {
    rpc::MicrosToProto(exposure.shared.end_unix_micros, out->mutable_end_time());
  }
}

std::optional<v1::Look> LookOf(const model::AuditEntry& entry, std::string_view council) {
  const auto parts = rpc::ParseLook(entry.resource, council);
  if (!parts) return std::nullopt;
  v1::Look look;
  rpc::MicrosToProto(entry.unix_micros, look.mutable_time());
  look.set_source(parts->source);
  look.set_council(rpc::CouncilName(parts->viewer));
  look.set_principal(rpc::TokenName(entry.principal));
  look.set_times(TimesOf(entry.detail));
  return look;
}

}  // namespace steelyard::circles
