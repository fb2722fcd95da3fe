#ifndef STEELYARD_CLIENT_DEMO_FILES_H_
#define STEELYARD_CLIENT_DEMO_FILES_H_

#include <ostream>
#include <vector>

#include "client/demo/purchases.h"
#include "client/demo/suppliers.h"

namespace steelyard::demo {

// The register of suppliers, as docs/registers.md describes it.
void WriteSuppliers(std::ostream& out, const std::vector<Supplier>& suppliers);

// Purchases of many bodies in the columns of the import profile `steelyard`.
void WritePurchases(std::ostream& out, const std::vector<Line>& lines);

// One council's file, without the council's column: good lines and, between
// them, one with each kind of mistake that is made in practice.
void WritePurchasesWithErrors(std::ostream& out, const std::vector<Line>& lines);

}  // namespace steelyard::demo

#endif  // STEELYARD_CLIENT_DEMO_FILES_H_
