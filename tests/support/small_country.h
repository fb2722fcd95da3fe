#ifndef STEELYARD_TESTS_SUPPORT_SMALL_COUNTRY_H_
#define STEELYARD_TESTS_SUPPORT_SMALL_COUNTRY_H_

#include <memory>
#include <string>

#include "storage/model/registers.h"

namespace steelyard::testing {

// Registers of a country `land` of one nation with the regions `north` and
// `south`, `councils_each` councils in either (`n00`, `n01`, .. and `s00`, ..),
// of the types `county` and `city` in turn; one product `mask`; five
// suppliers `s1` to `s5`.
inline std::shared_ptr<model::Registers> SmallCountry(int councils_each) {
  auto r = std::make_shared<model::Registers>();
  r->version = 1;
  r->Put(model::Area{{}, "land", "Land", "country", {}});
  r->Put(model::Area{{}, "north", "North", "region", model::AreaNo{1}});
  r->Put(model::Area{{}, "south", "South", "region", model::AreaNo{1}});
  for (const char region : {'n', 's'}) {
    for (int i = 0; i < councils_each; ++i) {
      model::Council c;
      c.id = std::string(1, region) + static_cast<char>('0' + i / 10) +
             static_cast<char>('0' + i % 10);
      c.display_name = "Council " + c.id;
      c.area = model::AreaNo{static_cast<uint16_t>(region == 'n' ? 2 : 3)};
      c.authority_type = i % 2 == 0 ? "county" : "city";
      r->Put(c);
    }
  }
  model::Product mask;
  mask.id = "mask";
  mask.display_name = "Mask";
  mask.any_pack = true;
  r->Put(mask);
  for (int i = 1; i <= 5; ++i) {
    model::Supplier s;
    s.id = "s" + std::to_string(i);
    s.display_name = "Supplier " + s.id;
    r->Put(s);
  }
  return r;
}

}  // namespace steelyard::testing

#endif  // STEELYARD_TESTS_SUPPORT_SMALL_COUNTRY_H_
