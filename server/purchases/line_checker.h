#ifndef STEELYARD_SERVER_PURCHASES_LINE_CHECKER_H_
#define STEELYARD_SERVER_PURCHASES_LINE_CHECKER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/directory/resolver.h"
#include "steelyard/v1/purchase.pb.h"
#include "storage/model/problem.h"
#include "storage/model/purchase.h"

namespace steelyard::purchases {

// A line after its check. It may be taken if `content` is there.
struct CheckedLine {
  std::optional<model::PurchaseContent> content;
  int warnings = 0;
};

// Checks lines against the registers and against themselves, and says every
// problem of every line in words that a procurement lead understands.
// Checks one batch of lines: not thread-safe, cheap to make.
class LineChecker {
 public:
  // `today` decides what lies in the future.
  LineChecker(std::shared_ptr<const directory::Resolver> resolver, model::Day today);

  // Checks one line of `council`; adds to `problems`, each with `row`.
  CheckedLine Check(int64_t row, model::CouncilNo council, const v1::Purchase& line,
                    std::vector<model::Problem>& problems);

  // Supplier names that lines gave and nobody knows, in the order of the
  // first use; what `add_suppliers` would register.
  const std::vector<std::string>& unknown_suppliers() const { return unknown_suppliers_; }

 private:
  class Line;
  friend class Line;

  // "Did you mean …?" for a text that stands for nothing, or nothing.
  const std::string& SuggestProduct(std::string_view text);
  const std::string& SuggestSupplier(std::string_view text);

  std::shared_ptr<const directory::Resolver> resolver_;
  const model::Day today_;
  // Asking for suggestions looks at every name, so each text asks once.
  absl::flat_hash_map<std::string, std::string> product_hints_;
  absl::flat_hash_map<std::string, std::string> supplier_hints_;
  std::vector<std::string> unknown_suppliers_;
};

}  // namespace steelyard::purchases

#endif  // STEELYARD_SERVER_PURCHASES_LINE_CHECKER_H_
