#ifndef STEELYARD_STORAGE_MODEL_PURCHASE_H_
#define STEELYARD_STORAGE_MODEL_PURCHASE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "storage/model/ids.h"
#include "storage/model/time.h"

namespace steelyard::model {

// Limits of a purchase line. Each product of two of them fits 128 bits.
inline constexpr int64_t kMaxPacks = 1'000'000'000;
inline constexpr int64_t kMaxPackContent = 10'000'000;
inline constexpr int64_t kMaxPackPriceMicros = 1'000'000'000'000;
inline constexpr int64_t kMaxFreightMicros = 1'000'000'000'000'000;
inline constexpr int kMaxDeliveries = 50;
inline constexpr int kMaxReferenceBytes = 64;
inline constexpr int kMaxTextBytes = 64;

// Why packs were rejected; numbers equal the wire's Quality.RejectReason and
// are frozen on disk.
enum class RejectReason : uint8_t {
  kUnspecified = 0,
  kWrongProduct = 1,
  kDamaged = 2,
  kCertificate = 3,
  kFailedTest = 4,
  kExpired = 5,
  kRecalled = 6,
  kOther = 7,
};

struct Delivery {
  Day date;
  int64_t packs = 0;
  friend auto operator<=>(const Delivery&, const Delivery&) = default;
};

// What a council says of one line: all that can be corrected, and nothing
// else. A plain value; whoever makes one has checked it (server/purchases).
// Amounts are in millionths of `currency`, without VAT and freight.
struct PurchaseContent {
  ProductNo product;
  SupplierNo supplier;
  Day order_date;
  int64_t packs = 0;              // 1 .. kMaxPacks
  int64_t pack_content = 0;       // base units a pack, 1 .. kMaxPackContent
  int64_t pack_price_micros = 0;  // 1 .. kMaxPackPriceMicros
  Currency currency = Currency::Gbp();
  std::optional<int32_t> vat_basis_points;  // 0 .. 10,000
  std::optional<int64_t> freight_micros;    // 0 .. kMaxFreightMicros
  std::optional<Day> promised_date;
  std::vector<Delivery> deliveries;  // sorted by date, then packs
  std::optional<int64_t> accepted_packs;
  std::optional<int64_t> rejected_packs;
  RejectReason reject_reason = RejectReason::kUnspecified;
  std::string standard;                // at most kMaxTextBytes
  std::string certificate;             // at most kMaxTextBytes
  std::string country_of_manufacture;  // two capital letters or empty
  std::optional<bool> made_in_uk;
  bool price_confirmed = false;

  // packs x pack content.
  int64_t units() const { return packs * pack_content; }
  // packs x pack price, exact.
  absl::int128 spend_micros() const { return absl::int128(packs) * pack_price_micros; }
  // Price of a base unit, rounded half to even to a micro.
  int64_t unit_price_micros() const;

  friend bool operator==(const PurchaseContent&, const PurchaseContent&) = default;
};

// What benchmarks need of one line, and nothing that names it.
struct PurchaseFact {
  CouncilNo council;
  LineNo line;
  Month month;  // of the order
  SupplierNo supplier;
  int64_t units = 0;
  int64_t spend_micros = 0;  // saturated at 2^63-1
  int64_t unit_price_micros = 0;
  int64_t packs = 0;            // ordered
  int64_t delivered_packs = 0;  // at most `packs`
  int64_t looked_at_packs = 0;  // accepted and rejected
  int64_t rejected_packs = 0;
  int32_t lead_days = -1;          // order to first delivery; -1 if none came
  bool has_delivery_data = false;  // a delivery, or a promise that has passed
  bool due = false;                // promised, and delivered or overdue when sent
  bool on_time_in_full = false;
  // Ledger sequence that made this version of the line.
  uint64_t sequence = 0;

  friend bool operator==(const PurchaseFact&, const PurchaseFact&) = default;
};

// Derives the fact from what a council said. `received` is the day it was
// received: a promise after it is not due yet.
//   on time in full: delivered by the promised date >= ordered, none rejected
//   (DOMAIN 5.4, OTIF).
PurchaseFact FactOf(const PurchaseContent& content, Day received);

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_PURCHASE_H_
