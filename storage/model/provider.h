#ifndef STEELYARD_STORAGE_MODEL_PROVIDER_H_
#define STEELYARD_STORAGE_MODEL_PROVIDER_H_

// The register of those who care for people on behalf of councils, and of the
// places where they do. Plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/model/codes.h"
#include "storage/model/ids.h"
#include "storage/model/time.h"

namespace steelyard::model {

// Who owned a provider, and when; a day missing means without end.
struct ProviderOwnership {
  std::string owner;  // provider id
  std::optional<Day> start_date;
  std::optional<Day> end_date;
  friend bool operator==(const ProviderOwnership&, const ProviderOwnership&) = default;
};

// A company, or a group that owns companies. `owners` do not overlap.
struct Provider {
  ProviderNo no;
  std::string id;
  std::string display_name;
  std::vector<std::string> aliases;
  std::string company_number;
  std::vector<Service> services;  // ascending
  std::string sector;             // private, voluntary, local-authority, health or empty
  std::vector<ProviderOwnership> owners;
  friend bool operator==(const Provider&, const Provider&) = default;
};

// Numbers equal the wire's Establishment.Judgement.Level; frozen on disk.
enum class Judgement : uint8_t {
  kNone = 0,
  kOutstanding = 1,
  kGood = 2,
  kRequiresImprovement = 3,
  kInadequate = 4,
};

// Frozen on disk.
enum class Registration : uint8_t { kActive = 1, kSuspended = 2, kResigned = 3, kCancelled = 4 };

// An establishment as the register had it on a day.
struct EstablishmentRecord {
  Day as_of;
  ProviderNo provider;  // 0: the register of that day names none
  int32_t places = 0;
  Registration registration = Registration::kActive;
  friend bool operator==(const EstablishmentRecord&, const EstablishmentRecord&) = default;
};

struct EstablishmentJudgement {
  Day date;
  Judgement judgement = Judgement::kNone;
  friend bool operator==(const EstablishmentJudgement&, const EstablishmentJudgement&) = default;
};

// A home, agency or school with the inspectorate's number.
struct Establishment {
  EstablishmentNo no;
  std::string id;  // URN in lower case
  std::string display_name;
  std::optional<Service> service;
  std::string provision_type;
  CouncilNo council;  // 0: not known
  AreaNo area;        // 0: not known
  std::string sector;
  std::vector<EstablishmentRecord> records;        // by day, one a day
  std::vector<EstablishmentJudgement> judgements;  // by day, one a day
  friend bool operator==(const Establishment&, const Establishment&) = default;
};

// The newest record at or before `day`; null if there is none.
const EstablishmentRecord* RecordOn(const Establishment& establishment, Day day);
// The newest judgement at or before `day`; kNone if there is none.
Judgement JudgementOn(const Establishment& establishment, Day day);

// The newest day at or before `day` that any establishment has a record of:
// the day whose register answers for `day`.
std::optional<Day> RegisterDay(const std::vector<Establishment>& establishments, Day day);

}  // namespace steelyard::model

#endif  // STEELYARD_STORAGE_MODEL_PROVIDER_H_
