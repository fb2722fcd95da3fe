// Nine of Ofsted's yearly registers, as published: all of every one is taken,
// what four owners hold is what the files say, and judgements by owner make a
// funnel.

#include "client/import/ofsted.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "client/cpp/connection.h"
#include "client/cpp/request_id.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/statistics/funnel.h"
#include "steelyard/v1/benchmark_service.grpc.pb.h"
#include "steelyard/v1/registry_service.grpc.pb.h"
#include "tests/acceptance/files.h"
#include "tests/support/test_server.h"

namespace steelyard::acceptance {
namespace {

using ::testing::SizeIs;
using Registry = v1::RegistryService::Stub;
using Judgement = v1::Establishment::Judgement;

constexpr size_t kProviders = 4;
constexpr std::array<const char*, kProviders> kIds = {"cambian", "keys", "witherslack", "priory"};
// How the owner column begins the legal names of each, in lower case. "Priory
// School" and "The Priory Federation of Academies" are schools of others.
const std::array<std::vector<std::string>, kProviders> kLegalNames = {
    {{"cambian "}, {"keys "}, {"witherslack "}, {"priory education", "priory new education"}}};

// A yearly file. `mentions` are the counts in the README beside the files: rows
// that mention the provider, in the owner column or, for 2018, anywhere. Of
// those, `others` are not the provider's: a street called Priory Hill, schools
// called Priory, and 4 Keys Care Ltd.
struct Year {
  int year;
  int64_t header;
  size_t rows;
  const char* judgement;
  const char* owner = "";
  std::array<size_t, kProviders> mentions = {};
  std::array<size_t, kProviders> others = {};
};
constexpr const char* kEffectiveness = "Overall effectiveness";
constexpr const char* kExperiences =
    "Overall experiences and progress of children and young people";
constexpr const char* kLatest =
    "Latest full inspection overall experiences and progress of children and young people";
constexpr const char* kOwner = "Organisation which owns the provider";
constexpr Year kYears[] = {
    {2015, 1, 2605, kEffectiveness},
    {2016, 2, 2647, kEffectiveness},
    {2017, 2, 2688, kEffectiveness},
    {2018, 2, 2797, kEffectiveness, "Organisation", {160, 46, 22, 53}, {0, 0, 0, 4}},
    {2019, 2, 2864, kExperiences, kOwner, {159, 45, 23, 50}, {0, 0, 0, 1}},
    {2020, 2, 2971, kExperiences, kOwner, {164, 92, 29, 51}, {0, 1, 0, 1}},
    {2021, 2, 3402, kExperiences, kOwner, {182, 96, 35, 48}},
    {2022, 5, 3576, kLatest, kOwner, {190, 94, 35, 0}},
    {2023, 4, 3546, kExperiences, kOwner, {188, 93, 37, 0}},
};

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// Whether `word` stands in the text by itself.
bool Mentions(const std::string& text, const std::string& word) {
  const std::string in = Lower(text);
  const auto letter = [&](size_t i) {
    return i < in.size() && std::isalpha(static_cast<unsigned char>(in[i])) != 0;
  };
  for (size_t at = in.find(word); at != std::string::npos; at = in.find(word, at + 1)) {
    if ((at == 0 || !letter(at - 1)) && !letter(at + word.size())) return true;
  }
  return false;
}

bool IsBelowGood(const std::string& judgement) {
  const std::string words = Lower(judgement);
  return words == "inadequate" || words == "adequate" || words == "satisfactory" ||
         words.starts_with("requires improvement");
}

// "21/03/2018" as 20180321; 0 for nothing.
int DayIn(const std::string& date) {
  if (date.size() != 10) return 0;
  return std::stoi(date.substr(6)) * 10000 + std::stoi(date.substr(3, 2)) * 100 +
         std::stoi(date.substr(0, 2));
}

// What a file says of one owner.
struct Holding {
  std::set<std::string> homes;  // names in the register
  int64_t places = 0;
  std::set<std::string> legal_names;
};

// A file, read without the importer.
struct File {
  size_t rows = 0;
  int64_t places = 0;
  size_t open = 0;  // active or suspended
  std::array<size_t, kProviders> mentions = {};
  std::array<Holding, kProviders> holdings;
  // Judged below good or not, and when (0: not said), by name in the register.
  std::map<std::string, std::pair<int, bool>> judgements;
};

std::string PathOf(const Year& year) {
  return DataFolder() + "providers_ofsted/provider_at_march_" + std::to_string(year.year) +
         ".csv.gz";
}

File ReadFile(const Year& year) {
  const Csv csv(ReadWhole(PathOf(year)), ',', year.header);
  const std::string owner_column = year.owner;
  const char* date = year.year == 2015   ? "Inspection Date"
                     : year.year <= 2021 ? "Inspection date"
                                         : "Latest full inspection date";
  const char* status = csv.has("Reg Status") ? "Reg Status" : "Registration status";
  File file;
  for (size_t i = 0; i < csv.rows(); ++i) {
    if (csv.blank(i)) continue;
    ++file.rows;
    const std::string name = "establishments/" + Lower(csv.at(i, "URN"));
    const bool has_places = csv.has("Places") && !csv.at(i, "Places").empty();
    const int64_t places = has_places ? std::stoll(csv.at(i, "Places")) : 0;
    const bool open = csv.at(i, status) == "Active" || csv.at(i, status) == "Suspended";
    file.open += open ? 1 : 0;
    file.places += open ? places : 0;
    const std::string& judgement = csv.at(i, year.judgement);
    if (!judgement.empty() && judgement != "Not judged") {
      file.judgements[name] = {DayIn(csv.at(i, date)), IsBelowGood(judgement)};
    }
    if (owner_column.empty()) continue;
    const std::string& owner = csv.at(i, owner_column);
    for (size_t p = 0; p < kProviders; ++p) {
      const auto mentions = [p](const std::string& cell) { return Mentions(cell, kIds[p]); };
      const bool mentioned =
          year.year == 2018 ? std::ranges::any_of(csv.cells(i), mentions) : mentions(owner);
      file.mentions[p] += mentioned ? 1 : 0;
      const bool owned = std::ranges::any_of(
          kLegalNames[p], [&](const std::string& n) { return Lower(owner).starts_with(n); });
      if (!owned) continue;
      file.holdings[p].homes.insert(name);
      file.holdings[p].places += places;
      file.holdings[p].legal_names.insert(owner);
    }
  }
  return file;
}

google::type::Date March31(int year) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(3);
  date.set_day(31);
  return date;
}

int NumberOf(const google::type::Date& date) {
  return date.year() * 10000 + date.month() * 100 + date.day();
}

// The record of the register of that year's 31 March; null if there is none.
const v1::Establishment::Record* RecordOf(const v1::Establishment& e, int year) {
  for (const auto& record : e.records()) {
    if (record.as_of_date().year() == year) return &record;
  }
  return nullptr;
}

std::optional<Judgement::Level> NewestJudgement(const v1::Establishment& e, int year) {
  std::optional<Judgement::Level> newest;
  for (const auto& judgement : e.judgements()) {
    if (NumberOf(judgement.date()) <= NumberOf(March31(year))) newest = judgement.level();
  }
  return newest;
}

// All files in a server of their own.
class OfstedTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (DataFolder().empty()) {
      GTEST_SKIP() << "the folder ../shared/data with published files is not here";
    }
    server_.emplace();
    connection_.emplace(server_->channel(), client::ConnectionOptions{.address = server_->address(),
                                                                      .token = server_->steward()});
    for (const Year& year : kYears) ASSERT_NO_FATAL_FAILURE(Take(year));
    ListAll(&Registry::ListProviders, v1::ListProvidersRequest(), [&](const auto& page) {
      for (const v1::Provider& p : page.providers()) providers_[p.name()] = p;
    });
  }

  // As `steelyard registry import-ofsted` does.
  void Take(const Year& year) {
    SCOPED_TRACE(year.year);
    auto read = importing::ReadOfstedFile(PathOf(year));
    ASSERT_TRUE(read.ok()) << read.status();
    ASSERT_TRUE(read->as_of.has_value());
    EXPECT_EQ(*read->as_of, (importing::CalendarDay{year.year, 3, 31}));
    EXPECT_EQ(read->detected.header_row, year.header);
    EXPECT_THAT(read->rows, SizeIs(year.rows));
    EXPECT_THAT(read->problems, SizeIs(0));
    v1::ImportEstablishmentsRequest request;
    *request.mutable_as_of_date() = March31(year.year);
    for (const v1::EstablishmentRow& row : read->rows) *request.add_rows() = row;
    request.set_request_id(client::RequestId());
    const auto taken = connection_->Call(&Registry::ImportEstablishments, request);
    ASSERT_TRUE(taken.ok()) << taken.status();
    for (const v1::Problem& problem : taken->problems()) {
      ADD_FAILURE() << problem.ShortDebugString();
    }
    std::printf("  %d: %zu rows: %lld new, %lld known before; %lld new providers\n", year.year,
                read->rows.size(), static_cast<long long>(taken->created_establishments()),
                static_cast<long long>(taken->updated_establishments()),
                static_cast<long long>(taken->created_providers()));
    EXPECT_EQ(taken->created_establishments() + taken->updated_establishments(),
              static_cast<int64_t>(year.rows));
  }

  template <typename Request, typename Reply, typename Use>
  void ListAll(grpc::Status (Registry::*method)(grpc::ClientContext*, const Request&, Reply*),
               Request request, Use use) {
    request.set_page_size(500);
    do {
      const absl::StatusOr<Reply> page = connection_->Call(method, request);
      ASSERT_TRUE(page.ok()) << page.status();
      use(*page);
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
  }

  std::vector<v1::Establishment> Establishments(const std::string& provider, int year) {
    v1::ListEstablishmentsRequest request;
    request.set_provider(provider);
    *request.mutable_date() = March31(year);
    std::vector<v1::Establishment> all;
    ListAll(&Registry::ListEstablishments, request, [&](const auto& page) {
      all.insert(all.end(), page.establishments().begin(), page.establishments().end());
    });
    return all;
  }

  v1::Provision Provision(const std::string& provider, int year) {
    v1::GetProvisionRequest request;
    request.set_provider(provider);
    *request.mutable_date() = March31(year);
    const auto reply = connection_->Call(&v1::BenchmarkService::Stub::GetProvision, request);
    EXPECT_TRUE(reply.ok()) << reply.status();
    return reply.ok() ? *reply : v1::Provision();
  }

  // The owner in the end, by the dated owners that the register gives.
  std::string OwnerOf(std::string provider, int year) const {
    const int day = NumberOf(March31(year));
    while (true) {
      std::string owner;
      for (const auto& owned : providers_.at(provider).owners()) {
        const bool begun = !owned.has_start_date() || NumberOf(owned.start_date()) <= day;
        const bool lasts = !owned.has_end_date() || NumberOf(owned.end_date()) >= day;
        if (begun && lasts) owner = owned.owner();
      }
      if (owner.empty()) return provider;
      provider = owner;
    }
  }

  std::optional<testing::TestServer> server_;
  std::optional<client::Connection> connection_;
  std::map<std::string, v1::Provider> providers_;
};

