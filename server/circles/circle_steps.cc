#include "server/circles/circle_steps.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/hash.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/codec/circle_codec.h"

namespace steelyard::circles {
namespace {

namespace error = rpc::error;
using model::Circle;
using model::CircleConsent;
using model::CouncilNo;

constexpr int64_t kDayMicros = int64_t{24} * 60 * 60 * 1'000'000;
constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

std::string NameOf(const Circle& circle) { return rpc::CircleName(circle.id); }

// The first moment after the last day; kNever without one.
int64_t ExpiryOf(const model::CircleTerms& terms) {
  return terms.last_day ? (int64_t{terms.last_day->number} + 1) * kDayMicros : kNever;
}

// The first moment at which nobody sees anything through it.
int64_t EndOf(const Circle& circle) {
  return std::min(circle.closed() ? circle.close_unix_micros : kNever, ExpiryOf(circle.terms));
}

int64_t EndOf(const CircleConsent& consent) {
  return consent.active() ? kNever : consent.withdraw_unix_micros;
}

absl::Status CheckOpen(const Circle& circle, int64_t now) {
  if (circle.closed()) {
    return error::NotYet(NameOf(circle), {{"CIRCLE_CLOSED", "This circle was closed."}});
  }
  if (IsExpired(circle.terms, now)) {
    return error::NotYet(
        NameOf(circle),
        {{"CIRCLE_EXPIRED",
          absl::StrCat("This circle expired: its last day was ", circle.terms.last_day->ToString(),
                       ". To go on, found another and ask its members to join.")}});
  }
  return absl::OkStatus();
}

absl::Status NotAMember(const Circle& circle) {
  return error::NotAMember(NameOf(circle), "Your council is not a member of this circle.");
}

}  // namespace

std::string TermsHash(const model::CircleTerms& terms) {
  return Sha256(codec::EncodeCircleTerms(terms));
}

Circle Found(Circle drafted, CouncilNo lead, int64_t now) {
  drafted.create_unix_micros = drafted.update_unix_micros = now;
  drafted.lead = lead;
  drafted.members = {{lead, now, 0, TermsHash(drafted.terms)}};
  return drafted;
}

Stepped Join(Circle circle, CouncilNo council, std::string_view terms_sha256, int64_t now) {
  // First who may join: whoever may not has not seen the terms.
  if (!circle.terms.MayJoin(council)) {
    return error::NotYet(NameOf(circle),
                         {{"NOT_INVITED",
                           "The terms of this circle name the councils that may join, and yours "
                           "is not among them."}});
  }
  RETURN_IF_ERROR(CheckOpen(circle, now));
  const std::string hash = TermsHash(circle.terms);
  if (HexOf(hash) != terms_sha256) {
    return error::InvalidField("terms_sha256",
                               absl::StrCat("'", Printable(terms_sha256, 80),
                                            "' is not of the terms of this circle; read them, "
                                            "and give their terms_sha256 if your council agrees"));
  }
  if (circle.IsMember(council)) return circle;
  circle.members.push_back({council, now, 0, hash});
  circle.update_unix_micros = now;
  return circle;
}

Stepped Withdraw(Circle circle, CouncilNo council, int64_t now) {
  const auto consent = std::find_if(circle.members.rbegin(), circle.members.rend(),
                                    [&](const CircleConsent& m) { return m.council == council; });
  if (consent == circle.members.rend()) return NotAMember(circle);
  if (!consent->active()) return circle;
  consent->withdraw_unix_micros = now;
  circle.update_unix_micros = now;
  const std::vector<CouncilNo> left = circle.ActiveMembers();
  if (left.empty()) {
    if (!circle.closed()) circle.close_unix_micros = now;
  } else if (circle.lead == council) {
    circle.lead = left.front();
  }
  return circle;
}

Stepped Close(Circle circle, CouncilNo council, int64_t now) {
  if (circle.lead != council || !circle.IsMember(council)) return error::NotLead(NameOf(circle));
  if (circle.closed()) return circle;
  circle.close_unix_micros = circle.update_unix_micros = now;
  return circle;
}

bool IsExpired(const model::CircleTerms& terms, int64_t now) { return now >= ExpiryOf(terms); }

absl::Status CheckSees(const Circle& circle, CouncilNo council, int64_t now) {
  if (!circle.IsMember(council)) return NotAMember(circle);
  return CheckOpen(circle, now);
}

std::vector<Shared> SharedBy(const Circle& circle, CouncilNo council, int64_t now) {
  std::vector<Shared> all;
  for (const CircleConsent& own : circle.members) {
    if (own.council != council) continue;
    for (const CircleConsent& other : circle.members) {
      if (other.council == council) continue;
      const int64_t start = std::max(own.consent_unix_micros, other.consent_unix_micros);
      const int64_t end = std::min({EndOf(own), EndOf(other), EndOf(circle)});
      if (start >= end) continue;
      all.push_back({other.council, start, end <= now ? end : 0});
    }
  }
  std::sort(all.begin(), all.end(), [](const Shared& a, const Shared& b) {
    return std::tie(a.with, a.start_unix_micros) < std::tie(b.with, b.start_unix_micros);
  });
  return all;
}

}  // namespace steelyard::circles
