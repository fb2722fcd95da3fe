#ifndef STEELYARD_TESTS_BENCH_FORMS_H_
#define STEELYARD_TESTS_BENCH_FORMS_H_

// The forms in which the bench's world is sent and written down.

#include <ostream>
#include <string>

#include "steelyard/v1/purchase_service.pb.h"
#include "tests/bench/world.h"

namespace steelyard::bench {

// The registers as docs/registers.md describes them.
std::string CouncilsCsv(const World& world);
std::string ProductsCsv(const World& world);
std::string SuppliersCsv(const World& world);

// Fills in `out`, which is empty, as an importer would from the CSV: names of
// suppliers, not numbers.
void ToPurchase(const World& world, const Line& line, v1::Purchase* out);
void ToUploadLine(const World& world, const Line& line, int64_t row, v1::UploadLine* out);

// Lines in the columns of the shipped profile `steelyard`.
void WriteCsvHeader(std::ostream& out);
void WriteCsvLine(const World& world, const Line& line, std::ostream& out);

}  // namespace steelyard::bench

#endif  // STEELYARD_TESTS_BENCH_FORMS_H_
