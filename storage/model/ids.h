#ifndef STEELYARD_STORAGE_MODEL_IDS_H_
#define STEELYARD_STORAGE_MODEL_IDS_H_

// Numbers that stand for registered things inside the store. They are given
// once, in the order of registration, and never change or come back, so they
// are frozen on disk. Names for people and for the wire are in the registers.

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace steelyard::model {

// A number of its own type: a CouncilNo cannot be passed for a ProductNo.
template <typename Tag, typename Int>
struct Number {
  Int value = 0;
  friend auto operator<=>(const Number&, const Number&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Number& n) {
    return H::combine(std::move(h), n.value);
  }
};

using AreaNo = Number<struct AreaTag, uint16_t>;
using CouncilNo = Number<struct CouncilTag, uint16_t>;
using ProductNo = Number<struct ProductTag, uint32_t>;
using SupplierNo = Number<struct SupplierTag, uint32_t>;
using ProviderNo = Number<struct ProviderTag, uint32_t>;
using EstablishmentNo = Number<struct EstablishmentTag, uint32_t>;
// Counts a council's lines and reports from 1.
using LineNo = Number<struct LineTag, uint32_t>;

// An ISO 4217 code as a number: 5 bits a letter, so byte order is letter
// order. Frozen on disk.
class Currency {
 public:
  // Three capital letters; nothing else.
  static std::optional<Currency> Parse(std::string_view code);
  static Currency FromNumber(uint16_t number) { return Currency(number); }
  static Currency Gbp() { return *Parse("GBP"); }

  uint16_t number() const { return number_; }
  std::string code() const;

  friend auto operator<=>(const Currency&, const Currency&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Currency& c) {
    return H::combine(std::move(h), c.number_);
  }

 private:
  explicit Currency(uint16_t number) : number_(number) {}
  uint16_t number_;
};

// Whether `id` may be the last part of a resource name:
// [a-z][a-z0-9-]{0,61}[a-z0-9], or one letter.
bool IsResourceId(std::string_view id);

// Whether `id` may name an establishment: 1 to 32 lower-case letters, digits
// and hyphens, a letter or digit first and last.
bool IsEstablishmentId(std::string_view id);

// Whether `id` is a UUID of version 4 in its usual form, either case.
bool IsUuid4(std::string_view id);

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_IDS_H_
