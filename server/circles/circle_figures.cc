#include "server/circles/circle_figures.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/rpc/convert.h"
#include "server/rpc/errors.h"
#include "server/rpc/names.h"
#include "storage/base/checked.h"
#include "storage/base/status_macros.h"
#include "storage/base/text.h"
#include "storage/editions/atom.h"
#include "storage/editions/delivery.h"

namespace steelyard::circles {
namespace {

using model::CircleField;
using model::CouncilNo;
using model::Month;
using model::Period;
using model::Registers;

// Calendar quarters (3) or months (1) that the period touches, cut to it; the
// period itself for 0.
std::vector<Period> Cut(const Period& period, int step) {
  if (step == 0) return {period};
  std::vector<Period> parts;
  Month at = step == 1 ? period.first : period.first.QuarterStart();
  for (; at <= period.last; at = at.Plus(step)) {
    parts.push_back({std::max(at, period.first), std::min(at.Plus(step - 1), period.last)});
  }
  return parts;
}

// The whole quarters within the period; nothing if there is none.
std::optional<Period> WholeQuarters(const Period& period) {
  Month first = period.first.QuarterStart();
  if (first < period.first) first = first.Plus(3);
  Month last = period.last.QuarterStart().Plus(2);
  if (last > period.last) last = last.Plus(-3);
  if (first > last) return std::nullopt;
  return Period{first, last};
}

model::Day LastDayOf(Month quarter) {
  const Month next = quarter.Plus(3);
  return {model::Day::FromYmd(next.year(), next.month(), 1)->number - 1};
}

// Puts numbers of register entries into the order of their ids.
template <typename No, typename Find>
void SortById(std::vector<No>& numbers, const Find& find) {
  std::sort(numbers.begin(), numbers.end(), [&](No a, No b) { return find(a)->id < find(b)->id; });
}

class QuestionReader {
 public:
  QuestionReader(const v1::ListCircleFiguresRequest& request, const model::Circle& circle,
                 const Registers& registers)
      : request_(request), circle_(circle), terms_(circle.terms), registers_(registers) {}

  absl::StatusOr<FigureQuestion> Read() {
    ReadCouncils();
    ReadSubjects();
    ReadTime();
    const std::string code = request_.currency_code().empty() ? "GBP" : request_.currency_code();
    if (const auto currency = model::Currency::Parse(code)) {
      question_.currency = *currency;
    } else {
      Refuse("currency_code", "give an ISO 4217 code of three capital letters, such as GBP");
    }
    if (!violations_.empty()) return rpc::error::InvalidFields(violations_);
    return std::move(question_);
  }

 private:
  void Refuse(std::string_view field, std::string_view words) {
    violations_.push_back({std::string(field), std::string(words)});
  }
  void RefuseOutside(std::string_view field, std::string_view found, std::string_view expected) {
    Refuse(field, absl::StrCat("'", Printable(found, 80), "' is ", Av(expected)));
  }

  void ReadCouncils() {
    question_.councils = circle_.ActiveMembers();
    SortById(question_.councils, [&](CouncilNo no) { return registers_.FindCouncil(no); });
    if (request_.council().empty()) return;
    std::erase_if(question_.councils, [&](CouncilNo no) {
      return rpc::CouncilName(registers_.FindCouncil(no)->id) != request_.council();
    });
    if (question_.councils.empty()) {
      RefuseOutside("council", request_.council(), "no member of this circle");
    }
  }