TEST_F(OfstedTest, HomesPlacesAndOwnersAreThoseOfTheFiles) {
  std::map<int, std::map<std::string, std::string>> owners;
  std::set<std::string> priory_2021;
  for (const Year& year : kYears) {
    SCOPED_TRACE(year.year);
    const File file = ReadFile(year);
    EXPECT_EQ(file.rows, year.rows);
    EXPECT_EQ(file.mentions, year.mentions);
    const v1::Provision all = Provision("", year.year);
    EXPECT_EQ(NumberOf(all.as_of_date()), NumberOf(March31(year.year)));
    EXPECT_EQ(all.whole().all_establishments(), static_cast<int64_t>(file.open));
    EXPECT_EQ(all.whole().all_places(), file.places);
    std::printf("\n31 March %d: %zu rows, %lld places of %lld owners, concentration %.0f\n",
                year.year, file.rows, static_cast<long long>(all.whole().all_places()),
                static_cast<long long>(all.whole().owners()), all.whole().hhi());
    if (std::string(year.owner).empty()) {
      EXPECT_EQ(all.whole().owners(), 0);
      std::printf("  names no owners\n");
      continue;
    }
    for (size_t p = 0; p < kProviders; ++p) {
      SCOPED_TRACE(kIds[p]);
      const std::string name = std::string("providers/") + kIds[p];
      const Holding& said = file.holdings[p];
      Holding kept;
      for (const v1::Establishment& e : Establishments(name, year.year)) {
        const auto* record = RecordOf(e, year.year);
        ASSERT_NE(record, nullptr) << e.name();
        EXPECT_EQ(record->provider(), name) << e.name();
        kept.homes.insert(e.name());
        kept.places += record->places();
      }
      EXPECT_EQ(kept.homes.size(), year.mentions[p] - year.others[p]);
      EXPECT_EQ(kept.homes, said.homes);
      EXPECT_EQ(kept.places, said.places);
      const v1::Provision provision = Provision(name, year.year);
      EXPECT_EQ(provision.whole().establishments(), static_cast<int64_t>(said.homes.size()));
      EXPECT_EQ(provision.whole().places(), said.places);
      if (std::string(kIds[p]) == "priory" && year.year == 2021) priory_2021 = kept.homes;
      const std::string owner = OwnerOf(name, year.year);
      owners[year.year][kIds[p]] = owner;
      std::printf(
          "  %-12s %3zu rows mention it, %zu of others; %3zu homes, %3lld places, %2zu legal "
          "names; %s\n",
          kIds[p], file.mentions[p], year.others[p], kept.homes.size(),
          static_cast<long long>(kept.places), said.legal_names.size(),
          kept.homes.empty() ? "no home in its name"
                             : ("owned in the end by " + owner.substr(10)).c_str());
    }
  }
  // As announced, by the day.
  EXPECT_EQ(owners[2018]["cambian"], "providers/cambian");
  EXPECT_EQ(owners[2019]["cambian"], "providers/caretech");
  EXPECT_EQ(owners[2023]["cambian"], "providers/amalfi-midco");
  EXPECT_EQ(owners[2021]["witherslack"], "providers/charme-capital");
  EXPECT_EQ(owners[2022]["witherslack"], "providers/mubadala");
  EXPECT_EQ(owners[2020]["priory"], "providers/acadia-healthcare");
  EXPECT_EQ(owners[2021]["priory"], "providers/waterland");

  // Asked about an owner, the service counts what was its on the day.
  const auto places = [&](const char* owner, int year) {
    return Provision(owner, year).whole().places();
  };
  EXPECT_EQ(places("charme-capital", 2021), places("witherslack", 2021));
  EXPECT_EQ(places("charme-capital", 2022), 0);
  EXPECT_EQ(places("mubadala", 2022), places("witherslack", 2022));
  EXPECT_EQ(places("acadia-healthcare", 2020), places("priory", 2020));
  EXPECT_EQ(places("acadia-healthcare", 2021), 0);
  EXPECT_GE(places("caretech", 2019), places("cambian", 2019));

  // Priory's homes were sold and renamed within the owner's hands.
  size_t renamed = 0;
  for (const v1::Establishment& e : Establishments("providers/aspris", 2022)) {
    renamed += priory_2021.contains(e.name()) ? 1 : 0;
  }
  std::printf("\n  Of Priory's %zu homes of 2021, %zu were those of Aspris in 2022\n",
              priory_2021.size(), renamed);
  EXPECT_EQ(priory_2021.size(), 48u);
  EXPECT_GT(renamed, priory_2021.size() / 2);
}

