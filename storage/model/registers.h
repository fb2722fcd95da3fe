#ifndef STEELYARD_STORAGE_MODEL_REGISTERS_H_
#define STEELYARD_STORAGE_MODEL_REGISTERS_H_

// The registers: who buys, what, from whom, and where. Plain values, and one
// immutable snapshot of them all.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "storage/model/ids.h"
#include "storage/model/provider.h"
#include "storage/model/time.h"

namespace steelyard::model {

struct Area {
  AreaNo no;
  std::string id;  // `north-east`
  std::string display_name;
  std::string kind;  // country, nation or region
  std::optional<AreaNo> parent;
  friend bool operator==(const Area&, const Area&) = default;
};

struct Council {
  CouncilNo no;
  std::string id;  // three-letter code, lower case
  std::string display_name;
  std::vector<std::string> aliases;
  std::string authority_type;
  AreaNo area;
  std::string gss_code;
  std::vector<std::string> former_gss_codes;
  std::optional<Day> start_date;
  std::optional<Day> end_date;
  std::vector<std::string> successors;  // ids
  bool childrens_services = false;
  std::string related_group;  // same word: one contributor
  friend bool operator==(const Council&, const Council&) = default;
};

// Numbers equal the wire's Product.BaseUnit and are frozen on disk.
enum class BaseUnit : uint8_t { kPiece = 1, kPair = 2, kMilliliter = 3 };

struct PackLevel {
  std::string unit_code;  // UN/CEFACT Rec 20
  std::string display_name;
  int64_t base_units = 0;
  friend bool operator==(const PackLevel&, const PackLevel&) = default;
};

struct Attribute {
  std::string key;
  std::string value;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

struct Product {
  ProductNo no;
  std::string id;
  std::string display_name;
  std::vector<std::string> aliases;
  std::string product_class;
  BaseUnit base_unit = BaseUnit::kPiece;
  std::vector<PackLevel> packs;  // inside out
  std::vector<Attribute> attributes;
  std::string cpv_code;
  std::string standard;
  std::string vat_class;  // ppe-zero-2020 or standard
  std::vector<std::string> gtins;
  int64_t band_low_micros = 0;  // GBP a base unit; 0: no band
  int64_t band_high_micros = 0;
  std::optional<Day> start_date;
  std::optional<Day> end_date;
  bool any_pack = false;
  friend bool operator==(const Product&, const Product&) = default;
};

struct Ownership {
  std::string owner;  // supplier id
  std::optional<Day> start_date;
  std::optional<Day> end_date;
  friend bool operator==(const Ownership&, const Ownership&) = default;
};

struct Supplier {
  SupplierNo no;
  std::string id;
  std::string display_name;
  std::vector<std::string> aliases;
  std::string company_number;
  std::string country_code;
  std::vector<Ownership> owners;
  std::string merged_into;  // supplier id; empty if it stands
  friend bool operator==(const Supplier&, const Supplier&) = default;
};

// All registers at one moment. Entry `i` of each vector has number `i` + 1
// (0 stands for none). Immutable once built, so any thread may read it.
struct Registers {
  // Counts the changes; the same everywhere for the same commands.
  uint64_t version = 0;
  std::vector<Area> areas;
  std::vector<Council> councils;
  std::vector<Product> products;
  std::vector<Supplier> suppliers;
  std::vector<Provider> providers;
  // Shared between snapshots: thousands, which change once a year. Never null.
  std::shared_ptr<const std::vector<Establishment>> establishments =
      std::make_shared<const std::vector<Establishment>>();
  absl::flat_hash_map<std::string, AreaNo> area_by_id;
  absl::flat_hash_map<std::string, CouncilNo> council_by_id;
  absl::flat_hash_map<std::string, ProductNo> product_by_id;
  absl::flat_hash_map<std::string, SupplierNo> supplier_by_id;
  absl::flat_hash_map<std::string, ProviderNo> provider_by_id;
  std::shared_ptr<const absl::flat_hash_map<std::string, EstablishmentNo>> establishment_by_id =
      std::make_shared<const absl::flat_hash_map<std::string, EstablishmentNo>>();

  // By council number less 1: who counts as one, by the smallest number among
  // them. Related bodies do, and so do a council and its successors, who hold
  // its records.
  std::vector<uint16_t> contributors;
  // The contributor that `council` is or is part of; itself if not registered.
  CouncilNo ContributorOf(CouncilNo council) const;

  // The entry, or null for a number or id that is not registered.
  const Area* FindArea(AreaNo no) const;
  const Area* FindArea(std::string_view id) const;
  const Council* FindCouncil(CouncilNo no) const;
  const Council* FindCouncil(std::string_view id) const;
  const Product* FindProduct(ProductNo no) const;
  const Product* FindProduct(std::string_view id) const;
  const Supplier* FindSupplier(SupplierNo no) const;
  const Supplier* FindSupplier(std::string_view id) const;
  const Provider* FindProvider(ProviderNo no) const;
  const Provider* FindProvider(std::string_view id) const;
  const Establishment* FindEstablishment(EstablishmentNo no) const;
  const Establishment* FindEstablishment(std::string_view id) const;

  // Adds an entry, or replaces the one with its id; sets its number. For
  // building a snapshot only.
  void Put(Area area);
  void Put(Council council);
  void Put(Product product);
  void Put(Supplier supplier);
  void Put(Provider provider);
  // Many at once: the list of all is copied.
  void Put(std::vector<Establishment> more);

  // The supplier that owns `supplier` in the end on `day`, merges followed;
  // itself if it has no owner then.
  SupplierNo UltimateOwner(SupplierNo supplier, Day day) const;

  // `provider` and whoever owns it on `day`, the owner in the end last. Not
  // empty. A ring of owners ends where it would begin again.
  std::vector<ProviderNo> OwnersOf(ProviderNo provider, Day day) const;
  // The last of them.
  ProviderNo UltimateOwner(ProviderNo provider, Day day) const;
};

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_REGISTERS_H_
