#ifndef STEELYARD_SERVER_DIRECTORY_RESOLVER_H_
#define STEELYARD_SERVER_DIRECTORY_RESOLVER_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/directory/merge_proposals.h"
#include "server/directory/name_index.h"
#include "server/directory/names.h"
#include "storage/model/registers.h"

namespace steelyard::directory {

// What a text stands for. Two entries that share it make it stand for none.
template <typename No>
struct Resolution {
  No no;  // 0 if nothing was found
  bool ambiguous = false;
  explicit operator bool() const { return no.value != 0; }
};

// Finds the councils, products, suppliers and providers that people write about, over
// one snapshot of the registers. Immutable, so any thread may use it; make
// the next one from it when the registers change.
//
// Names are compared as NameFolder folds them. Texts that look like a name
// but are not the same letters never resolve; they are suggested.
class Resolver {
 public:
  // Prepares `registers`. What `previous` has prepared already is taken over:
  // suppliers that were only added cost no more than themselves, any other
  // change rebuilds the index of its register without folding a name again.
  // Returns INTERNAL if the machine's ICU lacks its data.
  static absl::StatusOr<std::shared_ptr<const Resolver>> Build(
      std::shared_ptr<const model::Registers> registers, const Resolver* previous = nullptr);

  const model::Registers& registers() const { return *registers_; }
  const NameFolder& folder() const { return *folder_; }

  // `products/x`, id, GTIN (leading zeros free), name or alias.
  Resolution<model::ProductNo> ResolveProduct(std::string_view text) const;

  // `suppliers/x`, id, company number, name or alias; the legal form (Ltd,
  // PLC, ...) counts only between names that differ in nothing else. Merges
  // are followed.
  Resolution<model::SupplierNo> ResolveSupplier(std::string_view text) const;

  // `providers/x`, id, company number, name or alias, as suppliers are found.
  // An owner is a provider too.
  Resolution<model::ProviderNo> ResolveProvider(std::string_view text) const;

  // What two names of one supplier share: the folded name without its legal
  // form. Empty for a text that is no name.
  std::string SupplierKey(std::string_view name) const;

  // `councils/x`, three-letter code, GSS code present or former, name or
  // alias.
  Resolution<model::CouncilNo> ResolveCouncil(std::string_view text) const;

  // Up to three entries that the writer may have meant, most alike first.
  // Looks at every name (milliseconds for thousands): ask once for each text.
  std::vector<model::ProductNo> SuggestProducts(std::string_view text) const;
  std::vector<model::SupplierNo> SuggestSuppliers(std::string_view text) const;
  std::vector<model::ProviderNo> SuggestProviders(std::string_view text) const;
  std::vector<model::CouncilNo> SuggestCouncils(std::string_view text) const;

  // At most `limit` entries for a query of id, code, GTIN, CPV code or words,
  // best first, the same for the same registers. If no entry has all the
  // words, those that are named most like the query.
  std::vector<model::ProductNo> SearchProducts(std::string_view query, size_t limit) const;
  std::vector<model::SupplierNo> SearchSuppliers(std::string_view query, size_t limit) const;
  std::vector<model::ProviderNo> SearchProviders(std::string_view query, size_t limit) const;
  std::vector<model::CouncilNo> SearchCouncils(std::string_view query, size_t limit) const;

  // Suppliers that may be one, most alike first (merge_proposals.h). Looks at
  // all suppliers: for a steward's list, not for each request.
  std::vector<MergeProposal> ProposeMerges() const;

 private:
  Resolver(std::shared_ptr<const model::Registers> registers,
           std::shared_ptr<const NameFolder> folder)
      : registers_(std::move(registers)), folder_(std::move(folder)) {}

  NameIndex::Hit FindName(const NameIndex& index, std::string_view text) const;
  // The company that `text` stands for: its code, or its name with or without
  // legal form.
  NameIndex::Hit FindCompany(const NameIndex& index, std::string_view collection,
                             std::string_view text) const;
  PreparedName PrepareQuery(std::string_view text) const;
  PreparedName PrepareCompanyQuery(std::string_view text) const;

  std::shared_ptr<const model::Registers> registers_;
  std::shared_ptr<const NameFolder> folder_;
  NameIndex councils_;
  NameIndex products_;
  NameIndex suppliers_;
  NameIndex providers_;
};

}  // namespace steelyard::directory

#endif  // STEELYARD_SERVER_DIRECTORY_RESOLVER_H_
