#ifndef STEELYARD_STORAGE_EDITIONS_DELIVERY_H_
#define STEELYARD_STORAGE_EDITIONS_DELIVERY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "storage/model/ids.h"
#include "storage/model/purchase.h"

namespace steelyard::editions {

// How goods came, in lines and packs. Never below zero.
struct DeliveryTotals {
  int64_t due_lines = 0;        // promised, and delivered or overdue
  int64_t on_time_lines = 0;    // of those: in full, in time, none rejected
  int64_t ordered_packs = 0;    // of lines with delivery data
  int64_t delivered_packs = 0;  // of the same lines
  int64_t looked_at_packs = 0;  // accepted and rejected
  int64_t rejected_packs = 0;

  void Add(const model::PurchaseFact& fact);
  void Add(const DeliveryTotals& other);
  friend bool operator==(const DeliveryTotals&, const DeliveryTotals&) = default;
};

// The three figures of deliveries: shares of `of` that are `part`. Each is shown
// or not by itself.
struct DeliveryFacet {
  int64_t DeliveryTotals::*of;
  int64_t DeliveryTotals::*part;
};
inline constexpr std::array<DeliveryFacet, 3> kDeliveryFacets = {
    DeliveryFacet{&DeliveryTotals::due_lines, &DeliveryTotals::on_time_lines},
    DeliveryFacet{&DeliveryTotals::ordered_packs, &DeliveryTotals::delivered_packs},
    DeliveryFacet{&DeliveryTotals::looked_at_packs, &DeliveryTotals::rejected_packs}};

// What one council's lines of one supplier said of deliveries when it was last
// shown; 0 in a facet that was not.
struct DeliverySum {
  model::CouncilNo council;
  model::SupplierNo supplier;
  DeliveryTotals totals;
  friend bool operator==(const DeliverySum&, const DeliverySum&) = default;
};

// What is shown of one supplier group by name.
struct SellerDelivery {
  model::SupplierNo owner;
  DeliveryTotals totals;
  friend bool operator==(const SellerDelivery&, const SellerDelivery&) = default;
};

// How the goods of a run of months came: by areas, and by supplier. What is shown
// is renewed when what moved may be shown, so it may lag behind the run's prices.
// A facet is shown where its `of` is not 0.
struct DeliveryView {
  std::vector<std::vector<model::AreaNo>> areas;  // as rows were at first; empty: nothing
  std::vector<DeliveryTotals> rows;               // [areas]
  std::vector<SellerDelivery> sellers;            // by owner, those shown
  std::vector<DeliverySum> said;                  // by council and supplier

  // Bytes of memory it holds.
  size_t weight() const;
  friend bool operator==(const DeliveryView&, const DeliveryView&) = default;
};

}  // namespace steelyard::editions

#endif  // STEELYARD_STORAGE_EDITIONS_DELIVERY_H_
