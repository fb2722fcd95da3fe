// Nine years of Ofsted's registers as they were published: every row is taken,
// homes, places and owners of the four strategic providers are those of the
// files, and judgements by owner are held against a funnel.

#include "client/import/ofsted.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "steelyard/v1/benchmark_service.grpc.pb.h"
#include "steelyard/v1/registry_service.grpc.pb.h"
#include "tests/acceptance/files.h"
#include "tests/support/test_server.h"

namespace steelyard::acceptance {
namespace {

using testing::ContextOf;

constexpr std::array<const char*, 4> kProviders = {"cambian", "keys", "witherslack", "priory"};

// What a year's file holds. `named` are the rows whose owner has the provider's
// name in it, as the data's README counts them but for Priory in 2018, where its
// 53 has two rows that only lie in a street of that name.
struct Year {
  int year;
  size_t rows;
  std::array<int64_t, 4> named;
  std::array<int64_t, 4> homes;  // of the provider: without others of that name
};
constexpr Year kYears[] = {
    {2015, 2605, {}, {}},
    {2016, 2647, {}, {}},
    {2017, 2688, {}, {}},
    {2018, 2797, {160, 46, 22, 51}, {160, 46, 22, 49}},  // Priory School, Priory Federation
    {2019, 2864, {159, 45, 23, 50}, {159, 45, 23, 49}},  // Priory Federation
    {2020, 2971, {164, 92, 29, 51}, {164, 91, 29, 50}},  // 4 Keys Care, Priory Federation
    {2021, 3402, {182, 96, 35, 48}, {182, 96, 35, 48}},
    {2022, 3576, {190, 94, 35, 0}, {190, 94, 35, 0}},
    {2023, 3546, {188, 93, 37, 0}, {188, 93, 37, 0}},
};

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

class OfstedTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (DataFolder().empty()) {
      GTEST_SKIP() << "the folder ../shared/data with published files is not here";
    }
  }

  static importing::OfstedRegister ReadYear(int year) {
    auto read = importing::ReadOfstedFile(DataFolder() + "providers_ofsted/provider_at_march_" +
                                          std::to_string(year) + ".csv.gz");
    EXPECT_TRUE(read.ok()) << read.status().message();
    EXPECT_TRUE(read->as_of.has_value());
    EXPECT_EQ(read->as_of->year, year);
    EXPECT_EQ(read->problems.size(), 0u);
    return *std::move(read);
  }

