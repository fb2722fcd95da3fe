#ifndef STEELYARD_SERVER_REGISTRY_ESTABLISHMENT_IMPORT_H_
#define STEELYARD_SERVER_REGISTRY_ESTABLISHMENT_IMPORT_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "server/directory/resolver.h"
#include "steelyard/v1/registry_service.pb.h"
#include "storage/model/problem.h"
#include "storage/model/registers.h"

namespace steelyard::registry {

// Most rows of one day's register.
inline constexpr int kMaxEstablishmentRows = 10'000;

// What one day's register of an inspectorate changes, and all that is wrong
// with it.
//
// Establishments name new providers by the numbers that these get when they are
// put in this order after those of the registers. Change nothing if any problem
// is an error.
struct EstablishmentImport {
  std::vector<model::Provider> providers;            // new, or with more services
  std::vector<model::Establishment> establishments;  // new or changed
  int64_t created_establishments = 0;
  int64_t updated_establishments = 0;
  int64_t unchanged_establishments = 0;
  int64_t created_providers = 0;
  std::vector<model::Problem> problems;  // by row
};

// Reads the rows of the register of `as_of` against the registers as they are.
// What is told of an establishment beside the day's record (name, kind, place)
// is taken over only from its newest day. INTERNAL if names cannot be folded.
absl::StatusOr<EstablishmentImport> ReadEstablishments(
    model::Day as_of, const v1::ImportEstablishmentsRequest& request,
    const directory::Resolver& resolver);

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_ESTABLISHMENT_IMPORT_H_