  void ReadSubjects() {
    std::vector<model::ProductNo> products = terms_.products;
    if (terms_.all_products) {
      for (const model::Product& product : registers_.products) products.push_back(product.no);
    }
    std::vector<model::ProviderNo> providers = terms_.providers;
    SortById(products, [&](model::ProductNo no) { return registers_.FindProduct(no); });
    SortById(providers, [&](model::ProviderNo no) { return registers_.FindProvider(no); });
    const bool of_product = !request_.product().empty();
    const bool of_provider = !request_.provider().empty();
    if (of_product) {
      std::erase_if(products, [&](model::ProductNo no) {
        return rpc::ProductName(registers_.FindProduct(no)->id) != request_.product();
      });
      if (products.empty()) {
        RefuseOutside("product", request_.product(), "no product that the terms name");
      }
    }
    if (of_provider) {
      std::erase_if(providers, [&](model::ProviderNo no) {
        return rpc::ProviderName(registers_.FindProvider(no)->id) != request_.provider();
      });
      if (providers.empty()) {
        RefuseOutside("provider", request_.provider(), "no provider that the terms name");
      }
    }
    if (of_product && of_provider) Refuse("provider", "ask for a product or a provider, not both");
    if (!of_provider) question_.products = std::move(products);
    if (!of_product) question_.providers = std::move(providers);
  }

  // A month of the request, or what the terms say.
  std::optional<Month> ReadMonth(std::string_view field, bool given, const v1::Month& month,
                                 Month otherwise) {
    if (!given) return otherwise;
    const auto read = rpc::FromProto(month);
    if (!read) {
      Refuse(field, "give a year from 2000 to 2100 and a month from 1 to 12");
    } else if (!terms_.months().Contains(*read)) {
      Refuse(field, absl::StrCat(read->ToString(), " lies outside the months of the terms, ",
                                 terms_.from_month.ToString(), " to ", terms_.to_month.ToString()));
      return std::nullopt;
    }
    return read;
  }

  void ReadTime() {
    const auto from = ReadMonth("from_month", request_.has_from_month(), request_.from_month(),
                                terms_.from_month);
    const auto to =
        ReadMonth("to_month", request_.has_to_month(), request_.to_month(), terms_.to_month);
    if (!v1::Granularity_IsValid(request_.granularity())) {
      Refuse("granularity", "give one of the values of Granularity");
    }
    if (!from || !to) return;
    if (*from > *to) return Refuse("to_month", "must not be before from_month");
    const bool monthly = request_.granularity() == v1::GRANULARITY_MONTH;
    const bool quarterly = request_.granularity() == v1::GRANULARITY_QUARTER;
    const Period period{*from, *to};
    question_.months = Cut(period, monthly ? 1 : quarterly ? 3 : 0);
    if (const auto quarters = WholeQuarters(period)) {
      question_.quarters = Cut(*quarters, monthly || quarterly ? 3 : 0);
    }
  }

  const v1::ListCircleFiguresRequest& request_;
  const model::Circle& circle_;
  const model::CircleTerms& terms_;
  const Registers& registers_;
  FigureQuestion question_;
  std::vector<rpc::FieldViolation> violations_;
};

// What a council placed with a provider, in all its reports of some time.
struct PlacementSum {
  int64_t reports = 0;
  int64_t placements = 0;
  std::optional<absl::int128> spend_micros;  // of reports that say it
  int64_t fee_placements = 0;                // of reports that say a fee
  absl::int128 fee_micros = 0;               // fee x placements

  void Add(const model::OutcomeFact& fact) {
    ++reports;
    placements += fact.placements;
    if (fact.spend_micros >= 0) spend_micros = spend_micros.value_or(0) + fact.spend_micros;
    if (fact.weekly_fee_micros < 0) return;
    fee_placements += fact.placements;
    fee_micros += absl::int128(fact.weekly_fee_micros) * fact.placements;
  }
};

// Works out one page, figure after figure in the order of their keys.
class PageMaker {
 public:
  PageMaker(const FigureQuestion& question, const model::CircleTerms& terms,
            const Registers& registers, const RowSources& sources, std::string_view after,
            size_t size)
      : question_(question),
        terms_(terms),
        registers_(registers),
        sources_(sources),
        after_(after),
        size_(size) {}

