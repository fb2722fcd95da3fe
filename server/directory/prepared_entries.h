#ifndef STEELYARD_SERVER_DIRECTORY_PREPARED_ENTRIES_H_
#define STEELYARD_SERVER_DIRECTORY_PREPARED_ENTRIES_H_

// What each kind of entry is found by.

#include <memory>

#include "server/directory/name_index.h"
#include "server/directory/names.h"
#include "storage/model/registers.h"

namespace steelyard::directory {

// Id, GSS codes present and former; a council that is no more is past.
std::shared_ptr<const NamedEntry> Prepare(const model::Council& council, const NameFolder& folder);

// Id and GTINs, with or without leading zeros; words of the specification.
std::shared_ptr<const NamedEntry> Prepare(const model::Product& product, const NameFolder& folder);

// Id and company number, with or without leading zeros; names with and without
// legal form. A merged supplier is found as the one it was merged into.
std::shared_ptr<const NamedEntry> Prepare(const model::Supplier& supplier,
                                          const model::Registers& registers,
                                          const NameFolder& folder);

// As a supplier; words of its services and sector.
std::shared_ptr<const NamedEntry> Prepare(const model::Provider& provider,
                                          const NameFolder& folder);

}  // namespace steelyard::directory

#endif  // STEELYARD_SERVER_DIRECTORY_PREPARED_ENTRIES_H_