// An inspection is of its day. What a later file adds to an earlier year, or
// corrects, counts from that day on: some were published after 31 March.
TEST_F(OfstedTest, JudgementsAreThoseOfTheFiles) {
  std::map<std::string, std::map<int, bool>> history;  // below good, by home and day
  std::map<int, File> files;
  for (const Year& year : kYears) {
    for (const auto& [home, judgement] : (files[year.year] = ReadFile(year)).judgements) {
      const int day = judgement.first == 0 ? NumberOf(March31(year.year)) : judgement.first;
      history[home][day] = judgement.second;
    }
  }
  for (const Year& year : kYears) {
    SCOPED_TRACE(year.year);
    size_t judged = 0;
    size_t told_later = 0;
    size_t not_in_file = 0;
    for (const v1::Establishment& e : Establishments("", year.year)) {
      const std::optional<Judgement::Level> level = NewestJudgement(e, year.year);
      std::optional<bool> said;
      for (const auto& [day, below] : history[e.name()]) {
        if (day <= NumberOf(March31(year.year))) said = below;
      }
      ASSERT_EQ(level.has_value(), said.has_value()) << e.name();
      if (!level) continue;
      ++judged;
      EXPECT_EQ(*level >= Judgement::REQUIRES_IMPROVEMENT, *said) << e.name();
      const auto& own = files[year.year].judgements;
      const auto found = own.find(e.name());
      not_in_file += found == own.end() ? 1 : 0;
      told_later += found != own.end() && found->second.second != *said ? 1 : 0;
    }
    std::printf(
        "  %d: %zu judged; %zu of them not in that year's file, %zu otherwise by what later files "
        "say\n",
        year.year, judged, not_in_file, told_later);
    EXPECT_LT(told_later, 20u);
  }
}