  v1::ImportEstablishmentsResponse Import(const importing::OfstedRegister& file) {
    v1::ImportEstablishmentsRequest request;
    request.mutable_as_of_date()->set_year(file.as_of->year);
    request.mutable_as_of_date()->set_month(3);
    request.mutable_as_of_date()->set_day(31);
    for (const v1::EstablishmentRow& row : file.rows) *request.add_rows() = row;
    request.set_request_id(testing::NewUuid());
    v1::ImportEstablishmentsResponse reply;
    const grpc::Status status =
        v1::RegistryService::NewStub(server_.channel())
            ->ImportEstablishments(ContextOf(server_.steward()).get(), request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }

  v1::Provision Provision(const std::string& provider, int year, const std::string& service = "") {
    v1::GetProvisionRequest request;
    request.set_provider(provider);
    request.set_service(service);
    request.mutable_date()->set_year(year);
    request.mutable_date()->set_month(3);
    request.mutable_date()->set_day(31);
    v1::Provision reply;
    const grpc::Status status =
        v1::BenchmarkService::NewStub(server_.channel())
            ->GetProvision(ContextOf(server_.steward()).get(), request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }

  testing::TestServer server_;
};

TEST_F(OfstedTest, NineYearsLoadWithHomesPlacesAndOwners) {
  std::printf("year   rows    new  providers   homes/places of");
  for (const char* provider : kProviders) std::printf("  %13s", provider);
  std::printf("\n");
  for (const Year& year : kYears) {
    SCOPED_TRACE(year.year);
    const importing::OfstedRegister file = ReadYear(year.year);
    ASSERT_EQ(file.rows.size(), year.rows);
    std::array<int64_t, 4> named{};
    for (const v1::EstablishmentRow& row : file.rows) {
      for (size_t p = 0; p < kProviders.size(); ++p) {
        named[p] += Lower(row.organisation()).find(kProviders[p]) != std::string::npos ? 1 : 0;
      }
    }
    EXPECT_EQ(named, year.named);
    const v1::ImportEstablishmentsResponse reply = Import(file);
    for (const v1::Problem& problem : reply.problems()) {
      EXPECT_NE(problem.severity(), v1::Problem::ERROR) << problem.ShortDebugString();
    }
    EXPECT_EQ(reply.created_establishments() + reply.updated_establishments(),
              static_cast<int64_t>(year.rows));
    std::printf("%d  %5zu  %5lld  %9lld                   ", year.year, file.rows.size(),
                static_cast<long long>(reply.created_establishments()),
                static_cast<long long>(reply.created_providers()));
    for (size_t p = 0; p < kProviders.size(); ++p) {
      const v1::Provision provision = Provision(kProviders[p], year.year);
      EXPECT_EQ(provision.whole().establishments(), year.homes[p]) << kProviders[p];
      EXPECT_EQ(provision.whole().all_establishments(), static_cast<int64_t>(year.rows));
      std::printf("  %5lld / %5lld", static_cast<long long>(provision.whole().establishments()),
                  static_cast<long long>(provision.whole().places()));
    }
    std::printf("\n");
  }
  // The owners of the day: Witherslack and Priory were sold.
  const auto places = [&](const char* owner, int year) {
    return Provision(owner, year).whole().places();
  };
  EXPECT_EQ(places("charme-capital", 2021), places("witherslack", 2021));
  EXPECT_EQ(places("charme-capital", 2022), 0);
  EXPECT_EQ(places("mubadala", 2022), places("witherslack", 2022));
  EXPECT_EQ(places("acadia-healthcare", 2020), places("priory", 2020));
  EXPECT_GE(places("waterland", 2021), places("priory", 2021));
}

TEST_F(OfstedTest, JudgementsByOwnerDriveAFunnel) {
  const importing::OfstedRegister file = ReadYear(2023);
  Import(file);
  // Counted anew from the file.
  std::map<std::string, std::pair<int64_t, int64_t>> truth;  // judged, below good
  for (const v1::EstablishmentRow& row : file.rows) {
    const std::string judgement = Lower(row.judgement());
    if (judgement.empty()) continue;
    for (const char* provider : kProviders) {
      if (Lower(row.organisation()).find(provider) == std::string::npos) continue;
      ++truth[provider].first;
      const bool below = judgement.starts_with("requires") || judgement.starts_with("inadequate");
      truth[provider].second += below ? 1 : 0;
    }
  }
  std::printf("below good on 31 March 2023, all kinds of provision:\n");
  for (const char* provider : {"cambian", "keys", "witherslack"}) {
    const v1::FunnelPosition funnel = Provision(provider, 2023).funnel();
    EXPECT_EQ(funnel.ratings(), truth[provider].first) << provider;
    EXPECT_EQ(funnel.below_target(), truth[provider].second) << provider;
    EXPECT_FALSE(funnel.status().threshold().empty());
    std::printf("  %-12s %3lld of %3lld (%4.1f %%), of all %4.1f %%, z %+.2f: %s\n", provider,
                static_cast<long long>(funnel.below_target()),
                static_cast<long long>(funnel.ratings()), 100 * funnel.share(),
                100 * funnel.target(), funnel.z(), funnel.status().word().c_str());
  }
  const v1::Provision homes = Provision("", 2023, "childrens-homes");
  ASSERT_EQ(homes.owners_size(), 25);
  std::map<std::string, int> words;
  double target = 0;
  for (const auto& owner : homes.owners()) {
    const std::string id = owner.owner().substr(owner.owner().find('/') + 1);
    const v1::FunnelPosition funnel = Provision(id, 2023, "childrens-homes").funnel();
    if (funnel.ratings() == 0) continue;
    ++words[funnel.status().word()];
    target = funnel.target();
    EXPECT_LE(funnel.lower_998(), funnel.lower_95());
    EXPECT_LE(funnel.lower_95(), funnel.target());
    EXPECT_LE(funnel.target(), funnel.upper_95());
    EXPECT_LE(funnel.upper_95(), funnel.upper_998());
  }
  std::printf("children's homes, %lld owners, %.1f %% below good, HHI %.0f; of the 25 largest:\n",
              static_cast<long long>(homes.whole().owners()), 100 * target, homes.whole().hhi());
  int judged = 0;
  for (const auto& [word, owners] : words) {
    std::printf("  %-20s %d\n", word.c_str(), owners);
    judged += owners;
  }
  EXPECT_GE(judged, 20);
}

}  // namespace
}  // namespace steelyard::acceptance
