#include "tests/attack/shown.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "server/app/store.h"
#include "storage/ledger/fact_reader.h"
#include "storage/ledger/publication_log.h"

namespace steelyard::attack {
namespace {

template <typename T>
T Require(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::fprintf(stderr, "attack: %s\n", std::string(result.status().message()).c_str());
  std::abort();
}

// Adds what is admitted of one product and year.
void AddYear(const app::Store& store, const model::Registers& registers, const Country& country,
             const codec::SeriesYear& series, Shown& shown) {
  std::map<uint16_t, size_t> buyer_of;
  for (size_t b = 0; b < country.buyers().size(); ++b) {
    const auto council =
        std::find_if(registers.councils.begin(), registers.councils.end(),
                     [&](const model::Council& c) { return c.id == country.buyers()[b].id; });
    buyer_of[council->no.value] = b;
  }
  const ledger::Admitted admitted =
      Require(ledger::PublicationLog(*store.database).ReadAdmitted(series));
  for (const ledger::DatedFact& dated :
       Require(ledger::FactReader(*store.database).Read(series, nullptr))) {
    const model::PurchaseFact& fact = dated.fact;
    const size_t buyer = buyer_of.at(fact.council.value);
    const model::AreaNo area = registers.FindCouncil(fact.council)->area;
    if (!dated.StoodAt(admitted.Of(fact.month, area))) continue;
    const auto first = model::Day::FromYmd(fact.month.year(), fact.month.month(), 1);
    const model::SupplierNo owner = registers.UltimateOwner(fact.supplier, *first);
    const std::string& name = registers.FindSupplier(owner)->id;
    const auto supplier = std::find(shown.suppliers.begin(), shown.suppliers.end(), name);
    const int month = fact.month.number - (Country::kFirstYear - 2000) * 12;
    Shown::Amount& amount = shown.amounts[shown.Index(
        buyer, month, static_cast<size_t>(supplier - shown.suppliers.begin()))];
    amount.spend += static_cast<double>(fact.spend_micros) / 1e6;
    amount.units += static_cast<double>(fact.units);
    const int64_t price = fact.unit_price_micros;
    amount.lowest_micros = amount.lines == 0 ? price : std::min(amount.lowest_micros, price);
    amount.highest_micros = std::max(amount.highest_micros, price);
    ++amount.lines;
  }
}

}  // namespace

std::vector<Shown> ReadShown(const std::string& data_dir, const Country& country) {
  app::StoreOptions options;
  options.data_dir = data_dir;
  options.ballast_mib = 0;
  options.min_free_mib = 16;
  const app::Store store = Require(app::OpenStore(options));
  const auto registers = store.ledger->state()->registers;
  std::vector<Shown> all;
  for (const std::string& product : country.products()) {
    Shown& shown = all.emplace_back();
    shown.months = country.size().months;
    shown.suppliers = Country::SupplierGroups();
    shown.amounts.resize(country.buyers().size() * static_cast<size_t>(shown.months) *
                         shown.suppliers.size());
    for (int m = 0; m < shown.months; m += 12) {
      codec::SeriesYear series;
      series.product = registers->FindProduct(product)->no;
      series.year = static_cast<int16_t>(Country::kFirstYear + m / 12);
      AddYear(store, *registers, country, series, shown);
    }
  }
  return all;
}

}  // namespace steelyard::attack
