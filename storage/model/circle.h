#ifndef STEELYARD_STORAGE_MODEL_CIRCLE_H_
#define STEELYARD_STORAGE_MODEL_CIRCLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/model/ids.h"
#include "storage/model/time.h"

namespace steelyard::model {

inline constexpr size_t kMaxCircleProducts = 200;
inline constexpr size_t kMaxCircleProviders = 50;
inline constexpr int kMaxCircleMonths = 120;

// A figure that members see of each other. Numbers equal the wire's
// CircleTerms.Field; frozen on disk.
enum class CircleField : uint8_t {
  kUnitPrice = 1,   // of products
  kSpend = 2,       // of products, and with providers
  kUnits = 3,       // of products
  kDelivery = 4,    // of products
  kPlacements = 5,  // with providers
  kWeeklyFee = 6,   // with providers
};

// What the members of a circle agree to show each other. Lists are ascending
// and hold nothing twice.
struct CircleTerms {
  std::string title;
  bool all_products = false;  // then `products` is empty
  std::vector<ProductNo> products;
  std::vector<ProviderNo> providers;  // or owners
  std::vector<CircleField> fields;    // at least one
  Month from_month;
  Month to_month;                  // included
  std::optional<Day> last_day;     // in UTC; none: until it is closed
  std::vector<CouncilNo> invited;  // empty: any council may join

  Period months() const { return {from_month, to_month}; }
  bool Has(CircleField field) const {
    return std::find(fields.begin(), fields.end(), field) != fields.end();
  }
  bool HasProducts() const { return all_products || !products.empty(); }
  bool MayJoin(CouncilNo council) const {
    return invited.empty() || std::find(invited.begin(), invited.end(), council) != invited.end();
  }
  friend bool operator==(const CircleTerms&, const CircleTerms&) = default;
};

// One council's consent. A council that joins again has one more.
struct CircleConsent {
  CouncilNo council;
  int64_t consent_unix_micros = 0;
  int64_t withdraw_unix_micros = 0;  // 0 while it stands
  std::string terms_sha256;          // 32 bytes: the terms that it read
  bool active() const { return withdraw_unix_micros == 0; }
  friend bool operator==(const CircleConsent&, const CircleConsent&) = default;
};

// A record of consents to terms that never change. A plain value; the steps
// from one to the next are server/circles/circle_steps.h.
struct Circle {
  std::string id;
  int64_t create_unix_micros = 0;
  int64_t update_unix_micros = 0;
  int64_t close_unix_micros = 0;  // 0 while it is not closed
  CouncilNo lead;
  CircleTerms terms;
  std::vector<CircleConsent> members;  // former ones too, in the order they joined

  bool closed() const { return close_unix_micros != 0; }
  // Councils that are members now, in the order they joined.
  std::vector<CouncilNo> ActiveMembers() const {
    std::vector<CouncilNo> active;
    for (const CircleConsent& m : members) {
      if (m.active()) active.push_back(m.council);
    }
    return active;
  }
  bool IsMember(CouncilNo council) const {
    return std::any_of(members.begin(), members.end(),
                       [&](const CircleConsent& m) { return m.council == council && m.active(); });
  }
  friend bool operator==(const Circle&, const Circle&) = default;
};

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_CIRCLE_H_
