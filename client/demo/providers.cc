#include "client/demo/providers.h"

#include <array>
#include <span>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/demo/random.h"

namespace steelyard::demo {
namespace {

constexpr std::array<ServiceKind, 5> kServices = {{
    {"childrens-homes", 4'150, 6},
    {"fostering", 880, 14},
    {"special-schools", 1'180, 9},
    {"supported-accommodation", 1'350, 8},
    {"leaving-care", 420, 9},
}};
const ServiceKind* const kHomes = &kServices[0];
const ServiceKind* const kFostering = &kServices[1];
const ServiceKind* const kSchools = &kServices[2];
const ServiceKind* const kSupported = &kServices[3];
const ServiceKind* const kLeaving = &kServices[4];

std::string IdOf(std::string_view name) {
  std::string id = "demo-";
  for (const char c : name) {
    id += c == ' ' ? '-' : absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  return id;
}

Provider Make(std::string name) {
  Provider provider;
  provider.id = IdOf(name);
  provider.name = name + " (demonstration)";
  return provider;
}

// A company of a group.
struct Company {
  std::string_view name;
  std::vector<const ServiceKind*> services;
  double popularity;
  double quality;
};

void AddGroup(std::string_view group, std::string_view owner_period, double fee_level,
              double fee_growth, int falls_from, double sufficiency,
              std::span<const Company> companies, std::vector<Provider>& providers) {
  Provider owner = Make(std::string(group));
  const std::string held = absl::StrCat(owner.id, std::string(owner_period));
  providers.push_back(std::move(owner));
  for (const Company& company : companies) {
    Provider provider = Make(std::string(company.name));
    provider.owners = held;
    provider.services = company.services;
    provider.popularity = company.popularity;
    provider.quality = company.quality;
    provider.fee_level = fee_level;
    provider.fee_growth = fee_growth;
    provider.falls_from = falls_from;
    provider.sufficiency = sufficiency;
    providers.push_back(std::move(provider));
  }
}

void AddIndependents(uint64_t seed, std::vector<Provider>& providers) {
  constexpr std::array<std::string_view, 10> kFirst = {
      "Ashbrook", "Birchfold", "Copperbeech", "Dovecliff", "Eastmarsh",
      "Fernhope", "Goosemere", "Hazelthorpe", "Ivycombe",  "Jaywick Lane"};
  struct Line {
    std::string_view word;
    std::vector<const ServiceKind*> services;
  };
  const std::array<Line, 3> lines = {{{"Childcare", {kHomes}},
                                      {"Fostering", {kFostering}},
                                      {"Young People", {kSupported, kLeaving}}}};
  for (const Line& line : lines) {
    for (const std::string_view first : kFirst) {
      Provider provider = Make(absl::StrCat(std::string(first), " ", std::string(line.word)));
      Random random = Random::For(seed, "provider", provider.id);
      provider.services = line.services;
      provider.popularity = 0.06 + 0.16 * random.Share();
      provider.quality = 0.35 + 0.45 * random.Normal();
      provider.fee_level = random.Around(0.08);
      provider.fee_growth = 0.03 + 0.03 * random.Share();
      provider.sufficiency = random.Around(0.2);
      providers.push_back(std::move(provider));
    }
  }
}

}  // namespace

std::vector<Provider> MakeProviders(uint64_t seed) {
  std::vector<Provider> providers;
  // The one that the tour in the documentation talks with: dear, growing
  // dearer, and worse since the seventh quarter.
  const std::array<Company, 4> harbour = {{{"Harbour Oak Homes", {kHomes}, 0.62, -0.6},
                                           {"Harbour Oak Residential", {kHomes}, 0.38, -0.4},
                                           {"Harbour Oak Fostering", {kFostering}, 0.45, -0.1},
                                           {"Harbour Oak Schools", {kSchools}, 0.35, 0.0}}};
  AddGroup("Harbour Oak Group", "@2019-01-01..", 1.12, 0.085, 6, 0.6, harbour, providers);
  const std::array<Company, 3> castle = {{{"Castlemere Care", {kHomes}, 0.44, 0.2},
                                          {"Castlemere Living", {kSupported}, 0.36, 0.1},
                                          {"Castlemere Schools", {kSchools}, 0.30, 0.4}}};
  AddGroup("Castlemere Holdings", "@2018-04-01..", 1.04, 0.05, -1, 0.9, castle, providers);
  const std::array<Company, 2> lodge = {{{"Fenwick Lodge Schools", {kSchools}, 0.40, 0.7},
                                         {"Fenwick Lodge Homes", {kHomes}, 0.22, 0.5}}};
  AddGroup("Fenwick Lodge Group", "@2015-09-01..", 1.06, 0.045, -1, 1.0, lodge, providers);
  const std::array<Company, 3> amber = {{{"Amberline Fostering North", {kFostering}, 0.34, 0.3},
                                         {"Amberline Fostering South", {kFostering}, 0.36, 0.0},
                                         {"Amberline Leaving Care", {kLeaving}, 0.30, 0.2}}};
  AddGroup("Amberline Group", "@2017-01-01..", 1.0, 0.04, -1, 1.2, amber, providers);
  // A group changes hands: from April 2024 on another owns it.
  for (Provider& provider : providers) {
    if (provider.name == "Castlemere Holdings (demonstration)") {
      provider.owners = "demo-meridian-vale-capital@2024-04-01..";
    }
  }
  AddIndependents(seed, providers);
  for (Provider& provider : providers) {
    if (provider.popularity == 0) continue;
    provider.alias = absl::StrCat(provider.name.substr(0, provider.name.find(" (")), " Limited");
  }
  providers.insert(providers.begin(), Make("Meridian Vale Capital"));
  return providers;
}

}  // namespace steelyard::demo
