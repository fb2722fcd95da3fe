#include "server/registry/authority_finder.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"

namespace steelyard::registry {
namespace {

using directory::Resolution;
using model::CouncilNo;

// Ofsted's own regions are those of the government but for this one.
struct JoinedRegion {
  std::string_view name;
  std::array<std::string_view, 2> areas;
};
constexpr JoinedRegion kJoined = {"North East, Yorkshire and the Humber",
                                  {"North East", "Yorkshire and The Humber"}};

bool Same(std::string_view a, std::string_view b) { return absl::EqualsIgnoreCase(Av(a), Av(b)); }

bool LivesOn(const model::Council& council, model::Day day) {
  return (!council.start_date || *council.start_date <= day) &&
         (!council.end_date || day <= *council.end_date);
}

}  // namespace

absl::StatusOr<AuthorityFinder> AuthorityFinder::On(model::Day day,
                                                    const directory::Resolver& resolver) {
  auto living = std::make_shared<model::Registers>();
  for (const model::Council& council : resolver.registers().councils) {
    // Each keeps the number that it has among all.
    if (council.childrens_services && LivesOn(council, day)) living->councils.push_back(council);
  }
  ASSIGN_OR_RETURN(auto names, directory::Resolver::Build(std::move(living), &resolver));
  return AuthorityFinder(day, resolver, std::move(names));
}

Resolution<CouncilNo> AuthorityFinder::Find(std::string_view text) {
  const auto [it, added] = known_.try_emplace(std::string(text));
  if (added) it->second = Look(text);
  return it->second;
}

Resolution<CouncilNo> AuthorityFinder::Look(std::string_view text) const {
  const Resolution<CouncilNo> own = living_->ResolveCouncil(text);
  if (own || own.ambiguous) return own;
  const Resolution<CouncilNo> any = all_.ResolveCouncil(text);
  const model::Council* council = all_.registers().FindCouncil(any.no);
  if (council == nullptr || LivesOn(*council, day_)) return any;
  Resolution<CouncilNo> before;
  for (const model::Council& c : living_->registers().councils) {
    if (std::find(c.successors.begin(), c.successors.end(), council->id) == c.successors.end()) {
      continue;
    }
    before.ambiguous = before.no.value != 0;
    before.no = c.no;
    if (before.ambiguous) return {CouncilNo{}, true};
  }
  return before;
}

std::optional<model::AreaNo> AuthorityFinder::Region(std::string_view text) const {
  for (const model::Area& area : all_.registers().areas) {
    if (Same(area.display_name, text)) return area.no;
  }
  if (Same(kJoined.name, text)) return model::AreaNo{};
  return std::nullopt;
}

bool AuthorityFinder::IsWithin(model::AreaNo no, std::string_view region) const {
  const model::Area* area = all_.registers().FindArea(no);
  if (area == nullptr) return false;
  if (!Same(kJoined.name, region)) return Same(area->display_name, region);
  return std::any_of(kJoined.areas.begin(), kJoined.areas.end(),
                     [&](std::string_view name) { return Same(area->display_name, name); });
}

}  // namespace steelyard::registry
