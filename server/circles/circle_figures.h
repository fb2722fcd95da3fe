#ifndef STEELYARD_SERVER_CIRCLES_CIRCLE_FIGURES_H_
#define STEELYARD_SERVER_CIRCLES_CIRCLE_FIGURES_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "steelyard/v1/circle_service.pb.h"
#include "storage/model/circle.h"
#include "storage/model/outcome.h"
#include "storage/model/purchase.h"
#include "storage/model/registers.h"

namespace steelyard::circles {

// Reads the newest lines and reports of one council: all that circles see of
// anybody's rows. The composition root gives it; called from any thread.
struct RowSources {
  std::function<absl::StatusOr<std::vector<model::PurchaseFact>>(
      model::CouncilNo, model::ProductNo, model::Currency, const model::Period&)>
      purchases;
  // Of quarters that begin in the period.
  std::function<absl::StatusOr<std::vector<model::OutcomeFact>>(model::CouncilNo, model::Service,
                                                                const model::Period&)>
      reports;
};

// What is asked of a circle's figures, within its terms.
struct FigureQuestion {
  std::vector<model::CouncilNo> councils;    // members, by id
  std::vector<model::ProductNo> products;    // by id
  std::vector<model::ProviderNo> providers;  // by id
  model::Currency currency = model::Currency::Gbp();
  std::vector<model::Period> months;    // the period cut up, in order
  std::vector<model::Period> quarters;  // the same for providers: whole quarters
};

// INVALID_ARGUMENT with every problem. A council that is no member now is as
// one that there is not, and so is a product or provider outside the terms.
absl::StatusOr<FigureQuestion> ParseQuestion(const v1::ListCircleFiguresRequest& request,
                                             const model::Circle& circle,
                                             const model::Registers& registers);

// One page of figures.
struct FigurePage {
  std::vector<v1::CircleFigure> figures;
  std::vector<model::CouncilNo> councils;  // whose figures they are, by id
  std::string last_key;                    // of the last figure
  bool more = false;
};

// The first `size` figures whose key lies after `after` (empty: from the
// first), with the fields of `terms` alone. Sums are exact (128 bits), means
// rounded half to even. Errors of the sources.
absl::StatusOr<FigurePage> ListFigures(const FigureQuestion& question,
                                       const model::CircleTerms& terms,
                                       const model::Registers& registers, const RowSources& sources,
                                       std::string_view after, size_t size);

}  // namespace steelyard::circles

#endif  // STEELYARD_SERVER_CIRCLES_CIRCLE_FIGURES_H_
