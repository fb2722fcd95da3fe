#ifndef STEELYARD_SERVER_REGISTRY_REGISTER_CHECKS_H_
#define STEELYARD_SERVER_REGISTRY_REGISTER_CHECKS_H_

// What must hold between the entries of a register, beyond the form of each
// cell. `next` is the register as it would be after the load; `lines` gives
// the row of each entry of the file by id, and only those are reported.

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "storage/model/problem.h"
#include "storage/model/registers.h"

namespace steelyard::registry {

using LinesById = absl::flat_hash_map<std::string, int64_t>;

// No ring of parents.
std::vector<model::Problem> CheckAreas(const model::Registers& next, const LinesById& lines);

// Dates in order, successors registered and without rings, no code of the ONS
// on two bodies.
std::vector<model::Problem> CheckCouncils(const model::Registers& next, const LinesById& lines);

// Packs that hold one another, dates and price band in order, no GTIN on two
// products.
std::vector<model::Problem> CheckProducts(const model::Registers& next, const LinesById& lines);

// Owners registered, their periods in order and apart, no ring of owners on
// any day, no company number on two suppliers.
std::vector<model::Problem> CheckSuppliers(const model::Registers& next, const LinesById& lines);

// Owners registered, their periods in order and apart, no ring of owners on
// any day, no company number on two providers.
std::vector<model::Problem> CheckProviders(const model::Registers& next, const LinesById& lines);

// Whether on any day the owners of `supplier`, merges followed, lead back to
// it. No day of any of them may have two owners.
bool OwnsItself(const model::Registers& registers, const model::Supplier& supplier);

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_REGISTER_CHECKS_H_
