#ifndef STEELYARD_SERVER_DIRECTORY_PAYMENT_NAMES_H_
#define STEELYARD_SERVER_DIRECTORY_PAYMENT_NAMES_H_

// Whose the supplier names of published payments are. docs/spend.md says it in
// full, and why.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "server/directory/name_words.h"
#include "server/directory/resolver.h"

namespace steelyard::directory {

// A company number as registers hold it, 8 characters: capitals, no blanks,
// leading zeros that a spreadsheet dropped put back. Empty if it is none.
std::string NormalCompanyNumber(std::string_view text);

// What a name was taken for without anybody's help.
struct PaymentMatch {
  enum class Kind : uint8_t { kNone, kNumber, kName };
  Kind kind = Kind::kNone;
  model::ProviderNo provider;  // 0 for kNone
  friend bool operator==(const PaymentMatch&, const PaymentMatch&) = default;
};

// A provider that a name may be meant for; a person decides.
struct NameCandidate {
  model::ProviderNo provider;
  double likeness = 0;  // of the names, 0 to 1
  friend bool operator==(const NameCandidate&, const NameCandidate&) = default;
};

// Least likeness of a name to be proposed.
inline constexpr double kProposedLikeness = 0.6;
inline constexpr size_t kMaxCandidates = 3;

// Matches names against the providers of one resolver's registers. Immutable,
// so any thread may use it; make a new one when the registers change (some
// milliseconds for a thousand providers).
//
// A match needs the same company number or the same name: letters and digits
// alike, whatever the case, punctuation, spacing and legal form, `&` or `and`,
// with or without a leading "The" or a final "UK". A name of one word must
// agree in its legal form too, and without any have 8 letters: many are called
// Keys or Compass. "X t/a Y" is X. Names of two providers match neither, and a
// name does not match a provider with another company number.
class PaymentNames {
 public:
  explicit PaymentNames(std::shared_ptr<const Resolver> resolver);

  const Resolver& resolver() const { return *resolver_; }

  // What all spellings of a name share that a decision counts for: case,
  // punctuation, and Ltd for Limited. Empty for a text that is no name.
  std::string Key(std::string_view name) const;

  // `company_number` as NormalCompanyNumber gives it, or empty.
  PaymentMatch Find(std::string_view name, std::string_view company_number) const;

  // Up to kMaxCandidates providers named like `name`, most alike first: by
  // their telling words (NameWords), because a registered name of 8 letters or
  // more stands whole within it, or because both begin with the same three
  // words.
  std::vector<NameCandidate> Propose(std::string_view name) const;

 private:
  // How strictly two names agree; the stricter hides the other.
  enum Rank : uint8_t { kExact, kAlias, kWithoutForm, kLoose };
  struct Hit {
    model::ProviderNo provider;
    Rank rank = kExact;
    bool ambiguous = false;
  };

  void Prepare(const model::Provider& provider);
  void AddName(model::ProviderNo provider, std::string_view folded, Rank rank);
  void AddKey(std::string key, Hit hit);
  const Hit* FindKey(std::string_view folded) const;
  // Providers whose name stands within `folded`, word for word.
  void AddContained(std::string_view folded,
                    absl::btree_map<model::ProviderNo, double>& likeness) const;

  std::shared_ptr<const Resolver> resolver_;
  absl::flat_hash_map<std::string, Hit> by_name_;
  absl::flat_hash_map<std::string, Hit> by_number_;
  absl::flat_hash_map<std::string, std::vector<model::ProviderNo>> by_leading_;
  NameWords words_;
};

}  // namespace steelyard::directory

#endif  // STEELYARD_SERVER_DIRECTORY_PAYMENT_NAMES_H_
