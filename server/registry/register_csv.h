#ifndef STEELYARD_SERVER_REGISTRY_REGISTER_CSV_H_
#define STEELYARD_SERVER_REGISTRY_REGISTER_CSV_H_

#include <string_view>
#include <vector>

#include "server/registry/shipped_registers.h"
#include "storage/model/problem.h"
#include "storage/model/registers.h"

namespace steelyard::registry {

// What a register file holds, and all that is wrong with it. The format is in
// docs/registers.md.
//
// An entry that is registered already starts as it is and takes over only the
// columns that the file has, so `entry == *current.Find...(entry.id)` tells
// whether the file changes it. A new entry has no number yet; areas that refer
// to each other do so by the numbers that they get when the entries are put in
// this order after those of `current`. Load nothing if any problem is an error.
struct RegisterLoad {
  std::vector<model::Area> areas;
  std::vector<model::Council> councils;
  std::vector<model::Product> products;
  std::vector<model::Supplier> suppliers;
  std::vector<model::Provider> providers;
  std::vector<model::Problem> problems;  // by row
};

// Read a register file of one kind against the registers as they are. The
// whole file is looked at however much is wrong with it. Pure.
RegisterLoad Parse(Register which, std::string_view csv, const model::Registers& current);
RegisterLoad ParseAreas(std::string_view csv, const model::Registers& current);
RegisterLoad ParseCouncils(std::string_view csv, const model::Registers& current);
RegisterLoad ParseProducts(std::string_view csv, const model::Registers& current);
RegisterLoad ParseSuppliers(std::string_view csv, const model::Registers& current);
RegisterLoad ParseProviders(std::string_view csv, const model::Registers& current);

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_REGISTER_CSV_H_
