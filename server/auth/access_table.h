#ifndef STEELYARD_SERVER_AUTH_ACCESS_TABLE_H_
#define STEELYARD_SERVER_AUTH_ACCESS_TABLE_H_

// The one table that says who may call what. What is not in it is refused.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "storage/model/principal.h"

namespace steelyard::auth {

// A set of roles.
class Roles {
 public:
  template <typename... R>
  static constexpr Roles Of(R... roles) {
    return Roles(static_cast<uint8_t>(((1u << static_cast<unsigned>(roles)) | ... | 0u)));
  }
  constexpr bool Has(model::Role role) const {
    return (bits_ & (1u << static_cast<unsigned>(role))) != 0;
  }

 private:
  explicit constexpr Roles(uint8_t bits) : bits_(bits) {}
  uint8_t bits_;
};

// Whose council the request may name.
enum class Owner : uint8_t {
  kNone,            // it names none that matters
  kOwn,             // the caller's own
  kOwnOrAnySteward  // the caller's own; any, and `councils/-`, for a steward
};

struct Access {
  std::string_view method;  // "/steelyard.v1.PurchaseService/GetPurchase"
  Roles roles;
  Owner owner = Owner::kNone;
  // Path of the string field whose resource name begins with the council.
  std::string_view council_field = "";
  // Set if every look is put on record (docs/audit.md): path of the field that
  // names what is looked at; where that is empty, it is the caller's council.
  std::string_view looked_at = "";
  // Set if it counts towards no quota.
  bool uncounted = false;
};

// The whole table, sorted by method.
std::span<const Access> AccessTable();

// The entry of `method`, or null.
const Access* FindAccess(std::string_view method);

// `This is for stewards and auditors; your token is a reader's.`
std::string RefusalWords(const Roles& allowed, model::Role role);

}  // namespace steelyard::auth

#endif  // STEELYARD_SERVER_AUTH_ACCESS_TABLE_H_
