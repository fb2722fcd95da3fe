// What Manchester and Lambeth published of what they paid, matched to the
// providers of the shipped register and of Ofsted's: how often that is right,
// held against names looked up by hand, and what was spent with whom.

#include <cctype>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "client/import/ofsted.h"
#include "client/import/payments.h"
#include "client/import/profile.h"
#include "gtest/gtest.h"
#include "steelyard/v1/registry_service.grpc.pb.h"
#include "steelyard/v1/spend_service.grpc.pb.h"
#include "tests/acceptance/files.h"
#include "tests/acceptance/payment_names.h"
#include "tests/support/test_server.h"

namespace steelyard::acceptance {
namespace {

using testing::ContextOf;

// What two spellings of a name share.
std::string Key(const std::string& name) {
  std::string key;
  for (const char c : name) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) != 0) key += static_cast<char>(std::tolower(u));
  }
  return key;
}

std::string IdIn(const std::string& name) { return name.substr(name.find('/') + 1); }

// What is known of a name by hand, and what was made of it.
struct Verdict {
  std::string truth;
  std::string matched;
  std::set<std::string> proposed;
};

class PaymentsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (DataFolder().empty()) {
      GTEST_SKIP() << "the folder ../shared/data with published files is not here";
    }
    server_ = std::make_unique<testing::TestServer>();
    spend_ = v1::SpendService::NewStub(server_->channel());
    for (const int year : {2018, 2019, 2020}) LoadRegister(year);
  }

  void LoadRegister(int year) {
    const auto file = importing::ReadOfstedFile(
        DataFolder() + "providers_ofsted/provider_at_march_" + std::to_string(year) + ".csv.gz");
    ASSERT_TRUE(file.ok()) << file.status().message();
    v1::ImportEstablishmentsRequest request;
    request.mutable_as_of_date()->set_year(year);
    request.mutable_as_of_date()->set_month(3);
    request.mutable_as_of_date()->set_day(31);
    for (const v1::EstablishmentRow& row : file->rows) *request.add_rows() = row;
    request.set_request_id(testing::NewUuid());
    v1::ImportEstablishmentsResponse reply;
    const grpc::Status status =
        v1::RegistryService::NewStub(server_->channel())
            ->ImportEstablishments(ContextOf(server_->steward()).get(), request, &reply);
    ASSERT_TRUE(status.ok()) << status.error_message();
  }

  // Sends a file as `steelyard spend import` does.
  v1::ImportPaymentsResponse Import(const std::string& file, const std::string& profile_name,
                                    const std::string& council) {
    v1::ImportPaymentsRequest request;
    request.set_parent(council);
    request.set_source(file);
    request.set_request_id(testing::NewUuid());
    const auto profile = importing::LoadProfile(profile_name);
    EXPECT_TRUE(profile.ok()) << profile.status().message();
    const auto importer =
        importing::PaymentImporter::Open(DataFolder() + "council_spend/" + file, *profile);
    EXPECT_TRUE(importer.ok()) << importer.status().message();
    importing::ImportedPayment row;
    rows_ = rejected_ = 0;
    while (true) {
      const auto more = (*importer)->Next(&row);
      EXPECT_TRUE(more.ok()) << more.status().message();
      if (!more.ok() || !*more) break;
      ++rows_;
      rejected_ += row.rejected() ? 1 : 0;
      if (!row.rejected()) *request.add_payments() = row.payment;
    }
    v1::ImportPaymentsResponse reply;
    const grpc::Status status =
        spend_->ImportPayments(ContextOf(server_->steward()).get(), request, &reply);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return reply;
  }

  // Adds what was made of the names; every automatic match of a file that is
  // wholly on the list must be on it.
  template <size_t N>
  void Judge(const CheckedName (&names)[N], const v1::ImportPaymentsResponse& reply, bool whole) {
    std::map<std::string, Verdict> verdicts;
    for (const CheckedName& checked : names) verdicts[Key(checked.name)].truth = checked.provider;
    for (const v1::MatchedName& name : reply.names()) {
      if (name.match() == v1::MatchedName::PROPOSED) continue;
      const auto it = verdicts.find(Key(name.supplier_name()));
      if (it == verdicts.end()) {
        EXPECT_FALSE(whole) << name.supplier_name() << " is not on the list";
        continue;
      }
      it->second.matched = IdIn(name.provider());
    }
    for (const v1::NameProposal& proposal : Proposals()) {
      const auto it = verdicts.find(Key(proposal.supplier_name()));
      if (it == verdicts.end()) continue;
      for (const std::string& candidate : proposal.candidates()) {
        it->second.proposed.insert(IdIn(candidate));
      }
    }
    for (const CheckedName& checked : names) {
      const Verdict& verdict = verdicts[Key(checked.name)];
      ++checked_;
      if (!verdict.matched.empty()) {
        ++automatic_;
        right_ += verdict.matched == verdict.truth ? 1 : 0;
        EXPECT_EQ(verdict.matched, verdict.truth) << checked.name;
      }
      if (verdict.truth.empty()) continue;
      ++providers_;
      const bool found =
          verdict.matched == verdict.truth || verdict.proposed.contains(verdict.truth);
      found_ += found ? 1 : 0;
      if (!found) std::printf("    not found: %s (%s)\n", checked.name, checked.provider);
    }
  }

  std::vector<v1::NameProposal> Proposals() {
    std::vector<v1::NameProposal> all;
    v1::ListNameProposalsRequest request;
    request.set_page_size(500);
    do {
      v1::ListNameProposalsResponse reply;
      const grpc::Status status =
          spend_->ListNameProposals(ContextOf(server_->steward()).get(), request, &reply);
      EXPECT_TRUE(status.ok()) << status.error_message();
      all.insert(all.end(), reply.proposals().begin(), reply.proposals().end());
      request.set_page_token(reply.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  std::vector<v1::SpendRow> Spend(const std::string& council) {
    std::vector<v1::SpendRow> all;
    v1::ListSpendRequest request;
    request.set_council(council);
    request.mutable_from_quarter()->set_year(2010);
    request.mutable_from_quarter()->set_quarter(1);
    request.mutable_to_quarter()->set_year(2018);
    request.mutable_to_quarter()->set_quarter(4);
    request.set_page_size(500);
    do {
      v1::ListSpendResponse reply;
      const grpc::Status status =
          spend_->ListSpend(ContextOf(server_->steward()).get(), request, &reply);
      EXPECT_TRUE(status.ok()) << status.error_message();
      all.insert(all.end(), reply.rows().begin(), reply.rows().end());
      request.set_page_token(reply.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  std::unique_ptr<testing::TestServer> server_;
  std::unique_ptr<v1::SpendService::Stub> spend_;
  int64_t rows_ = 0, rejected_ = 0;
  int64_t checked_ = 0, automatic_ = 0, right_ = 0, providers_ = 0, found_ = 0;
};

// Provider, year and quarter.
using Cell = std::tuple<std::string, int, int>;

TEST_F(PaymentsTest, NamesAreMatchedAsAPersonWouldAndNoLookAlikeIs) {
  const auto manchester =
      Import("manchester_childrens_provider_payments_2010_2018.csv", "manchester", "councils/man");
  std::printf(
      "Manchester, 2010-12 to 2018-12: %lld payments, %lld kept, %lld credit notes, %lld of "
      "known providers: %.2f\n",
      static_cast<long long>(rows_), static_cast<long long>(manchester.kept_payments()),
      static_cast<long long>(manchester.credit_notes()),
      static_cast<long long>(manchester.matched_payments()),
      static_cast<double>(manchester.matched_amount_micros()) / 1e6);
  EXPECT_EQ(rows_, 7519);
  EXPECT_EQ(rejected_, 0);
  EXPECT_EQ(manchester.kept_payments(), 7519);
  EXPECT_EQ(manchester.credit_notes(), 157);
  Judge(kManchesterNames, manchester, true);

  const auto lambeth = Import("lambeth_original_2012-06-payments.csv", "lambeth", "councils/lbh");
  std::printf("Lambeth, 2012-06: %lld payments, %lld kept, %lld of known providers\n",
              static_cast<long long>(rows_), static_cast<long long>(lambeth.kept_payments()),
              static_cast<long long>(lambeth.matched_payments()));
  EXPECT_EQ(rows_, 3131);  // 3,130 payments, and their total below them
  Judge(kLambethNames, lambeth, false);

  const double precision = static_cast<double>(right_) / static_cast<double>(automatic_);
  const double recall = static_cast<double>(found_) / static_cast<double>(providers_);
  std::printf(
      "%lld names looked up by hand, %lld of them of providers: %lld matched without help, "
      "%lld of them right; %lld matched or proposed\n"
      "precision of automatic matches %.3f, recall with proposals %.3f\n",
      static_cast<long long>(checked_), static_cast<long long>(providers_),
      static_cast<long long>(automatic_), static_cast<long long>(right_),
      static_cast<long long>(found_), precision, recall);
  EXPECT_GE(checked_, 150);
  EXPECT_GE(automatic_, 40);
  EXPECT_EQ(right_, automatic_);
  EXPECT_GE(recall, 0.95);
}

TEST_F(PaymentsTest, SpendByProviderAndQuarterIsThatOfTheFile) {
  const std::string name = "manchester_childrens_provider_payments_2010_2018.csv";
  const auto imported = Import(name, "manchester", "councils/man");
  std::map<std::string, std::string> provider_of;  // by key of the name, matched ones
  for (const v1::MatchedName& matched : imported.names()) {
    if (matched.match() == v1::MatchedName::PROPOSED) continue;
    provider_of[Key(matched.supplier_name())] = IdIn(matched.provider());
  }
  // The file once more, without the importer: `dd.mm.yyyy`, `-£1,250.00`.
  const Csv csv(ReadWhole(DataFolder() + "council_spend/" + name));
  std::map<Cell, std::pair<int64_t, int64_t>> truth;  // micros, payments
  for (size_t i = 0; i < csv.rows(); ++i) {
    const auto it = provider_of.find(Key(csv.at(i, "Supplier Name")));
    if (it == provider_of.end()) continue;
    const std::string& date = csv.at(i, "Invoice Payment Date");
    std::string amount = csv.at(i, "Net Amount");
    if (const size_t pound = amount.find("£"); pound != std::string::npos) {
      amount.erase(pound, std::string("£").size());
    }
    auto& cell =
        truth[{it->second, std::stoi(date.substr(6)), (std::stoi(date.substr(3, 2)) + 2) / 3}];
    cell.first += Micros(amount);
    ++cell.second;
  }
  std::map<Cell, std::pair<int64_t, int64_t>> shown;
  std::map<std::string, std::pair<int64_t, int64_t>> by_provider;
  for (const v1::SpendRow& row : Spend("councils/man")) {
    shown[{IdIn(row.provider()), row.quarter().year(), row.quarter().quarter()}] = {
        row.published_micros(), row.payments()};
    by_provider[IdIn(row.provider())].first += row.published_micros();
    by_provider[IdIn(row.provider())].second += row.payments();
  }
  EXPECT_EQ(shown, truth);
  std::printf("spend of Manchester with %zu providers in %zu cells of provider and quarter:\n",
              by_provider.size(), shown.size());
  for (const auto& [provider, spend] : by_provider) {
    std::printf("  %-48s %5lld payments %14.2f\n", provider.c_str(),
                static_cast<long long>(spend.second), static_cast<double>(spend.first) / 1e6);
    int line = 0;
    for (auto it = shown.lower_bound({provider, 0, 0});
         it != shown.end() && std::get<0>(it->first) == provider; ++it) {
      const auto& [who, year, quarter] = it->first;
      if (line != year) std::printf("%s    %d:", line == 0 ? "" : "\n", year);
      line = year;
      std::printf("  Q%d %.2f", quarter, static_cast<double>(it->second.first) / 1e6);
    }
    std::printf("\n");
  }
  EXPECT_GE(by_provider.size(), 15u);
}

}  // namespace
}  // namespace steelyard::acceptance