  absl::StatusOr<FigurePage> Make() {
    for (const CouncilNo council : question_.councils) {
      for (const model::ProductNo product : question_.products) {
        RETURN_IF_ERROR(AddProduct(council, product));
        if (page_.more) return std::move(page_);
      }
      for (const model::ProviderNo provider : question_.providers) {
        RETURN_IF_ERROR(AddProvider(council, provider));
        if (page_.more) return std::move(page_);
      }
    }
    return std::move(page_);
  }

 private:
  // Keys sort as the figures do: ids hold nothing below a hyphen, so a space
  // ends them.
  std::string KeyOf(CouncilNo council, int kind, std::string_view subject) const {
    return absl::StrCat(registers_.FindCouncil(council)->id, " ", kind, " ", Av(subject), " ");
  }
  // Whether all of a subject's figures were on the pages before.
  bool IsDone(const std::string& key) const { return after_ > key + "~"; }

  // Adds the figure if its turn has come; false if the page is full.
  bool Add(CouncilNo council, std::string key, v1::CircleFigure figure) {
    if (key <= after_) return true;
    if (page_.figures.size() == size_) {
      page_.more = true;
      return false;
    }
    page_.last_key = std::move(key);
    if (page_.councils.empty() || page_.councils.back() != council) {
      page_.councils.push_back(council);
    }
    page_.figures.push_back(std::move(figure));
    return true;
  }

  v1::CircleFigure Head(CouncilNo council, const Period& part) const {
    v1::CircleFigure figure;
    figure.set_council(rpc::CouncilName(registers_.FindCouncil(council)->id));
    rpc::ToProto(part.first, figure.mutable_from_month());
    rpc::ToProto(part.last, figure.mutable_to_month());
    return figure;
  }

  absl::Status AddProduct(CouncilNo council, model::ProductNo no) {
    const model::Product& product = *registers_.FindProduct(no);
    const std::string key = KeyOf(council, 1, product.id);
    if (IsDone(key)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto facts, sources_.purchases(council, no, question_.currency,
                                                          {question_.months.front().first,
                                                           question_.months.back().last}));
    if (facts.empty()) return absl::OkStatus();
    for (size_t i = 0; i < question_.months.size(); ++i) {
      const Period& part = question_.months[i];
      editions::CouncilSum sum;
      editions::DeliveryTotals delivery;
      for (const model::PurchaseFact& fact : facts) {
        if (!part.Contains(fact.month)) continue;
        sum.Add(fact);
        delivery.Add(fact);
      }
      if (sum.lines == 0) continue;
      v1::CircleFigure figure = Head(council, part);
      figure.set_product(rpc::ProductName(product.id));
      figure.set_base_unit(static_cast<v1::Product::BaseUnit>(product.base_unit));
      figure.set_currency_code(question_.currency.code());
      SetFields(sum, delivery, figure);
      if (!Add(council, absl::StrFormat("%s%04d", key, i), std::move(figure))) break;
    }
    return absl::OkStatus();
  }

  void SetFields(const editions::CouncilSum& sum, const editions::DeliveryTotals& delivery,
                 v1::CircleFigure& figure) const {
    if (terms_.Has(CircleField::kUnitPrice)) {
      figure.set_mean_unit_price_micros(sum.mean_unit_price());
    }
    if (terms_.Has(CircleField::kSpend)) figure.set_spend_micros(Saturate(sum.spend_micros));
    if (terms_.Has(CircleField::kUnits)) figure.set_units(Saturate(sum.units));
    if (!terms_.Has(CircleField::kDelivery)) return;
    v1::CircleFigure::Delivery* out = figure.mutable_delivery();
    out->set_due_lines(delivery.due_lines);
    out->set_on_time_lines(delivery.on_time_lines);
    if (delivery.ordered_packs > 0) {
      out->set_fill_rate(ShareOf(delivery.delivered_packs, delivery.ordered_packs));
    }
    if (delivery.looked_at_packs > 0) {
      out->set_rejected_share(ShareOf(delivery.rejected_packs, delivery.looked_at_packs));
    }
    // How many packs is how many units.
    if (!terms_.Has(CircleField::kUnits)) return;
    out->set_ordered_packs(delivery.ordered_packs);
    out->set_delivered_packs(delivery.delivered_packs);
    out->set_looked_at_packs(delivery.looked_at_packs);
    out->set_rejected_packs(delivery.rejected_packs);
  }

