#ifndef STEELYARD_CLIENT_DEMO_PURCHASES_H_
#define STEELYARD_CLIENT_DEMO_PURCHASES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "client/demo/councils.h"
#include "client/demo/goods.h"
#include "client/demo/suppliers.h"

namespace steelyard::demo {

struct Receipt {
  absl::CivilDay date;
  int64_t packs = 0;
};

// One line as it will stand in the file. Prices in pence.
struct Line {
  const Council* council = nullptr;
  const Good* good = nullptr;
  const Supplier* supplier = nullptr;
  std::string reference;  // begins with DEMO
  absl::CivilDay ordered;
  int64_t packs = 0;
  int64_t pack_pence = 0;
  int vat_percent = -1;  // -1: not known
  int64_t freight_pence = -1;
  bool has_promise = false;
  absl::CivilDay promised;
  std::vector<Receipt> receipts;
  int64_t accepted = -1;
  int64_t rejected = -1;
  std::string reject_reason;
  std::string certificate;
  bool names_country = false;
};

// The made-up purchases of 2019 to 2021: about `lines` of them, by council and
// then by day. The same for the same seed. They point into `councils` and
// `suppliers`.
std::vector<Line> MakePurchases(uint64_t seed, int lines, const std::vector<Council>& councils,
                                const std::vector<Supplier>& suppliers);

}  // namespace steelyard::demo

#endif  // STEELYARD_CLIENT_DEMO_PURCHASES_H_
