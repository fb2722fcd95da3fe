#include "server/registry/establishment_import.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/registry/authority_finder.h"
#include "server/registry/cell_rules.h"
#include "server/registry/field_checker.h"
#include "server/registry/inspectorate_words.h"
#include "server/registry/named_providers.h"
#include "server/rpc/convert.h"
#include "storage/base/status_macros.h"

namespace steelyard::registry {
namespace {

using model::Establishment;
using model::Problem;

constexpr int32_t kMaxPlaces = 10'000;
// What stands where a name is kept back, as those of children's homes are.
constexpr std::string_view kRedacted = "REDACTED";

constexpr Expectation kUrn = {"URN_INVALID",
                              "the inspectorate's number such as SC012345 or 1027076"};
constexpr Expectation kProvision = {
    "PROVISION_UNKNOWN", "a kind of provision that Ofsted names such as Children's home"};
constexpr Expectation kRegistration = {"REGISTRATION_UNKNOWN",
                                       "Active, Suspended, Resigned or Cancelled"};
constexpr Expectation kJudgement = {
    "JUDGEMENT_UNKNOWN",
    "Outstanding, Good, Requires improvement to be good (once Adequate or Satisfactory), "
    "Inadequate, or nothing"};
constexpr Expectation kJudgementDate = {"JUDGEMENT_DATE_INVALID",
                                        "a day of the calendar at or before the register's own"};
constexpr Expectation kPlaces = {"PLACES_INVALID", "a number of places from 0 to 10,000"};
constexpr Expectation kSectorWords = {
    "SECTOR_UNKNOWN", "Private, Voluntary, Local Authority, Health Authority or Academy"};
constexpr Expectation kAuthority = {"COUNCIL_UNKNOWN", "a council of that day, by name or code"};
constexpr Expectation kAuthorityAmbiguous = {"COUNCIL_AMBIGUOUS",
                                             "the code of one council of that day"};
constexpr Expectation kRegion = {"REGION_UNKNOWN", "a region of England such as North East"};
constexpr Expectation kOrganisation = {"PROVIDER_AMBIGUOUS",
                                       "a name that stands for one registered provider"};

// Puts `entry` among `entries` in the order of their days; one that is there
// for its day is replaced if `replace` says so.
template <typename Entry, typename DayOf>
void PutByDay(std::vector<Entry>& entries, Entry entry, DayOf day_of, bool replace) {
  const auto at =
      std::lower_bound(entries.begin(), entries.end(), entry,
                       [&](const Entry& a, const Entry& b) { return day_of(a) < day_of(b); });
  if (at == entries.end() || day_of(*at) != day_of(entry)) {
    entries.insert(at, std::move(entry));
  } else if (replace) {
    *at = std::move(entry);
  }
}

// Reads the rows of one request.
class Reader {
 public:
  Reader(model::Day as_of, const directory::Resolver& resolver, AuthorityFinder authorities)
      : as_of_(as_of),
        resolver_(resolver),
        authorities_(std::move(authorities)),
        named_(resolver) {}

  void Read(const v1::EstablishmentRow& row);
  EstablishmentImport Finish() &&;

 private:
  void Report(std::string_view field, std::string_view found, const Expectation& expectation) {
    out_.problems.push_back(CellProblem(row_, field, found, expectation));
  }
  // What `parse` makes of the words, or T{} and a problem.
  template <typename T>
  T Known(std::string_view field, const std::string& words,
          std::optional<T> (*parse)(std::string_view), const Expectation& expectation) {
    std::optional<T> value = parse(words);
    if (!value) Report(field, words, expectation);
    return value ? *std::move(value) : T{};
  }
  void Describe(const v1::EstablishmentRow& row, Establishment& e);
  void Place(const v1::EstablishmentRow& row, Establishment& e);
  std::optional<model::EstablishmentJudgement> Judged(const v1::EstablishmentRow& row);
  void Keep(Establishment entry, const Establishment* before);
  void TakeBack();