struct Outlier {
  std::string owner;
  statistics::FunnelUnit unit;
};

// Those beyond the limits of 95 % that are cautious with small owners.
std::vector<Outlier> Outliers(const std::map<std::string, statistics::FunnelUnit>& by_owner,
                              double target, double tau2) {
  std::vector<Outlier> outliers;
  for (const auto& [owner, unit] : by_owner) {
    const auto limits =
        statistics::CautiousProportionLimits(target, static_cast<int64_t>(unit.denominator), tau2);
    const double value = unit.numerator / unit.denominator;
    if (statistics::PositionOf(value, limits) != statistics::Position::kWithin) {
      outliers.push_back({owner, unit});
    }
  }
  return outliers;
}

TEST_F(OfstedTest, JudgementsByOwnerDriveAFunnel) {
  for (const Year& year : kYears) {
    if (std::string(year.owner).empty()) continue;
    SCOPED_TRACE(year.year);
    std::map<std::string, statistics::FunnelUnit> by_owner;
    double judged = 0;
    for (const v1::Establishment& e : Establishments("", year.year)) {
      const std::optional<Judgement::Level> level = NewestJudgement(e, year.year);
      const auto* record = RecordOf(e, year.year);
      const bool open =
          record->registration_status() == "active" || record->registration_status() == "suspended";
      if (!level || !open || record->provider().empty()) continue;
      statistics::FunnelUnit& unit = by_owner[OwnerOf(record->provider(), year.year)];
      unit.numerator += *level >= Judgement::REQUIRES_IMPROVEMENT ? 1 : 0;
      unit.denominator += 1;
      ++judged;
    }
    std::vector<statistics::FunnelUnit> units;
    for (const auto& [owner, unit] : by_owner) units.push_back(unit);
    const auto funnel = statistics::ProportionFunnel(units, statistics::Trim::kWinsorized, 4);
    const std::vector<Outlier> chance = Outliers(by_owner, funnel.target, 0);
    const std::vector<Outlier> adjusted = Outliers(by_owner, funnel.target, funnel.dispersion.tau2);
    std::printf(
        "\n31 March %d: %.0f homes judged, of %zu owners, %.1f %% below good; phi %.2f, tau2 %.4f "
        "from %d owners;\n  beyond 95 %%: %zu owners by chance alone, %zu with over-dispersion\n",
        year.year, judged, units.size(), 100 * funnel.target, funnel.dispersion.phi,
        funnel.dispersion.tau2, funnel.dispersion.units, chance.size(), adjusted.size());
    for (const Outlier& outlier : adjusted) {
      std::printf("    %.0f of %.0f  %s\n", outlier.unit.numerator, outlier.unit.denominator,
                  outlier.owner.substr(10).c_str());
    }
    EXPECT_GT(judged, 2700);
    EXPECT_GT(funnel.dispersion.phi, 1);
    EXPECT_LE(adjusted.size(), chance.size());
    // Of those alike one in twenty at most would lie there.
    EXPECT_LT(adjusted.size(), units.size() / 20);
    // The service says the same of each owner.
    for (const char* id : kIds) {
      const std::string name = std::string("providers/") + id;
      const v1::Provision provision = Provision(name, year.year);
      if (!provision.has_funnel()) {
        EXPECT_EQ(provision.whole().establishments(), 0) << id;
        continue;
      }
      const v1::FunnelPosition& at = provision.funnel();
      EXPECT_NEAR(at.target(), funnel.target, 5e-4);
      EXPECT_NEAR(at.tau_squared(), funnel.dispersion.tau2, 5e-7);
      EXPECT_FALSE(at.status().threshold().empty());
      std::printf("  %-12s %2lld of %3lld below good (%4.1f %%), 95 %% limits %4.1f to %4.1f: %s\n",
                  id, static_cast<long long>(at.below_target()),
                  static_cast<long long>(at.ratings()), 100 * at.share(), 100 * at.lower_95(),
                  100 * at.upper_95(), at.status().word().c_str());
      const auto owner = by_owner.find(OwnerOf(name, year.year));
      ASSERT_NE(owner, by_owner.end()) << id;
      EXPECT_LE(static_cast<double>(at.ratings()), owner->second.denominator);
    }
  }
}

}  // namespace
}  // namespace steelyard::acceptance
