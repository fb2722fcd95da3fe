#ifndef STEELYARD_SERVER_REGISTRY_AUTHORITY_FINDER_H_
#define STEELYARD_SERVER_REGISTRY_AUTHORITY_FINDER_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "server/directory/resolver.h"
#include "storage/model/registers.h"
#include "storage/model/time.h"

namespace steelyard::registry {

// Finds the councils that a register of some day means. "North Yorkshire" was a
// county to March 2023 and is a unitary since: on a day it is one of them. Not
// thread-safe.
class AuthorityFinder {
 public:
  // `resolver` is of all councils, past and present, and must outlive this.
  // INTERNAL if names cannot be folded.
  static absl::StatusOr<AuthorityFinder> On(model::Day day, const directory::Resolver& resolver);

  // The council of that code or name which ran children's services on the day;
  // failing that, the one of them whose successor is called so ("Dorset" before
  // April 2019 is Dorset County Council); failing that, any council of the day.
  directory::Resolution<model::CouncilNo> Find(std::string_view text);

  // The area of a region's name, by number; 0 for a name that joins several,
  // as Ofsted's own regions do. Nothing if it is not known.
  std::optional<model::AreaNo> Region(std::string_view text) const;
  // Whether `area` lies within the region of that name.
  bool IsWithin(model::AreaNo area, std::string_view region) const;

 private:
  AuthorityFinder(model::Day day, const directory::Resolver& resolver,
                  std::shared_ptr<const directory::Resolver> living)
      : day_(day), all_(resolver), living_(std::move(living)) {}

  directory::Resolution<model::CouncilNo> Look(std::string_view text) const;

  model::Day day_;
  const directory::Resolver& all_;
  std::shared_ptr<const directory::Resolver> living_;  // of those that ran children's services
  absl::flat_hash_map<std::string, directory::Resolution<model::CouncilNo>> known_;
};

}  // namespace steelyard::registry

#endif  // STEELYARD_SERVER_REGISTRY_AUTHORITY_FINDER_H_