  // To three places.
  static double ShareOf(int64_t part, int64_t of) {
    return std::round(static_cast<double>(part) / static_cast<double>(of) * 1000) / 1000;
  }

  // Whether a report about `reported` counts as one about `provider`.
  bool IsOf(model::ProviderNo reported, model::ProviderNo provider, Month quarter) const {
    const auto owners = registers_.OwnersOf(reported, LastDayOf(quarter));
    return std::find(owners.begin(), owners.end(), provider) != owners.end();
  }

  absl::Status AddProvider(CouncilNo council, model::ProviderNo no) {
    if (question_.quarters.empty()) return absl::OkStatus();
    const model::Provider& provider = *registers_.FindProvider(no);
    const std::string key = KeyOf(council, 2, provider.id);
    if (IsDone(key)) return absl::OkStatus();
    const Period whole{question_.quarters.front().first, question_.quarters.back().last};
    for (size_t number = 1; number <= model::Services().size(); ++number) {
      const model::Service service = *model::ServiceOf(number);
      ASSIGN_OR_RETURN(auto facts, sources_.reports(council, service, whole));
      std::erase_if(facts, [&](const model::OutcomeFact& fact) {
        return !IsOf(fact.provider, no, fact.quarter);
      });
      for (size_t i = 0; i < question_.quarters.size() && !facts.empty(); ++i) {
        const Period& part = question_.quarters[i];
        PlacementSum sum;
        for (const model::OutcomeFact& fact : facts) {
          if (part.Contains(fact.quarter)) sum.Add(fact);
        }
        if (sum.reports == 0) continue;
        v1::CircleFigure figure = Head(council, part);
        figure.set_provider(rpc::ProviderName(provider.id));
        figure.set_service(std::string(model::CodeOf(service).id));
        figure.set_currency_code(model::Currency::Gbp().code());
        SetFields(sum, figure);
        std::string figure_key = absl::StrFormat("%s%02d %04d", key, number, i);
        if (!Add(council, std::move(figure_key), std::move(figure))) return absl::OkStatus();
      }
    }
    return absl::OkStatus();
  }

  void SetFields(const PlacementSum& sum, v1::CircleFigure& figure) const {
    if (terms_.Has(CircleField::kPlacements)) figure.set_placements(sum.placements);
    if (terms_.Has(CircleField::kSpend) && sum.spend_micros) {
      figure.set_spend_micros(Saturate(*sum.spend_micros));
    }
    if (terms_.Has(CircleField::kWeeklyFee) && sum.fee_placements > 0) {
      figure.set_mean_weekly_fee_micros(
          Saturate(DivideHalfEven(sum.fee_micros, sum.fee_placements)));
    }
  }

  const FigureQuestion& question_;
  const model::CircleTerms& terms_;
  const Registers& registers_;
  const RowSources& sources_;
  const std::string_view after_;
  const size_t size_;
  FigurePage page_;
};

}  // namespace

absl::StatusOr<FigureQuestion> ParseQuestion(const v1::ListCircleFiguresRequest& request,
                                             const model::Circle& circle,
                                             const Registers& registers) {
  return QuestionReader(request, circle, registers).Read();
}

absl::StatusOr<FigurePage> ListFigures(const FigureQuestion& question,
                                       const model::CircleTerms& terms, const Registers& registers,
                                       const RowSources& sources, std::string_view after,
                                       size_t size) {
  return PageMaker(question, terms, registers, sources, after, size).Make();
}

}  // namespace steelyard::circles
