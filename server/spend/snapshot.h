#ifndef STEELYARD_SERVER_SPEND_SNAPSHOT_H_
#define STEELYARD_SERVER_SPEND_SNAPSHOT_H_

// All published payments of one moment, by whose they are.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/numeric/int128.h"
#include "server/directory/payment_names.h"
#include "storage/model/payment.h"

namespace steelyard::spend {

// A sum of payments.
struct Sum {
  int64_t payments = 0;      // credit notes included
  int64_t credit_notes = 0;  // those below 0
  absl::int128 micros = 0;

  void Add(const model::QuarterPayments& q) {
    payments += q.payments;
    credit_notes += q.credit_notes;
    micros += q.micros;
  }
  void Add(const Sum& other) {
    payments += other.payments;
    credit_notes += other.credit_notes;
    micros += other.micros;
  }
  friend bool operator==(const Sum&, const Sum&) = default;
};

// What one council paid to one provider in one quarter.
struct SpendKey {
  model::CouncilNo council;
  model::ProviderNo provider;
  model::Month quarter;
  friend auto operator<=>(const SpendKey&, const SpendKey&) = default;
};
using SpendTable = std::map<SpendKey, Sum>;

// Decisions by the key of the name (PaymentNames::Key).
using Decisions = std::map<std::string, model::NameDecision, std::less<>>;

// What a name was taken for: kNobody if a person said so, kUnknown if nobody
// said anything.
enum class Found : uint8_t { kNumber, kName, kDecided, kNobody, kUnknown };
struct Whose {
  Found found = Found::kUnknown;
  model::ProviderNo provider;  // 0 for kNobody and kUnknown
};

// The number decides, then what a person said, then the name.
Whose FindOwner(const directory::PaymentNames& names, const Decisions& decisions,
                std::string_view name, std::string_view company_number);

// A name that is nobody's yet, all its spellings together.
struct OpenName {
  std::string key;
  std::string name;  // as found first
  Sum sum;
};

// Such a name and whose it may be.
struct Proposal {
  const OpenName* name = nullptr;
  std::vector<directory::NameCandidate> candidates;  // not empty, most alike first
};

// Immutable once built; any thread may read it. Costs what all distinct names
// cost to look up, once.
class Snapshot {
 public:
  using Sources = std::vector<std::shared_ptr<const model::PaymentSource>>;

  Snapshot(std::shared_ptr<const directory::PaymentNames> names, Decisions decisions,
           Sources sources);

  const directory::PaymentNames& names() const { return *names_; }
  const model::Registers& registers() const { return names_->resolver().registers(); }
  const Decisions& decisions() const { return decisions_; }
  const Sources& sources() const { return sources_; }  // by council and source
  const SpendTable& spend() const { return spend_; }

  // Largest sum first, then by key. Worked out when first asked for.
  const std::vector<Proposal>& proposals() const;

 private:
  const std::shared_ptr<const directory::PaymentNames> names_;
  const Decisions decisions_;
  const Sources sources_;
  SpendTable spend_;
  std::vector<OpenName> open_;
  mutable std::once_flag proposed_;
  mutable std::vector<Proposal> proposals_;
};

}  // namespace steelyard::spend

#endif  // STEELYARD_SERVER_SPEND_SNAPSHOT_H_