  const model::Day as_of_;
  const directory::Resolver& resolver_;
  AuthorityFinder authorities_;
  NamedProviders named_;
  int64_t row_ = 0;
  absl::flat_hash_map<std::string, int64_t> rows_by_id_;
  EstablishmentImport out_;
};

// What is the same on every day, from the newest.
void Reader::Describe(const v1::EstablishmentRow& row, Establishment& e) {
  e.display_name = row.display_name() == kRedacted ? "" : row.display_name();
  if (!e.display_name.empty() && !IsReadableName(e.display_name)) {
    Report("display_name", e.display_name, kName);
  }
  e.provision_type = row.provision_type();
  e.service = Known("provision_type", row.provision_type(), &ProvisionOf, kProvision).service;
  e.sector = Known("sector", row.sector(), &SectorOf, kSectorWords);
  Place(row, e);
}

void Reader::Place(const v1::EstablishmentRow& row, Establishment& e) {
  e.council = {};
  e.area = {};
  const std::optional<model::AreaNo> region =
      row.region().empty() ? model::AreaNo{} : authorities_.Region(row.region());
  if (!region) Report("region", row.region(), kRegion);
  if (!row.local_authority().empty()) {
    const auto found = authorities_.Find(row.local_authority());
    e.council = found.no;
    if (!found) {
      Report("local_authority", row.local_authority(),
             found.ambiguous ? kAuthorityAmbiguous : kAuthority);
    }
  }
  const model::Council* council = resolver_.registers().FindCouncil(e.council);
  e.area = council != nullptr ? council->area : region.value_or(model::AreaNo{});
  if (council == nullptr || !region || row.region().empty()) return;
  if (authorities_.IsWithin(council->area, row.region())) return;
  Problem differs =
      CellProblem(row_, "region", row.region(),
                  {"REGION_DIFFERS",
                   absl::StrCat("the region of ", council->display_name, ", ",
                                resolver_.registers().FindArea(council->area)->display_name)});
  differs.severity = Problem::Severity::kWarning;
  out_.problems.push_back(std::move(differs));
}

std::optional<model::EstablishmentJudgement> Reader::Judged(const v1::EstablishmentRow& row) {
  const model::Judgement level = Known("judgement", row.judgement(), &JudgementOf, kJudgement);
  std::optional<model::Day> date = as_of_;
  if (row.has_judgement_date()) {
    date = rpc::FromProto(row.judgement_date());
    if (!date || *date > as_of_) {
      const auto& d = row.judgement_date();
      Report("judgement_date", absl::StrCat(d.year(), "-", d.month(), "-", d.day()),
             kJudgementDate);
      return std::nullopt;
    }
  }
  if (level == model::Judgement::kNone) return std::nullopt;
  return model::EstablishmentJudgement{*date, level};
}

void Reader::Read(const v1::EstablishmentRow& row) {
  row_ = row.row();
  const std::string id = absl::AsciiStrToLower(row.urn());
  if (!model::IsEstablishmentId(id)) {
    Report("urn", row.urn(), kUrn);
  } else if (const auto [it, first] = rows_by_id_.try_emplace(id, row_); !first) {
    Report("urn", row.urn(),
           {"URN_REPEATED", absl::StrCat("a number that row ", it->second, " does not have")});
  }
  const Establishment* before = resolver_.registers().FindEstablishment(id);
  Establishment entry = before == nullptr ? Establishment() : *before;
  entry.id = id;
  const bool newest = entry.records.empty() || entry.records.back().as_of <= as_of_;
  Establishment described;
  Describe(row, newest ? entry : described);
  model::EstablishmentRecord record;
  record.as_of = as_of_;
  record.registration =
      Known("registration_status", row.registration_status(), &RegistrationOf, kRegistration);
  if (row.places() < 0 || row.places() > kMaxPlaces) {
    Report("places", absl::StrCat(row.places()), kPlaces);
  }
  record.places = row.places();
  const Establishment& now = newest ? entry : described;
  const auto provider = named_.Find(row.organisation(), now.service, now.sector);
  if (provider.ambiguous) Report("organisation", row.organisation(), kOrganisation);
  record.provider = provider.no;
  PutByDay(
      entry.records, record, [](const auto& r) { return r.as_of; }, true);
  if (const auto judgement = Judged(row)) {
    PutByDay(
        entry.judgements, *judgement, [](const auto& j) { return j.date; }, newest);
  }
  Keep(std::move(entry), before);
}

void Reader::Keep(Establishment entry, const Establishment* before) {
  if (before == nullptr) {
    ++out_.created_establishments;
  } else if (entry == *before) {
    ++out_.unchanged_establishments;
    return;
  } else {
    ++out_.updated_establishments;
  }
  out_.establishments.push_back(std::move(entry));
}

// Takes the day's record from establishments that are in it no more: the day is
// replaced as a whole.
void Reader::TakeBack() {
  int64_t left_out = 0;
  for (const Establishment& e : *resolver_.registers().establishments) {
    const auto kept = std::find_if(e.records.begin(), e.records.end(),
                                   [&](const auto& r) { return r.as_of == as_of_; });
    if (kept == e.records.end() || rows_by_id_.contains(e.id)) continue;
    Establishment without = e;
    without.records.erase(without.records.begin() + (kept - e.records.begin()));
    out_.establishments.push_back(std::move(without));
    ++left_out;
  }
  if (left_out == 0) return;
  Problem gone = CellProblem(0, "as_of_date", as_of_.ToString(),
                             {"ESTABLISHMENTS_LEFT_OUT", "the whole register of the day"});
  gone.message = absl::StrCat("Establishments that were in the register of ", as_of_.ToString(),
                              " when it was sent before and are not in it now: ", left_out,
                              ". Their record of the day is taken back.");
  gone.severity = Problem::Severity::kWarning;
  out_.problems.push_back(std::move(gone));
}

EstablishmentImport Reader::Finish() && {
  if (!model::HasError(out_.problems)) TakeBack();
  out_.created_providers = named_.created();
  out_.providers = std::move(named_).Changed();
  std::stable_sort(out_.problems.begin(), out_.problems.end(),
                   [](const Problem& a, const Problem& b) { return a.row < b.row; });
  return std::move(out_);
}

}  // namespace

absl::StatusOr<EstablishmentImport> ReadEstablishments(
    model::Day as_of, const v1::ImportEstablishmentsRequest& request,
    const directory::Resolver& resolver) {
  ASSIGN_OR_RETURN(AuthorityFinder authorities, AuthorityFinder::On(as_of, resolver));
  Reader reader(as_of, resolver, std::move(authorities));
  for (const v1::EstablishmentRow& row : request.rows()) reader.Read(row);
  return std::move(reader).Finish();
}

}  // namespace steelyard::registry
