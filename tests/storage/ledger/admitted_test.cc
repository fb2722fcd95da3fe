#include "storage/ledger/admitted.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"

namespace steelyard::ledger {
namespace {

Admitted Some() {
  Admitted admitted;
  admitted.cells[{{240}, {3}}] = 900;
  admitted.cells[{{241}, {3}}] = 870;
  admitted.places[{7}] = {{3}, "county"};
  admitted.places[{300}] = {{4}, "city"};
  return admitted;
}

TEST(AdmittedTest, ComesBackAsItWas) {
  ByteWriter w;
  WriteCells(w, Some());
  WritePlaces(w, Some());
  ByteReader r(w.str());
  Admitted read;
  ReadCells(r, read);
  ReadPlaces(r, read);
  EXPECT_TRUE(r.Finished());
  EXPECT_EQ(read, Some());
}

TEST(AdmittedTest, IsFrozen) {
  ByteWriter w;
  WriteCells(w, Some());
  WritePlaces(w, Some());
  EXPECT_EQ(absl::BytesToHexString(w.str()),
            "02e00303880ee203033b"
            "020463697479"
            "06636f756e7479"
            "02070301ac020400");
}

TEST(AdmittedTest, DamageIsNoticed) {
  ByteWriter w;
  w.Varint(0).Varint(1).Varint(7).Varint(3).Varint(0);  // a type that is not there
  ByteReader r(w.str());
  Admitted read;
  ReadPlaces(r, read);
  EXPECT_FALSE(r.ok());
  for (size_t cut = 1; cut < 6; ++cut) {
    ByteWriter whole;
    WritePlaces(whole, Some());
    ByteReader part(std::string_view(whole.str()).substr(0, whole.str().size() - cut));
    Admitted damaged;
    ReadPlaces(part, damaged);
    EXPECT_FALSE(part.Finished()) << cut;
  }
}

}  // namespace
}  // namespace steelyard::ledger
